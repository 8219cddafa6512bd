"""Somebody new: person, post, access and an invitation; corrected, certified, gone."""

import datetime

import pytest

from komaq.accounts import actions
from komaq.accounts.models import Employee, User
from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed

FORM = {
    "given_names": "Elsa",
    "surnames": "Condori",
    "email": "Elsa@komaq.test",
    "phone": "958 204 116",
    "document_type": "1",
    "document_number": "40 123 456",
    "hired_on": "2026-11-02",
}


def test_the_form_makes_an_employee_who_can_come_in(sign_in, log_in, alex, sales_post, letters, link_in):
    client = sign_in(alex)
    response = client.post("/app/personas/nueva/", {**FORM, "position": sales_post.pk})
    employee = Employee.objects.get(person__given_names="Elsa")
    assert response.url == f"/app/personas/{employee.pk}/"
    assert employee.person.phone == "+51958204116"
    assert employee.person.document_number == "40123456"
    assert employee.position_changes.get().effective_on == datetime.date(2026, 11, 2)
    assert letters()[-1].to == "elsa@komaq.test"
    client.post("/cuentas/salir/")
    page = client.get(link_in())
    client.post(page.url, {"password1": "cargador L120H", "password2": "cargador L120H"})
    assert log_in("elsa@komaq.test", "cargador L120H").url == "/inicio/"
    assert User.objects.get(email="elsa@komaq.test").roles == {"sales"}


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("document_number", "123", "8 d"),
        ("document_type", "", "qué documento"),
        ("phone", "12", "tel"),
        ("email", "ana@komaq.test", "Alguien ya ingresa"),
        ("given_names", "", "obligatorio"),
        ("position", "", "obligatorio"),
        ("hired_on", "0026-11-02", "Ese año no puede ser"),
        ("hired_on", "9999-12-31", "Ese año no puede ser"),
    ],
)
def test_bad_input_keeps_what_was_typed_and_changes_nothing(sign_in, alex, ana, sales_post, field, value, complaint):
    form = {**FORM, "position": sales_post.pk, field: value}
    page = sign_in(alex).post("/app/personas/nueva/", form).content.decode()
    assert complaint in page
    assert 'value="Condori"' in page
    assert not Employee.objects.filter(person__surnames="Condori").exists()


def test_data_and_skills_are_corrected_on_the_trail(sign_in, alex, clerk):
    skill = clerk.skills.create(name="Hidráulica")
    form = {**FORM, "given_names": "Tito Raúl", "surnames": "Ccori", "email": "", "skills": [skill.pk]}
    client = sign_in(alex)
    assert client.post(f"/app/personas/{clerk.pk}/editar/", form).status_code == 200
    client.post(f"/app/personas/{clerk.pk}/editar/", {**form, "email": "tito@komaq.test"})
    clerk.person.refresh_from_db()
    assert clerk.person.name == "Tito Raúl Ccori"
    assert "tito raul" in clerk.person.search
    assert Event.objects.filter(kind="accounts.employee_changed").count() == 1


def test_a_skill_no_column_can_hold_is_told_on_the_page(sign_in, alex, clerk):
    clerk.skills.create(name="Hidráulica")
    answer = sign_in(alex).post(f"/app/personas/{clerk.pk}/editar/", {**FORM, "skills": ["9" * 40]})
    assert answer.status_code == 200
    assert "skills" in answer.context["form"].errors


def test_a_skill_new_to_the_company_is_added_once(sign_in, alex, clerk):
    client = sign_in(alex)
    form = {**FORM, "new_skill": "Hidráulica"}
    client.post(f"/app/personas/{clerk.pk}/editar/", form)
    client.post(f"/app/personas/{clerk.pk}/editar/", {**form, "new_skill": "hidráulica"})
    assert [skill.name for skill in clerk.skills.all()] == ["Hidráulica"]
    assert "Hidráulica" in client.get(f"/app/personas/{clerk.pk}/").content.decode()


def test_certifications_show_how_long_they_hold(sign_in, alex, clerk):
    client = sign_in(alex)
    day = clock.today()
    form = {"name": "Trabajo en altura", "issued_on": "2025-01-01"}
    url = f"/app/personas/{clerk.pk}/certificaciones/"
    assert "vencer antes" in client.post(url, {**form, "expires_on": "2024-01-01"}).content.decode()
    client.post(url, {**form, "expires_on": (day + datetime.timedelta(days=20)).isoformat()})
    page = client.get(f"/app/personas/{clerk.pk}/").content.decode()
    assert "20 días" in page
    client.post(url, {"remove": clerk.certifications.get().pk})
    assert not clerk.certifications.exists()


def test_who_leaves_is_out_from_that_day(sign_in, client, alex, tito, clerk, tomorrow):
    elsewhere = type(client)()
    elsewhere.force_login(tito)
    admin = sign_in(alex)
    admin.post(f"/app/personas/{clerk.pk}/cese/", {"left_on": tomorrow.isoformat(), "reason": "Renuncia"})
    assert User.objects.get(pk=tito.pk).roles == {"technician"}
    with clock.travel(clock.lima(tomorrow, 0, 1)):
        assert User.objects.get(pk=tito.pk).roles == set()
    admin.post(f"/app/personas/{clerk.pk}/cese/", {"left_on": clock.today().isoformat(), "reason": "Renuncia"})
    assert elsewhere.get("/cuentas/mis-datos/").status_code == 302
    clerk.refresh_from_db()
    assert clerk.left_on == clock.today()
    admin.post(f"/app/personas/{clerk.pk}/cese/", {"left_on": "", "reason": "Error"})
    assert User.objects.get(pk=tito.pk).roles == {"technician"}


def test_nobody_leaves_before_it_came(sign_in, alex, clerk):
    page = sign_in(alex).post(f"/app/personas/{clerk.pk}/cese/", {"left_on": "2020-01-01", "reason": "x"})
    assert "no puede ser anterior al ingreso" in page.content.decode()


def test_the_last_administrator_cannot_leave(sign_in, alex):
    own = Employee.objects.get(person=alex.person)
    page = sign_in(alex).post(
        f"/app/personas/{own.pk}/cese/", {"left_on": clock.today().isoformat(), "reason": "Renuncia"}
    )
    assert "sin administrador" in page.content.decode()
    own.refresh_from_db()
    assert own.left_on is None


def test_management_reads_and_does_nothing(sign_in, gina, clerk, sales_post):
    client = sign_in(gina)
    page = client.get(f"/app/personas/{clerk.pk}/").content.decode()
    assert "Tito Ccori" in page
    assert "Registrar el cambio" not in page
    assert client.post("/app/personas/nueva/", {**FORM, "position": sales_post.pk}).status_code == 403
    with pytest.raises(NotAllowed):
        actions.invite(user=clerk.person.user, by=gina)


@pytest.mark.parametrize("path", ["", "nueva/", "exportar/"])
def test_others_do_not_read_people(sign_in, ana, path):
    assert sign_in(ana).get(f"/app/personas/{path}").status_code == 403


def test_clients_do_not_know_the_place(sign_in, carla):
    assert sign_in(carla).get("/app/personas/").status_code == 404


def test_the_invitation_goes_out_again(sign_in, alex, tito, clerk, letters):
    sign_in(alex).post(f"/app/personas/{clerk.pk}/invitar/")
    assert letters()[-1].to == tito.email
    assert "Alex Núñez abrió un acceso" in letters()[-1].text
