"""Warehouses, stock, moves and reservations by programs."""

from decimal import Decimal

import pytest

from komaq.parts import actions
from komaq.parts.models import Reservation, Stock, StockMove, Warehouse

API = "/api/v1"


@pytest.fixture
def filled(nico, oil_filter, store):
    """Ten filters at 7.50 in the store."""
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(10), unit_cost=Decimal("7.5"), by=nico)
    return Stock.objects.get()


@pytest.fixture
def wish(oil_filter, store):
    """`wish(kind, quantity)` is the body of a move."""

    def of(kind, quantity, **more):
        facts = {"kind": kind, "part": str(oil_filter.pk), "warehouse": str(store.pk), "quantity": quantity}
        return {**facts, **more}

    return of


def test_the_main_fields(program, nico, tito, ana, filled, oil_filter, store):
    main = {
        "part": str(oil_filter.pk), "warehouse": str(store.pk), "on_hand": "10", "reserved": "0", "available": "10",
    }  # fmt: skip
    for user, cost in ((nico, "7.5"), (ana, None), (tito, None)):
        (told,) = program(user)("GET", f"{API}/stock").json()["items"]
        assert {name: told[name] for name in main} == main
        assert told["unit_cost"] == cost
        (move,) = program(user)("GET", f"{API}/stock-moves").json()["items"]
        assert move["unit_cost"] == cost
        assert move["value"] == (cost and "75")


def test_every_kind_of_move(program, nico, wish, filled, oil_filter, store, van):
    call = program(nico)
    steps = [
        (wish("receipt", "5", unit_cost="10"), "15"),
        (wish("issue", "3", reason="Venta"), "12"),
        (wish("transfer", "2", to=str(van.pk)), "10"),
        (wish("adjustment", "-1", reason="Roto"), "9"),
        (wish("count", "8.5"), "8.5"),
        (wish("count", "8.5"), "8.5"),
    ]
    for body, left in steps:
        answer = call("POST", f"{API}/stock-moves", body)
        assert answer.status_code == 201, answer.content
        assert answer.json()["stock"]["on_hand"] == left
    assert [each.kind for each in StockMove.objects.order_by("id")] == [
        "receipt", "receipt", "issue", "transfer_out", "transfer_in", "adjustment", "count",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "field", "status"),
    [
        ("receipt", {"quantity": "1"}, "unit_cost", 422),
        ("issue", {"quantity": "1"}, "reason", 422),
        ("transfer", {"quantity": "1"}, "to", 422),
        ("adjustment", {"quantity": "1"}, "reason", 422),
        ("issue", {"quantity": "1", "reason": "x", "unit_cost": "1"}, "unit_cost", 422),
        ("count", {"quantity": "1", "to": "1"}, "to", 422),
        ("issue", {"quantity": "0", "reason": "x"}, "quantity", 422),
        ("issue", {"quantity": "-1", "reason": "x"}, "quantity", 422),
        ("count", {"quantity": "-1"}, "quantity", 422),
        ("issue", {"quantity": "1.00001", "reason": "x"}, "quantity", 422),
        ("issue", {"quantity": "11", "reason": "x"}, "quantity", 409),
        ("receipt", {"quantity": "1", "unit_cost": "-1"}, "unit_cost", 422),
        ("receipt", {"quantity": "1000000", "unit_cost": "9999999"}, "unit_cost", 422),
        ("issue", {"quantity": "1", "reason": "x", "part": "987654"}, "part", 422),
        ("issue", {"quantity": "1", "reason": "x", "warehouse": "987654"}, "warehouse", 422),
        ("issue", {"quantity": "1", "reason": "x", "value": "0"}, "value", 422),
        ("revaluation", {"quantity": "1"}, "kind", 422),
    ],
)
def test_what_cannot_move(program, nico, wish, filled, kind, more, field, status):
    answer = program(nico)("POST", f"{API}/stock-moves", {**wish(kind, "1"), **more})
    assert answer.status_code == status, answer.content
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert StockMove.objects.count() == 1


def test_nobody_else_moves_or_keeps_stock(program, ana, tito, carla, wish, filled, oil_filter, store):
    kept = {"part": str(oil_filter.pk), "warehouse": str(store.pk), "quantity": "1", "reason": "x"}
    bodies = {"stock-moves": wish("issue", "1", reason="x"), "reservations": kept}
    bodies["warehouses"] = {"code": "X", "name": "X"}
    for user, status in ((ana, 403), (tito, 403), (carla, 404)):
        for path, body in bodies.items():
            assert program(user)("POST", f"{API}/{path}", body).status_code == status
    assert StockMove.objects.count() == 1
    assert Warehouse.objects.count() == 1


