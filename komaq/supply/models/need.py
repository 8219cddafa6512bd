from django.db import models
from django.db.models import Q

from komaq.core.money import QuantityField
from komaq.parts.models import Part
from komaq.supply.choices import TO_BUY, NeedState


class PartsNeed(models.Model):
    """A requirement: so much of a part that is not in stock, for a source, by a day, and how far its buying has come.

    What a source lacks stands in pieces: one that is still to buy, and one on each purchase line it was ordered on;
    together they are what it lacks, so nothing is bought twice and nothing is forgotten. `source_kind` and `source_id`
    name the planned part of an order, the part itself when its minimum asks, or a requirement written by hand.
    `about` is what people call the source: the order's code, or what somebody wrote.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="needs")
    quantity = QuantityField()
    need_by = models.DateField(null=True)
    source_kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True)
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
                condition=Q(state__in=sorted(TO_BUY)),
                name="supply_need_once",
            ),
            models.UniqueConstraint(
                fields=["purchase_line", "part", "source_kind", "source_id"],
                condition=Q(state=NeedState.ORDERED),
                name="supply_need_once_on_line",
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
