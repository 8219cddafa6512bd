"""A small world with two client companies, and every address of the product."""

import datetime
import io
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from komaq.accounts.actions import make_key
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import Employee, User
from komaq.core import clock, mail
from komaq.core.files import attachments_of
from komaq.core.search import search_text
from komaq.customers.models import Contact, Site
from komaq.fleet.models import Machine
from komaq.orders import actions
from komaq.orders.choices import Priority, VisitKind
from komaq.orders.models import Segment, ServiceOrder, Task
from komaq.parts import actions as parts
from komaq.parts.models import Part
from komaq.supply import actions as supply
from komaq.supply.models import Supplier

CAST = ("carla", "beto", "tito", "ana", "lola", "nico", "fina", "gina", "alex", "omar")
OWN, FOREIGN, OTHER = "ZORZAL", "QUETZAL", "TUCAN"
PART = "Filtro CONDOR"
NOWHERE = 987_654_321


@dataclass(frozen=True)
class Door:
    """An address: its name, the names in its path, the view behind it."""

    name: str
    names: tuple[str, ...]
    view: object

    def path(self, things: dict) -> str:
        return reverse(self.name, kwargs={name: things[name] for name in self.names})


def doors(resolver=None, namespace="", names=()):
    """Every address with a name, in the order of the address table."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = (*names, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Door(f"{namespace}{entry.name}", here, entry.callback)
        elif entry.namespace != "api":  # programs have a matrix of their own
            yield from doors(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, here)


def pytest_generate_tests(metafunc):
    """One test for each address, or one for some of them where building the world costs more than asking."""
    every = list(doors())
    if "door" in metafunc.fixturenames:
        metafunc.parametrize("door", every, ids=[door.name for door in every])
    if "some_doors" in metafunc.fixturenames:
        some = list(in_groups(every))
        metafunc.parametrize("some_doors", some, ids=[f"{group[0].name}…" for group in some])


def in_groups(things, size=12):
    for start in range(0, len(things), size):
        yield things[start : start + size]


@dataclass
class World:
    """Who is here; the things of Andinos (`own`), of Illapa (`foreign`) and of nobody (`nowhere`)."""

    people: dict[str, User]
    own: dict[str, object]
    foreign: dict[str, object]
    nowhere: dict[str, object]
    clients: dict[str, Client] = field(default_factory=lambda: {"anonymous": Client()})

    def __post_init__(self):
        for name, user in self.people.items():
            self.clients[name] = Client()
            self.clients[name].force_login(user)


def employee_of(user):
    return Employee.objects.get(person=user.person)


def name_everything(word, customer, site, machine):
    """Let a word stand in whatever names a thing of a company, so that a leak shows."""
    Site.objects.filter(pk=site.pk).update(name=f"Obra {word}")
    machine.serial, machine.fleet_number = f"{word}-1", word
    machine.search = search_text(machine.model, machine.serial)
    machine.save()
    customer.trade_name = f"Cliente {word}"
    customer.search = search_text(customer.name, customer.trade_name, customer.tax_id)
    customer.save()
    site.refresh_from_db()


def photo(name):
    content = io.BytesIO()
    Image.new("RGB", (32, 24), "orange").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def ask(word, machine, site, client, **more):
    return actions.ask_service(
        customer=machine.customer,
        machine=machine,
        site=site,
        contact=Contact.objects.get(person=client.person),
        description=f"Fuga {word}",
        priority=Priority.NORMAL,
        by=client,
        **more,
    )


def work(word, machine, site, client, planner, technician, days):
    """A pending request and an order with a document, a task and a visit of `technician`."""
    pending = ask(word, machine, site, client)
    request = ask(word, machine, site, client, files=[photo(f"foto-{word}.png")])
    order = actions.accept_request(request=request, by=planner, title=f"Bomba {word}")
    segment = Segment.objects.get(order=order)
    task = actions.add_task(segment=segment, title=f"Revisar {word}", by=planner)
    start = clock.now() + datetime.timedelta(days=days)
    visit = actions.plan_visit(
        order=order,
        kind=VisitKind.DIAGNOSIS,
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=4),
        technicians=[technician],
        lead=technician,
        by=planner,
    )
    return pending, order, segment, task, visit, attachments_of(request).get()


def things_of(machine, site, client, staff, made):
    pending, order, segment, task, visit, attachment = made
    change = staff.position_changes.first()
    return {
        "request_id": pending.pk,
        "order_id": order.pk,
        "segment_id": segment.pk,
        "task_id": task.pk,
        "visit_id": visit.pk,
        "attachment_id": attachment.pk,
        "machine_id": machine.pk,
        "customer_id": machine.customer_id,
        "site_id": site.pk,
        "contact_id": Contact.objects.get(person=client.person).pk,
        "user_id": client.pk,
        "employee_id": staff.pk,
        "position_id": change.position_id,
        "area_id": change.position.area_id,
        "change_id": change.pk,
        "certification_id": staff.certifications.create(name="Altura", issued_on=clock.today()).pk,
    }


def catalogue_of(brand, keeper):
    """A part and its link to another that replaces it."""
    old, new = (parts.create_part(brand=brand, number=number, name=PART, by=keeper) for number in ("1R-1", "1R-2"))
    return {"part_id": old.pk, "link_id": parts.link_parts(part=old, other=new, kind="superseded_by", by=keeper).pk}


def store_of(code, part_id, keeper):
    """A warehouse with ten pieces of a part, two of them set aside."""
    place = parts.save_warehouse(code=code, name=f"Almacén {code}", kind="store", by=keeper)
    facts = {"part": Part.objects.get(pk=part_id), "warehouse": place, "by": keeper}
    parts.receive_stock(quantity=Decimal(10), unit_cost=Decimal(7), **facts)
    return {"warehouse_id": place.pk, "reservation_id": parts.set_aside(quantity=Decimal(2), reason="x", **facts).pk}


def planned_for(things, planner):
    """A planned part of the order."""
    segment, part = Segment.objects.get(pk=things["segment_id"]), Part.objects.get(pk=things["part_id"])
    wish = {"quantity": Decimal(2), "need_by": None, "by": planner}
    return {"planned_id": actions.plan_part(segment=segment, part=part, **wish).pk}


def key_of(client):
    """A calendar's key of a client, and the token in its address."""
    key, token = make_key(user=client, purpose=KeyPurpose.CALENDAR, name="Celular", by=client)
    return {"key_id": key.pk, "token": token}


