from django.db import models
from django.db.models import F, Q

from komaq.accounts.models import Employee, User
from komaq.core import triggers
from komaq.orders.choices import VisitKind, VisitState
from komaq.orders.models.order import ServiceOrder


class Visit(models.Model):
    """A time span on an order: somebody goes there, or works on it in the workshop."""

    order = models.ForeignKey(ServiceOrder, on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField(max_length=10, choices=VisitKind)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="orders_visit_ends_after")]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="orders_visit_start"),
            models.Index(fields=["order", "starts_at"], name="orders_visit_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order}"

    @property
    def scope_customer_id(self) -> int:
        return self.order.customer_id


class Assignment(models.Model):
    """A technician on a visit. Carries the visit's span, so that the database refuses overlaps (ORD-3)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="assignments")
    technician = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="assignments")
    is_lead = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_busy = models.BooleanField(default=True)

    class Meta:
        ordering = ["-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "technician"], name="orders_assignment_once"),
            models.UniqueConstraint(fields=["visit"], condition=Q(is_lead=True), name="orders_assignment_one_lead"),
        ]
        indexes = [models.Index(fields=["technician", "starts_at"], name="orders_assignment_span")]

    def __str__(self) -> str:
        return f"{self.technician} on {self.visit_id}"


class Absence(models.Model):
    """A span in which a technician cannot be sent: leave, illness, training."""

    technician = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="orders_absence_ends_after")
        ]

    def __str__(self) -> str:
        return f"{self.technician}: {self.reason}"


triggers.no_overlap(
    "orders_assignment_no_overlap",
    "orders_assignment",
    who="technician_id",
    start="starts_at",
    end="ends_at",
    when="is_busy",
)
