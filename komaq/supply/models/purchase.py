from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from komaq.accounts.models import User
from komaq.core import triggers
from komaq.core.money import MoneyField, QuantityField, UnitPriceField
from komaq.parts.models import Part, Warehouse
from komaq.supply.choices import APPROVAL_LIMIT_PEN, ClaimKind, ClaimState, Currency, PurchaseState
from komaq.supply.models.quotation import OfferLine, QuotationRequest
from komaq.supply.models.supplier import Supplier


class PurchaseOrder(models.Model):
    """What we buy of one supplier: OC-2026-000031. Amounts in `currency`; `rate` is soles per unit of it, dated.

    `total` is without tax; `total_pen` is what decides who must approve.
    """

    code = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchases")
    request = models.ForeignKey(QuotationRequest, on_delete=models.PROTECT, null=True, related_name="purchases")
    deliver_to = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PurchaseState, default=PurchaseState.DRAFT)
    currency = models.CharField(max_length=3, choices=Currency)
    rate = UnitPriceField(default=Decimal(1))
    rate_on = models.DateField(null=True)
    total = MoneyField(default=Decimal(0))
    total_pen = MoneyField(default=Decimal(0))
    payment_terms = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    search = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="supply_purchase_rate"),
            models.CheckConstraint(condition=Q(total__gte=0), name="supply_purchase_total"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="supply_purchase_state"),
            models.Index(fields=["supplier", "-id"], name="supply_purchase_supplier"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("supply:purchase", args=[self.pk])


class PurchaseLine(models.Model):
    """A part that is bought. Received never exceeds ordered beyond the tolerance (PUR-1): the database refuses it."""

    purchase = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="purchase_lines")
    offer_line = models.ForeignKey(OfferLine, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = QuantityField()
    price = UnitPriceField()
    received = QuantityField(default=Decimal(0))
    need_by = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    first_promised_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["purchase", "part"], name="supply_purchase_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(price__gte=0), name="supply_purchase_line_sound"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("quantity")), name="supply_purchase_line_received"
            ),
        ]
        indexes = [models.Index(fields=["part", "-id"], name="supply_purchase_line_part")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id}"

    @property
    def is_open(self) -> bool:
        return self.received < self.quantity

    @property
    def left(self) -> Decimal:
        """How many are still to come."""
        return self.quantity - self.received


class PromiseChange(models.Model):
    """When a line was promised for, each time it was said: by the supplier through its link, or noted by us."""

    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="promises")
    promised_on = models.DateField()
    by_supplier = models.BooleanField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.line_id} for {self.promised_on}"


class GoodsReceipt(models.Model):
    """What came in one delivery, with the supplier's guide number. Photos are attachments."""

    code = models.CharField(max_length=20, unique=True)
    purchase = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    guide = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=300, blank=True)
    form_key = models.UUIDField(null=True, unique=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code


class ReceiptLine(models.Model):
    """How many of a line came: `accepted` went into stock, `refused` did not and have a claim."""

    receipt = models.ForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="receipts")
    accepted = QuantityField(default=Decimal(0))
    refused = QuantityField(default=Decimal(0))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line"], name="supply_receipt_line_once"),
            models.CheckConstraint(
                condition=Q(accepted__gte=0) & Q(refused__gte=0) & (Q(accepted__gt=0) | Q(refused__gt=0)),
                name="supply_receipt_line_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accepted} of {self.line_id}"


class Claim(models.Model):
    """Wrong, damaged or short goods of a receipt, until they are sent back or settled."""

    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=8, choices=ClaimKind)
    quantity = QuantityField()
    note = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    outcome = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="supply_claim_positive")]
        indexes = [models.Index(fields=["state", "id"], name="supply_claim_open")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.quantity}"


LIMIT = APPROVAL_LIMIT_PEN * 100
for name, event in (("born", "INSERT"), ("sent", "UPDATE")):
    triggers.refuse(
        f"supply_purchase_{name}_approved",
        "supply_purchaseorder",
        "NEW.state NOT IN ('draft', 'to_approve', 'cancelled') AND (NEW.approved_by_id IS NULL "
        f"OR (NEW.total_pen > {LIMIT} AND NEW.approved_by_id = NEW.made_by_id))",
        event=event,
        message="supply_purchase: above the limit somebody else approves",
    )
BOUGHT = "EXISTS (SELECT 1 FROM supply_purchaseorder bought WHERE bought.id IN ({}) AND bought.state <> 'draft')"
for name, event, when in (
    ("added", "INSERT", BOUGHT.format("NEW.purchase_id")),
    ("dropped", "DELETE", BOUGHT.format("OLD.purchase_id")),
    (
        "changed",
        "UPDATE",
        "(NEW.quantity <> OLD.quantity OR NEW.price <> OLD.price OR NEW.part_id <> OLD.part_id "
        f"OR NEW.purchase_id <> OLD.purchase_id) AND {BOUGHT.format('OLD.purchase_id, NEW.purchase_id')}",
    ),
):
    triggers.refuse(
        f"supply_purchase_line_{name}",
        "supply_purchaseline",
        when,
        event=event,
        message="supply_purchaseline: an approved order keeps its lines",
    )
for table in ("supply_promisechange", "supply_goodsreceipt", "supply_receiptline"):
    triggers.append_only(table)
