from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.orders import notices
from komaq.orders.actions.move_order import move_order
from komaq.orders.actions.refusals import ReasonNeeded, VisitStepNotAllowed
from komaq.orders.actions.tell import tell_client, tell_technicians
from komaq.orders.choices import BUSY_STATES, VISIT_STEPS, WORK_VISITS, OrderStatus, VisitKind, VisitState
from komaq.orders.models import Assignment, ServiceOrder, Visit
from komaq.orders.queries.people import technicians_of
from komaq.orders.queries.steps import has_future_work, visit_steps_open_to

DROPPED = frozenset({VisitState.FAILED, VisitState.CANCELLED})
TO_BEGIN = frozenset({OrderStatus.SCHEDULED, OrderStatus.WAITING_PARTS, OrderStatus.PAUSED})
OVER = DROPPED | {VisitState.DONE}


@action
def step_visit(*, visit: Visit, to: str, by: User, reason: str = "", version: int | None = None) -> Visit:
    """Bring a visit a step further; its order follows. The same step twice changes nothing.

    Raises NotAllowed, Stale (when `version` is another), VisitStepNotAllowed, ReasonNeeded (failed and cancelled ask
    why).
    """
    order = lock(visit.order)
    visit = lock(visit)
    visit.order = order
    if version is not None and version != visit.version:
        raise Stale(visit)
    if visit.state == to and visit.assignments.filter(technician__person_id=by.person_id).exists():
        return visit
    require(to in VISIT_STEPS.get(visit.state, ()), else_=VisitStepNotAllowed())
    require(to in visit_steps_open_to(by, visit))
    require(to not in DROPPED or bool(reason.strip()), else_=ReasonNeeded())
    start = visit.state
    _write(visit, to, reason.strip())
    trail.record(
        "orders.visit_stepped",
        order,
        by=by,
        visibility="client",
        visit=visit.pk,
        visit_kind=visit.kind,
        **{"from": start, "to": to, "reason": visit.reason},
    )
    if to in DROPPED:
        tell_client(order, notices.visit_dropped, visit)
        tell_technicians(technicians_of(visit), notices.technician_freed, visit, starts_at=visit.starts_at)
    _let_order_follow(order, visit, by)
    return visit


def _write(visit: Visit, to: str, reason: str) -> None:
    now = clock.now()
    visit.state, visit.version = to, visit.version + 1
    if to in DROPPED:
        visit.reason = reason[:300]
    if to == VisitState.ON_SITE:
        visit.started_at = now
    if to in OVER:
        visit.ended_at = now
    visit.save()
    Assignment.objects.filter(visit=visit).update(is_busy=to in BUSY_STATES)
    if to == VisitState.DONE and visit.starts_at < now < visit.ends_at:
        Assignment.objects.filter(visit=visit).update(ends_at=now)


def _let_order_follow(order: ServiceOrder, visit: Visit, by: User) -> None:
    """Arriving begins the diagnosis or the work; without a visit ahead nothing is on schedule."""
    arrived = visit.state == VisitState.ON_SITE
    if arrived and visit.kind == VisitKind.DIAGNOSIS and order.status == OrderStatus.OPEN:
        move_order(order=order, to=OrderStatus.DIAGNOSING, by=by)
    elif arrived and visit.kind in WORK_VISITS and order.status in TO_BEGIN:
        move_order(order=order, to=OrderStatus.IN_PROGRESS, by=by)
    elif visit.state in DROPPED and order.status == OrderStatus.SCHEDULED and not has_future_work(order):
        move_order(order=order, to=OrderStatus.APPROVED, by=None)
