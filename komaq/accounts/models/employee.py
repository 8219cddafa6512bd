from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models.person import Person
from komaq.core.versions import fingerprint


class Area(models.Model):
    """A part of the company: technical, commercial, administration."""

    name = models.CharField(max_length=60, unique=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> int:
        return fingerprint(self.name, self.is_open)


class Position(models.Model):
    """A post in an area (cargo); grants one or more roles."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="positions")
    name = models.CharField(max_length=60)
    roles = models.JSONField(default=list)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["area__name", "name"]
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="accounts_position_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> int:
        return fingerprint(self.area_id, self.name, self.roles, self.is_open)


class Skill(models.Model):
    """What a technician is good at: hydraulics, engines, electrical."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Employee(models.Model):
    """A person who works for the company."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="employee")
    hired_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="employees")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("hired_on")),
                name="accounts_employee_leaves_after",
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def version(self) -> int:
        """Another one when data or skills are others."""
        return fingerprint(self.person.version, sorted(skill.pk for skill in self.skills.all()))

    def get_absolute_url(self) -> str:
        return reverse("accounts:employee", kwargs={"employee_id": self.pk})


class StandingChanges(models.Manager):
    """The changes that count; one withdrawn before its day stays on record and never did."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(withdrawn_at=None)


class PositionChange(models.Model):
    """Somebody's post from a day on: never overwritten, the history answers "who was what, when"."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="position_changes")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="changes")
    effective_on = models.DateField()
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = StandingChanges()
    with_withdrawn = models.Manager()

    class Meta:
        ordering = ["-effective_on", "-id"]
        indexes = [models.Index(fields=["employee", "-effective_on", "-id"], name="accounts_change_latest")]

    def __str__(self) -> str:
        return f"{self.employee_id} from {self.effective_on}"


class Certification(models.Model):
    """What a technician has proven, until when: work at height, induction of a mine."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="certifications")
    name = models.CharField(max_length=80)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
