from django.db import models
from django.db.models import Q
from django.urls import reverse

from komaq.accounts.models import Person
from komaq.core.money import QuantityField, UnitPriceField
from komaq.core.peru import show_phone
from komaq.core.versions import fingerprint
from komaq.parts.models import Part
from komaq.supply.choices import AccountKind, Country, Currency, Language, PriceSource, SupplierDocument

HIDDEN = "•"


def masked(number: str) -> str:
    """A number of an account as those see it who do not pay: its last four signs, never more than half of it."""
    shown = min(4, len(number) // 2)
    return HIDDEN * (len(number) - shown) + number[len(number) - shown :]


class Supplier(models.Model):
    """A company that sells spare parts to us. `lead_days` is what it usually takes, in calendar days."""

    tax_id_type = models.CharField(max_length=1, choices=SupplierDocument, default=SupplierDocument.RUC)
    tax_id = models.CharField(max_length=15)
    name = models.CharField(max_length=160)
    trade_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, default="PE")
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.USD)
    payment_terms = models.CharField(max_length=120, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=5, default="es-pe")
    is_open = models.BooleanField(default=True)
    search = models.CharField(max_length=1000, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tax_id_type", "tax_id"], name="supply_supplier_one_tax_id")]
        indexes = [models.Index(fields=["sort_key", "id"], name="supply_supplier_sort")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        return self.trade_name or self.name

    @property
    def shown_phone(self) -> str:
        return show_phone(self.phone) if self.phone else ""

    @property
    def language_name(self) -> str:
        return str(Language(self.language).label) if self.language in Language.values else self.language

    @property
    def country_name(self) -> str:
        return str(Country(self.country).label) if self.country in Country.values else self.country

    def get_absolute_url(self) -> str:
        return reverse("supply:supplier", args=[self.pk])


class SupplierContact(models.Model):
    """A person we deal with at a supplier. Requests and orders go to the one marked for them."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supplier_contacts")
    title = models.CharField(max_length=80, blank=True)
    gets_requests = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "person"], condition=Q(ended_at=None), name="supply_contact_once"
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def version(self) -> int:
        """Another one when what is kept of the contact is another."""
        person = self.person
        facts = (person.given_names, person.surnames, person.email, person.phone)
        return fingerprint(self.title, self.gets_requests, self.ended_at, *facts)


class SupplierAccount(models.Model):
    """Where a supplier is paid. `cci` is the 20-digit interbank code."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="accounts")
    bank = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=AccountKind, default=AccountKind.CURRENT)
    currency = models.CharField(max_length=3, choices=Currency)
    number = models.CharField(max_length=30)
    cci = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "bank", "number"], condition=Q(ended_at=None), name="supply_account_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.currency} {self.masked}"

    @property
    def masked(self) -> str:
        """The number with all but its last four signs hidden."""
        return masked(self.number)

    @property
    def masked_cci(self) -> str:
        return masked(self.cci)


class SupplierPart(models.Model):
    """That a supplier sells a part: its own number, last price per unit without tax, days, least and step quantity."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="suppliers")
    their_number = models.CharField(max_length=40, blank=True)
    price = UnitPriceField(null=True, blank=True)
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.USD)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    least = QuantityField(null=True, blank=True)
    priced_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "part"], name="supply_part_once"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="supply_part_price"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} sells {self.part_id}"


class PriceRecord(models.Model):
    """A price a supplier gave or took once: the history behind SupplierPart."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="prices")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="prices")
    price = UnitPriceField()
    currency = models.CharField(max_length=3, choices=Currency)
    source = models.CharField(max_length=8, choices=PriceSource)
    source_id = models.CharField(max_length=40, blank=True)
    on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["part", "-on", "-id"], name="supply_price_part"),
            models.Index(fields=["supplier", "part", "-id"], name="supply_price_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.price} for {self.part_id}"
