"""Prices and exchange rates as they are noted by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.parts.fields import PartField
from komaq.supply.choices import Currency
from komaq.supply.forms.suppliers import MOST_DAYS

HIGHEST = 10_000_000


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PriceFields(forms.Form):
    """What a supplier asks for a part."""

    price = forms.DecimalField(
        label=_("Price per unit, without tax"), min_value=0, max_value=HIGHEST, max_digits=12, decimal_places=4
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices)
    their_number = forms.CharField(label=_("Its own number"), max_length=40, required=False)
    lead_days = forms.IntegerField(label=_("Days until delivery"), required=False, min_value=0, max_value=MOST_DAYS)
    least = forms.DecimalField(
        label=_("Least quantity"), required=False, min_value=0, max_value=HIGHEST, max_digits=12, decimal_places=4
    )

    def clean_their_number(self) -> str | None:
        return self.cleaned_data["their_number"] or None


class PriceForm(PriceFields):
    """A price noted by hand, for a part that is searched."""

    part = PartField()
    on = day_field(_("Price of"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].user = user


class RateForm(forms.Form):
    """What a dollar costs on a day."""

    sell = forms.DecimalField(label=_("Selling rate"), min_value=0, max_value=100, max_digits=6, decimal_places=3)
    on = day_field(_("Day"))
