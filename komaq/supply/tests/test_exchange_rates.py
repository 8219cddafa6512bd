"""What a dollar costs: noted by day, corrected, drawn."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.models import ExchangeRate
from komaq.core.rates import rate_on
from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.supply import actions

PAGE = "/app/tipo-de-cambio/"


def form(sell="3.752", day=None):
    return {"sell": sell, "on": (day or clock.today()).isoformat()}


def test_finance_logistics_and_managers_note_it(sign_in, fina, nico, gina):
    for days, user in enumerate((fina, nico, gina)):
        day = clock.today() - datetime.timedelta(days=days)
        assert sign_in(user).post(PAGE, form(day=day)).url == PAGE
    assert ExchangeRate.objects.count() == 3
    assert rate_on("USD", clock.today()) == (Decimal("3.752"), clock.today())


def test_nobody_else_does(sign_in, lola, ana, tito, alex, carla):
    for user in (lola, ana, tito, alex):
        assert sign_in(user).post(PAGE, form()).status_code == 403
        with pytest.raises(NotAllowed):
            actions.note_rate(currency="USD", sell=Decimal("3.7"), by=user)
    assert sign_in(carla).get(PAGE).status_code == 404
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (form("0"), "sell"),
        (form("-3.7"), "sell"),
        (form("3.7521"), "sell"),
        (form("100.5"), "sell"),
        (form("NaN"), "sell"),
        (form(""), "sell"),
        ({"sell": "3.7", "on": "2999-01-01"}, "on"),
        ({"sell": "3.7", "on": "1999-12-31"}, "on"),
        ({"sell": "3.7", "on": "x"}, "on"),
    ],
)
def test_what_is_no_rate_is_refused(sign_in, fina, given, field):
    page = sign_in(fina).post(PAGE, given)
    assert list(page.context["form"].errors) == [field]
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize("sell", ["0", "3.7521", "100"])
def test_the_action_refuses_it_too(fina, sell):
    with pytest.raises(actions.BadRate):
        actions.note_rate(currency="USD", sell=Decimal(sell), by=fina)


def test_a_day_is_corrected_and_both_are_told(fina, gina):
    actions.note_rate(currency="USD", sell=Decimal("3.75"), by=fina)
    rate = actions.note_rate(currency="USD", sell=Decimal("3.76"), by=gina)
    assert (ExchangeRate.objects.get().sell, rate.noted_by_id) == (Decimal("3.76"), gina.pk)
    told = history(rate).last().payload.data
    assert (Decimal(told["before"]), Decimal(told["sell"])) == (Decimal("3.75"), Decimal("3.76"))
    actions.note_rate(currency="USD", sell=Decimal("3.76"), by=fina)
    assert history(rate).count() == 2


def test_the_page_draws_and_tells_who_noted(sign_in, nico, fina):
    client = sign_in(nico)
    assert client.get(PAGE).context["curve"] is None
    for days, sell in ((2, "3.741"), (1, "3.738"), (0, "3.752")):
        day = clock.today() - datetime.timedelta(days=days)
        actions.note_rate(currency="USD", sell=Decimal(sell), on=day, by=fina)
    page = client.get(PAGE)
    assert page.context["curve"].path.count("M") == 1
    assert page.context["is_today"]
    shown = page.content.decode()
    assert "3.738" in shown
    assert fina.name in shown


def test_it_is_exported(sign_in, fina):
    actions.note_rate(currency="USD", sell=Decimal("3.7"), by=fina)
    text = sign_in(fina).get(f"{PAGE}exportar/").getvalue().decode()
    assert f'"USD","{clock.today()}","3.700"' in text


def test_the_page_costs_the_same_however_many(queries_of, sign_in, fina):
    client = sign_in(fina)
    actions.note_rate(currency="USD", sell=Decimal("3.7"), by=fina)
    few = queries_of(lambda: client.get(PAGE))
    for days in range(1, 5):
        actions.note_rate(currency="USD", sell=Decimal("3.7"), on=clock.today() - datetime.timedelta(days), by=fina)
    assert few == queries_of(lambda: client.get(PAGE)) <= 10