def test_a_move_sent_again_counts_once(program, nico, wish, filled):
    call = program(nico)
    first, second = (
        call("POST", f"{API}/stock-moves", wish("issue", "1", reason="Venta"), Idempotency_Key="venta-1")
        for _press in range(2)
    )
    assert first.content == second.content
    assert Stock.objects.get().on_hand == 9


def test_moves_of_a_day_and_place(program, nico, filled, store, van, oil_filter):
    call = program(nico)
    for query, count in (
        (f"warehouse={store.pk}", 1), (f"warehouse={van.pk}", 0), ("until=2020-01-01", 0), ("since=2020-01-01", 1),
        ("kind=issue", 0), (f"part={oil_filter.pk}", 1),
    ):  # fmt: skip
        assert len(call("GET", f"{API}/stock-moves?{query}").json()["items"]) == count, query
    assert call("GET", f"{API}/stock-moves?day=2020-01-01").status_code == 400


def test_lists_cost_the_same_for_one_and_for_many(program, nico, filled, oil_filter, store, van, queries_of):
    call = program(nico)
    paths = [f"{API}/{name}" for name in ("stock", "stock-moves", "reservations", "warehouses")]
    actions.set_aside(part=oil_filter, warehouse=store, quantity=Decimal(1), reason="x", by=nico)
    for path in paths:
        call("GET", path)
    one = [queries_of(lambda path=path: call("GET", path)) for path in paths]
    for number in range(3):
        part = actions.create_part(brand="CAT", number=f"9X-{number}", name="Filtro", by=nico)
        actions.receive_stock(part=part, warehouse=van, quantity=Decimal(2), unit_cost=Decimal(1), by=nico)
        actions.set_aside(part=part, warehouse=van, quantity=Decimal(1), reason="x", by=nico)
        actions.save_warehouse(code=f"T{number}", name="Taller", kind="workshop", by=nico)
    assert [queries_of(lambda path=path: call("GET", path)) for path in paths] == one


def test_reservations_by_hand(program, nico, filled, oil_filter, store):
    call = program(nico)
    body = {"part": str(oil_filter.pk), "warehouse": str(store.pk), "quantity": "4", "reason": "Feria"}
    made = call("POST", f"{API}/reservations", {**body, "need_by": "2026-12-24"})
    assert made.status_code == 201
    told = made.json()
    assert (told["quantity"], told["state"], told["source_kind"]) == ("4", "held", "parts.part")
    assert call("POST", f"{API}/reservations", {**body, "quantity": "7"}).status_code == 409
    assert call("POST", f"{API}/reservations", {**body, "quantity": "0"}).status_code == 422
    assert call("POST", f"{API}/reservations", {**body, "state": "used"}).status_code == 422
    url = f"{API}/reservations/{told['id']}"
    assert call("GET", url).json() == told
    assert [call("DELETE", url).status_code for _again in range(2)] == [204, 204]
    assert Reservation.objects.get().state == "freed"
    assert call("GET", f"{API}/reservations?state=held").json()["items"] == []


def test_a_warehouse_by_its_version(program, nico, tito, filled, store):
    call, url = program(nico), f"{API}/warehouses/{store.pk}"
    read = call("GET", url)
    keeper = str(tito.person.employee.pk)
    assert call("PATCH", url, {"name": "Central"}).status_code == 428
    answer = call("PATCH", url, {"name": "Central", "keeper": keeper}, If_Match=read["ETag"])
    assert (answer.json()["name"], answer.json()["keeper"], answer.json()["code"]) == ("Central", keeper, "ALM")
    stale = call("PATCH", url, {"name": "Otro"}, If_Match=read["ETag"])
    assert stale.status_code == 412
    assert stale.json()["current"]["name"] == "Central"
    closing = call("PATCH", url, {"is_open": False}, If_Match=answer["ETag"])
    assert closing.status_code == 409
    assert call("PATCH", url, {"keeper": "987654"}, If_Match=answer["ETag"]).status_code == 422
    assert call("PATCH", url, {"keeper": None}, If_Match=answer["ETag"]).json()["keeper"] is None


def test_a_warehouse_is_opened(program, nico):
    call = program(nico)
    made = call("POST", f"{API}/warehouses", {"code": "fur2", "name": "Camioneta 2", "kind": "van"})
    assert (made.status_code, made.json()["code"]) == (201, "FUR2")
    assert call("POST", f"{API}/warehouses", {"code": "FUR2", "name": "Otro"}).status_code == 409
    assert call("POST", f"{API}/warehouses", {"code": "A B", "name": "Otro"}).status_code == 422
    assert call("GET", f"{API}/warehouses?kind=van&is_open=true").json()["items"] == [made.json()]
