"""What is kept in stock for an order: reserved when it goes ahead, let go when it ends."""

from komaq.accounts.models import User
from komaq.core.action import lock
from komaq.orders.events import parts_changed
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import PlannedLine, planned_parts_of
from komaq.parts.actions import free_reservations, reserve_stock
from komaq.parts.actions.posting import hold
from komaq.parts.models import Part


def lock_with_parts(order: ServiceOrder, *parts: Part) -> ServiceOrder:
    """The order locked after the stock of its parts: stock that arrives takes them in the same order."""
    planned = PlannedPart.objects.filter(segment__order=order, dropped_at=None).select_related("part")
    hold([*(each.part for each in planned), *parts])
    return lock(order)


def reserve_for(order: ServiceOrder, by: User | None, lines: list[PlannedLine] | None = None) -> bool:
    """Reserve what is free of what the order needs, or of some `lines` of it; whether anything was."""
    made = []
    for line in planned_parts_of(order) if lines is None else lines:
        if line.unreserved:
            wish = {"quantity": line.unreserved, "need_by": line.planned.need_by}
            made += reserve_stock(part=line.part, source=line.planned, by=by, **wish)
    return bool(made)


def let_go(order: ServiceOrder, by: User | None) -> None:
    """Free all that is still reserved for an order that ended; others who wait get it at once (PRT-2)."""
    planned = list(PlannedPart.objects.filter(segment__order=order, dropped_at=None).order_by("part_id"))
    for each in planned:
        free_reservations(source=each, by=by)
    if planned:
        parts_changed.send(ServiceOrder, order=order, by=by)
