"""Forgotten, chosen, changed."""

import re

import pytest

from komaq.accounts import actions, queries
from komaq.core.models import Event, Job, OutgoingEmail

NEW = "cargador frontal L120H"


def ask(client, email, **headers):
    return client.post("/cuentas/clave/", {"email": email}, **headers)


def choose(client, path, password=NEW):
    page = client.get(path)
    return client.post(page.url, {"password1": password, "password2": password})


def test_known_unknown_and_stopped_get_the_same_answer_and_cost_the_same(client, queries_of, alex, carla, beto):
    actions.disable_user(user=beto, reason="Baja", by=alex)
    asked = []
    answers = []
    for email in (carla.email, "nadie@andinos.test", beto.email):
        asked.append(queries_of(lambda email=email: answers.append(ask(client, email))))
    assert {(each.status_code, each.url) for each in answers} == {(302, "/cuentas/clave/enviado/")}
    assert asked[0] == asked[1] == asked[2]
    assert OutgoingEmail.objects.count() == 0
    assert Job.objects.filter(name="accounts.send_password_reset").count() == 3


def test_only_the_known_gets_a_letter(client, letters, alex, carla, beto):
    actions.disable_user(user=beto, reason="Baja", by=alex)
    for email in (carla.email, "nadie@andinos.test", beto.email):
        ask(client, email)
    assert [each.to for each in letters()] == [carla.email]
    assert letters()[0].subject == "Elija una nueva contraseña"


def test_the_letter_is_in_the_persons_language(client, letters, carla):
    carla.person.language = "en"
    carla.person.save()
    ask(client, carla.email)
    assert letters()[0].subject == "Choose a new password"


def test_the_link_names_our_address_whatever_host_the_request_names(client, letters, carla):
    assert ask(client, carla.email, headers={"host": "localhost"}).status_code == 302
    assert "http://testserver/cuentas/clave/nueva/" in letters()[0].text
    assert "localhost" not in letters()[0].text + letters()[0].html


@pytest.mark.parametrize("header", ["host", "X-Forwarded-Host"])
def test_a_hostile_host_gets_nothing(client, letters, carla, header):
    response = ask(client, carla.email, headers={header: "evil.example"})
    assert response.status_code in {302, 400}
    assert "evil.example" not in "".join(each.text + each.html for each in letters())


def test_the_link_sets_the_password_once(client, letters, link_in, log_in, carla):
    ask(client, carla.email)
    path = link_in()
    assert choose(client, path).url == "/cuentas/clave/lista/"
    assert "ya no es válido" in client.get(path).content.decode()
    assert log_in(carla.email, NEW).status_code == 302
    assert letters()[-1].subject == "Cambió su contraseña"


def test_the_link_dies_when_the_person_comes_in_otherwise(client, link_in, log_in, carla):
    ask(client, carla.email)
    path = link_in()
    log_in(carla.email)
    assert "ya no es válido" in client.get(path).content.decode()


def test_the_link_of_one_is_no_link_for_another(client, link_in, carla, omar):
    ask(client, carla.email)
    path = link_in()
    other = re.sub(r"nueva/[0-9a-z]+-", lambda _m: f"nueva/{omar.pk}-", path)
    assert "ya no es válido" in client.get(other).content.decode()


def test_a_pending_address_gets_no_link(client, letters, carla):
    carla.emailaddress_set.create(email="pendiente@andinos.test", verified=False, primary=False)
    ask(client, "pendiente@andinos.test")
    assert letters() == []


def test_a_new_password_ends_every_open_session(client, link_in, carla, django_user_model):
    elsewhere = type(client)()
    elsewhere.force_login(carla)
    ask(client, carla.email)
    choose(client, link_in())
    assert elsewhere.get("/cuentas/mis-datos/").status_code == 302


def test_choosing_by_letter_confirms_the_address(client, link_in, carla):
    carla.emailaddress_set.update(verified=False)
    ask(client, carla.email)
    choose(client, link_in())
    assert carla.emailaddress_set.get().verified


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("corta", "demasiado corta"), ("1234567890123", "num"), ("x" * 300, "como máximo 256")],
)
def test_weak_and_endless_passwords_are_refused(client, link_in, carla, password, complaint):
    ask(client, carla.email)
    response = choose(client, link_in(), password)
    assert response.status_code == 200
    assert complaint in response.content.decode().lower()


def test_five_requests_a_minute_for_one_address(client, carla):
    assert [ask(client, carla.email).status_code for _number in range(6)][-1] == 429


def test_changing_it_needs_the_present_one_and_keeps_only_this_session(sign_in, client, letters, carla):
    elsewhere = type(client)()
    elsewhere.force_login(carla)
    client = sign_in(carla)
    form = {"oldpassword": "otra", "password1": NEW, "password2": NEW}
    assert "no es su contraseña actual" in client.post("/cuentas/clave/cambiar/", form).content.decode()
    response = client.post("/cuentas/clave/cambiar/", {**form, "oldpassword": "excavadora-336"})
    assert response.url == "/cuentas/mis-datos/"
    assert client.get("/cuentas/mis-datos/").status_code == 200
    assert elsewhere.get("/cuentas/mis-datos/").status_code == 302
    assert Event.objects.filter(kind="accounts.password_changed").count() == 1
    assert letters()[-1].subject == "Cambió su contraseña"


def test_the_path_of_a_link_serves_other_rooms(client, carla):
    path = queries.set_password_path(carla)
    assert choose(client, path).status_code == 302


def test_the_address_may_be_written_in_capitals(client, letters, carla):
    ask(client, carla.email.upper())
    assert [each.to for each in letters()] == [carla.email]
