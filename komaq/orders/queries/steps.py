"""What may happen next with an order, by whom, and how far it has come."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.models import Event
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
from komaq.orders.models import ServiceOrder, Visit
from komaq.orders.queries.order import visits_of
from komaq.orders.queries.parts import PlannedLine, planned_parts_of

MOVED = "orders.status_changed"
AHEAD = frozenset({VisitState.PLANNED, VisitState.TRAVELLING})


def actors_for(user: User | None, order: ServiceOrder, visits: list[Visit] | None = None) -> frozenset[str]:
    """The parts a person plays in an order: by role, by its visits, as its client. None is the product itself.

    `visits` are the order's, if they were read before; so below.
    """
    actors = rules.parts_of(user)
    if user is None:
        return frozenset(actors)
    if rules.is_of_client(user, order.customer_id, order.site_id):
        actors.add(Actor.CLIENT)
    for visit in visits_of(order) if visits is None else visits:
        mine = [one for one in visit.assignments.all() if one.technician.person_id == user.person_id]
        if not mine or visit.state not in BUSY_STATES:
            continue
        if visit.kind == VisitKind.DIAGNOSIS:
            actors.add(Actor.DIAGNOSER)
        elif visit.kind in WORK_VISITS and any(one.is_lead for one in mine):
            actors.add(Actor.LEAD)
    return frozenset(actors)


def next_work(visits: Iterable[Visit]) -> Visit | None:
    """The first repair visit with a lead that still stands ahead; visits as `visits_of` gives them."""
    standing = (
        visit
        for visit in visits
        if visit.kind in WORK_VISITS
        and visit.state in AHEAD
        and visit.ends_at > clock.now()
        and any(one.is_lead for one in visit.assignments.all())
    )
    return next(standing, None)


def has_future_work(order: ServiceOrder, visits: list[Visit] | None = None) -> bool:
    """Whether a repair visit with a lead still stands ahead."""
    return next_work(visits_of(order) if visits is None else visits) is not None


def is_met(
    need: str, order: ServiceOrder, visits: list[Visit] | None = None, parts: list[PlannedLine] | None = None
) -> bool:
    """Whether the order itself is ready for a step that has this need; `parts` are those planned, if read before."""
    if need == Need.PARTS_HERE:
        return not any(line.missing for line in (planned_parts_of(order) if parts is None else parts))
    visits = visits_of(order) if visits is None else visits
    if need in {Need.FUTURE_REPAIR, Need.RETURN_VISIT}:
        return has_future_work(order, visits)
    if need == Need.NO_DONE_VISIT:
        return all(visit.state != VisitState.DONE for visit in visits)
    if need == Need.WITHIN_DAYS:
        return clock.today() <= rules.last_day_to_reject(order.verified_at)
    return True


def steps_open_to(
    user: User, order: ServiceOrder, visits: list[Visit] | None = None, parts: list[PlannedLine] | None = None
) -> list[Step]:
    """The steps this person may take now: the buttons of the order's page."""
    ahead = [step for step in TRANSITIONS if step.start == order.status]
    if not ahead:
        return []
    visits = visits_of(order) if visits is None else visits
    actors = actors_for(user, order, visits)
    mine = [step for step in ahead if rules.may_take(step, actors)]
    needs = {need for step in mine for need in step.needs}
    met = {need for need in needs if is_met(need, order, visits, parts)}
    return [step for step in mine if met.issuperset(step.needs)]


def visit_steps_open_to(user: User, visit: Visit) -> tuple[str, ...]:
    """The states this person may bring a visit to now."""
    leads = any(one.is_lead and one.technician.person_id == user.person_id for one in visit.assignments.all())
    return rules.visit_steps(visit, plans=rules.can_plan_work(user), leads=leads)


def progress_of(order: ServiceOrder, events: list[Event] | None = None) -> list[dict]:
    """The line of life: what was passed and when, where it stands, what lies ahead. Skipped steps are left out.

    `events` are those of the order, newest first, if they were read before.
    """
    reached = _reached(order, _moves_of(order) if events is None else events[::-1])
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


def was_moved_by_hand(order: ServiceOrder) -> bool:
    """Whether a person, not the product, brought the order to where it stands."""
    last = _moves_of(order).last()
    return last is not None and last.actor_id is not None and last.payload.data.get("to") == order.status


def _moves_of(order: ServiceOrder) -> QuerySet[Event]:
    return trail.history(order).filter(kind=MOVED)


def _reached(order: ServiceOrder, events: Iterable[Event]) -> dict[str, datetime.datetime]:
    """When the order last came into each status."""
    moves = [(event.payload.data.get("to"), event.at) for event in events if event.kind == MOVED]
    moved = {to: at for to, at in moves if to}
    return {OrderStatus.OPEN: order.created_at, **moved, order.status: order.status_since}
