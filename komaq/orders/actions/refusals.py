"""The business facts that stand in the way of a request, an order or a visit."""

import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from komaq.accounts.models import Employee
from komaq.core import clock
from komaq.core.refusals import BadInput, Refusal
from komaq.orders.choices import OrderStatus
from komaq.orders.models import ServiceOrder, ServiceRequest


def span(starts_at: datetime.datetime, ends_at: datetime.datetime) -> str:
    """A span of time in words: 28/11/2026 07:00 – 17:00."""
    start, end = starts_at.astimezone(clock.LIMA), ends_at.astimezone(clock.LIMA)
    until = date_format(end, "TIME_FORMAT" if start.date() == end.date() else "SHORT_DATETIME_FORMAT")
    return f"{date_format(start, 'SHORT_DATETIME_FORMAT')} – {until}"


class NothingDescribed(BadInput):
    """Neither a problem nor a word about it."""

    message = gettext_lazy("Choose a problem or describe it in your words.")
    field = "description"


class MachineUnnamed(BadInput):
    """Neither one of the client's machines nor a description of it."""

    message = gettext_lazy("Choose a machine or describe it.")
    field = "machine"


class PlaceNeeded(BadInput):
    """Nobody could find the machine: it has no site and no place was named."""

    message = gettext_lazy("Choose a site or write where the machine is.")
    field = "place_described"


class HalfAPoint(BadInput):
    """A latitude without longitude, or the other way round."""

    message = gettext_lazy("A point needs both latitude and longitude.")


class NotOfCustomer(BadInput):
    """The machine, site or contact belongs to another client."""

    message = gettext_lazy("This does not belong to the client.")


class DayPassed(BadInput):
    """A wished day that is over."""

    message = gettext_lazy("That day has passed: choose today or a later one.")


class DuePassed(BadInput):
    """A promise for a moment that is over."""

    message = gettext_lazy("That moment has passed: choose a later one.")
    field = "due_at"


class RequestNotPending(Refusal):
    """Somebody decided the request before."""

    def __init__(self, request: ServiceRequest) -> None:
        super().__init__(
            _("%(code)s is no longer pending: it is %(status)s.")
            % {"code": request.code, "status": request.get_status_display().lower()}
        )


class MachineNeeded(BadInput):
    """The request has only words about the machine; an order needs the machine itself."""

    message = gettext_lazy("Choose or register the machine: an order is about one machine.")
    field = "machine"


class MachineNamed(Refusal):
    """The request is about one of the client's machines already; another cannot take its place."""

    message = gettext_lazy("The request already names its machine.")
    field = "machine"


class NotThisMachine(BadInput):
    """Rework makes good what was done on the same machine."""

    message = gettext_lazy("Rework is about the machine of the earlier order.")
    field = "rework_of"


class ReasonNeeded(BadInput):
    """A decision that asks for a reason came without."""

    message = gettext_lazy("Say why: the reason stays in the history.")
    field = "reason"


class ChoiceNeeded(BadInput):
    """The step asks to pick a coded reason."""

    message = gettext_lazy("Choose one of the reasons.")
    field = "choice"


class OutcomeNeeded(BadInput):
    """Finishing asks how the work ended."""

    message = gettext_lazy("Say how the work ended.")
    field = "outcome"


class CannotMerge(Refusal):
    """The order is of another client or machine, or is over."""

    message = gettext_lazy("The request can only join a live order of the same client and machine.")
    field = "order"


class OrderIsFinal(Refusal):
    """The order is closed or cancelled."""

    def __init__(self, order: ServiceOrder) -> None:
        super().__init__(
            _("%(code)s is %(status)s and takes no more changes.")
            % {"code": order.code, "status": order.get_status_display().lower()}
        )


class StepNotAllowed(Refusal):
    """The transition table has no such step."""

    def __init__(self, order: ServiceOrder, to: str) -> None:
        labels = dict(OrderStatus.choices)
        super().__init__(
            _("%(code)s cannot go from “%(start)s” to “%(end)s”.")
            % {"code": order.code, "start": order.get_status_display(), "end": labels.get(to, to)}
        )


class StatusMoved(Refusal):
    """Somebody moved the order meanwhile. `current` is the order as it stands now."""

    def __init__(self, current: ServiceOrder) -> None:
        self.current = current
        super().__init__(
            _("Somebody moved %(code)s meanwhile: it is now “%(status)s”.")
            % {"code": current.code, "status": current.get_status_display()}
        )


class VisitNeeded(Refusal):
    """The step needs a future repair visit."""

    message = gettext_lazy("First plan a repair visit with a lead technician.")


class PartsMissing(Refusal):
    """The parts an order waits for are not all reserved for it."""

    message = gettext_lazy("Not all its parts are here yet: what is missing stands under “Parts”.")


