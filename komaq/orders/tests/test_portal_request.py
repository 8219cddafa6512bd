"""A client asks for service, sees the number, takes a request back."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from komaq.core.files import attachments_of
from komaq.core.search import search_text, sort_key
from komaq.customers.models import Contact
from komaq.fleet.models import Machine, MachineModel
from komaq.orders import actions
from komaq.orders.choices import RequestStatus
from komaq.orders.models import Problem, ServiceRequest

NEW = "/portal/solicitar/"


def a_photo(name="plate.jpg"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


@pytest.fixture
def answers(carla, cat336):
    """What Carla fills in."""
    contact = Contact.objects.get(person=carla.person)
    return {
        "form_key": str(uuid.uuid4()),
        "machine": cat336.pk,
        "description": "Gotea por el motor de giro.",
        "contact": contact.pk,
        "priority": "high",
    }


def test_a_request_gets_a_number_and_keeps_what_was_said(sign_in, carla, cat336, answers, tajo_sur):
    oil = Problem.objects.order_by("pk").first()
    given = answers | {
        "problems": [oil.pk],
        "site": tajo_sur.pk,
        "place_described": "Frente 4",
        "latitude": "-14.8203",
        "longitude": "-71.4118",
        "wished_on": "2099-11-26",
        "files": [a_photo("a.jpg"), a_photo("b.jpg")],
    }
    response = sign_in(carla).post(NEW, given)
    asked = ServiceRequest.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("orders:portal-request", args=[asked.pk])
    assert (asked.machine, asked.site, asked.place_described) == (cat336, tajo_sur, "Frente 4")
    assert (str(asked.latitude), str(asked.longitude)) == ("-14.820300", "-71.411800")
    assert list(asked.problems.all()) == [oil]
    assert asked.wished_on.isoformat() == "2099-11-26"
    assert [each.name for each in attachments_of(asked)] == ["a.jpg", "b.jpg"]
    page = sign_in(carla).get(response.url).content.decode()
    assert asked.code in page
    assert "a.jpg" in page


def test_sending_the_form_twice_makes_one_request(sign_in, carla, answers):
    browser = sign_in(carla)
    first, second = browser.post(NEW, answers), browser.post(NEW, answers)
    assert first.url == second.url
    assert ServiceRequest.objects.count() == 1


def test_a_machine_outside_the_list_is_described(sign_in, carla, answers):
    sign_in(carla).post(
        NEW, answers | {"machine": "", "machine_described": "CAT 140K serie 55", "place_described": "Yura"}
    )
    asked = ServiceRequest.objects.get()
    assert (asked.machine, asked.machine_described) == (None, "CAT 140K serie 55")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"machine": "", "place_described": "Yura"}, "machine_described"),
        ({"description": ""}, "description"),
        ({"wished_on": "2001-01-01"}, "wished_on"),
        ({"contact": ""}, "contact"),
        ({"latitude": "-14.8"}, "longitude"),
        ({"latitude": "-140", "longitude": "-71"}, "latitude"),
        ({"machine": "", "machine_described": "CAT 140K"}, "place_described"),
        ({"files": [SimpleUploadedFile("notes.txt", b"plain words")]}, "files"),
        ({"problems": ["9" * 40]}, "problems"),
        ({"problems": ["9" * 5000]}, "problems"),
        ({"machine": "9" * 5000}, "machine"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_kept(sign_in, carla, answers, change, field):
    response = sign_in(carla).post(NEW, answers | {"place_described": "", "description": "Gotea."} | change)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not ServiceRequest.objects.exists()


def test_all_that_is_missing_is_told_at_once(sign_in, carla, cat336, answers):
    cat336.site = None
    cat336.save()
    response = sign_in(carla).post(NEW, answers | {"description": ""})
    assert set(response.context["form"].errors) == {"description", "place_described"}


def test_what_was_typed_stays_after_a_refusal(sign_in, carla, cat336, answers):
    page = (
        sign_in(carla).post(NEW, answers | {"wished_on": "2001-01-01", "place_described": "Frente 4"}).content.decode()
    )
    assert "Gotea por el motor de giro." in page
    assert "Frente 4" in page
    assert answers["form_key"] in page
    assert f'value="{cat336.pk}" checked' in page


def test_another_companys_machine_contact_and_site_are_no_choices(sign_in, carla, omar, volvo480, answers):
    theirs = Contact.objects.get(person=omar.person)
    response = sign_in(carla).post(NEW, answers | {"machine": volvo480.pk, "contact": theirs.pk})
    assert {"machine", "contact"} <= set(response.context["form"].errors)
    assert volvo480.serial not in sign_in(carla).get(NEW).content.decode()


@pytest.mark.db
def test_a_fleet_is_searched_by_serial_number(sign_in, carla, andinos, cat336):
    for number in range(12):
        make_machine(andinos, f"ZZ{number:04d}")
    page = sign_in(carla).get(NEW, {"machine_q": "zz0011"})
    assert [machine.serial for machine in page.context["machines"]] == ["ZZ0011"]
    assert len(sign_in(carla).get(NEW).context["machines"]) == 6
    assert len(sign_in(carla).get(NEW, {"all": ""}).context["machines"]) == 13
    chosen = sign_in(carla).get(NEW, {"machine": cat336.pk, "machine_q": "zz0011"})
    assert [machine.serial for machine in chosen.context["machines"]] == ["DKS01874", "ZZ0011"]


def make_machine(customer, serial):
    model, _made = MachineModel.objects.get_or_create(brand="CAT", name="D8T", defaults={"type": "dozer"})
    return Machine.objects.create(
        code=f"MAQ-{serial}",
        customer=customer,
        model=model,
        serial=serial,
        search=search_text("CAT D8T", serial),
        sort_key=sort_key(f"CAT D8T {serial}"),
        created_at=customer.created_at,
    )


def test_a_member_held_to_a_site_asks_for_its_machines_alone(sign_in, beto, andinos, cat336, tajo_sur):
    elsewhere = make_machine(andinos, "YU0001")
    beto.grants.update(scope_kind="site", scope_id=tajo_sur.pk)
    page = sign_in(beto).get(NEW)
    assert [machine.serial for machine in page.context["machines"]] == [cat336.serial]
    assert elsewhere.serial not in page.content.decode()


def test_the_form_takes_few_queries_however_large_the_fleet(sign_in, carla, andinos, cat336, queries_of):
    browser = sign_in(carla)
    few = queries_of(lambda: browser.get(NEW))
    for number in range(3):
        make_machine(andinos, f"ZZ{number:04d}")
    assert queries_of(lambda: browser.get(NEW)) == few <= 12


def test_the_request_page_says_what_follows_and_what_became_of_it(sign_in, carla, ana, pending_request):
    url = reverse("orders:portal-request", args=[pending_request.pk])
    page = sign_in(carla).get(url)
    assert page.context["steps"][1]["state"] == "now"
    assert reverse("orders:portal-request-withdraw", args=[pending_request.pk]) in page.content.decode()
    order = actions.accept_request(request=pending_request, by=ana)
    page = sign_in(carla).get(url).content.decode()
    assert reverse("orders:portal-order", args=[order.pk]) in page
    assert reverse("orders:portal-request-withdraw", args=[pending_request.pk]) not in page


def test_a_rejected_request_shows_its_reason(sign_in, carla, ana, pending_request):
    actions.reject_request(request=pending_request, reason="Fuera de nuestra zona", by=ana)
    page = sign_in(carla).get(reverse("orders:portal-request", args=[pending_request.pk])).content.decode()
    assert "Fuera de nuestra zona" in page


def test_a_client_withdraws_while_it_is_pending(sign_in, beto, pending_request):
    url = reverse("orders:portal-request-withdraw", args=[pending_request.pk])
    assert sign_in(beto).get(url).status_code == 200
    assert sign_in(beto).post(url, {"reason": "Ya arrancó"}).status_code == 302
    pending_request.refresh_from_db()
    assert (pending_request.status, pending_request.reason) == (RequestStatus.WITHDRAWN, "Ya arrancó")


def test_a_decided_request_is_not_withdrawn(sign_in, carla, ana, pending_request):
    actions.accept_request(request=pending_request, by=ana)
    url = reverse("orders:portal-request-withdraw", args=[pending_request.pk])
    assert sign_in(carla).get(url).url == reverse("orders:portal-request", args=[pending_request.pk])
    sign_in(carla).post(url, {"reason": "tarde"})
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.ACCEPTED


@pytest.mark.parametrize("name", ["portal-request", "portal-request-withdraw"])
def test_another_company_finds_nothing(sign_in, omar, pending_request, name):
    url = reverse(f"orders:{name}", args=[pending_request.pk])
    assert sign_in(omar).get(url).status_code == 404
    assert sign_in(omar).post(url, {"reason": "ajeno"}).status_code in {404, 405}
    pending_request.refresh_from_db()
    assert pending_request.status == RequestStatus.PENDING


def test_staff_has_no_request_form_of_clients(sign_in, ana, tito):
    assert sign_in(ana).get(NEW).status_code == 404
    assert sign_in(tito).get(NEW).status_code == 404


def test_symptoms_fit_the_chosen_machine_and_are_few_at_hand(sign_in, carla, cat336):
    def names(page):
        return [row["problem"] for part in ("first", "more") for row in page.context["symptoms"][part]]

    browser = sign_in(carla)
    anything = browser.get(NEW)
    chosen = browser.get(NEW, {"machine": cat336.pk})
    assert len(anything.context["symptoms"]["first"]) <= 8
    assert set(names(chosen)) < set(names(anything))
    assert all(not each.machine_types or "excavator" in each.machine_types for each in names(chosen))


def test_a_ticked_symptom_stays_at_hand(sign_in, carla, cat336):
    last = Problem.objects.order_by("-pk").first()
    page = sign_in(carla).get(NEW, {"problems": [last.pk]})
    assert {"problem": last, "ticked": True} in page.context["symptoms"]["first"]


@pytest.mark.parametrize("nonsense", ["abc", "²", "9" * 40, "-1"])
def test_a_nonsense_machine_in_the_address_chooses_nothing(sign_in, carla, cat336, nonsense):
    page = sign_in(carla).get(NEW, {"machine": nonsense})
    assert page.context["machines"] == [cat336]
