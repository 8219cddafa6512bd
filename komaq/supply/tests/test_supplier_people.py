"""The people of a supplier: noted, corrected, ended, forgotten."""

from decimal import Decimal

import pytest

from komaq.accounts.actions import erase_person
from komaq.core import registry
from komaq.core.refusals import NotAllowed, NotFound, Stale
from komaq.core.trail import history
from komaq.supply import actions, queries
from komaq.supply.models import Invite, PurchaseOrder, SupplierContact, SupplierLink

SUPPLIERS = "/app/proveedores/"
CONTACTS = "/app/contactos-de-proveedor/"
PAULA = {
    "given_names": "Paula",
    "surnames": "Ríos",
    "title": "Ventas",
    "email": "Paula@Ferrey.test",
    "phone": "987 654 001",
    "gets_requests": "on",
}


def test_a_person_is_noted_and_shown(sign_in, nico, ferreycorp):
    client = sign_in(nico)
    assert client.post(f"{SUPPLIERS}{ferreycorp.pk}/contactos/nuevo/", PAULA).status_code == 302
    contact = SupplierContact.objects.get()
    assert (contact.person.email, contact.person.phone) == ("paula@ferrey.test", "+51987654001")
    assert "Paula Ríos" in client.get(f"{SUPPLIERS}{ferreycorp.pk}/").content.decode()
    assert [event.kind for event in history(contact)] == ["supply.contact_added"]


def test_the_same_person_again_is_the_one_noted_before(nico, ferreycorp, paula):
    person = paula.person
    again = actions.add_supplier_contact(
        supplier=ferreycorp, given_names=person.given_names, surnames=person.surnames, email=person.email, by=nico
    )
    assert again == paula
    assert SupplierContact.objects.count() == 1


def test_requests_go_to_who_is_marked_for_them_else_to_the_company(sign_in, nico, ferreycorp, paula):
    assert queries.addresses_of(ferreycorp) == ["paula@ferrey.test"]
    form = {**PAULA, "gets_requests": ""}
    assert sign_in(nico).post(f"{CONTACTS}{paula.pk}/", form).url == f"{SUPPLIERS}{ferreycorp.pk}/"
    assert queries.addresses_of(ferreycorp) == [ferreycorp.email]


def test_who_ended_gets_nothing_more_and_cannot_be_changed(sign_in, nico, ferreycorp, paula):
    client = sign_in(nico)
    assert client.post(f"{CONTACTS}{paula.pk}/terminar/").url == f"{SUPPLIERS}{ferreycorp.pk}/"
    assert queries.addresses_of(ferreycorp) == [ferreycorp.email]
    assert list(queries.contacts_of(ferreycorp)) == []
    client.post(f"{CONTACTS}{paula.pk}/terminar/")
    assert [event.kind for event in history(paula)] == ["supply.contact_added", "supply.contact_ended"]
    with pytest.raises(actions.SupplierContactEnded):
        actions.change_supplier_contact(contact=paula, given_names="Paula", by=nico)


def test_a_contact_is_corrected_only_as_it_was_read(nico, paula):
    read = paula.version
    actions.change_supplier_contact(contact=paula, given_names="Paulina", by=nico)
    paula.refresh_from_db()
    assert (paula.person.given_names, paula.version != read) == ("Paulina", True)
    with pytest.raises(Stale):
        actions.change_supplier_contact(contact=paula, given_names="X", version=read, by=nico)


def test_who_signs_in_keeps_its_own_names(nico, ferreycorp, carla):
    contact = SupplierContact.objects.create(supplier=ferreycorp, person=carla.person)
    with pytest.raises(actions.KeepsOwnData):
        actions.change_supplier_contact(contact=contact, given_names="Otra", by=nico)
    person = carla.person
    kept = {name: getattr(person, name) for name in ("given_names", "surnames", "email", "phone")}
    assert actions.change_supplier_contact(contact=contact, title="Gerente", **kept, by=nico).title == "Gerente"


