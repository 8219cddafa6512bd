"""Who may change customers, their people and their places."""

from komaq.accounts.choices import Permission, Role, ScopeKind
from komaq.accounts.models import User
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer

CORRECTABLE = frozenset({"trade_name", "email", "phone", "address"})
"""What a company may correct about itself: never its name, number or agreement."""


def can_manage_customers(user: User) -> bool:
    """Staff that may write here."""
    return user.has(Permission.MANAGE_CUSTOMERS)


def administers(user: User, customer_id: int) -> bool:
    """Whether a client user administers that company; being one elsewhere does not count."""
    return user.has(Permission.MANAGE_COMPANY) and any(
        grant.role == Role.CUSTOMER_ADMIN
        and grant.scope_kind == ScopeKind.CUSTOMER
        and grant.customer_id == customer_id
        for grant in user.live_grants
    )


def can_change_company(user: User, customer: Customer) -> bool:
    """Correct phone, address, people and places of a customer."""
    return can_manage_customers(user) or administers(user, customer.pk)


def can_decide_contact(user: User, contact: Contact) -> bool:
    """Let a waiting person in, or not."""
    return contact.status == ContactStatus.WAITING and (
        can_manage_customers(user) or administers(user, contact.customer_id)
    )
