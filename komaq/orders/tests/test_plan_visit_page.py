import datetime

import pytest
from django.urls import reverse

from komaq.accounts.models import Certification
from komaq.core import clock
from komaq.orders.choices import OrderStatus, VisitState
from komaq.orders.models import Absence, Assignment, Visit


def typed(at):
    return at.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def monday():
    """Eight in the morning, a week from now."""
    return clock.lima(clock.today() + datetime.timedelta(days=7), 8)


@pytest.fixture
def given(monday, tito_at_work):
    """A sound form: Tito alone, four hours."""
    return {
        "kind": "repair",
        "starts_at": typed(monday),
        "ends_at": typed(monday + datetime.timedelta(hours=4)),
        "technicians": [tito_at_work.pk],
        "lead": tito_at_work.pk,
        "note": "Llevar banco de presión",
    }


def planning(order):
    return reverse("orders:plan", args=[order.pk])


def moving(visit):
    return reverse("orders:visit", args=[visit.pk])


def stepping(visit):
    return reverse("orders:visit-step", args=[visit.pk])


# Planning


def test_planning_sends_people_and_puts_the_order_on_schedule(sign_in, ana, in_status, given, tito_at_work):
    order = in_status("approved")
    answer = sign_in(ana).post(planning(order), given)
    assert answer.url == order.get_absolute_url()
    visit = Visit.objects.get()
    assert (visit.kind, visit.note) == ("repair", "Llevar banco de presión")
    assert visit.assignments.get().technician == tito_at_work
    order.refresh_from_db()
    assert order.status == OrderStatus.SCHEDULED


def test_a_single_technician_leads_without_saying(sign_in, ana, open_order, given):
    sign_in(ana).post(planning(open_order), given | {"lead": ""})
    assert Assignment.objects.get().is_lead


def test_of_several_somebody_must_lead(sign_in, ana, open_order, given, tito_at_work, rosa_at_work):
    browser = sign_in(ana)
    both = [tito_at_work.pk, rosa_at_work.pk]
    refused = browser.post(planning(open_order), given | {"technicians": both, "lead": ""})
    assert refused.context["form"].errors["lead"]
    assert not Visit.objects.exists()
    browser.post(planning(open_order), given | {"technicians": both, "lead": rosa_at_work.pk})
    assert Assignment.objects.get(is_lead=True).technician == rosa_at_work


def test_a_busy_technician_is_refused_by_name_and_span_and_all_is_kept(
    sign_in, ana, open_order, given, plan, tito, monday, rosa
):
    plan(open_order, [tito], starts_at=monday + datetime.timedelta(hours=1))
    refused = sign_in(ana).post(planning(open_order), given)
    assert Visit.objects.count() == 1
    error = str(refused.context["form"].errors["technicians"])
    assert "Tito Ccori" in error
    assert open_order.code in error
    assert 'aria-invalid="true" aria-describedby="clash"' in refused.text
    assert "Llevar banco de presión" in refused.text
    assert f'value="{given["starts_at"]}"' in refused.text


def test_the_same_form_sent_twice_plans_one_visit_and_says_why(sign_in, ana, open_order, given):
    browser = sign_in(ana)
    browser.post(planning(open_order), given)
    second = browser.post(planning(open_order), given)
    assert Visit.objects.count() == 1
    assert second.context["form"].errors["technicians"]


def test_hours_of_each_technician_show(sign_in, ana, open_order, plan, tito, rosa, rosa_at_work, monday, given):
    plan(open_order, [tito], starts_at=monday + datetime.timedelta(hours=6), hours=2)
    Absence.objects.create(
        technician=rosa_at_work, starts_at=monday, ends_at=monday + datetime.timedelta(hours=9), reason="Capacitación"
    )
    looked = sign_in(ana).post(planning(open_order), given | {"look": "1"})
    people = {one["name"]: one for one in looked.context["people"]}
    assert people["Tito Ccori"]["free"]
    assert people["Tito Ccori"]["bars"][0]["kind"] == "busy"
    assert people["Rosa Mamani"]["absent"]
    assert people["Rosa Mamani"]["bars"][0]["kind"] == "off"
    assert "Capacitación" in looked.text


def test_looking_who_is_free_plans_nothing_and_keeps_what_was_typed(sign_in, ana, open_order, given):
    looked = sign_in(ana).post(planning(open_order), given | {"look": "1", "ends_at": ""})
    assert looked.status_code == 200
    assert "Llevar banco de presión" in looked.text
    assert "field__error" not in looked.text
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "span",
    [
        {"starts_at": "0002-11-24T08:00"},
        {"ends_at": "2099-12-31T23:59"},
        {"ends_at": "9999-12-31T23:59"},
        {"starts_at": "9999-12-31T23:59", "ends_at": "9999-12-31T23:59"},
    ],
)
@pytest.mark.parametrize("button", [{}, {"look": "1"}])
def test_a_year_half_typed_draws_no_thousand_years(sign_in, ana, open_order, given, span, button):
    answer = sign_in(ana).post(planning(open_order), given | span | button)
    assert answer.status_code == 200
    assert len(answer.context["days"]) == 1
    assert "Llevar banco de presión" in answer.text
    assert not Visit.objects.exists()


def test_a_site_that_demands_a_certification_asks_for_a_reason(sign_in, ana, open_order, given, tajo_sur, tito_at_work):
    type(tajo_sur).objects.filter(pk=tajo_sur.pk).update(demands=["Trabajo en altura"])
    browser = sign_in(ana)
    refused = browser.post(planning(open_order), given)
    assert 'id="id_override_reason_error"' in refused.text
    assert not Visit.objects.exists()
    browser.post(planning(open_order), given | {"override_reason": "Va con Rosa, que sí lo tiene"})
    assert Visit.objects.count() == 1
    Certification.objects.create(employee=tito_at_work, name="Trabajo en altura", issued_on=clock.today())


