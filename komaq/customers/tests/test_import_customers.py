"""`komaq import customers` and `contacts`: the office's lists come in whole, in somebody's name, and go out again."""

import csv
import datetime
import io
import json

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

from komaq.accounts.models import AccessEntry
from komaq.core import clock
from komaq.core.models import Event
from komaq.customers.actions import change_customer
from komaq.customers.models import Contact, Customer

pytestmark = pytest.mark.db

SOUND = (
    "RUC;Razón social;Nombre comercial;Correo;Celular;Respuesta en horas: máquina parada\r\n"
    '20131312955;"Minera Los Andes S.A.C.";Los Andes;compras@losandes.test;987654321;4\r\n'
    "45678912;Julia Flores;;;;\r\n"
)


@pytest.fixture
def run(tmp_path, capsys):
    """`run(command, kind, text, …)` gives the exit code, what went to standard output and what to standard error."""

    def call(command, kind, text=None, *args, name="lista.csv"):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
            args = (str(tmp_path / name), *args)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, kind, *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


def test_customers_come_in_in_somebodys_name(run, lola):
    code, out, err = run("import", "customers", SOUND, "--by", "lola@komaq.test")
    assert (code, err) == (0, "")
    assert out == "Filas agregadas: 2, a nombre de Lola Paredes.\n"
    company = Customer.objects.get(tax_id="20131312955")
    assert (company.kind, company.tax_id_type, company.phone) == ("company", "6", "+51987654321")
    assert company.response_hours == {"machine_down": 4}
    person = Customer.objects.get(tax_id="45678912")
    assert (person.kind, person.tax_id_type) == ("person", "1")
    events = Event.objects.filter(kind="customers.customer_added")
    assert {event.actor_id for event in events} == {lola.pk}
    assert events.count() == 2


def test_who_may_not_is_told_once_and_nothing_is_read(run, nico, alex):
    for user in (nico, alex):
        code, _out, err = run("import", "customers", "no matter", "--by", user.email)
        assert (code, err.count("\n")) == (1, 0)
        assert user.email in err
    assert not Customer.objects.exists()


def test_without_a_name_the_only_one_who_may_acts(run, lola, nico):
    code, out, _err = run("import", "customers", SOUND)
    assert code == 0
    assert "Lola Paredes" in out


def test_of_several_who_may_none_is_chosen(run, lola, ana):
    code, _out, err = run("import", "customers", SOUND)
    assert code == 2
    assert "--by EMAIL" in err


def test_nobody_is_named_who_does_not_exist(run, lola):
    assert run("import", "customers", SOUND, "--by", "nadie@komaq.test")[0] == 2


def test_each_fault_says_where_and_why_and_nothing_is_written(run, lola, andinos):
    text = (
        "RUC,Nombre,Correo,Celular\n"
        "20131312955.0,Sana S.A.,,\n"
        "20131312956,Dígito S.A.,,\n"
        "2.01313E+10,Cortada S.A.,,\n"
        "20990000019,Conocida S.A.,,\n"
        "20131312955,Repetida S.A.,,\n"
        "45678912,,no-es-correo,12\n"
    )
    code, out, err = run("import", "customers", text)
    lines = err.splitlines()
    assert (code, out) == (1, "")
    assert [line.partition(": ")[0] for line in lines] == [
        "línea 3, columna RUC",
        "línea 4, columna RUC",
        "línea 5, columna RUC",
        "línea 6",
        "línea 7, columna Nombre",
        "línea 7, columna Correo",
        "línea 7, columna Celular",
        "Filas leídas",
    ]
    assert "línea 2" in lines[3]
    assert list(Customer.objects.all()) == [andinos]


def test_a_rehearsal_writes_nothing(run, lola):
    code, out, _err = run("import", "customers", SOUND, "--dry-run")
    assert code == 0
    assert "ensayo" in out
    assert not Customer.objects.exists()
    assert not Event.objects.filter(kind="customers.customer_added").exists()


def test_a_column_is_named_on_the_command_line(run, lola):
    text = "Nro;Cliente final;Notas\n20131312955;Minera;x\n"
    answer = run(
        "import", "customers", text, "--map", "Nro=tax_id", "--map", "Cliente final=Razón social", "--map", "Notas=-"
    )
    assert answer[0] == 0, answer
    assert Customer.objects.get().name == "Minera"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "RUC,Color\n1,2\n"), ("a.csv", "Color\n1\n"), ("a.xlsx", "RUC\n1\n"), ("a.ods", "x"), ("a.csv", "")],
    ids=["unknown column", "missing column", "no spreadsheet", "ending", "empty"],
)
def test_a_file_that_does_not_fit_is_refused_in_a_sentence(run, lola, name, text):
    code, out, err = run("import", "customers", text, name=name)
    assert (code, out) == (2, "")
    assert err
    assert "\n" not in err


