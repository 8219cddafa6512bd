"""The people of a supplier: noted, corrected, ended, forgotten."""

import pytest

from komaq.accounts.actions import erase_person
from komaq.core import registry
from komaq.core.refusals import NotAllowed, NotFound, Stale
from komaq.core.trail import history
from komaq.supply import actions, queries
from komaq.supply.models import SupplierContact

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
