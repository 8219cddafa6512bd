"""What is said and sent about a purchase order: by us, and by the supplier through its link."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from komaq.accounts.models import User
from komaq.comms.actions import add_message, post
from komaq.comms.choices import Visibility
from komaq.comms.models import Message
from komaq.comms.queries import thread_with_supplier
from komaq.core import files, trail
from komaq.core.action import action, lock
from komaq.core.models import Attachment
from komaq.core.refusals import require
from komaq.supply.actions.letters import write_to_supplier
from komaq.supply.actions.links import way_in
from komaq.supply.actions.promises import purchase_named
from komaq.supply.actions.purchase_refusals import NoPaper, TooManyMessages
from komaq.supply.choices import PurchaseState
from komaq.supply.models import PurchaseOrder, SupplierLink
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.people import buyers

MOST_PAPERS = 20
"""How many files a supplier may leave with one order."""
MOST_MESSAGES = 50
"""How many messages a supplier may write about one order."""


@action
def write_about(
    *,
    text: str,
    link: SupplierLink | None = None,
    purchase: PurchaseOrder | None = None,
    by: User | None = None,
    is_internal: bool = False,
) -> Message:
    """A message in the thread about an order. Ours goes to the supplier by e-mail, with a link that opens the order.

    What the supplier writes reaches whoever buys; what `is_internal` stays among us. Raises NotAllowed, EmptyMessage,
    TooManyMessages (a supplier by its link).
    """
    require(by is not None or not is_internal)
    purchase = lock(purchase_named(link, purchase, by))
    theirs = thread_with_supplier(purchase).filter(author_id=None)
    require(by is not None or theirs.count() < MOST_MESSAGES, else_=TooManyMessages())
    said = add_message(
        subject=purchase,
        text=text[:4000],
        visibility=Visibility.INTERNAL if is_internal else Visibility.SUPPLIER,
        by=by,
        author_name="" if by else purchase.supplier.short_name,
    )
    if by is None:
        for user in buyers():
            post(notices.supplier_wrote(purchase, user.person, key=str(said.pk), text=said.text))
    elif purchase.sent_at and purchase.email and not is_internal:
        link_in = "" if purchase.state == PurchaseState.CANCELLED else way_in(purchase)
        letter = notices.we_wrote(purchase, said.text, link=link_in)
        write_to_supplier(purchase.supplier, letter, to=purchase.email, by=by)
    return said


@action
def keep_with_purchase(
    *,
    uploads: Iterable[UploadedFile],
    link: SupplierLink | None = None,
    purchase: PurchaseOrder | None = None,
    by: User | None = None,
) -> list[Attachment]:
    """Keep files with an order, which its supplier sees too. Raises NotAllowed, NoPaper, FileRefused."""
    purchase = lock(purchase_named(link, purchase, by))
    uploads = list(uploads)
    known = files.attachments_of(purchase).filter(uploaded_by_id=None).count()
    require(bool(uploads) and (by is not None or known + len(uploads) <= MOST_PAPERS), else_=NoPaper())
    kept = files.attach(uploads, purchase, by=by, visibility=Visibility.SUPPLIER)
    names = [each.name for each in kept]
    trail.record("supply.papers_kept", purchase, by=by, names=names, by_supplier=by is None)
    return kept
