"""What came of a purchase order: accepted into stock, refused with a claim, never more than was ordered (PUR-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, Value

from komaq.accounts.models import User
from komaq.core import clock, files, sequences, trail
from komaq.core.action import action
from komaq.core.money import QuantityField
from komaq.core.refusals import require
from komaq.parts import actions as parts
from komaq.parts.actions.posting import checked, hold
from komaq.parts.models import Warehouse
from komaq.supply import rules
from komaq.supply.actions.needs_met import free_of, meet_needs
from komaq.supply.actions.purchase_refusals import (
    ForeignLine,
    FormUsed,
    NothingReceived,
    OverReceipt,
    PlaceClosed,
    PurchaseMoved,
    ReasonNeeded,
)
from komaq.supply.actions.purchases import held, step
from komaq.supply.actions.tell import telling
from komaq.supply.choices import RECEIVABLE, ClaimKind, PurchaseState
from komaq.supply.models import Claim, GoodsReceipt, PurchaseLine, PurchaseOrder, ReceiptLine
from komaq.supply.queries.promises import orders_lacking

ZERO = Decimal(0)


@dataclass(frozen=True)
class ReceiptLineIn:
    """How many of a line came well (`accepted`) and how many we do not take (`refused`), with the kind of fault."""

    line: PurchaseLine
    accepted: Decimal = ZERO
    refused: Decimal = ZERO
    kind: str = ClaimKind.DAMAGED
    note: str = ""


@action
def receive(
    *,
    purchase: PurchaseOrder,
    warehouse: Warehouse,
    lines: Iterable[ReceiptLineIn],
    by: User,
    guide: str = "",
    uploads: Iterable[UploadedFile] = (),
    form_key: UUID | None = None,
    note: str = "",
) -> GoodsReceipt:
    """Take in what came: stock at the order's price and rate, a claim for what was refused; orders that wait go on.

    The same `form_key` counts once and answers the first receipt again. Raises NotAllowed, PurchaseMoved, PlaceClosed,
    NothingReceived, ForeignLine, BadQuantity, ReasonNeeded (a refusal says why), OverReceipt, FormUsed, FileRefused.
    """
    require(rules.can_buy(by))
    purchase = held(purchase)
    if form_key and (known := GoodsReceipt.objects.filter(form_key=form_key).first()):
        require(known.purchase_id == purchase.pk, else_=FormUsed())
        return known
    require(purchase.state in RECEIVABLE, else_=PurchaseMoved(purchase))
    require(warehouse.is_open, else_=PlaceClosed(field="warehouse"))
    lines = _checked(purchase, lines)
    receipt = GoodsReceipt.objects.create(
        code=sequences.take("RC"),
        purchase=purchase,
        warehouse=warehouse,
        guide=guide.strip()[:30],
        note=note.strip()[:300],
        form_key=form_key,
        received_by=by,
        received_at=clock.now(),
    )
    files.attach(uploads, receipt, by=by, visibility="internal")
    for given in lines:
        _take(receipt, given, by)
    facts = [[str(each.line.part), each.accepted, each.refused] for each in lines]
    trail.record("supply.goods_received", purchase, by=by, receipt=receipt.code, guide=receipt.guide, lines=facts)
    good = [each for each in lines if each.accepted]
    with telling(orders_lacking(each.line.part for each in good)):
        _go_on(purchase, by)
        _stock(receipt, good, by)
    return receipt


def _checked(purchase: PurchaseOrder, lines: Iterable[ReceiptLineIn]) -> list[ReceiptLineIn]:
    """The lines that say something, in the order of the purchase, all of them its own."""
    lines = sorted((each for each in lines if each.accepted or each.refused), key=lambda each: each.line.pk)
    require(bool(lines), else_=NothingReceived())
    own = {line.pk for line in purchase.lines.all()}
    keys = [each.line.pk for each in lines]
    require(own.issuperset(keys) and len(set(keys)) == len(keys), else_=ForeignLine())
    for each in lines:
        for quantity in filter(None, (each.accepted, each.refused)):
            checked(quantity)
        require(each.refused <= each.line.quantity, else_=OverReceipt(each.line))
        require(not each.refused or bool(each.note.strip()), else_=ReasonNeeded(field="note"))
    return lines


def _take(receipt: GoodsReceipt, given: ReceiptLineIn, by: User) -> None:
    """Count what was accepted, as long as no more comes than was ordered, and claim what was refused."""
    accepted = Value(given.accepted, output_field=QuantityField())
    fits = PurchaseLine.objects.filter(pk=given.line.pk, received__lte=F("quantity") - accepted)
    taken = fits.update(received=F("received") + accepted)
    if taken != 1:
        given.line.refresh_from_db()
        raise OverReceipt(given.line)
    row = ReceiptLine.objects.create(receipt=receipt, line=given.line, accepted=given.accepted, refused=given.refused)
    if given.refused:
        Claim.objects.create(
            receipt_line=row,
            kind=given.kind,
            quantity=given.refused,
            note=given.note.strip()[:300],
            made_by=by,
            made_at=clock.now(),
        )


def _go_on(purchase: PurchaseOrder, by: User) -> None:
    """Partly received or received, by what its lines say; a delivery of which nothing was taken moves nothing."""
    lines = list(purchase.lines.all())
    if not any(line.is_open for line in lines):
        step(purchase, PurchaseState.RECEIVED, by=by, received_at=clock.now())
    elif purchase.state != PurchaseState.PARTIAL and any(line.received for line in lines):
        step(purchase, PurchaseState.PARTIAL, by=by)


def _stock(receipt: GoodsReceipt, lines: list[ReceiptLineIn], by: User) -> None:
    """Put what was accepted into stock, and let the needs it was bought for follow."""
    hold(given.line.part for given in lines)
    before = free_of(given.line.part for given in lines)
    for given in lines:
        parts.receive_stock(
            part=given.line.part,
            warehouse=receipt.warehouse,
            quantity=given.accepted,
            unit_cost=rules.unit_cost(given.line.price, receipt.purchase.rate),
            by=by,
            source=receipt,
            reason=receipt.purchase.code,
        )
    come = receipt.purchase.lines.filter(pk__in=[given.line.pk for given in lines])
    meet_needs(come.select_related("part").order_by("pk"), before, by)
