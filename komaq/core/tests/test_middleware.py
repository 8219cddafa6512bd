"""What happens around every request: an id, a language, the audience, refusals as answers, no stray writes."""

import pytest
from django.conf import settings

from komaq.core.models import Sequence

pytestmark = [pytest.mark.urls("komaq.core.tests.doors"), pytest.mark.django_db]


def test_every_answer_carries_its_id(client):
    ids = {client.get("/")["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_spanish_comes_first(client):
    answer = client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert answer["Content-Language"] == "es-pe"
    assert '<html lang="es' in answer.content.decode()


def test_a_chosen_language_is_remembered(client):
    answer = client.post("/idioma/", {"language": "en"}, headers={"Referer": "http://testserver/estilo/"})
    assert answer.url == "http://testserver/estilo/"
    assert client.cookies["language"]["max-age"] == 365 * 24 * 3600
    assert client.get("/")["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["xx", "../../etc", "en\r\nX: y", ""])
def test_an_unknown_language_changes_nothing(client, language):
    client.post("/idioma/", {"language": language})
    assert "language" not in client.cookies
    client.cookies["language"] = "qu"
    assert client.get("/")["Content-Language"] == "es-pe"


@pytest.mark.parametrize("page", ["https://mala.test/", "//mala.test", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(client, page):
    assert client.post("/idioma/", {"language": "en"}, headers={"Referer": page}).url == "/"


def test_a_refusal_becomes_a_message_where_one_came_from(client):
    answer = client.post("/prueba/rechazo/", headers={"Referer": "http://testserver/estilo/"})
    assert (answer.status_code, answer.url) == (302, "http://testserver/estilo/")
    assert "El pedido ya se decidió." in client.get("/estilo/").content.decode()


def test_not_allowed_is_a_page_that_says_so(sign_in, ana):
    answer = sign_in(ana).get("/prueba/prohibido/")
    assert answer.status_code == 403
    assert "Su acceso no permite hacer esto." in answer.content.decode()


def test_lost_is_not_found(sign_in, ana):
    assert sign_in(ana).get("/prueba/perdido/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 200), ("lola", 403), ("alex", 403), ("carla", 404), ("omar", 404), (None, 302)]
)
def test_the_audience_is_let_in_colleagues_told_strangers_lost(client, request, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get("/prueba/plan/").status_code == status


def test_what_declares_nothing_still_wants_a_session(client, sign_in, ana):
    assert client.get("/prueba/nadie/").status_code == 302
    assert sign_in(ana).get("/prueba/nadie/").status_code == 200


def test_a_write_outside_an_action_fails_the_test_that_makes_it(client):
    with pytest.raises(AssertionError, match="outside an action"):
        client.get("/prueba/escribe/")


def test_a_write_in_an_action_passes(client):
    assert client.get("/prueba/escribe-bien/").status_code == 200
    assert Sequence.objects.count() == 1


def test_a_breakdown_shows_no_internals(client):
    client.raise_request_exception = False
    answer = client.get("/prueba/rompe/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "clave secreta" not in text
    assert "Traceback" not in text
    assert answer["X-Request-ID"] in text


def test_pages_of_people_are_never_cached(client, sign_in, ana):
    assert "Cache-Control" not in client.get("/")
    assert "no-store" in sign_in(ana).get("/")["Cache-Control"]


def test_the_policy_lets_nothing_inline_and_nothing_foreign_run(client):
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.get("/")["Content-Security-Policy"].split(";")
        if " " in part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


def test_sessions_are_closed_to_scripts():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize(
    ("who", "megabytes", "status"), [(None, 2, 405), (None, 3, 413), ("ana", 300, 405), ("ana", 406, 413)]
)
def test_a_body_too_large_is_refused_unread(client, request, who, megabytes, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    answer = client.post("/healthz", CONTENT_LENGTH=str(megabytes * 1024**2))
    assert answer.status_code == status


def test_a_length_that_is_no_number_is_refused(client):
    assert client.post("/healthz", CONTENT_LENGTH="-1").status_code == 413
