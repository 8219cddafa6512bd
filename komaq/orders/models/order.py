from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models import User
from komaq.core import search
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet.models import Machine
from komaq.orders.choices import (
    CLIENT_WORDS,
    FINAL,
    BillingStatus,
    MachineSystem,
    OrderStatus,
    Outcome,
    Payer,
    Priority,
)
from komaq.orders.models.catalogue import Problem, ServiceType


class ServiceOrder(models.Model):
    """The accepted work on one machine. `version` rises with every change (ORD-2)."""

    code = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="orders")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="orders")
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    problems = models.ManyToManyField(Problem, blank=True, related_name="orders")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    priority = models.CharField(max_length=12, choices=Priority, default=Priority.NORMAL)
    status = models.CharField(max_length=14, choices=OrderStatus, default=OrderStatus.OPEN)
    status_since = models.DateTimeField()
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    approval_ground = models.CharField(max_length=20, blank=True)
    pause_reason = models.CharField(max_length=10, blank=True)
    billing_status = models.CharField(
        max_length=12, choices=BillingStatus, default=BillingStatus.UNBILLED, editable=False
    )
    rework_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reworks")
    wished_on = models.DateField(null=True, blank=True)
    respond_by = models.DateTimeField()
    due_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    search = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=models.F("created_at")), name="orders_order_due_after"),
        ]
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="orders_order_status_due"),
            models.Index(fields=["customer", "status", "-id"], name="orders_order_customer"),
            models.Index(fields=["machine", "-id"], name="orders_order_machine"),
            models.Index(fields=["due_at", "id"], name="orders_order_due"),
            models.Index(fields=["customer", "status", "due_at", "id"], name="orders_order_customer_due"),
            models.Index(fields=["priority", "status", "machine"], name="orders_order_priority"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def scope_customer_id(self) -> int:
        return self.customer_id

    @property
    def scope_site_id(self) -> int | None:
        return self.site_id

    @property
    def client_status(self) -> str:
        return CLIENT_WORDS[self.status]

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def is_stopped(self) -> bool:
        """Whether the machine stands still because of this order."""
        return self.priority == Priority.MACHINE_DOWN and not self.is_final

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", args=[self.pk])


class Segment(models.Model):
    """A part of an order by machine system and payer; every order has one from birth."""

    order = models.ForeignKey(ServiceOrder, on_delete=models.PROTECT, related_name="segments")
    title = models.CharField(max_length=120)
    system = models.CharField(max_length=14, choices=MachineSystem, default=MachineSystem.GENERAL)
    payer = models.CharField(max_length=10, choices=Payer, default=Payer.CLIENT)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(is_default=True), name="orders_segment_one_default")
        ]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """A step planned in an order."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=160)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


search.index("orders_serviceorder")
