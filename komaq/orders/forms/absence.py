"""When a technician cannot be sent."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.orders.forms.fields import MomentField


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and why."""

    technician = forms.ChoiceField(label=_("Technician"))
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    reason = forms.CharField(
        max_length=120,
        label=_("Reason"),
        help_text=_("Vacation, training, leave. The calendar shows it to the office."),
    )

    def __init__(self, *given: Any, technicians: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        self.people = {str(one.pk): one for one in technicians}
        choices = [(key, one.name) for key, one in self.people.items()]
        self.fields["technician"].choices = [("", _("Choose")), *choices]

    def clean_technician(self) -> Any:
        return self.people[self.cleaned_data["technician"]]
