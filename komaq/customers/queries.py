"""Reads of customers, contacts and sites, always for someone."""

import datetime
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from komaq.accounts.choices import Permission, Role, ScopeKind
from komaq.accounts.models import Grant, Person, User
from komaq.core import trail
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.customers import rules
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer, Site


@dataclass
class Access:
    """A contact and what it may do for its company: `role` is empty for one who does not sign in."""

    contact: Contact
    role: str = ""
    sites: list[Site] = field(default_factory=list)
    has_user: bool = False

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else ""


def customers_visible_to(user: User) -> QuerySet[Customer]:
    """The office sees all; a client its companies; technicians and system administrators none here."""
    if user.has(Permission.SEE_ALL_ORDERS):
        return Customer.objects.all()
    if user.is_client:
        return Customer.objects.filter(pk__in=user.customer_ids)
    return Customer.objects.none()


def filter_customers(rows: QuerySet[Customer], *, q: str = "", kind: str = "") -> QuerySet[Customer]:
    """Narrow a list by words and by kind."""
    rows = matching(rows, q) if q else rows
    return rows.filter(kind=kind) if kind else rows


def with_counts(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Rows that also say how many sites and people they have."""
    people = Count("contacts", filter=Q(contacts__status=ContactStatus.ACTIVE), distinct=True)
    return rows.annotate(site_count=Count("sites", distinct=True), contact_count=people)


def with_contacts(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Rows that have their active contacts at hand; one query more."""
    active = Contact.objects.filter(status=ContactStatus.ACTIVE).order_by("pk")
    return rows.prefetch_related(Prefetch("contacts", active))


def get_customer(user: User, customer_id: int) -> Customer:
    """One customer. Raises NotFound outside the person's scope."""
    return _one(customers_visible_to(user), customer_id)


def contacts_of(user: User, customer: Customer) -> QuerySet[Contact]:
    """The active contacts of a customer the person may see, by name."""
    return _contacts(user).filter(customer=customer, status=ContactStatus.ACTIVE)


def get_contact(user: User, contact_id: int) -> Contact:
    """One contact, whatever its status. Raises NotFound outside the person's scope."""
    return _one(_contacts(user), contact_id)


def sites_of(user: User, customer: Customer, *, only_open: bool = True) -> QuerySet[Site]:
    """The places of a customer; a client user held to some sites sees those alone."""
    rows = _sites(user).filter(customer=customer)
    return rows.filter(is_open=True) if only_open else rows


def get_site(user: User, site_id: int) -> Site:
    """One site. Raises NotFound outside the person's scope."""
    return _one(_sites(user), site_id)


def get_open_site(user: User, customer: Customer, site_id: int) -> Site:
    """A place where we still work, of that customer. Raises NotFound outside the person's scope."""
    return _one(sites_of(user, customer), site_id)


def companies_of(user: User) -> list[Customer]:
    """The companies a client user works for, by name."""
    if not user.is_client:
        return []
    return list(Customer.objects.filter(pk__in=user.customer_ids).order_by("sort_key", "pk"))


def active_customer(user: User, wished_id: int | None = None) -> Customer:
    """The company a client's session stands in: the wished one if it is one of its own, else the first.

    Raises NotFound for a person without a company.
    """
    companies = companies_of(user)
    if not companies:
        raise NotFound
    return next((each for each in companies if each.pk == wished_id), companies[0])


def contact_of(user: User, customer: Customer) -> Contact | None:
    """The person's own contact within a company."""
    return (
        Contact.objects.filter(customer=customer, person_id=user.person_id, status=ContactStatus.ACTIVE)
        .select_related("person")
        .first()
    )


def people_of(user: User, customer: Customer, sites: list[Site] | None = None) -> list[Access]:
    """The contacts of a customer, each with its access, in three reads; two when all its `sites` are at hand."""
    contacts = list(contacts_of(user, customer).select_related("person__user"))
    return _with_access(contacts, customer, sites)


def access_of(contact: Contact) -> Access:
    """What one contact may do for its company."""
    return _with_access([contact], contact.customer)[0]


def accesses(contacts: list[Contact], customer: Customer) -> list[Access]:
    """What each of some contacts of one customer may do for it; two queries."""
    return _with_access(contacts, customer)


def _with_access(contacts: list[Contact], customer: Customer, known: list[Site] | None = None) -> list[Access]:
    people = {contact.person_id: Access(contact, has_user=hasattr(contact.person, "user")) for contact in contacts}
    grants = list(
        Grant.objects.filter(customer_id=customer.pk, ended_at=None, user__person__in=people)
        .select_related("user")
        .order_by("id")
    )
    sites = {site.pk: site for site in (Site.objects.filter(customer=customer) if known is None else known)}
    for grant in grants:
        access = people[grant.user.person_id]
        access.role = Role.CUSTOMER_ADMIN if Role.CUSTOMER_ADMIN in {access.role, grant.role} else grant.role
        if grant.scope_kind == ScopeKind.SITE and grant.scope_id in sites:
            access.sites.append(sites[grant.scope_id])
    return list(people.values())


def waiting_contacts(user: User, customer: Customer | None = None) -> QuerySet[Contact]:
    """People whose access the user may decide, longest waiting first; only with a confirmed address."""
    confirmed = EmailAddress.objects.filter(user__person=OuterRef("person"), verified=True)
    rows = Contact.objects.filter(Exists(confirmed), status=ContactStatus.WAITING).select_related("person", "customer")
    if not rules.can_manage_customers(user):
        rows = rows.filter(customer_id__in=[each for each in user.customer_ids if rules.administers(user, each)])
    return (rows.filter(customer=customer) if customer else rows).order_by("created_at", "pk")


def own_waiting_contacts(user: User) -> QuerySet[Contact]:
    """The companies that have not yet let this person in."""
    return (
        Contact.objects.filter(person_id=user.person_id, status=ContactStatus.WAITING)
        .select_related("customer")
        .order_by("pk")
    )


def customers_since(user: User, since: datetime.datetime | None) -> QuerySet[Customer]:
    """The customers the person may see that were added or changed since a moment; without one, all."""
    rows = customers_visible_to(user).order_by("pk")
    return rows.filter(Q(created_at__gte=since) | Q(pk__in=trail.touched_since(Customer, since))) if since else rows


def contacts_since(user: User, since: datetime.datetime | None) -> QuerySet[Contact]:
    """The active contacts the person may see that were added or changed since a moment; without one, all."""
    rows = _contacts(user).filter(status=ContactStatus.ACTIVE).order_by("pk")
    if since is None:
        return rows
    touched = Q(pk__in=trail.touched_since(Contact, since)) | Q(person__in=trail.touched_since(Person, since))
    return rows.filter(Q(created_at__gte=since) | touched)


def customer_numbered(user: User, number: str) -> Customer | None:
    """The one customer the person may see with that RUC or document, blanks and dashes aside."""
    tax_id = "".join(number.split()).replace("-", "").upper()
    found = list(customers_visible_to(user).filter(tax_id=tax_id)[:2])
    return found[0] if len(found) == 1 else None


def is_contact(customer: Customer, *, given_names: str, surnames: str, email: str) -> bool:
    """Whether the customer has an active contact of that name and address."""
    same = {"person__given_names": given_names, "person__surnames": surnames, "person__email": email}
    return Contact.objects.filter(customer=customer, status=ContactStatus.ACTIVE, **same).exists()


def administrators_of(customer: Customer) -> QuerySet[Person]:
    """The people who administer a company, for notices."""
    return Person.objects.filter(
        user__is_active=True,
        user__grants__customer_id=customer.pk,
        user__grants__role=Role.CUSTOMER_ADMIN,
        user__grants__ended_at=None,
    ).distinct()


def contacts_with_person(person: Person) -> QuerySet[Contact]:
    """Every tie of a person to a company, for the person's own data."""
    return Contact.objects.filter(person=person).select_related("customer").order_by("pk")


def _contacts(user: User) -> QuerySet[Contact]:
    return (
        Contact.objects.filter(customer__in=customers_visible_to(user))
        .select_related("person", "customer")
        .order_by("person__sort_key", "pk")
    )


def _sites(user: User) -> QuerySet[Site]:
    rows = Site.objects.filter(customer__in=customers_visible_to(user)).select_related("customer")
    if user.is_client:
        rows = rows.filter(_site_scope(user))
    return rows


def _site_scope(user: User) -> Q:
    scope = Q(pk__in=[])
    for customer_id in user.customer_ids:
        held_to = user.site_ids(customer_id)
        mine = Q(customer_id=customer_id)
        scope |= mine if held_to is None else mine & Q(pk__in=held_to)
    return scope


def _one(rows: QuerySet, pk: int):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
