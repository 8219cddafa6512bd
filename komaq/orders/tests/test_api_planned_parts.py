"""The parts of an order for programs: the same deeds as on its pages."""

from decimal import Decimal

import pytest

from komaq.orders import actions, queries
from komaq.orders.models import PlannedPart, Segment
from komaq.parts import actions as stock

ORDERS = "/api/v1/orders"


@pytest.fixture
def here(open_order):
    return f"{ORDERS}/{open_order.pk}/planned-parts"


def planned_by(user, order, part, quantity=2):
    segment = Segment.objects.get(order=order, is_default=True)
    return actions.plan_part(segment=segment, part=part, quantity=Decimal(quantity), need_by=None, by=user)


def test_a_part_is_planned_changed_used_and_dropped(program, ana, nico, in_status, oil_filter, store):
    order = in_status("in_progress")
    here, call = f"{ORDERS}/{order.pk}/planned-parts", program(nico)
    made = call("POST", here, {"part": str(oil_filter.pk), "quantity": "2", "note": "Filtro"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["quantity"], told["missing"], told["state"]) == ("2.0000", "2.0000", "missing")
    assert made["ETag"] == '"1"'
    place = f"{here}/{told['id']}"
    assert call("PATCH", place, {"quantity": "3"}).status_code == 428
    changed = call("PATCH", place, {"quantity": "3"}, If_Match='"1"').json()
    assert (changed["quantity"], changed["note"], changed["version"]) == ("3.0000", "Filtro", 2)
    stale = call("PATCH", place, {"quantity": "4"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]["quantity"]) == (412, "3.0000")
    stock.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(5), unit_cost=Decimal(1), by=nico)
    used = call("POST", f"{place}/use", {"warehouse": str(store.pk), "quantity": "1"})
    assert (used.status_code, used.json()["used"], used.json()["reserved"]) == (200, "1.0000", "2.0000")
    back = call("POST", f"{place}/return", {"warehouse": str(store.pk), "quantity": "0.5"})
    assert (back.status_code, back.json()["used"], back.json()["version"]) == (200, "0.5000", 4)
    more = call("POST", f"{place}/return", {"warehouse": str(store.pk), "quantity": "1"})
    assert more.status_code == 409, more.content
    assert call("DELETE", place).status_code == 409
    assert call("PATCH", place, {"quantity": "0.25"}, If_Match='"4"').status_code == 409
    other = stock.create_part(brand="CAT", number="9X-1", name="Sello", by=nico)
    extra = call("POST", here, {"part": str(other.pk), "quantity": "1"}).json()
    assert call("DELETE", f"{here}/{extra['id']}").status_code == 204
    assert [row["id"] for row in call("GET", here).json()["items"]] == [told["id"]]


def test_the_same_part_again_and_an_answer_given_twice(program, ana, here, oil_filter):
    call, body = program(ana), {"part": str(oil_filter.pk), "quantity": "2"}
    first = call("POST", here, body, Idempotency_Key="repuesto-1")
    again = call("POST", here, body, Idempotency_Key="repuesto-1")
    assert (first.content, again.status_code) == (again.content, 201)
    assert call("POST", here, body).json()["quantity"] == "4.0000"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "0.00001"}, "quantity"),
        ({"part": "987654321"}, "part"),
        ({"segment": "987654321"}, "segment"),
        ({"need_by": "2020-01-01"}, "need_by"),
        ({"state": "used"}, "state"),
        ({"reserved": "9"}, "reserved"),
        ({"made_by": "1"}, "made_by"),
        ({"dropped_at": None}, "dropped_at"),
    ],
)
def test_what_cannot_be_planned_says_where(program, ana, here, oil_filter, body, field):
    answer = program(ana)("POST", here, {"part": str(oil_filter.pk), "quantity": "2"} | body)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not PlannedPart.objects.exists()


def test_who_may_do_what(program, fina, tito, lola, carla, plan, open_order, here, oil_filter, ana, store):
    plan(open_order, [tito])
    planned = planned_by(ana, open_order, oil_filter)
    body, use = {"part": str(oil_filter.pk), "quantity": "1"}, {"warehouse": str(store.pk), "quantity": "1"}
    assert program(fina)("POST", here, body).status_code == 403
    assert program(carla)("POST", here, body).status_code == 404
    assert program(tito)("POST", here, body).status_code == 201
    assert program(tito)("PATCH", f"{here}/{planned.pk}", {"quantity": "1"}, If_Match='"2"').status_code == 403
    assert program(lola)("POST", f"{here}/{planned.pk}/use", use).status_code == 403
    for person in (lola, tito):
        assert program(person)("POST", f"{here}/{planned.pk}/return", use).status_code == 403
    assert program(tito)("POST", f"{here}/{planned.pk}/use", use).status_code == 422, "no van of its own"


def test_another_orders_part_is_not_found(program, ana, open_order, other_order, here, oil_filter):
    planned = planned_by(ana, other_order, oil_filter)
    call = program(ana)
    foreign, missing = call("DELETE", f"{here}/{planned.pk}"), call("DELETE", f"{here}/987654321")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_client_reads_neither_stock_nor_plans_before_approval(
    program, carla, omar, ana, in_status, open_order, here, oil_filter
):
    planned_by(ana, open_order, oil_filter)
    call = program(carla)
    assert call("GET", here).json()["items"] == []
    in_status("in_progress")
    (row,) = call("GET", here).json()["items"]
    assert (row["name"], row["reserved"], row["missing"], row["note"]) == ("Filtro de petróleo", None, None, None)
    assert program(omar)("GET", here).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(program, ana, nico, open_order, here, oil_filter, queries_of):
    call = program(ana)
    planned_by(ana, open_order, oil_filter)
    call("GET", here)
    one = queries_of(lambda: call("GET", here))
    for number in range(2):
        planned_by(ana, open_order, stock.create_part(brand="CAT", number=f"9X-{number}", name="Sello", by=nico))
    assert queries_of(lambda: call("GET", here)) == one
    assert len(queries.planned_parts_of(open_order)) == 3
