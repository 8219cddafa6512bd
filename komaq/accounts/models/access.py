from django.db import models
from django.db.models import Q

from komaq.accounts.choices import AccessDeed
from komaq.accounts.models.person import Person
from komaq.accounts.models.user import User


class AccessEntry(models.Model):
    """Who of the staff read personal records, once a day for each (PRV-2). Apart from the trail: reading is no deed."""

    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="readings")
    deed = models.CharField(max_length=10, choices=AccessDeed)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "person", "deed", "on"], name="accounts_access_once_a_day"),
            models.UniqueConstraint(
                fields=["reader", "deed", "on"], condition=Q(person=None), name="accounts_access_lists_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["on"], name="accounts_access_day")]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.deed} {self.person_id} on {self.on}"