def test_only_who_buys_keeps_people(sign_in, lola, fina, ferreycorp, paula):
    for user in (lola, fina):
        client = sign_in(user)
        assert client.post(f"{SUPPLIERS}{ferreycorp.pk}/contactos/nuevo/", PAULA).status_code == 403
        assert client.post(f"{CONTACTS}{paula.pk}/terminar/").status_code == 403
        with pytest.raises(NotAllowed):
            actions.change_supplier_contact(contact=paula, given_names="X", by=user)
    paula.refresh_from_db()
    assert paula.ended_at is None


def test_nobody_outside_reads_a_contact(ana, tito, paula):
    for user in (ana, tito):
        with pytest.raises(NotFound):
            queries.get_contact(user, paula.pk)


def test_a_person_is_told_its_ties(paula):
    told = {}
    for read in registry.personal_data:
        told |= read(paula.person)
    assert told["supplier_contacts"] == [
        {"supplier": paula.supplier.name, "title": "Ejecutiva de ventas", "ended": None}
    ]


def test_an_erased_person_is_forgotten_by_the_supplier_too(ferreycorp, paula):
    erase_person(person=paula.person, by=None)
    paula.refresh_from_db()
    assert paula.ended_at is not None
    assert (paula.title, paula.gets_requests) == ("", False)
    assert queries.addresses_of(ferreycorp) == [ferreycorp.email]
    told = [event.payload.data for event in history(paula)]
    assert "Paula" not in str(told)
    assert "Ríos" not in str(told)


@pytest.fixture
def ordered(nico, ferreycorp, paula, oil_filter, store, dollar):
    """An order sent to Paula, who gets those of her company."""
    line = actions.PurchaseLineIn(part=oil_filter, quantity=Decimal(4), price=Decimal(10))
    draft = actions.make_purchase(supplier=ferreycorp, lines=[line], currency="USD", deliver_to=store, by=nico)
    return actions.send_purchase(purchase=actions.submit_purchase(purchase=draft, by=nico), by=nico)


def live_links(supplier):
    return list(SupplierLink.objects.filter(supplier=supplier, ended_at=None).values_list("email", flat=True))


def test_orders_go_to_who_is_marked_for_them(ordered, ferreycorp, paula):
    assert ordered.email == paula.person.email
    assert live_links(ferreycorp) == [paula.person.email]


def test_who_ended_opens_nothing_more_and_orders_go_on_with_another(ordered, ferreycorp, paula, nico):
    actions.end_supplier_contact(contact=paula, by=nico)
    assert live_links(ferreycorp) == []
    ordered.refresh_from_db()
    assert ordered.email == ferreycorp.email
    actions.write_about(purchase=ordered, text="Hola", by=nico)
    assert live_links(ferreycorp) == [ferreycorp.email]


def test_an_address_somebody_else_has_too_goes_on_opening(ordered, ferreycorp, paula, nico):
    actions.add_supplier_contact(supplier=ferreycorp, given_names="Rosa", email=paula.person.email.upper(), by=nico)
    actions.end_supplier_contact(contact=paula, by=nico)
    assert live_links(ferreycorp) == [paula.person.email]


def test_requests_go_on_with_another_than_who_ended(asked, invited, ferreycorp, paula, tracto, nico, letters_to):
    request = asked()
    before = len(letters_to(paula.person.email))
    actions.end_supplier_contact(contact=paula, by=nico)
    assert ferreycorp.email not in live_links(ferreycorp)
    actions.remind(request=request, by=nico)
    assert len(letters_to(paula.person.email)) == before
    assert len(letters_to(ferreycorp.email)) == 1
    actions.cancel_request(request=request, reason="Ya no", by=nico)
    assert len(letters_to(paula.person.email)) == before
    assert len(letters_to(ferreycorp.email)) == 2
    assert live_links(ferreycorp) == []


def test_an_erased_address_stands_nowhere_any_more(ordered, asked, ferreycorp, paula, nico):
    request = asked()
    actions.cancel_request(request=request, reason="Ya no", by=nico)
    address = paula.person.email
    actions.end_supplier_contact(contact=paula, by=nico)
    erase_person(person=paula.person, by=None)
    for model in (SupplierLink, Invite, PurchaseOrder):
        assert not model.objects.filter(email__iexact=address).exists()
    assert live_links(ferreycorp) == []
    ordered.refresh_from_db()
    assert ordered.email == ferreycorp.email
