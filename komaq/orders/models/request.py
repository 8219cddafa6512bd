from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models import User
from komaq.core import search
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet.models import Machine
from komaq.orders.choices import CLIENT_WORDS, Priority, RequestStatus
from komaq.orders.models.catalogue import Problem, ServiceType


class ServiceRequest(models.Model):
    """What a client asks for, before the workshop accepts it.

    The machine is one of the client's, or described in words when we do not know it yet. `form_key` makes a form
    sent twice one request.
    """

    code = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="requests")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    machine_described = models.CharField(max_length=200, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    place_described = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requests")
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT, null=True, related_name="+")
    problems = models.ManyToManyField(Problem, blank=True, related_name="requests")
    description = models.TextField(blank=True)
    priority = models.CharField(max_length=12, choices=Priority, default=Priority.NORMAL)
    wished_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    order = models.ForeignKey(
        "orders.ServiceOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    respond_by = models.DateTimeField()
    form_key = models.UUIDField(null=True, unique=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    search = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(machine__isnull=False) | ~Q(machine_described=""),
                name="orders_request_names_machine",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "merged"], order__isnull=False)
                | Q(status__in=["pending", "rejected", "withdrawn"], order__isnull=True),
                name="orders_request_order_when_accepted",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="orders_request_status"),
            models.Index(fields=["customer", "-id"], name="orders_request_customer"),
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
    def shown_machine(self) -> str:
        return str(self.machine.model) if self.machine else self.machine_described

    @property
    def in_a_line(self) -> str:
        """What is asked for, in a line: the problems named, else the first words."""
        named = ", ".join(problem.name for problem in self.problems.all())
        return named or self.description.strip().split("\n")[0][:120]

    def get_absolute_url(self) -> str:
        return reverse("orders:request", args=[self.pk])


search.index("orders_servicerequest")
