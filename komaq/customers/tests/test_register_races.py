"""Two people, or two presses, open an account at the same moment."""

import functools

import pytest

from komaq.accounts.models import Grant, User
from komaq.customers import actions
from komaq.customers.choices import ContactStatus
from komaq.customers.models import Contact, Customer

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def registration(email):
    return actions.Registration(
        kind="company",
        tax_id_type="6",
        tax_id="20990000043",
        company_name="Canteras Yura S.A.",
        given_names="Rita",
        surnames="Condori",
        email=email,
        phone="+51958204116",
        password="una frase bien larga",
    )


@pytest.fixture
def register(at_once):
    """`register(email, …)`: all of them at the same moment; each result or refusal."""

    def run(*emails):
        return at_once([functools.partial(open_account, email) for email in emails])

    return run


def open_account(email):
    return actions.register(registration=registration(email), consents=[], address=None)


def test_one_company_has_one_first_administrator(register):
    register("rita@yura.test", "hugo@yura.test", "pia@yura.test")
    assert Customer.objects.count() == 1
    assert Grant.objects.count() == 1
    assert Contact.objects.filter(status=ContactStatus.WAITING).count() == 2


def test_one_address_opens_one_account(register):
    results = register(*["rita@yura.test"] * 3)
    assert User.objects.count() == Contact.objects.count() == 1
    assert sum(isinstance(each, actions.AlreadyRegistered) for each in results) == 2
