from komaq.accounts.actions import blank_payloads
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
    for tie in Contact.objects.filter(person=person):
        blank_payloads(tie)
        if tie.status != ContactStatus.ENDED or tie.title:
            tie.status, tie.title = ContactStatus.ENDED, ""
            tie.save(update_fields=["status", "title"])
            trail.record("customers.contact_forgotten", tie)
    own = Customer.objects.filter(
        kind=CustomerKind.PERSON, tax_id_type=person.document_type, tax_id=person.document_number
    ).first()
    if own and person.document_number:
        blank_payloads(own)
        Customer.objects.filter(pk=own.pk).update(email="", phone="", address="")
        trail.record("customers.customer_forgotten", own)
