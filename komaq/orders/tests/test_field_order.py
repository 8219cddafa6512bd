"""A technician works an order from the phone: sets out, arrives, works, ticks, photographs, notes, finishes."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from komaq.comms.queries import thread
from komaq.core.files import attachments_of
from komaq.orders import actions
from komaq.orders.choices import OrderStatus, VisitKind, VisitState

pytestmark = pytest.mark.usefixtures("cache_table")


def order_url(order, name="field-order"):
    return reverse(f"orders:{name}", args=[order.pk])


@pytest.fixture
def repair(tito, plan, in_status, open_order):
    """Tito leads a repair visit on an approved order, which is scheduled by that."""
    in_status(OrderStatus.APPROVED)
    visit = plan(open_order, [tito])
    open_order.refresh_from_db()
    return visit


def press(browser, visit, to, **more):
    return browser.post(reverse("orders:field-visit-step", args=[visit.pk]), {"to": to, **more})


def move(browser, order, to, **more):
    order.refresh_from_db()
    return browser.post(order_url(order, "field-move"), {"to": to, "version": order.version, **more})


def main_deed(browser, order):
    return browser.get(order_url(order)).context["main"]["to"]


def test_one_red_button_leads_through_the_whole_visit(sign_in, tito, repair, open_order):
    browser = sign_in(tito)
    assert main_deed(browser, open_order) == VisitState.TRAVELLING
    press(browser, repair, VisitState.TRAVELLING)
    assert main_deed(browser, open_order) == VisitState.ON_SITE
    press(browser, repair, VisitState.ON_SITE)
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.IN_PROGRESS
    assert main_deed(browser, open_order) == OrderStatus.COMPLETED
    move(browser, open_order, OrderStatus.COMPLETED, outcome="done", reason="Informe en papel 118")
    open_order.refresh_from_db()
    assert (open_order.status, open_order.outcome) == (OrderStatus.COMPLETED, "done")
    assert main_deed(browser, open_order) == VisitState.DONE
    press(browser, repair, VisitState.DONE)
    repair.refresh_from_db()
    assert repair.state == VisitState.DONE
    assert browser.get(order_url(open_order)).context["main"] is None


def test_work_is_paused_with_its_reason_and_goes_on(sign_in, tito, repair, open_order):
    browser = sign_in(tito)
    press(browser, repair, VisitState.ON_SITE)
    refused = move(browser, open_order, OrderStatus.PAUSED, reason="")
    assert {"choice", "reason"} <= set(refused.context["form"].errors)
    move(browser, open_order, OrderStatus.PAUSED, choice="weather", reason="Tormenta eléctrica")
    open_order.refresh_from_db()
    assert (open_order.status, open_order.pause_reason) == (OrderStatus.PAUSED, "weather")
    move(browser, open_order, OrderStatus.IN_PROGRESS)
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.IN_PROGRESS


def test_a_visit_that_fails_says_why(sign_in, tito, repair):
    browser = sign_in(tito)
    url = reverse("orders:field-visit-step", args=[repair.pk])
    assert browser.get(url, {"to": VisitState.FAILED}).status_code == 200
    assert "reason" in press(browser, repair, VisitState.FAILED).context["form"].errors
    press(browser, repair, VisitState.FAILED, reason="Sin pase de ingreso")
    repair.refresh_from_db()
    assert (repair.state, repair.reason) == (VisitState.FAILED, "Sin pase de ingreso")


def test_a_step_seen_on_an_old_page_changes_nothing(sign_in, tito, repair, open_order):
    browser = sign_in(tito)
    press(browser, repair, VisitState.ON_SITE)
    old = {"to": OrderStatus.COMPLETED, "version": 1, "outcome": "done", "reason": "listo"}
    browser.post(order_url(open_order, "field-move"), old)
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.IN_PROGRESS


@pytest.mark.parametrize("to", [OrderStatus.VERIFIED, OrderStatus.CANCELLED, "flying", ""])
def test_steps_of_others_are_not_found(sign_in, tito, repair, open_order, to):
    assert move(sign_in(tito), open_order, to, reason="x").status_code == 404
    assert press(sign_in(tito), repair, "cancelled", reason="x").status_code == 404


def test_a_helper_who_does_not_lead_may_not_finish(sign_in, tito, rosa, plan, in_status, open_order):
    in_status(OrderStatus.APPROVED)
    visit = plan(open_order, [tito, rosa])
    actions.step_visit(visit=visit, to=VisitState.ON_SITE, by=tito)
    page = sign_in(rosa).get(order_url(open_order))
    assert page.context["main"] is None
    move(sign_in(rosa), open_order, OrderStatus.COMPLETED, outcome="done", reason="listo")
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.IN_PROGRESS


def test_tasks_are_ticked_and_unticked(sign_in, tito, ana, repair, open_order):
    task = actions.add_task(segment=open_order.segments.get(), title="Medir presión de alivio", by=ana)
    url = reverse("orders:field-task", args=[open_order.pk, task.pk])
    sign_in(tito).post(url, {"done": "1"})
    task.refresh_from_db()
    assert task.done_by == tito
    sign_in(tito).post(url, {"done": "0"})
    task.refresh_from_db()
    assert task.done_at is None


def test_a_task_of_another_order_is_not_found(sign_in, tito, ana, ask, carla, cat336, repair, open_order):
    other = actions.accept_request(request=ask(carla, cat336), by=ana)
    task = actions.add_task(segment=other.segments.get(), title="Ajena", by=ana)
    url = reverse("orders:field-task", args=[open_order.pk, task.pk])
    assert sign_in(tito).post(url, {"done": "1"}).status_code == 404
    task.refresh_from_db()
    assert task.done_at is None


def a_photo():
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(content, "JPEG")
    return SimpleUploadedFile("placa.jpg", content.getvalue(), "image/jpeg")


@pytest.mark.parametrize("visibility", ["client", "internal"])
def test_photos_are_kept_once_for_whom_they_are(sign_in, tito, repair, open_order, visibility):
    browser, url, key = sign_in(tito), order_url(open_order, "field-photo"), str(uuid.uuid4())
    assert browser.get(url).status_code == 200
    for _twice in range(2):
        browser.post(url, {"files": [a_photo()], "visibility": visibility, "form_key": key})
    assert [(each.name, each.visibility) for each in attachments_of(open_order)] == [("placa.jpg", visibility)]


def test_what_is_no_photo_is_refused_beside_the_field(sign_in, tito, repair, open_order):
    given = {"files": [SimpleUploadedFile("a.exe", b"MZ")], "visibility": "client", "form_key": str(uuid.uuid4())}
    response = sign_in(tito).post(order_url(open_order, "field-photo"), given)
    assert "files" in response.context["form"].errors
    assert not attachments_of(open_order).exists()


def test_a_note_is_for_the_staff_alone(sign_in, tito, carla, repair, open_order):
    browser, url, key = sign_in(tito), order_url(open_order, "field-note"), str(uuid.uuid4())
    assert "text" in browser.post(url, {"text": " ", "form_key": key}).context["form"].errors
    for _twice in range(2):
        browser.post(url, {"text": "Avisar por radio al vigía.", "form_key": key})
    assert [each.text for each in thread(open_order, tito)] == ["Avisar por radio al vigía."]
    assert not thread(open_order, carla).exists()
    assert "Avisar por radio al vigía." in browser.get(order_url(open_order)).content.decode()


def test_the_page_tells_whom_to_call_how_to_get_in_and_which_machine(sign_in, tito, repair, open_order, tajo_sur):
    tajo_sur.access_rules = "Inducción vigente y radio en canal 7"
    tajo_sur.latitude, tajo_sur.longitude = "-14.820000", "-71.410000"
    tajo_sur.save()
    page = sign_in(tito).get(order_url(open_order)).content.decode()
    assert 'href="tel:+51987654321"' in page
    assert "radio en canal 7" in page
    assert 'href="geo:-14.820000,-71.410000"' in page
    assert "DKS01874" in page
    assert "4,120" in page


def test_orders_one_is_not_sent_to_do_not_exist(sign_in, rosa, repair, open_order):
    for name in ("field-order", "field-photo", "field-note"):
        assert sign_in(rosa).get(order_url(open_order, name)).status_code == 404
    assert move(sign_in(rosa), open_order, OrderStatus.IN_PROGRESS).status_code == 404
    assert press(sign_in(rosa), repair, VisitState.TRAVELLING).status_code == 404
    repair.refresh_from_db()
    assert repair.state == VisitState.PLANNED


@pytest.mark.parametrize(("person", "answer"), [("ana", 403), ("carla", 404)])
def test_only_technicians_come_here(sign_in, request, repair, open_order, person, answer):
    assert sign_in(request.getfixturevalue(person)).get(order_url(open_order)).status_code == answer


def test_as_many_queries_for_one_task_as_for_three(sign_in, tito, ana, repair, open_order, queries_of):
    browser, segment = sign_in(tito), open_order.segments.get()
    actions.add_task(segment=segment, title="Medir", by=ana)
    few = queries_of(lambda: browser.get(order_url(open_order)))
    for title in ("Limpiar", "Probar"):
        actions.add_task(segment=segment, title=title, by=ana)
    assert queries_of(lambda: browser.get(order_url(open_order))) == few <= 22


def test_a_diagnosis_ends_with_its_visit(sign_in, tito, plan, open_order):
    visit = plan(open_order, [tito], kind=VisitKind.DIAGNOSIS)
    browser = sign_in(tito)
    press(browser, visit, VisitState.ON_SITE)
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.DIAGNOSING
    assert main_deed(browser, open_order) == VisitState.DONE
