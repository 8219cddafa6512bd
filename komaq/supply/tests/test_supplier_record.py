"""How a supplier kept its word: figures that anybody can reckon again by hand."""

import datetime
import itertools
import math
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from komaq.core import clock
from komaq.supply import actions, queries
from komaq.supply.models import GoodsReceipt, Invite, PurchaseLine, PurchaseOrder, QuotationRequest, ReceiptLine
from komaq.supply.queries import BoughtLine, Delivery, figures
from komaq.supply.views.figures import told

TODAY = datetime.date(2026, 11, 28)
DAY = datetime.timedelta(days=1)


def day(number):
    return TODAY - (100 - number) * DAY


def line(ordered, sent, promised, *came):
    deliveries = tuple(Delivery(day(on), Decimal(good), Decimal(bad)) for on, good, bad in came)
    return BoughtLine(Decimal(ordered), day(sent), None if promised is None else day(promised), deliveries)


def reckon(lines=(), answers=(), prices=()):
    since = TODAY - 365 * DAY
    return figures(since=since, today=TODAY, lines=list(lines), answers=list(answers), prices=list(prices))


def test_a_year_reckoned_by_hand():
    record = reckon(
        [
            line(10, 0, 5, (7, 10, 0)),  # two days after the promise: still on time; 7 days
            line(10, 0, 5, (8, 10, 0)),  # three days after: late; 8 days
            line(4, 10, 20, (15, 3, 1), (21, 1, 0)),  # in two deliveries, a quarter of the first refused; 11 days
            line(6, 10, 20, (18, 2, 0)),  # what came, came on time; the rest never did
            line(1, 20, 30),  # nothing came
            line(1, 20, None, (24, 1, 0)),  # never promised: not judged, but 4 days
            line(1, 95, 99),  # its promise and two days are not over yet
        ]
    )
    assert (record.lines, record.due, record.done) == (7, 5, 4)
    assert record.on_time == Decimal("0.6")  # lines 1, 3 and 4 of five
    assert record.in_full == Decimal("0.6")  # lines 1, 2 and 3
    assert record.on_time_in_full == Decimal("0.4")  # lines 1 and 3
    assert record.lead_mean == Decimal("7.5")  # (7 + 8 + 11 + 4) / 4
    assert record.lead_sigma == Decimal("2.8868")  # root of (0.25 + 0.25 + 12.25 + 12.25) / 3
    assert record.promise_mean == Decimal("2")  # (2 + 3 + 1) / 3
    assert record.received == 6
    assert record.quality == Decimal("0.9583")  # (1 + 1 + 0.75 + 1 + 1 + 1) / 6


def test_answers_and_prices_reckoned_by_hand():
    asked = datetime.datetime(2026, 11, 1, 9, tzinfo=clock.LIMA)
    hours = [6, 24, None, 3]
    answers = [(asked, asked + datetime.timedelta(hours=each) if each else None) for each in hours]
    prices = [("filter", 40), ("tooth", 10), ("filter", 50), ("filter", 44), ("seal", 5), ("tooth", 9), ("free", 0)]
    record = reckon(answers=answers, prices=[(part, Decimal(price)) for part, price in prices])
    assert (record.asked, record.answered, record.response_hours) == (4, Decimal("0.75"), Decimal(11))
    assert (record.priced, record.price_change) == (2, Decimal(0))  # +10 % of the filter, -10 % of the tooth


def test_what_has_no_data_is_none_and_hidden():
    record = reckon()
    assert record.is_empty
    numbers = ("on_time", "in_full", "on_time_in_full", "lead_mean", "lead_sigma", "promise_mean", "quality")
    assert {getattr(record, name) for name in (*numbers, "answered", "response_hours", "price_change")} == {None}
    assert told(record) == []


def test_one_complete_line_has_a_mean_and_no_spread():
    record = reckon([line(1, 0, 5, (4, 1, 0))])
    assert (record.lead_mean, record.lead_sigma) == (Decimal(4), None)
    days = next(each for each in told(record) if each.value.startswith("4.0"))
    assert "·" not in days.basis


def test_refused_goods_complete_no_line():
    record = reckon([line(2, 0, 5, (4, 1, 1))])
    assert (record.due, record.in_full, record.on_time, record.on_time_in_full) == (1, 0, 1, 0)
    assert record.quality == Decimal("0.5")


