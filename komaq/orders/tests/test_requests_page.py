import datetime

import pytest
from django.urls import reverse

from komaq.core import clock
from komaq.core.files import attachments_of
from komaq.orders import actions
from komaq.orders.choices import RequestStatus
from komaq.orders.models import ServiceOrder, ServiceRequest


def page(request):
    return reverse("orders:request", args=[request.pk])


@pytest.fixture
def worded(ask, carla, cat336):
    """A request whose machine is only described."""
    made = ask(carla, cat336)
    ServiceRequest.objects.filter(pk=made.pk).update(machine=None, machine_described="La excavadora grande")
    made.refresh_from_db()
    return made


@pytest.fixture
def open_order_of_another(ask, ana, omar, volvo480):
    return actions.accept_request(request=ask(omar, volvo480), by=ana)


def accept_data(**more):
    return {"title": "Sin fuerza en brazo", "priority": "high"} | more


# The list


def test_pending_requests_come_first_and_the_others_under_their_tab(sign_in, ana, carla, ask, cat336):
    pending, gone = ask(carla, cat336), ask(carla, cat336)
    actions.withdraw_request(request=gone, by=carla)
    browser = sign_in(ana)
    first = browser.get(reverse("orders:requests"))
    assert pending.code in first.text
    assert gone.code not in first.text
    withdrawn = browser.get(reverse("orders:requests"), {"status": "withdrawn"})
    assert gone.code in withdrawn.text
    assert pending.code not in withdrawn.text


@pytest.mark.db
def test_the_list_is_searched_and_empty_states_teach(sign_in, ana, pending_request):
    browser = sign_in(ana)
    assert pending_request.code in browser.get(reverse("orders:requests"), {"q": "DKS01874"}).text
    nothing = browser.get(reverse("orders:requests"), {"q": "zzz"})
    assert pending_request.code not in nothing.text
    assert 'class="empty"' in nothing.text


@pytest.mark.parametrize("sort", ["newest", "oldest", "answer", "customer"])
def test_the_list_is_sorted_and_unknown_sorts_are_not_found(sign_in, ana, pending_request, sort):
    browser = sign_in(ana)
    assert pending_request.code in browser.get(reverse("orders:requests"), {"sort": sort}).text
    assert browser.get(reverse("orders:requests"), {"sort": "secret"}).status_code == 404


def test_three_requests_cost_as_many_queries_as_one(sign_in, ana, carla, ask, cat336, queries_of):
    browser = sign_in(ana)
    ask(carla, cat336)
    one = queries_of(lambda: browser.get(reverse("orders:requests")))
    ask(carla, cat336)
    ask(carla, cat336)
    assert queries_of(lambda: browser.get(reverse("orders:requests"))) == one
    assert one <= 10


# Reading one


def test_the_page_shows_what_helps_to_decide(sign_in, ana, pending_request, open_order, ask, carla, cat336):
    second = ask(carla, cat336, description="Bota aceite por el cilindro.")
    text = sign_in(ana).get(page(second)).text
    assert "Bota aceite por el cilindro." in text
    assert "DKS01874" in text
    assert open_order.code in text, "a live order of the same machine is offered for joining"
    assert reverse("orders:request-accept", args=[second.pk]) in text


def test_who_can_go_now_is_shown_to_who_decides(sign_in, ana, pending_request, open_order_of_another, plan, tito, rosa):
    plan(open_order_of_another, [tito], starts_at=clock.now() + datetime.timedelta(hours=1))
    people = {one["name"]: one["free"] for one in sign_in(ana).get(page(pending_request)).context["people"]}
    assert people == {"Rosa Mamani": True, "Tito Ccori": False}


def test_the_clients_files_can_be_opened(sign_in, ana, carla, ask, cat336, paper):
    request = ask(carla, cat336, files=[paper("plano.pdf")])
    file = attachments_of(request).get()
    text = sign_in(ana).get(page(request)).text
    assert "plano.pdf" in text
    assert reverse("core:file", args=[file.pk]) in text


def test_sales_reads_without_deciding(sign_in, lola, pending_request):
    browser = sign_in(lola)
    text = browser.get(page(pending_request)).text
    assert reverse("orders:request-accept", args=[pending_request.pk]) not in text
    assert browser.post(reverse("orders:request-accept", args=[pending_request.pk]), accept_data()).status_code == 403
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.PENDING