class PartClosed(BadInput):
    """The catalogue no longer offers the part."""

    message = gettext_lazy("This part is no longer used: choose what replaces it.")
    field = "part"


class PartDropped(Refusal):
    """Somebody took the part off the plan."""

    message = gettext_lazy("This part is no longer planned for the order.")


class PartWasUsed(Refusal):
    """What was used and not given back stays on the order."""

    message = gettext_lazy(
        "Some of it was used, so it stays on the order: lower the quantity, or give back first what was not needed."
    )


class WorkIsOver(Refusal):
    """Work that is done needs no more parts."""

    message = gettext_lazy("The work is done: nothing more is reserved for it.")


class UsedMore(Refusal):
    """The plan cannot fall below what was used."""

    field = "quantity"

    def __init__(self, used: Decimal) -> None:
        super().__init__(_("%(used)s were used already.") % {"used": f"{used.normalize():f}"})


class WorkWasDone(Refusal):
    """Nothing can be cancelled once somebody has been there."""

    message = gettext_lazy("A visit was already done: finish the order with the diagnosis instead of cancelling it.")


class TooLateToReject(Refusal):
    """The days to reject verified work are over."""

    message = gettext_lazy("The 5 business days to reject the work are over: open a new order as rework.")


class BadSpan(BadInput):
    """A visit that ends before it starts, or lasts longer than any visit does."""

    message = gettext_lazy("The end comes after the start, at most 31 days later.")
    field = "ends_at"


class VisitPassed(BadInput):
    """A visit planned into the past."""

    message = gettext_lazy("That time has passed: choose a later one.")
    field = "starts_at"


class LeadNeeded(BadInput):
    """Every visit has one lead among its technicians."""

    message = gettext_lazy("Choose the technicians and which of them leads.")
    field = "lead"


class NotATechnician(BadInput):
    """Somebody who is no technician on that day."""

    def __init__(self, employee: Employee, field: str = "technicians") -> None:
        super().__init__(_("%(name)s is not a technician on that day.") % {"name": employee.name}, field=field)


class TechnicianBusy(Refusal):
    """The technician has another visit then (ORD-3)."""

    def __init__(self, name: str, code: str = "", when: str = "") -> None:
        message = _("%(name)s already has another visit at that time.") % {"name": name}
        if code:
            message = _("%(name)s cannot: has %(code)s, %(span)s.") % {"name": name, "code": code, "span": when}
        super().__init__(message, field="technicians")


class TechnicianAbsent(Refusal):
    """The technician is away then (ORD-3)."""

    def __init__(self, name: str, reason: str, when: str) -> None:
        super().__init__(
            _("%(name)s cannot: %(reason)s, %(span)s.") % {"name": name, "reason": reason, "span": when},
            field="technicians",
        )


class CertificationMissing(Refusal):
    """The site demands a certification the technician does not have valid then; a reason overrides it (ORD-3)."""

    def __init__(self, name: str, certification: str, site: str, when: str) -> None:
        super().__init__(
            _("%(name)s has no valid “%(certification)s” for %(span)s, which %(site)s demands. Say why you send them.")
            % {"name": name, "certification": certification, "site": site, "span": when},
            field="override_reason",
        )


class BadAbsence(BadInput):
    """An absence that ends before it starts, or that is over."""

    message = gettext_lazy("The end comes after the start and is still ahead.")
    field = "ends_at"


class AbsenceReasonNeeded(BadInput):
    """An absence without a word about it."""

    message = gettext_lazy("Say why, in a word: vacation, training, leave.")
    field = "reason"


class AlreadyAbsent(Refusal):
    """The technician is already away in that time."""

    def __init__(self, name: str, when: str) -> None:
        super().__init__(_("%(name)s is already away: %(span)s.") % {"name": name, "span": when}, field="technician")


class AbsenceMeetsVisits(Refusal):
    """The technician is to be somewhere in that time: move those visits first."""

    def __init__(self, name: str, visits: str) -> None:
        super().__init__(
            _("%(name)s has visits in that time; move them first: %(visits)s.") % {"name": name, "visits": visits},
            field="technician",
        )


class AbsenceOver(Refusal):
    """An absence that has ended by itself."""

    message = gettext_lazy("That absence is already over.")


class VisitStepNotAllowed(Refusal):
    """The visit cannot go there from where it is."""

    message = gettext_lazy("The visit can no longer take that step: look at how it stands now.")


class VisitNotPlanned(Refusal):
    """Only a planned visit can be moved."""

    message = gettext_lazy("Only a planned visit can be moved; this one has begun or is over.")


class TitleNeeded(BadInput):
    """Something without a name."""

    message = gettext_lazy("Give it a title.")
    field = "title"
