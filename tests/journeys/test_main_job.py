"""The main job in Spanish: a contractor registers, asks from a phone, and follows its machine to a closed order."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD
from komaq.core import clock, trail
from komaq.core.models import Event
from komaq.orders.models import ServiceOrder, ServiceRequest
from tests.journeys.conftest import DESK, PHONE, letters_to, link_in, photo, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hour(moment):
    return moment.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def contractor(window, worker):
    """Step 1: the contractor's administrator registers the company, confirms the e-mail, adds a machine."""
    page = window(PHONE, has_touch=True)
    page.goto("/cuentas/registro/")
    page.get_by_role("textbox", name="RUC").fill("20990000036")
    page.get_by_label("Razón social").fill("Movitierra Sur S.A.C.")
    page.get_by_label("Nombres").fill("Delia")
    page.get_by_label("Apellidos").fill("Choquehuanca")
    page.get_by_label("Correo", exact=True).fill("delia@movitierra.test")
    page.get_by_label("Celular").fill("987 654 321")
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_label("Acepto que Komaq trate mis datos").check()
    page.get_by_label("Acepto las condiciones").check()
    page.get_by_role("button", name="Crear la cuenta").click()
    expect(page.get_by_text("La última cifra no coincide").or_(page.get_by_text("revise el RUC"))).to_be_visible()
    expect(page.get_by_label("Nombres")).to_have_value("Delia")
    page.get_by_role("textbox", name="RUC").fill("20990000035")
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Crear la cuenta").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("correo")
    worker()
    page.goto(link_in(letters_to("delia@movitierra.test")[0]))
    page.get_by_role("button", name="Confirmar").click()
    return page


def add_machine(page):
    page.goto("/portal/maquinas/nueva/")
    page.get_by_label("Marca").fill("CAT")
    page.get_by_label("Nombre del modelo").fill("320")
    page.get_by_label("Tipo").select_option(label="Excavadora")
    page.get_by_label("Número de serie").fill("ZBT00123")
    page.get_by_role("button", name="Agregar la máquina").click()
    expect(page.get_by_text("ZBT00123").first).to_be_visible()


def ask_for_service(page):
    page.goto("/portal/")
    page.get_by_role("link", name="Pedir servicio").first.click()
    page.get_by_label("CAT 320").check()
    page.get_by_text("Se recalienta", exact=True).click()
    page.get_by_label("Con sus palabras").fill("Sube a 104 °C en rampa y el monitor avisa.")
    page.locator("input[name=files]").set_input_files([photo()])
    page.get_by_label("Cómo llegar").fill("Km 84 Puno–Moquegua, plataforma 2")
    page.get_by_label("Alta").check()
    page.get_by_role("button", name="Enviar solicitud").click()
    expect(page.get_by_text(re.compile(r"SOL-\d{4}-\d{6}")).first).to_be_visible()


def accept(page):
    page.goto("/app/")
    page.get_by_role("link", name=re.compile("CAT 320")).first.click()
    expect(page.get_by_text("Sube a 104 °C").first).to_be_visible()
    page.get_by_role("button", name="Aceptar y crear orden").click()
    expect(page.get_by_text(re.compile(r"OS-\d{4}-\d{6}")).first).to_be_visible()


def plan(page, order, kind, starts_at):
    page.goto(f"/app/ordenes/{order.pk}/visita/")
    page.get_by_label(kind).check()
    page.get_by_label("Desde").fill(hour(starts_at))
    page.get_by_label("Hasta").fill(hour(starts_at + datetime.timedelta(minutes=20)))
    row = page.get_by_role("row", name=re.compile("Tito Ccori"))
    row.locator("input[name=technicians]").check()
    row.locator("input[name=lead]").check()
    page.get_by_role("button", name="Programar la visita").click()
    expect(page).to_have_url(re.compile(f"/app/ordenes/{order.pk}/$"))


def move(page, order, verb, *, reason="", outcome=""):
    """Take a step of the table on the order's page: the red button, or one of the menu."""
    page.goto(f"/app/ordenes/{order.pk}/")
    opener = page.get_by_role("button", name=re.compile(f"^{verb}"))
    if not opener.first.is_visible():
        page.locator(".head__end .btn--icon").click()
    opener.first.click()
    dialog = page.locator("dialog[open]")
    if reason or outcome:
        if outcome:
            dialog.get_by_label(outcome, exact=True).check()
        if reason:
            dialog.get_by_label("Motivo").fill(reason)
        dialog.get_by_role("button", name=re.compile(f"^{verb}")).click()
    page.wait_for_load_state()


def carry_out(page, order):
    """Step 3 and 7: on the way, on site, done, with gloves."""
    page.goto(f"/campo/ordenes/{order.pk}/")
    for deed in ("Salgo para allá", "Llegué a la obra"):
        page.get_by_role("button", name=re.compile(deed)).first.click()
        page.wait_for_load_state()


def test_from_registration_to_a_closed_order(contractor, window, worker, accessible, ana, tito, lola):
    client = contractor
    sign_in(client, "delia@movitierra.test")
    expect(client).to_have_url(re.compile("/portal/"))
    add_machine(client)
    ask_for_service(client)
    worker()
    request = ServiceRequest.objects.get()
    assert any(request.code in letter.subject + letter.body for letter in letters_to("delia@movitierra.test"))

    desk = window(DESK)
    sign_in(desk, ana.email)
    expect(desk).to_have_url(re.compile("/app/"))
    accessible(desk)
    accept(desk)
    order = ServiceOrder.objects.get()
    plan(desk, order, "Diagnóstico", clock.now() + datetime.timedelta(minutes=5))

    phone = window(PHONE, has_touch=True)
    sign_in(phone, tito.email)
    expect(phone.get_by_text("CAT 320").first).to_be_visible()
    accessible(phone)
    carry_out(phone, order)
    order.refresh_from_db()
    assert order.status == "diagnosing"
    phone.goto(f"/campo/ordenes/{order.pk}/")
    phone.get_by_role("button", name=re.compile("Terminé la visita")).first.click()
    phone.wait_for_load_state()

    seller = window(DESK)
    sign_in(seller, lola.email)
    move(seller, order, "Marcar como cotizada", reason="Cotización enviada por correo.")
    move(seller, order, "Registrar la aprobación", reason="Aprobó la opción B por correo.")
    order.refresh_from_db()
    assert order.status == "approved"

    plan(desk, order, "Reparación", clock.now() + datetime.timedelta(minutes=40))
    order.refresh_from_db()
    assert order.status == "scheduled"
    carry_out(phone, order)
    order.refresh_from_db()
    assert order.status == "in_progress"
    move(desk, order, "Terminar el trabajo", outcome="Hecho", reason="Radiador limpio, probado en rampa.")
    move(desk, order, "Aprobar la revisión", reason="Controles conformes.")

    client.goto(f"/portal/pedidos/{order.pk}/")
    accessible(client)
    client.get_by_role("button", name=re.compile("^Dar conformidad|^Aceptar el trabajo")).first.click()
    expect(client.get_by_text("Completado").first).to_be_visible()
    order.refresh_from_db()
    assert order.status == "closed"
    worker()
    assert len(letters_to("delia@movitierra.test")) >= 6
    assert trail.first_broken_link(Event.objects.all()) is None