@pytest.mark.parametrize("wrong", ["sin signo", "=name", "Nro="])
def test_a_map_that_names_nothing_is_refused(run, lola, wrong):
    assert run("import", "customers", SOUND, "--map", wrong)[0] == 2


def test_contacts_find_their_customer(run, lola, andinos, carla):
    text = (
        "RUC,Nombres,Apellidos,Cargo,Correo,Celular\n"
        "20990000019,Rosa María,Quispe,Jefa,Rosa@andinos.test,987654321\n"
        "20990000019,Rosa,Soto,,,\n"
    )
    text = text.replace("Cargo", "Puesto")
    assert run("import", "contacts", text)[0] == 0
    made = Contact.objects.filter(customer=andinos).exclude(person=carla.person).order_by("pk")
    assert [(each.name, each.title, each.person.email) for each in made] == [
        ("Rosa María Quispe", "Jefa", "rosa@andinos.test"),
        ("Rosa Soto", "", ""),
    ]


def test_contacts_that_are_known_or_of_nobody_are_faults(run, lola, andinos, carla):
    text = "RUC,Nombres,Apellidos,Correo\n20990000019,Carla,Quispe,CARLA@andinos.test\n20131312955,Rosa,Soto,\n"
    code, _out, err = run("import", "contacts", text)
    assert code == 1
    assert [line.partition(": ")[0] for line in err.splitlines()][:2] == [
        "línea 2, columna Nombres",
        "línea 3, columna RUC",
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_as_it_was(run, lola, tmp_path, form):
    text = 'RUC,Nombre,Nombre comercial,Dirección\n20131312955,=SUMA(A1) S.A.,"@x; ""y""",-1\n45678912,Ñusta,,\'=2\n'
    assert run("import", "customers", text)[0] == 0
    path = tmp_path / f"salida.{form}"
    assert run("export", "customers", None, "--output", str(path))[0] == 0
    columns = ("kind", "tax_id_type", "tax_id", "name", "trade_name", "address", "search", "sort_key")
    before = list(Customer.objects.order_by("pk").values_list(*columns))
    assert before[0][3:6] == ("=SUMA(A1) S.A.", '@x; "y"', "-1")
    Customer.objects.all().delete()
    code, _out, err = run("import", "customers", None, str(path))
    assert (code, err) == (0, "")
    assert list(Customer.objects.order_by("pk").values_list(*columns)) == before


def test_no_cell_that_goes_out_is_a_formula(run, lola, tmp_path):
    run("import", "customers", "RUC,Nombre\n20131312955,=1+1\n")
    code, out, _err = run("export", "customers", None)
    header, row = csv.reader(io.StringIO(out.removeprefix("\ufeff")))
    assert code == 0
    assert row[header.index("Razón social")] == "'=1+1"


def test_json_is_a_list_of_things_with_codes(run, lola, andinos):
    assert json.loads(run("export", "customers", None, "--format", "json")[1])[0] == {
        "tax_id": "20990000019",
        "tax_id_type": "6",
        "kind": "company",
        "name": "Contratistas Andinos del Sur S.A.C.",
        "trade_name": "",
        "email": "",
        "phone": "",
        "address": "",
        "hours_machine_down": "",
        "hours_high": "",
        "hours_normal": "",
    }


def test_since_a_day_counts_what_was_added_or_changed(run, lola, andinos, illapa):
    Customer.objects.update(created_at=clock.lima(datetime.date(2026, 1, 1)))
    since = ("--format", "json", "--since", clock.today().isoformat())
    assert json.loads(run("export", "customers", None, *since)[1]) == []
    change_customer(customer=illapa, version=1, by=lola, name="Illapa nueva")
    assert [each["name"] for each in json.loads(run("export", "customers", None, *since)[1])] == ["Illapa nueva"]


def test_people_go_out_in_a_name_and_it_is_noted(run, lola, ana, carla):
    assert run("export", "contacts", None)[0] == 2
    assert not AccessEntry.objects.exists()
    code, out, _err = run("export", "contacts", None, "--by", "lola@komaq.test", "--format", "json")
    assert code == 0
    assert [each["email"] for each in json.loads(out)] == ["carla@andinos.test"]
    entry = AccessEntry.objects.get()
    assert (entry.reader, entry.deed) == (lola, "exported")


def test_customers_go_out_though_several_may_read_them(run, lola, ana, andinos):
    assert run("export", "customers", None)[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [("--format", "xlsx"), ("--output", "/no/such/folder/x.csv"), ("--by", "nadie@komaq.test")],
    ids=lambda wrong: wrong[0],
)
def test_a_wish_that_cannot_be_met_is_refused(run, lola, wrong):
    code, out, err = run("export", "customers", None, *wrong)
    assert (code, out) == (2, "")
    assert err


def test_a_date_that_is_none_is_refused():
    with pytest.raises(SystemExit) as stopped:
        ManagementUtility(["komaq", "export", "customers", "--since", "ayer"]).execute()
    assert stopped.value.code == 2
