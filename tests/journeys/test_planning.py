"""Who was ticked stays ticked while the list of free technicians is fetched again."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD
from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import Priority

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_another_hour_keeps_the_ticks(window, ana, tito, rosa, carla, cat336, andinos):
    order = actions.open_order(
        machine=cat336, contact=andinos.contacts.get(), title="Fuga", priority=Priority.NORMAL, by=ana
    )
    page = window()
    page.goto("/cuentas/ingresar/")
    page.get_by_label("Correo").fill(ana.email)
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    page.goto(f"/app/ordenes/{order.pk}/visita/")
    box = page.get_by_role("row", name=re.compile("Tito Ccori")).locator("input[name=technicians]")
    held = []
    page.route("**/visita/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    day = (clock.today() + datetime.timedelta(days=3)).isoformat()
    with page.expect_request("**/visita/"):
        page.get_by_label("Desde").fill(f"{day}T09:00")
        page.get_by_label("Desde").blur()
    box.check()
    with page.expect_response("**/visita/"):
        held[0].continue_()
    expect(page.locator("#who:not(.htmx-request)")).to_be_visible()
    expect(box).to_be_checked()
