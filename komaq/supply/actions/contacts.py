"""The people we deal with at a supplier."""

from django.utils.translation import gettext_lazy as _

from komaq.accounts.actions import register_person
from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Refusal, Stale, require
from komaq.core.search import search_text, sort_key
from komaq.supply import rules
from komaq.supply.actions.links import end_links_of
from komaq.supply.models import Supplier, SupplierContact


class SupplierContactEnded(Refusal):
    """The person no longer works there."""

    message = _("This contact ended. Add the person again.")


class KeepsOwnData(Refusal):
    """Somebody who signs in keeps its own names and addresses."""

    message = _("This person signs in and keeps its own data. Only the job title can be changed here.")


@action
def add_supplier_contact(
    *,
    supplier: Supplier,
    given_names: str,
    by: User,
    surnames: str = "",
    email: str = "",
    phone: str = "",
    title: str = "",
    gets_requests: bool = True,
) -> SupplierContact:
    """Note somebody at a supplier. The same person again is the one noted before. Raises NotAllowed."""
    require(rules.can_buy(by))
    supplier = lock(supplier)
    email = email.strip().lower()
    same = {"person__given_names": given_names, "person__surnames": surnames, "person__email": email}
    known = SupplierContact.objects.filter(supplier=supplier, ended_at=None, **same).first()
    if known:
        return known
    person = register_person(
        given_names=given_names, surnames=surnames, email=email, phone=phone, language=supplier.language, by=by
    )
    contact = SupplierContact.objects.create(supplier=supplier, person=person, title=title, gets_requests=gets_requests)
    trail.record("supply.contact_added", contact, by=by, name=person.name, supplier=supplier.name)
    return contact


@action
def change_supplier_contact(
    *,
    contact: SupplierContact,
    given_names: str,
    by: User,
    surnames: str = "",
    email: str = "",
    phone: str = "",
    title: str = "",
    gets_requests: bool = True,
    version: int | None = None,
) -> SupplierContact:
    """Correct a contact, with a `version` only as it was read.

    Raises NotAllowed, SupplierContactEnded, Stale, KeepsOwnData (names and addresses of one who signs in).
    """
    require(rules.can_buy(by))
    contact = lock(contact)
    require(contact.ended_at is None, else_=SupplierContactEnded())
    person = contact.person = lock(contact.person)
    require(version in (None, contact.version), else_=Stale(contact))
    facts = {"given_names": given_names, "surnames": surnames, "email": email.strip().lower(), "phone": phone}
    changed = [name for name, value in facts.items() if getattr(person, name) != value]
    if changed:
        require(not User.objects.filter(person=person).exists(), else_=KeepsOwnData(field=changed[0]))
        for name, value in facts.items():
            setattr(person, name, value)
        person.search = search_text(given_names, surnames, person.email, phone, person.document_number)
        person.sort_key = sort_key(f"{surnames} {given_names}")
        person.save()
    contact.title, contact.gets_requests = title, gets_requests
    contact.save(update_fields=["title", "gets_requests"])
    trail.record("supply.contact_changed", contact, by=by, changed=changed, title=title, gets_requests=gets_requests)
    return contact


@action
def end_supplier_contact(*, contact: SupplierContact, by: User) -> SupplierContact:
    """Somebody no longer speaks for the supplier, nor opens what was sent to it; twice is once. Raises NotAllowed."""
    require(rules.can_buy(by))
    contact = lock(contact)
    if contact.ended_at is None:
        contact.ended_at = clock.now()
        contact.save(update_fields=["ended_at"])
        end_links_of(supplier=contact.supplier, email=contact.person.email)
        trail.record("supply.contact_ended", contact, by=by)
    return contact
