"""One line of a draft at a time: the order is written anew with it, the other lines as they were."""

import datetime
from decimal import Decimal

from komaq.accounts.models import User
from komaq.core.action import action
from komaq.parts.models import Part, Warehouse
from komaq.supply.actions.purchases import PurchaseLineIn, change_purchase
from komaq.supply.choices import NeedState
from komaq.supply.models import PurchaseLine, PurchaseOrder


@action
def put_line(
    *,
    purchase: PurchaseOrder,
    part: Part,
    quantity: Decimal,
    price: Decimal,
    version: int,
    by: User,
    need_by: datetime.date | None = None,
) -> PurchaseOrder:
    """Add a part to a draft, or change how many of it and at what price. Raises what change_purchase raises."""
    lines = _lines_of(purchase)
    known = lines.get(part.pk)
    lines[part.pk] = PurchaseLineIn(
        part=part,
        quantity=quantity,
        price=price,
        need_by=need_by,
        offer_line=known.offer_line if known else None,
        needs=known.needs if known else (),
    )
    return _write(purchase, lines, version, by)


@action
def drop_line(*, purchase: PurchaseOrder, line: PurchaseLine, version: int, by: User) -> PurchaseOrder:
    """Take a part out of a draft; its needs are open again. Raises NothingToBuy for the last line, and as put_line."""
    lines = _lines_of(purchase)
    lines.pop(line.part_id, None)
    return _write(purchase, lines, version, by)


def _write(purchase: PurchaseOrder, lines: dict[int, PurchaseLineIn], version: int, by: User) -> PurchaseOrder:
    return change_purchase(
        purchase=purchase,
        lines=list(lines.values()),
        currency=purchase.currency,
        deliver_to=purchase.deliver_to,
        note=purchase.note,
        payment_terms=purchase.payment_terms,
        version=version,
        by=by,
    )


def _lines_of(purchase: PurchaseOrder) -> dict[int, PurchaseLineIn]:
    rows = purchase.lines.select_related("part", "offer_line").prefetch_related("needs").order_by("pk")
    return {
        line.part_id: PurchaseLineIn(
            part=line.part,
            quantity=line.quantity,
            price=line.price,
            need_by=line.need_by,
            offer_line=line.offer_line,
            needs=tuple(need for need in line.needs.all() if need.state == NeedState.ORDERED),
        )
        for line in rows
    }


@action
def change_terms(
    *,
    purchase: PurchaseOrder,
    deliver_to: Warehouse,
    currency: str,
    version: int,
    by: User,
    payment_terms: str = "",
    note: str = "",
) -> PurchaseOrder:
    """Change where, in what money and on what terms a draft buys; its lines stay. Raises as change_purchase."""
    lines = list(_lines_of(purchase).values())
    facts = {"deliver_to": deliver_to, "currency": currency, "payment_terms": payment_terms, "note": note}
    return change_purchase(purchase=purchase, lines=lines, version=version, by=by, **facts)
