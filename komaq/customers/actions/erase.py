from komaq.accounts.models import Person
from komaq.core import trail
from komaq.core.action import action
from komaq.customers.choices import ContactStatus, CustomerKind
from komaq.customers.models import Contact, Customer


@action
def forget_person(person: Person) -> None:
    """Part of erasing a person: its ties to companies end, and what we kept to reach it as a customer goes.

    The name and number of somebody who is a customer itself stay: invoices need them.
    """
    ties = Contact.objects.filter(person=person).exclude(status=ContactStatus.ENDED, title="")
    for tie in ties:
        tie.status, tie.title = ContactStatus.ENDED, ""
        tie.save(update_fields=["status", "title"])
        trail.record("customers.contact_forgotten", tie)
    if person.document_number:
        Customer.objects.filter(
            kind=CustomerKind.PERSON, tax_id_type=person.document_type, tax_id=person.document_number
        ).update(email="", phone="", address="")
