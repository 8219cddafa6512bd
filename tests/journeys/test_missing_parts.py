"""What an order lacks, in Spanish: from the technician who misses it to the client whose work goes on."""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from komaq.core import clock, trail
from komaq.core.models import Event
from komaq.core.templatetags.komaq import day
from komaq.orders import actions as orders
from komaq.orders.choices import ApprovalGround, OrderStatus, Priority, VisitKind
from komaq.parts import actions as stock
from komaq.supply import actions as supply
from komaq.supply.choices import InviteState, PriceSource, PurchaseState
from komaq.supply.models import PurchaseOrder, QuotationRequest
from tests.journeys.conftest import DESK, PHONE, letters_to, link_in, photo, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
PUMP, INJECTOR = "Bomba de inyección", "Inyector"


@dataclass
class Seller:
    """A supplier, the phone on which it opens its links, and what it read there."""

    name: str
    called: str
    email: str
    prices: tuple[str, str]
    page: Page | None = None
    read: list[str] = field(default_factory=list)

    def reads(self):
        self.read.append(self.page.locator("body").inner_text())

    def line(self, name):
        """What its page says and asks of one part."""
        return self.page.get_by_role("region", name=name)


def typed(moment, look="%Y-%m-%d"):
    """A day, or a moment, as the browser's calendar gives it."""
    return moment.strftime(look)


@pytest.fixture
def parts(nico):
    """What the order will lack; nothing of it is in stock."""
    numbers = {PUMP: "10R-7225", INJECTOR: "326-4700"}
    return {name: stock.create_part(brand="CAT", number=each, name=name, by=nico) for name, each in numbers.items()}


@pytest.fixture
def store(nico):
    return stock.save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)


@pytest.fixture
def sellers(nico, parts):
    """Three companies that sell both parts in dollars, and what a dollar costs; prices as they will quote them."""
    supply.note_rate(currency="USD", sell=Decimal("3.75"), by=nico)
    known = [
        ("20990001007", Seller("Repuestos Ferrey S.A.C.", "Ferrey", "ventas@ferrey.test", ("6812.50", "391.25"))),
        (
            "20990001015",
            Seller("Tractopartes Illimani S.A.C.", "Illimani", "ventas@illimani.test", ("5237.40", "352.75")),
        ),
        ("20990001023", Seller("Diésel Norte S.R.L.", "Norte", "ventas@norte.test", ("6093.80", "348.15"))),
    ]
    for number, each in known:
        names = {"name": each.name, "trade_name": each.called, "email": each.email}
        made = supply.create_supplier(tax_id_type="6", tax_id=number, by=nico, **names)
        for part in parts.values():
            price = {"price": Decimal(400), "currency": "USD", "source": PriceSource.LIST}
            supply.note_price(supplier=made, part=part, by=nico, **price)
    return [each for _number, each in known]


@pytest.fixture
def order(carla, ana, tito, cat336, andinos):
    """An approved order of Carla's machine, which Tito repairs in three weeks."""
    asked = orders.ask_service(
        customer=andinos,
        machine=cat336,
        site=cat336.site,
        contact=andinos.contacts.get(),
        description="Pierde fuerza y humea negro.",
        priority=Priority.MACHINE_DOWN,
        by=carla,
    )
    made = orders.accept_request(request=asked, by=ana)
    ground = {"choice": ApprovalGround.CLIENT_AUTHORISED, "reason": "Lo pidió por carta."}
    made = orders.move_order(order=made, to=OrderStatus.APPROVED, by=ana, **ground)
    lead, starts_at = tito.person.employee, clock.now() + 21 * DAY
    when = {"starts_at": starts_at, "ends_at": starts_at + 6 * HOUR}
    orders.plan_visit(order=made, kind=VisitKind.REPAIR, technicians=[lead], lead=lead, by=ana, **when)
    return made


@pytest.fixture
def time_passes(monkeypatch):
    """`time_passes(HOUR)`: it is so much later for everybody, the server's threads included."""

    def go_on(how_long):
        now = clock.timezone.now
        monkeypatch.setattr(clock.timezone, "now", lambda: now() + how_long)

    return go_on


@pytest.fixture
def enter(window):
    """`enter(user, PHONE)` is that person's window, signed in."""

    def open_window(user, size=DESK):
        page = window(size, has_touch=size is PHONE)
        sign_in(page, user.email)
        expect(page).not_to_have_url(re.compile("ingresar"))
        return page

    return open_window


