from komaq.orders.actions.absences import end_absence, record_absence
from komaq.orders.actions.ask_service import ask_service
from komaq.orders.actions.change_order import change_order
from komaq.orders.actions.close_order import accept_work, close_accepted_orders
from komaq.orders.actions.decide_request import accept_request, merge_request, reject_request, withdraw_request
from komaq.orders.actions.documents import add_document, add_note, add_request_document
from komaq.orders.actions.follow_parts import cover_order, cover_waiting, follow_freed
from komaq.orders.actions.move_order import move_order
from komaq.orders.actions.open_order import open_order
from komaq.orders.actions.plan_parts import (
    change_planned_part,
    drop_planned_part,
    plan_part,
    replace_planned_part,
    return_part,
    use_part,
)
from komaq.orders.actions.plan_visit import move_visit, plan_visit
from komaq.orders.actions.segments import add_segment, add_task, tick_task
from komaq.orders.actions.step_visit import step_visit

__all__ = [
    "accept_request",
    "accept_work",
    "add_document",
    "add_note",
    "add_request_document",
    "add_segment",
    "add_task",
    "ask_service",
    "change_order",
    "change_planned_part",
    "close_accepted_orders",
    "cover_order",
    "cover_waiting",
    "drop_planned_part",
    "end_absence",
    "follow_freed",
    "merge_request",
    "move_order",
    "move_visit",
    "open_order",
    "plan_part",
    "plan_visit",
    "record_absence",
    "reject_request",
    "replace_planned_part",
    "return_part",
    "step_visit",
    "tick_task",
    "use_part",
    "withdraw_request",
]
