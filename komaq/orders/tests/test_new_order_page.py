import pytest
from django.urls import reverse

from komaq.orders.models import ServiceOrder

KEY = "00000000-0000-7000-8000-000000000001"


@pytest.fixture
def given(carla, cat336):
    """A sound form for a new order of the CAT 336."""
    contact = cat336.customer.contacts.get(person=carla.person)
    return {
        "title": "Servicio 2,000 h",
        "priority": "normal",
        "contact": contact.pk,
        "site": cat336.site_id,
        "payer": "client",
        "form_key": KEY,
    }


def address(machine, **more):
    return reverse("orders:new", query={"machine": machine.pk} | more)


def test_the_machine_is_chosen_first(sign_in, ana, cat336, volvo480):
    browser = sign_in(ana)
    found = browser.get(reverse("orders:new"), {"q": "DKS01874"})
    assert "DKS01874" in found.text
    assert "VCEC480DL4417" not in found.text
    assert 'class="empty"' in browser.get(reverse("orders:new"), {"q": "zzz"}).text


@pytest.mark.parametrize("name", ["ana", "gina", "lola"])
def test_planners_and_sales_open_orders(request, sign_in, cat336, given, name):
    answer = sign_in(request.getfixturevalue(name)).post(address(cat336), given)
    order = ServiceOrder.objects.get()
    assert answer.url == order.get_absolute_url()
    assert (order.title, order.machine, order.site) == ("Servicio 2,000 h", cat336, cat336.site)


def test_the_same_form_sent_twice_opens_one_order(sign_in, ana, cat336, given):
    browser = sign_in(ana)
    browser.post(address(cat336), given)
    again = browser.post(address(cat336), given, follow=True)
    assert ServiceOrder.objects.count() == 1
    assert 'class="toast"' in again.text


def test_bad_input_keeps_what_was_typed(sign_in, ana, cat336, given, omar, volvo480):
    stranger = volvo480.customer.contacts.get(person=omar.person)
    refused = sign_in(ana).post(address(cat336), given | {"contact": stranger.pk, "description": "Ruido en bomba"})
    assert 'id="id_contact_error"' in refused.text
    assert "Ruido en bomba" in refused.text
    assert not ServiceOrder.objects.exists()


def test_a_promise_in_the_past_is_refused_beside_its_field_and_may_be_mended(sign_in, ana, cat336, given):
    browser = sign_in(ana)
    refused = browser.post(address(cat336), given | {"due_at": "2020-01-02T08:00"})
    assert 'id="id_due_at_error"' in refused.text
    browser.post(address(cat336), given)
    assert ServiceOrder.objects.count() == 1


def test_a_return_names_what_it_comes_from(sign_in, ana, cat336, given, in_status):
    first = in_status("closed")
    browser = sign_in(ana)
    page = browser.get(address(cat336, rework_of=first.pk))
    assert first.code in page.text
    browser.post(address(cat336, rework_of=first.pk), given | {"payer": "warranty"})
    again = ServiceOrder.objects.exclude(pk=first.pk).get()
    assert again.rework_of == first
    assert again.segments.get().payer == "warranty"


@pytest.mark.parametrize("machine", ["x", "0", "999999", "9" * 30])
def test_an_unknown_machine_is_not_found(sign_in, ana, machine):
    assert sign_in(ana).get(reverse("orders:new"), {"machine": machine}).status_code == 404


@pytest.mark.parametrize("name", ["nico", "fina"])
def test_others_of_the_office_open_none(request, sign_in, cat336, given, name):
    assert sign_in(request.getfixturevalue(name)).post(address(cat336), given).status_code == 403
    assert not ServiceOrder.objects.exists()
