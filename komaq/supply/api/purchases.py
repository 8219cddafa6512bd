"""Purchase orders, what came of them, and claims."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as InQuery

from komaq.accounts.choices import Role, only
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import FieldRefused, found
from komaq.core.api.shapes import Key
from komaq.core.lists import Page, Sort
from komaq.parts import queries as parts
from komaq.parts.queries import stock
from komaq.supply import actions, queries
from komaq.supply.actions.purchase_refusals import PurchaseMoved
from komaq.supply.api.purchase_shapes import PurchaseIn, PurchaseLineItem, PurchaseOut, PurchasesQuery, PurchaseStepIn
from komaq.supply.api.receipt_shapes import (
    ClaimIn,
    ClaimOut,
    ClaimsQuery,
    ClaimStepIn,
    ReceiptIn,
    ReceiptOut,
    ReceiptsQuery,
)
from komaq.supply.choices import SUPPLY, PurchaseState
from komaq.supply.notices.purchase_paper import paper_of
from komaq.supply.queries import claims as claims_read
from komaq.supply.queries import purchases, wanted

doors = Doors(tags=["purchase-orders"])
receipts = Doors(tags=["receipts"])
BUYERS = only(Role.LOGISTICS)
DECIDERS = only(Role.LOGISTICS, Role.MANAGER)
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "dearest": Sort("total_pen", descending=True),
}
BY_AGE = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}
_S = PurchaseState


@doors.gives("/purchase-orders/{purchase_id}.pdf", SUPPLY, "application/pdf")
def read_purchase_paper(request: HttpRequest, purchase_id: Key) -> HttpResponse:
    """The order as the supplier gets it."""
    purchase = purchases.get_purchase(request.user, int(purchase_id))
    answer = HttpResponse(paper_of(purchase), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{purchase.code}.pdf"'
    return answer


@doors.lists("/purchase-orders", SUPPLY, PurchaseLineItem)
def list_purchases(request: HttpRequest, wanted: InQuery[PurchasesQuery]) -> Page:
    """Purchase orders, whoever wrote them."""
    given = wanted.filters()
    given["state"] = given.pop("status", "")
    return page_of(
        purchases.filter_purchases(purchases.purchases_visible_to(request.user), **given), wanted, sorts=SORTS
    )


@doors.reads("/purchase-orders/{purchase_id}", SUPPLY, PurchaseOut)
def read_purchase(request: HttpRequest, purchase_id: Key) -> Any:
    """One purchase order with its lines."""
    return purchases.get_purchase(request.user, int(purchase_id))


@doors.makes("/purchase-orders", BUYERS, PurchaseOut)
def make_purchase(request: HttpRequest, body: PurchaseIn) -> Any:
    """Write an order: a draft, priced at today's rate."""
    user = request.user
    lines = []
    for place, line in enumerate(body.lines):
        needs = wanted.needs_named(user, line.needs)
        if len(needs) != len(set(line.needs)):
            raise FieldRefused(field=f"lines.{place}.needs")
        part = found(f"lines.{place}.part", parts.get_part, user, int(line.part))
        lines.append(
            actions.PurchaseLineIn(
                part=part, quantity=line.quantity, price=line.price, need_by=line.need_by, needs=tuple(needs)
            )
        )
    return actions.make_purchase(
        supplier=found("supplier", queries.get_supplier, user, int(body.supplier)),
        deliver_to=found("deliver_to", stock.get_warehouse, user, int(body.deliver_to)),
        lines=lines,
        currency=body.currency,
        payment_terms=body.payment_terms,
        note=body.note,
        by=user,
    )


@doors.does("/purchase-orders/{purchase_id}/transitions", DECIDERS, PurchaseOut, versioned=True)
def move_purchase(request: HttpRequest, purchase_id: Key, body: PurchaseStepIn) -> Any:
    """Take one step of an order.

    `to_approve` finishes a draft: within the limit it answers with `approved` at once. `approved` finishes such a
    draft, or is a manager's decision. `received` closes an order of which something came and the rest will not.
    """
    purchase = purchases.get_purchase(request.user, int(purchase_id))
    return _step(purchase, body)(purchase=purchase, by=request.user, version=request.version)


