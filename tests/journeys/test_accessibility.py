"""axe-core finds nothing serious on any role's pages: desk, tablet and phone, both themes (WCAG 2.2 AA)."""

import datetime
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conftest import PASSWORD
from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import Priority, VisitKind
from komaq.orders.models import Problem
from komaq.parts import actions as parts
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
    "nico": [
        "/app/repuestos/",
        "/app/repuestos/nuevo/",
        "/app/repuestos/{part}/",
        "/app/repuestos/{part}/editar/",
        "/app/repuestos/{part}/vincular/",
        "/app/repuestos/{part}/foto/",
    ],
    "tito": [
        "/campo/",
        "/campo/ordenes/{order}/",
        "/campo/calendario/",
        "/campo/repuestos/?q=0750",
        "/campo/repuestos/{part}/",
    ],
}


def stocked_part(keeper):
    """A part with stock, and a newer one that replaces it."""
    old, new = (
        parts.create_part(brand="CAT", number=number, name="Filtro de petróleo", by=keeper)
        for number in ("1R-0750", "1R-0751")
    )
    parts.link_parts(part=old, other=new, kind="superseded_by", by=keeper)
    store = parts.save_warehouse(code="ALM", name="Almacén central", kind="store", by=keeper)
    parts.receive_stock(part=old, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(60), by=keeper)
    return old


@pytest.fixture
def work(carla, ana, tito, nico, cat336, andinos):
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
        "part": stocked_part(nico).pk,
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
