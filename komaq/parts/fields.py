"""A form field that takes a part: found by number or words, with what stands in for it at hand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.refusals import NotFound
from komaq.parts import queries
from komaq.parts.models import Part

WORDS = "_q"
LONGEST = 80
TYPED = "?"


class PartInput(forms.Widget):
    """A search box above rows to choose from. What was typed counts when no row is chosen and it is a whole number."""

    user: User | None = None

    def value_from_datadict(self, data: Mapping, files: Mapping, name: str) -> str:
        chosen, typed = data.get(name, ""), data.get(name + WORDS, "").strip()[:LONGEST]
        return chosen or (TYPED + typed if typed else "")

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        value = str(value or "")
        typed = value[1:] if value.startswith(TYPED) else ""
        given = {**(attrs or {})}
        context = {"name": name, "id": given.pop("id", f"id_{name}"), "attrs": given, "typed": typed}
        return render_to_string(
            "parts/_pick.html", context | picked(self.user, key="" if typed else value, words=typed)
        )

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_


class PartField(forms.Field):
    """Takes a part of the catalogue. The form says for whom: `self.fields["part"].user = user`.

    `only_open` refuses what is out of use.
    """

    widget = PartInput
    default_error_messages = {
        "unknown": _("Choose the part from the list."),
        "closed": _("This part is out of use. Choose one that stands in for it."),
    }

    def __init__(self, *, only_open: bool = True, **options: Any) -> None:
        super().__init__(**{"label": _("Part"), **options})
        self.only_open = only_open

    @property
    def user(self) -> User | None:
        return self.widget.user

    @user.setter
    def user(self, user: User) -> None:
        self.widget.user = user

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Part) else value

    def to_python(self, value: Any) -> Part | None:
        if value in self.empty_values or isinstance(value, Part):
            return value or None
        part = _part(self.user, str(value))
        if part is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if self.only_open and not part.is_open:
            raise ValidationError(self.error_messages["closed"], code="closed")
        return part

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


def picked(user: User, *, key: str = "", words: str = "") -> dict:
    """What the picker lists: for a chosen part what may be taken for it, for words what answers to them."""
    part = _part(user, key) if key else None
    if part is None:
        return {"rows": queries.find_parts(user, words) if words else [], "chosen": None, "words": words}
    return {"rows": queries.offered_for(part), "chosen": part.pk, "words": ""}


def _part(user: User, value: str) -> Part | None:
    if value.startswith(TYPED):
        return queries.part_numbered(user, value[1:])
    if not (value.isascii() and value.isdecimal() and len(value) < 18):
        return None
    try:
        return queries.get_part(user, int(value))
    except NotFound:
        return None
