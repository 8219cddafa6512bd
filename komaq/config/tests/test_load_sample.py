"""The large sample: the same for a seed, lawful in every row, a database the product goes on with."""

import hashlib
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse

from komaq.config import sample
from komaq.core import trail, triggers
from komaq.core.action import lawful
from komaq.core.models import Event, Sequence
from komaq.orders import actions, choices
from komaq.orders.actions.make_order import found_by
from komaq.parts import actions as parts
from komaq.parts.rules import value_out
from komaq.supply import actions as supply

pytestmark = pytest.mark.db
ORDERS = 120
APPS = ("core", "accounts", "comms", "customers", "fleet", "parts", "orders", "supply")
PARTS, MOVES = 80, 1_500


def model(name):
    return apps.get_model(name)


@pytest.fixture
def loaded(db):
    sample.load(ORDERS, 7)


@pytest.fixture
def stocked(db):
    sample.load(ORDERS, 7, parts=PARTS, moves=MOVES)


@pytest.fixture
def keeper(stocked):
    return model("accounts.User").objects.get(email="logistica@muestra.demo")


@pytest.fixture
def planner(loaded):
    return model("accounts.User").objects.get(email="supervisor@muestra.demo")


def written(seed):
    """The digest of all rows that a load writes; the database is as empty afterwards as before."""
    found = hashlib.sha256()
    with transaction.atomic():
        sample.load(30, seed, parts=20, moves=200)
        for each in apps.get_models():
            if each._meta.app_label in APPS:
                columns = [
                    field.attname for field in each._meta.concrete_fields if each is not Sequence or field.name != "id"
                ]
                found.update(repr(sorted(each._base_manager.values_list(*columns), key=repr)).encode())
        transaction.set_rollback(True)
    return found.hexdigest()


def test_a_seed_tells_one_story(db):
    assert written(1) == written(1)
    assert written(1) != written(2)


def test_so_many_orders_with_all_that_hangs_from_them(loaded):
    orders = model("orders.ServiceOrder").objects
    assert orders.count() == ORDERS
    assert not orders.filter(segments=None).exists()
    assert orders.filter(status=choices.OrderStatus.CLOSED).count() > ORDERS / 2
    assert orders.filter(status__in=choices.LIVE).exists()
    assert model("orders.ServiceRequest").objects.filter(status="pending").exists()
    for name in ("orders.Visit", "orders.Task", "comms.Message", "comms.Delivery", "fleet.MeterReading"):
        assert model(name).objects.exists(), name


def test_every_chain_holds(loaded):
    assert Event.objects.count() > ORDERS * 5
    assert trail.first_broken_link(Event.objects.all()) is None


def test_guards_and_indexes_stand_again(db):
    before = objects_of_the_database()
    sample.load(20, 1, parts=20, moves=300)
    assert triggers.missing() == []
    assert objects_of_the_database() == before
    connection.check_constraints()


def objects_of_the_database():
    query = "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')"
    if connection.vendor == "postgresql":
        query = "SELECT indexname FROM pg_indexes UNION ALL SELECT conname FROM pg_constraint"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(row[0] for row in cursor.fetchall() if not row[0].startswith("pg_toast"))


def test_nobody_is_in_two_places(loaded):
    spans = model("orders.Assignment").objects.filter(is_busy=True).order_by("technician", "starts_at")
    for one, other in pairwise(spans):
        assert one.technician_id != other.technician_id or one.ends_at <= other.starts_at


def test_orders_are_found_as_if_actions_had_made_them(loaded):
    for order in model("orders.ServiceOrder").objects.all()[:20]:
        assert order.search == found_by(order)


def test_the_product_counts_on(planner):
    last = model("orders.ServiceOrder").objects.order_by("-pk").first()
    order = actions.open_order(
        machine=last.machine, contact=last.contact, title="Uno más", priority="normal", by=planner
    )
    assert order.pk > last.pk
    same_year = order.code[:8] == last.code[:8]
    assert int(order.code[8:]) == (int(last.code[8:]) + 1 if same_year else 1)


@pytest.mark.parametrize(
    "path", ["inbox", "orders:list", "orders:requests", "orders:calendar", "customers:list", "fleet:list"]
)
def test_pages_open_on_it(planner, sign_in, path):
    assert sign_in(planner).get(reverse(path)).status_code == 200


def test_every_status_has_its_page(planner, sign_in):
    http = sign_in(planner)
    for status in choices.OrderStatus:
        order = model("orders.ServiceOrder").objects.filter(status=status).first()
        if order:
            assert order.code in http.get(order.get_absolute_url()).content.decode()


def test_a_database_with_business_is_left_alone(andinos):
    with pytest.raises(CommandError, match="empty one"):
        call_command("load-sample", orders=10)
    assert model("orders.ServiceOrder").objects.count() == 0


@pytest.mark.parametrize("orders", [0, 1_000_001])
def test_how_many_has_bounds(db, orders):
    with pytest.raises(CommandError, match="1 to"):
        call_command("load-sample", orders=orders)


@pytest.mark.parametrize("asked", [{"parts": -1}, {"parts": 200_001}, {"moves": 5}, {"parts": 5, "moves": 5_000_001}])
def test_parts_and_moves_have_bounds(db, asked):
    with pytest.raises(CommandError, match="--parts"):
        call_command("load-sample", orders=5, **asked)


