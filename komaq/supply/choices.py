"""States of what is bought, and the tables of their steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.accounts.choices import Role, only

SUPPLY = only(Role.LOGISTICS, Role.SALES, Role.FINANCE, Role.MANAGER)
"""Who sees what things cost and of whom we buy; never clients or technicians."""
NOTERS = only(Role.LOGISTICS, Role.FINANCE, Role.MANAGER)
"""Who says what a dollar costs."""


class SupplierDocument(models.TextChoices):
    """By which number a supplier is known; the values are the codes of SUNAT's catalogue 06."""

    RUC = "6", _("RUC")
    FOREIGN = "0", _("Foreign tax number")


class Country(models.TextChoices):
    """Countries that suppliers are in, by their code of ISO 3166."""

    PE = "PE", _("Peru")
    DE = "DE", _("Germany")
    AR = "AR", _("Argentina")
    AU = "AU", _("Australia")
    BO = "BO", _("Bolivia")
    BR = "BR", _("Brazil")
    CA = "CA", _("Canada")
    CL = "CL", _("Chile")
    CN = "CN", _("China")
    CO = "CO", _("Colombia")
    KR = "KR", _("South Korea")
    EC = "EC", _("Ecuador")
    ES = "ES", _("Spain")
    US = "US", _("United States")
    FI = "FI", _("Finland")
    FR = "FR", _("France")
    IN = "IN", _("India")
    IT = "IT", _("Italy")
    JP = "JP", _("Japan")
    MX = "MX", _("Mexico")
    PA = "PA", _("Panama")
    GB = "GB", _("United Kingdom")
    SE = "SE", _("Sweden")
    ZA = "ZA", _("South Africa")
    TW = "TW", _("Taiwan")
    TR = "TR", _("Turkey")


class Language(models.TextChoices):
    """In which language we write to a supplier."""

    SPANISH = "es-pe", _("Spanish")
    ENGLISH = "en", _("English")


class Currency(models.TextChoices):
    PEN = "PEN", _("Soles")
    USD = "USD", _("US dollars")


class AccountKind(models.TextChoices):
    CURRENT = "current", _("Current account")
    SAVINGS = "savings", _("Savings account")
    DETRACTION = "detraction", _("Detraction account (Banco de la Nación)")


class NeedState(models.TextChoices):
    """How far the buying of something missing has come. Nothing is bought twice: each piece has one state."""

    OPEN = "open", pgettext_lazy("need", "To buy")
    ASKED = "asked", pgettext_lazy("need", "Quotation asked")
    ORDERED = "ordered", pgettext_lazy("need", "Ordered")
    COVERED = "covered", pgettext_lazy("need", "Covered")
    DROPPED = "dropped", pgettext_lazy("need", "No longer needed")


TO_BUY = frozenset({NeedState.OPEN, NeedState.ASKED})
LIVE_NEEDS = TO_BUY | {NeedState.ORDERED}


class QuotationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quotation", "Draft")
    SENT = "sent", pgettext_lazy("quotation", "Sent")
    AWARDED = "awarded", pgettext_lazy("quotation", "Awarded")
    CANCELLED = "cancelled", pgettext_lazy("quotation", "Cancelled")


_Q = QuotationState
QUOTATION_STEPS: dict[str, tuple[str, ...]] = {
    _Q.DRAFT: (_Q.SENT, _Q.CANCELLED),
    _Q.SENT: (_Q.AWARDED, _Q.CANCELLED),
}
"""From where to where a request for quotation goes; awarded and cancelled are final."""


class InviteState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("invitation", "No answer yet")
    ANSWERED = "answered", pgettext_lazy("invitation", "Answered")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")


class LinkPurpose(models.TextChoices):
    """What a supplier's link opens: one thing of one supplier, nothing else."""

    QUOTATION = "quotation", _("Request for quotation")
    PURCHASE = "purchase", _("Purchase order")


class PurchaseState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("purchase", "Draft")
    TO_APPROVE = "to_approve", pgettext_lazy("purchase", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("purchase", "Approved")
    SENT = "sent", pgettext_lazy("purchase", "Sent")
    CONFIRMED = "confirmed", pgettext_lazy("purchase", "Confirmed")
    PARTIAL = "partial", pgettext_lazy("purchase", "Partly received")
    RECEIVED = "received", pgettext_lazy("purchase", "Received")
    CANCELLED = "cancelled", pgettext_lazy("purchase", "Cancelled")


_P = PurchaseState
PURCHASE_STEPS: dict[str, tuple[str, ...]] = {
    _P.DRAFT: (_P.TO_APPROVE, _P.APPROVED, _P.CANCELLED),
    _P.TO_APPROVE: (_P.APPROVED, _P.DRAFT, _P.CANCELLED),
    _P.APPROVED: (_P.SENT, _P.CANCELLED),
    _P.SENT: (_P.CONFIRMED, _P.PARTIAL, _P.RECEIVED, _P.CANCELLED),
    _P.CONFIRMED: (_P.PARTIAL, _P.RECEIVED, _P.CANCELLED),
    _P.PARTIAL: (_P.RECEIVED,),
}
"""From where to where a purchase order goes; received and cancelled are final."""
ON_ORDER = frozenset({_P.APPROVED, _P.SENT, _P.CONFIRMED, _P.PARTIAL})
"""States whose open lines count as on order."""
RECEIVABLE = frozenset({_P.SENT, _P.CONFIRMED, _P.PARTIAL})
UNDER_WAY = frozenset({_P.DRAFT, _P.TO_APPROVE}) | ON_ORDER
"""States whose lines still bring something, or will once they are sent."""


class ClaimKind(models.TextChoices):
    WRONG = "wrong", pgettext_lazy("claim", "Wrong part")
    DAMAGED = "damaged", pgettext_lazy("claim", "Damaged")
    SHORT = "short", pgettext_lazy("claim", "Less than announced")


class ClaimState(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "Open")
    SENT_BACK = "sent_back", pgettext_lazy("claim", "Sent back")
    SETTLED = "settled", pgettext_lazy("claim", "Settled")


class PriceSource(models.TextChoices):
    OFFER = "offer", _("Offer")
    PURCHASE = "purchase", _("Purchase order")
    LIST = "list", _("Price list")


ON_TIME_TOLERANCE_DAYS = 2
"""A line received up to this many days after its promise still counts as on time."""
APPROVAL_LIMIT_PEN = 20_000
"""A purchase order above this amount in soles needs a manager's approval before it is sent (PUR-1)."""
IGV_PERCENT = 18
"""Tax on what is bought of a supplier in Peru, municipal promotion included."""
OVER_RECEIPT_PERCENT = 0
"""How much more than ordered may be received."""
LINK_DAYS_AFTER_DEADLINE = 3
"""A link still opens to read this long after the deadline, and answers no more."""
