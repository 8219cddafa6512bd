import datetime
import re
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.models import ExchangeRate, OutgoingEmail
from komaq.customers.models import Contact
from komaq.orders import actions as orders
from komaq.orders.models import Segment
from komaq.parts import actions as parts
from komaq.supply import actions
from komaq.supply.models import PartsNeed, Supplier


@pytest.fixture
def store(nico):
    """The central store."""
    return parts.save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)


@pytest.fixture
def oil_filter(nico):
    return parts.create_part(brand="CAT", number="1R-0750", name="Filtro de petróleo", by=nico)


@pytest.fixture
def seal(nico):
    return parts.create_part(brand="Parker", number="ST-2204", name="Sello de cilindro", by=nico)


@pytest.fixture
def dollar(db):
    """The dollar of the day: S/ 3.75."""
    return ExchangeRate.objects.create(
        currency="USD",
        on=clock.today() - datetime.timedelta(days=1),
        sell=Decimal("3.75"),
        noted_at=clock.now(),
    )


@pytest.fixture
def ferreparts(db):
    """A supplier of ours."""
    return Supplier.objects.create(
        tax_id="20990000175",
        name="Ferreparts Importaciones S.A.C.",
        trade_name="Ferreparts",
        email="ventas@ferreparts.test",
        payment_terms="Factura a 30 días",
        created_at=clock.now(),
    )


@pytest.fixture
def buy(nico, ferreparts, store, dollar):
    """`buy((part, quantity, price), …)` is a draft of such lines in dollars, written by Nico."""

    def write(*lines, by=nico, currency="USD", needs=(), **more):
        given = [
            actions.PurchaseLineIn(part=part, quantity=Decimal(quantity), price=Decimal(price), needs=tuple(needs))
            for part, quantity, price in lines
        ]
        return actions.make_purchase(
            supplier=ferreparts, lines=given, currency=currency, deliver_to=store, by=by, **more
        )

    return write


@pytest.fixture
def ferreycorp(nico):
    """A Peruvian supplier that sells in dollars."""
    return actions.create_supplier(
        tax_id_type="6",
        tax_id="20990001007",
        name="Repuestos Ferrey del Perú S.A.C.",
        trade_name="Ferrey Repuestos",
        email="ventas@ferrey.test",
        phone="+5112054100",
        currency="USD",
        payment_terms="Crédito 30 días",
        lead_days=5,
        by=nico,
    )


@pytest.fixture
def tracto(nico):
    """Another supplier, from abroad."""
    return actions.create_supplier(
        tax_id_type="0",
        tax_id="91-1144442",
        name="Tracto Parts Inc.",
        email="sales@tracto.test",
        country="US",
        currency="USD",
        lead_days=21,
        language="en",
        by=nico,
    )


@pytest.fixture
def paula(nico, ferreycorp):
    """Who answers requests at the Peruvian supplier."""
    return actions.add_supplier_contact(
        supplier=ferreycorp,
        given_names="Paula",
        surnames="Ríos",
        email="paula@ferrey.test",
        phone="+51987654001",
        title="Ejecutiva de ventas",
        by=nico,
    )


@pytest.fixture
def john(nico, tracto):
    """Who answers requests at the supplier from abroad."""
    return actions.add_supplier_contact(
        supplier=tracto, given_names="John", surnames="Reed", email="john@tracto.test", by=nico
    )


@pytest.fixture
def tooth(nico):
    """Another part."""
    return parts.create_part(brand="ESCO", number="V61TYL", name="Punta de cucharón", by=nico)


@pytest.fixture
def sent(buy, nico):
    """`sent((part, quantity, price), …)` is such an order on its way to the supplier."""

    def on_its_way(*lines, **more):
        purchase = actions.submit_purchase(purchase=buy(*lines, **more), by=nico)
        return actions.send_purchase(purchase=purchase, by=nico)

    return on_its_way


@pytest.fixture
def take_in(nico, store):
    """`take_in(purchase, (accepted, refused), …)` receives so many of each line, in their order."""

    def receive(purchase, *figures, **more):
        rows = [
            actions.ReceiptLineIn(line=line, accepted=Decimal(good), refused=Decimal(bad), note="Golpeado")
            for line, (good, bad) in zip(purchase.lines.order_by("pk"), figures, strict=False)
        ]
        return actions.receive(purchase=purchase, warehouse=store, lines=rows, by=nico, **more)

    return receive


