"""`komaq import employees`: people are hired as on the page, one invitation each, or none at all."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from komaq.accounts.models import AccessEntry, Area, Employee, Position, Skill
from komaq.core.models import Event, OutgoingEmail

pytestmark = pytest.mark.db

HEADER = "Nombres,Apellidos,Correo,Celular,Número de documento,Cargo,Ingresa el,Especialidades\n"


@pytest.fixture
def run(tmp_path, alex):
    """`run(command, …)` gives the exit code, what went to standard output and what to standard error."""
    area = Area.objects.create(name="Taller")
    Position.objects.create(area=area, name="Mecánico", roles=["technician"])
    Position.objects.create(area=Area.objects.create(name="Campo"), name="Mecánico", roles=["technician"])
    Skill.objects.create(name="Hidráulica")

    def call(command, text=None, *args):
        if text is not None:
            (tmp_path / "gente.csv").write_text(text, encoding="utf-8")
            args = (str(tmp_path / "gente.csv"), *args)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, "employees", *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


def test_people_are_hired_with_post_skills_and_invitation(run, alex):
    text = HEADER + '"Rosa María",Soto,ROSA@komaq.test,987654321,45678912,taller: mecanico,01/12/2026,hidraulica\n'
    code, out, err = run("import", text)
    assert (code, err) == (0, ""), out
    made = Employee.objects.get(person__email="rosa@komaq.test")
    assert (made.person.document_type, made.person.document_number) == ("1", "45678912")
    assert made.hired_on.isoformat() == "2026-12-01"
    assert [skill.name for skill in made.skills.all()] == ["Hidráulica"]
    assert made.position_changes.get().position.area.name == "Taller"
    assert OutgoingEmail.objects.count() == 1
    assert Event.objects.get(kind="accounts.employee_hired").actor_id == alex.pk


def test_each_fault_says_where_and_why_and_nobody_is_written_to(run, alex, ana):
    text = HEADER + (
        "Rosa,Soto,rosa@komaq.test,,,Taller: Mecánico,2026-12-01,\n"
        "Ana,Otra,ana@komaq.test,,,Taller: Mecánico,2026-12-01,\n"
        "Rosa,Doble,ROSA@komaq.test,,,Taller: Mecánico,2026-12-01,\n"
        "Luis,Paz,luis@komaq.test,,123,Mecánico,31/02/2026,Magia\n"
        "Luz,Paz,luz@komaq.test,,,Jefe,2026-12-01,\n"
    )
    code, _out, err = run("import", text)
    assert code == 1
    assert [line.partition(": ")[0] for line in err.splitlines()][:-1] == [
        "línea 3, columna Correo",
        "línea 4",
        "línea 5, columna Cargo",
        "línea 5, columna Ingresa el",
        "línea 5, columna Especialidades",
        "línea 5, columna Documento",
        "línea 6, columna Cargo",
    ]
    assert Employee.objects.count() == 2
    assert not OutgoingEmail.objects.exists()


def test_a_known_document_is_a_fault(run):
    text = HEADER + "Rosa,Soto,{}@komaq.test,,45678912,Taller: Mecánico,2026-12-01,\n"
    assert run("import", text.format("rosa"))[0] == 0
    code, _out, err = run("import", text.format("otra"))
    assert code == 1
    assert err.startswith("línea 2, columna Número de documento: ")


def test_a_rehearsal_invites_nobody(run):
    text = HEADER + "Rosa,Soto,rosa@komaq.test,,,Taller: Mecánico,2026-12-01,\n"
    assert run("import", text, "--dry-run")[0] == 0
    assert not OutgoingEmail.objects.exists()
    assert Employee.objects.count() == 1


def test_who_works_here_goes_out_and_it_is_noted(run, alex, tito):
    Employee.objects.filter(person=tito.person).update(left_on="2026-01-01")
    code, out, _err = run("export", None, "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    assert (row["given_names"], row["position"], row["hired_on"]) == ("Alex", "Técnica: admin", "2024-01-02")
    assert AccessEntry.objects.get().reader == alex


@pytest.mark.parametrize("command", ["import", "export"])
def test_who_may_not_is_told(run, lola, command):
    code, out, err = run(command, HEADER if command == "import" else None, "--by", "lola@komaq.test")
    assert (code, out) == (1, "")
    assert "lola@komaq.test" in err
    assert not AccessEntry.objects.exists()
