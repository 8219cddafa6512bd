"""The calendar that programs read: the scope of its person, no more; one address, one key."""

import datetime
import re
from urllib.parse import urlsplit

import icalendar
import pytest
from django.test import Client

from komaq.accounts.actions import disable_user, end_employment, end_key, make_key
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey
from komaq.core import clock
from komaq.customers.models import Site
from komaq.orders import actions, queries
from komaq.orders.choices import VisitKind
from komaq.orders.models import Absence, Visit


@pytest.fixture
def address():
    """`address(user)` is the path of a new feed of the person's."""

    def make(user, **more):
        _key, secret = make_key(user=user, purpose=KeyPurpose.CALENDAR, name="Celular", by=user, **more)
        return f"/calendario/{secret}.ics"

    return make


@pytest.fixture
def program():
    """A program without cookies; `program(path)` gives the answer."""
    client = Client()
    return lambda path, **more: client.get(path, **more)


@pytest.fixture
def feed(address, program):
    """`feed(user)` gives the events of the person's calendar as another program reads them, by UID."""

    def read(user):
        answer = program(address(user))
        assert answer.status_code == 200
        calendar = icalendar.Calendar.from_ical(answer.content)
        assert [component.errors for component in calendar.walk() if component.errors] == []
        return {str(event["uid"]): event for event in calendar.events}

    return read


@pytest.fixture
def visit(open_order, plan, tito):
    return plan(open_order, [tito], kind=VisitKind.DIAGNOSIS, note="Llevar banco de presión")


@pytest.fixture
def elsewhere(other_order, plan, rosa):
    return plan(other_order, [rosa], kind=VisitKind.DIAGNOSIS)


def uid(visit):
    return f"visit-{visit.pk}@testserver"


# Whose


def test_everybody_reads_its_scope_and_no_more(feed, visit, elsewhere, request):
    own, foreign = uid(visit), uid(elsewhere)
    sees = {
        **{name: {own, foreign} for name in ("ana", "lola", "nico", "fina", "gina")},
        **{name: {own} for name in ("tito", "carla", "beto")},
        **{name: {foreign} for name in ("rosa", "omar")},
        "alex": set(),
    }
    for name, expected in sees.items():
        user = request.getfixturevalue(name)
        found = set(feed(user))
        assert found == expected, name
        assert found == {uid(each) for each in queries.visits_visible_to(user)}


def test_a_client_held_to_a_site_reads_that_site(feed, visit, andinos, beto):
    other = Site.objects.create(customer=andinos, name="Taller Arequipa", kind="yard")
    beto.grants.update(scope_kind="site", scope_id=other.pk)
    assert feed(beto) == {}


def test_a_technician_who_left_reads_nothing(feed, visit, tito, tito_at_work, alex):
    end_employment(employee=tito_at_work, left_on=clock.today(), reason="Renuncia", by=alex)
    assert feed(tito) == {}


# What a visit says


def test_a_technician_reads_where_it_goes_and_whom_to_call(feed, visit, tito, tajo_sur):
    Site.objects.filter(pk=tajo_sur.pk).update(latitude="-14.793611", longitude="-71.412222")
    event = feed(tito)[uid(visit)]
    assert str(event["summary"]) == f"{visit.order.code} · CAT 336 · Tajo Sur"
    assert (event.start, event.end) == (visit.starts_at.replace(microsecond=0), visit.ends_at.replace(microsecond=0))
    assert str(event["location"]) == "Tajo Sur, Espinar, Cusco"
    assert event["geo"].to_ical() == "-14.793611;-71.412222"
    assert [str(each) for each in event["categories"].cats] == ["Diagnóstico"]
    assert (event["status"], event["transp"], event["sequence"]) == ("CONFIRMED", "OPAQUE", 1)
    for told in ("Carla Quispe +51 987 654 321", "Llevar banco de presión", "Tito Ccori", "Contratistas Andinos"):
        assert told in event["description"]
    assert event["url"] == f"http://testserver/campo/ordenes/{visit.order_id}/"


def test_a_client_reads_nothing_internal(feed, visit, carla):
    event = feed(carla)[uid(visit)]
    assert "Tito Ccori" in event["description"]
    for internal in ("banco de presión", "987 654 321", "+51987654321"):
        assert internal not in event.to_ical().decode()
    assert event["url"] == f"http://testserver/portal/pedidos/{visit.order_id}/"
    assert event["transp"] == "TRANSPARENT"


def test_the_link_leads_to_a_page_of_the_persons_world(feed, visit, client, ana, tito, carla):
    for user in (ana, tito, carla):
        client.force_login(user)
        assert client.get(urlsplit(feed(user)[uid(visit)]["url"]).path).status_code == 200


def test_it_speaks_the_language_of_the_person(feed, visit, ana):
    ana.person.language = "en"
    ana.person.save()
    event = feed(ana)[uid(visit)]
    assert "Diagnosis · Planned" in event["description"]


