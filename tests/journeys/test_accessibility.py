"""axe-core finds nothing serious on any role's pages: desk, tablet and phone, both themes (WCAG 2.2 AA)."""

import datetime
import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import Priority, VisitKind
from komaq.orders.models import Problem
from komaq.parts import actions as parts
from komaq.parts.models import Part, Warehouse
from komaq.supply import actions as supply
from komaq.supply.models import OfferLine
from tests.journeys.conftest import DESK, PHONE, TABLET, letters_to, link_in, sign_in

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
        "/app/ordenes/{order}/repuestos/",
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
        "/campo/ordenes/{order}/repuestos/",
        "/campo/calendario/",
        "/campo/repuestos/?q=0750",
        "/campo/repuestos/{part}/",
    ],
}

ON_A_PHONE = [
    "/app/almacenes/{store}/contar/",
    "/app/repuestos/{part}/kardex/",
    "/app/requerimientos/",
    "/app/cotizaciones/{asked}/",
    "/app/cotizaciones/{asked}/adjudicar/?line_{line}={offered}",
    "/app/compras/{bought}/",
    "/app/compras/{bought}/recibir/",
    "/app/proveedores/{supplier}/cumplimiento/",
]
"""What whoever buys and receives does standing, seen at a phone's width and at a desk's."""
AT_A_DESK = [
    "/app/almacenes/",
    "/app/almacenes/existencias/",
    "/app/almacenes/ingreso/",
    "/app/almacenes/reservas/",
    "/app/repuestos/{part}/etiqueta/",
    "/app/requerimientos/nuevo/",
    "/app/cotizaciones/",
    "/app/cotizaciones/nueva/?part={lacking}",
    "/app/invitaciones/{invite}/",
    "/app/compras/",
    "/app/compras/nueva/",
    "/app/compras/{bought}/enviar/",
    "/app/compras/{bought}/seguimiento/",
    "/app/proveedores/",
    "/app/proveedores/{supplier}/",
    "/app/reclamos/",
    "/app/tipo-de-cambio/",
]
BY_LINK = [
    ("{request_link}", "/proveedor/solicitud/"),
    ("{order_link}", "/proveedor/orden/"),
    ("/proveedor/orden/lineas/{bought_line}/fecha/", ""),
]
"""What suppliers open without account, and where it leads."""


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
    part = stocked_part(nico)
    for each in (part, parts.create_part(brand="CAT", number="326-4700", name="Inyector", by=nico)):
        actions.plan_part(segment=order.segments.get(), part=each, quantity=Decimal(2), need_by=None, by=ana)
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
        "part": part.pk,
    }


@pytest.fixture
def buying(work, nico, worker):
    """A supplier that quoted one thing, and confirmed another of which a part has come, some of it damaged."""
    supply.note_rate(currency="USD", sell=Decimal("3.75"), by=nico)
    store, part = Warehouse.objects.get(), Part.objects.get(pk=work["part"])
    seller, other = (
        supply.create_supplier(tax_id_type="6", tax_id=number, name=name, email=email, by=nico)
        for number, name, email in (
            ("20990001007", "Repuestos Ferrey del Perú S.A.C.", "ventas@ferrey.test"),
            ("20990001015", "Tractopartes Illimani S.A.C.", "ventas@illimani.test"),
        )
    )
    lacking = parts.create_part(brand="CAT", number="10R-7225", name="Bomba de inyección", by=nico)
    supply.add_need(part=lacking, quantity=Decimal(3), reason="Campaña de mayo", by=nico)
    asked = quoted(part, (seller, other), store, nico)
    bought = partly_received(part, seller, store, nico)
    worker()
    letters = letters_to(seller.email)
    return work | {
        "store": store.pk,
        "supplier": seller.pk,
        "lacking": lacking.pk,
        "asked": asked.pk,
        "invite": asked.invites.get(supplier=seller).pk,
        "line": asked.lines.get().pk,
        "offered": OfferLine.objects.get().pk,
        "bought": bought.pk,
        "bought_line": bought.lines.get().pk,
        "request_link": next(link_in(letter) for letter in letters if asked.code in letter.subject),
        "order_link": next(link_in(letter) for letter in letters if bought.code in letter.subject),
    }


def quoted(part, suppliers, store, keeper):
    """A request to both suppliers; the first offers another part instead and leaves a question."""
    request = supply.make_request(
        lines=[supply.QuotationLineIn(part=part, quantity=Decimal(4), need_by=clock.today())],
        suppliers=suppliers,
        deadline=clock.now() + datetime.timedelta(days=2),
        deliver_to=store,
        by=keeper,
    )
    supply.send_request(request=request, by=keeper)
    invite = request.invites.get(supplier=suppliers[0])
    line = supply.OfferLineIn(
        line=request.lines.get(), price=Decimal(52), lead_days=9, alternative="Donaldson P551315", note="Nuevo"
    )
    supply.answer(lines=[line], currency="USD", invite=invite, by=keeper)
    supply.write_to_invite(text="¿Entregan en Espinar?", invite=invite, by=keeper)
    return request


def partly_received(part, supplier, store, keeper):
    """An order that its supplier confirmed; of four, two came and one was refused."""
    line = supply.PurchaseLineIn(part=part, quantity=Decimal(4), price=Decimal(50))
    purchase = supply.make_purchase(supplier=supplier, lines=[line], currency="USD", deliver_to=store, by=keeper)
    purchase = supply.send_purchase(purchase=supply.submit_purchase(purchase=purchase, by=keeper), by=keeper)
    line = purchase.lines.get()
    supply.confirm(purchase=purchase, dates={line.pk: clock.today()}, by=keeper)
    came = supply.ReceiptLineIn(line=line, accepted=Decimal(2), refused=Decimal(1), note="Golpeado")
    supply.receive(purchase=purchase, warehouse=store, lines=[came], by=keeper)
    return purchase


@pytest.fixture
def sound(accessible):
    """`sound(page, path)` opens a page: it is there, fits the width and axe-core finds nothing serious."""

    def check(page, path):
        answer = page.goto(path)
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide} px"
        accessible(page)

    return check


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_of_each_role(window, sound, work, request, alex, who, size):
    page = window(size)
    sign_in(page, request.getfixturevalue(who).email)
    expect(page).not_to_have_url(re.compile("ingresar"))
    for path in PAGES[who]:
        sound(page, path.format(**work))


@pytest.mark.parametrize(
    ("size", "paths"), [(DESK, AT_A_DESK + ON_A_PHONE), (PHONE, ON_A_PHONE)], ids=["desk", "phone"]
)
def test_pages_of_buying(window, sound, buying, nico, size, paths):
    page = window(size)
    sign_in(page, nico.email)
    expect(page).not_to_have_url(re.compile("ingresar"))
    for path in paths:
        sound(page, path.format(**buying))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_suppliers(window, sound, buying, size):
    page = window(size)
    for path, leads_to in BY_LINK:
        sound(page, path.format(**buying))
        assert page.url.endswith(leads_to or path.format(**buying))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_public_pages(window, accessible, size):
    page = window(size)
    for path in PUBLIC_PAGES:
        page.goto(path)
        accessible(page)
