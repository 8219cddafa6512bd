"""The shells: staff, client, field, public; error pages; the landing page; the language."""

import re

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

ITEM = {"label": "Órdenes", "url": "/app/ordenes/", "icon": "order", "key": "o", "count": 63, "current": True}
CONTEXT = {
    "menu": [{"label": "Servicio", "items": [ITEM]}],
    "lamps": [
        {"label": "paradas", "icon": "stop", "count": 3, "url": "/x/", "tone": "stop"},
        {"label": "vencidas", "icon": "late", "count": 0, "url": "/y/", "tone": "late"},
    ],
    "theme": "dark",
    "me": {"name": "Ana <Salas>", "initials": "AS", "role_label": "Jefa de taller", "email": "ana@komaq.test"},
    "company": {
        "name": "Komaq Service S.A.C.",
        "trade_name": "Komaq",
        "phone": "054 205 118",
        "email": "servicio@komaq.test",
        "address": "Arequipa",
        "ruc": "20990000086",
    },
    "messages": [],
}
SHELLS = ["staff", "portal", "field", "public"]
ERRORS = ["400", "403", "403_csrf", "404", "413", "500", "503", "507"]


def page(shell, **context):
    blocks = "{% block title %}T{% endblock %}{% block content %}<h1>Hi</h1>{% endblock %}"
    source = f'{{% extends "core/{shell}.html" %}}{blocks}'
    return engines["django"].from_string(source).render({**CONTEXT, **context}, RequestFactory().get("/"))


@pytest.mark.parametrize("language", ["es-pe", "en"])
@pytest.mark.parametrize("shell", SHELLS)
def test_shell_has_language_theme_skip_link_and_one_main(shell, language):
    with translation.override(language):
        html = page(shell)
    assert f'<html lang="{"en" if language == "en" else "es-PE"}" data-theme="dark">' in html
    assert html.count("<main") == html.count("<h1") == 1
    assert '<a class="skip" href="#main">' in html
    assert '<meta name="csrf-token" content="' in html
    assert "<title>T · Komaq</title>" in html


@pytest.mark.parametrize("shell", SHELLS)
def test_shell_without_people_or_facts(shell):
    html = page(shell, menu=[], lamps=[], theme="", me=None, company={})
    assert "<h1>Hi</h1>" in html
    assert "data-theme=" not in html
    assert 'id="account"' not in html


@pytest.mark.parametrize("shell", SHELLS)
def test_shell_obeys_the_content_policy(shell):
    obeys(page(shell, messages=[Message(constants.SUCCESS, "ok")]))


def obeys(html):
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL) == [""]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_rail_shows_places_keys_counts_and_lamps():
    html = page("staff")
    assert 'href="/app/ordenes/" data-key="o" aria-current="page"' in html
    assert '<span class="rail__n">63</span>' in html
    assert 'class="lamp" data-lit="stop"' in html
    assert html.count("data-lit") == 1, "a lamp stays dark while nothing is wrong"
    assert "<kbd>g</kbd> <kbd>o</kbd>" in html
    assert "Ana &lt;Salas&gt;" in html


def test_good_news_in_the_corner_trouble_in_the_page():
    html = page("portal", messages=[Message(constants.SUCCESS, "Guardado"), Message(constants.ERROR, "No <se> pudo")])
    corner = html[html.index('id="toasts"') :]
    body = html[html.index("<main") : html.index("</main>")]
    assert "Guardado" in corner
    assert "Guardado" not in body
    assert 'data-tone="bad" data-message role="alert"' in body
    assert "No &lt;se&gt; pudo" in body


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("language", ["es-pe", "en"])
def test_error_page_stands_alone(code, language):
    with translation.override(language):
        html = render_to_string(f"{code}.html")
    obeys(html)
    assert f"<b>{code[0]}</b><b>{code[1]}</b><i>{code[2]}</i>" in html
    assert html.count("<h1") == 1


def test_failure_names_its_number():
    assert '<span class="code">E-7F3A</span>' in render_to_string("500.html", {"error_id": "E-7F3A"})


def test_refusal_gives_its_reason():
    assert "Approving more than" in render_to_string("403.html", {"reason": "Approving more than US$ 8,000"})


@pytest.mark.django_db
def test_unknown_address_is_answered_by_our_page(client):
    answer = client.get("/no-existe/")
    assert answer.status_code == 404
    assert "Aquí no hay nada que usted pueda ver" in answer.content.decode()


@pytest.mark.django_db
def test_landing_offers_service_contact_sign_in_and_register(client):
    html = client.get("/").content.decode()
    obeys(html)
    assert "Su máquina parada, trabajando otra vez." in html
    assert 'href="tel:+' in html
    assert 'href="mailto:' in html
    assert f'href="{settings.STATIC_URL}dist/app.css"' in html
    assert ">Ingresar</a>" in html
    assert html.count("btn--main") == 1
    assert 'href="/portal/solicitar/"' in html
    assert 'href="/cuentas/terminos/">Condiciones del servicio</a>' in html
    assert 'href="/cuentas/privacidad/">Aviso de privacidad</a>' in html


def test_a_colleague_who_asks_for_service_on_the_landing_page_is_sent_to_the_own_work(sign_in, tito):
    html = sign_in(tito).get("/").content.decode()
    assert 'href="/portal/' not in html
    assert 'btn--big" href="/inicio/"' in html


@pytest.mark.parametrize("shell", ["staff", "portal", "field"])
def test_everybody_finds_the_own_data_and_the_way_out(shell):
    html = page(shell)
    assert 'popovertarget="account"' in html
    assert 'action="/cuentas/salir/"' in html
    assert 'href="/cuentas/mis-datos/"' in html


@pytest.mark.django_db
def test_landing_speaks_the_language_one_chose_and_remembers_it(client):
    answer = client.post("/idioma/", {"language": "en"}, headers={"referer": "http://testserver/"})
    assert answer.status_code == 302
    assert answer.url == "http://testserver/"
    assert "Your stopped machine, working again." in client.get("/").content.decode()


@pytest.mark.django_db
def test_unknown_language_changes_nothing(client):
    answer = client.post("/idioma/", {"language": "qu"}, headers={"referer": "http://elsewhere.test/"})
    assert answer.url == "/"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("fragment", "context", "signs"),
    [
        (
            "_track",
            {"flat": True, "steps": [{"label": "A", "note": "n", "state": "done"}, {"label": "B", "state": "now"}]},
            ["track--flat", "data-done", 'aria-current="step"', "<small>n</small>"],
        ),
        ("_empty", {"icon": "inbox", "title": "T", "text": "x", "url": "/n/", "action": "New"}, ['href="/n/"', "New"]),
        (
            "_photos",
            {"label": "L", "photos": [{"url": "/p/1", "thumb_url": "/p/2", "caption": "Bomba"}]},
            ['alt="Bomba"', 'src="/p/2"', 'href="/p/1"'],
        ),
        (
            "_palette",
            {"words": "336", "groups": [("Máquinas", [{"label": "CAT", "note": "", "icon": "machine", "url": "/m/"}])]},
            ['role="listbox"', 'id="found-1-1"', 'href="/m/"'],
        ),
        ("_palette", {"words": "<zz>", "groups": []}, ["&lt;zz&gt;"]),
    ],
)
def test_fragments(fragment, context, signs):
    html = render_to_string(f"core/{fragment}.html", context)
    assert all(sign in html for sign in signs)