def bought_of(word, number, nico):
    """A supplier with a person and an account."""
    facts = {"tax_id_type": "6", "tax_id": number, "name": f"Proveedor {word}"}
    supplier = supply.create_supplier(**facts, by=nico)
    contact = supply.add_supplier_contact(supplier=supplier, given_names="Paz", surnames=word, by=nico)
    paid = {"bank": "BCP", "kind": "current", "currency": "PEN", "number": "1911234567", "by": nico}
    account = supply.add_account(supplier=supplier, **paid)
    return {"supplier_id": supplier.pk, "supplier_contact_id": contact.pk, "account_id": account.pk}


def needed_of(word, part, nico):
    """A part that somebody asked for by hand."""
    return {"need_id": supply.add_need(part=part, quantity=Decimal(3), reason=f"Feria {word}", by=nico).pk}


def ordered_of(word, supplier, part, nico):
    """A purchase order of a supplier of which some came and some was refused, and the supplier's link to it."""
    store = parts.save_warehouse(code=f"C{supplier.pk}", name=f"Almacén C{supplier.pk}", kind="store", by=nico)
    line = supply.PurchaseLineIn(part=part, quantity=Decimal(4), price=Decimal(10))
    terms = {"currency": "PEN", "deliver_to": store, "by": nico}
    purchase = supply.make_purchase(supplier=supplier, lines=[line], **terms)
    purchase = supply.submit_purchase(purchase=purchase, by=nico)
    purchase = supply.send_purchase(purchase=purchase, email=f"{word.lower()}@proveedores.test", by=nico)
    line = purchase.lines.get()
    came = supply.ReceiptLineIn(line=line, accepted=Decimal(2), refused=Decimal(1), note=f"Roto {word}")
    receipt = supply.receive(purchase=purchase, warehouse=store, lines=[came], by=nico)
    link, secret = supply.make_link(
        supplier=supplier, purpose="purchase", purchase=purchase, email=purchase.email, days=9
    )
    supply.note_opening(link=link)
    row = receipt.lines.get()
    return {
        "purchase_id": purchase.pk,
        "line_id": line.pk,
        "receipt_id": receipt.pk,
        "receipt_line_id": row.pk,
        "claim_id": row.claims.get().pk,
        "secret": secret,
    }


