"""People to speak with, kept by the office."""

import pytest

from komaq.accounts.actions import create_user, erase_person
from komaq.accounts.queries import personal_data
from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.customers import actions, queries
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer

SOUND = {
    "given_names": "Pía",
    "surnames": "Reyes",
    "title": "Compras",
    "email": "pia@andinos.test",
    "phone": "958204116",
}


@pytest.fixture
def pia(andinos, lola):
    return actions.add_contact(customer=andinos, by=lola, **{**SOUND, "phone": "+51958204116"})


def test_a_contact_is_added_without_access(sign_in, lola, andinos):
    answer = sign_in(lola).post(f"/app/clientes/{andinos.pk}/contactos/nuevo/", SOUND)
    assert answer.url == f"/app/clientes/{andinos.pk}/"
    contact = Contact.objects.get()
    assert (contact.name, contact.title, contact.person.phone) == ("Pía Reyes", "Compras", "+51958204116")
    assert not hasattr(contact.person, "user")
    assert [each.role for each in queries.people_of(lola, andinos)] == [""]


def test_a_double_press_adds_one_contact(sign_in, lola, andinos):
    for _press in range(2):
        sign_in(lola).post(f"/app/clientes/{andinos.pk}/contactos/nuevo/", SOUND)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"), [("given_names", ""), ("surnames", "\x00"), ("email", "x"), ("phone", "1"), ("title", "x" * 81)]
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, lola, andinos, name, value):
    page = sign_in(lola).post(f"/app/clientes/{andinos.pk}/contactos/nuevo/", {**SOUND, name: value})
    assert list(page.context["form"].errors) == [name]
    assert not Contact.objects.exists()


def test_a_contact_is_corrected(sign_in, lola, pia):
    sign_in(lola).post(f"/app/contactos/{pia.pk}/", {**SOUND, "surnames": "Reyes Luna", "title": "Jefa de compras"})
    pia = Contact.objects.get(pk=pia.pk)
    assert (pia.name, pia.title) == ("Pía Reyes Luna", "Jefa de compras")
    assert "luna" in pia.person.search


def test_who_signs_in_keeps_its_own_data(sign_in, lola, pia):
    create_user(person=pia.person, email="pia@andinos.test")
    page = sign_in(lola).post(f"/app/contactos/{pia.pk}/", {**SOUND, "email": "otra@andinos.test"})
    assert list(page.context["form"].errors) == ["email"]
    assert sign_in(lola).post(f"/app/contactos/{pia.pk}/", {**SOUND, "title": "Gerente"}).status_code == 302
    pia = Contact.objects.get(pk=pia.pk)
    assert (pia.title, pia.person.email) == ("Gerente", "pia@andinos.test")


def test_an_ended_contact_is_not_corrected(lola, pia):
    actions.end_contact(contact=pia, by=lola)
    with pytest.raises(actions.ContactEnded):
        actions.change_contact(contact=pia, given_names="X", surnames="Y", by=lola)


def test_a_contact_ends_once(sign_in, lola, pia, andinos):
    for _press in range(2):
        sign_in(lola).post(f"/app/contactos/{pia.pk}/terminar/")
    assert Contact.objects.get(pk=pia.pk).status == ContactStatus.ENDED
    assert not queries.contacts_of(lola, andinos).exists()
    assert [event.kind for event in history(pia)] == ["customers.contact_added", "customers.contact_ended"]


@pytest.mark.parametrize("path", ["/app/contactos/{}/", "/app/contactos/{}/terminar/"])
def test_who_only_reads_changes_nothing(sign_in, nico, pia, path):
    assert sign_in(nico).post(path.format(pia.pk), SOUND).status_code == 403
    with pytest.raises(NotAllowed):
        actions.end_contact(contact=pia, by=nico)


def test_clients_see_only_their_own_contacts(carla, omar, pia):
    assert pia in queries.contacts_of(carla, pia.customer)
    assert not queries.contacts_of(omar, pia.customer).exists()


def test_a_persons_data_names_its_companies(pia):
    assert personal_data(pia.person)["contacts"][0]["customer"] == "Contratistas Andinos del Sur S.A.C."


def test_an_erased_person_leaves_its_companies(pia):
    erase_person(person=pia.person, by=None)
    pia = Contact.objects.get(pk=pia.pk)
    assert (pia.status, pia.title) == (ContactStatus.ENDED, "")
    assert "Pía" not in str([event.payload.data for event in history(pia)])


def test_an_erased_person_that_is_a_customer_keeps_name_and_number_only(lola, pia):
    pia.person.document_type, pia.person.document_number = "1", "45678912"
    pia.person.save()
    facts = {"kind": "person", "tax_id_type": "1", "tax_id": "45678912", "name": "Pía Reyes", "email": "pia@x.pe"}
    own = actions.add_customer(**facts, phone="+51958204116", address="Jr. Lima 1", by=lola)
    erase_person(person=pia.person, by=None)
    own = Customer.objects.get(pk=own.pk)
    assert (own.name, own.email, own.phone, own.address) == ("Pía Reyes", "", "", "")
