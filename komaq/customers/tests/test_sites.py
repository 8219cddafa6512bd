"""The places of a customer, kept by the office and by the client's administrator."""

from decimal import Decimal

import pytest

from komaq.accounts.models import Grant
from komaq.core.refusals import NotAllowed, NotFound
from komaq.core.trail import history
from komaq.customers import actions, queries
from komaq.customers.models import Site

SITES = "/portal/empresa/sedes/"
SOUND = {
    "name": "Botadero 3",
    "kind": "mine",
    "place": "Espinar, Cusco",
    "address": "",
    "latitude": "-14.793100",
    "longitude": "-71.411200",
    "altitude_m": "4120",
    "access_rules": "Inducción y altura; avisar por radio, canal 7",
    "demands": "Trabajo en altura\n\nInducción de mina",
}


@pytest.fixture
def held(beto, tajo_sur):
    """Beto, held to Tajo Sur."""
    Grant.objects.filter(user=beto).update(scope_kind="site", scope_id=tajo_sur.pk)
    return beto


def test_the_office_adds_a_site(sign_in, ana, andinos):
    sign_in(ana).post(f"/app/clientes/{andinos.pk}/sedes/nueva/", SOUND)
    site = Site.objects.get()
    assert (site.latitude, site.altitude_m) == (Decimal("-14.7931"), 4120)
    assert site.demands == ["Trabajo en altura", "Inducción de mina"]


def test_a_client_adds_a_site_to_its_company_only(sign_in, carla, andinos):
    assert sign_in(carla).post(f"{SITES}nueva/", SOUND).url == SITES
    assert Site.objects.get().customer == andinos


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latitude", "-91"),
        ("latitude", ""),
        ("longitude", "181"),
        ("longitude", "NaN"),
        ("altitude_m", "-1"),
        ("altitude_m", "9000"),
        ("name", ""),
        ("name", "x" * 121),
        ("kind", "moon"),
        ("access_rules", "\x00"),
    ],
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, carla, name, value):
    page = sign_in(carla).post(f"{SITES}nueva/", {**SOUND, name: value})
    assert list(page.context["form"].errors) == [name]
    assert "Espinar, Cusco" in page.content.decode()
    assert not Site.objects.exists()


def test_two_sites_never_share_a_name(sign_in, carla, tajo_sur):
    page = sign_in(carla).post(f"{SITES}nueva/", {**SOUND, "name": "Tajo Sur"})
    assert list(page.context["form"].errors) == ["name"]
    site = actions.add_site(customer=tajo_sur.customer, name="Otro", kind="yard", by=carla)
    with pytest.raises(actions.SiteNameTaken):
        actions.change_site(site=site, version=1, by=carla, name="Tajo Sur")


def test_a_site_is_changed_and_closed(sign_in, carla, tajo_sur):
    sign_in(carla).post(f"{SITES}{tajo_sur.pk}/", {**SOUND, "version": 1})
    tajo_sur.refresh_from_db()
    assert (tajo_sur.name, tajo_sur.is_open, tajo_sur.version) == ("Botadero 3", False, 2)
    assert not queries.sites_of(carla, tajo_sur.customer).exists()
    assert queries.sites_of(carla, tajo_sur.customer, only_open=False).exists()
    assert [event.kind for event in history(tajo_sur)] == ["customers.site_changed"]


@pytest.mark.parametrize("path", [SITES + "{}/", "/app/sedes/{}/"])
def test_a_stale_version_saves_nothing_and_shows_both(sign_in, carla, ana, tajo_sur, path):
    actions.change_site(site=tajo_sur, version=1, by=ana, access_rules="Pase 24 h antes")
    user = carla if path.startswith("/portal") else ana
    page = sign_in(user).post(path.format(tajo_sur.pk), {**SOUND, "version": 1, "is_open": "on"})
    assert page.status_code == 409
    assert "Pase 24 h antes" in page.content.decode()
    assert "canal 7" in page.content.decode()
    tajo_sur.refresh_from_db()
    assert tajo_sur.access_rules == "Pase 24 h antes"


def test_another_company_meets_nothing(sign_in, omar, tajo_sur):
    assert sign_in(omar).get(f"{SITES}{tajo_sur.pk}/").status_code == 404
    assert sign_in(omar).post(f"{SITES}{tajo_sur.pk}/", {**SOUND, "version": 1}).status_code == 404


def test_a_plain_user_reads_and_changes_nothing(sign_in, beto, tajo_sur):
    client = sign_in(beto)
    assert "Tajo Sur" in client.get(SITES).content.decode()
    assert client.post(f"{SITES}{tajo_sur.pk}/", {**SOUND, "version": 1}).status_code == 403
    assert client.post(f"{SITES}nueva/", SOUND).status_code == 403


def test_who_is_held_to_a_site_sees_that_one_alone(sign_in, held, carla, andinos, tajo_sur):
    other = actions.add_site(customer=andinos, name="Botadero 3", kind="mine", by=carla)
    shown = sign_in(held).get(SITES).content.decode()
    assert "Tajo Sur" in shown
    assert "Botadero 3" not in shown
    with pytest.raises(NotFound):
        queries.get_site(held, other.pk)


def test_logistics_reads_only(sign_in, nico, andinos, tajo_sur):
    assert sign_in(nico).post(f"/app/sedes/{tajo_sur.pk}/", SOUND).status_code == 403
    with pytest.raises(NotAllowed):
        actions.add_site(customer=andinos, name="X", kind="mine", by=nico)
    with pytest.raises(NotAllowed):
        actions.change_site(site=tajo_sur, version=1, by=nico, name="X")


def test_the_page_costs_the_same_however_many(queries_of, sign_in, carla, andinos, tajo_sur):
    client = sign_in(carla)
    few = queries_of(lambda: client.get(SITES))
    for number in range(3):
        actions.add_site(customer=andinos, name=f"Tajo {number}", kind="mine", by=carla)
    assert few == queries_of(lambda: client.get(SITES)) <= 10