@pytest.mark.parametrize("ends", [-1, 0, 40 * 24])
def test_a_senseless_span_is_refused_beside_its_field(sign_in, ana, open_order, given, monday, ends):
    refused = sign_in(ana).post(
        planning(open_order), given | {"ends_at": typed(monday + datetime.timedelta(hours=ends))}
    )
    assert 'id="id_ends_at_error"' in refused.text
    assert not Visit.objects.exists()


def test_a_closed_order_takes_no_visit(sign_in, ana, in_status, given):
    order = in_status("closed")
    sign_in(ana).post(planning(order), given)
    assert not Visit.objects.exists()


def test_more_technicians_cost_no_more_queries(sign_in, ana, open_order, plan, tito, rosa, queries_of):
    browser = sign_in(ana)
    one = queries_of(lambda: browser.get(planning(open_order)))
    plan(open_order, [tito])
    plan(open_order, [rosa])
    assert queries_of(lambda: browser.get(planning(open_order))) == one


@pytest.mark.parametrize("name", ["lola", "nico", "fina", "tito"])
def test_only_planners_plan(request, sign_in, open_order, given, name):
    browser = sign_in(request.getfixturevalue(name))
    assert browser.post(planning(open_order), given).status_code == 403
    assert not Visit.objects.exists()


# Moving


def test_a_visit_is_moved_to_other_hours_and_people(sign_in, ana, open_order, plan, tito, given, rosa_at_work):
    visit = plan(open_order, [tito])
    browser = sign_in(ana)
    page = browser.get(moving(visit))
    assert page.context["form"]["version"].value() == visit.version
    data = given | {"technicians": [rosa_at_work.pk], "lead": rosa_at_work.pk, "version": visit.version}
    assert browser.post(moving(visit), data).url == open_order.get_absolute_url()
    visit.refresh_from_db()
    assert typed(visit.starts_at) == given["starts_at"]
    assert visit.assignments.get().technician == rosa_at_work


def test_a_visit_does_not_clash_with_itself(sign_in, ana, open_order, plan, tito, given, monday):
    visit = plan(open_order, [tito], starts_at=monday)
    later = typed(monday + datetime.timedelta(hours=6))
    answer = sign_in(ana).post(moving(visit), given | {"ends_at": later, "version": visit.version})
    assert answer.status_code == 302


def test_a_visit_that_somebody_moved_keeps_what_was_typed_and_may_be_sent_again(
    sign_in, ana, open_order, plan, tito, given
):
    visit = plan(open_order, [tito])
    old = visit.version
    Visit.objects.filter(pk=visit.pk).update(version=old + 1)
    browser = sign_in(ana)
    refused = browser.post(moving(visit), given | {"version": old})
    assert refused.status_code == 200
    assert 'id="clash"' in refused.text
    assert f'value="{given["starts_at"]}"' in refused.text
    visit.refresh_from_db()
    assert typed(visit.starts_at) != given["starts_at"]
    assert refused.context["form"]["version"].value() == old + 1
    assert browser.post(moving(visit), given | {"version": old + 1}).status_code == 302


def test_a_visit_under_way_is_not_moved(sign_in, ana, open_order, plan, tito, given):
    visit = plan(open_order, [tito])
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.ON_SITE)
    refused = sign_in(ana).post(moving(visit), given | {"version": visit.version})
    assert refused.context["form"].non_field_errors()


# Steps


def test_a_visit_goes_its_way(sign_in, ana, open_order, plan, tito):
    visit = plan(open_order, [tito], kind="diagnosis")
    browser = sign_in(ana)
    for to in ("travelling", "on_site", "done"):
        assert f'name="to" value="{to}"' in browser.get(open_order.get_absolute_url()).text
        assert browser.post(stepping(visit), {"to": to}).url == open_order.get_absolute_url()
        visit.refresh_from_db()
        assert visit.state == to
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.DIAGNOSING


@pytest.mark.parametrize("to", ["failed", "cancelled"])
def test_a_visit_that_does_not_happen_needs_a_reason(sign_in, ana, open_order, plan, tito, to):
    visit = plan(open_order, [tito])
    browser = sign_in(ana)
    refused = browser.post(stepping(visit), {"to": to, "reason": ""})
    assert f'id="id_visit_{visit.pk}_{to}_reason_error"' in refused.text
    assert "data-open" in refused.text
    browser.post(stepping(visit), {"to": to, "reason": "Vía cerrada por nieve"})
    visit.refresh_from_db()
    assert (visit.state, visit.reason) == (to, "Vía cerrada por nieve")


def test_the_same_step_twice_is_one_step_and_told(sign_in, ana, open_order, plan, tito):
    visit = plan(open_order, [tito])
    browser = sign_in(ana)
    browser.post(stepping(visit), {"to": "travelling"})
    again = browser.post(stepping(visit), {"to": "travelling"}, follow=True)
    assert again.status_code == 200
    visit.refresh_from_db()
    assert visit.state == VisitState.TRAVELLING


def test_an_unknown_step_is_not_found(sign_in, ana, open_order, plan, tito):
    visit = plan(open_order, [tito])
    assert sign_in(ana).post(stepping(visit), {"to": "secret"}).status_code == 404
    assert sign_in(ana).get(stepping(visit)).url == open_order.get_absolute_url()
