"""Coming in: the page, how long one is remembered, what it never tells, where it leads."""

import re

import pytest
from django.contrib.sessions.models import Session

from komaq.accounts.actions import disable_user
from komaq.core import trail
from komaq.core.models import Event

WRONG = "El correo o la contraseña no coinciden."


def text_of(response):
    """The page without what differs by nature: the token and what was typed."""
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r'content="[^"]{20,}"', "", text)


def test_the_page_speaks_spanish_and_offers_to_remember(client, db):
    page = client.get("/cuentas/ingresar/").content.decode()
    assert "Ingrese a su cuenta" in page
    assert "Recordarme en este equipo por 30 días" in page
    assert "/cuentas/crear/" in page


def test_ticked_it_remembers_this_device_for_thirty_days(log_in, client, carla):
    response = log_in(carla.email, remember="on")
    assert response.status_code == 302
    assert client.cookies["sessionid"]["max-age"] == 30 * 24 * 3600


def test_unticked_it_forgets_with_the_browser(log_in, client, carla):
    assert log_in(carla.email).status_code == 302
    cookie = client.cookies["sessionid"]
    assert cookie["max-age"] == ""
    assert cookie["expires"] == ""


def test_the_address_may_be_typed_in_capitals(log_in, carla):
    assert log_in(carla.email.upper()).status_code == 302


@pytest.mark.db
def test_coming_in_is_on_the_trail_and_dates_the_user(log_in, carla):
    log_in(carla.email)
    carla.refresh_from_db()
    assert carla.last_login is not None
    assert Event.objects.filter(kind="accounts.signed_in", subject_id=str(carla.pk)).count() == 1
    assert trail.first_broken_link(Event.objects.all()) is None


def test_unknown_wrong_and_stopped_get_the_same_page(log_in, client, alex, carla, beto):
    disable_user(user=beto, reason="Baja", by=alex)
    wrong = log_in(carla.email, "otra-clave-larga")
    unknown = log_in("nadie@andinos.test")
    stopped = log_in(beto.email)
    assert {r.status_code for r in (wrong, unknown, stopped)} == {200}
    assert WRONG in text_of(wrong)
    assert text_of(wrong) == text_of(unknown) == text_of(stopped)
    assert "_auth_user_id" not in client.session


def test_every_answer_costs_one_hash(log_in, hashes, alex, carla, beto):
    """Time tells nothing: known, unknown, stopped and invited all run the hasher once."""
    disable_user(user=beto, reason="Baja", by=alex)
    carla.set_unusable_password()
    carla.save()
    costs = []
    for email in (alex.email, "nadie@andinos.test", beto.email, carla.email):
        hashes.clear()
        log_in(email, "otra-clave-larga")
        costs.append(len(hashes))
    assert costs == [1, 1, 1, 1]


def test_an_unconfirmed_address_is_asked_to_confirm(log_in, letters, carla):
    carla.emailaddress_set.update(verified=False)
    response = log_in(carla.email)
    assert response.url == "/cuentas/correo/enviado/"
    assert letters()[-1].to == carla.email
    assert letters()[-1].subject == "Confirme su correo"


def test_five_failures_pause_even_the_right_password(log_in, carla):
    for _attempt in range(5):
        log_in(carla.email, "otra-clave-larga")
    paused = log_in(carla.email)
    assert "Demasiados intentos. Espere cinco minutos" in paused.content.decode()


def test_a_forged_proxy_header_is_no_other_person(client, carla):
    """The bucket follows the connection, not what a client says of itself."""
    answers = [
        client.post(
            "/cuentas/ingresar/",
            {"login": f"nadie{number}@andinos.test", "password": "otra-clave-larga"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        for number in range(11)
    ]
    assert "Demasiados intentos" in answers[-1].content.decode()


def test_thirty_posts_a_minute_are_enough(client, carla):
    codes = [client.post("/cuentas/ingresar/", {}).status_code for _number in range(31)]
    assert codes[-1] == 429
    assert codes[0] == 200


def test_a_success_of_one_does_not_clear_the_failures_of_another(log_in, client, carla, omar):
    for _attempt in range(5):
        log_in(carla.email, "otra-clave-larga")
    log_in(omar.email)
    client.post("/cuentas/salir/")
    assert "Demasiados intentos" in log_in(carla.email).content.decode()


def test_a_password_of_a_megabyte_is_refused_before_it_is_hashed(log_in, hashes, carla):
    hashes.clear()
    response = log_in(carla.email, "x" * 1_000_000)
    assert "como máximo 256 caracteres" in response.content.decode()
    assert hashes == []


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "https://testserver@evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\r\nLocation: //evil.example",
        "http://testserver/app/",
    ],
)
def test_next_leads_nowhere_else(client, carla, target):
    given = {"login": carla.email, "password": "excavadora-336", "next": target}
    response = client.post("/cuentas/ingresar/", given)
    assert response.status_code == 302
    assert response.url == "/inicio/"


def test_next_leads_to_our_own_page(client, carla):
    answer = client.post(
        "/cuentas/ingresar/?next=/cuentas/mis-datos/", {"login": carla.email, "password": "excavadora-336"}
    )
    assert answer.url == "/cuentas/mis-datos/"


def test_a_closed_door_leads_to_sign_in_and_back(client, carla):
    response = client.get("/cuentas/mis-datos/")
    assert response.url == "/cuentas/ingresar/?next=/cuentas/mis-datos/"


def test_the_session_before_is_worthless_after(client, log_in, carla):
    client.get("/cuentas/clave/nueva/1-abc/")
    session = client.session
    session["seed"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    log_in(carla.email)
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_leaving_needs_a_press_and_ends_the_session(sign_in, carla):
    client = sign_in(carla)
    assert client.get("/cuentas/salir/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/cuentas/salir/")
    assert "_auth_user_id" not in client.session


def test_registration_has_one_door(client, db):
    response = client.get("/cuentas/crear/")
    assert response.url == "/cuentas/registro/"
