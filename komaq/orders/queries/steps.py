"""What may happen next with an order, by whom, and how far it has come."""

import datetime

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.models import Event
from komaq.core.trail import kind_of
from komaq.orders import rules
from komaq.orders.choices import (
    BUSY_STATES,
    PROGRESS,
    TRANSITIONS,
    WORK_VISITS,
    Actor,
    Need,
    OrderStatus,
    Step,
    VisitKind,
    VisitState,
)
from komaq.orders.models import Assignment, ServiceOrder, Visit


def actors_for(user: User | None, order: ServiceOrder) -> frozenset[str]:
    """The parts a person plays in an order: by role, by its visits, as its client. None is the product itself."""
    actors = rules.parts_of(user)
    if user is None:
        return frozenset(actors)
    if rules.is_of_client(user, order.customer_id, order.site_id):
        actors.add(Actor.CLIENT)
    sent = Assignment.objects.filter(visit__order=order, technician__person_id=user.person_id)
    for kind, is_lead in sent.filter(visit__state__in=BUSY_STATES).values_list("visit__kind", "is_lead"):
        if kind == VisitKind.DIAGNOSIS:
            actors.add(Actor.DIAGNOSER)
        elif is_lead and kind in WORK_VISITS:
            actors.add(Actor.LEAD)
    return frozenset(actors)


def has_future_work(order: ServiceOrder) -> bool:
    """Whether a repair visit with a lead still stands ahead."""
    return order.visits.filter(
        kind__in=WORK_VISITS, state=VisitState.PLANNED, ends_at__gt=clock.now(), assignments__is_lead=True
    ).exists()


def is_met(need: str, order: ServiceOrder) -> bool:
    """Whether the order itself is ready for a step that has this need."""
    if need in {Need.FUTURE_REPAIR, Need.RETURN_VISIT}:
        return has_future_work(order)
    if need == Need.NO_DONE_VISIT:
        return not order.visits.filter(state=VisitState.DONE).exists()
    if need == Need.WITHIN_DAYS:
        return clock.today() <= rules.last_day_to_reject(order.verified_at)
    return True


def steps_open_to(user: User, order: ServiceOrder) -> list[Step]:
    """The steps this person may take now: the buttons of the order's page."""
    ahead = [step for step in TRANSITIONS if step.start == order.status]
    if not ahead:
        return []
    actors = actors_for(user, order)
    mine = [step for step in ahead if rules.may_take(step, actors)]
    met = {need: is_met(need, order) for need in {step.need for step in mine}}
    return [step for step in mine if met[step.need]]


def visit_steps_open_to(user: User, visit: Visit) -> tuple[str, ...]:
    """The states this person may bring a visit to now."""
    leads = visit.assignments.filter(is_lead=True, technician__person_id=user.person_id).exists()
    return rules.visit_steps(visit, plans=rules.can_plan_work(user), leads=leads)


def progress_of(order: ServiceOrder) -> list[dict]:
    """The line of life: what was passed and when, where it stands, what lies ahead. Skipped steps are left out."""
    reached = _reached(order)
    line = [status for status, _label in PROGRESS]
    status = OrderStatus.IN_PROGRESS if order.status == OrderStatus.PAUSED else order.status
    here = line.index(status) if status in line else max(line.index(each) for each in reached if each in line)
    progress = []
    for place, (each, label) in enumerate(PROGRESS):
        state = "done" if place < here else "now" if place == here else "ahead"
        if state == "done" and each not in reached:
            continue
        if order.status == OrderStatus.CANCELLED:
            if state == "ahead":
                break
            state = "done"
        if order.status == OrderStatus.CLOSED:
            state = "done"
        progress.append({"label": label, "state": state, "at": reached.get(each) if state != "ahead" else None})
    return progress


def _reached(order: ServiceOrder) -> dict[str, datetime.datetime]:
    """When the order last came into each status; one query."""
    events = Event.objects.filter(
        kind="orders.status_changed", subject_kind=kind_of(order), subject_id=str(order.pk)
    ).order_by("number")
    moved = {to: at for to, at in events.values_list("payload__data__to", "at") if to}
    return {OrderStatus.OPEN: order.created_at, **moved, order.status: order.status_since}
