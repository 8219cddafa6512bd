from django.db import models


class Sequence(models.Model):
    """The last number given under a prefix in a year."""

    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="core_sequence_one")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"
