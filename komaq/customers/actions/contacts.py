"""People to speak with at a customer, whether or not they sign in."""

from django.utils.translation import gettext_lazy as _

from komaq.accounts.actions import register_person
from komaq.accounts.models import Person, User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Refusal, Stale, require
from komaq.core.search import search_text, sort_key
from komaq.customers import rules
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer


class ContactEnded(Refusal):
    """The contact no longer works there."""

    message = _("This contact ended. Add the person again.")


class OwnData(Refusal):
    """Somebody who signs in keeps its own names and addresses."""

    message = _("This person signs in and keeps its own data. Only the job title can be changed here.")


@action
def add_contact(
    *,
    customer: Customer,
    given_names: str,
    surnames: str,
    email: str = "",
    phone: str = "",
    title: str = "",
    by: User,
) -> Contact:
    """Note somebody to speak with at a customer. It cannot sign in. The same person again is the one noted before.

    Raises NotAllowed.
    """
    require(rules.can_change_company(by, customer))
    lock(customer)
    same = {"person__given_names": given_names, "person__surnames": surnames, "person__email": email}
    known = Contact.objects.filter(customer=customer, status=ContactStatus.ACTIVE, **same).first()
    if known:
        return known
    person = register_person(given_names=given_names, surnames=surnames, email=email, phone=phone, by=by)
    contact = make_contact(customer, person, title=title)
    trail.record("customers.contact_added", contact, by=by, name=person.name)
    return contact


def make_contact(customer: Customer, person: Person, *, title: str = "", status: str = ContactStatus.ACTIVE) -> Contact:
    """Tie a person to a customer. Inside an action."""
    return Contact.objects.create(customer=customer, person=person, title=title, status=status, created_at=clock.now())


@action
def change_contact(
    *,
    contact: Contact,
    given_names: str,
    surnames: str,
    email: str = "",
    phone: str = "",
    title: str = "",
    version: int | None = None,
    by: User,
) -> Contact:
    """Correct a contact, with a `version` only as it was read.

    Raises NotAllowed, ContactEnded, Stale, OwnData (names and addresses of one who signs in).
    """
    require(rules.can_change_company(by, contact.customer))
    contact = lock(contact)
    require(contact.status != ContactStatus.ENDED, else_=ContactEnded())
    person = contact.person = lock(contact.person)
    require(version in (None, contact.version), else_=Stale(contact))
    facts = {"given_names": given_names, "surnames": surnames, "email": email, "phone": phone}
    changed = [name for name, value in facts.items() if getattr(person, name) != value]
    if changed:
        require(not User.objects.filter(person=person).exists(), else_=OwnData(field=changed[0]))
        for name, value in facts.items():
            setattr(person, name, value)
        person.search = search_text(given_names, surnames, email, phone, person.document_number)
        person.sort_key = sort_key(f"{surnames} {given_names}")
        person.save()
    Contact.objects.filter(pk=contact.pk).update(title=title)
    trail.record("customers.contact_changed", contact, by=by, changed=changed, title=title)
    contact.refresh_from_db()
    return contact
