"""Who of a company may enter, as what, and where: invitations, decisions, changes, ends."""

from django.utils.translation import gettext_lazy as _

from komaq.accounts.actions import create_user, end_grant, give_grant, register_person
from komaq.accounts.choices import CLIENT_ROLES, Role, ScopeKind
from komaq.accounts.models import Grant, User
from komaq.comms.actions import post
from komaq.core import trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, require
from komaq.customers import notices, rules
from komaq.customers.actions.contacts import make_contact
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer, Site


class LastAdministrator(Refusal):
    """A company is never left without somebody who looks after its people."""

    message = _("This is the only administrator of the company. Name another one first.")


class AlreadyThere(Refusal):
    """The person works there already."""

    message = _("This person already belongs to the company.")
    field = "email"


class CannotInvite(Refusal):
    """The address belongs to somebody who cannot be a client: our staff, or an account that was closed."""

    message = _("This address cannot be invited. Please write to us.")
    field = "email"


class NotWaiting(Refusal):
    """Somebody decided before."""

    message = _("Somebody has decided on this person already.")


class NoAccess(Refusal):
    """The contact has no sign-in whose powers could change."""

    message = _("This contact does not sign in. Invite the person first.")


class SiteMismatch(BadInput):
    """An administrator looks after the whole company; a site must be one of its own."""

    message = _("Choose one of the company's sites. An administrator always has the whole company.")
    field = "site"


@action
def invite_person(
    *,
    customer: Customer,
    given_names: str,
    surnames: str,
    email: str,
    phone: str = "",
    title: str = "",
    role: str = Role.CUSTOMER_MEMBER,
    site: Site | None = None,
    by: User,
) -> Contact:
    """Give somebody access by e-mail: person, contact, power and a mail to choose a password.

    Somebody who already signs in elsewhere gets one more company. Raises NotAllowed, AlreadyThere, CannotInvite,
    SiteMismatch.
    """
    require(rules.can_change_company(by, customer))
    _check_scope(customer, role, site)
    lock(customer)
    user = User.objects.filter(email=email.strip().lower()).first()
    newcomer = user is None
    if user is None:
        person = register_person(given_names=given_names, surnames=surnames, email=email, phone=phone, by=by)
        user = create_user(person=person, email=email, by=by)
    require(user.is_active and not hasattr(user.person, "employee"), else_=CannotInvite())
    known = Contact.objects.filter(customer=customer, person=user.person).exclude(status=ContactStatus.ENDED)
    require(not known.exists(), else_=AlreadyThere())
    contact = make_contact(customer, user.person, title=title)
    grant = _give(user, customer, role, site, by)
    trail.record("customers.person_invited", contact, by=by, visibility="client", name=contact.name, role=role)
    post(notices.invited(contact, user, grant, by) if newcomer else notices.let_in(contact, grant))
    return contact


@action
def approve_contact(
    *, contact: Contact, by: User, role: str = Role.CUSTOMER_MEMBER, site: Site | None = None
) -> Contact:
    """Let a waiting person in. Doing it twice is doing it once. Raises NotAllowed, NotWaiting, SiteMismatch."""
    contact = lock(contact)
    if contact.status == ContactStatus.ACTIVE and rules.can_change_company(by, contact.customer):
        return contact
    _require_decision(by, contact)
    _check_scope(contact.customer, role, site)
    Contact.objects.filter(pk=contact.pk).update(status=ContactStatus.ACTIVE)
    contact.status = ContactStatus.ACTIVE
    grant = _give(contact.person.user, contact.customer, role, site, by)
    trail.record("customers.contact_approved", contact, by=by, visibility="client", name=contact.name, role=role)
    post(notices.let_in(contact, grant))
    return contact


@action
def refuse_contact(*, contact: Contact, by: User) -> Contact:
    """Turn a waiting person away. Raises NotAllowed, NotWaiting."""
    contact = lock(contact)
    _require_decision(by, contact)
    _end(contact)
    trail.record("customers.contact_refused", contact, by=by, visibility="client", name=contact.name)
    post(notices.turned_away(contact))
    return contact


@action
def change_access(*, contact: Contact, role: str, by: User, site: Site | None = None) -> Contact:
    """Change what somebody may do for its company. Raises NotAllowed, NoAccess, LastAdministrator, SiteMismatch."""
    customer = lock(contact.customer)
    require(rules.can_change_company(by, customer))
    _check_scope(customer, role, site)
    user = User.objects.filter(person=contact.person).first()
    require(user is not None and contact.status == ContactStatus.ACTIVE, else_=NoAccess())
    held = _grants(user, customer)
    if role != Role.CUSTOMER_ADMIN:
        _keep_an_administrator(customer, user)
    wanted = _give(user, customer, role, site, by)
    for grant in held:
        if grant.pk != wanted.pk:
            end_grant(grant=grant, by=by)
    trail.record("customers.access_changed", contact, by=by, visibility="client", name=contact.name, role=role)
    return contact


@action
def end_contact(*, contact: Contact, by: User) -> Contact:
    """Somebody no longer speaks for the company: its powers there end at once. Again changes nothing.

    Raises NotAllowed, LastAdministrator.
    """
    customer = lock(contact.customer)
    require(rules.can_change_company(by, customer))
    contact = lock(contact)
    if contact.status == ContactStatus.ENDED:
        return contact
    user = User.objects.filter(person=contact.person).first()
    if user:
        _keep_an_administrator(customer, user)
        for grant in _grants(user, customer):
            end_grant(grant=grant, by=by)
    _end(contact)
    trail.record("customers.contact_ended", contact, by=by, visibility="client", name=contact.name)
    return contact


def _end(contact: Contact) -> None:
    contact.status = ContactStatus.ENDED
    contact.save(update_fields=["status"])


def _require_decision(by: User, contact: Contact) -> None:
    require(rules.can_change_company(by, contact.customer))
    require(rules.can_decide_contact(by, contact), else_=NotWaiting())


def _check_scope(customer: Customer, role: str, site: Site | None) -> None:
    require(role in CLIENT_ROLES)
    fits = site is None or (site.customer_id == customer.pk and role == Role.CUSTOMER_MEMBER)
    require(fits, else_=SiteMismatch())


def _give(user: User, customer: Customer, role: str, site: Site | None, by: User) -> Grant:
    scope = {"scope_kind": ScopeKind.SITE, "scope_id": site.pk} if site else {}
    return give_grant(user=user, role=role, customer_id=customer.pk, by=by, **scope)


def _grants(user: User, customer: Customer) -> list[Grant]:
    return list(Grant.objects.filter(user=user, customer_id=customer.pk, ended_at=None))


def _keep_an_administrator(customer: Customer, leaver: User) -> None:
    administrators = set(
        Grant.objects.filter(
            customer_id=customer.pk, role=Role.CUSTOMER_ADMIN, ended_at=None, user__is_active=True
        ).values_list("user_id", flat=True)
    )
    require(administrators != {leaver.pk}, else_=LastAdministrator())