@pytest.mark.parametrize("name", ["tito", "alex", "carla", "omar"])
def test_nobody_else_enters(request, sign_in, pending_request, name):
    browser = sign_in(request.getfixturevalue(name))
    assert browser.get(page(pending_request)).status_code in {403, 404}
    assert browser.get(reverse("orders:requests")).status_code in {403, 404}


# Accepting


def test_accepting_makes_one_order_however_often_it_is_sent(sign_in, ana, pending_request):
    browser = sign_in(ana)
    url = reverse("orders:request-accept", args=[pending_request.pk])
    first = browser.post(url, accept_data(message="Vamos hoy."))
    second = browser.post(url, accept_data())
    order = ServiceOrder.objects.get()
    assert first.url == second.url == order.get_absolute_url()
    assert order.title == "Sin fuerza en brazo"
    assert order.priority == "high"


def test_a_machine_in_words_must_be_named_and_what_was_typed_stays(sign_in, ana, worded, cat336, volvo480):
    browser = sign_in(ana)
    url = reverse("orders:request-accept", args=[worded.pk])
    refused = browser.post(url, accept_data(title="Cambio de sellos"))
    assert "Cambio de sellos" in refused.text
    assert 'id="id_machine_error"' in refused.text
    assert reverse("fleet:new") in refused.text
    strangers = browser.post(url, accept_data(machine=volvo480.pk))
    assert 'id="id_machine_error"' in strangers.text
    assert not ServiceOrder.objects.exists()
    browser.post(url, accept_data(machine=cat336.pk))
    assert ServiceOrder.objects.get().machine == cat336


def test_a_request_that_was_withdrawn_meanwhile_is_told_so(sign_in, ana, carla, pending_request):
    actions.withdraw_request(request=pending_request, by=carla)
    answer = sign_in(ana).post(reverse("orders:request-accept", args=[pending_request.pk]), accept_data(), follow=True)
    assert answer.redirect_chain == [(page(pending_request), 302)]
    assert 'data-tone="bad"' in answer.text
    assert not ServiceOrder.objects.exists()


# Rejecting


def test_rejecting_asks_why_beside_the_field(sign_in, ana, pending_request):
    browser = sign_in(ana)
    url = reverse("orders:request-reject", args=[pending_request.pk])
    refused = browser.post(url, {"reason": "  "})
    assert 'id="id_reject_reason_error"' in refused.text
    assert "data-open" in refused.text, "the dialog opens again"
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.PENDING
    done = browser.post(url, {"reason": "No atendemos este equipo"}, follow=True)
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.REJECTED
    assert "No atendemos este equipo" in done.text


def test_rejecting_what_somebody_accepted_changes_nothing(sign_in, ana, gina, pending_request):
    actions.accept_request(request=pending_request, by=gina)
    answer = sign_in(ana).post(
        reverse("orders:request-reject", args=[pending_request.pk]), {"reason": "Duplicada"}, follow=True
    )
    assert 'data-tone="bad"' in answer.text
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.ACCEPTED


# Joining


def test_joining_leads_to_the_order(sign_in, ana, open_order, ask, carla, cat336):
    second = ask(carla, cat336)
    answer = sign_in(ana).post(reverse("orders:request-merge", args=[second.pk]), {"order": open_order.pk})
    assert answer.url == open_order.get_absolute_url()
    second.refresh_from_db()
    assert (second.status, second.order) == (RequestStatus.MERGED, open_order)


def test_an_order_of_another_client_is_refused(sign_in, ana, open_order, ask, omar, volvo480):
    stranger = ask(omar, volvo480)
    sign_in(ana).post(reverse("orders:request-merge", args=[stranger.pk]), {"order": open_order.pk})
    stranger.refresh_from_db()
    assert stranger.status == RequestStatus.PENDING


@pytest.mark.parametrize("deed", ["request-accept", "request-reject", "request-merge"])
def test_coming_back_to_a_deeds_address_shows_the_request(sign_in, ana, pending_request, deed):
    answer = sign_in(ana).get(reverse(f"orders:{deed}", args=[pending_request.pk]))
    assert answer.url == page(pending_request)


def test_a_late_answer_is_marked(sign_in, ana, pending_request):
    with clock.travel(pending_request.respond_by + (pending_request.respond_by - pending_request.created_at)):
        assert 'data-tone="bad"' in sign_in(ana).get(page(pending_request)).text
