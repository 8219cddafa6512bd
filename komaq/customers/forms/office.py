"""What the office fills in about customers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.core.fields import PhoneField
from komaq.core.peru import DocumentType, clean_document
from komaq.core.versions import VersionedForm
from komaq.customers.choices import RESPONSE_PRIORITIES, TAX_IDS, CustomerKind, SiteKind
from komaq.customers.forms.fields import LinesField, email, given_names, surnames, text

HOURS_HINT = _("Hours until the first answer that the agreement promises. Empty: the company's rule.")


class _Facts(forms.Form):
    """Name, addresses and agreed hours of a customer."""

    name = text(_("Legal name"), 160, required=True)
    trade_name = text(_("Trade name"), 120)
    email = email(required=False)
    phone = PhoneField(required=False)
    address = text(_("Address"), 200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = (self.initial.get("response_hours") or {}) if self.initial else {}
        for code, label in RESPONSE_PRIORITIES:
            self.fields[f"hours_{code}"] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=720, initial=hours.get(code)
            )

    @property
    def hour_fields(self) -> list[forms.BoundField]:
        return [self[f"hours_{code}"] for code, _label in RESPONSE_PRIORITIES]

    @property
    def facts(self) -> dict:
        """What the form holds, as the action wants it."""
        data = dict(self.cleaned_data)
        agreed = {code: data.pop(f"hours_{code}") for code, _label in RESPONSE_PRIORITIES}
        return {**data, "response_hours": {code: hours for code, hours in agreed.items() if hours}}


class NewCustomerForm(_Facts):
    """A customer with its number."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=CustomerKind.choices, initial=CustomerKind.COMPANY, widget=forms.RadioSelect
    )
    tax_id_type = forms.ChoiceField(
        label=_("Document"),
        choices=[(each.value, each.label) for each in (DocumentType.RUC, DocumentType.DNI, DocumentType.CE)],
    )
    tax_id = forms.CharField(label=_("Number"), max_length=20)

    def clean(self) -> dict:
        data = super().clean()
        kind, document = data.get("kind"), data.get("tax_id_type")
        if kind and document and document not in TAX_IDS[kind]:
            self.add_error("tax_id_type", _("A company is known by its RUC."))
        elif document and data.get("tax_id"):
            try:
                data["tax_id"] = clean_document(document, data["tax_id"])
            except ValidationError as error:
                self.add_error("tax_id", error)
        return data


class CustomerForm(VersionedForm, _Facts):
    """What may change; the number stays."""


class ContactForm(forms.Form):
    """Somebody to speak with."""

    given_names = given_names()
    surnames = surnames()
    title = text(_("Job title"), 80)
    email = email(required=False)
    phone = PhoneField(required=False)


class SiteForm(forms.Form):
    """A place: where it lies and how one gets in."""

    name = text(_("Name"), 120, required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=SiteKind.choices, initial=SiteKind.WORKS)
    place = text(_("District, province, region"), 120)
    address = text(_("Address or way there"), 200)
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6
    )
    altitude_m = forms.IntegerField(label=_("Altitude"), required=False, min_value=0, max_value=6000)
    access_rules = forms.CharField(
        label=_("Access rules"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Induction, pass, hours, radio channel: what a technician must know before travelling."),
    )
    demands = LinesField(
        label=_("Certificates asked for"), max_length=400, help_text=_("One per line, for example: Work at height.")
    )

    def clean(self) -> dict:
        data = super().clean()
        if (data.get("latitude") is None) != (data.get("longitude") is None) and not self.errors:
            missing = "latitude" if data.get("latitude") is None else "longitude"
            self.add_error(missing, _("Write both coordinates or none."))
        return data


class SiteChangeForm(VersionedForm, SiteForm):
    """A place that exists."""

    is_open = forms.BooleanField(label=_("We still work there"), required=False)
