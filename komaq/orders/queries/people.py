"""The people of an order or request whom its news concern."""

from komaq.accounts.models import Employee, Person, User
from komaq.customers.choices import ContactStatus
from komaq.orders import rules
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit


def people_of(thing: ServiceOrder | ServiceRequest) -> list[Person]:
    """The contact and whoever asked, while they still belong to the client."""
    people = {}
    if thing.contact.status != ContactStatus.ENDED:
        people[thing.contact.person_id] = thing.contact.person
    for user in _askers(thing):
        if user.is_active and rules.is_of_client(user, thing.customer_id, thing.site_id):
            people[user.person_id] = user.person
    return list(people.values())


def _askers(thing: ServiceOrder | ServiceRequest) -> list[User]:
    if isinstance(thing, ServiceRequest):
        return [thing.asked_by] if thing.asked_by else []
    return [asked.asked_by for asked in thing.requests.select_related("asked_by__person") if asked.asked_by]


def technicians_of(visit: Visit) -> list[Employee]:
    """Who goes, the lead first."""
    return [each.technician for each in visit.assignments.select_related("technician__person")]
