"""States, kinds and the transition table of an order: data that pages, API, field app and reports read."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.accounts.choices import Role


class Priority(models.TextChoices):
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    MACHINE_DOWN = "machine_down", _("Machine down")


class RequestStatus(models.TextChoices):
    PENDING = "pending", pgettext_lazy("request", "Pending")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    REJECTED = "rejected", pgettext_lazy("request", "Rejected")
    MERGED = "merged", pgettext_lazy("request", "Merged")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


class OrderStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("order", "Open")
    DIAGNOSING = "diagnosing", pgettext_lazy("order", "In diagnosis")
    QUOTED = "quoted", pgettext_lazy("order", "Quoted")
    APPROVED = "approved", pgettext_lazy("order", "Approved")
    WAITING_PARTS = "waiting_parts", pgettext_lazy("order", "Waits for parts")
    SCHEDULED = "scheduled", pgettext_lazy("order", "Scheduled")
    IN_PROGRESS = "in_progress", pgettext_lazy("order", "In progress")
    PAUSED = "paused", pgettext_lazy("order", "Paused")
    COMPLETED = "completed", pgettext_lazy("order", "Completed")
    VERIFIED = "verified", pgettext_lazy("order", "Verified")
    CLOSED = "closed", pgettext_lazy("order", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class ClientStatus(models.TextChoices):
    """The four words a client expects."""

    PENDING = "pending", pgettext_lazy("client", "Pending")
    RUNNING = "running", pgettext_lazy("client", "Under way")
    DONE = "done", pgettext_lazy("client", "Done")
    REFUSED = "refused", pgettext_lazy("client", "Rejected / Cancelled")


_S = OrderStatus
FINAL = frozenset({_S.CLOSED, _S.CANCELLED})
LIVE = tuple(status for status in _S if status not in FINAL)
DIAGNOSED = frozenset({_S.OPEN, _S.DIAGNOSING, _S.QUOTED})
GOES_AHEAD = frozenset({_S.APPROVED, _S.WAITING_PARTS, _S.SCHEDULED, _S.IN_PROGRESS, _S.PAUSED})
"""Approved and not yet done: stock is kept for these orders as soon as it is free."""
NEEDS_PARTS = GOES_AHEAD | DIAGNOSED
"""What such an order needs may still be reserved; afterwards its work is done."""
CLIENT_WORDS: dict[str, ClientStatus] = {
    **dict.fromkeys((_S.OPEN, _S.DIAGNOSING, _S.QUOTED), ClientStatus.PENDING),
    **dict.fromkeys((_S.APPROVED, _S.WAITING_PARTS, _S.SCHEDULED, _S.IN_PROGRESS, _S.PAUSED), ClientStatus.RUNNING),
    **dict.fromkeys((_S.COMPLETED, _S.VERIFIED, _S.CLOSED), ClientStatus.DONE),
    _S.CANCELLED: ClientStatus.REFUSED,
    RequestStatus.PENDING: ClientStatus.PENDING,
    RequestStatus.ACCEPTED: ClientStatus.PENDING,
    RequestStatus.MERGED: ClientStatus.PENDING,
    RequestStatus.REJECTED: ClientStatus.REFUSED,
    RequestStatus.WITHDRAWN: ClientStatus.REFUSED,
}
PROGRESS = (
    (_S.OPEN, pgettext_lazy("order", "Received")),
    (_S.DIAGNOSING, pgettext_lazy("order", "Diagnosis")),
    (_S.QUOTED, pgettext_lazy("order", "Quoted")),
    (_S.APPROVED, pgettext_lazy("order", "Approved")),
    (_S.WAITING_PARTS, pgettext_lazy("order", "Parts")),
    (_S.SCHEDULED, pgettext_lazy("order", "Scheduled")),
    (_S.IN_PROGRESS, pgettext_lazy("order", "In progress")),
    (_S.COMPLETED, pgettext_lazy("order", "Completed")),
    (_S.VERIFIED, pgettext_lazy("order", "Verified")),
    (_S.CLOSED, pgettext_lazy("order", "Closed")),
)


class Actor(models.TextChoices):
    """Who may take a step: a role, or a relation to the order."""

    SUPERVISOR = "supervisor", _("Workshop supervisor")
    SALES = "sales", _("Sales")
    LOGISTICS = "logistics", _("Logistics")
    LEAD = "lead", _("Lead technician")
    DIAGNOSER = "diagnoser", _("Technician of a diagnosis visit")
    CLIENT = "client", _("Client with the power")
    SYSTEM = "system", _("Komaq itself")


ACTOR_ROLES: dict[str, frozenset[str]] = {
    Actor.SUPERVISOR: frozenset({Role.SUPERVISOR, Role.MANAGER}),
    Actor.SALES: frozenset({Role.SALES}),
    Actor.LOGISTICS: frozenset({Role.LOGISTICS}),
}


class Need(models.TextChoices):
    """What a step asks of the order itself; the actions check it."""

    FUTURE_REPAIR = "future_repair", _("a future repair visit with a lead")
    RETURN_VISIT = "return_visit", _("a return visit")
    NO_DONE_VISIT = "no_done_visit", _("no visit done yet")
    WITHIN_DAYS = "within_days", _("within 5 business days")
    PARTS_HERE = "parts_here", _("all its parts reserved")


class ApprovalGround(models.TextChoices):
    """Why no quote is needed."""

    WARRANTY = "warranty", _("Warranty")
    CONTRACT = "contract", _("Contract")
    PREVENTIVE = "preventive_plan", _("Preventive plan")
    CLIENT_AUTHORISED = "client_authorised", _("Client authorised it in writing")


class PauseReason(models.TextChoices):
    PARTS = "parts", _("Parts")
    WEATHER = "weather", _("Weather")
    ACCESS = "access", _("Access")
    CLIENT = "client", _("Client")
    QUOTE = "quote", _("Additional quote")


class Outcome(models.TextChoices):
    DONE = "done", pgettext_lazy("outcome", "Done")
    PARTIAL = "partial", pgettext_lazy("outcome", "Partly done")
    STOPPED = "stopped", pgettext_lazy("outcome", "Stopped")
    DIAGNOSIS_ONLY = "diagnosis_only", pgettext_lazy("outcome", "Diagnosis only")


@dataclass(frozen=True)
class Step:
    """One arrow of the table: who may take it and what it asks.

    `choices` are coded reasons the person picks from, `reason` asks for words. `guarded` steps depend on a room
    above; until that room registers its guard the person states the fact in words instead.
    """

    start: str
    end: str
    verb: str
    who: frozenset[str]
    needs: tuple[str, ...] = ()
    reason: bool = False
    choices: type[models.TextChoices] | None = None
    outcome: bool = False
    guarded: bool = False


def _steps(starts: tuple, end: str, verb: str, *who: str, **more: object) -> list[Step]:
    return [Step(start, end, verb, frozenset(who), **more) for start in starts]


_A = Actor
TRANSITIONS: tuple[Step, ...] = (
    *_steps((_S.OPEN,), _S.DIAGNOSING, _("Start the diagnosis"), _A.SUPERVISOR, _A.DIAGNOSER),
    *_steps((_S.OPEN, _S.DIAGNOSING), _S.QUOTED, _("Mark as quoted"), _A.SALES, _A.SUPERVISOR, guarded=True),
    *_steps((_S.QUOTED,), _S.APPROVED, _("Record the approval"), _A.SALES, guarded=True),
    *_steps((_S.QUOTED,), _S.DIAGNOSING, _("Back to diagnosis"), _A.SALES, _A.SUPERVISOR, _A.SYSTEM, reason=True),
    *_steps(
        (_S.OPEN, _S.DIAGNOSING),
        _S.APPROVED,
        _("Approve without a quote"),
        _A.SUPERVISOR,
        choices=ApprovalGround,
        reason=True,
    ),
    *_steps(
        (_S.OPEN, _S.DIAGNOSING, _S.QUOTED),
        _S.COMPLETED,
        _("Finish with the diagnosis"),
        _A.SUPERVISOR,
        guarded=True,
        outcome=True,
    ),
    *_steps(
        (_S.APPROVED, _S.SCHEDULED),
        _S.WAITING_PARTS,
        _("Wait for parts"),
        _A.SUPERVISOR,
        _A.LOGISTICS,
        _A.SYSTEM,
        reason=True,
    ),
    *_steps((_S.WAITING_PARTS,), _S.APPROVED, _("Parts are here"), _A.LOGISTICS, _A.SYSTEM, needs=(Need.PARTS_HERE,)),
    *_steps(
        (_S.WAITING_PARTS,),
        _S.SCHEDULED,
        _("Parts are here, keep the visit"),
        _A.LOGISTICS,
        _A.SYSTEM,
        needs=(Need.PARTS_HERE, Need.FUTURE_REPAIR),
    ),
    *_steps(
        (_S.APPROVED,),
        _S.SCHEDULED,
        _("Confirm the schedule"),
        _A.SUPERVISOR,
        _A.SYSTEM,
        needs=(Need.FUTURE_REPAIR,),
    ),
    *_steps((_S.SCHEDULED,), _S.APPROVED, _("Back to unscheduled"), _A.SYSTEM),
    *_steps((_S.SCHEDULED, _S.WAITING_PARTS), _S.IN_PROGRESS, _("Start the work"), _A.LEAD, _A.SUPERVISOR),
    *_steps((_S.IN_PROGRESS,), _S.PAUSED, _("Pause"), _A.LEAD, _A.SUPERVISOR, choices=PauseReason, reason=True),
    *_steps((_S.PAUSED,), _S.IN_PROGRESS, _("Go on"), _A.LEAD, _A.SUPERVISOR),
    *_steps((_S.PAUSED,), _S.SCHEDULED, _("Return visit booked"), _A.LEAD, _A.SUPERVISOR, needs=(Need.RETURN_VISIT,)),
    *_steps(
        (_S.IN_PROGRESS, _S.PAUSED),
        _S.COMPLETED,
        _("Finish the work"),
        _A.LEAD,
        _A.SUPERVISOR,
        guarded=True,
        outcome=True,
    ),
    *_steps((_S.COMPLETED,), _S.IN_PROGRESS, _("Return to the technician"), _A.SUPERVISOR, reason=True),
    *_steps((_S.COMPLETED,), _S.VERIFIED, _("Pass the quality review"), _A.SUPERVISOR, guarded=True),
    *_steps(
        (_S.VERIFIED,),
        _S.IN_PROGRESS,
        _("The client rejects the work"),
        _A.SUPERVISOR,
        needs=(Need.WITHIN_DAYS,),
        reason=True,
    ),
    *_steps((_S.VERIFIED,), _S.CLOSED, _("Close"), _A.SUPERVISOR, _A.CLIENT, _A.SYSTEM),
    *_steps(
        (_S.OPEN, _S.QUOTED),
        _S.CANCELLED,
        _("Cancel the order"),
        _A.CLIENT,
        _A.SUPERVISOR,
        needs=(Need.NO_DONE_VISIT,),
        reason=True,
    ),
    *_steps(
        (_S.DIAGNOSING, _S.APPROVED, _S.WAITING_PARTS, _S.SCHEDULED),
        _S.CANCELLED,
        _("Cancel the order"),
        _A.SUPERVISOR,
        needs=(Need.NO_DONE_VISIT,),
        reason=True,
    ),
)
STEPS: dict[tuple[str, str], Step] = {(step.start, step.end): step for step in TRANSITIONS}
DAYS_TO_REJECT = 5


class Payer(models.TextChoices):
    CLIENT = "client", _("Client")
    WARRANTY = "warranty", _("Warranty")
    GOODWILL = "goodwill", _("Goodwill")
    INTERNAL = "internal", _("Internal")


class BillingStatus(models.TextChoices):
    NOT_BILLABLE = "not_billable", _("Not billable")
    UNBILLED = "unbilled", _("Not invoiced")
    PARTIAL = "partial", _("Partly invoiced")
    BILLED = "billed", _("Invoiced")


class MachineSystem(models.TextChoices):
    """Systems of a machine, after ISO 14224 in own words."""

    GENERAL = "general", _("General")
    ENGINE = "engine", _("Engine")
    FUEL = "fuel", _("Fuel")
    COOLING = "cooling", _("Cooling")
    ELECTRICAL = "electrical", _("Electrical 24 V")
    HYDRAULIC = "hydraulic", _("Hydraulics")
    TRANSMISSION = "transmission", _("Transmission")
    DRIVE = "drive", _("Axles and final drives")
    BRAKES = "brakes", _("Brakes")
    STEERING = "steering", _("Steering")
    UNDERCARRIAGE = "undercarriage", _("Undercarriage")
    TYRES = "tyres", _("Tyres and rims")
    IMPLEMENT = "implement", _("Boom, stick and bucket")
    STRUCTURE = "structure", _("Structure")
    CAB = "cab", _("Cab and air conditioning")


class VisitKind(models.TextChoices):
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    REPAIR = "repair", _("Repair")
    FOLLOW_UP = "follow_up", _("Follow-up")
    DELIVERY = "delivery", _("Delivery")


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    TRAVELLING = "travelling", pgettext_lazy("visit", "On the way")
    ON_SITE = "on_site", pgettext_lazy("visit", "On site")
    DONE = "done", pgettext_lazy("visit", "Done")
    FAILED = "failed", pgettext_lazy("visit", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


VISIT_STEPS: dict[str, tuple[str, ...]] = {
    VisitState.PLANNED: (VisitState.TRAVELLING, VisitState.ON_SITE, VisitState.FAILED, VisitState.CANCELLED),
    VisitState.TRAVELLING: (VisitState.ON_SITE, VisitState.FAILED),
    VisitState.ON_SITE: (VisitState.DONE, VisitState.FAILED),
}
WORK_VISITS = frozenset({VisitKind.REPAIR, VisitKind.FOLLOW_UP})
BUSY_STATES = frozenset({VisitState.PLANNED, VisitState.TRAVELLING, VisitState.ON_SITE, VisitState.DONE})
RESPONSE_HOURS = {Priority.MACHINE_DOWN: 2, Priority.HIGH: 8, Priority.NORMAL: 24}
REPAIR_HOURS = {Priority.MACHINE_DOWN: 48, Priority.HIGH: 120, Priority.NORMAL: 240}