quantities = st.integers(1, 9).map(Decimal)
came = st.tuples(st.integers(0, 99), st.integers(0, 9).map(Decimal), st.integers(0, 3).map(Decimal))
bought = st.builds(
    lambda ordered, sent, promised, parts: line(
        ordered, sent, promised, *[(on, good, bad) for on, good, bad in parts if good or bad]
    ),
    quantities,
    st.integers(0, 90),
    st.none() | st.integers(0, 99),
    st.lists(came, max_size=4),
)


def plain_done(each):
    """The day the sum of what was accepted reached what was ordered, found by trying every day."""
    return next(
        (on for on in map(day, range(101)) if sum(d.accepted for d in each.deliveries if d.day <= on) >= each.ordered),
        None,
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(bought, max_size=8))
def test_figures_equal_a_plain_recomputation(lines):
    record = reckon(lines)
    done = [(each, plain_done(each)) for each in lines]
    judged = [(e, on) for e, on in done if e.promised_on and (on or (TODAY - e.promised_on).days > 2)]
    assert (record.due, record.done) == (len(judged), sum(on is not None for _e, on in done))

    def near(shown, plain):
        assert (shown is None) == (plain is None)
        assert plain is None or math.isclose(float(shown), float(plain), abs_tol=0.00006)

    def mean(values):
        values = list(values)
        return Fraction(sum(values), len(values)) if values else None

    def punctual(each):
        days = [d.day for d in each.deliveries if d.accepted > 0]
        return bool(days) and all((on - each.promised_on).days <= 2 for on in days)

    near(record.on_time, mean(int(punctual(e)) for e, _on in judged))
    near(record.in_full, mean(int(on is not None) for _e, on in judged))
    near(record.on_time_in_full, mean(int(punctual(e) and on is not None) for e, on in judged))
    leads = [(on - e.sent_on).days for e, on in done if on]
    near(record.lead_mean, mean(leads))
    near(record.lead_sigma, statistics.stdev(leads) if len(leads) > 1 else None)
    near(record.promise_mean, mean((on - e.promised_on).days for e, on in done if on and e.promised_on))
    shares = [Fraction(d.accepted) / Fraction(d.accepted + d.refused) for e in lines for d in e.deliveries]
    near(record.quality, mean(shares))


prices = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 500).map(Decimal)), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(prices)
def test_change_of_prices_equals_a_plain_recomputation(told_prices):
    record = reckon(prices=told_prices)
    ordered = sorted(told_prices, key=lambda each: each[0])
    groups = [[price for _part, price in rows] for _part, rows in itertools.groupby(ordered, key=lambda each: each[0])]
    changes = [Fraction(each[-1]) / Fraction(each[0]) - 1 for each in groups if len(each) > 1 and each[0]]
    assert record.priced == len(changes)
    if changes:
        assert math.isclose(float(record.price_change), float(sum(changes) / len(changes)), abs_tol=0.00006)
    else:
        assert record.price_change is None


# From the tables


@pytest.fixture
def bought(nico, ferreycorp, store):
    """`bought(part, ordered, sent, promised, (day, accepted, refused)…)` is a line that was sent; days before today."""
    numbers = itertools.count(1)

    def at(days):
        return clock.lima(clock.today() - days * DAY, 23, 30)

    def make(part, ordered, sent, promised, *came, state="received", supplier=ferreycorp, moved_to=None):
        number = next(numbers)
        facts = {"deliver_to": store, "currency": "USD", "made_by": nico, "made_at": at(sent)}
        order = PurchaseOrder.objects.create(code=f"OC-{number}", supplier=supplier, sent_at=at(sent), **facts)
        first = None if promised is None else clock.today() - promised * DAY
        bought = PurchaseLine.objects.create(
            purchase=order,
            part=part,
            quantity=ordered,
            price=1,
            first_promised_on=first,
            promised_on=first if moved_to is None else clock.today() - moved_to * DAY,
        )
        for days, good, bad in came:
            code = f"REC-{number}-{days}"
            received = {"warehouse": store, "received_by": nico, "received_at": at(days)}
            receipt = GoodsReceipt.objects.create(code=code, purchase=order, **received)
            ReceiptLine.objects.create(receipt=receipt, line=bought, accepted=good, refused=bad)
        order.state, order.approved_by = state, nico
        order.save()
        return order

    return make


