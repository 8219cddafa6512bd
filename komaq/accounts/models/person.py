from django.db import models

from komaq.core.peru import DocumentType, show_phone
from komaq.core.versions import fingerprint


class Person(models.Model):
    """A human: names, contact data, identity document. May have a user; may be a contact of many companies."""

    given_names = models.CharField(max_length=80)
    surnames = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    document_type = models.CharField(max_length=1, choices=DocumentType, blank=True)
    document_number = models.CharField(max_length=15, blank=True)
    language = models.CharField(max_length=5, default="es-pe")
    search = models.CharField(max_length=1000, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"], name="accounts_person_sort")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surnames}".strip()

    @property
    def version(self) -> int:
        """Another one when any of the data is another; for who may read all of it."""
        document = (self.document_type, self.document_number)
        return fingerprint(self.given_names, self.surnames, self.email, self.phone, document, self.language)

    @property
    def shown_phone(self) -> str:
        return show_phone(self.phone) if self.phone else ""
