"""What a notice is: a value that rooms build and `comms.actions.post` stores."""

from dataclasses import dataclass

from django.db import models

from komaq.accounts.models import Person


@dataclass(frozen=True)
class Fact:
    """A line of a notice: label and value."""

    label: str
    value: str


@dataclass(frozen=True)
class Notice:
    """Something to tell one person: the same `key` is told once (MSG-1).

    Texts are lazy translations; they are written in the person's language. `path` is where the button leads.
    """

    key: str
    kind: str
    person: Person
    subject: models.Model
    title: str
    lines: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    button: str = ""
    path: str = ""
