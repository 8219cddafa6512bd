import datetime
import uuid
from decimal import Decimal

import pytest

from komaq.accounts.models import Grant
from komaq.core import clock
from komaq.core.files import FileRefused
from komaq.core.models import Attachment, Event, Sequence
from komaq.core.refusals import NotAllowed
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.models import ServiceRequest


def test_a_request_gets_a_code_a_deadline_and_one_event(morning, ask, carla, cat336):
    request = ask(carla, cat336, priority="machine_down")
    assert request.code == "SOL-2026-000001"
    assert request.respond_by == morning + datetime.timedelta(hours=2)
    assert request.site == cat336.site
    assert list(Event.objects.values_list("kind", flat=True)) == ["orders.request_received"]


def test_the_agreed_hours_of_the_client_go_before_ours(morning, ask, carla, cat336):
    cat336.customer.response_hours = {"high": 3}
    request = ask(carla, cat336, priority="high")
    assert request.respond_by == morning + datetime.timedelta(hours=3)


@pytest.mark.db
def test_the_same_form_sent_twice_is_one_request(ask, carla, cat336, paper):
    key = uuid.uuid4()
    first = ask(carla, cat336, form_key=key, files=[paper()])
    again = ask(carla, cat336, form_key=key, files=[paper()])
    assert again == first
    assert Attachment.objects.count() == 1
    assert Sequence.objects.get(prefix="SOL").last == 1
    assert Event.objects.filter(kind="orders.request_received").count() == 1


def test_a_form_sent_again_days_later_is_still_that_request(morning, ask, carla, cat336):
    key, wished = uuid.uuid4(), clock.today() + datetime.timedelta(days=1)
    first = ask(carla, cat336, form_key=key, wished_on=wished)
    with clock.travel(morning + datetime.timedelta(days=3)):
        assert ask(carla, cat336, form_key=key, wished_on=wished) == first


def test_the_form_key_of_somebody_else_opens_nothing(ask, carla, omar, cat336, volvo480):
    key = uuid.uuid4()
    ask(carla, cat336, form_key=key)
    with pytest.raises(NotAllowed):
        ask(omar, volvo480, form_key=key)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_one_request(ask, carla, cat336, at_once):
    key = uuid.uuid4()
    results = at_once([lambda: ask(carla, cat336, form_key=key)] * 4)
    assert len({request.pk for request in results}) == 1
    assert ServiceRequest.objects.count() == Sequence.objects.get(prefix="SOL").last == 1


def test_a_problem_or_words_are_needed(ask, carla, cat336):
    with pytest.raises(refusals.NothingDescribed) as refused:
        ask(carla, cat336, problems=[], description="  ")
    assert refused.value.field == "description"
    assert ask(carla, cat336, problems=[], description="No arranca").description == "No arranca"
    assert ask(carla, cat336, description="").problems.count() == 1


def test_a_machine_we_do_not_know_is_described(carla, andinos, tajo_sur):
    contact = andinos.contacts.get()
    common = {
        "customer": andinos,
        "contact": contact,
        "priority": "normal",
        "description": "No arranca",
        "by": carla,
    }
    with pytest.raises(refusals.MachineUnnamed):
        actions.ask_service(**common, place_described="Km 84")
    with pytest.raises(refusals.PlaceNeeded):
        actions.ask_service(**common, machine_described="Cargador SEM 656")
    request = actions.ask_service(**common, machine_described="Cargador SEM 656", place_described="Km 84")
    assert request.shown_machine == "Cargador SEM 656"
    assert request in queries.requests_visible_to(carla)


def test_a_wished_day_may_not_have_passed(morning, ask, carla, cat336):
    with pytest.raises(refusals.DayPassed) as refused:
        ask(carla, cat336, wished_on=clock.today() - datetime.timedelta(days=1))
    assert refused.value.field == "wished_on"
    assert ask(carla, cat336, wished_on=clock.today()).wished_on == datetime.date(2026, 11, 24)


def test_machine_site_and_contact_belong_to_the_client(ask, carla, omar, cat336, volvo480, tajo_sur):
    contact = cat336.customer.contacts.get(person=carla.person)
    common = {"priority": "normal", "description": "Fuga", "by": carla, "customer": cat336.customer}
    for wrong in (
        {"machine": volvo480, "contact": contact, "place_described": "Km 84"},
        {"machine": cat336, "contact": volvo480.customer.contacts.get()},
    ):
        with pytest.raises(refusals.NotOfCustomer):
            actions.ask_service(**common, **wrong)
    assert not ServiceRequest.objects.exists()


def test_a_stranger_or_a_technician_does_not_ask_for_the_client(ask, carla, omar, tito, cat336):
    contact = cat336.customer.contacts.get(person=carla.person)
    for person in (omar, tito):
        with pytest.raises(NotAllowed):
            actions.ask_service(
                customer=cat336.customer, machine=cat336, contact=contact, priority="normal", description="x", by=person
            )


@pytest.mark.parametrize(("given", "missing"), [("latitude", "longitude"), ("longitude", "latitude")])
def test_a_point_has_both_numbers(ask, carla, cat336, given, missing):
    with pytest.raises(refusals.HalfAPoint) as refused:
        ask(carla, cat336, **{given: Decimal("-14.5")})
    assert refused.value.field == missing
    assert not ServiceRequest.objects.exists()


def test_who_is_held_to_a_site_asks_only_for_that_site(ask, beto, cat336, tajo_sur):
    Grant.objects.filter(user=beto).update(scope_kind="site", scope_id=tajo_sur.pk)
    assert ask(beto, cat336).site == tajo_sur
    cat336.site = None
    with pytest.raises(NotAllowed):
        ask(beto, cat336)


def test_a_file_of_no_accepted_kind_refuses_everything(ask, carla, cat336, paper):
    with pytest.raises(FileRefused) as refused:
        ask(carla, cat336, files=[paper(), paper("virus.exe", b"MZ nothing good")])
    assert refused.value.field == "files"
    assert not ServiceRequest.objects.exists()
    assert not Attachment.objects.exists()
    assert not Sequence.objects.filter(prefix="SOL", last__gt=0).exists()
