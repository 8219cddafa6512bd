from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from komaq.accounts.models import Employee, User
from komaq.core import triggers
from komaq.core.money import QuantityField, UnitPriceField
from komaq.parts.choices import MoveKind, ReservationState, WarehouseKind
from komaq.parts.models.part import Part


class Warehouse(models.Model):
    """A place that keeps stock: a store, the workshop, a technician's van."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=WarehouseKind, default=WarehouseKind.STORE)
    keeper = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("parts:warehouse", args=[self.pk])


class Holding(models.Model):
    """How much of a part the company holds and at what value (PEN): the moving weighted average is value / quantity.

    Every move of a part locks this row first, so moves of one part are posted one after the other (PRT-3).
    """

    part = models.OneToOneField(Part, on_delete=models.PROTECT, primary_key=True, related_name="holding")
    quantity = QuantityField(default=Decimal(0))
    value = UnitPriceField(default=Decimal(0))
    last_cost = UnitPriceField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="parts_holding_quantity"),
            models.CheckConstraint(condition=Q(value__gte=0), name="parts_holding_value"),
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(value=0), name="parts_holding_empty_is_worthless"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id}"


class Stock(models.Model):
    """On hand and reserved of a part in a warehouse. On hand is the sum of its moves (PRT-1); never edited."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="stocks")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stocks")
    on_hand = QuantityField(default=Decimal(0))
    reserved = QuantityField(default=Decimal(0))
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "warehouse"], name="parts_stock_one"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="parts_stock_never_negative"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")), name="parts_stock_reserved_is_there"
            ),
        ]
        indexes = [
            models.Index(fields=["warehouse", "part"], name="parts_stock_warehouse"),
            models.Index(fields=["part", "on_hand", "reserved"], name="parts_stock_free"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} in {self.warehouse_id}: {self.on_hand}"

    @property
    def available(self) -> Decimal:
        """On hand and not reserved."""
        return self.on_hand - self.reserved


class StockMove(models.Model):
    """One row of the kardex: append-only, with its value and the balances it left.

    `quantity` and `value` carry their sign. `on_hand_after` is the warehouse's balance; `held_after` and `value_after`
    are the company's, so that the kardex shows any date without adding up. `source_kind` and `source_id` name what
    caused it; the two halves of a transfer share `pair`.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="moves")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=16, choices=MoveKind)
    quantity = QuantityField()
    value = UnitPriceField()
    on_hand_after = QuantityField()
    held_after = QuantityField()
    value_after = UnitPriceField()
    pair = models.UUIDField(null=True)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(on_hand_after__gte=0), name="parts_move_never_negative"),
            models.CheckConstraint(condition=Q(held_after__gte=0), name="parts_move_held"),
        ]
        indexes = [
            models.Index(fields=["part", "warehouse", "-id"], name="parts_move_kardex"),
            models.Index(fields=["part", "-id"], name="parts_move_part"),
            models.Index(fields=["source_kind", "source_id"], name="parts_move_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} of {self.part_id}"


class Reservation(models.Model):
    """Stock kept for whoever needs it by a date. Held ones add up to the stock's `reserved` (PRT-2)."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="reservations")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="reservations")
    quantity = QuantityField()
    need_by = models.DateField(null=True)
    source_kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=40)
    state = models.CharField(max_length=6, choices=ReservationState, default=ReservationState.HELD)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="parts_reservation_positive")]
        indexes = [
            models.Index(fields=["source_kind", "source_id", "state"], name="parts_reservation_source"),
            models.Index(fields=["part", "state", "need_by"], name="parts_reservation_part"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id} for {self.source_kind} {self.source_id}"


triggers.append_only("parts_stockmove")
