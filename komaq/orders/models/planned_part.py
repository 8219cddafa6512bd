from django.db import models
from django.db.models import Q

from komaq.accounts.models import User
from komaq.core.money import QuantityField
from komaq.orders.models.order import Segment
from komaq.parts.models import Part


class PlannedPart(models.Model):
    """What a segment will need of a part. What is reserved and used for it is read from parts, never kept here."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="planned_parts")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="planned")
    quantity = QuantityField()
    need_by = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "part"], condition=Q(dropped_at=None), name="orders_planned_part_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_planned_part_positive"),
        ]
        indexes = [models.Index(fields=["part", "need_by", "id"], name="orders_planned_part_part")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id} for {self.segment_id}"
