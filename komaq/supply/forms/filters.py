"""What narrows the lists of what is bought."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.supply.forms.purchases import day_field


class BuyingFilter(forms.Form):
    """Which purchase orders, or requests for quotation, a list shows."""

    q = forms.CharField(required=False, max_length=80, label=_("Search"))
    supplier = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Every supplier"), label=_("Supplier")
    )
    warehouse = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Every warehouse"), label=_("Warehouse")
    )
    since = day_field(required=False, label=_("From"))
    until = day_field(required=False, label=_("Until"))

    def __init__(self, *given: Any, suppliers: QuerySet, warehouses: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].queryset = suppliers
        self.fields["warehouse"].queryset = warehouses
        for field in self.fields.values():
            field.widget.attrs |= {"class": "input", "aria-label": field.label}
