"""`komaq import machines`: a fleet comes in whole, with owners, places and meters, and goes out again."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from komaq.core.models import Event
from komaq.fleet.models import Machine, MachineModel, MeterReading

pytestmark = pytest.mark.db

HEADER = "RUC,Marca,Modelo,Tipo,Serie,Año,Obra o sede,Estado,Horómetro,Leído el\n"


@pytest.fixture
def run(tmp_path, morning):
    """`run(command, …)` gives the exit code, what went to standard output and what to standard error."""

    def call(command, text=None, *args):
        if text is not None:
            (tmp_path / "flota.csv").write_text(text, encoding="utf-8")
            args = (str(tmp_path / "flota.csv"), *args)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, "machines", *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


def test_a_fleet_comes_in_with_owner_place_and_meter(run, lola, andinos, tajo_sur):
    text = HEADER + (
        '20990000019,CAT,336,Excavadora,dks 01999,2019.0,TAJO SUR,,"12486,5",20/11/2026\n'
        "20990000019,cat,336,,DKS02000,,,Parada,12.5,2026-11-24T07:00\n"
    )
    code, out, err = run("import", text.replace("Parada", "down"))
    assert (code, err) == (0, ""), out
    first, second = Machine.objects.order_by("code")
    assert (first.serial, first.year, first.site, first.model.type) == ("DKS01999", 2019, tajo_sur, "excavator")
    assert (first.meter, first.meter_at.isoformat()) == (Decimal("12486.5"), "2026-11-20T05:00:00+00:00")
    assert (second.status, second.model_id, second.site) == ("down", first.model_id, None)
    assert MachineModel.objects.count() == 1
    assert set(MeterReading.objects.values_list("recorded_by_id", "source")) == {(lola.pk, "office")}
    assert {event.actor_id for event in Event.objects.filter(kind__startswith="fleet.")} == {lola.pk}


def test_each_fault_says_where_and_why_and_nothing_is_written(run, lola, andinos, tajo_sur, cat336):
    text = HEADER + (
        "20131312955,CAT,336,,A1,,,,,\n"
        "20990000019,Sany,SY500,,A2,,,,,\n"
        "20990000019,CAT,336,Avión,A3,,,,,\n"
        "20990000019,CAT,336,,A4,1900,Norte,,,\n"
        "20990000019,CAT,336,,dks01874,,,,,\n"
        "20990000019,CAT,336,,A5,,,,10,\n"
        "20990000019,CAT,336,,A6,,,,10,2026-11-25\n"
        "20990000019,CAT,336,,A7,,,,,\n"
        "20990000019,cat,336,,a 7,,,,,\n"
    )
    code, _out, err = run("import", text)
    assert code == 1
    assert [line.partition(": ")[0] for line in err.splitlines()][:-1] == [
        "línea 2, columna RUC",
        "línea 3, columna Tipo",
        "línea 4, columna Tipo",
        "línea 5, columna Año",
        "línea 5, columna Obra o sede",
        "línea 6, columna Serie",
        "línea 7, columna Leído el",
        "línea 8, columna Leído el",
        "línea 10",
    ]
    assert list(Machine.objects.all()) == [cat336]


def test_what_goes_out_comes_in_again_as_it_was(run, lola, andinos, tajo_sur, tmp_path):
    text = HEADER + '20990000019,CAT,336,excavator,=1+1,2019,Tajo Sur,down,"12486,5",2026-11-20T06:30:15\n'
    assert run("import", text)[0] == 0
    path = tmp_path / "salida.xlsx"
    assert run("export", None, "--output", str(path))[0] == 0
    columns = ("serial", "year", "site", "status", "meter", "meter_at", "meter_unit", "model")
    before = Machine.objects.values_list(*columns).get()
    MeterReading.objects.all().delete()
    Machine.objects.all().delete()
    assert run("import", None, str(path))[0] == 0
    assert Machine.objects.values_list(*columns).get() == before


def test_a_reading_since_counts_as_a_change(run, lola, cat336, volvo480):
    Machine.objects.update(created_at="2026-01-01T00:00:00Z")
    since = ("--since", "2026-11-24", "--format", "json")
    assert json.loads(run("export", None, *since)[1]) == []
    text = HEADER + "20990000019,CAT,336,,X1,,,,5,2026-11-24T07:00\n"
    assert run("import", text)[0] == 0
    assert [each["serial"] for each in json.loads(run("export", None, *since)[1])] == ["X1"]


def test_owners_places_and_models_are_looked_up_once(run, lola, andinos, tajo_sur, queries_of):
    def rows(first, last):
        body = "".join(f"20990000019,CAT,336,excavator,S{n},,Tajo Sur,,,\n" for n in range(first, last))
        return queries_of(lambda: run("import", HEADER + body))

    rows(0, 1)
    each = (rows(100, 120) - rows(200, 210)) / 10
    assert each <= 24


def test_who_may_not_is_told(run, nico):
    code, _out, err = run("import", HEADER, "--by", "nico@komaq.test")
    assert code == 1
    assert "nico@komaq.test" in err
