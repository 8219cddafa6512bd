"""Stock kept for whoever needs it, and how it is used or freed (PRT-2)."""

import datetime
from decimal import Decimal

from django.db import models

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.trail import kind_of
from komaq.parts.actions.posting import ZERO, checked, free_in, hold
from komaq.parts.choices import ReservationState
from komaq.parts.events import stock_arrived, stock_fell
from komaq.parts.models import Part, Reservation, Stock, Warehouse


@action
def reserve_stock(
    *,
    part: Part,
    quantity: Decimal,
    source: models.Model,
    need_by: datetime.date | None,
    by: User | None,
    warehouse: Warehouse | None = None,
) -> list[Reservation]:
    """Keep as much of a part as is free, up to `quantity`, for a source; from one warehouse or wherever it lies.

    What is missing stays missing: the caller compares. Raises BadQuantity.
    """
    hold([part])
    left, made = checked(quantity), []
    stocks = Stock.objects.select_for_update().filter(part=part, warehouse__is_open=True).order_by("-on_hand", "pk")
    for stock in stocks.filter(warehouse=warehouse) if warehouse else stocks:
        taken = min(left, free_in(stock))
        if taken <= ZERO:
            continue
        stock.reserved += taken
        stock.save(update_fields=["reserved"])
        made.append(
            Reservation.objects.create(
                part=part,
                warehouse=stock.warehouse,
                quantity=taken,
                need_by=need_by,
                source_kind=kind_of(source),
                source_id=str(source.pk),
                made_by=by,
                made_at=clock.now(),
            )
        )
        left -= taken
        if left == ZERO:
            break
    if made:
        taken = sum((each.quantity for each in made), ZERO)
        trail.record("parts.stock_reserved", part, by=by, quantity=taken, source=f"{kind_of(source)} {source.pk}")
        stock_fell.send(Part, part=part, by=by)
    return made


@action
def free_reservations(*, source: models.Model, by: User | None, part: Part | None = None) -> Decimal:
    """Let go what is still held for a source; how much. Again changes nothing."""
    rows = _held(source)
    rows = rows.filter(part=part) if part else rows
    parts = {each.part_id: each.part for each in rows.select_related("part")}
    hold(parts.values())
    freed = ZERO
    for each in rows.select_related("part", "warehouse").order_by("pk"):
        _lessen(each.part, each.warehouse, each.quantity)
        each.state, each.ended_at = ReservationState.FREED, clock.now()
        each.save(update_fields=["state", "ended_at"])
        freed += each.quantity
        facts = {"quantity": each.quantity, "source": f"{each.source_kind} {each.source_id}"}
        trail.record("parts.reservation_freed", each.part, by=by, **facts)
        stock_arrived.send(Part, part=each.part, warehouse=each.warehouse, by=by)
    return freed


@action
def keep_reserved(
    *, source: models.Model, part: Part, most: Decimal, need_by: datetime.date | None, by: User | None
) -> Decimal:
    """Let go what is held for a source beyond `most`, the smallest pieces first, and let the rest wait for `need_by`.

    How much was let go. Again changes nothing.
    """
    hold([part])
    rows = list(_held(source).filter(part=part).select_related("warehouse").order_by("quantity", "pk"))
    beyond, freed = sum((each.quantity for each in rows), ZERO) - most, []
    for each in rows:
        taken = max(min(each.quantity, beyond), ZERO)
        beyond -= taken
        if taken == each.quantity:
            each.state, each.ended_at = ReservationState.FREED, clock.now()
        else:
            each.quantity, each.need_by = each.quantity - taken, need_by
        each.save()
        if taken:
            _lessen(part, each.warehouse, taken)
            freed.append((each.warehouse, taken))
    for warehouse, taken in freed:
        facts = {"quantity": taken, "source": f"{kind_of(source)} {source.pk}"}
        trail.record("parts.reservation_freed", part, by=by, **facts)
        stock_arrived.send(Part, part=part, warehouse=warehouse, by=by)
    return sum((taken for _warehouse, taken in freed), ZERO)


def use(part: Part, warehouse: Warehouse, source: models.Model, quantity: Decimal) -> Decimal:
    """Turn what is held for a source in a warehouse into used, up to `quantity`; how much was.

    The caller has locked the part's holding and posts the issue.
    """
    used = ZERO
    for each in _held(source).filter(part=part, warehouse=warehouse).order_by("need_by", "pk"):
        taken = min(each.quantity, quantity - used)
        if taken <= ZERO:
            break
        if taken < each.quantity:
            rest = each.quantity - taken
            Reservation.objects.filter(pk=each.pk).update(quantity=rest)
            each.pk, each.quantity = None, taken
        each.state, each.ended_at = ReservationState.USED, clock.now()
        each.save()
        _lessen(part, warehouse, taken)
        used += taken
    return used


def _held(source: models.Model) -> models.QuerySet[Reservation]:
    return Reservation.objects.filter(
        source_kind=kind_of(source), source_id=str(source.pk), state=ReservationState.HELD
    )


def _lessen(part: Part, warehouse: Warehouse, quantity: Decimal) -> None:
    stock = Stock.objects.select_for_update().get(part=part, warehouse=warehouse)
    stock.reserved -= quantity
    stock.save(update_fields=["reserved"])
