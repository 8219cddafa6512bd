"""Reads of suppliers and of what they sell, always for someone."""

import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from komaq.accounts.models import Person, User
from komaq.core import trail
from komaq.core.files import attachments_of
from komaq.core.models import Attachment, Event
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.models import Supplier, SupplierAccount, SupplierContact, SupplierPart

NEWEST_EVENTS = 20


def suppliers_visible_to(user: User) -> QuerySet[Supplier]:
    """All of them for whoever may see what things cost; nobody else sees any."""
    return Supplier.objects.all() if rules.can_see_supply(user) else Supplier.objects.none()


def get_supplier(user: User, supplier_id: int) -> Supplier:
    """One supplier. Raises NotFound outside the person's scope."""
    return _one(suppliers_visible_to(user), supplier_id)


def filter_suppliers(
    rows: QuerySet[Supplier],
    *,
    q: str = "",
    country: str = "",
    currency: str = "",
    open: str = "",  # noqa: A002  the name it has in addresses
    part: Part | None = None,
) -> QuerySet[Supplier]:
    """Narrow a list by words, country, currency, whether we still buy there (yes or no), and a part it sells."""
    rows = matching(rows, q) if q else rows
    rows = rows.filter(country=country) if country else rows
    rows = rows.filter(currency=currency) if currency else rows
    rows = rows.filter(is_open=open == "yes") if open else rows
    return rows.filter(Exists(SupplierPart.objects.filter(supplier=OuterRef("pk"), part=part))) if part else rows


def with_counts(rows: QuerySet[Supplier]) -> QuerySet[Supplier]:
    """Rows that also say how many parts they sell and how many people we know there."""
    people = Count("contacts", filter=Q(contacts__ended_at=None), distinct=True)
    return rows.annotate(part_count=Count("parts", distinct=True), contact_count=people)


def with_contacts(rows: QuerySet[Supplier]) -> QuerySet[Supplier]:
    """Rows that have their present contacts at hand; one statement more."""
    return rows.prefetch_related(Prefetch("contacts", SupplierContact.objects.filter(ended_at=None).order_by("pk")))


def contacts_of(supplier: Supplier) -> QuerySet[SupplierContact]:
    """The people we deal with at a supplier now, by name."""
    rows = SupplierContact.objects.filter(supplier=supplier, ended_at=None)
    return rows.select_related("person", "supplier").order_by("person__sort_key", "pk")


def get_contact(user: User, supplier_contact_id: int) -> SupplierContact:
    """One contact of a supplier, also one that ended. Raises NotFound outside the person's scope."""
    rows = SupplierContact.objects.filter(supplier__in=suppliers_visible_to(user))
    return _one(rows.select_related("person", "supplier"), supplier_contact_id)


def addresses_of(supplier: Supplier) -> list[str]:
    """Where requests and orders go: the contacts that are marked for them, else the company itself."""
    found = SupplierContact.objects.filter(supplier=supplier, ended_at=None, gets_requests=True)
    marked = [each.person.email for each in found.select_related("person").order_by("pk") if each.person.email]
    return marked or ([supplier.email] if supplier.email else [])


def accounts_of(supplier: Supplier) -> QuerySet[SupplierAccount]:
    """Where a supplier is paid now."""
    return SupplierAccount.objects.filter(supplier=supplier, ended_at=None).order_by("pk")


def get_account(user: User, account_id: int) -> SupplierAccount:
    """One account of a supplier. Raises NotFound outside the person's scope."""
    rows = SupplierAccount.objects.filter(supplier__in=suppliers_visible_to(user)).select_related("supplier")
    return _one(rows, account_id)


def papers_of(supplier: Supplier) -> QuerySet[Attachment]:
    """Certificates, lists and contracts kept with a supplier, newest first."""
    return attachments_of(supplier).order_by("-id")


def history_of(supplier: Supplier) -> list[Event]:
    """The latest events of a supplier, newest first."""
    return list(trail.history(supplier).reverse()[:NEWEST_EVENTS])


def suppliers_since(user: User, since: datetime.datetime | None) -> QuerySet[Supplier]:
    """The suppliers that were added or changed since a moment; without one, all."""
    rows = suppliers_visible_to(user).order_by("pk")
    return rows.filter(Q(created_at__gte=since) | Q(pk__in=trail.touched_since(Supplier, since))) if since else rows


def supplier_numbered(user: User, number: str) -> Supplier | None:
    """The one supplier with that RUC or foreign number, blanks and signs aside."""
    tax_id = "".join(sign for sign in number if sign.isalnum()).upper()
    found = list(suppliers_visible_to(user).filter(tax_id=tax_id)[:2])
    return found[0] if len(found) == 1 else None


def contacts_with_person(person: Person) -> QuerySet[SupplierContact]:
    """Every tie of a person to a supplier, for the person's own data."""
    return SupplierContact.objects.filter(person=person).select_related("supplier").order_by("pk")


def _one(rows: QuerySet, pk: int):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