def _step(purchase: Any, body: PurchaseStepIn) -> Callable:
    finish = purchase.state == _S.DRAFT
    steps = {
        _S.TO_APPROVE: actions.submit_purchase,
        _S.APPROVED: actions.submit_purchase if finish else actions.approve,
        _S.DRAFT: partial(actions.return_to_draft, reason=body.reason),
        _S.SENT: partial(actions.send_purchase, email=body.email, message=body.message),
        _S.CONFIRMED: partial(actions.confirm, dates={int(each.line): each.on for each in body.dates}),
        _S.RECEIVED: partial(actions.close_purchase, reason=body.reason),
        _S.CANCELLED: partial(actions.cancel_purchase, reason=body.reason),
    }
    if body.to not in steps:
        raise PurchaseMoved(purchase)
    return steps[body.to]


# Receipts


@receipts.lists("/receipts", SUPPLY, ReceiptOut)
def list_receipts(request: HttpRequest, wanted: InQuery[ReceiptsQuery]) -> Page:
    """What came, delivery by delivery."""
    given = {"purchase": wanted.purchase_order, "warehouse": wanted.warehouse}
    rows = purchases.receipts_visible_to(request.user).filter(**{k: int(v) for k, v in given.items() if v})
    return page_of(purchases.with_lines(rows), wanted, sorts=BY_AGE)


@receipts.reads("/receipts/{receipt_id}", SUPPLY, ReceiptOut)
def read_receipt(request: HttpRequest, receipt_id: Key) -> Any:
    """One receipt with its lines."""
    return purchases.get_receipt(request.user, int(receipt_id))


@receipts.makes("/receipts", BUYERS, ReceiptOut)
def receive(request: HttpRequest, body: ReceiptIn) -> Any:
    """Take goods in: what is accepted goes into stock, what is refused gets a claim; orders that wait go on."""
    user = request.user
    purchase = found("purchase_order", purchases.get_purchase, user, int(body.purchase_order))
    lines = [
        actions.ReceiptLineIn(
            line=found(f"lines.{place}.line", purchases.get_line, purchase, int(each.line)),
            accepted=each.accepted,
            refused=each.refused,
            kind=each.kind,
            note=each.note,
        )
        for place, each in enumerate(body.lines)
    ]
    return actions.receive(
        purchase=purchase,
        warehouse=found("warehouse", stock.get_warehouse, user, int(body.warehouse)),
        lines=lines,
        guide=body.guide,
        note=body.note,
        by=user,
    )


# Claims


@receipts.lists("/claims", SUPPLY, ClaimOut)
def list_claims(request: HttpRequest, wanted: InQuery[ClaimsQuery]) -> Page:
    """Claims to suppliers."""
    rows = claims_read.filter_claims(
        purchases.claims_visible_to(request.user),
        states=[wanted.status] if wanted.status else (),
        q=wanted.q,
        kind=wanted.kind or "",
        purchase=int(wanted.purchase_order) if wanted.purchase_order else None,
    )
    return page_of(rows, wanted, sorts=BY_AGE)


@receipts.reads("/claims/{claim_id}", SUPPLY, ClaimOut)
def read_claim(request: HttpRequest, claim_id: Key) -> Any:
    """One claim."""
    return purchases.get_claim(request.user, int(claim_id))


@receipts.makes("/claims", BUYERS, ClaimOut)
def make_claim(request: HttpRequest, body: ClaimIn) -> Any:
    """Claim goods that were received."""
    row = found("receipt_line", purchases.get_receipt_line, request.user, int(body.receipt_line))
    return actions.claim(receipt_line=row, kind=body.kind, quantity=body.quantity, note=body.note, by=request.user)


@receipts.does("/claims/{claim_id}/transitions", BUYERS, ClaimOut)
def move_claim(request: HttpRequest, claim_id: Key, body: ClaimStepIn) -> Any:
    """Send the goods back, or settle the claim."""
    claim = purchases.get_claim(request.user, int(claim_id))
    if body.to == "sent_back":
        return actions.send_back(claim=claim, note=body.note, by=request.user)
    return actions.settle_claim(claim=claim, outcome=body.outcome, replaced=body.replaced, by=request.user)
