"""What people write about warehouses and stock."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.accounts.models import User
from komaq.core.registry import Column
from komaq.core.versions import VersionedForm
from komaq.core.web import OnceField
from komaq.parts import queries
from komaq.parts.choices import WarehouseKind
from komaq.parts.fields import PartField
from komaq.parts.models import Part, Warehouse

MOST_KNOWN = 10_000
QUANTITY = _("Quantity")

OPENING = (
    Column("number", _("Part number"), "text", True, ("Número de parte", "Número", "Código"), example="1R-0750"),
    Column("brand", _("Brand"), required=True, also=("Maker", "Fabricante"), example="CAT"),
    Column("warehouse", _("Warehouse (code)"), "code", True, ("Almacén", "Warehouse"), example="ALM"),
    Column("quantity", _("Quantity"), "number", True, ("Saldo", "Stock"), example="12"),
    Column("unit_cost", _("Cost per unit in PEN"), "number", True, ("Costo", "Costo unitario"), example="48,50"),
)


def _text(label: Any, length: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **{"required": False, **options})


def _quantity(label: Any = QUANTITY, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=11, decimal_places=4, **options)


class WarehouseForm(forms.Form):
    """A place that keeps stock."""

    code = _text(_("Code"), 12, required=True, help_text=_("Short, for example ALM or VAN1. It stands on labels."))
    name = _text(_("Name"), 80, required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=WarehouseKind.choices)
    keeper = forms.ModelChoiceField(label=_("Keeper"), queryset=None, required=False, empty_label=_("Nobody named"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].queryset = queries.keepers()


class ChangeWarehouseForm(VersionedForm, WarehouseForm):
    """A warehouse that is known; what holds stock stays open."""

    is_open = forms.BooleanField(label=_("It takes and gives stock"), required=False)


class MoveForm(forms.Form):
    """A part in a warehouse; `form_key` makes a form sent twice one move."""

    form_key = OnceField()
    part = PartField(only_open=False)
    warehouse = forms.ModelChoiceField(label=_("Warehouse"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].user = user
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queries.open_warehouses()


class ReceiveForm(MoveForm):
    """Stock that comes in without a purchase: an opening balance, a gift, a find."""

    quantity = _quantity()
    unit_cost = forms.DecimalField(
        label=_("Cost per unit in PEN"),
        max_digits=17,
        decimal_places=10,
        min_value=0,
        help_text=_("Without tax. Zero for what cost nothing."),
    )
    reason = _text(_("Reason"), 200, required=True, help_text=_("The kardex keeps it, for example: opening balance."))


class TransferForm(MoveForm):
    """From one warehouse to another."""

    to = forms.ModelChoiceField(label=pgettext_lazy("warehouse", "To"), queryset=None, empty_label=None)
    quantity = _quantity()
    reason = _text(_("Note"), 200)
    field_order = ["form_key", "part", "warehouse", "to", "quantity", "reason"]


class AdjustForm(MoveForm):
    """A correction, with its reason."""

    quantity = _quantity(help_text=_("With a minus sign, so much goes out: -2."))
    reason = _text(_("Reason"), 200, required=True, help_text=_("For example: broken, found, entered twice."))


class LookForm(forms.Form):
    """What was counted, before anything is saved."""

    counted = _quantity(_("Counted"), min_value=0)


class CountForm(forms.Form):
    """What was counted of a part, and what the book said when the difference was looked at."""

    form_key = OnceField()
    part = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    seen = forms.DecimalField(widget=forms.HiddenInput, max_digits=19, decimal_places=4, min_value=0)
    counted = _quantity(_("Counted"), widget=forms.HiddenInput, min_value=0)
    reason = _text(_("Note"), 200)


class AsideForm(MoveForm):
    """Stock kept by hand."""

    quantity = _quantity()
    need_by = forms.DateField(
        label=_("Needed by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = _text(_("Reason"), 200, required=True, help_text=_("For whom or what it is kept."))


class FreeForm(forms.Form):
    """Why a reservation is let go."""

    reason = _text(_("Reason"), 200, required=True)


class StockRow(forms.Form):
    """An opening balance as a file names it: part by number and brand, warehouse by code."""

    number = _text(_("Part number"), 40, required=True)
    brand = _text(_("Brand"), 40, required=True)
    warehouse = _text(_("Warehouse (code)"), 12, required=True)
    quantity = _quantity()
    unit_cost = forms.DecimalField(label=_("Cost per unit in PEN"), max_digits=17, decimal_places=10, min_value=0)

    def __init__(self, row: dict[str, str], part_named: Callable, warehouse_coded: Callable) -> None:
        super().__init__(row)
        self.part_named, self.warehouse_coded = part_named, warehouse_coded

    def clean_warehouse(self) -> Warehouse:
        code = self.cleaned_data["warehouse"]
        if (warehouse := self.warehouse_coded(code)) is None:
            raise ValidationError(_("There is no warehouse with the code %(code)s.") % {"code": code})
        return warehouse

    def clean(self) -> dict:
        data = super().clean()
        if data.get("number") and data.get("brand"):
            data["part"] = self.part_named(data["number"], data["brand"])
            if data["part"] is None:
                words = _("The catalogue has no %(brand)s %(number)s.")
                self.add_error("number", words % {"brand": data["brand"], "number": data["number"]})
        return data

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("part", "warehouse", "quantity", "unit_cost")}


def stock_rows(user: User) -> Callable[[dict[str, str]], StockRow]:
    """What turns a row into a form; warehouses are looked up once."""
    coded = lru_cache(MOST_KNOWN)(queries.warehouse_coded)

    def named(number: str, brand: str) -> Part | None:
        return queries.part_numbered(user, number, brand)

    return lambda row: StockRow(row, named, coded)
