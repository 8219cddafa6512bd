"""What stands in the way of a purchase order, a receipt or a claim."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from komaq.core.refusals import BadInput, Refusal
from komaq.supply.models import PartsNeed, PurchaseLine, PurchaseOrder


class NothingToBuy(BadInput):
    message = gettext_lazy("Add at least one part.")
    field = "lines"


class PartTwice(BadInput):
    message = gettext_lazy("Each part stands once: add the quantities up.")
    field = "lines"


class TooManyLines(BadInput):
    message = gettext_lazy("That is too much for one order: make two.")
    field = "lines"


class BadPrice(BadInput):
    message = gettext_lazy("Write a price per unit without tax, of zero or more.")
    field = "price"


class SupplierClosed(Refusal):
    message = gettext_lazy("We no longer buy from this supplier.")
    field = "supplier"


class PlaceClosed(Refusal):
    message = gettext_lazy("This warehouse is closed.")
    field = "deliver_to"


class NeedTaken(Refusal):
    """Somebody bought it meanwhile, or nobody needs it any more."""

    message = gettext_lazy("One of these requirements was ordered or dropped meanwhile. Look at the list again.")
    field = "lines"


class NeedFollows(Refusal):
    """What an order or a minimum asks for ends with it, never by hand: who lacks the part would be forgotten."""

    def __init__(self, need: PartsNeed) -> None:
        words = _("%(about)s needs it: change what the order plans.") if need.about else _("Change the part’s minimum.")
        super().__init__(words % {"about": need.about})


class NeedIsOrdered(Refusal):
    """It is being bought."""

    def __init__(self, need: PartsNeed) -> None:
        words = _("%(code)s buys it: change that order first.")
        super().__init__(words % {"code": need.purchase_line.purchase.code})


class PurchaseMoved(Refusal):
    """Somebody took a step with the order while the person looked at it."""

    def __init__(self, purchase: PurchaseOrder) -> None:
        words = _("%(code)s is now: %(state)s.")
        super().__init__(words % {"code": purchase.code, "state": purchase.get_state_display()})


class OwnOrder(Refusal):
    """Whoever asks for the money does not grant it too."""

    message = gettext_lazy("Whoever wrote the order does not approve it: ask another manager.")


class ReasonNeeded(BadInput):
    message = gettext_lazy("Say why.")
    field = "reason"


class AddressNeeded(BadInput):
    message = gettext_lazy("Write the e-mail address the order goes to.")
    field = "email"


class DateNeeded(BadInput):
    message = gettext_lazy("Give a date for each line that is still to come.")
    field = "dates"


class DayPassed(BadInput):
    message = gettext_lazy("That day has passed: give today or a later one.")
    field = "promised_on"


class DayTooFar(BadInput):
    message = gettext_lazy("That day is more than two years away: check the year.")
    field = "promised_on"


class NothingToChange(Refusal):
    """The line is complete, or its order takes no more promises."""

    message = gettext_lazy("Nothing of this line is still to come.")
    field = "promised_on"


class NothingReceived(BadInput):
    message = gettext_lazy("Write how many came of at least one line.")
    field = "lines"


class ForeignLine(BadInput):
    message = gettext_lazy("That line belongs to another order.")
    field = "lines"


class OverReceipt(Refusal):
    """More than was ordered would have come (PUR-1)."""

    field = "lines"

    def __init__(self, line: PurchaseLine) -> None:
        words = _("%(part)s: only %(left)s of %(ordered)s are still to come.")
        left, ordered = max(line.quantity - line.received, Decimal(0)), line.quantity
        figures = {"left": f"{left.normalize():f}", "ordered": f"{ordered.normalize():f}"}
        super().__init__(words % {"part": line.part, **figures})


class FormUsed(Refusal):
    message = gettext_lazy("This form was already used for another order.")


class ClaimTooLarge(BadInput):
    message = gettext_lazy("You cannot claim more than came.")
    field = "quantity"


class ClaimClosed(Refusal):
    message = gettext_lazy("This claim has gone further: look at it again.")


class TooManyMessages(Refusal):
    message = gettext_lazy("You have written 50 messages about this order: please call or e-mail whoever buys.")
    field = "text"


class NoPaper(BadInput):
    message = gettext_lazy("Choose at least one file, and no more than 20 with one order.")
    field = "uploads"
