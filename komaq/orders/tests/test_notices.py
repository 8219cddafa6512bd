"""What people are told: each once, and nothing of what was rolled back (MSG-1)."""

import datetime

import pytest
from django.db import transaction

from komaq.accounts.models import Grant
from komaq.comms.models import Delivery
from komaq.core.models import Job, OutgoingEmail
from komaq.orders import actions
from komaq.orders.choices import OrderStatus


def told(kind=None):
    """Who was told what: pairs of kind and address, in order."""
    rows = Delivery.objects.order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    return [(row.kind.removeprefix("orders."), row.email.to) for row in rows.select_related("email")]


@pytest.fixture
def quiet():
    """Forget what was told before the deed under test."""

    def forget():
        Delivery.objects.all().delete()

    return forget


def test_contact_and_asker_are_told_of_a_request(ask, andinos, beto, carla, cat336):
    contact = andinos.contacts.get(person=carla.person)
    ask(beto, cat336, contact=contact)
    assert sorted(told()) == [("request_received", "beto@andinos.test"), ("request_received", "carla@andinos.test")]


def test_one_person_in_two_parts_is_told_once(ask, carla, cat336):
    ask(carla, cat336)
    assert told() == [("request_received", "carla@andinos.test")]


@pytest.mark.parametrize("decision", ["accepted", "rejected", "merged"])
def test_each_decision_reaches_the_client(decision, ask, open_order, carla, cat336, ana, quiet):
    request = ask(carla, cat336)
    quiet()
    if decision == "accepted":
        actions.accept_request(request=request, by=ana, message="Vamos mañana")
        assert "Vamos mañana" in OutgoingEmail.objects.latest("id").text
    elif decision == "rejected":
        actions.reject_request(request=request, by=ana, reason="Fuera de zona")
        assert "Fuera de zona" in OutgoingEmail.objects.latest("id").text
    else:
        actions.merge_request(request=request, order=open_order, by=ana)
    assert told() == [(f"request_{decision}", "carla@andinos.test")]


def test_accepting_twice_tells_once(pending_request, ana):
    for _each in range(2):
        actions.accept_request(request=pending_request, by=ana)
    assert len(told("orders.request_accepted")) == 1


def test_an_order_noted_by_the_staff_reaches_its_contact(cat336, carla, ana):
    contact = cat336.customer.contacts.get(person=carla.person)
    actions.open_order(machine=cat336, contact=contact, title="Fuga", priority="normal", by=ana)
    assert told() == [("order_opened", "carla@andinos.test")]


@pytest.mark.db
def test_nothing_is_told_of_what_was_rolled_back(pending_request, ana, quiet):
    quiet()
    jobs_before = Job.objects.count()
    with transaction.atomic():
        actions.accept_request(request=pending_request, by=ana)
        transaction.set_rollback(True)
    assert told() == []
    assert Job.objects.count() == jobs_before


def test_technicians_hear_of_their_visits_and_the_client_of_its_own(
    open_order, plan, ana, tito, rosa, rosa_at_work, quiet
):
    quiet()
    visit = plan(open_order, [tito], kind="diagnosis")
    assert sorted(told()) == [("technician_sent", "tito@komaq.test"), ("visit_planned", "carla@andinos.test")]
    quiet()
    before = visit.starts_at
    later = visit.starts_at + datetime.timedelta(days=2)
    visit = actions.move_visit(
        visit=visit,
        starts_at=later,
        ends_at=later + datetime.timedelta(hours=2),
        technicians=[rosa_at_work],
        lead=rosa_at_work,
        version=1,
        by=ana,
    )
    assert sorted(told()) == [
        ("technician_freed", "tito@komaq.test"),
        ("technician_sent", "rosa@komaq.test"),
        ("visit_moved", "carla@andinos.test"),
    ]
    freed = OutgoingEmail.objects.get(pk=Delivery.objects.get(kind="orders.technician_freed").email_id)
    assert before.astimezone(datetime.UTC).strftime("%Y") in freed.subject
    quiet()
    actions.step_visit(visit=visit, to="cancelled", by=ana, reason="Reprogramar")
    assert sorted(told()) == [("technician_freed", "rosa@komaq.test"), ("visit_dropped", "carla@andinos.test")]


STEPS = [
    ("open", "diagnosing", {}),
    ("open", "quoted", {"reason": "COT-1"}),
    ("open", "approved", {"reason": "Garantía", "choice": "warranty"}),
    ("approved", "waiting_parts", {"reason": "Bomba"}),
    ("paused", "in_progress", {}),
    ("in_progress", "paused", {"reason": "Nevada", "choice": "weather"}),
    ("in_progress", "completed", {"outcome": "done", "reason": "Acta"}),
    ("completed", "in_progress", {"reason": "Falta torque"}),
    ("completed", "verified", {"reason": "Conforme"}),
    ("verified", "in_progress", {"reason": "Sigue la fuga"}),
    ("verified", "closed", {}),
    ("open", "cancelled", {"reason": "Vendida"}),
]


@pytest.mark.parametrize(("start", "end", "answers"), STEPS)
def test_each_step_reaches_the_client_once(start, end, answers, in_status, ana, quiet):
    order = in_status(start)
    quiet()
    actions.move_order(order=order, to=end, by=ana, **answers)
    assert told() == [(f"order_{end}", "carla@andinos.test")]


def test_internal_words_stay_internal_and_reasons_for_the_client_reach_it(in_status, ana):
    actions.move_order(order=in_status("completed"), to="in_progress", by=ana, reason="Tito olvidó el torque")
    assert "torque" not in OutgoingEmail.objects.latest("id").text
    actions.move_order(order=in_status("open"), to="cancelled", by=ana, reason="El cliente vendió la máquina")
    assert "vendió la máquina" in OutgoingEmail.objects.latest("id").text


def test_the_mail_of_verified_work_asks_to_accept_until_a_day(morning, in_status, ana):
    order = actions.move_order(order=in_status("completed"), to="verified", by=ana, reason="Conforme")
    letter = OutgoingEmail.objects.latest("id")
    assert "01/12/2026" in letter.text
    assert f"/portal/pedidos/{order.pk}/" in letter.text


def test_a_visit_that_puts_an_order_on_schedule_is_one_mail(in_status, plan, tito, quiet):
    order = in_status(OrderStatus.APPROVED)
    quiet()
    plan(order, [tito])
    assert [kind for kind, to in told() if to == "carla@andinos.test"] == ["visit_planned"]


def test_who_no_longer_belongs_to_the_client_is_not_told(ask, andinos, beto, carla, cat336, ana, quiet):
    request = ask(beto, cat336, contact=andinos.contacts.get(person=carla.person))
    Grant.objects.filter(user=beto).update(ended_at=request.created_at)
    quiet()
    actions.reject_request(request=request, reason="x", by=ana)
    assert told() == [("request_rejected", "carla@andinos.test")]
    request.contact.status = "ended"
    request.contact.save()
    quiet()
    actions.accept_request(request=ask(carla, cat336), by=ana)
    assert ("request_accepted", "beto@andinos.test") not in told()


def test_the_worker_sends_each_letter_once_in_the_persons_language(pending_request, ana, run_jobs, mailoutbox):
    actions.accept_request(request=pending_request, by=ana)
    run_jobs()
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["carla@andinos.test"]] * 2
    assert "solicitud" in mailoutbox[0].subject.lower()
