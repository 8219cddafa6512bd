"""axe-core finds nothing serious on any role's pages: desk, tablet and phone, both themes (WCAG 2.2 AA)."""

import datetime

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD
from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import Priority, VisitKind
from komaq.orders.models import Problem
from tests.journeys.conftest import DESK, PHONE, TABLET

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC_PAGES = ["/", "/cuentas/ingresar/", "/cuentas/registro/", "/cuentas/clave/", "/cuentas/terminos/", "/no-existe/"]
PAGES = {
    "ana": [
        "/app/",
        "/app/solicitudes/",
        "/app/solicitudes/{request}/",
        "/app/ordenes/",
        "/app/ordenes/{order}/",
        "/app/ordenes/{order}/editar/",
        "/app/ordenes/{order}/visita/",
        "/app/calendario/",
        "/app/calendario/?vista=week",
        "/app/maquinas/",
        "/app/maquinas/{machine}/",
        "/app/clientes/",
        "/app/clientes/{customer}/",
        "/app/correos/",
        "/cuentas/mis-datos/",
    ],
    "alex": ["/app/personas/", "/app/personas/{employee}/", "/app/areas/", "/app/auditoria/"],
    "carla": [
        "/portal/",
        "/portal/solicitar/",
        "/portal/solicitudes/{request}/",
        "/portal/pedidos/",
        "/portal/pedidos/{order}/",
        "/portal/calendario/",
        "/portal/maquinas/",
        "/portal/maquinas/{machine}/",
        "/portal/empresa/",
        "/cuentas/mis-datos/",
    ],
    "tito": ["/campo/", "/campo/ordenes/{order}/", "/campo/calendario/"],
}


@pytest.fixture
def work(carla, ana, tito, cat336, andinos):
    """A waiting request, and an order with a visit and a task."""
    contact = andinos.contacts.get()
    values = {"customer": andinos, "machine": cat336, "site": cat336.site, "contact": contact, "by": carla}
    waiting = actions.ask_service(**values, description="No arranca", priority=Priority.MACHINE_DOWN)
    taken = actions.ask_service(
        **values, description="", problems=list(Problem.objects.all()[:1]), priority=Priority.NORMAL
    )
    order = actions.accept_request(request=taken, by=ana)
    actions.add_task(segment=order.segments.get(), title="Medir presión", minutes=30, by=ana)
    technician = tito.person.employee
    starts_at = clock.now() + datetime.timedelta(minutes=10)
    actions.plan_visit(
        order=order,
        kind=VisitKind.DIAGNOSIS,
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=2),
        technicians=[technician],
        lead=technician,
        by=ana,
    )
    return {
        "request": waiting.pk,
        "order": order.pk,
        "machine": cat336.pk,
        "customer": andinos.pk,
        "employee": technician.pk,
    }


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_of_each_role(window, accessible, work, request, alex, who, size):
    page = window(size)
    page.goto("/cuentas/ingresar/")
    page.get_by_label("Correo").fill(request.getfixturevalue(who).email)
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    expect(page).not_to_have_url("/cuentas/ingresar/")
    for path in PAGES[who]:
        answer = page.goto(path.format(**work))
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide} px"
        accessible(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_public_pages(window, accessible, size):
    page = window(size)
    for path in PUBLIC_PAGES:
        page.goto(path)
        accessible(page)
