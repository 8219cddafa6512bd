from django.db import models
from django.db.models import Q

from komaq.core.money import QuantityField
from komaq.parts.models import Part
from komaq.supply.choices import LIVE_NEEDS, NeedState


class PartsNeed(models.Model):
    """A requirement: so much of a part that is not in stock, for a source, by a day.

    One live need per part and source: asking again changes it (nothing is bought twice). `source_kind` and
    `source_id` name the planned part of an order, or the part itself when its minimum raised the need. `about` is what
    people call the source: the order's code.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="needs")
    quantity = QuantityField()
    need_by = models.DateField(null=True)
    source_kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=NeedState, default=NeedState.OPEN)
    quotation_line = models.ForeignKey(
        "supply.QuotationLine", on_delete=models.PROTECT, null=True, related_name="needs"
    )
    purchase_line = models.ForeignKey("supply.PurchaseLine", on_delete=models.PROTECT, null=True, related_name="needs")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "source_kind", "source_id"],
                condition=Q(state__in=sorted(LIVE_NEEDS)),
                name="supply_need_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="supply_need_positive"),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(purchase_line__isnull=False), name="supply_need_ordered_where"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "need_by", "id"], name="supply_need_list"),
            models.Index(fields=["source_kind", "source_id"], name="supply_need_source"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id} for {self.about}"
