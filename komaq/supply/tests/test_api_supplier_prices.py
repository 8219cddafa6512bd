"""Prices and exchange rates through the API."""

from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.models import ExchangeRate
from komaq.supply.models import PriceRecord, SupplierPart

RATES = "/api/v1/exchange-rates"


@pytest.fixture
def parts(ferreycorp):
    return f"/api/v1/suppliers/{ferreycorp.pk}/parts"


def test_a_price_is_noted_and_listed(program, nico, parts, oil_filter):
    call = program(nico)
    made = call("POST", parts, {"part": str(oil_filter.pk), "price": "38.40", "their_number": "FP", "least": 6})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (Decimal(told["price"]), told["currency"], told["priced_on"]) == (
        Decimal("38.4"),
        "USD",
        clock.today().isoformat(),
    )
    assert call("GET", parts).json()["items"] == [told]
    assert call("GET", f"{parts}?q=1r0750").json()["items"] == [told]
    assert call("GET", f"{parts}?q=zzz").json()["items"] == []
    kept = call("POST", parts, {"part": str(oil_filter.pk), "price": "39"}).json()
    assert (kept["their_number"], Decimal(kept["least"])) == ("FP", 6)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": 38.4}, "price"),
        ({"price": "38.40001"}, "price"),
        ({"price": "99999999"}, "price"),
        ({"part": "987654321"}, "part"),
        ({"currency": "EUR"}, "currency"),
        ({"least": "0"}, "least"),
        ({"lead_days": -1}, "lead_days"),
        ({"on": "2199-01-01"}, "on"),
        ({"on": "1901-01-01"}, "on"),
        ({"source": "offer"}, "source"),
        ({"priced_on": "2026-01-01"}, "priced_on"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, nico, parts, oil_filter, change, field):
    answer = program(nico)("POST", parts, {"part": str(oil_filter.pk), "price": "38.40", **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not SupplierPart.objects.exists()
    assert not PriceRecord.objects.exists()


def test_prices_are_for_who_sees_costs(program, lola, ana, tito, carla, parts, oil_filter):
    for user, reads, writes in ((lola, 200, 403), (ana, 403, 403), (tito, 403, 403), (carla, 404, 404)):
        call = program(user)
        assert call("GET", parts).status_code == reads
        assert call("POST", parts, {"part": str(oil_filter.pk), "price": "1"}).status_code == writes
    assert not PriceRecord.objects.exists()


def test_a_rate_is_noted_listed_and_corrected(program, fina, lola):
    call = program(fina)
    made = call("POST", RATES, {"sell": "3.752"})
    assert made.status_code == 201, made.content
    assert (made.json()["on"], Decimal(made.json()["sell"])) == (clock.today().isoformat(), Decimal("3.752"))
    call("POST", RATES, {"sell": "3.76"})
    assert [Decimal(each["sell"]) for each in call("GET", RATES).json()["items"]] == [Decimal("3.76")]
    assert program(lola)("GET", RATES).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sell": "0"}, "sell"),
        ({"sell": "3.7521"}, "sell"),
        ({"sell": 3.7}, "sell"),
        ({"sell": "100"}, "sell"),
        ({"sell": "3.7", "currency": "EUR"}, "currency"),
        ({"sell": "3.7", "on": "2199-01-01"}, "on"),
        ({"sell": "3.7", "noted_by_id": "1"}, "noted_by_id"),
    ],
)
def test_what_is_no_rate_is_refused(program, fina, body, field):
    answer = program(fina)("POST", RATES, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not ExchangeRate.objects.exists()


def test_who_sells_or_works_notes_no_rate(program, lola, ana, tito, carla):
    for user, status in ((lola, 403), (ana, 403), (tito, 403), (carla, 404)):
        assert program(user)("POST", RATES, {"sell": "3.7"}).status_code == status
    assert not ExchangeRate.objects.exists()


def test_a_list_costs_the_same_however_long(program, nico, parts, oil_filter, tooth, queries_of):
    call = program(nico)
    for part in (oil_filter, tooth):
        call("POST", parts, {"part": str(part.pk), "price": "1"})
    one = queries_of(lambda: call("GET", f"{parts}?limit=1"))
    assert queries_of(lambda: call("GET", parts)) == one
