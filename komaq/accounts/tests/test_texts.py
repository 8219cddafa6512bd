"""The texts of the law: for anyone, by version, in both languages."""

import pytest


@pytest.mark.parametrize(
    "words",
    ["20990000086", "bancos de datos", "SUNAT", "Perú", "5 años", "ANPD", "8 días hábiles", "No tomamos ninguna"],
)
def test_the_notice_says_what_article_18_asks(client, db, words):
    assert words in client.get("/cuentas/privacidad/").content.decode()


def test_the_terms_are_there_with_their_day(client, db):
    page = client.get("/cuentas/terminos/?version=2026-10-01").content.decode()
    assert "Condiciones del servicio" in page
    assert "01/10/2026" in page


def test_an_unknown_version_is_not_there(client, db):
    assert client.get("/cuentas/terminos/?version=../../x").status_code == 404


def test_in_english_too(client, db):
    client.cookies["language"] = "en"
    assert "Law 29733" in client.get("/cuentas/privacidad/").content.decode()
