"""Calendars of staff, clients and technicians: views, filters, where an entry lies, scope."""

import datetime

import pytest
from django.utils import translation

from komaq.core import clock
from komaq.orders.choices import OrderStatus, VisitKind
from komaq.orders.models import Absence
from komaq.orders.views import calendar

STAFF, PORTAL, FIELD = "/app/calendario/", "/portal/calendario/", "/campo/calendario/"
NOVEMBER = {"day": "2026-11-24"}


@pytest.fixture
def visit(morning, tito, plan, open_order):
    """Tito's diagnosis on Wednesday 25 November, ten to two."""
    start = morning.replace(hour=10, minute=0) + datetime.timedelta(days=1)
    return plan(open_order, [tito], kind=VisitKind.DIAGNOSIS, starts_at=start)


def kinds_of(page):
    return sorted({shown.entry.kind for item in page.context["agenda"] for shown in item["entries"]})


def visits_in(page):
    return [e.entry.visit for item in page.context["agenda"] for e in item["entries"] if e.entry.kind == "visit"]


@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("month", "2026-11-24", "2026-10-26", "2026-12-06"),
        ("month", "2026-02-10", "2026-01-26", "2026-03-01"),
        ("week", "2026-11-24", "2026-11-23", "2026-11-29"),
        ("day", "2026-11-24", "2026-11-24", "2026-11-24"),
        ("list", "2026-11-24", "2026-11-01", "2026-11-30"),
    ],
)
def test_a_view_shows_its_days(view, day, first, last):
    window = calendar.window_of(view, day)
    assert (window.first.isoformat(), window.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        ("month", "2026-10-01", "2026-12-01"),
        ("week", "2026-11-17", "2026-12-01"),
        ("day", "2026-11-23", "2026-11-25"),
    ],
)
def test_one_goes_back_and_forth(view, before, after):
    window = calendar.window_of(view, "2026-11-24")
    assert (window.before.isoformat(), window.after.isoformat()) == (before, after)


@pytest.mark.parametrize(
    ("view", "spanish", "english"),
    [
        ("month", "noviembre de 2026", "November 2026"),
        ("week", "23 – 29 de noviembre de 2026", "23 – 29 November 2026"),
        ("day", "martes 24 de noviembre de 2026", "Tuesday 24 November 2026"),
    ],
)
def test_the_title_reads_as_people_write_dates(view, spanish, english):
    window = calendar.window_of(view, "2026-11-24")
    with translation.override("es-pe"):
        assert window.title == spanish
    with translation.override("en"):
        assert window.title == english


@pytest.mark.parametrize("nonsense", ["", "yesterday", "2026-13-40", "0001-01-01", "9999-12-31"])
def test_nonsense_in_the_address_shows_a_month(nonsense):
    window = calendar.window_of("year", nonsense)
    assert window.view == "month"
    assert window.before < window.first <= window.last


@pytest.mark.parametrize("view", ["month", "week", "day", "list"])
def test_a_visit_is_found_in_every_view(sign_in, ana, visit, view):
    page = sign_in(ana).get(STAFF, {"view": view, "day": "2026-11-25"})
    assert visits_in(page) == [visit]
    assert visit.order.code in page.content.decode()


def test_only_planners_are_offered_to_plan(sign_in, ana, gina, lola, nico, fina):
    offers = [b"?status=approved" in sign_in(person).get(STAFF).content for person in (ana, gina, lola, nico, fina)]
    assert offers == [True, True, False, False, False]


def test_a_visit_lies_on_its_column_of_the_week(sign_in, ana, visit):
    week = sign_in(ana).get(STAFF, NOVEMBER | {"view": "week"}).context["weeks"][0]
    piece = next(each for each in week.pieces if each.shown.entry.kind == "visit")
    assert (piece.c, piece.n) == (3, 1)


def test_what_lasts_over_a_sunday_lies_on_both_weeks(sign_in, ana, morning, tito_at_work):
    start = clock.lima(datetime.date(2026, 11, 27))
    Absence.objects.create(
        technician=tito_at_work, starts_at=start, ends_at=clock.lima(datetime.date(2026, 12, 2)), reason="Vacaciones"
    )
    weeks = sign_in(ana).get(STAFF, NOVEMBER).context["weeks"]
    lying = [(piece.c, piece.n) for week in weeks for piece in week.pieces]
    assert lying == [(5, 3), (1, 2)]


