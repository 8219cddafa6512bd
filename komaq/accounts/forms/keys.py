"""A key for a program: an API token or a calendar's address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import KeyPurpose
from komaq.core.web import OnceField


class CalendarKeyForm(forms.Form):
    """A calendar's address needs no more than a name."""

    purpose = KeyPurpose.CALENDAR
    name = forms.CharField(label=_("Program or device"), max_length=80)
    form_key = OnceField()

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, auto_id=f"id_{self.purpose}_%s", **more)


class TokenForm(CalendarKeyForm):
    """What a program may do as the person, and for how long."""

    LIVES = [(30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (730, _("2 years"))]
    purpose = KeyPurpose.API
    can_write = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("", _("Read only")), ("yes", _("Read and change"))],
        widget=forms.RadioSelect,
        required=False,
    )
    days = forms.TypedChoiceField(label=_("How long it works"), choices=LIVES, coerce=int, initial=90)
    field_order = ["name", "can_write", "days", "form_key"]

    def clean_can_write(self) -> bool:
        return self.cleaned_data["can_write"] == "yes"