def quoted_by(word, supplier, part, nico):
    """A request for quotation that a supplier answered with an alternative, and asked about."""
    store = parts.save_warehouse(code=f"Q{supplier.pk}", name=f"Almacén Q{supplier.pk}", kind="store", by=nico)
    line = supply.QuotationLineIn(part=part, quantity=Decimal(4))
    deadline = clock.now() + datetime.timedelta(days=3)
    asked = supply.make_request(lines=[line], suppliers=[supplier], deadline=deadline, deliver_to=store, by=nico)
    invite = asked.invites.get()
    type(invite).objects.filter(pk=invite.pk).update(email=f"{word.lower()}@proveedores.test")
    asked = supply.send_request(request=asked, by=nico)
    row = supply.OfferLineIn(line=asked.lines.get(), price=Decimal(9), lead_days=3, alternative=f"Otra {word}")
    offer = supply.answer(lines=[row], currency="PEN", link=invite.links.get(), comment=f"Oferta {word}")
    supply.write_to_invite(text=f"Pregunta {word}", link=invite.links.get())
    return {"quotation_id": asked.pk, "invite_id": invite.pk, "offer_line_id": offer.lines.get().pk}


@pytest.fixture
def world(request, rosa, andinos, illapa, tajo_sur, cat336, volvo480):
    people = {name: request.getfixturevalue(name) for name in CAST}
    ana, tito, beto, omar = (people[name] for name in ("ana", "tito", "beto", "omar"))
    km_84 = Site.objects.create(customer=illapa, name="Km 84", kind="works")
    Machine.objects.filter(pk=volvo480.pk).update(site=km_84)
    volvo480.refresh_from_db()
    name_everything(OWN, andinos, tajo_sur, cat336)
    name_everything(FOREIGN, illapa, km_84, volvo480)
    own = things_of(
        cat336, tajo_sur, beto, employee_of(tito), work(OWN, cat336, tajo_sur, beto, ana, employee_of(tito), 1)
    )
    foreign = things_of(
        volvo480, km_84, omar, employee_of(rosa), work(FOREIGN, volvo480, km_84, omar, ana, employee_of(rosa), 1)
    )
    work(OTHER, cat336, tajo_sur, beto, ana, employee_of(rosa), 2)
    for things, word in ((own, OWN), (foreign, FOREIGN)):
        things |= key_of(people["beto"] if things is own else people["omar"])
        things["email_id"] = mail.queue(to=f"{word.lower()}@clientes.test", subject=f"Orden {word}", text=word).pk
    for things, technician in ((own, employee_of(tito)), (foreign, employee_of(rosa))):
        start = clock.now() + datetime.timedelta(days=30)
        absence = actions.record_absence(
            technician=technician, starts_at=start, ends_at=start + datetime.timedelta(days=1), reason="x", by=ana
        )
        things["absence_id"] = absence.pk
        things |= catalogue_of("CAT" if things is own else "Donaldson", people["nico"])
        things |= store_of("ALM" if things is own else "VAN", things["part_id"], people["nico"])
        things |= planned_for(things, ana)
    own |= bought_of(OWN, "20990001007", people["nico"])
    foreign |= bought_of(FOREIGN, "20990001015", people["nico"])
    for things, word in ((own, OWN), (foreign, FOREIGN)):
        supplier, part = Supplier.objects.get(pk=things["supplier_id"]), Part.objects.get(pk=things["part_id"])
        things |= ordered_of(word, supplier, part, people["nico"])
        things |= needed_of(word, part, people["nico"])
        things |= quoted_by(word, supplier, part, people["nico"])
    nowhere = {name: uuid.UUID(int=7) if name == "attachment_id" else NOWHERE for name in own}
    for things in (own, foreign, nowhere):
        things |= {"key": "x", "uidb36": "x"}
    assert ServiceOrder.objects.count() == 3
    assert Task.objects.count() == 3
    return World(people, own, foreign, nowhere)
