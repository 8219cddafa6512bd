from django.db import models

from komaq.orders.choices import MachineSystem


class ServiceType(models.Model):
    """What the company offers: field repair, workshop repair, preventive service. Texts are edited in the product."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Problem(models.Model):
    """A symptom a client can name, by machine type (empty: any)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    machine_types = models.JSONField(default=list, blank=True)
    system = models.CharField(max_length=14, choices=MachineSystem, default=MachineSystem.GENERAL)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
