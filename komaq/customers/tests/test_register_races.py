"""Two people, or two presses, open an account at the same moment."""

import threading

import pytest
from django.db import connection

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


def at_once(*emails):
    start, results = threading.Barrier(len(emails)), {}

    def open_account(place, email):
        start.wait()
        try:
            results[place] = actions.register(registration=registration(email), consents=[], address=None)
        except actions.AlreadyRegistered as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=open_account, args=each) for each in enumerate(emails)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(emails))]


def test_one_company_has_one_first_administrator():
    at_once("rita@yura.test", "hugo@yura.test", "pia@yura.test")
    assert Customer.objects.count() == 1
    assert Grant.objects.count() == 1
    assert Contact.objects.filter(status=ContactStatus.WAITING).count() == 2


def test_one_address_opens_one_account():
    results = at_once(*["rita@yura.test"] * 3)
    assert User.objects.count() == Contact.objects.count() == 1
    assert sum(isinstance(each, actions.AlreadyRegistered) for each in results) == 2
