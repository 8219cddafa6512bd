"""Opening balances come in as a whole, once, and go out again."""

from decimal import Decimal

import pytest

from komaq.core import exchange, registry
from komaq.parts import actions, panels
from komaq.parts.actions.refusals import StockBegun
from komaq.parts.models import Holding, Stock, StockMove

HEADER = "Número de parte,Marca,Almacén,Cantidad,Costo unitario\n"


@pytest.fixture
def load(nico, tmp_path):
    """`load(lines)` imports a file of opening balances."""

    def run(*lines, dry_run=False):
        path = tmp_path / "saldos.csv"
        path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
        sheet = registry.sheets["stock"]
        return exchange.load(sheet=sheet, path=path, by=nico, renamed={}, dry_run=dry_run, tell=lambda done, size: None)

    return run


def test_balances_come_in(load, nico, oil_filter, store, van):
    report = load('1r 0750,cat,alm,"12,5","48,50"', "1R-0750,CAT,FUR1,2,40")
    assert (report.rows, report.faults) == (2, [])
    assert {each.warehouse.code: each.on_hand for each in Stock.objects.all()} == {
        "ALM": Decimal("12.5"), "FUR1": Decimal(2),
    }  # fmt: skip
    assert Holding.objects.get().value == Decimal("686.25")


def test_a_number_that_looks_like_a_power_is_a_number(load, nico, store):
    actions.create_part(brand="CAT", number="8E4267", name="Punta", by=nico)
    report = load("8E4267,CAT,ALM,2,40")
    assert (report.rows, report.faults) == (1, [])


@pytest.mark.parametrize(
    "line",
    ["9X-1,CAT,ALM,1,1", "1R-0750,CAT,NADA,1,1", "1R-0750,CAT,ALM,0,1", "1R-0750,CAT,ALM,-1,1",
     "1R-0750,CAT,ALM,1,-1", "1R-0750,CAT,ALM,x,1", "1R-0750,CAT,ALM,1,", "1R0750,cat,alm,1,1"],
)  # fmt: skip
def test_all_or_nothing(load, oil_filter, store, van, line):
    report = load("1R-0750,CAT,FUR1,2,40", "1R-0750,CAT,ALM,2,40", line)
    assert report.count >= 1
    assert "línea 4" in report.faults[0] or "line 4" in report.faults[0]
    assert not StockMove.objects.exists()


def test_a_second_time_doubles_nothing(load, oil_filter, store):
    load("1R-0750,CAT,ALM,2,40")
    again = load("1R-0750,CAT,ALM,2,40")
    assert again.count == 1
    assert Stock.objects.get().on_hand == 2


def test_what_goes_out_comes_in_elsewhere(load, nico, oil_filter, store, van):
    load('1R-0750,CAT,ALM,"12,5","48,50"', "1R-0750,CAT,FUR1,2,40")
    rows = list(panels.stock_facts(nico, None))
    assert rows[0] == {
        "number": "1R-0750", "brand": "CAT", "warehouse": "ALM", "quantity": "12.5", "unit_cost": "47.3275862069",
    }  # fmt: skip
    assert len(rows) == 2


def test_who_may(nico, ana, gina, tito):
    sheet = registry.sheets["stock"]
    assert [sheet.may_import(each) for each in (nico, ana, gina, tito)] == [True, False, False, False]
    assert [sheet.may_export(each) for each in (nico, ana, gina, tito)] == [True, False, True, False]


def test_an_opening_comes_first(nico, oil_filter, store):
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(1), by=nico)
    with pytest.raises(StockBegun):
        actions.open_stock(part=oil_filter, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(1), by=nico)
