from django.db import models
from django.urls import reverse

from komaq.core import search
from komaq.core.money import QuantityField
from komaq.customers.models import Customer, Site
from komaq.fleet.choices import DRAWINGS, MachineStatus, MachineType, MeterUnit, ReadingSource


class MachineModel(models.Model):
    """A maker's model: CAT 336, Komatsu PC450LC-8."""

    brand = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    type = models.CharField(max_length=12, choices=MachineType)

    class Meta:
        ordering = ["brand", "name"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="fleet_model_once")]

    def __str__(self) -> str:
        return f"{self.brand} {self.name}"


class Machine(models.Model):
    """One unit with its serial number, its owner and where it works. `meter` is its latest reading."""

    code = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="machines")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="machines")
    model = models.ForeignKey(MachineModel, on_delete=models.PROTECT, related_name="machines")
    serial = models.CharField(max_length=40)
    fleet_number = models.CharField(max_length=20, blank=True)
    plate = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    engine = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=8, choices=MachineStatus, default=MachineStatus.WORKING)
    meter_unit = models.CharField(max_length=2, choices=MeterUnit, default=MeterUnit.HOURS)
    meter = QuantityField(null=True, blank=True)
    meter_at = models.DateTimeField(null=True, blank=True)
    search = models.CharField(max_length=1000, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "serial"], name="fleet_machine_one_serial")]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="fleet_machine_sort"),
            models.Index(fields=["customer", "sort_key", "id"], name="fleet_machine_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.serial}"

    @property
    def drawing(self) -> str:
        return DRAWINGS.get(self.model.type, self.model.type)

    @property
    def scope_customer_id(self) -> int:
        return self.customer_id

    @property
    def scope_site_id(self) -> int | None:
        return self.site_id

    def get_absolute_url(self) -> str:
        return reverse("fleet:detail", args=[self.pk])


class MeterReading(models.Model):
    """What the meter showed at a moment, and who says so."""

    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="readings")
    value = QuantityField()
    read_at = models.DateTimeField()
    source = models.CharField(max_length=12, choices=ReadingSource)
    note = models.CharField(max_length=200, blank=True)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(value__gte=0), name="fleet_reading_not_negative")]
        indexes = [models.Index(fields=["machine", "-read_at", "-id"], name="fleet_reading_latest")]

    def __str__(self) -> str:
        return f"{self.value} of {self.machine_id}"


search.index("fleet_machine")
