"""The order leaves the house: by e-mail with its PDF, and a link by which the supplier confirms it."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_email

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.refusals import require
from komaq.supply import rules
from komaq.supply.actions.letters import write_to_supplier
from komaq.supply.actions.links import way_in
from komaq.supply.actions.prices import note_price
from komaq.supply.actions.purchase_refusals import AddressNeeded, PurchaseMoved
from komaq.supply.actions.purchases import held, step
from komaq.supply.choices import RECEIVABLE, PriceSource, PurchaseState
from komaq.supply.models import PurchaseOrder
from komaq.supply.notices import purchases as notices
from komaq.supply.notices.purchase_paper import paper_of


@action
def send_purchase(
    *, purchase: PurchaseOrder, by: User, email: str = "", message: str = "", version: int | None = None
) -> PurchaseOrder:
    """Send an approved order to its supplier; again after that, to another address, as long as something is to come.

    Sending it again ends the links sent before. Raises NotAllowed, AddressNeeded, Stale, PurchaseMoved.
    """
    require(rules.can_buy(by))
    purchase = held(purchase, version)
    require(purchase.state in {PurchaseState.APPROVED, *RECEIVABLE}, else_=PurchaseMoved(purchase))
    address = _checked(email or purchase.email)
    if purchase.state == PurchaseState.APPROVED:
        purchase = step(purchase, PurchaseState.SENT, by=by, sent_at=clock.now(), email=address, reason="")
        _note_prices(purchase, by)
    else:
        PurchaseOrder.objects.filter(pk=purchase.pk).update(email=address, version=purchase.version + 1)
        purchase.refresh_from_db()
        trail.record("supply.purchase_sent_again", purchase, by=by, email=address)
    _post(purchase, message.strip()[:2000], by)
    return purchase


def _checked(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise AddressNeeded from error
    return email


def _post(purchase: PurchaseOrder, message: str, by: User) -> None:
    purchase.links.filter(ended_at=None).update(ended_at=clock.now())
    letter = notices.purchase_sent(purchase, link=way_in(purchase), message=message)
    paper = SimpleUploadedFile(f"{purchase.code}.pdf", paper_of(purchase), "application/pdf")
    write_to_supplier(purchase.supplier, letter, to=purchase.email, by=by, papers=[paper])


def _note_prices(purchase: PurchaseOrder, by: User) -> None:
    for line in purchase.lines.select_related("part").order_by("part_id"):
        note_price(
            supplier=purchase.supplier,
            part=line.part,
            price=line.price,
            currency=purchase.currency,
            source=PriceSource.PURCHASE,
            source_id=purchase.code,
            by=by,
        )
