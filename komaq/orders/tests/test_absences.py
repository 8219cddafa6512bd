"""When technicians are away: recorded and ended by planners, in the way of no visit."""

import datetime

import pytest

from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed
from komaq.orders import actions
from komaq.orders.actions import refusals
from komaq.orders.models import Absence

pytestmark = pytest.mark.db

PAGE = "/app/ausencias/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def monday(morning):
    """The Monday after, at eight in Lima."""
    return clock.lima(datetime.date(2026, 11, 30), 8)


@pytest.fixture
def away(tito_at_work, ana, monday):
    """`away(start, end)` records that Tito is away."""

    def make(starts_at=None, ends_at=None, *, reason="Vacaciones", by=ana, technician=tito_at_work):
        starts_at = starts_at or monday
        return actions.record_absence(
            technician=technician, starts_at=starts_at, ends_at=ends_at or starts_at + 5 * DAY, reason=reason, by=by
        )

    return make


def test_who_is_away_is_not_sent(away, monday, open_order, plan, tito):
    absence = away()
    with pytest.raises(refusals.TechnicianAbsent, match="Vacaciones"):
        plan(open_order, [tito], starts_at=monday + DAY)
    told = Event.objects.get(kind="orders.absence_recorded")
    assert (told.subject_id, "reason" in told.payload.data) == (str(absence.pk), False)


def test_an_absence_names_the_visits_in_its_way(away, monday, open_order, plan, tito, rosa_at_work):
    visit = plan(open_order, [tito], starts_at=monday + DAY)
    with pytest.raises(refusals.AbsenceMeetsVisits) as refused:
        away()
    assert open_order.code in str(refused.value.message)
    assert "01/12/2026" in str(refused.value.message)
    assert refused.value.field == "technician"
    assert not Absence.objects.exists()
    assert away(technician=rosa_at_work)
    assert away(visit.ends_at, visit.ends_at + DAY), "beside the visit there is room"


def test_a_freed_visit_is_in_nobodys_way(away, monday, open_order, plan, tito, ana):
    actions.step_visit(visit=plan(open_order, [tito], starts_at=monday + DAY), to="cancelled", reason="Lluvia", by=ana)
    assert away()


@pytest.mark.parametrize(
    ("start", "end", "reason", "refusal"),
    [
        (0, 0, "Vacaciones", refusals.BadAbsence),
        (2, 1, "Vacaciones", refusals.BadAbsence),
        (-30, -20, "Vacaciones", refusals.BadAbsence),
        (0, 1, "  ", refusals.AbsenceReasonNeeded),
    ],
)
def test_nonsense_is_refused(start, end, reason, refusal, away, monday):
    with pytest.raises(refusal):
        away(monday + start * DAY, monday + end * DAY, reason=reason)
    assert not Absence.objects.exists()


def test_nobody_is_away_twice_and_only_technicians_are(away, monday, lola):
    away()
    with pytest.raises(refusals.AlreadyAbsent):
        away(monday + DAY, monday + 9 * DAY)
    with pytest.raises(refusals.NotATechnician):
        away(technician=lola.person.employee)


def test_one_that_has_begun_ends_now(away, monday, ana):
    absence = away()
    with clock.travel(monday + DAY):
        actions.end_absence(absence=absence, by=ana)
        absence.refresh_from_db()
        assert absence.ends_at == monday + DAY
        with pytest.raises(refusals.AbsenceOver):
            actions.end_absence(absence=absence, by=ana)
    assert Event.objects.filter(kind="orders.absence_ended").count() == 1


def test_one_still_ahead_never_happens(away, ana, open_order, plan, tito, monday):
    absence = away()
    actions.end_absence(absence=absence, by=ana)
    assert not Absence.objects.exists()
    assert Event.objects.get(kind="orders.absence_ended").subject_id == str(absence.pk)
    assert plan(open_order, [tito], starts_at=monday + DAY)


@pytest.mark.parametrize("name", ["tito", "lola", "nico", "fina", "alex", "carla"])
def test_only_planners_record_and_end(name, request, away, ana):
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        away(by=person)
    absence = away(by=ana)
    with pytest.raises(NotAllowed):
        actions.end_absence(absence=absence, by=person)


# The page


def form(technician, start, end, reason="Capacitación"):
    return {
        "technician": technician.pk,
        "starts_at": start.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": end.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M"),
        "reason": reason,
    }


def test_the_page_records_lists_and_ends(sign_in, ana, tito_at_work, monday):
    http = sign_in(ana)
    assert "Nadie está ausente" in http.get(PAGE).content.decode()
    answer = http.post(PAGE, form(tito_at_work, monday, monday + DAY), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    page = answer.content.decode()
    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (monday, monday + DAY)
    assert "Capacitación" in page
    assert "Retirarla" in page
    page = http.post(f"{PAGE}terminar/", {"absence": absence.pk}, follow=True).content.decode()
    assert "Tito Ccori puede ser enviado de nuevo." in page
    assert not Absence.objects.exists()


def test_what_is_in_the_way_is_told_beside_the_field(sign_in, ana, tito, tito_at_work, monday, open_order, plan):
    plan(open_order, [tito], starts_at=monday)
    page = sign_in(ana).post(PAGE, form(tito_at_work, monday, monday + DAY)).content.decode()
    assert open_order.code in page
    assert "Capacitación" in page
    assert 'aria-invalid="true"' in page


def test_missing_ones_cannot_be_ended(sign_in, ana):
    http = sign_in(ana)
    assert [http.post(f"{PAGE}terminar/", {"absence": wished}).status_code for wished in ("77", "x", "")] == [404] * 3


def test_the_calendar_leads_there_those_who_plan(sign_in, ana, lola):
    assert PAGE in sign_in(ana).get("/app/calendario/").content.decode()
    assert PAGE not in sign_in(lola).get("/app/calendario/").content.decode()
    assert sign_in(lola).get(PAGE).status_code == 403


def test_the_page_costs_the_same_with_many(sign_in, ana, tito_at_work, away, monday, queries_of):
    http = sign_in(ana)
    away(monday, monday + DAY)
    one = queries_of(lambda: http.get(PAGE))
    for number in range(1, 4):
        away(monday + number * 7 * DAY, monday + number * 7 * DAY + DAY)
    assert queries_of(lambda: http.get(PAGE)) == one <= 10
