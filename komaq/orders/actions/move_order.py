"""ORD-1: the one door through which an order's status changes."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from komaq.accounts.models import Person, User
from komaq.comms.actions import post
from komaq.core import clock, registry, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Refusal, Stale, require
from komaq.orders import notices, rules
from komaq.orders.actions.keep_parts import let_go, lock_with_parts, reserve_for
from komaq.orders.actions.refusals import (
    ChoiceNeeded,
    OutcomeNeeded,
    PartsMissing,
    ReasonNeeded,
    StatusMoved,
    StepNotAllowed,
    TooLateToReject,
    VisitNeeded,
    WorkWasDone,
)
from komaq.orders.actions.tell import tell_client, tell_technicians
from komaq.orders.choices import (
    FINAL,
    GOES_AHEAD,
    STEPS,
    WORK_VISITS,
    ApprovalGround,
    Need,
    OrderStatus,
    Outcome,
    Step,
    VisitKind,
    VisitState,
)
from komaq.orders.events import parts_changed
from komaq.orders.models import Assignment, ServiceOrder, Visit
from komaq.orders.queries.parts import PlannedLine, planned_parts_of
from komaq.orders.queries.people import technicians_of
from komaq.orders.queries.steps import actors_for, has_future_work, is_met

_S = OrderStatus
UNMET: dict[str, type[Refusal]] = {
    Need.FUTURE_REPAIR: VisitNeeded,
    Need.RETURN_VISIT: VisitNeeded,
    Need.NO_DONE_VISIT: WorkWasDone,
    Need.WITHIN_DAYS: TooLateToReject,
    Need.PARTS_HERE: PartsMissing,
}
BEGUN = frozenset({VisitState.TRAVELLING, VisitState.ON_SITE})
READY = frozenset({_S.APPROVED, _S.SCHEDULED})
REACHED_AT = {_S.COMPLETED: "completed_at", _S.VERIFIED: "verified_at", _S.CLOSED: "closed_at"}


@action
def move_order(
    *,
    order: ServiceOrder,
    to: str,
    by: User | None,
    reason: str = "",
    choice: str = "",
    outcome: str = "",
    version: int | None = None,
) -> ServiceOrder:
    """Take one step of the transition table and what follows from it. `by` None is the product itself.

    Raises Stale, StatusMoved, StepNotAllowed, NotAllowed, ReasonNeeded, ChoiceNeeded, OutcomeNeeded, VisitNeeded,
    WorkWasDone, TooLateToReject, PartsMissing, and whatever a guard of a room above refuses.
    """
    seen = order.status
    order = lock_with_parts(order) if _touches_stock(seen, to) else lock(order)
    if version is not None and version != order.version:
        raise Stale(order)
    require(order.status == seen, else_=StatusMoved(order))
    step = STEPS.get((order.status, to))
    if step is None:
        raise StatusMoved(order) if order.status == to else StepNotAllowed(order, to)
    require(rules.may_take(step, actors_for(by, order)))
    outcome, choice = _checked_outcome(step, outcome), choice if step.choices else ""
    _check_words(step, reason=reason.strip(), choice=choice, outcome=outcome, by=by)
    for need in step.needs:
        require(is_met(need, order), else_=UNMET.get(need, Refusal)())
    registry.ask_guards(f"orders.transition:{to}", order)
    _write(order, step, choice=choice, outcome=outcome)
    trail.record(
        "orders.status_changed",
        order,
        by=by,
        visibility="client",
        **{"from": step.start, "to": step.end, "reason": reason.strip(), "choice": choice, "outcome": outcome},
    )
    return _follow_up(order, step, reason.strip(), by)


def _touches_stock(start: str, end: str) -> bool:
    """Whether a step reserves parts, lets them go or tells rooms above what is needed no more."""
    return end in FINAL or end == _S.COMPLETED or _begins(start, end)


def _begins(start: str, end: str) -> bool:
    return end in GOES_AHEAD and start not in GOES_AHEAD


def _checked_outcome(step: Step, outcome: str) -> str:
    """How the work ended; a diagnosis can end in one way only."""
    allowed = rules.outcomes_for(step)
    if len(allowed) == 1 and not outcome:
        return allowed[0]
    require(not allowed or outcome in allowed, else_=OutcomeNeeded())
    return outcome if allowed else ""


def _check_words(step: Step, *, reason: str, choice: str, outcome: str, by: User | None) -> None:
    if step.choices and choice not in set(step.choices):
        raise ChoiceNeeded
    stated = step.reason or outcome == Outcome.STOPPED or (by is not None and rules.asks_reason(step))
    require(bool(reason) or not stated, else_=ReasonNeeded())


def _write(order: ServiceOrder, step: Step, *, choice: str, outcome: str) -> None:
    """Change the row as long as it still has the status the step starts from."""
    now = clock.now()
    values: dict[str, object] = {"status": step.end, "status_since": now, "pause_reason": ""}
    if step.choices is ApprovalGround:
        values["approval_ground"] = choice
    elif step.choices:
        values["pause_reason"] = choice
    if step.outcome:
        values["outcome"] = outcome
    if step.end in REACHED_AT:
        values[REACHED_AT[step.end]] = now
    if step.start in {_S.COMPLETED, _S.VERIFIED} and step.end == _S.IN_PROGRESS:
        values |= {"completed_at": None, "verified_at": None, "outcome": ""}
    moved = ServiceOrder.objects.filter(pk=order.pk, status=step.start).update(version=F("version") + 1, **values)
    order.refresh_from_db()
    require(moved == 1, else_=StatusMoved(order))


def _follow_up(order: ServiceOrder, step: Step, reason: str, by: User | None) -> ServiceOrder:
    """What a step brings with it: visits and parts freed, people told, and the step that comes by itself."""
    if step.end == _S.CANCELLED:
        standing = order.visits.filter(state__in={VisitState.PLANNED, *BEGUN})
        _free_visits(standing, reason or _("The order was cancelled."))
    if step.end == _S.COMPLETED:
        ahead = order.visits.filter(state=VisitState.PLANNED, starts_at__gt=clock.now())
        _free_visits(ahead.exclude(kind=VisitKind.DELIVERY), _("The work is already finished."))
    if notices.is_news(step.start, step.end):
        tell_client(order, notices.order_moved, order, start=step.start, reason=reason)
    if step.end == _S.WAITING_PARTS or (step.start == _S.WAITING_PARTS and step.end in READY):
        _tell_workshop(order, reason)
    return _let_parts_follow(order, step, by)


def _let_parts_follow(order: ServiceOrder, step: Step, by: User | None) -> ServiceOrder:
    """Parts are kept for what goes ahead and let go at the end; what lacks some waits, else a visit booked stands."""
    if step.end in FINAL:
        let_go(order, by)
    begins, done = _begins(step.start, step.end), step.end == _S.COMPLETED
    if begins:
        reserve_for(order, by)
    lines = planned_parts_of(order) if begins or done or step.end in READY else []
    missing = [line for line in lines if line.missing]
    if step.end in READY and missing:
        order = move_order(order=order, to=_S.WAITING_PARTS, by=None, reason=missing_in_words(missing))
    elif step.end == _S.APPROVED and step.start != _S.SCHEDULED and has_future_work(order):
        order = move_order(order=order, to=_S.SCHEDULED, by=None)
    if lines and (begins or done):
        parts_changed.send(ServiceOrder, order=order, by=by)
    return order


def missing_in_words(lines: list[PlannedLine]) -> str:
    """Why an order waits, for its history."""
    return _("Missing: %(parts)s.") % {"parts": ", ".join(line.part.label for line in lines)}


def _tell_workshop(order: ServiceOrder, reason: str) -> None:
    """Whoever goes to work there, and who planned it, hears that parts are missing or here."""
    ahead = order.visits.filter(state=VisitState.PLANNED, kind__in=WORK_VISITS, ends_at__gt=clock.now())
    told: dict[int, tuple[Person, str]] = {}
    for visit in ahead.select_related("created_by__person"):
        planner = visit.created_by
        going = {each.person_id: (each.person, notices.field_path(order)) for each in technicians_of(visit)}
        planned_by = {planner.person_id: (planner.person, order.get_absolute_url())} if planner else {}
        told |= planned_by | going
    for person, path in told.values():
        post(notices.parts_for_work(order, person, path=path, reason=reason))


def _free_visits(visits: QuerySet[Visit], reason: str) -> None:
    """Send nobody where nothing is left to do: planned visits are cancelled, begun ones failed, technicians free.

    A finished order keeps its delivery: the machine still has to go home.
    """
    for visit in visits:
        visit.state = VisitState.FAILED if visit.state in BEGUN else VisitState.CANCELLED
        visit.reason, visit.ended_at = reason[:300], clock.now()
        visit.version += 1
        visit.save()
        Assignment.objects.filter(visit=visit).update(is_busy=False)
        tell_technicians(technicians_of(visit), notices.technician_freed, visit, starts_at=visit.starts_at)