def test_a_full_day_tells_how_many_more_there_are(sign_in, ana, morning, tito_at_work):
    day = datetime.date(2026, 11, 25)
    for _number in range(6):
        Absence.objects.create(
            technician=tito_at_work, starts_at=clock.lima(day, 8), ends_at=clock.lima(day, 9), reason="Curso"
        )
    month = sign_in(ana).get(STAFF, NOVEMBER)
    assert [piece.more for week in month.context["weeks"] for piece in week.pieces if piece.more] == [2]
    week = sign_in(ana).get(STAFF, NOVEMBER | {"view": "week"})
    assert len(week.context["weeks"][0].pieces) == 6


def test_staff_filters_by_client_technician_and_kind(sign_in, ana, rosa_at_work, tito_at_work, illapa, visit):
    browser, near = sign_in(ana), {"day": "2026-11-25"}
    customer = visit.order.customer
    assert kinds_of(browser.get(STAFF, near)) == ["promise", "visit"]
    assert kinds_of(browser.get(STAFF, near | {"show": "visit"})) == ["visit"]
    assert visits_in(browser.get(STAFF, near | {"customer": customer.pk})) == [visit]
    assert visits_in(browser.get(STAFF, near | {"customer": illapa.pk})) == []
    assert visits_in(browser.get(STAFF, near | {"technician": tito_at_work.pk})) == [visit]
    assert visits_in(browser.get(STAFF, near | {"technician": rosa_at_work.pk})) == []
    assert visits_in(browser.get(STAFF, near | {"technician": "nobody"})) == [visit]


def test_a_standing_machine_is_marked(sign_in, ana, in_status, visit):
    in_status(OrderStatus.DIAGNOSING, priority="machine_down")
    page = sign_in(ana).get(STAFF, NOVEMBER).content.decode()
    assert "data-stop" in page


def test_an_empty_span_teaches(sign_in, ana):
    assert 'class="empty"' in sign_in(ana).get(STAFF, {"view": "list", "day": "2027-03-01"}).content.decode()


def test_a_client_sees_its_own_visits_and_promises_and_no_absence(sign_in, carla, omar, visit, rosa_at_work):
    day = datetime.date(2026, 11, 25)
    Absence.objects.create(
        technician=rosa_at_work, starts_at=clock.lima(day, 8), ends_at=clock.lima(day, 9), reason="Licencia médica"
    )
    page = sign_in(carla).get(PORTAL, NOVEMBER)
    assert kinds_of(page) == ["promise", "visit"]
    assert "Licencia" not in page.content.decode()
    assert f"/portal/pedidos/{visit.order_id}/" in page.content.decode()
    assert sign_in(omar).get(PORTAL, NOVEMBER).context["total"] == 0


def test_a_technician_sees_its_own_visits(sign_in, tito, rosa, visit):
    page = sign_in(tito).get(FIELD, NOVEMBER)
    assert visits_in(page) == [visit]
    assert f"/campo/ordenes/{visit.order_id}/" in page.content.decode()
    assert visits_in(sign_in(rosa).get(FIELD, NOVEMBER)) == []


@pytest.mark.parametrize(
    ("person", "path", "answer"),
    [
        ("tito", STAFF, 403),
        ("carla", STAFF, 404),
        ("ana", PORTAL, 404),
        ("ana", FIELD, 403),
        ("carla", FIELD, 404),
    ],
)
def test_each_calendar_has_its_people(sign_in, request, person, path, answer):
    assert sign_in(request.getfixturevalue(person)).get(path).status_code == answer


@pytest.mark.parametrize(("person", "path", "most"), [("ana", STAFF, 16), ("carla", PORTAL, 10), ("tito", FIELD, 10)])
def test_few_queries_however_many_visits(
    sign_in, request, morning, tito, plan, open_order, queries_of, person, path, most
):
    browser = sign_in(request.getfixturevalue(person))
    plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    few = queries_of(lambda: browser.get(path, NOVEMBER))
    plan(open_order, [tito])
    plan(open_order, [tito])
    assert queries_of(lambda: browser.get(path, NOVEMBER)) == few <= most


@pytest.mark.parametrize(
    ("who", "path"), [("ana", "/app/calendario/"), ("carla", "/portal/calendario/"), ("tito", "/campo/calendario/")]
)
def test_every_calendar_leads_to_the_address_for_other_programs(sign_in, request, who, path):
    page = sign_in(request.getfixturevalue(who)).get(path).content.decode()
    assert 'href="/cuentas/mis-datos/llaves/#calendar"' in page
