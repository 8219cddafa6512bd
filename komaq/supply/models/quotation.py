from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models import User
from komaq.core import triggers
from komaq.core.money import QuantityField, UnitPriceField
from komaq.parts.models import Part, Warehouse
from komaq.supply.choices import Currency, InviteState, LinkPurpose, QuotationState
from komaq.supply.models.supplier import Supplier


class QuotationRequest(models.Model):
    """What we ask several suppliers to quote until a deadline: SC-2026-000087."""

    code = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=QuotationState, default=QuotationState.DRAFT)
    deadline = models.DateTimeField()
    deliver_to = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    is_urgent = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    search = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["state", "deadline", "id"], name="supply_quotation_list")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("supply:quotation", args=[self.pk])


class QuotationLine(models.Model):
    """A part that is asked for; `takes_alternative` lets a supplier offer another one."""

    request = models.ForeignKey(QuotationRequest, on_delete=models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="quotation_lines")
    quantity = QuantityField()
    need_by = models.DateField(null=True)
    takes_alternative = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "part"], name="supply_quotation_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="supply_quotation_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id}"


class Invite(models.Model):
    """One supplier asked; what it answered stands in its offers, the latest counts."""

    request = models.ForeignKey(QuotationRequest, on_delete=models.PROTECT, related_name="invites")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="invites")
    email = models.EmailField(blank=True)
    state = models.CharField(max_length=8, choices=InviteState, default=InviteState.WAITING)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "supplier"], name="supply_invite_once")]
        indexes = [models.Index(fields=["supplier", "-id"], name="supply_invite_supplier")]

    def __str__(self) -> str:
        return f"{self.supplier_id} asked in {self.request_id}"


class Offer(models.Model):
    """What a supplier quotes: never changed, a better one is a new `number`."""

    invite = models.ForeignKey(Invite, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3, choices=Currency)
    valid_until = models.DateField(null=True)
    comment = models.TextField(blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["invite", "number"], name="supply_offer_number")]

    def __str__(self) -> str:
        return f"offer {self.number} of {self.invite_id}"


class OfferLine(models.Model):
    """The answer to one line: a price per unit without tax, how many, in how many days; or another part instead."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(QuotationLine, on_delete=models.PROTECT, related_name="answers")
    has_it = models.BooleanField(default=True)
    price = UnitPriceField(null=True, blank=True)
    quantity = QuantityField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    alternative = models.CharField(max_length=160, blank=True)
    alternative_part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    awarded = QuantityField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "line"], name="supply_offer_line_once"),
            models.CheckConstraint(
                condition=Q(has_it=False) | (Q(price__gte=0) & Q(quantity__gt=0)), name="supply_offer_line_priced"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} for {self.line_id}"


class SupplierLink(models.Model):
    """Lets a supplier in without account: to one request or one order of its own, until a moment, and nowhere else.

    The secret has 256 bits and is kept as its SHA-256. It is exchanged for a cookie at its first opening, so that it
    stands in no address that a page could pass on.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=9, choices=LinkPurpose)
    invite = models.ForeignKey(Invite, on_delete=models.PROTECT, null=True, related_name="links")
    purchase = models.ForeignKey("supply.PurchaseOrder", on_delete=models.PROTECT, null=True, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="quotation", invite__isnull=False, purchase=None)
                | Q(purpose="purchase", invite=None, purchase__isnull=False),
                name="supply_link_one_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link of {self.supplier_id}"


triggers.append_only("supply_offer")
FIXED = ("offer_id", "line_id", "has_it", "alternative")
FIXED_OR_NONE = ("price", "quantity", "lead_days")
triggers.refuse(
    "supply_offerline_fixed",
    "supply_offerline",
    " OR ".join(
        [f"NEW.{name} <> OLD.{name}" for name in FIXED]
        + [f"COALESCE(NEW.{name}, -1) <> COALESCE(OLD.{name}, -1)" for name in FIXED_OR_NONE]
    ),
    event="UPDATE",
    message="supply_offerline: what was offered stands",
)
triggers.refuse(
    "supply_offerline_kept", "supply_offerline", "TRUE", event="DELETE", message="supply_offerline: offers are kept"
)
