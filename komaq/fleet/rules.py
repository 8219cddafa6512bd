"""Who may note machines and their meters."""

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core import clock
from komaq.fleet.models import Machine

OLDEST = 1950


def newest_year() -> int:
    """Next year's machines are built already."""
    return clock.today().year + 1


def can_manage_machines(user: User) -> bool:
    """Staff that may change, move and retire any machine."""
    return user.has(Permission.MANAGE_CUSTOMERS)


def reaches(user: User, customer_id: int, site_id: int | None) -> bool:
    """Whether a client user's powers cover that place of that company; no site means the company as a whole."""
    if not user.is_client or customer_id not in user.customer_ids:
        return False
    held_to = user.site_ids(customer_id)
    return held_to is None or site_id in held_to


def can_add_machine(user: User, customer_id: int, site_id: int | None) -> bool:
    """Staff anywhere; a client within its company and sites."""
    return can_manage_machines(user) or (user.has(Permission.ASK_SERVICE) and reaches(user, customer_id, site_id))


def can_record_reading(user: User, machine: Machine) -> bool:
    """The office, a technician at work, and the machine's own company."""
    return (
        user.has(Permission.SEE_ALL_ORDERS)
        or user.has(Permission.DO_WORK)
        or reaches(user, machine.customer_id, machine.site_id)
    )
