"""A client looks at its company, corrects it, and changes between companies."""

import pytest

from komaq.accounts.models import User
from komaq.core.refusals import NotAllowed, NotFound
from komaq.customers import actions, queries

COMPANY = "/portal/empresa/"
EDIT = f"{COMPANY}editar/"
SOUND = {
    "version": 1,
    "trade_name": "Andinos",
    "email": "hola@andinos.test",
    "phone": "054 205118",
    "address": "Yura km 16",
}


def test_a_client_reads_its_company(sign_in, beto, andinos):
    shown = sign_in(beto).get(COMPANY).content.decode()
    assert andinos.tax_id in shown
    assert EDIT not in shown


def test_an_administrator_corrects_what_it_may_and_nothing_more(sign_in, carla, andinos):
    extra = {"name": "Otra S.A.", "tax_id": "20990000035", "response_hours": "{}", "kind": "person"}
    assert sign_in(carla).post(EDIT, {**SOUND, **extra}).url == COMPANY
    andinos.refresh_from_db()
    assert (andinos.trade_name, andinos.phone, andinos.address) == ("Andinos", "+5154205118", "Yura km 16")
    assert (andinos.name, andinos.tax_id) == ("Contratistas Andinos del Sur S.A.C.", "20990000019")
    assert andinos.kind == "company"


@pytest.mark.parametrize(
    ("name", "value"),
    [("email", "x"), ("phone", "x"), ("trade_name", "x" * 121), ("address", "\x00"), ("version", "x")],
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, carla, andinos, name, value):
    page = sign_in(carla).post(EDIT, {**SOUND, name: value})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [name]
    andinos.refresh_from_db()
    assert andinos.version == 1


def test_a_stale_version_saves_nothing_and_shows_both(sign_in, carla, lola, andinos):
    actions.change_customer(customer=andinos, version=1, by=lola, name=andinos.name, address="Av. Lima 1")
    page = sign_in(carla).post(EDIT, SOUND)
    assert page.status_code == 409
    assert "Av. Lima 1" in page.content.decode()
    assert "Yura km 16" in page.content.decode()
    andinos.refresh_from_db()
    assert andinos.address == "Av. Lima 1"


def test_a_plain_user_corrects_nothing(sign_in, beto, andinos):
    assert sign_in(beto).get(EDIT).status_code == 403
    assert sign_in(beto).post(EDIT, SOUND).status_code == 403
    with pytest.raises(NotAllowed):
        actions.correct_company(customer=andinos, version=1, by=beto)


@pytest.mark.parametrize("path", [COMPANY, EDIT, f"{COMPANY}personas/", f"{COMPANY}sedes/"])
def test_staff_is_a_stranger_here(sign_in, gina, path):
    assert sign_in(gina).get(path).status_code == 404


def test_changing_company_changes_what_is_seen(sign_in, both, andinos, illapa):
    client = sign_in(both)
    assert andinos.tax_id in client.get(COMPANY).content.decode()
    client.post("/portal/cambiar-empresa/", {"customer_id": illapa.pk})
    assert client.get(COMPANY).context["customer"] == illapa
    client.post("/portal/cambiar-empresa/", {"customer_id": andinos.pk})
    assert client.get(COMPANY).context["customer"] == andinos


def test_an_administrator_elsewhere_is_a_plain_user_here(sign_in, both, andinos, illapa):
    client = sign_in(both)
    client.post("/portal/cambiar-empresa/", {"customer_id": andinos.pk})
    assert client.post(EDIT, SOUND).status_code == 403
    client.post("/portal/cambiar-empresa/", {"customer_id": illapa.pk})
    assert client.post(EDIT, SOUND).status_code == 302
    illapa.refresh_from_db()
    assert illapa.trade_name == "Andinos"


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40])
def test_a_company_that_is_not_ones_own_is_not_found(sign_in, carla, illapa, value):
    client = sign_in(carla)
    for wished in (value, illapa.pk):
        assert client.post("/portal/cambiar-empresa/", {"customer_id": wished}).status_code == 404


def test_the_active_company_is_always_an_own_one(carla, andinos, illapa, gina):
    assert queries.active_customer(carla, illapa.pk) == andinos
    assert queries.active_customer(carla) == andinos
    with pytest.raises(NotFound):
        queries.active_customer(gina, andinos.pk)


def test_companies_are_those_of_live_powers(both, andinos, illapa):
    assert queries.companies_of(both) == [andinos, illapa]
    both.grants.filter(customer_id=andinos.pk).update(ended_at="2026-01-01T00:00Z")
    assert queries.companies_of(User.objects.get(pk=both.pk)) == [illapa]
