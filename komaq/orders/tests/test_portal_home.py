"""The client's first screen answers what waits for it."""

import pytest
from django.urls import reverse

from komaq.orders import actions
from komaq.orders.choices import OrderStatus, Priority
from komaq.orders.models import ServiceOrder

HOME = "/portal/"


def test_a_new_client_is_told_what_to_do_first(sign_in, carla):
    page = sign_in(carla).get(HOME).content.decode()
    assert reverse("orders:portal-request-new") in page
    assert reverse("fleet:portal-new") in page


def test_verified_work_waits_for_the_client(sign_in, carla, in_status):
    order = in_status(OrderStatus.VERIFIED)
    page = sign_in(carla).get(HOME)
    assert [item["order"] for item in page.context["waiting"]] == [order]
    assert page.context["first"] is None


def test_a_standing_machine_comes_first_with_its_progress(sign_in, carla, ana, ask, cat336, open_order):
    down = ask(carla, cat336, priority=Priority.MACHINE_DOWN)
    stopped = actions.accept_request(request=down, by=ana)
    ServiceOrder.objects.filter(pk=open_order.pk).update(
        due_at=stopped.due_at - (stopped.due_at - stopped.created_at) / 2
    )
    page = sign_in(carla).get(HOME)
    assert page.context["first"] == stopped
    assert page.context["others"] == [open_order]
    assert {step["state"] for step in page.context["steps"]} == {"now", "ahead"}
    assert "panel--stop" in page.content.decode()


def test_pending_requests_and_machines_are_listed(sign_in, carla, pending_request, cat336):
    page = sign_in(carla).get(HOME)
    assert page.context["requests"] == [pending_request]
    assert page.context["machines"] == [cat336]


def test_another_company_sees_nothing_of_it(sign_in, omar, pending_request, volvo480):
    page = sign_in(omar).get(HOME)
    assert page.context["requests"] == []
    assert page.context["machines"] == [volvo480]


def test_a_person_of_two_companies_sees_the_active_one(sign_in, carla, illapa, pending_request, volvo480):
    carla.grants.create(
        role="customer_admin",
        customer_id=illapa.pk,
        scope_kind="customer",
        scope_id=illapa.pk,
        given_at=pending_request.created_at,
    )
    browser = sign_in(carla)
    session = browser.session
    session["customer_id"] = illapa.pk
    session.save()
    page = browser.get(HOME)
    assert page.context["customer"] == illapa
    assert page.context["requests"] == []
    assert page.context["machines"] == [volvo480]


@pytest.mark.parametrize("person", ["ana", "tito", "alex"])
def test_staff_does_not_find_it(sign_in, request, person):
    assert sign_in(request.getfixturevalue(person)).get(HOME).status_code == 404


def test_few_queries_however_many_orders(sign_in, carla, ana, ask, cat336, open_order, queries_of):
    browser = sign_in(carla)
    few = queries_of(lambda: browser.get(HOME))
    for _number in range(3):
        actions.accept_request(request=ask(carla, cat336), by=ana)
        ask(carla, cat336)
    assert queries_of(lambda: browser.get(HOME)) == few <= 10
