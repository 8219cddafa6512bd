"""`komaq import parts`: a catalogue comes in whole, with models and links, and goes out again."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from komaq.core.models import Event
from komaq.fleet.models import MachineModel
from komaq.parts import actions
from komaq.parts.models import Holding, Part, PartLink

pytestmark = pytest.mark.db

HEADER = (
    "Número de parte,Marca,Nombre,Categoría,Grado,Unidad,Precio,Mínimo,Máximo,Compatible con,Equivalente a,"
    "Reemplaza a,En uso\n"
)
FIRST = '1R-0749,CAT,Filtro de petróleo,Filtros,,,"1.118,90",2,8,CAT 336; Volvo EC480D,,,No\n'
SECOND = "1R-0750,cat,Filtro de petróleo,filter,Original,unidad,,,,,,CAT 1R-0749,\n"
THIRD = "P551313,Donaldson,Filtro separador,Filtros,Alternativo,NIU,61.5,,,,1R0750; cat 1r-0749,,\n"


@pytest.fixture
def run(tmp_path, nico):
    """`run(command, …)` gives the exit code, what went to standard output and what to standard error."""

    def call(command, text=None, *args):
        if text is not None:
            (tmp_path / "repuestos.csv").write_text(text, encoding="utf-8")
            args = (str(tmp_path / "repuestos.csv"), *args)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, "parts", *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


@pytest.fixture
def models(db):
    return [
        MachineModel.objects.get_or_create(brand=brand, name=name, defaults={"type": "excavator"})[0]
        for brand, name in (("CAT", "336"), ("Volvo", "EC480D"))
    ]


def test_a_catalogue_comes_in_with_models_and_links(run, nico, models):
    code, out, err = run("import", HEADER + FIRST + SECOND + THIRD)
    assert (code, err) == (0, ""), out
    old, new, other = Part.objects.order_by("pk")
    assert (old.price, old.minimum, old.maximum, old.is_open) == (Decimal("1118.9"), 2, 8, False)
    assert {fit.model for fit in old.fits.all()} == set(models)
    assert (new.grade, new.unit, new.is_open, other.grade) == ("original", "NIU", True, "alternative")
    assert set(PartLink.objects.values_list("kind", "part", "other")) == {
        ("superseded_by", old.pk, new.pk),
        ("equivalent", other.pk, new.pk),
        ("equivalent", other.pk, old.pk),
    }
    assert Holding.objects.count() == 3
    assert {event.actor_id for event in Event.objects.filter(kind__startswith="parts.")} == {nico.pk}


def test_each_fault_says_where_and_why_and_nothing_is_written(run, nico, models, oil_filter):
    text = HEADER + (
        "--,CAT,Filtro,,,,,,,,,,\n"
        "A1,CAT,Filtro,Zapatos,,,,,,,,,\n"
        "A2,CAT,Filtro,,,,-3,,,,,,\n"
        "A3,CAT,Filtro,,,,,8,2,,,,\n"
        "A4,CAT,Filtro,,,,,,,CAT 999,,,\n"
        "A5,CAT,Filtro,,,,,,,,CAT 404,,\n"
        "1r0750,cat,Filtro,,,,,,,,,,\n"
        "A6,CAT,Filtro,,,,,,,,,,\n"
        "a-6,cat,Filtro,,,,,,,,,,\n"
        "A7,CAT,,,,,,,,,,,\n"
        "A8,CAT,Filtro,,,,,,,,A8,,\n"
    )
    code, _out, err = run("import", text)
    assert code == 1
    assert [line.partition(": ")[0] for line in err.splitlines()][:-1] == [
        "línea 2, columna Número de parte",
        "línea 3, columna Categoría",
        "línea 4, columna Precio",
        "línea 5, columna Máximo",
        "línea 6, columna Compatible con",
        "línea 7, columna Equivalente a",
        "línea 8, columna Número de parte",
        "línea 10",
        "línea 11, columna Nombre",
        "línea 12, columna Equivalente a",
    ], err
    assert Part.objects.get() == oil_filter


def test_who_may_not_move_parts_brings_none_in(run, ana):
    code, _out, err = run("import", HEADER + SECOND.replace("CAT 1R-0749", ""), "--by", ana.email)
    assert code == 1, err
    assert not Part.objects.exists()


def test_what_went_out_comes_in_again_the_same(run, nico, models, tmp_path):
    run("import", HEADER + FIRST + SECOND + THIRD)
    newest, old = Part.objects.get(number="P551313"), Part.objects.get(number="1R-0749")
    earlier = actions.create_part(brand="Baldwin", number="BF 7633", name="Filtro", description="Dos\nlíneas", by=nico)
    actions.link_parts(part=newest, other=earlier, kind="superseded_by", by=nico)
    actions.link_parts(part=earlier, other=old, kind="equivalent", by=nico)
    for form in ("csv", "xlsx"):
        file = tmp_path / f"salida.{form}"
        assert run("export", None, "--output", str(file), "--format", form)[0] == 0
        before = facts()
        forget()
        code, _out, err = run("import", None, str(file))
        assert (code, err) == (0, "")
        assert facts() == before


def facts():
    names = (
        "number",
        "brand",
        "name",
        "description",
        "category",
        "grade",
        "unit",
        "price",
        "minimum",
        "maximum",
        "is_open",
    )
    links = PartLink.objects.values_list("kind", "part__number", "other__number")
    undirected = {(kind, *(sorted(pair) if kind == "equivalent" else pair)) for kind, *pair in links}
    fits = set(Part.objects.values_list("number", "fits__model__name"))
    return list(Part.objects.order_by("pk").values_list(*names)), undirected, fits


def forget():
    for part in Part.objects.all():
        part.links.all().delete()
        part.fits.all().delete()
    Holding.objects.all().delete()
    Part.objects.all().delete()


@pytest.mark.parametrize(("number", "sound"), [("8E4267", True), ("6E-5200", True), ("1,2E+05", False)])
def test_a_makers_number_is_not_taken_for_a_cut_one(run, number, sound):
    code, _out, err = run("import", HEADER + f'"{number}",CAT,Perno,,,,,,,,,,\n')
    assert (code == 0) == sound, err
    assert Part.objects.exists() == sound


def test_json_goes_out_with_codes(run, nico, oil_filter):
    code, out, _err = run("export", None, "--format", "json")
    assert code == 0
    [row] = json.loads(out)
    assert (row["number"], row["category"], row["unit"], row["is_open"]) == ("1R-0750", "other", "NIU", "1")