# Parts


def test_so_many_parts_with_so_many_moves(stocked):
    assert model("parts.Part").objects.count() == PARTS
    assert model("parts.StockMove").objects.count() == MOVES
    kinds = set(model("parts.StockMove").objects.values_list("kind", flat=True))
    assert kinds == {"receipt", "issue", "transfer_out", "transfer_in", "count"}
    busiest = model("parts.StockMove").objects.values("part").annotate(moves=Count("pk")).order_by("-moves")
    assert busiest[0]["moves"] > 2 * MOVES / PARTS


def test_stock_is_the_sum_of_its_moves_at_every_moment(stocked):
    here, held, value = defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal)
    last = {}
    for move in model("parts.StockMove").objects.order_by("pk"):
        here[move.part_id, move.warehouse_id] += move.quantity
        held[move.part_id] += move.quantity
        value[move.part_id] += move.value
        assert move.on_hand_after == here[move.part_id, move.warehouse_id] >= 0
        assert (move.held_after, move.value_after) == (held[move.part_id], value[move.part_id])
        assert move.at >= last.get(move.part_id, move.at)
        last[move.part_id] = move.at
    for stock in model("parts.Stock").objects.all():
        assert stock.on_hand == here[stock.part_id, stock.warehouse_id]
    for holding in model("parts.Holding").objects.all():
        assert (holding.quantity, holding.value) == (held[holding.part_id], value[holding.part_id])
        assert holding.quantity or not holding.value


def test_what_leaves_takes_the_average_along(stocked):
    before = {}
    left = 0
    for move in model("parts.StockMove").objects.order_by("pk"):
        if move.kind in {"issue", "count", "transfer_out"}:
            quantity, value = before[move.part_id]
            assert -move.value == value_out(-move.quantity, held=quantity, value=value)
            left += 1
        before[move.part_id] = (move.held_after, move.value_after)
    assert left > MOVES / 3


def test_what_is_kept_is_there_and_somebody_needs_it(stocked):
    kept = defaultdict(Decimal)
    for each in model("parts.Reservation").objects.filter(state="held"):
        kept[each.part_id, each.warehouse_id] += each.quantity
        planned = model("orders.PlannedPart").objects.get(pk=each.source_id)
        assert (planned.part_id, planned.quantity) == (each.part_id, each.quantity)
    assert kept
    for stock in model("parts.Stock").objects.all():
        assert kept[stock.part_id, stock.warehouse_id] == stock.reserved <= stock.on_hand


def test_what_is_received_of_an_order_came_into_stock(stocked):
    rows = model("supply.ReceiptLine").objects.all()
    assert rows.exists()
    for row in rows:
        move = model("parts.StockMove").objects.get(source_kind="supply.goodsreceipt", source_id=str(row.receipt_id))
        assert (move.part_id, move.quantity, move.warehouse_id) == (
            row.line.part_id,
            row.accepted,
            row.receipt.warehouse_id,
        )
        assert row.line.received == row.accepted
        assert move.value == row.line.quantity * row.line.price * row.receipt.purchase.rate


def test_requirements_are_what_actions_would_find(stocked):
    """Followed once more, no minimum and no order asks for anything else than what stands there."""
    needs = model("supply.PartsNeed").objects
    before = sorted(needs.values_list("pk", "part", "quantity", "state", "purchase_line"), key=repr)
    assert {row[3] for row in before} == {"open", "ordered"}
    with lawful():
        for part in model("parts.Part").objects.all():
            supply.keep_minimum(part=part, by=None)
        for order in model("orders.ServiceOrder").objects.filter(segments__planned_parts__isnull=False).distinct():
            supply.sync_needs(order=order, by=None)
    assert sorted(needs.values_list("pk", "part", "quantity", "state", "purchase_line"), key=repr) == before


def test_parts_are_found_as_if_actions_had_made_them(stocked):
    for part in model("parts.Part").objects.all()[:20]:
        known = (part.brand_key, part.number_key, part.search, part.sort_key)
        parts.catalogue.fill_search(part)
        assert (part.brand_key, part.number_key, part.search, part.sort_key) == known


def test_stock_counts_on(keeper):
    stock = model("parts.Stock").objects.filter(on_hand__gte=3, reserved=0).first()
    move = parts.issue_stock(
        part=stock.part, warehouse=stock.warehouse, quantity=Decimal(1), by=keeper, reason="Consumo de taller"
    )
    assert move.pk == MOVES + 1
    assert move.on_hand_after == stock.on_hand - 1


@pytest.mark.parametrize(
    "path", ["inbox", "parts:list", "parts:stock", "parts:reservations", "supply:needs", "supply:purchases"]
)
def test_pages_of_parts_open_on_it(keeper, sign_in, path):
    assert sign_in(keeper).get(reverse(path)).status_code == 200


def test_with_a_password_one_can_sign_in(db, client, capsys):
    call_command("load-sample", orders=12, password="retroexcavadora")
    assert "12 orders" in capsys.readouterr().out
    user = model("accounts.User").objects.get(email="supervisor@muestra.demo")
    assert user.check_password("retroexcavadora")


def test_without_one_nobody_can(planner):
    assert not planner.has_usable_password()
