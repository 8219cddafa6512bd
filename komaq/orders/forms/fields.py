"""Fields that several forms of the room share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

YEARS = range(2000, 2100)
"""Years of work that somebody may mean."""


class MomentField(forms.DateTimeField):
    """A day and a time by the clock in Lima, to the minute."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(_("That year cannot be right: check it."))
        return moment
