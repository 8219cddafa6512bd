"""ORD-3: never two overlapping visits, never while absent, never where a certification is missing."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from komaq.accounts.models import Certification
from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed, Stale
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.models import Absence, Assignment, Visit

pytestmark = pytest.mark.db

HOUR = datetime.timedelta(hours=1)
ALTURA = "Trabajo en altura"


@pytest.fixture
def slot(morning):
    """Tomorrow from 8 to 12."""
    return clock.lima(clock.today() + datetime.timedelta(days=1), 8)


def test_a_visit_sends_its_technicians_and_one_leads(morning, open_order, plan, slot, tito, rosa):
    visit = plan(open_order, [tito, rosa], kind="diagnosis", starts_at=slot, note="Llevar manómetros")
    assert [(each.technician.name, each.is_lead) for each in visit.assignments.all()] == [
        ("Tito Ccori", True),
        ("Rosa Mamani", False),
    ]
    assert {(each.starts_at, each.ends_at) for each in visit.assignments.all()} == {(slot, slot + 4 * HOUR)}
    open_order.refresh_from_db()
    assert open_order.status == "open"
    event = Event.objects.get(kind="orders.visit_planned")
    assert event.payload.data["technicians"] == ["Tito Ccori", "Rosa Mamani"]


@pytest.mark.parametrize("start", ["approved", "paused"])
def test_a_repair_visit_puts_the_order_on_schedule(in_status, plan, tito, start):
    order = in_status(start)
    plan(order, [tito], kind="delivery")
    order.refresh_from_db()
    assert order.status == start
    plan(order, [tito], kind="repair")
    order.refresh_from_db()
    assert order.status == "scheduled"


def test_only_planners_plan(open_order, plan, tito, lola, nico, carla):
    for person in (tito, lola, nico, carla):
        with pytest.raises(NotAllowed):
            plan(open_order, [tito], by=person)


def test_a_finished_order_takes_no_visit(in_status, plan, tito):
    with pytest.raises(refusals.OrderIsFinal):
        plan(in_status("closed"), [tito])


def test_a_visit_has_a_sound_span_and_a_lead_among_its_technicians(morning, open_order, plan, slot, ana, tito, nico):
    for hours in (0, -2, 24 * 32):
        with pytest.raises(refusals.BadSpan):
            plan(open_order, [tito], starts_at=slot, hours=hours)
    with pytest.raises(refusals.VisitPassed):
        plan(open_order, [tito], starts_at=slot - 5 * 24 * HOUR)
    with pytest.raises(refusals.LeadNeeded):
        plan(open_order, [])
    with pytest.raises(refusals.NotATechnician, match="Nico"):
        plan(open_order, [nico])
    assert not Visit.objects.exists()


# Overlaps


def test_ord_3_a_busy_technician_is_refused_with_order_and_span(morning, open_order, other_order, plan, slot, tito):
    plan(open_order, [tito], starts_at=slot)
    with pytest.raises(refusals.TechnicianBusy) as refused:
        plan(other_order, [tito], starts_at=slot + 3 * HOUR)
    for word in ("Tito Ccori", open_order.code, "25/11/2026 08:00 – 12:00"):
        assert word in str(refused.value.message)
    assert refused.value.field == "technicians"
    assert plan(other_order, [tito], starts_at=slot + 4 * HOUR)


def test_ord_3_the_database_refuses_what_goes_around_the_action(morning, open_order, other_order, plan, slot, tito):
    plan(open_order, [tito], starts_at=slot)
    beside = plan(other_order, [tito], starts_at=slot + 4 * HOUR).assignments.get()
    with pytest.raises(IntegrityError, match="orders_assignment_no_overlap"), transaction.atomic():
        Assignment.objects.filter(pk=beside.pk).update(starts_at=slot + 3 * HOUR)
    raw = Visit.objects.create(
        order=other_order, kind="repair", starts_at=slot, ends_at=slot + HOUR, created_at=clock.now()
    )
    with pytest.raises(IntegrityError, match="orders_assignment_no_overlap"), transaction.atomic():
        _assign(raw, beside.technician)
    raw.assignments.create(technician=beside.technician, starts_at=slot, ends_at=slot + HOUR, is_busy=False)
    with pytest.raises(IntegrityError, match="orders_assignment_no_overlap"), transaction.atomic():
        raw.assignments.update(is_busy=True)


def test_ord_3_the_action_names_what_only_the_database_saw(
    morning, open_order, other_order, plan, slot, tito, monkeypatch
):
    plan(open_order, [tito], starts_at=slot)
    monkeypatch.setattr("komaq.orders.queries.planning.clash_of", lambda *args, **more: None)
    with pytest.raises(refusals.TechnicianBusy, match="Tito Ccori"):
        plan(other_order, [tito], starts_at=slot)
    assert Visit.objects.count() == 1


def _assign(visit, technician):
    return Assignment.objects.create(
        visit=visit, technician=technician, starts_at=visit.starts_at, ends_at=visit.ends_at
    )


# Absences and certifications


def test_ord_3_an_absent_technician_is_refused_with_the_reason(morning, open_order, plan, slot, tito, tito_at_work):
    Absence.objects.create(
        technician=tito_at_work, starts_at=slot + HOUR, ends_at=slot + 48 * HOUR, reason="Vacaciones"
    )
    with pytest.raises(refusals.TechnicianAbsent, match=r"Tito Ccori.*Vacaciones.*25/11/2026 09:00"):
        plan(open_order, [tito], starts_at=slot)
    assert plan(open_order, [tito], starts_at=slot, hours=1)


def test_ord_3_a_site_demands_a_certification_valid_to_the_end(morning, open_order, plan, slot, tito, tito_at_work):
    open_order.site.demands = [ALTURA]
    open_order.site.save()
    with pytest.raises(refusals.CertificationMissing, match=r"Tito Ccori.*Trabajo en altura.*Tajo Sur") as refused:
        plan(open_order, [tito], starts_at=slot)
    assert refused.value.field == "override_reason"
    held = Certification.objects.create(
        employee=tito_at_work,
        name="trabajo en ALTURA",
        issued_on=clock.today() - datetime.timedelta(days=300),
        expires_on=clock.today() + datetime.timedelta(days=2),
    )
    assert plan(open_order, [tito], starts_at=slot)
    with pytest.raises(refusals.CertificationMissing):
        plan(open_order, [tito], starts_at=slot + 24 * HOUR, hours=48)
    held.expires_on = None
    held.save()
    assert plan(open_order, [tito], starts_at=slot + 24 * HOUR, hours=48)


def test_a_supervisor_overrides_a_certification_with_a_reason_that_stays(morning, open_order, plan, slot, tito):
    open_order.site.demands = [ALTURA]
    open_order.site.save()
    plan(open_order, [tito], starts_at=slot, override_reason="Trabaja a nivel del piso")
    data = Event.objects.get(kind="orders.visit_planned").payload.data
    assert (data["override"], data["lacks"]) == ("Trabaja a nivel del piso", "Tito Ccori: Trabajo en altura")


def test_a_reason_overrides_no_overlap_and_no_absence(morning, open_order, other_order, plan, slot, tito, tito_at_work):
    plan(open_order, [tito], starts_at=slot)
    with pytest.raises(refusals.TechnicianBusy):
        plan(other_order, [tito], starts_at=slot, override_reason="Igual")
    Absence.objects.create(
        technician=tito_at_work, starts_at=slot + 24 * HOUR, ends_at=slot + 48 * HOUR, reason="Curso"
    )
    with pytest.raises(refusals.TechnicianAbsent):
        plan(other_order, [tito], starts_at=slot + 24 * HOUR, override_reason="Igual")


# Moving


@pytest.fixture
def move(ana, tito_at_work):
    """`move(visit, hours=2)` shifts a visit with its lead."""

    def make(visit, *, hours=0, technicians=None, version=None, by=ana):
        people = technicians or [tito_at_work]
        return actions.move_visit(
            visit=visit,
            starts_at=visit.starts_at + hours * HOUR,
            ends_at=visit.ends_at + hours * HOUR,
            technicians=people,
            lead=people[0],
            version=version or visit.version,
            by=by,
        )

    return make


def test_a_moved_visit_takes_its_technicians_along(morning, open_order, plan, slot, tito, rosa, rosa_at_work, move):
    visit = plan(open_order, [tito], starts_at=slot)
    moved = move(visit, hours=2, technicians=[rosa_at_work])
    assert moved.version == 2
    assignment = moved.assignments.get()
    assert (assignment.technician, assignment.is_lead, assignment.starts_at) == (rosa_at_work, True, slot + 2 * HOUR)
    data = Event.objects.get(kind="orders.visit_moved").payload.data
    assert data["before"]["technicians"] == ["Tito Ccori"]


def test_a_visit_does_not_stand_in_its_own_way_but_in_that_of_others(
    morning, open_order, other_order, plan, slot, tito, move
):
    visit = plan(open_order, [tito], starts_at=slot)
    later = plan(other_order, [tito], starts_at=slot + 6 * HOUR)
    assert move(visit, hours=1).starts_at == slot + HOUR
    with pytest.raises(refusals.TechnicianBusy):
        move(later, hours=-2)


def test_ord_2_a_visit_moved_meanwhile_is_not_moved_again(morning, open_order, plan, slot, tito, move):
    visit = plan(open_order, [tito], starts_at=slot)
    move(visit, hours=1)
    with pytest.raises(Stale):
        move(visit, hours=2, version=1)
    visit.refresh_from_db()
    assert visit.starts_at == slot + HOUR


def test_what_has_begun_is_not_moved(morning, open_order, plan, slot, tito, move):
    visit = actions.step_visit(visit=plan(open_order, [tito], starts_at=slot), to="travelling", by=tito)
    with pytest.raises(refusals.VisitNotPlanned):
        move(visit, hours=1)


def test_technicians_do_not_move_visits(morning, open_order, plan, slot, tito, move):
    with pytest.raises(NotAllowed):
        move(plan(open_order, [tito], starts_at=slot), hours=1, by=tito)


# Who is free


def test_free_time_shows_skills_visits_and_absences(
    morning, open_order, plan, slot, tito, rosa, tito_at_work, rosa_at_work
):
    tito_at_work.skills.create(name="Hidráulica")
    plan(open_order, [tito], starts_at=slot)
    Absence.objects.create(technician=rosa_at_work, starts_at=slot, ends_at=slot + HOUR, reason="Permiso")
    rows = {row["name"]: row for row in queries.technicians_for(slot + 2 * HOUR, slot + 3 * HOUR)}
    assert list(rows) == ["Rosa Mamani", "Tito Ccori"]
    tito_row, rosa_row = rows["Tito Ccori"], rows["Rosa Mamani"]
    assert (tito_row["free"], tito_row["absent"], tito_row["skills"]) == (False, False, ["Hidráulica"])
    assert [each["code"] for each in tito_row["busy"]] == [open_order.code]
    assert (rosa_row["free"], rosa_row["absent"]) == (True, False)
    at_eight = {row["name"]: row for row in queries.technicians_for(slot, slot + HOUR)}
    assert (at_eight["Rosa Mamani"]["free"], at_eight["Rosa Mamani"]["absent"]) == (False, True)


def test_a_visit_that_is_being_moved_blocks_nobody(morning, open_order, plan, slot, tito):
    visit = plan(open_order, [tito], starts_at=slot)
    assert not queries.technicians_for(slot, slot + HOUR)[0]["free"]
    assert queries.technicians_for(slot, slot + HOUR, besides=visit)[0]["free"]


def test_free_time_costs_the_same_for_any_number(morning, open_order, plan, slot, tito, rosa, queries_of):
    def look():
        return queries.technicians_for(slot, slot + HOUR)

    plan(open_order, [tito], starts_at=slot)
    few = queries_of(look)
    plan(open_order, [rosa], starts_at=slot)
    plan(open_order, [rosa], starts_at=slot + 5 * HOUR)
    assert queries_of(look) == few


def test_who_left_or_has_another_post_is_no_technician(tito, tito_at_work, rosa):
    tito_at_work.left_on = clock.today()
    tito_at_work.save()
    assert [each.name for each in queries.technicians()] == ["Rosa Mamani"]