def test_the_record_is_read_from_orders_and_receipts(bought, ferreycorp, tracto, oil_filter, tooth):
    bought(oil_filter, 10, 30, 25, (24, 10, 0))
    bought(tooth, 4, 30, 25, (20, 3, 1))
    bought(oil_filter, 5, 20, 15, (10, 5, 0), moved_to=10)  # a promise that was moved is judged by the first
    bought(oil_filter, 9, 20, 15, state="cancelled")
    bought(oil_filter, 9, 500, 490, (480, 9, 0))  # before the year
    bought(oil_filter, 9, 20, 15, (15, 9, 0), supplier=tracto)
    record = queries.record_of(ferreycorp)
    assert (record.lines, record.due, record.done) == (3, 3, 2)
    assert (record.on_time_in_full, record.on_time, record.in_full) == (
        Decimal("0.3333"),
        Decimal("0.3333"),
        Decimal("0.6667"),
    )
    assert (record.lead_mean, record.promise_mean) == (Decimal(8), Decimal(3))
    assert record.quality == Decimal("0.9167")


def test_a_draft_says_nothing(bought, ferreycorp, oil_filter):
    bought(oil_filter, 10, 30, 25, state="approved")
    assert queries.record_of(ferreycorp).is_empty


def test_the_record_is_read_from_requests_and_prices(nico, ferreycorp, tracto, store, oil_filter):
    now = clock.now()
    facts = {"deliver_to": store, "made_by": nico, "made_at": now}
    for number, (hours, over) in enumerate(((5, False), (None, True), (None, False))):
        deadline = now + (-1 if over else 1) * DAY
        request = QuotationRequest.objects.create(code=f"SC-{number}", deadline=deadline, **facts)
        sent = now - 2 * DAY
        answered = sent + datetime.timedelta(hours=hours) if hours else None
        Invite.objects.create(request=request, supplier=ferreycorp, sent_at=sent, answered_at=answered)
        Invite.objects.create(request=request, supplier=tracto, sent_at=sent, answered_at=now)
    told_prices = (("40", 30, "USD"), ("44", 0, "USD"), ("999", 10, "PEN"), ("1", 400, "USD"))
    for price, days, currency in told_prices:
        on = clock.today() - days * DAY
        noted = {"price": Decimal(price), "currency": currency, "source": "list", "on": on}
        actions.note_price(supplier=ferreycorp, part=oil_filter, **noted, by=nico)
    record = queries.record_of(ferreycorp)
    assert (record.asked, record.answered, record.response_hours) == (2, Decimal("0.5"), Decimal(5))
    assert (record.priced, record.price_change) == (1, Decimal("0.1"))


def test_who_was_not_given_its_time_is_not_reproached(nico, ferreycorp, store):
    now = clock.now()
    facts = {"deliver_to": store, "made_by": nico, "made_at": now, "deadline": now - DAY}
    for number, (ended, hours) in enumerate(((-2, None), (-2, 3), (0, None), (None, None))):
        ended_at = None if ended is None else now + ended * DAY
        request = QuotationRequest.objects.create(code=f"SC-{number}", ended_at=ended_at, **facts)
        sent = now - 3 * DAY
        answered = sent + datetime.timedelta(hours=hours) if hours else None
        Invite.objects.create(request=request, supplier=ferreycorp, sent_at=sent, answered_at=answered)
    record = queries.record_of(ferreycorp)
    assert (record.asked, record.answered) == (3, Decimal("0.3333"))


def test_the_page_tells_each_figure_and_how_it_is_reckoned(sign_in, gina, bought, ferreycorp, oil_filter):
    address = f"/app/proveedores/{ferreycorp.pk}/cumplimiento/"
    empty = sign_in(gina).get(address)
    assert "Aún no hay con qué evaluarlo" in empty.content.decode()
    order = bought(oil_filter, 10, 30, 25, (24, 10, 0))
    page = sign_in(gina).get(address)
    shown = page.content.decode()
    for words in ("A tiempo y completo", "100 %", "de 1 línea vencida", "6.0 d", order.code):
        assert words in shown
    figures_shown = page.context["figures"]
    assert len({each.why for each in figures_shown}) == len(figures_shown)
    assert "Responde" not in [each.label for each in figures_shown]


def test_the_page_costs_the_same_however_much(queries_of, sign_in, gina, bought, ferreycorp, oil_filter):
    address, client = f"/app/proveedores/{ferreycorp.pk}/cumplimiento/", sign_in(gina)
    bought(oil_filter, 10, 30, 25, (24, 10, 0))
    few = queries_of(lambda: client.get(address))
    for number in range(4):
        bought(oil_filter, 10, 30 + number, 25, (24, 4, 0), (23, 6, 0))
    assert few == queries_of(lambda: client.get(address)) <= 10
