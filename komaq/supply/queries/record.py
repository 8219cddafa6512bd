"""How a supplier kept its word: figures from what was ordered, promised, received and asked."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from komaq.core import clock
from komaq.core.money import round_half_up
from komaq.supply.choices import ON_TIME_TOLERANCE_DAYS, PurchaseState
from komaq.supply.models import Invite, PriceRecord, PurchaseLine, QuotationRequest, ReceiptLine, Supplier

PERIOD_DAYS = 365
PLACES = 4
_P = PurchaseState
BOUGHT = frozenset({_P.SENT, _P.CONFIRMED, _P.PARTIAL, _P.RECEIVED})
"""Orders that a supplier has, or has had, to deliver."""


@dataclass(frozen=True)
class Delivery:
    """What came of a line on a day: so much was accepted, so much refused."""

    day: datetime.date
    accepted: Decimal
    refused: Decimal


@dataclass(frozen=True)
class BoughtLine:
    """A line of an order that was sent: when it was first promised for, and what came of it."""

    ordered: Decimal
    sent_on: datetime.date
    promised_on: datetime.date | None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def done_on(self) -> datetime.date | None:
        """The day on which all of it had come and was accepted; None until then."""
        there = Decimal(0)
        for each in sorted(self.deliveries, key=lambda each: each.day):
            there += each.accepted
            if there >= self.ordered:
                return each.day
        return None

    @property
    def in_full(self) -> bool:
        return self.done_on is not None

    @property
    def on_time(self) -> bool:
        """Whether what came of it, and something came, came by its promise and the days we tolerate."""
        days = [each.day for each in self.deliveries if each.accepted]
        return bool(days) and self.promised_on is not None and max(days) <= _limit(self.promised_on)

    def is_due(self, today: datetime.date) -> bool:
        """Whether it can be judged: it was promised, and is complete or its time is over."""
        return self.promised_on is not None and (self.in_full or _limit(self.promised_on) < today)


@dataclass(frozen=True)
class Record:
    """A supplier's figures since a day. Shares are from 0 to 1, days calendar days; None is what has no data."""

    since: datetime.date
    lines: int = 0
    due: int = 0
    on_time: Decimal | None = None
    in_full: Decimal | None = None
    on_time_in_full: Decimal | None = None
    done: int = 0
    lead_mean: Decimal | None = None
    lead_sigma: Decimal | None = None
    promise_mean: Decimal | None = None
    received: int = 0
    quality: Decimal | None = None
    asked: int = 0
    answered: Decimal | None = None
    response_hours: Decimal | None = None
    priced: int = 0
    price_change: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.received or self.asked or self.priced)


def record_of(supplier: Supplier, *, days: int = PERIOD_DAYS) -> Record:
    """The record of a supplier over the last `days`, in four statements. For whoever may see supply."""
    today = clock.today()
    since = today - datetime.timedelta(days=days)
    prices = PriceRecord.objects.filter(supplier=supplier, on__gte=since).order_by("on", "pk")
    return figures(
        since=since,
        today=today,
        lines=_lines(supplier, since),
        answers=_answers(supplier, since),
        prices=[((each.part_id, each.currency), each.price) for each in prices],
    )


def figures(
    *,
    since: datetime.date,
    today: datetime.date,
    lines: list[BoughtLine],
    answers: list[tuple[datetime.datetime, datetime.datetime | None]],
    prices: list[tuple[object, Decimal]],
) -> Record:
    """The arithmetic of a record. `answers` are moments asked and answered, `prices` by part in the order of time."""
    due = [line for line in lines if line.is_due(today)]
    done = [line for line in lines if line.done_on]
    leads = [Decimal((line.done_on - line.sent_on).days) for line in done]
    kept = [Decimal((line.done_on - line.promised_on).days) for line in done if line.promised_on]
    deliveries = [each for line in lines for each in line.deliveries]
    hours = [Decimal((after - asked).total_seconds()) / 3600 for asked, after in answers if after]
    changes = _changes(prices)
    return Record(
        since=since,
        lines=len(lines),
        due=len(due),
        on_time=_mean(Decimal(line.on_time) for line in due),
        in_full=_mean(Decimal(line.in_full) for line in due),
        on_time_in_full=_mean(Decimal(line.on_time and line.in_full) for line in due),
        done=len(done),
        lead_mean=_mean(leads),
        lead_sigma=_sigma(leads),
        promise_mean=_mean(kept),
        received=len(deliveries),
        quality=_mean(each.accepted / (each.accepted + each.refused) for each in deliveries),
        asked=len(answers),
        answered=_mean(Decimal(after is not None) for _asked, after in answers),
        response_hours=_mean(hours),
        priced=len(changes),
        price_change=_mean(changes),
    )


def _limit(promised_on: datetime.date) -> datetime.date:
    return promised_on + datetime.timedelta(days=ON_TIME_TOLERANCE_DAYS)


def _mean(values: Iterable[Decimal]) -> Decimal | None:
    values = list(values)
    return round_half_up(sum(values, Decimal(0)) / len(values), PLACES) if values else None


def _sigma(values: list[Decimal]) -> Decimal | None:
    """The standard deviation of a sample; nothing under two values."""
    if len(values) < 2:
        return None
    mean = sum(values, Decimal(0)) / len(values)
    return round_half_up((sum((each - mean) ** 2 for each in values) / (len(values) - 1)).sqrt(), PLACES)


def _changes(prices: list[tuple[object, Decimal]]) -> list[Decimal]:
    """From the first to the last price of each part that has two or more, as a share of the first."""
    told: dict[object, list[Decimal]] = defaultdict(list)
    for part, price in prices:
        told[part].append(price)
    return [each[-1] / each[0] - 1 for each in told.values() if len(each) > 1 and each[0]]


def _lines(supplier: Supplier, since: datetime.date) -> list[BoughtLine]:
    rows = PurchaseLine.objects.filter(
        purchase__supplier=supplier, purchase__state__in=BOUGHT, purchase__sent_at__gte=clock.lima(since)
    ).select_related("purchase")
    came: dict[int, list[Delivery]] = defaultdict(list)
    for each in ReceiptLine.objects.filter(line__in=rows).select_related("receipt"):
        came[each.line_id].append(Delivery(_day(each.receipt.received_at), each.accepted, each.refused))
    return [
        BoughtLine(
            ordered=each.quantity,
            sent_on=_day(each.purchase.sent_at),
            promised_on=each.first_promised_on or each.promised_on,
            deliveries=tuple(came[each.pk]),
        )
        for each in rows
    ]


def _answers(supplier: Supplier, since: datetime.date) -> list[tuple]:
    """Requests it was asked in that it answered, or did not though it was given all the time until the deadline."""
    rows = Invite.objects.filter(supplier=supplier, sent_at__gte=clock.lima(since)).select_related("request")
    now = clock.now()
    return [(each.sent_at, each.answered_at) for each in rows if each.answered_at or _had_its_time(each.request, now)]


def _had_its_time(request: QuotationRequest, now: datetime.datetime) -> bool:
    """Whether the deadline passed while the request still took answers."""
    return request.deadline < now and (request.ended_at is None or request.ended_at >= request.deadline)


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(clock.LIMA).date()