def test_an_order_without_a_site_says_what_it_knows(feed, visit, ana, open_order):
    type(open_order).objects.filter(pk=open_order.pk).update(site=None)
    event = feed(ana)[uid(visit)]
    assert str(event["summary"]) == f"{open_order.code} · CAT 336"
    assert "location" not in event
    assert "geo" not in event


def test_absences_are_told_as_the_calendar_page_tells_them(feed, visit, request, rosa_at_work):
    start = clock.now() + datetime.timedelta(days=20)
    absence = Absence.objects.create(
        technician=rosa_at_work, starts_at=start, ends_at=start + datetime.timedelta(days=3), reason="Descanso médico"
    )
    name = f"absence-{absence.pk}@testserver"
    assert str(feed(request.getfixturevalue("rosa"))[name]["summary"]) == "Descanso médico"
    told = feed(request.getfixturevalue("ana"))[name]
    assert str(told["summary"]) == "Rosa Mamani: Ausente"
    assert "médico" not in told.to_ical().decode()
    for other in ("tito", "carla"):
        assert name not in feed(request.getfixturevalue(other))


# How it changes


def test_a_moved_visit_is_the_same_one_with_a_higher_sequence(feed, visit, ana, tito_at_work):
    before = feed(ana)[uid(visit)]
    later = visit.starts_at + datetime.timedelta(days=2)
    actions.move_visit(
        visit=visit,
        starts_at=later,
        ends_at=later + datetime.timedelta(hours=2),
        technicians=[tito_at_work],
        lead=tito_at_work,
        version=visit.version,
        by=ana,
    )
    after = feed(ana)[uid(visit)]
    assert after["sequence"] > before["sequence"]
    assert after.start == later.replace(microsecond=0)


@pytest.mark.parametrize("to", ["failed", "cancelled"])
def test_what_does_not_take_place_stays_and_is_struck_out(feed, visit, ana, carla, to):
    before = feed(ana)[uid(visit)]
    actions.step_visit(visit=visit, to=to, by=ana, reason="Sin acceso")
    for user in (ana, carla):
        after = feed(user)[uid(visit)]
        assert (after["status"], after["transp"]) == ("CANCELLED", "TRANSPARENT")
        assert after["sequence"] > before["sequence"]
        assert "Sin acceso" in after["description"]


def test_from_ninety_days_back_to_a_year_ahead(feed, visit, ana):
    today = clock.lima(clock.today())
    day = datetime.timedelta(days=1)
    for start, there in (
        (today - 90 * day, True),
        (today - 92 * day, False),
        (today + 364 * day, True),
        (today + 366 * day, False),
    ):
        Visit.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + day / 6)
        assert (uid(visit) in feed(ana)) is there, start


# The door


def test_the_answer_says_what_it_is(address, program, visit, tito):
    answer = program(address(tito))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == 'inline; filename="komaq.ics"'
    assert not answer.cookies
    assert b"X-WR-CALNAME:Komaq: visitas de Tito Ccori\r\n" in answer.content


def test_what_has_not_changed_is_not_sent_again(address, program, visit, tito, ana):
    path = address(tito)
    first = program(path)
    same = program(path, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert same["Cache-Control"] == "private, no-cache"
    with clock.travel(clock.now() + datetime.timedelta(minutes=15)):
        assert program(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    actions.step_visit(visit=visit, to="travelling", by=tito)
    other = program(path, headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


def test_a_key_that_does_not_live_is_an_address_that_does_not_exist(address, program, visit, tito, ana, alex):
    def told(path):
        answer = program(path)
        return answer.status_code, re.sub(r'"\w{64}"', "", answer.content.decode().replace(path, "PATH"))

    unknown = told("/calendario/" + "x" * 43 + ".ics")
    assert unknown[0] == 404
    path = address(tito, days=3)
    with clock.travel(clock.now() + datetime.timedelta(days=3)):
        assert told(path) == unknown
    assert program(path).status_code == 200
    end_key(key=AccessKey.objects.get(), by=tito)
    assert told(path) == unknown
    stopped = address(tito)
    disable_user(user=tito, reason="Fin", by=alex)
    assert told(stopped) == unknown
    _key, api = make_key(user=ana, purpose=KeyPurpose.API, name="ERP", by=ana)
    assert told(f"/calendario/{api}.ics") == unknown


def test_it_is_read_and_never_written(address, visit, tito):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(address(tito)).status_code == 405


def test_a_poll_costs_few_statements_however_many_visits(address, program, open_order, plan, tito, queries_of):
    path = address(tito)
    plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    program(path)
    assert AccessKey.objects.get().used_on == clock.today()
    few = queries_of(lambda: program(path))
    for _each in range(4):
        plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    assert queries_of(lambda: program(path)) == few
    assert few <= 5
