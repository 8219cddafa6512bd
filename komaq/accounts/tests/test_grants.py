"""Powers of client users and registration of persons, as other rooms call them."""

import pytest

from komaq.accounts import actions
from komaq.accounts.models import Grant, User
from komaq.core.models import Event


@pytest.mark.db
def test_a_power_is_given_once_and_ended_once(alex, beto, andinos):
    given = actions.give_grant(user=beto, role="customer_admin", customer_id=andinos.pk, by=alex)
    again = actions.give_grant(user=beto, role="customer_admin", customer_id=andinos.pk, by=alex)
    assert given == again
    assert beto.holds("customer_admin")
    actions.end_grant(grant=given, by=alex)
    actions.end_grant(grant=given, by=alex)
    assert not User.objects.get(pk=beto.pk).holds("customer_admin")
    kinds = [e.kind for e in Event.objects.filter(kind__startswith="accounts.grant").order_by("id")]
    assert kinds == ["accounts.grant_given", "accounts.grant_ended"]


def test_other_limits_take_the_old_ones_place(alex, beto, andinos):
    for money in (True, False):
        actions.give_grant(user=beto, role="customer_member", customer_id=andinos.pk, limits={"money": money}, by=alex)
    live = Grant.objects.get(user=beto, ended_at=None)
    assert live.limits == {"money": False}
    assert Grant.objects.filter(user=beto).count() == 3


def test_an_ended_power_closes_the_door_in_an_open_session(sign_in, beto):
    client = sign_in(beto)
    assert client.get("/portal/").status_code == 200
    actions.end_grant(grant=beto.grants.get(), by=None)
    assert client.get("/portal/").status_code == 404


@pytest.mark.db
def test_a_person_is_found_by_name_and_document(db):
    person = actions.register_person(
        given_names=" José ", surnames="Ñahui", email="Jose@X.test", document_type="1", document_number="41234567"
    )
    assert (person.given_names, person.email) == ("José", "jose@x.test")
    assert "41234567" in person.search
    assert person.sort_key.startswith("n\uffffahui")


def test_an_address_signs_in_one_person_only(carla):
    person = actions.register_person(given_names="Otra")
    with pytest.raises(actions.EmailTaken):
        actions.create_user(person=person, email="CARLA@andinos.test", password="excavadora-336")
    assert not User.objects.filter(person=person).exists()


def test_without_a_password_nobody_comes_in(db, log_in):
    person = actions.register_person(given_names="Nueva")
    user = actions.create_user(person=person, email="nueva@andinos.test")
    assert not user.has_usable_password()
    assert log_in("nueva@andinos.test", "").status_code == 200
    assert not user.emailaddress_set.get().verified
