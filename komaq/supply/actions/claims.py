"""Wrong, damaged or missing goods: claimed, sent back, settled."""

from decimal import Decimal

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.parts import actions as parts
from komaq.parts.actions.posting import checked
from komaq.supply import rules
from komaq.supply.actions.purchase_refusals import ClaimClosed, ClaimTooLarge, ReasonNeeded
from komaq.supply.choices import ClaimKind, ClaimState
from komaq.supply.models import Claim, ReceiptLine
from komaq.supply.queries.claims import claimed_of_stock, is_of_stock

ZERO = Decimal(0)


@action
def claim(*, receipt_line: ReceiptLine, kind: str, quantity: Decimal, note: str, by: User) -> Claim:
    """Claim goods found bad after they were taken in, or fewer than the guide announced.

    Raises NotAllowed, BadQuantity, ReasonNeeded, ClaimTooLarge.
    """
    require(rules.can_buy(by))
    require(bool(note.strip()), else_=ReasonNeeded(field="note"))
    lock(receipt_line.receipt.purchase)
    checked(quantity)
    most = (
        receipt_line.line.quantity
        if kind == ClaimKind.SHORT
        else receipt_line.accepted - claimed_of_stock(receipt_line)
    )
    require(quantity <= most, else_=ClaimTooLarge())
    made = Claim.objects.create(
        receipt_line=receipt_line,
        kind=kind,
        quantity=quantity,
        note=note.strip()[:300],
        made_by=by,
        made_at=clock.now(),
    )
    _record("supply.claim_made", made, by, note=made.note)
    return made


@action
def send_back(*, claim: Claim, by: User, note: str = "") -> Claim:
    """The goods went back to the supplier; those that were in stock leave it.

    Raises NotAllowed, ClaimClosed, ShortOfStock.
    """
    require(rules.can_buy(by))
    claim = lock(claim)
    require(claim.state == ClaimState.OPEN and claim.kind != ClaimKind.SHORT, else_=ClaimClosed())
    _move(claim, ClaimState.SENT_BACK)
    if is_of_stock(claim):
        row = claim.receipt_line
        parts.return_to_supplier(
            part=row.line.part,
            warehouse=row.receipt.warehouse,
            quantity=claim.quantity,
            by=by,
            source=claim,
            reason=claim.note[:200],
        )
    _record("supply.claim_sent_back", claim, by, note=note.strip()[:300])
    return claim


@action
def settle_claim(*, claim: Claim, outcome: str, by: User, replaced: bool = False) -> Claim:
    """End a claim with what came of it. `replaced` takes new goods in for those that had left stock, at their old cost.

    What was refused at the door stays missing of its order and comes by another receipt, never by this.
    Raises NotAllowed, ReasonNeeded, ClaimClosed.
    """
    require(rules.can_buy(by))
    require(bool(outcome.strip()), else_=ReasonNeeded(field="outcome"))
    claim = lock(claim)
    require(claim.state != ClaimState.SETTLED, else_=ClaimClosed())
    went_back = claim.state == ClaimState.SENT_BACK and is_of_stock(claim)
    require(went_back or not replaced, else_=ClaimClosed())
    _move(claim, ClaimState.SETTLED, outcome=outcome.strip()[:300], ended_at=clock.now())
    if replaced:
        row = claim.receipt_line
        parts.receive_stock(
            part=row.line.part,
            warehouse=row.receipt.warehouse,
            quantity=claim.quantity,
            unit_cost=rules.unit_cost(row.line.price, row.receipt.purchase.rate),
            by=by,
            source=claim,
            reason=row.receipt.purchase.code,
        )
    _record("supply.claim_settled", claim, by, outcome=claim.outcome, replaced=replaced)
    return claim


def _move(claim: Claim, to: str, **values: object) -> None:
    """Change a claim as long as it stands where we saw it. Raises ClaimClosed."""
    moved = Claim.objects.filter(pk=claim.pk, state=claim.state).update(state=to, **values)
    require(moved == 1, else_=ClaimClosed())
    claim.refresh_from_db()


def _record(kind: str, claim: Claim, by: User, **facts: object) -> None:
    """One event in the history of the order the claim is about."""
    row = claim.receipt_line
    about = {"part": str(row.line.part), "claim_kind": claim.kind, "quantity": claim.quantity}
    trail.record(kind, row.receipt.purchase, by=by, claim=claim.pk, receipt=row.receipt.code, **about, **facts)
