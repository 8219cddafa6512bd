"""What stands in the way of a request for quotation, of an offer or of an award."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from komaq.core.refusals import BadInput, Refusal
from komaq.core.templatetags.komaq import day_time
from komaq.supply.models import QuotationRequest, Supplier


class NothingAsked(BadInput):
    message = gettext_lazy("Add at least one part.")
    field = "lines"


class TooMuchAsked(BadInput):
    message = gettext_lazy("That is too much for one request: make two.")
    field = "lines"


class AskedTwice(BadInput):
    message = gettext_lazy("Each part stands once: add the quantities up.")
    field = "lines"


class NobodyInvited(BadInput):
    message = gettext_lazy("Choose at least one supplier, and no more than 20.")
    field = "suppliers"


class BadDeadline(BadInput):
    message = gettext_lazy("Give a moment to come, within a year.")
    field = "deadline"


class DeadlineNotLater(BadInput):
    message = gettext_lazy("Suppliers count on the deadline they were told: give a later one.")
    field = "deadline"


class AlreadyInvited(Refusal):
    message = gettext_lazy("This supplier was asked already.")
    field = "supplier"


class NoAddress(Refusal):
    """There is nowhere to send the request."""

    field = "suppliers"

    def __init__(self, supplier: Supplier) -> None:
        words = _("%(supplier)s has no e-mail address: note one on its page first.")
        super().__init__(words % {"supplier": supplier.short_name})


class QuotationMoved(Refusal):
    """Somebody took a step with the request while the person looked at it."""

    def __init__(self, request: QuotationRequest) -> None:
        words = _("%(code)s is now: %(state)s.")
        super().__init__(words % {"code": request.code, "state": request.get_state_display()})


class NobodyToRemind(Refusal):
    message = gettext_lazy("Nobody is left to remind: all have answered, or were reminded within the hour.")


class DeadlinePassed(Refusal):
    """The supplier is late, and its offer is not stored."""

    def __init__(self, request: QuotationRequest, *, is_own: bool) -> None:
        words = _("The deadline of %(code)s passed on %(moment)s: extend it first.")
        theirs = _(
            "The deadline passed on %(moment)s. What you wrote is still on this page but was not stored: "
            "answer our e-mail to ask the buyer for more time."
        )
        super().__init__((words if is_own else theirs) % {"code": request.code, "moment": day_time(request.deadline)})


class RequestOver(Refusal):
    """Nothing can be answered any more."""

    message = gettext_lazy("This request is closed and takes no more answers. Nothing was stored.")


class NothingOffered(BadInput):
    message = gettext_lazy("Write a price for at least one part, or say that you do not quote.")
    field = "lines"


class ForeignOfferLine(BadInput):
    message = gettext_lazy("That line belongs to another request, or stands twice.")
    field = "lines"


class BadOfferPrice(BadInput):
    message = gettext_lazy("Write a price per unit without tax, above zero.")
    field = "price"


class BadLeadTime(BadInput):
    message = gettext_lazy("Say in how many days it arrives: 0 to 730.")
    field = "lead_days"


class OtherPart(BadInput):
    message = gettext_lazy("This part takes no alternative: quote the number that is asked.")
    field = "alternative"


class BadValidity(BadInput):
    message = gettext_lazy("The offer must hold until today or a later day, within two years.")
    field = "valid_until"


class TooManyOffers(Refusal):
    message = gettext_lazy("You have answered many times. Write to the buyer instead.")


class NoAlternative(Refusal):
    message = gettext_lazy("The supplier offers the part that was asked for.")
    field = "part"


class NothingAwarded(BadInput):
    message = gettext_lazy("Choose an offer for at least one part.")
    field = "choices"


class OfferReplaced(Refusal):
    """The offer that was chosen is not the supplier's last word."""

    message = gettext_lazy("A supplier answered anew or withdrew meanwhile. Look at the offers again.")
    field = "choices"


class OfferOver(Refusal):
    """Its supplier held the offer until a day that is over."""

    field = "choices"

    def __init__(self, supplier: Supplier) -> None:
        words = _("The offer of %(supplier)s no longer holds: ask for a new one.")
        super().__init__(words % {"supplier": supplier.short_name})


class TooMuchAwarded(BadInput):
    message = gettext_lazy("You cannot award more than was offered, nor split more than was asked.")
    field = "choices"


class AlternativeUnknown(Refusal):
    """What would be bought is no part of the catalogue yet."""

    field = "choices"

    def __init__(self, alternative: str) -> None:
        words = _("Say which part of the catalogue “%(alternative)s” is before you award it.")
        super().__init__(words % {"alternative": alternative})
