"""The places of a customer through the API."""

import pytest

from komaq.accounts.models import Grant
from komaq.customers.models import Site

NEW = {
    "name": "Planta Sur",
    "kind": "yard",
    "latitude": "-14.958",
    "longitude": "-71.331",
    "altitude_m": 4120,
    "demands": ["Trabajo en altura"],
}


@pytest.fixture
def sites(andinos):
    return f"/api/v1/customers/{andinos.pk}/sites"


def test_a_company_adds_its_place(program, carla, sites, andinos):
    call = program(carla)
    made = call("POST", sites, NEW)
    assert made.status_code == 201, made.content
    site = Site.objects.get()
    assert (site.customer, site.kind, str(site.latitude), site.demands) == (
        andinos,
        "yard",
        "-14.958000",
        NEW["demands"],
    )
    assert call("GET", f"/api/v1/sites/{site.pk}").json() == made.json() | {
        "latitude": "-14.958000",
        "longitude": "-71.331000",
    }
    assert [each["name"] for each in call("GET", sites).json()["items"]] == ["Planta Sur"]
    assert call("POST", sites, NEW).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"latitude": None}, "latitude"),
        ({"longitude": None}, "longitude"),
        ({"latitude": "91"}, "latitude"),
        ({"altitude_m": 6001}, "altitude_m"),
        ({"altitude_m": -1}, "altitude_m"),
        ({"name": ""}, "name"),
        ({"kind": "moon"}, "kind"),
        ({"access_rules": "x" * 2001}, "access_rules"),
        ({"demands": ["x" * 81]}, "demands.0"),
        ({"demands": ["x"] * 21}, "demands"),
        ({"is_open": False}, "is_open"),
        ({"version": 7}, "version"),
        ({"customer": "7"}, "customer"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, ana, sites, change, field):
    answer = program(ana)("POST", sites, {**NEW, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Site.objects.exists()


def test_a_place_changes_as_it_was_read(program, ana, tajo_sur):
    call, address = program(ana), f"/api/v1/sites/{tajo_sur.pk}"
    assert call("PATCH", address, {"is_open": False}).status_code == 428
    changed = call("PATCH", address, {"is_open": False, "altitude_m": None}, If_Match='"1"')
    assert changed.status_code == 200, changed.content
    tajo_sur.refresh_from_db()
    assert (tajo_sur.is_open, tajo_sur.altitude_m, tajo_sur.place) == (False, None, "Espinar, Cusco")
    stale = call("PATCH", address, {"name": "Otra"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    half = call("PATCH", address, {"latitude": "-14.9"}, If_Match='"2"')
    assert (half.status_code, half.json()["errors"][0]["field"]) == (422, "longitude")


def test_who_may_not_change_places(program, fina, beto, omar, sites, tajo_sur):
    for user, status in ((fina, 403), (beto, 403), (omar, 404)):
        call = program(user)
        assert call("POST", sites, NEW).status_code == status
        assert call("PATCH", f"/api/v1/sites/{tajo_sur.pk}", {"name": "X"}, If_Match='"1"').status_code == status
    assert list(Site.objects.values_list("name", "version")) == [("Tajo Sur", 1)]


def test_who_is_held_to_a_site_sees_that_alone(program, carla, beto, sites, tajo_sur, andinos, queries_of):
    other = Site.objects.create(customer=andinos, name="Taller", is_open=False)
    Grant.objects.filter(user=beto).update(scope_kind="site", scope_id=tajo_sur.pk)
    call = program(beto)
    assert [each["id"] for each in call("GET", sites).json()["items"]] == [str(tajo_sur.pk)]
    hidden, missing = call("GET", f"/api/v1/sites/{other.pk}"), call("GET", "/api/v1/sites/987654321")
    assert hidden.status_code == 404
    assert hidden.content == missing.content
    whole = program(carla)
    assert len(whole("GET", sites).json()["items"]) == 2
    assert [each["id"] for each in whole("GET", f"{sites}?only_open=true").json()["items"]] == [str(tajo_sur.pk)]
    one = queries_of(lambda: whole("GET", f"{sites}?limit=1"))
    assert queries_of(lambda: whole("GET", sites)) == one
