"""Fields of several forms here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class LinesField(forms.CharField):
    """Several short texts, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 3}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip()[:80] for line in super().clean(value).splitlines() if line.strip()]


def given_names(**kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "given-name"})
    return forms.CharField(label=_("Given names"), max_length=80, widget=widget, **kwargs)


def surnames(**kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "family-name"})
    return forms.CharField(label=_("Surnames"), max_length=80, widget=widget, **kwargs)


def email(**kwargs: Any) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(**{"label": _("E-mail"), "max_length": 254, "widget": widget, **kwargs})


def text(label: Any, length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **{"required": False, **kwargs})
