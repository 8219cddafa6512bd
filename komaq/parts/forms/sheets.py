"""Parts as rows of a file, and what heads their columns."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.registry import Column
from komaq.core.search import fold
from komaq.fleet import queries as fleet
from komaq.fleet.models import MachineModel
from komaq.parts import queries
from komaq.parts.choices import Category, LinkKind, PartGrade, Unit
from komaq.parts.forms.catalogue import PartFacts
from komaq.parts.models import Part

MOST_NAMED = 200
CUT = re.compile(r"[0-9]+([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
SEPARATOR = ";"
YES_NO = (("1", _("Yes")), ("0", _("No")))
LINKS = {"equivalent_to": LinkKind.EQUIVALENT, "replaces": "replaces", "replaced_by": LinkKind.SUPERSEDED_BY}

PARTS = (
    Column("number", _("Part number"), "text", True, ("Número", "Código", "Number"), example="1R-0750"),
    Column("brand", _("Brand"), required=True, example="CAT"),
    Column("name", _("Name"), required=True, also=("Nombre", "Repuesto"), example="Filtro de petróleo"),
    Column("category", _("Category"), choices=tuple(Category.choices), hint="other when left out"),
    Column("grade", _("Grade"), choices=tuple(PartGrade.choices), hint="original when left out"),
    Column("unit", _("Unit"), choices=tuple(Unit.choices), hint="unit when left out"),
    Column("price", _("Price"), "number", example="118,90", hint="in soles per unit, without tax"),
    Column("minimum", _("Minimum"), "number", example="4"),
    Column("maximum", _("Maximum"), "number", example="12"),
    Column("fits", _("Fits"), example="CAT 336; CAT 349", hint="models of the catalogue, separated by ;"),
    Column("equivalent_to", _("Equivalent to"), example="Donaldson P551313", hint="parts above or known, with ;"),
    Column("replaces", _("Replaces"), example="CAT 1R-0749", hint="parts above or known, separated by ;"),
    Column("replaced_by", _("Replaced by"), example="CAT 1R-0751", hint="parts above or known, separated by ;"),
    Column("is_open", _("In use"), choices=YES_NO, hint="yes when left out"),
    Column("description", _("Description"), example="Rosca 1 1/8-16 UN"),
)


class PartRow(PartFacts):
    """A part as a file names it: models and other parts by brand and name or number."""

    description = forms.CharField(required=False, max_length=4000)
    fits = forms.CharField(required=False, max_length=8000)
    equivalent_to = forms.CharField(required=False, max_length=8000)
    replaces = forms.CharField(required=False, max_length=8000)
    replaced_by = forms.CharField(required=False, max_length=8000)
    is_open = forms.ChoiceField(choices=YES_NO, required=False)

    def __init__(self, row: dict[str, str], model_of: Callable, part_of: Callable) -> None:
        usual = {"category": Category.OTHER, "grade": PartGrade.ORIGINAL, "unit": Unit.PIECE, "is_open": "1"}
        super().__init__({**row, **{name: row.get(name) or value for name, value in usual.items()}})
        self.model_of, self.part_of = model_of, part_of

    def clean_number(self) -> str:
        """Numbers such as 8E4267 are a maker's own; with a plus sign a spreadsheet made them."""
        number = self.cleaned_data["number"]
        if CUT.fullmatch(number):
            raise ValidationError(
                _("the spreadsheet cut the number %(text)s: make the column text.") % {"text": number[:40]}
            )
        return number

    def clean_fits(self) -> list[MachineModel]:
        return self._each("fits", self.model_of, _("There is no model %(name)s in the catalogue of models."))

    def clean_equivalent_to(self) -> list[Part]:
        return self._parts("equivalent_to")

    def clean_replaces(self) -> list[Part]:
        return self._parts("replaces")

    def clean_replaced_by(self) -> list[Part]:
        return self._parts("replaced_by")

    def _parts(self, name: str) -> list[Part]:
        words = _("There is no part %(name)s above this line or in the catalogue, or there are several.")
        return self._each(name, self.part_of, words)

    def _each(self, field: str, find: Callable[[str], Any], complaint: Any) -> list:
        names = [name.strip() for name in self.cleaned_data[field].split(SEPARATOR) if name.strip()]
        found = [find(name) for name in names[:MOST_NAMED]]
        if None in found or len(names) > MOST_NAMED:
            name = names[found.index(None) if None in found else MOST_NAMED]
            raise ValidationError(complaint % {"name": name[:80]})
        return list(dict.fromkeys(found))

    @property
    def facts(self) -> dict:
        """What makes the part known; links to others are deeds of their own."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in LINKS}
        return {**data, "is_open": data["is_open"] != "0"}


def part_rows(user: User) -> Callable[[dict[str, str]], PartRow]:
    """What turns a row into a form; the catalogue of models is read once."""
    models = {fold(f"{model.brand} {model.name}"): model for model in fleet.models_known()}

    def part_of(name: str) -> Part | None:
        return queries.part_called(user, name)

    return lambda row: PartRow(row, lambda name: models.get(fold(name)), part_of)


def names_of(things: Iterable[Any]) -> str:
    """Models or parts as a cell names them."""
    return f"{SEPARATOR} ".join(re.sub(r"\s+", " ", str(each)) for each in things)
