"""What suppliers' rooms forget of a person."""

from komaq.accounts.actions import blank_payloads
from komaq.accounts.models import Person
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.supply.actions.links import end_links_of
from komaq.supply.models import Invite, PurchaseOrder, SupplierContact, SupplierLink


@action
def forget_person(person: Person) -> None:
    """Part of erasing a person: its ties to suppliers end, its address opens nothing and stands nowhere any more.

    What the trail says of the ties is blanked. An address that is the company's too stays.
    """
    for tie in SupplierContact.objects.filter(person=person):
        blank_payloads(tie)
        if tie.ended_at is None or tie.title:
            tie.ended_at, tie.title, tie.gets_requests = tie.ended_at or clock.now(), "", False
            tie.save(update_fields=["ended_at", "title", "gets_requests"])
            trail.record("supply.contact_forgotten", tie)
        if end_links_of(supplier=tie.supplier, email=person.email):
            for model in (SupplierLink, Invite, PurchaseOrder):
                model.objects.filter(supplier=tie.supplier, email__iexact=person.email).update(email="")
