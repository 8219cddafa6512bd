"""The trail on a page: found by kind, hand, thing and day; business values only for whom the business concerns."""

import pytest

from komaq.accounts import actions
from komaq.core import clock, trail


@pytest.fixture
def deeds(alex, carla, cat336):
    actions.disable_user(user=carla, reason="Teléfono perdido", by=alex)
    trail.record("fleet.machine_changed", cat336, by=alex, price="99.90")


def test_management_reads_all(sign_in, gina, deeds):
    page = sign_in(gina).get("/app/auditoria/").content.decode()
    assert "Teléfono perdido" in page
    assert "99.90" in page
    assert "Alex Núñez" in page


def test_an_administrator_reads_no_business_values(sign_in, alex, deeds):
    page = sign_in(alex).get("/app/auditoria/").content.decode()
    assert "Teléfono perdido" in page
    assert "fleet.machine_changed" in page
    assert "99.90" not in page


@pytest.mark.parametrize(
    "query",
    [
        "kind=fleet.machine_changed",
        "actor=nadie@",
        "subject=fleet.machine",
        "until=2020-01-01",
        "since=2099-01-01",
        "subject=fleet.machine 999999",
    ],
)
def test_filters_leave_the_rest_out(sign_in, gina, deeds, query):
    assert "Teléfono perdido" not in sign_in(gina).get(f"/app/auditoria/?{query}").content.decode()


def test_filters_find(sign_in, gina, alex, carla, deeds):
    today = clock.today().isoformat()
    query = f"kind=accounts.user_disabled&actor=alex@&subject=accounts.user {carla.pk}&since={today}&until={today}"
    assert "Teléfono perdido" in sign_in(gina).get(f"/app/auditoria/?{query}").content.decode()


@pytest.mark.parametrize(
    "query",
    ["since=x", "until=9999-12-31", "since=0001-01-01", "kind=" + "k" * 100, "actor=%00", "cursor=zzz&sort=newest"],
)
def test_nonsense_never_breaks(sign_in, gina, deeds, query):
    assert sign_in(gina).get(f"/app/auditoria/?{query}").status_code in {200, 404}


def test_pages_go_on(sign_in, gina, carla):
    for _number in range(60):
        trail.record("accounts.own_data_changed", carla.person, by=carla)
    client = sign_in(gina)
    first = client.get("/app/auditoria/")
    following = first.context["page"].next
    second = client.get(f"/app/auditoria/?cursor={following}")
    seen = {r["event"].pk for r in first.context["rows"]} & {r["event"].pk for r in second.context["rows"]}
    assert following
    assert not seen


def test_erased_content_is_said_to_be(sign_in, gina, carla):
    actions.give_consent(person=carla.person, kind="news", version="2026-10-01", by=carla)
    actions.erase_person(person=carla.person, by=carla)
    assert "borrado a pedido de la persona" in sign_in(gina).get("/app/auditoria/").content.decode()


@pytest.mark.parametrize("who", ["ana", "tito", "carla"])
def test_nobody_else_reads_it(sign_in, request, who):
    assert sign_in(request.getfixturevalue(who)).get("/app/auditoria/").status_code in {403, 404}
