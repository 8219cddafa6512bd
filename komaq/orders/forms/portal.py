"""What a client fills in: a request for service, a withdrawal, a cancellation, the filters of its orders."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.core import clock
from komaq.core.fields import ManyFilesField
from komaq.core.web import OnceField, SeveralField
from komaq.orders.actions.refusals import NothingDescribed
from komaq.orders.choices import ClientStatus, Priority


class RequestForm(forms.Form):
    """Machine, symptoms, place, contact, day, urgency. `form_key` makes a form sent twice one request."""

    form_key = OnceField()
    machine = forms.ModelChoiceField(None, required=False, label=_("Machine"))
    machine_described = forms.CharField(
        max_length=200,
        required=False,
        label=_("Which machine is it?"),
        help_text=_("Brand, model and serial number as the nameplate shows them, or photograph the plate below."),
    )
    problems = SeveralField(None, required=False, label=_("Frequent symptoms"), widget=forms.CheckboxSelectMultiple)
    description = forms.CharField(
        max_length=2000,
        required=False,
        label=_("In your words"),
        widget=forms.Textarea({"rows": 3}),
    )
    service_type = forms.ModelChoiceField(
        None, required=False, label=_("Type of service"), empty_label=_("I am not sure")
    )
    files = ManyFilesField(required=False, label=_("Photos"))
    site = forms.ModelChoiceField(
        None, required=False, label=_("Site"), empty_label=_("The machine’s own site, or another place")
    )
    place_described = forms.CharField(max_length=200, required=False, label=_("How to get there"))
    latitude = forms.DecimalField(
        required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6, label=_("Latitude")
    )
    longitude = forms.DecimalField(
        required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6, label=_("Longitude")
    )
    contact = forms.ModelChoiceField(None, label=_("Contact"))
    wished_on = forms.DateField(
        required=False,
        label=_("Wished day"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    priority = forms.ChoiceField(
        choices=Priority.choices, initial=Priority.NORMAL, label=_("Urgency"), widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        machines: QuerySet,
        sites: QuerySet,
        contacts: QuerySet,
        problems: QuerySet,
        service_types: QuerySet,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["machine"].queryset = machines
        self.fields["site"].queryset = sites
        self.fields["contact"].queryset = contacts
        self.fields["problems"].queryset = problems
        self.fields["service_type"].queryset = service_types
        self.fields["wished_on"].widget.attrs["min"] = clock.today().isoformat()

    def clean(self) -> dict[str, Any]:
        """A machine is one of the list or described; so is the place."""
        data = super().clean()
        if data.get("machine"):
            data["machine_described"] = ""
        elif "machine" in data and not data.get("machine_described"):
            self.add_error("machine_described", _("Choose a machine of the list or write brand and model."))
        if {"problems", "description"} <= data.keys() and not (data["problems"] or data["description"]):
            self.add_error("description", NothingDescribed.message)
        if not self._names_place(data):
            self.add_error("place_described", _("Choose a site or write where the machine is."))
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            missing = "latitude" if data.get("latitude") is None else "longitude"
            if missing not in self.errors:
                self.add_error(missing, _("A point needs both latitude and longitude."))
        return data

    @staticmethod
    def _names_place(data: dict[str, Any]) -> bool:
        """A site, words, or the machine's own site; what is at fault already is not told twice."""
        machine = data.get("machine")
        known = data.get("site") or data.get("place_described") or (machine and machine.site_id)
        return bool(known) or "site" not in data or "place_described" not in data


class WithdrawForm(forms.Form):
    """Take a request back while nobody has decided it."""

    reason = forms.CharField(max_length=300, required=False, label=_("Why do you withdraw it?"))


class CancelForm(forms.Form):
    """Cancel an order before it is approved."""

    reason = forms.CharField(
        max_length=300,
        label=_("Why do you cancel it?"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write the reason; the workshop reads it.")},
    )


class OrdersFilterForm(forms.Form):
    """Words and one of the client's four statuses, from the address."""

    q = forms.CharField(max_length=80, required=False)
    status = forms.ChoiceField(choices=[("", _("All")), *ClientStatus.choices], required=False)

    def values(self) -> dict[str, str]:
        """What the address asks for; nonsense is ignored."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
