"""What nobody may do with parts and stock, or not like that: refused by the deed itself, whatever asks for it."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F

from komaq.core.refusals import NotAllowed
from komaq.parts import actions
from komaq.parts.actions import refusals
from komaq.parts.models import Holding, Part, PartFit, PartLink, Reservation, Stock, StockMove, Warehouse

pytestmark = pytest.mark.db
ONE, ZERO = Decimal(1), Decimal(0)
HOSTILE = ["NaN", "Infinity", "-Infinity", "-1", "0", "1.00001", "1000000.0001", "1E+30", "1E-30"]


@pytest.fixture
def four(nico, oil_filter, store):
    """Four pieces in the store, at ten soles."""
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(10), by=nico)


@pytest.fixture
def deeds(four, oil_filter, store, van, ana):
    """Every deed by name, as it goes well; what is given with it takes the place of what it would take."""
    place = {"part": oil_filter, "warehouse": store, "quantity": ONE}

    def set_aside(**given):
        return actions.set_aside(**{**place, "reason": "Feria", **given})

    def free(by, **given):
        [kept] = actions.reserve_stock(part=oil_filter, quantity=ONE, source=ana, need_by=None, by=None)
        return actions.free_reservation(reservation=kept, by=by, **given)

    return {
        "receive": lambda **given: actions.receive_stock(**{**place, "unit_cost": ONE, **given}),
        "open": lambda **given: actions.open_stock(**{**place, "warehouse": van, "unit_cost": ONE, **given}),
        "issue": lambda **given: actions.issue_stock(**{**place, "reason": "Venta", **given}),
        "return": lambda **given: actions.return_stock(**{**place, "source": ana, **given}),
        "send_back": lambda **given: actions.return_to_supplier(**{**place, "source": ana, "reason": "Falla", **given}),
        "transfer": lambda **given: actions.transfer_stock(**{**place, "to": van, **given}),
        "count": lambda quantity=ONE, **given: actions.count_stock(
            **{"part": oil_filter, "warehouse": store, "counted": quantity, **given}
        ),
        "adjust": lambda **given: actions.adjust_stock(**{**place, "reason": "Hallazgo", **given}),
        "revalue": lambda **given: actions.revalue_stock(
            **{"part": oil_filter, "warehouse": store, "value": ONE, "source": None, "reason": "Flete", **given}
        ),
        "set_aside": set_aside,
        "free": free,
        "warehouse": lambda **given: actions.save_warehouse(**{"code": "T1", "name": "T", "kind": "store", **given}),
        "create": lambda **given: actions.create_part(**{"brand": "CAT", "number": "9X", "name": "Sello", **given}),
        "change": lambda **given: actions.change_part(**{"part": oil_filter, "version": 1, "name": "Filtro", **given}),
        "photograph": lambda **given: actions.photograph_part(
            **{"part": oil_filter, "photo": SimpleUploadedFile("a.png", b"x", "image/png"), **given}
        ),
    }


NAMES = ["receive", "open", "issue", "return", "send_back", "transfer", "count", "adjust", "revalue", "set_aside",
         "free", "warehouse", "create", "change", "photograph"]  # fmt: skip


def books():
    return (
        list(StockMove.objects.order_by("pk").values_list("pk", flat=True)),
        list(Stock.objects.order_by("pk").values_list("on_hand", "reserved")),
        list(Reservation.objects.filter(state="held").values_list("quantity", flat=True)),
        Warehouse.objects.count(),
        list(Part.objects.values_list("name", flat=True)),
    )


def refused(act, refusal, **given):
    """It is refused so, and nothing is left of it."""
    before = books()
    with pytest.raises(refusal), transaction.atomic():
        act(**given)
    assert books() == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["ana", "tito", "lola", "gina", "alex", "carla"])
def test_only_logistics_moves_stock(deeds, name, who, request):
    refused(deeds[name], NotAllowed, by=request.getfixturevalue(who))


def test_finance_revalues_and_moves_nothing(deeds, fina):
    assert deeds["revalue"](by=fina).value == ONE
    for name in set(NAMES) - {"revalue"}:
        refused(deeds[name], NotAllowed, by=fina)


def test_what_no_source_explains_is_issued_by_logistics_alone(deeds, tito, ana, nico):
    refused(deeds["issue"], NotAllowed, by=None)
    refused(deeds["issue"], NotAllowed, by=tito)
    assert deeds["issue"](by=tito, source=ana).source_id == str(ana.pk)


@pytest.mark.parametrize("who", ["carla", "alex"])
def test_who_may_not_see_parts_takes_none_even_for_an_order(deeds, ana, who, request):
    refused(deeds["issue"], NotAllowed, by=request.getfixturevalue(who), source=ana)


@pytest.mark.parametrize("quantity", HOSTILE)
@pytest.mark.parametrize("name", ["receive", "open", "issue", "return", "send_back", "transfer", "set_aside"])
def test_quantities_that_cannot_be_are_refused(deeds, nico, name, quantity):
    refused(deeds[name], refusals.BadQuantity, by=nico, quantity=Decimal(quantity))


@pytest.mark.parametrize("quantity", [each for each in HOSTILE if each not in {"0", "-1"}])
@pytest.mark.parametrize("name", ["count", "adjust"])
def test_counts_and_corrections_that_cannot_be_are_refused(deeds, nico, name, quantity):
    refused(deeds[name], refusals.BadQuantity, by=nico, quantity=Decimal(quantity))


def test_nothing_is_counted_below_zero_and_nothing_corrects_nothing(deeds, nico):
    refused(deeds["count"], refusals.BadQuantity, by=nico, quantity=Decimal(-1))
    refused(deeds["adjust"], refusals.BadQuantity, by=nico, quantity=ZERO)


@pytest.mark.parametrize("cost", ["NaN", "Infinity", "-0.0001", "9999999.01", "1E+30"])
@pytest.mark.parametrize("name", ["receive", "open"])
def test_costs_that_cannot_be_are_refused(deeds, nico, name, cost):
    refused(deeds[name], refusals.BadCost, by=nico, unit_cost=Decimal(cost))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0", "-40.01", "900000001", "0.00000000001"])
def test_later_costs_that_cannot_be_are_refused(deeds, nico, value):
    refused(deeds["revalue"], refusals.BadCost, by=nico, value=Decimal(value))


def test_what_is_not_held_has_no_later_cost(deeds, nico, store):
    other = actions.create_part(brand="CAT", number="1R-0751", name="Filtro de aceite", by=nico)
    refused(deeds["revalue"], refusals.BadCost, by=nico, part=other)


@pytest.mark.parametrize("name", ["issue", "send_back", "adjust", "set_aside"])
def test_what_goes_says_why(deeds, nico, name):
    refused(deeds[name], refusals.ReasonNeeded, by=nico, reason=" ")


@pytest.mark.parametrize(
    ("name", "quantity", "refusal"),
    [
        ("issue", "4.0001", refusals.ShortOfStock),
        ("send_back", "4.0001", refusals.ShortOfStock),
        ("transfer", "4.0001", refusals.ShortOfStock),
        ("adjust", "-4.0001", refusals.ShortOfStock),
        ("set_aside", "4.0001", refusals.NothingFree),
        ("return", "0.0001", refusals.NothingIssued),
    ],
)
def test_no_more_goes_than_there_is(deeds, nico, name, quantity, refusal):
    refused(deeds[name], refusal, by=nico, quantity=Decimal(quantity))


@pytest.mark.parametrize(
    ("name", "quantity", "refusal"),
    [
        ("issue", "2", refusals.ShortOfStock),
        ("send_back", "2", refusals.ShortOfStock),
        ("transfer", "2", refusals.ShortOfStock),
        ("adjust", "-2", refusals.ReservedStock),
        ("count", "2", refusals.ReservedStock),
        ("set_aside", "2", refusals.NothingFree),
    ],
)
def test_what_others_reserved_stays(deeds, nico, gina, oil_filter, name, quantity, refusal):
    actions.reserve_stock(part=oil_filter, quantity=Decimal(3), source=gina, need_by=None, by=nico)
    refused(deeds[name], refusal, by=nico, quantity=Decimal(quantity))


@pytest.mark.parametrize("name", ["receive", "issue", "return", "send_back", "transfer", "count", "adjust", "revalue"])
def test_a_closed_warehouse_gives_and_takes_nothing(deeds, nico, ana, store, name):
    deeds["issue"](by=nico, source=ana)
    Warehouse.objects.filter(pk=store.pk).update(is_open=False)
    refused(deeds[name], refusals.WarehouseClosed, by=nico)


def test_a_transfer_into_a_closed_warehouse_names_that_one(deeds, nico, van):
    Warehouse.objects.filter(pk=van.pk).update(is_open=False)
    with pytest.raises(refusals.WarehouseClosed) as refusal, transaction.atomic():
        deeds["transfer"](by=nico)
    assert refusal.value.field == "to"


def test_what_was_used_is_not_let_go(deeds, nico, ana, oil_filter):
    [kept] = actions.reserve_stock(part=oil_filter, quantity=ONE, source=ana, need_by=None, by=nico)
    deeds["issue"](by=nico, source=ana)
    with pytest.raises(refusals.ReservationUsed):
        actions.free_reservation(reservation=kept, by=nico)


def test_an_opening_balance_comes_before_everything_else(deeds, nico, store):
    refused(deeds["open"], refusals.StockBegun, by=nico, warehouse=store)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"brand": " "}, refusals.BrandNeeded),
        ({"number": "--"}, refusals.NumberNeeded),
        ({"name": " "}, refusals.NameNeeded),
        ({"price": Decimal("-0.01")}, refusals.BadCost),
        ({"minimum": Decimal(5), "maximum": Decimal(4)}, refusals.LimitsCrossed),
        ({"number": "1r 0750"}, refusals.NumberTaken),
    ],
)
def test_parts_that_cannot_be_are_refused(deeds, nico, wrong, refusal):
    refused(deeds["create"], refusal, by=nico, **wrong)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"code": "a b"}, refusals.CodeNeeded),
        ({"name": " "}, refusals.NameNeeded),
        ({"code": "alm"}, refusals.CodeTaken),
    ],
)
def test_warehouses_that_cannot_be_are_refused(deeds, nico, wrong, refusal):
    refused(deeds["warehouse"], refusal, by=nico, **wrong)


def test_no_part_replaces_itself_by_way_of_others(nico, ana, oil_filter):
    second, third = (actions.create_part(brand="CAT", number=f"2R-{n}", name="Filtro", by=nico) for n in (1, 2))
    actions.link_parts(part=oil_filter, other=second, kind="superseded_by", by=nico)
    actions.link_parts(part=second, other=third, kind="superseded_by", by=nico)
    for part, other, refusal in (
        (third, oil_filter, refusals.LinkLoops),
        (third, third, refusals.LinkLoops),
        (second, oil_filter, refusals.LinkedBefore),
    ):
        with pytest.raises(refusal):
            actions.link_parts(part=part, other=other, kind="superseded_by", by=nico)
    for deed in (
        lambda: actions.link_parts(part=third, other=oil_filter, kind="equivalent", by=ana),
        lambda: actions.unlink_parts(link=PartLink.objects.first(), by=ana),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert PartLink.objects.count() == 2


# What the database refuses whoever writes


def wrong_writes(part, warehouse, model):
    """Every constraint by its name, and a write past the product that it stands against."""
    move = StockMove.objects.values().order_by("pk").first()
    born = Part.objects.values().get(pk=part.pk) | {"id": None}
    other = Part.objects.create(**born | {"number_key": "OTHER"})
    PartLink.objects.create(part=part, other=other, kind="equivalent")
    PartFit.objects.create(part=part, model=model)
    kept = {"part": part, "warehouse": warehouse, "made_at": move["at"], "source_kind": "x", "source_id": "1"}
    parts, holdings = Part.objects.filter(pk=part.pk), Holding.objects.filter(part=part)
    stocks = Stock.objects.filter(part=part)
    return {
        "parts_part_one_number": lambda: Part.objects.create(**born),
        "parts_part_has_number": lambda: parts.update(number_key=""),
        "parts_part_price": lambda: parts.update(price=-ONE),
        "parts_part_minimum": lambda: parts.update(minimum=-ONE),
        "parts_part_maximum": lambda: parts.update(minimum=Decimal(2), maximum=ONE),
        "parts_link_once": lambda: PartLink.objects.create(part=part, other=other, kind="superseded_by"),
        "parts_link_not_itself": lambda: PartLink.objects.create(part=part, other=part, kind="equivalent"),
        "parts_fit_once": lambda: PartFit.objects.create(part=part, model=model),
        "parts_holding_quantity": lambda: holdings.update(quantity=-ONE, value=ZERO),
        "parts_holding_value": lambda: holdings.update(value=-ONE),
        "parts_holding_empty_is_worthless": lambda: holdings.update(quantity=ZERO),
        "parts_stock_one": lambda: Stock.objects.create(part=part, warehouse=warehouse),
        "parts_stock_never_negative": lambda: stocks.update(on_hand=-ONE, reserved=F("on_hand")),
        "parts_stock_reserved_is_there": lambda: stocks.update(reserved=F("on_hand") + ONE),
        "parts_stock_reserved_is_there, negative": lambda: stocks.update(reserved=-ONE),
        "parts_move_never_negative": lambda: StockMove.objects.create(**move | {"id": None, "on_hand_after": -ONE}),
        "parts_move_held": lambda: StockMove.objects.create(**move | {"id": None, "held_after": -ONE}),
        "parts_reservation_positive": lambda: Reservation.objects.create(quantity=ZERO, **kept),
        "parts_stockmove_no_update": lambda: StockMove.objects.update(reason="x"),
        "parts_stockmove_no_delete": lambda: StockMove.objects.all().delete(),
    }


WRONG = ["parts_part_one_number", "parts_part_has_number", "parts_part_price", "parts_part_minimum",
         "parts_part_maximum", "parts_link_once", "parts_link_not_itself", "parts_fit_once", "parts_holding_quantity",
         "parts_holding_value", "parts_holding_empty_is_worthless", "parts_stock_one", "parts_stock_never_negative",
         "parts_stock_reserved_is_there", "parts_stock_reserved_is_there, negative", "parts_move_never_negative",
         "parts_move_held", "parts_reservation_positive", "parts_stockmove_no_update",
         "parts_stockmove_no_delete"]  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_database_refuses_what_is_written_past_the_product(four, oil_filter, store, cat336, name):
    write = wrong_writes(oil_filter, store, cat336.model)[name]
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