@pytest.fixture
def by_link(window, worker):
    """`by_link(seller, "OC-")`: the company opens the link of its last letter about that on a phone."""

    def open_link(seller, about):
        worker()
        letter = [each for each in letters_to(seller.email) if about in each.subject][-1]
        seller.page = window(PHONE, has_touch=True)
        assert seller.page.goto(link_in(letter)).status == 200
        secret = link_in(letter).rstrip("/").rsplit("/", 1)[1]
        assert secret not in seller.page.url + seller.page.content(), "the secret stands in the letter alone"
        seller.reads()
        return letter

    return open_link


# What is missing


def plan_part(page, part, quantity):
    """Find a part by its number, however it is written, and plan so many."""
    page.get_by_placeholder("Número o palabras").press_sequentially(part.number.replace("-", "").lower())
    page.get_by_role("radio", name=re.compile(part.name)).check()
    page.get_by_label("Cantidad").fill(quantity)
    page.get_by_role("button", name="Prever un repuesto").click()
    expect(page.get_by_text("El repuesto está previsto.")).to_be_visible()


def lack_two_parts(desk, phone, order, parts):
    """Ana plans the pump in the office, Tito the injectors beside the machine; the order waits by itself."""
    desk.goto(f"/app/ordenes/{order.pk}/repuestos/")
    plan_part(desk, parts[PUMP], "1")
    expect(desk.get_by_text("Espera repuestos").first).to_be_visible()
    phone.goto(f"/campo/ordenes/{order.pk}/")
    phone.get_by_role("link", name="Falta un repuesto").click()
    plan_part(phone, parts[INJECTOR], "4")
    expect(phone.get_by_text("falta: 4")).to_be_visible()
    order.refresh_from_db()
    assert order.status == OrderStatus.WAITING_PARTS


# Quotations


