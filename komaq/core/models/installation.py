from django.db import models


class Installation(models.Model):
    """This copy of the product, one row: whether it may talk to people outside."""

    muted_at = models.DateTimeField(null=True)
    restored_from = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="core_installation_one")]

    def __str__(self) -> str:
        return "mute" if self.muted_at else "open"
