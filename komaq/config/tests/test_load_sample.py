"""The large sample: the same for a seed, lawful in every row, a database the product goes on with."""

import hashlib
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from komaq.config import sample
from komaq.core import trail, triggers
from komaq.core.models import Event, Sequence
from komaq.orders import actions, choices
from komaq.orders.actions.make_order import found_by

pytestmark = pytest.mark.db
ORDERS = 120
APPS = ("core", "accounts", "comms", "customers", "fleet", "orders")


def model(name):
    return apps.get_model(name)


@pytest.fixture
def loaded(db):
    sample.load(ORDERS, 7)


@pytest.fixture
def planner(loaded):
    return model("accounts.User").objects.get(email="supervisor@muestra.demo")


def written(seed):
    """The digest of all rows that a load writes; the database is as empty afterwards as before."""
    found = hashlib.sha256()
    with transaction.atomic():
        sample.load(30, seed)
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
    sample.load(20, 1)
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


def test_with_a_password_one_can_sign_in(db, client, capsys):
    call_command("load-sample", orders=12, password="retroexcavadora")
    assert "12 orders" in capsys.readouterr().out
    user = model("accounts.User").objects.get(email="supervisor@muestra.demo")
    assert user.check_password("retroexcavadora")


def test_without_one_nobody_can(planner):
    assert not planner.has_usable_password()