def ask_for_quotations(page, order, deadline):
    """From the list of needs: both parts ticked, one press, and whoever sells them is chosen already."""
    page.goto("/app/requerimientos/")
    for name in (PUMP, INJECTOR):
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(order.code)
        row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Pedir cotización").click()
    expect(page.locator("input[name=suppliers]:checked")).to_have_count(3)
    expect(page.locator("input[name^=quantity_]").first).to_have_value("1")
    page.get_by_label("Responder hasta").fill(typed(deadline.astimezone(clock.LIMA), "%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Hacer el borrador").click()
    page.get_by_role("button", name="Pedir a 3 proveedores").click()
    expect(page.get_by_text("va en camino a los proveedores")).to_be_visible()
    return QuotationRequest.objects.get()


def quote(seller, days, *, instead=""):
    """Type a price and the days for each part; with `instead` another pump than the one that is asked for."""
    for name, price in zip((PUMP, INJECTOR), seller.prices, strict=True):
        seller.line(name).get_by_label("Precio unitario sin IGV").fill(price)
        seller.line(name).get_by_label("Días hasta que llega").fill(days)
    if instead:
        seller.line(PUMP).get_by_text("Otro repuesto, menos cantidad").click()
        seller.line(PUMP).get_by_label("Otro repuesto en su lugar").fill(instead)


def send_offer(seller):
    seller.page.get_by_role("button", name="Enviar oferta").click()
    seller.page.wait_for_load_state()


def collect_offers(sellers, request, by_link, time_passes):
    """One quotes in time, one with another pump, one presses after the deadline: told so, and its words stay."""
    for seller in sellers:
        by_link(seller, request.code)
    ferrey, illimani, norte = sellers
    quote(ferrey, "6")
    quote(illimani, "9", instead="Denso 294050-0138")
    quote(norte, "5")
    for seller in (ferrey, illimani):
        send_offer(seller)
        expect(seller.page.get_by_text("Gracias: tenemos su oferta.")).to_be_visible()
    time_passes(3 * HOUR)
    send_offer(norte)
    expect(norte.page.get_by_role("alert")).to_contain_text("El plazo venció")
    expect(norte.line(PUMP).get_by_label("Precio unitario sin IGV")).to_have_value(norte.prices[0])
    for seller in sellers:
        seller.reads()
    norte.page.goto("/proveedor/solicitud/")
    expect(norte.page.get_by_text("Para cotizar de todos modos")).to_be_visible()
    states = dict(request.invites.values_list("email", "state"))
    answered, waiting = InviteState.ANSWERED, InviteState.WAITING
    assert states == {ferrey.email: answered, illimani.email: answered, norte.email: waiting}


def award(page, request, ferrey, illimani, accessible):
    """Side by side: the pump from one, the injectors from the other; the pump nobody knows cannot be chosen."""
    page.goto(f"/app/cotizaciones/{request.pk}/")
    expect(page.get_by_text("En su lugar: Denso 294050-0138")).to_be_visible()
    expect(page.get_by_role("radio", name=f"Adjudicar {PUMP} a {illimani.called}")).to_have_count(0)
    accessible(page)
    page.get_by_role("radio", name=f"Adjudicar {PUMP} a {ferrey.called}").check()
    page.get_by_role("radio", name=f"Adjudicar {INJECTOR} a {illimani.called}").check()
    page.get_by_role("button", name="Adjudicar…").click()
    page.get_by_role("button", name="Adjudicar y crear 2 borradores").click()
    expect(page.get_by_text("Se crearon 2 borradores de órdenes.")).to_be_visible()
    return [PurchaseOrder.objects.get(supplier__email=each.email) for each in (ferrey, illimani)]


# Purchases


def press(page, purchase, verb, state):
    """The one next step of an order, and how it stands then."""
    page.goto(f"/app/compras/{purchase.pk}/")
    page.get_by_role("button", name=re.compile(f"^{verb}")).click()
    page.wait_for_load_state()
    purchase.refresh_from_db()
    assert purchase.state == state


def send(page, purchase):
    page.goto(f"/app/compras/{purchase.pk}/")
    page.get_by_role("link", name="Enviar al proveedor").click()
    page.get_by_role("button", name=re.compile("^Enviar la orden por")).click()
    expect(page.get_by_text("Enviada", exact=True).first).to_be_visible()


def buy(desk, manager, pump_order, injector_order):
    """The pump is above the limit: a manager approves it. The injectors go out at once."""
    press(desk, pump_order, "Pedir aprobación", PurchaseState.TO_APPROVE)
    press(desk, injector_order, "Terminar el borrador", PurchaseState.APPROVED)
    press(manager, pump_order, "Aprobar", PurchaseState.APPROVED)
    for purchase in (pump_order, injector_order):
        send(desk, purchase)


def confirm(seller, promised_on):
    """The supplier says on which day its line arrives."""
    seller.page.get_by_label("Llega el").fill(typed(promised_on))
    seller.page.get_by_role("button", name="Confirmar la orden").click()
    expect(seller.page.get_by_text("Gracias: la orden quedó confirmada.")).to_be_visible()
    seller.reads()


def change_date(seller, promised_on, reason):
    """The supplier gives another day: not without saying why."""
    page = seller.page
    page.get_by_role("link", name="Cambiar la fecha").click()
    page.get_by_label("Llega el").fill(typed(promised_on))
    page.get_by_role("button", name="Cambiar la fecha").click()
    expect(page.get_by_label("Motivo del cambio")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Llega el")).to_have_value(typed(promised_on))
    page.get_by_label("Motivo del cambio").fill(reason)
    page.get_by_role("button", name="Cambiar la fecha").click()
    expect(page.get_by_text("Gracias: anotamos la nueva fecha.")).to_be_visible()
    seller.reads()


def receive(page, purchase, quantity, guide, state):
    """At the door, on a phone: so many came, with a photo of the guide."""
    page.goto(f"/app/compras/{purchase.pk}/recibir/")
    page.get_by_label("Aceptad").fill(quantity)
    page.locator("input[name=uploads]").set_input_files([photo("guia.jpg")])
    page.get_by_label("Guía de remisión").fill(guide)
    page.get_by_role("button", name="Recibir").click()
    expect(page.get_by_text("quedó recibida")).to_be_visible()
    expect(page.get_by_text(state, exact=True).first).to_be_visible()


# What each person reads


def part_of_client(page, order, name):
    """How a part of the order stands for its client."""
    page.goto(f"/portal/pedidos/{order.pk}/")
    return page.get_by_role("region", name="Repuestos").get_by_role("listitem").filter(has_text=name)


def told_last(person):
    return letters_to(person.email)[-1].subject


def words_of(letter):
    """All that a letter says."""
    return "\n".join([letter.subject, letter.body, *(html for html, _kind in letter.alternatives)])


def bare(text):
    """A text without what parts the thousands."""
    return re.sub(r"(?<=\d)[,\s](?=\d{3})", "", text)


def check_what_sellers_read(sellers, client_words):
    """No page and no letter of a supplier has another's name or price, nor anything of the client."""
    for seller in sellers:
        letters = letters_to(seller.email)
        assert len(letters) >= 2
        text = bare("\n".join([*seller.read, *map(words_of, letters)]))
        others = [each for each in sellers if each is not seller]
        for word in (*client_words, *(each.name for each in others), *(each.called for each in others)):
            assert word not in text, f"{seller.called} reads {word}"
        for price in (price for each in others for price in each.prices):
            assert price not in text, f"{seller.called} reads {price}"


def check_what_client_reads(page, client, sellers):
    """Neither who sells the parts nor what they cost."""
    text = bare("\n".join([page.locator("body").inner_text(), *map(words_of, letters_to(client.email))]))
    for word in (word for each in sellers for word in (each.name, each.called, *each.prices)):
        assert word not in text, f"the client reads {word}"


def check_books(page, parts, pump_order, injector_order):
    """The kardex has each delivery, its photos are kept, the record says on time, nothing is to buy any more."""
    page.goto(f"/app/repuestos/{parts[INJECTOR].pk}/kardex/")
    expect(page.get_by_role("row").filter(has_text=injector_order.code)).to_have_count(2)
    page.goto(f"/app/compras/{injector_order.pk}/seguimiento/")
    expect(page.get_by_text("guia.jpg")).to_have_count(2)
    page.goto(f"/app/proveedores/{pump_order.supplier_id}/cumplimiento/")
    expect(page.locator(".fig").filter(has_text="A tiempo y completo")).to_contain_text("100 %")
    page.goto("/app/requerimientos/?tab=all")
    expect(page.get_by_text("Aquí no hay nada")).to_be_visible()


def test_missing_parts_come_and_the_work_goes_on(
    enter, by_link, worker, accessible, order, parts, sellers, store, carla, ana, tito, nico, gina, time_passes
):
    ferrey, illimani, norte = sellers
    desk, client = enter(ana), enter(carla, PHONE)
    lack_two_parts(desk, enter(tito, PHONE), order, parts)
    worker()
    assert "en espera de repuestos" in told_last(carla)
    expect(part_of_client(client, order, PUMP)).to_contain_text("Lo estamos consiguiendo")

    buyer = enter(nico)
    request = ask_for_quotations(buyer, order, clock.now() + 2 * HOUR)
    collect_offers(sellers, request, by_link, time_passes)
    pump_order, injector_order = award(buyer, request, ferrey, illimani, accessible)
    worker()
    assert "está decidida" in letters_to(norte.email)[-1].subject
    buy(buyer, enter(gina), pump_order, injector_order)

    soon, later, last = (clock.today() + days * DAY for days in (6, 9, 12))
    for seller, purchase, promised_on in ((ferrey, pump_order, soon), (illimani, injector_order, later)):
        name, content, kind = by_link(seller, purchase.code).attachments[0]
        assert (name, content[:5], kind) == (f"{purchase.code}.pdf", b"%PDF-", "application/pdf")
        confirm(seller, promised_on)
        worker()
        assert day(promised_on) in told_last(carla)
    accessible(illimani.page)
    change_date(ferrey, last, "El embarque salió una semana después.")
    worker()
    assert day(last) in told_last(carla)
    expect(part_of_client(client, order, INJECTOR)).to_contain_text(f"En camino: {day(later)}")
    expect(part_of_client(client, order, PUMP)).to_contain_text(f"En camino: {day(last)}")
    accessible(client)

    door = enter(nico, PHONE)
    receive(door, injector_order, "2", "T001-00000045", "Recibida en parte")
    receive(door, pump_order, "1", "T002-00000311", "Recibida")
    accessible(door)
    order.refresh_from_db()
    assert order.status == OrderStatus.WAITING_PARTS
    receive(door, injector_order, "2", "T001-00000052", "Recibida")
    order.refresh_from_db()
    assert order.status == OrderStatus.SCHEDULED
    worker()
    assert "llegaron los repuestos" in told_last(carla)
    expect(part_of_client(client, order, INJECTOR)).to_contain_text("En stock")
    desk.goto(f"/app/ordenes/{order.pk}/")
    expect(desk.get_by_text("reservado: Almacén central")).to_have_count(2)

    check_books(buyer, parts, pump_order, injector_order)
    check_what_sellers_read(sellers, ("Andinos", "Carla", "DKS01874", "Tajo Sur", order.code))
    check_what_client_reads(client, carla, sellers)
    assert trail.first_broken_link(Event.objects.all()) is None
