from django.db import models
from django.db.models import Q

from komaq.core.money import UnitPriceField


class ExchangeRate(models.Model):
    """Soles for one unit of a currency from a day on, until the next row (SBS, selling rate)."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    sell = UnitPriceField()
    noted_by_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="core_rate_one_a_day"),
            models.CheckConstraint(condition=Q(sell__gt=0), name="core_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}: {self.sell}"
