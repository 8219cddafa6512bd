"""A supplier's way in without account: to one request or one order of its own, until a moment."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from komaq.core import clock
from komaq.core.action import action
from komaq.supply.choices import LinkPurpose, PurchaseState
from komaq.supply.models import Invite, PurchaseOrder, Supplier, SupplierContact, SupplierLink
from komaq.supply.queries.suppliers import addresses_of

SECRET_BYTES = 32
DONE = frozenset({PurchaseState.RECEIVED, PurchaseState.CANCELLED})
PURCHASE_DAYS = 180
"""A supplier's link to an order lives as long as deliveries and claims may take."""


def digest_of(secret: str) -> str:
    """What is kept of a link's secret of 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


@action
def make_link(
    *,
    supplier: Supplier,
    purpose: str,
    email: str,
    days: int = 0,
    until: datetime.datetime | None = None,
    invite: Invite | None = None,
    purchase: PurchaseOrder | None = None,
) -> tuple[SupplierLink, str]:
    """A new link of a supplier, for some days or until a moment, and its secret.

    The secret is told once: it stands in the letter and nowhere else.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    link = SupplierLink.objects.create(
        supplier=supplier,
        purpose=LinkPurpose(purpose),
        invite=invite,
        purchase=purchase,
        digest=digest_of(secret),
        email=email,
        made_at=now,
        expires_at=until or now + datetime.timedelta(days=days),
    )
    return link, secret


def way_in(purchase: PurchaseOrder) -> str:
    """The address of a new link to an order, for a letter to whom the order was sent; older links go on opening."""
    _link, secret = make_link(
        supplier=purchase.supplier,
        purpose=LinkPurpose.PURCHASE,
        purchase=purchase,
        email=purchase.email,
        days=PURCHASE_DAYS,
    )
    return settings.SITE_URL + reverse("supply:link", args=[secret])


@action
def note_opening(*, link: SupplierLink) -> None:
    """Remember when a link was opened first, and with it the request it is about."""
    SupplierLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())
    if link.invite_id:
        Invite.objects.filter(pk=link.invite_id, opened_at=None).update(opened_at=clock.now())


@action
def end_links_of(*, supplier: Supplier, email: str) -> bool:
    """Nobody opens any more what was sent to an address; orders that still go on are written about to another.

    Nothing changes, and the answer is False, when the company or another contact of it has the same address.
    """
    others = SupplierContact.objects.filter(supplier=supplier, ended_at=None, person__email__iexact=email)
    if not email or email.lower() == supplier.email.lower() or others.exists():
        return False
    sent_there = {"supplier": supplier, "email__iexact": email}
    SupplierLink.objects.filter(ended_at=None, **sent_there).update(ended_at=clock.now())
    going_on = PurchaseOrder.objects.filter(**sent_there).exclude(state__in=DONE)
    going_on.update(email=next(iter(addresses_of(supplier)), ""), version=F("version") + 1)
    Invite.objects.filter(sent_at=None, **sent_there).update(email="")
    return True