@pytest.fixture
def link_to():
    """`link_to(purchase)` is the address in the supplier's last letter."""

    def address(purchase):
        text = (
            OutgoingEmail.objects.filter(subject__contains=purchase.code, text__contains="/proveedor/")
            .latest("pk")
            .text
        )
        return re.search(r"https?://\S+(/proveedor/\S+)", text)[1]

    return address


@pytest.fixture
def ask(nico, store, oil_filter, seal, ferreycorp, paula, tracto, john, dollar):
    """`ask()` is a draft of a request: 10 filters and 2 seals of two suppliers, until three days from now."""

    def write(*, lines=None, suppliers=None, hours=72, by=nico, **more):
        given = lines or [
            actions.QuotationLineIn(part=oil_filter, quantity=Decimal(10), need_by=in_days(9)),
            actions.QuotationLineIn(part=seal, quantity=Decimal(2), takes_alternative=False),
        ]
        return actions.make_request(
            lines=given,
            suppliers=suppliers or [ferreycorp, tracto],
            deadline=clock.now() + datetime.timedelta(hours=hours),
            deliver_to=store,
            by=by,
            **more,
        )

    return write


@pytest.fixture
def asked(ask, nico):
    """`asked()` is such a request on its way."""
    return lambda **more: actions.send_request(request=ask(**more), by=nico)


@pytest.fixture
def quote():
    """`quote(invite, "10.50", None, …)` is an offer with a price for each line in turn, in dollars; None: not had."""

    def offer(invite, *prices, days=4, currency="USD", quantities=None, alternative="", **more):
        lines = [
            actions.OfferLineIn(
                line=line,
                price=None if price is None else Decimal(price),
                lead_days=days,
                quantity=quantities and Decimal(quantities[place]),
                alternative=alternative if line.takes_alternative else "",
            )
            for place, (line, price) in enumerate(zip(invite.request.lines.order_by("pk"), prices, strict=False))
        ]
        link = None if more.get("by") else invite.links.order_by("pk").first()
        return actions.answer(lines=lines, currency=currency, link=link, invite=invite, **more)

    return offer


@pytest.fixture
def invited():
    """`invited(request, supplier)` is the supplier's invitation to it."""
    return lambda request, supplier: request.invites.get(supplier=supplier)


@pytest.fixture
def letters_to():
    """`letters_to("x@y.test")` are the e-mails to an address, oldest first."""
    return lambda address: list(OutgoingEmail.objects.filter(to=address).order_by("pk"))


@pytest.fixture
def need_of(cat336, oil_filter):
    """`need_of(part, quantity)` is a requirement for it that waits to be bought."""
    made = []

    def raise_need(part=oil_filter, quantity="4", days=5, about="OS-2026-000123"):
        made.append(part)
        return PartsNeed.objects.create(
            part=part,
            quantity=Decimal(quantity),
            need_by=in_days(days),
            source_kind="orders.plannedpart",
            source_id=str(900_000 + len(made)),
            about=about,
            made_at=clock.now(),
        )

    return raise_need


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def approved(cat336, tajo_sur, beto, ana):
    """`approved()` is another approved order for Beto's excavator."""

    def make(priority="high", **more):
        contact = Contact.objects.get(person=beto.person)
        facts = {"machine": cat336, "contact": contact, "site": tajo_sur, "priority": priority}
        order = orders.open_order(title="Cambio de filtros", by=ana, **facts, **more)
        return orders.move_order(order=order, to="approved", by=ana, reason="Garantía", choice="warranty")

    return make


@pytest.fixture
def plan(ana):
    """`plan(order, part, 4, 5)` plans four of a part, needed in five days."""

    def make(order, part, quantity, days=5):
        segment = Segment.objects.get(order=order)
        day = clock.today() + datetime.timedelta(days=days)
        return orders.plan_part(segment=segment, part=part, quantity=Decimal(quantity), need_by=day, by=ana)

    return make
