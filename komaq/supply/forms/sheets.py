"""Suppliers and price lists as rows of a file."""

from collections.abc import Callable
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.registry import Column
from komaq.parts.models import Part
from komaq.parts.queries import part_numbered
from komaq.supply import queries
from komaq.supply.choices import Country, Currency, Language, SupplierDocument
from komaq.supply.forms.prices import PriceFields
from komaq.supply.forms.suppliers import NewSupplierForm
from komaq.supply.models import Supplier

MOST_KNOWN = 10_000

SUPPLIERS = (
    Column("tax_id", _("RUC or foreign number"), "code", True, ("RUC", "Número", "Number"), example="20131312955"),
    Column(
        "tax_id_type", _("Document"), choices=tuple(SupplierDocument.choices), hint="told from the number when left out"
    ),
    Column("name", _("Legal name"), required=True, also=("Nombre", "Proveedor"), example="Tracto Repuestos S.A.C."),
    Column("trade_name", _("Trade name"), example="Tracto"),
    Column("country", _("Country"), choices=tuple(Country.choices), hint="Peru when left out"),
    Column("email", _("E-mail"), also=("Email", "Correo"), example="ventas@tracto.example"),
    Column("phone", _("Phone"), "code", also=("Celular", "Telefono"), example="01 205 4100"),
    Column("address", _("Address"), example="Av. Argentina 2400, Lima"),
    Column(
        "currency",
        _("Currency of its prices"),
        choices=tuple(Currency.choices),
        also=("Moneda",),
        hint="dollars when left out",
    ),
    Column("payment_terms", _("Payment terms"), example="Factura a 30 días"),
    Column("lead_days", _("Usual days until delivery"), "number", also=("Plazo",), example="5"),
    Column(
        "language",
        _("We write to it in"),
        choices=tuple(Language.choices),
        also=("Idioma", "Language"),
        hint="Spanish when left out",
    ),
)

PRICES = (
    Column(
        "supplier", _("Supplier (RUC or foreign number)"), "code", True, ("RUC", "Proveedor"), example="20131312955"
    ),
    Column("brand", _("Brand"), required=True, also=("Marca",), example="CAT"),
    Column("number", _("Part number"), "text", True, ("Número", "Code", "Código"), example="1R-0750"),
    Column("their_number", _("Its own number"), "text", example="FP-1R0750"),
    Column("price", _("Price per unit, without tax"), "number", True, ("Precio", "Price"), example="38.40"),
    Column("currency", _("Currency"), choices=tuple(Currency.choices), hint="the supplier's when left out"),
    Column("lead_days", _("Days until delivery"), "number", also=("Plazo",), example="3"),
    Column("least", _("Least quantity"), "number", example="6"),
)


class SupplierRow(NewSupplierForm):
    """A supplier as a file names it: its document follows from the number, its country from the document."""

    def __init__(self, row: dict[str, str]) -> None:
        number = "".join(sign for sign in row.get("tax_id", "") if sign.isalnum())
        ruc = number.isdecimal() and len(number) == 11
        kind = row.get("tax_id_type") or (SupplierDocument.RUC if ruc else SupplierDocument.FOREIGN)
        usual = {"country": Country.PE, "currency": Currency.USD, "language": Language.SPANISH, "tax_id_type": kind}
        super().__init__({**usual, **{name: value for name, value in row.items() if value}})


def supplier_rows(user: User) -> Callable[[dict[str, str]], SupplierRow]:
    """What turns a row into a form."""
    return SupplierRow


class PriceRow(PriceFields):
    """A line of a price list: the supplier by its number, the part by its brand and number."""

    supplier = forms.CharField(label=_("Supplier (RUC or foreign number)"), max_length=20)
    brand = forms.CharField(label=_("Brand"), max_length=40)
    number = forms.CharField(label=_("Part number"), max_length=40)

    def __init__(
        self,
        row: dict[str, str],
        find_supplier: Callable[[str], Supplier | None],
        find_part: Callable[[str, str], Part | None],
    ) -> None:
        self.find_part = find_part
        self.sold_by = find_supplier(row.get("supplier", ""))
        usual = {"currency": self.sold_by.currency} if self.sold_by else {}
        super().__init__({**usual, **{name: value for name, value in row.items() if value}})

    def clean_supplier(self) -> Supplier:
        if self.sold_by is None:
            number = self.cleaned_data["supplier"]
            raise ValidationError(_("There is no supplier with the number %(number)s.") % {"number": number})
        return self.sold_by

    def clean(self) -> dict:
        data = super().clean()
        brand, number = data.pop("brand", ""), data.pop("number", "")
        if brand and number:
            data["part"] = self.find_part(number, brand)
            if data["part"] is None:
                words = _("There is no part %(part)s in the catalogue.")
                self.add_error("number", words % {"part": f"{brand} {number}"})
        return data


def price_rows(user: User) -> Callable[[dict[str, str]], PriceRow]:
    """What turns a row into a form; suppliers and parts are looked up once."""
    supplier = lru_cache(MOST_KNOWN)(lambda number: queries.supplier_numbered(user, number))
    part = lru_cache(MOST_KNOWN)(lambda number, brand: part_numbered(user, number, brand))
    return lambda row: PriceRow(row, supplier, part)
