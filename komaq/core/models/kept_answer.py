from django.db import models


class KeptAnswer(models.Model):
    """The first answer to a request with an idempotency key, written in the transaction of its effect."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    etag = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="core_kept_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="core_kept_answer_age")]

    def __str__(self) -> str:
        return f"{self.key} of {self.actor_id}: {self.status}"
