"""What people write about machines and meters."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.registry import Column
from komaq.core.versions import VersionedForm
from komaq.customers import queries as customers
from komaq.customers.models import Customer, Site
from komaq.fleet import queries, rules
from komaq.fleet.choices import MachineStatus, MachineType, MeterUnit

MOST_KNOWN = 10_000
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]

MACHINES = (
    Column("customer", _("Customer (RUC or document)"), "code", True, ("RUC", "Cliente"), example="20131312955"),
    Column("brand", _("Brand"), required=True, example="CAT"),
    Column("name", _("Model"), required=True, also=("Model name",), example="336"),
    Column("type", _("Type"), choices=tuple(MachineType.choices), hint="needed for a model that is new to us"),
    Column("serial", _("Serial number"), "code", True, ("Serie", "Serial"), example="DKS01874"),
    Column("fleet_number", _("Fleet number"), "code", example="EX-07"),
    Column("plate", _("Licence plate"), example="V7A-881"),
    Column("year", _("Year"), "number", example="2019"),
    Column("engine", _("Engine"), example="CAT C9.3"),
    Column("site", _("Site"), example="Tajo Sur", hint="a site of the customer, by its name"),
    Column("status", _("Status"), choices=tuple(MachineStatus.choices), hint="working when left out"),
    Column("meter_unit", _("Meter in"), choices=tuple(MeterUnit.choices), hint="hours when left out"),
    Column("meter", _("Meter"), "number", also=("Horas",), example="12486,5"),
    Column("meter_at", _("Read on"), "moment", example="2026-11-24T07:42", hint="needed beside a meter"),
)


def _text(label: Any, length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **{"required": False, **kwargs})


class _Plate(forms.Form):
    """What stands on a machine's plate."""

    serial = _text(_("Serial number"), 40, required=True, help_text=_("As it stands on the plate, without blanks."))
    year = forms.IntegerField(label=_("Year"), required=False, min_value=rules.OLDEST)
    engine = _text(_("Engine"), 60)
    fleet_number = _text(_("Fleet number"), 20, help_text=_("What the owner calls it, for example EX-07."))
    plate = _text(_("Licence plate"), 10)
    meter_unit = forms.ChoiceField(label=_("Meter in"), choices=MeterUnit.choices, initial=MeterUnit.HOURS)

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year and year > rules.newest_year():
            raise forms.ValidationError(_("That year has not come yet."))
        return year


class NewMachineForm(_Plate):
    """A unit of a model of the catalogue, or of one that is new to us. `sites` are its owner's."""

    model = forms.ModelChoiceField(
        label=_("Model"), queryset=None, required=False, empty_label=_("Another one: write it below")
    )
    brand = _text(_("Brand"), 40)
    name = _text(_("Model name"), 40)
    type = forms.ChoiceField(label=_("Type"), required=False, choices=[("", "–"), *MachineType.choices])
    site = forms.ModelChoiceField(label=_("Site"), queryset=None, required=False, empty_label=_("No fixed site"))

    def __init__(self, *args: Any, sites: Any, whole_company: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = queries.models_known()
        self.fields["site"].queryset = sites
        self.fields["site"].required = not whole_company

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("model") and "model" not in self.errors:
            for name in ("brand", "name", "type"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("Choose a model of the list, or write brand, name and type."))
        return data


class MachineForm(VersionedForm, _Plate):
    """A machine that is known."""

    model = forms.ModelChoiceField(label=_("Model"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = queries.models_known()


class MoveForm(VersionedForm):
    """Where a machine works from now on."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=None, required=False, empty_label=_("Our workshop or no fixed site")
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites


class ReadingForm(forms.Form):
    """What a meter shows."""

    value = forms.DecimalField(label=_("The meter shows"), min_value=0, max_digits=9, decimal_places=1)
    read_at = forms.DateTimeField(
        label=_("Read on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=MOMENTS,
    )
    replaced = forms.BooleanField(
        label=_("The meter was replaced: this is the first reading of the new one"), required=False
    )
    note = _text(_("Note"), 200, help_text=_("If the meter was replaced: why."))


class MachineRow(_Plate):
    """A machine as a file names it: owner by its number, model and site by name, perhaps what its meter shows."""

    customer = _text(_("Customer (RUC or document)"), 20, required=True)
    brand = _text(_("Brand"), 40, required=True)
    name = _text(_("Model"), 40, required=True)
    type = forms.ChoiceField(label=_("Type"), required=False, choices=MachineType.choices)
    site = _text(_("Site"), 120)
    status = forms.ChoiceField(label=_("Status"), choices=MachineStatus.choices)
    meter = forms.DecimalField(label=_("Meter"), required=False, min_value=0, max_digits=9, decimal_places=1)
    meter_at = forms.DateTimeField(
        label=_("Read on"), required=False, input_formats=[*MOMENTS, "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%Y %H:%M:%S"]
    )

    def __init__(self, row: dict[str, str], find: Callable, sites_of: Callable, model_named: Callable) -> None:
        status = row.get("status") or MachineStatus.WORKING
        super().__init__({**row, "status": status, "meter_unit": row.get("meter_unit") or MeterUnit.HOURS})
        self.find, self.sites_of, self.model_named = find, sites_of, model_named

    def clean_customer(self) -> Customer:
        number = self.cleaned_data["customer"]
        if (customer := self.find(number)) is None:
            raise ValidationError(_("There is no customer with the number %(number)s.") % {"number": number})
        return customer

    def clean(self) -> dict:
        data = super().clean()
        if data.get("site") and data.get("customer"):
            data["site"] = self._site(data["customer"], data["site"])
        if data.get("brand") and data.get("name"):
            data["model"] = self.model_named(data["brand"], data["name"])
            if data["model"] is None and not data.get("type") and "type" not in self.errors:
                self.add_error("type", _("The model is new to us: say what type of machine it is."))
        if (data.get("meter") is None) != (data.get("meter_at") is None) and not self.errors:
            self.add_error(
                "meter_at" if data.get("meter_at") is None else "meter", _("Write meter and day, or neither.")
            )
        return data

    def _site(self, customer: Customer, name: str) -> Site | None:
        site = self.sites_of(customer).get(name.casefold())
        if site is None:
            self.add_error("site", _("The customer has no site of that name."))
        return site

    @property
    def facts(self) -> dict:
        """What makes the machine known; meter and status are deeds of their own."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"status", "meter", "meter_at"}}
        return {**data, "site": data["site"] or None}


def machine_rows(user: User) -> Callable[[dict[str, str]], MachineRow]:
    """What turns a row into a form; customers, their sites and known models are looked up once."""
    find = lru_cache(MOST_KNOWN)(lambda number: customers.customer_numbered(user, number))

    @lru_cache(MOST_KNOWN)
    def sites_of(customer: Customer) -> dict[str, Site]:
        return {site.name.casefold(): site for site in customers.sites_of(user, customer, only_open=False)}

    return lambda row: MachineRow(row, find, sites_of, queries.model_named)
