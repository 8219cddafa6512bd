from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    READY = "ready", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")


class Job(models.Model):
    """Work for the worker, written in the transaction that wants it and leased while it runs."""

    name = models.CharField(max_length=80)
    args = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.READY)
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    dedupe = models.CharField(max_length=120, null=True, unique=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_after"], name="core_job_next")]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"
