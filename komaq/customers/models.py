from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models import Person
from komaq.core.peru import DocumentType, show_phone
from komaq.core.versions import fingerprint
from komaq.customers.choices import ContactStatus, CustomerKind, SiteKind


class Customer(models.Model):
    """A company (RUC) or a person (DNI/CE) that receives service."""

    kind = models.CharField(max_length=8, choices=CustomerKind)
    tax_id_type = models.CharField(max_length=1, choices=DocumentType)
    tax_id = models.CharField(max_length=15)
    name = models.CharField(max_length=160)
    trade_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    response_hours = models.JSONField(default=dict, blank=True)
    search = models.CharField(max_length=1000, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tax_id_type", "tax_id"], name="customers_customer_one_tax_id")]
        indexes = [models.Index(fields=["sort_key", "id"], name="customers_customer_sort")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        return self.trade_name or self.name

    @property
    def shown_phone(self) -> str:
        return show_phone(self.phone) if self.phone else ""

    @property
    def scope_customer_id(self) -> int:
        return self.pk

    def get_absolute_url(self) -> str:
        return reverse("customers:detail", args=[self.pk])


class Contact(models.Model):
    """Ties a person to a customer; many per person. `WAITING` until the company or the staff confirms it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    title = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=8, choices=ContactStatus, default=ContactStatus.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "person"], condition=~Q(status="ended"), name="customers_contact_once"
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def version(self) -> int:
        """Another one when what the company sees of the contact is another."""
        person = self.person
        facts = (person.given_names, person.surnames, person.email, person.phone)
        return fingerprint(self.title, self.status, *facts)

    @property
    def scope_customer_id(self) -> int:
        return self.customer_id


class Site(models.Model):
    """A place of a customer: mine, works, yard; metres above sea level and how one gets in."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    kind = models.CharField(max_length=8, choices=SiteKind, default=SiteKind.WORKS)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    altitude_m = models.PositiveIntegerField(null=True, blank=True)
    access_rules = models.TextField(blank=True)
    demands = models.JSONField(default=list, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="customers_site_name"),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(-90, 90)), name="customers_site_latitude"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__range=(-180, 180)), name="customers_site_longitude"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_customer_id(self) -> int:
        return self.customer_id
