"""What the tests of customers begin from."""

import pytest

from komaq.accounts.models import Grant, Person, User
from komaq.core import clock
from komaq.core.models import OutgoingEmail
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact

SOUND = {
    "kind": "company",
    "ruc": "20990000035",
    "company_name": "Agregados del Sur S.A.C.",
    "document_type": "1",
    "document_number": "",
    "given_names": "Rita",
    "surnames": "Condori Apaza",
    "email": "rita@agregados.test",
    "phone": "958 204 116",
    "password1": "una frase bien larga",
    "privacy": "on",
    "terms": "on",
    "form_key": "",
}


@pytest.fixture
def fill():
    """`fill(ruc="…")` is a sound registration with some answers changed; None leaves one out."""

    def make(**changes):
        answers = {**SOUND, **changes}
        return {name: value for name, value in answers.items() if value is not None}

    return make


@pytest.fixture
def letters(db):
    """The letters in the outbox, oldest first."""
    return lambda: list(OutgoingEmail.objects.order_by("id"))


@pytest.fixture
def rita(andinos):
    """Registered with Andinos' RUC and waits to be let in."""
    person = Person.objects.create(
        given_names="Rita", surnames="Condori", email="rita@andinos.test", created_at=clock.now()
    )
    user = User(person=person, email=person.email, created_at=clock.now())
    user.set_password("excavadora-336")
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    Contact.objects.create(customer=andinos, person=person, status=ContactStatus.WAITING, created_at=clock.now())
    return user


@pytest.fixture
def tie():
    """`tie(user)` is the person's one contact."""
    return lambda user: Contact.objects.get(person=user.person)


@pytest.fixture
def both(omar, andinos):
    """Omar also works for Andinos, as a plain user."""
    Contact.objects.create(customer=andinos, person=omar.person, created_at=clock.now())
    Grant.objects.create(
        user=omar, role="customer_member", customer_id=andinos.pk, scope_id=andinos.pk, given_at=clock.now()
    )
    return omar
