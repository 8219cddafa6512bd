from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from komaq.core import search
from komaq.core.money import QuantityField, UnitPriceField
from komaq.fleet.models import MachineModel
from komaq.parts.choices import UNIT_SHORT, Category, LinkKind, PartGrade, Unit


class Part(models.Model):
    """A spare part of the catalogue, known by its maker and the maker's number.

    `number_key` is the number without punctuation and case, so that 12R-0317 and 12r0317 are one part. `price` is
    what a client pays per unit in PEN without tax; what the part cost stands in its Holding.
    """

    brand = models.CharField(max_length=40)
    brand_key = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=16, choices=Category, default=Category.OTHER)
    grade = models.CharField(max_length=12, choices=PartGrade, default=PartGrade.ORIGINAL)
    unit = models.CharField(max_length=3, choices=Unit, default=Unit.PIECE)
    price = UnitPriceField(null=True, blank=True)
    minimum = QuantityField(null=True, blank=True)
    maximum = QuantityField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    search = models.CharField(max_length=1000, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand_key", "number_key"], name="parts_part_one_number"),
            models.CheckConstraint(condition=~Q(number_key=""), name="parts_part_has_number"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="parts_part_price"),
            models.CheckConstraint(condition=Q(minimum=None) | Q(minimum__gte=0), name="parts_part_minimum"),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(minimum=None) | Q(maximum__gte=F("minimum")), name="parts_part_maximum"
            ),
        ]
        indexes = [
            models.Index(fields=["number_key", "id"], name="parts_part_number"),
            models.Index(fields=["sort_key", "id"], name="parts_part_sort"),
            models.Index(
                fields=["minimum", "id"], condition=Q(is_open=True, minimum__isnull=False), name="parts_part_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.number}"

    @property
    def label(self) -> str:
        """Name and number, as a list shows it."""
        return f"{self.name} · {self.brand} {self.number}"

    @property
    def unit_short(self) -> str:
        """The unit as it stands behind a number."""
        return str(UNIT_SHORT[Unit(self.unit)])

    def get_absolute_url(self) -> str:
        return reverse("parts:detail", args=[self.pk])


class PartLink(models.Model):
    """Two parts that stand in for each other. An equivalence holds both ways, a supersession from old to new."""

    kind = models.CharField(max_length=14, choices=LinkKind)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="links_back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "other"], name="parts_link_once"),
            models.CheckConstraint(condition=~Q(part=F("other")), name="parts_link_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.kind} {self.other_id}"


class PartFit(models.Model):
    """A machine model that the part fits."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="fits")
    model = models.ForeignKey(MachineModel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "model"], name="parts_fit_once")]

    def __str__(self) -> str:
        return f"{self.part_id} fits {self.model_id}"


search.index("parts_part")
