"""Stock kept for whoever needs it, and how it is used or freed (PRT-2)."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.core.trail import kind_of
from komaq.parts import rules
from komaq.parts.actions.posting import ZERO, checked, free_in, hold, swap
from komaq.parts.actions.refusals import NothingFree, ReasonNeeded, ReservationUsed
from komaq.parts.choices import ReservationState
from komaq.parts.events import reservation_freed, stock_arrived, stock_fell
from komaq.parts.models import Part, Reservation, Stock, Warehouse

FIRST_NEEDED = F("need_by").asc(nulls_last=True)


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
    rows = Stock.objects.select_for_update(of=("self",)).filter(part=part, warehouse__is_open=True)
    stocks = rows.order_by("-on_hand", "pk")
    for stock in stocks.filter(warehouse=warehouse) if warehouse else stocks:
        taken = min(left, free_in(stock))
        if taken <= ZERO:
            continue
        swap(stock, reserved=stock.reserved + taken)
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
    parts = [each.part for each in rows.select_related("part")]
    hold(parts)
    freed = ZERO
    for each in rows.filter(part__in=parts).select_related("part", "warehouse").order_by("pk"):
        _free(each, by)
        stock_arrived.send(Part, part=each.part, warehouse=each.warehouse, by=by)
        freed += each.quantity
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


@action
def free_reservation(*, reservation: Reservation, by: User, reason: str = "") -> Reservation:
    """Let one reservation go by hand. What was set aside goes to whoever waits for it.

    What was kept for an order stays free for whoever is meant: nobody waiting is given it unasked. Freed again
    changes nothing. Raises NotAllowed, ReservationUsed.
    """
    require(rules.can_manage_parts(by))
    hold([reservation.part])
    reservation = lock(reservation)
    require(reservation.state != ReservationState.USED, else_=ReservationUsed())
    if reservation.state == ReservationState.HELD:
        _free(reservation, by, reason=reason.strip()[:200])
        if reservation.source_kind == kind_of(Part):
            stock_arrived.send(Part, part=reservation.part, warehouse=reservation.warehouse, by=by)
        reservation_freed.send(Reservation, reservation=reservation, by=by)
    return reservation


@action
def set_aside(
    *,
    part: Part,
    warehouse: Warehouse,
    quantity: Decimal,
    by: User,
    reason: str,
    need_by: datetime.date | None = None,
) -> Reservation:
    """Keep free stock by hand, for a reason that no order knows; all of the quantity or nothing.

    Raises NotAllowed, BadQuantity, ReasonNeeded, NothingFree.
    """
    require(rules.can_manage_parts(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    made = reserve_stock(part=part, quantity=quantity, source=part, need_by=need_by, by=by, warehouse=warehouse)
    require([each.quantity for each in made] == [quantity], else_=NothingFree())
    trail.record("parts.stock_set_aside", part, by=by, quantity=quantity, reason=reason.strip()[:200])
    return made[0]


def _free(reservation: Reservation, by: User | None, **more: str) -> None:
    _lessen(reservation.part, reservation.warehouse, reservation.quantity)
    reservation.state, reservation.ended_at = ReservationState.FREED, clock.now()
    reservation.save(update_fields=["state", "ended_at"])
    source = f"{reservation.source_kind} {reservation.source_id}"
    facts = {"warehouse": reservation.warehouse.code, "quantity": reservation.quantity, "source": source}
    trail.record("parts.reservation_freed", reservation.part, by=by, **facts, **more)


def use(part: Part, warehouse: Warehouse, source: models.Model, quantity: Decimal) -> Decimal:
    """Turn what is held for a source in a warehouse into used, up to `quantity`; how much was.

    The caller has locked the part's holding and posts the issue.
    """
    used = ZERO
    for each in _held(source).filter(part=part, warehouse=warehouse).order_by(FIRST_NEEDED, "pk"):
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
    swap(stock, reserved=stock.reserved - quantity)
