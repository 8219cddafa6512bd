"""A list comes in as a whole or not at all; every fault says line, column and reason."""

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy

from komaq.core import exchange
from komaq.core.action import action
from komaq.core.models import Sequence
from komaq.core.refusals import Refusal, require
from komaq.core.registry import Column, Sheet
from komaq.core.sheets import Line
from komaq.core.xlsx import Flaw, Unreadable

pytestmark = pytest.mark.db

COLUMNS = (
    Column("prefix", "Prefijo", required=True, also=("Código de serie",)),
    Column("year", "Año", "number", True),
    Column("kind", "Clase", choices=(("a", "Alta"), ("b", "Baja"))),
)


class Row(forms.Form):
    prefix = forms.CharField(max_length=10)
    year = forms.IntegerField(min_value=2000)
    kind = forms.CharField(required=False)


class Taken(Refusal):
    field = "prefix"


@action
def add(form, by):
    data = form.cleaned_data
    known = Sequence.objects.filter(prefix=data["prefix"], year=data["year"])
    require(not known.exists(), else_=Taken("taken"))
    return Sequence.objects.create(prefix=data["prefix"], year=data["year"], last=0)


SHEET = Sheet(
    columns=COLUMNS,
    forms=lambda user: Row,
    add=add,
    key=lambda data: (data["prefix"], data["year"]),
    rows=lambda user, since: [],
    may_import=lambda user: True,
    may_export=lambda user: True,
)


@pytest.fixture
def load(db, tmp_path):
    def run(text, *, dry_run=False, told=lambda done, size: None, **renamed):
        path = tmp_path / "lista.csv"
        path.write_text(text, encoding="utf-8")
        with translation.override("en"):
            return exchange.load(sheet=SHEET, path=path, by=None, renamed=renamed, dry_run=dry_run, tell=told)

    return run


def test_every_row_is_added(load):
    assert load("Prefijo,Año\nAA,2026\nBB,2027\n").rows == 2
    assert list(Sequence.objects.order_by("prefix").values_list("prefix", "year")) == [("AA", 2026), ("BB", 2027)]


def test_a_fault_undoes_all_and_the_others_are_told_too(load):
    Sequence.objects.create(prefix="ZZ", year=2026, last=0)
    report = load('Prefijo,Año,Clase\nAA,2026,alta\n"B\nB",dos mil,\nCC,2026,Media\nZZ,2026,\nAA,2026,\n')
    assert report.faults == [
        "line 3, column Año: Enter a whole number.",
        "line 5, column Clase: “Media” is none of: Alta, Baja.",
        "line 6, column Prefijo: taken",
        "line 7: the same as line 2.",
    ]
    assert report.rows == 5
    assert list(Sequence.objects.values_list("prefix", flat=True)) == ["ZZ"]


def test_a_rehearsal_finds_the_same_and_writes_nothing(load):
    text = "Prefijo,Año\nAA,2026\nBB,x\n"
    assert load(text, dry_run=True).faults == load(text).faults
    assert load("Prefijo,Año\nAA,2026\n", dry_run=True).count == 0
    assert not Sequence.objects.exists()


def test_no_more_than_two_hundred_faults_are_told(load):
    report = load("Prefijo,Año\n" + "AA,x\n" * 250)
    assert (len(report.faults), report.count) == (200, 250)
    with translation.override("en"):
        assert exchange.and_more(report) == "and 50 more"


@pytest.mark.parametrize(
    "header",
    ["Prefijo,Año", "PREFIJO,ano", " prefijo , AÑO ", "prefix,year", "codigo_de_serie,Año", "Año,Prefijo,"],
)
def test_headings_are_known_by_any_of_their_names(header):
    found = exchange.read_header(Line(1, header.split(",")), COLUMNS, {})
    assert {column.name for column in found.places.values()} == {"prefix", "year"}


def test_headings_and_labels_are_known_in_both_languages():
    with translation.override("en"):
        assert exchange.names_of(Column("x", gettext_lazy("file"))) == {"x", "file", "archivo"}


@pytest.mark.parametrize(
    ("header", "renamed", "said"),
    [
        (["Prefijo", "Año", "Color"], {}, r"Color.*Prefijo, Año, Clase"),
        (["Prefijo"], {}, "Año"),
        (["Prefijo", "prefix", "Año"], {}, "twice"),
        (["Prefijo", "Año"], {"Color": "kind"}, "color"),
        (["Prefijo", "Año", "Color"], {"Color": "colour"}, "Color"),
        (["", ""], {}, "Prefijo, Año"),
        ([Flaw("formula"), "Año"], {}, "formula"),
    ],
    ids=["unknown", "missing", "twice", "renamed but absent", "renamed to nothing known", "blank", "formula"],
)
def test_a_header_that_does_not_fit_is_refused(header, renamed, said):
    with translation.override("en"), pytest.raises(Unreadable, match=said):
        exchange.read_header(Line(1, header), COLUMNS, renamed)


def test_a_column_may_be_renamed_or_left_out(load):
    report = load("Serie vieja,Año,Notas\nAA,2026,ruido\n", **{"serie VIEJA": "prefix", "Notas": "-"})
    assert report.count == 0
    assert Sequence.objects.get().prefix == "AA"


def test_a_value_beyond_the_header_is_a_fault_and_a_short_row_is_none(load):
    report = load("Prefijo,Año,Clase\nAA,2026\nBB,2026,,\nCC,2026,,sobra\n")
    assert report.faults == ["line 4: “sobra” stands under no heading."]


@pytest.mark.parametrize("text", ["Prefijo,Año\n", "\n\n", "Prefijo,Año\n,\n"])
def test_a_file_without_rows_is_refused(load, text):
    with pytest.raises(Unreadable):
        load(text)


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("code", "20131312955.0", "20131312955"),
        ("code", "20131312955,00", "20131312955"),
        ("code", "20131312955", "20131312955"),
        ("code", " EX-07 ", "EX-07"),
        ("number", "12486,5", "12486.5"),
        ("number", "12486.5", "12486.5"),
        ("number", "12.486,5", "12486.5"),
        ("number", "12,486.5", "12486.5"),
        ("number", "2019.0", "2019"),
        ("number", "1.2.3", "1.2.3"),
        ("day", " 24/11/2026 ", "24/11/2026"),
        ("text", " a ", " a "),
    ],
)
def test_what_spreadsheets_do_to_numbers_is_undone(kind, written, read):
    assert exchange.clean(Column("x", "x", kind), written) == read


@pytest.mark.parametrize("cut", ["2.01313E+10", "2,01313e+10", "2E10"])
def test_a_number_that_was_cut_is_refused(cut):
    assert isinstance(exchange.clean(Column("x", "x", "code"), cut), Flaw)


def test_the_bar_hears_how_far_it_is(load):
    heard = []
    load(
        "Prefijo,Año\n" + "".join(f"A{n},2026\n" for n in range(1500)),
        told=lambda done, size: heard.append((done, size)),
    )
    assert heard
    assert all(0 < done <= size for done, size in heard)
