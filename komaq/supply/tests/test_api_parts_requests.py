"""What is needed, by program: the same rules as the pages."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from komaq.core import clock
from komaq.supply import actions
from komaq.supply.models import PartsNeed

NEEDS = "/api/v1/parts-requests"


@pytest.fixture
def need_in(oil_filter):
    """A well-formed request by hand."""
    day = (clock.today() + datetime.timedelta(days=5)).isoformat()
    return {"part": str(oil_filter.pk), "quantity": "4", "need_by": day, "reason": "Venta en tienda"}


def test_asked_by_hand_and_dropped(program, nico, need_in):
    call = program(nico)
    made = call("POST", NEEDS, need_in, Idempotency_Key="uno")
    assert made.status_code == 201, made.content
    assert call("POST", NEEDS, need_in, Idempotency_Key="uno").json() == made.json()
    need = made.json()
    told = {name: need[name] for name in ("quantity", "status", "source", "about", "urgent", "purchase_order")}
    assert told == {
        "quantity": "4.0000",
        "status": "open",
        "source": "by_hand",
        "about": "Venta en tienda",
        "urgent": False,
        "purchase_order": None,
    }
    assert call("GET", f"{NEEDS}/{need['id']}").json() == need
    for _time in range(2):
        dropped = call("POST", f"{NEEDS}/{need['id']}/transitions", {"to": "dropped", "reason": "Desistió"})
        assert dropped.json()["status"] == "dropped"
    assert PartsNeed.objects.count() == 1


def test_what_an_order_needs_is_not_dropped_by_hand(program, nico, approved, plan, sent, oil_filter, need_in):
    order = approved()
    plan(order, oil_filter, 4)
    call = program(nico)
    need = call("GET", f"{NEEDS}?source=orders").json()["items"][0]
    step = {"to": "dropped", "reason": "x"}
    refused = call("POST", f"{NEEDS}/{need['id']}/transitions", step)
    assert refused.status_code == 409
    assert order.code in refused.json()["detail"]
    by_hand = call("POST", NEEDS, need_in).json()
    purchase = sent((oil_filter, "4", "10"), needs=[PartsNeed.objects.get(pk=by_hand["id"])])
    ordered = call("GET", f"{NEEDS}/{by_hand['id']}").json()
    assert (ordered["status"], ordered["purchase_order"]) == ("ordered", str(purchase.pk))
    refused = call("POST", f"{NEEDS}/{by_hand['id']}/transitions", step)
    assert refused.status_code == 409
    assert purchase.code in refused.json()["detail"]


def test_filters(program, nico, approved, plan, oil_filter, seal, need_in):
    call = program(nico)
    order = approved(priority="machine_down")
    plan(order, seal, 1)
    call("POST", NEEDS, need_in)

    def found(words):
        return [each["part"] for each in call("GET", f"{NEEDS}?{words}").json()["items"]]

    assert found("") == [str(oil_filter.pk), str(seal.pk)]
    assert found("sort=oldest") == [str(seal.pk), str(oil_filter.pk)]
    assert found("urgent=true") == found(f"q={order.code}") == found("source=orders") == [str(seal.pk)]
    assert found("q=1r0750") == found(f"part={oil_filter.pk}") == found("source=by_hand") == [str(oil_filter.pk)]
    assert found("status=ordered") == []
    assert call("GET", f"{NEEDS}?sort=need_by").status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("part", "999999"),
        ("quantity", "0"),
        ("quantity", "0.00001"),
        ("quantity", "1000001"),
        ("need_by", "2020-01-01"),
        ("reason", " "),
        ("reason", "x" * 121),
        ("state", "covered"),
        ("source_id", "1"),
        ("purchase_line", "1"),
    ],
)
def test_what_cannot_be_is_refused(program, nico, need_in, field, value):
    answer = program(nico)("POST", NEEDS, need_in | {field: value})
    assert answer.status_code == 422, answer.content
    assert not PartsNeed.objects.exists()


def test_who_may_do_what(program, nico, lola, ana, tito, carla, need_in):
    need = program(nico)("POST", NEEDS, need_in).json()
    assert program(lola)("GET", f"{NEEDS}/{need['id']}").status_code == 200
    assert program(lola)("POST", NEEDS, need_in).status_code == 403
    for who in (ana, tito):
        assert program(who)("GET", NEEDS).status_code == 403
    assert program(carla)("GET", NEEDS).status_code == 404
    missing = program(nico)("GET", f"{NEEDS}/999999")
    assert missing.status_code == 404


def test_a_list_costs_the_same_whatever_its_length(program, nico, oil_filter, seal, tooth):
    call = program(nico)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            call("GET", NEEDS)
        return len(captured)

    facts = {"quantity": Decimal(1), "reason": "Venta", "by": nico}
    actions.add_need(part=oil_filter, **facts)
    call("GET", NEEDS)
    before = cost()
    for part in (seal, tooth):
        actions.add_need(part=part, **facts)
    assert cost() == before
