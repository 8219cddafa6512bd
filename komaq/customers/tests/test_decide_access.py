"""People who registered with a known RUC are let in or turned away."""

import pytest

from komaq.accounts.models import Grant, User
from komaq.core import registry
from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.customers import actions
from komaq.customers.choices import ContactStatus

PEOPLE = "/portal/empresa/personas/"


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_an_administrator_lets_a_person_in(sign_in, carla, rita, tie, andinos, letters):
    client = sign_in(carla)
    assert "rita@andinos.test" in client.get(PEOPLE).content.decode()
    assert client.post(f"{PEOPLE}{tie(rita).pk}/aprobar/").url == PEOPLE
    assert tie(rita).status == ContactStatus.ACTIVE
    assert fresh(rita).roles == {"customer_member"}
    assert fresh(rita).site_ids(andinos.pk) is None
    assert [letter.to for letter in letters()] == ["rita@andinos.test"]
    assert [event.kind for event in history(tie(rita))] == ["customers.contact_approved"]


def test_an_administrator_chooses_role_and_site(sign_in, carla, rita, tie, tajo_sur):
    page = sign_in(carla).get(f"{PEOPLE}{tie(rita).pk}/")
    assert page.status_code == 200
    sign_in(carla).post(f"{PEOPLE}{tie(rita).pk}/", {"role": "customer_member", "site": tajo_sur.pk})
    assert fresh(rita).site_ids(tajo_sur.customer_id) == {tajo_sur.pk}


def test_staff_finds_who_waits_in_the_inbox_and_lets_in(sign_in, ana, rita, tie, andinos):
    items = [item for source in registry.inbox for item in source(ana) if item.kind == "customers.contact"]
    assert [item.url for item in items] == [f"/app/clientes/{andinos.pk}/"]
    client = sign_in(ana)
    assert "rita@andinos.test" in client.get(items[0].url).content.decode()
    client.post(f"/app/contactos/{tie(rita).pk}/aprobar/")
    assert tie(rita).status == ContactStatus.ACTIVE


def test_who_may_not_decide_has_no_inbox_item(nico, carla, rita):
    for user in (nico, carla):
        assert not [item for source in registry.inbox for item in source(user) if item.kind == "customers.contact"]


def test_a_person_is_turned_away_and_told(sign_in, carla, rita, tie, letters):
    page = sign_in(carla).get(PEOPLE).content.decode()
    assert "¿Rechazar el acceso de" in page, "it is asked once"
    sign_in(carla).post(f"{PEOPLE}{tie(rita).pk}/rechazar/")
    assert tie(rita).status == ContactStatus.ENDED
    assert not fresh(rita).roles
    assert [letter.to for letter in letters()] == ["rita@andinos.test"]


def test_staff_turns_away(sign_in, lola, rita, tie):
    sign_in(lola).post(f"/app/contactos/{tie(rita).pk}/rechazar/")
    assert tie(rita).status == ContactStatus.ENDED


def test_letting_in_twice_is_once(carla, rita, tie, letters):
    for _press in range(2):
        actions.approve_contact(contact=tie(rita), by=carla)
    assert Grant.objects.filter(user=rita).count() == 1
    assert len(letters()) == 1


def test_a_decided_person_is_not_decided_again(carla, rita, tie):
    actions.refuse_contact(contact=tie(rita), by=carla)
    with pytest.raises(actions.NotWaiting):
        actions.approve_contact(contact=tie(rita), by=carla)
    with pytest.raises(actions.NotWaiting):
        actions.refuse_contact(contact=tie(rita), by=carla)


@pytest.mark.parametrize("deed", ["aprobar", "rechazar", ""])
def test_another_company_meets_nothing(sign_in, omar, rita, tie, deed):
    path = f"{PEOPLE}{tie(rita).pk}/" + (f"{deed}/" if deed else "")
    assert sign_in(omar).post(path).status_code == 404
    assert tie(rita).status == ContactStatus.WAITING


@pytest.mark.parametrize("deed", ["aprobar", "rechazar"])
def test_a_plain_user_may_not_decide(sign_in, beto, rita, tie, deed):
    assert sign_in(beto).post(f"{PEOPLE}{tie(rita).pk}/{deed}/").status_code == 403
    assert tie(rita).status == ContactStatus.WAITING


@pytest.mark.parametrize("deed", ["aprobar", "rechazar"])
def test_an_administrator_elsewhere_may_not_decide_here(sign_in, both, rita, tie, deed):
    assert sign_in(both).post(f"{PEOPLE}{tie(rita).pk}/{deed}/").status_code == 403
    assert tie(rita).status == ContactStatus.WAITING


def test_logistics_may_not_decide(sign_in, nico, rita, tie):
    assert sign_in(nico).post(f"/app/contactos/{tie(rita).pk}/aprobar/").status_code == 403


def test_the_action_checks_again(nico, beto, rita, tie):
    for user in (nico, beto, rita):
        with pytest.raises(NotAllowed):
            actions.approve_contact(contact=tie(rita), by=user)


def test_a_plain_user_does_not_see_who_waits(sign_in, beto, rita):
    assert "rita@andinos.test" not in sign_in(beto).get(PEOPLE).content.decode()
