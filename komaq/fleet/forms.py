"""What people write about machines and meters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.core import clock
from komaq.core.versions import VersionedForm
from komaq.fleet import queries
from komaq.fleet.choices import MachineType, MeterUnit

OLDEST = 1950


def _text(label: Any, length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **{"required": False, **kwargs})


class _Plate(forms.Form):
    """What stands on a machine's plate."""

    serial = _text(_("Serial number"), 40, required=True, help_text=_("As it stands on the plate, without blanks."))
    year = forms.IntegerField(label=_("Year"), required=False, min_value=OLDEST)
    engine = _text(_("Engine"), 60)
    fleet_number = _text(_("Fleet number"), 20, help_text=_("What the owner calls it, for example EX-07."))
    plate = _text(_("Licence plate"), 10)
    meter_unit = forms.ChoiceField(label=_("Meter in"), choices=MeterUnit.choices, initial=MeterUnit.HOURS)

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year and year > clock.today().year + 1:
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
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
    )
    replaced = forms.BooleanField(
        label=_("The meter was replaced: this is the first reading of the new one"), required=False
    )
    note = _text(_("Note"), 200, help_text=_("If the meter was replaced: why."))
