"""A supplier confirms by its link and nothing else opens; clients whose orders wait hear of the day and its changes."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client

from komaq.comms.models import Delivery, Message
from komaq.core import clock, mute
from komaq.core.models import MailState, OutgoingEmail
from komaq.core.refusals import NotAllowed
from komaq.core.templatetags.komaq import day
from komaq.core.trail import kind_of
from komaq.customers.models import Contact
from komaq.orders import actions as orders
from komaq.orders.models import PlannedPart, Segment
from komaq.orders.queries.parts import planned_parts_of
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.choices import NeedState, PurchaseState
from komaq.supply.models import PartsNeed, PromiseChange, SupplierLink

ORDER = "/proveedor/orden/"


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def waiting(cat336, tajo_sur, beto, ana, oil_filter):
    """An approved order of Beto's that needs four filters, which nobody has; and its need."""
    order = orders.open_order(
        machine=cat336,
        contact=Contact.objects.get(person=beto.person),
        title="Cambio de filtros",
        priority="high",
        site=tajo_sur,
        by=ana,
    )
    segment = Segment.objects.get(order=order)
    planned = orders.plan_part(segment=segment, part=oil_filter, quantity=Decimal(4), need_by=in_days(5), by=ana)
    orders.move_order(order=order, to="approved", by=ana, reason="Garantía", choice="warranty")
    order.refresh_from_db()
    need = PartsNeed.objects.get(source_kind=kind_of(PlannedPart), source_id=str(planned.pk))
    return order, need


def told_clients():
    return list(
        Delivery.objects.filter(kind="supply.parts_promised").order_by("pk").values_list("email__subject", flat=True)
    )


def test_the_supplier_confirms_by_its_link(sent, oil_filter, seal, link_to, nico):
    purchase = sent((oil_filter, "4", "10"), (seal, "1", "5"))
    http = Client()
    assert http.get(link_to(purchase)).url == ORDER
    page = http.get(ORDER).content.decode()
    assert purchase.code in page
    assert "1R-0750" in page
    dates = {f"on_{line.pk}": in_days(3 + place).isoformat() for place, line in enumerate(purchase.lines.all())}
    answer = http.post(ORDER, {"code": purchase.code, **dates})
    assert (answer.status_code, answer.url) == (302, ORDER)
    purchase.refresh_from_db()
    assert purchase.state == PurchaseState.CONFIRMED
    assert [line.promised_on for line in purchase.lines.all()] == [in_days(3), in_days(4)]
    assert PromiseChange.objects.filter(by_supplier=True).count() == 2
    assert Delivery.objects.filter(kind="supply.purchase_confirmed", person_id=nico.person_id).count() == 1


def test_a_date_changes_with_a_reason_and_the_first_stays_known(sent, oil_filter, link_to):
    purchase = sent((oil_filter, "4", "10"))
    http, line = Client(), purchase.lines.get()
    http.get(link_to(purchase))
    http.post(ORDER, {"code": purchase.code, f"on_{line.pk}": in_days(3).isoformat()})
    page = f"{ORDER}lineas/{line.pk}/fecha/"
    assert http.post(page, {"promised_on": in_days(9).isoformat(), "reason": ""}).status_code == 200
    assert http.post(page, {"promised_on": in_days(9).isoformat(), "reason": "Aduana"}).status_code == 302
    line.refresh_from_db()
    assert (line.first_promised_on, line.promised_on) == (in_days(3), in_days(9))
    assert list(PromiseChange.objects.values_list("reason", flat=True)) == ["", "Aduana"]


def test_a_link_opens_its_order_and_nothing_else(sent, oil_filter, seal, link_to, nico):
    mine, other = sent((oil_filter, "4", "10")), sent((seal, "1", "5"))
    link = SupplierLink.objects.get(purchase=mine)
    assert len(link.digest) == 64
    assert link_to(mine).rstrip("/").rpartition("/")[2] not in str(SupplierLink.objects.values())
    with pytest.raises(NotAllowed):
        actions.confirm(dates={}, link=link, purchase=other)
    with pytest.raises((NotAllowed, refusals.ForeignLine)):
        actions.change_promise(line=other.lines.get(), promised_on=in_days(3), link=link)
    http = Client()
    http.get(link_to(mine))
    assert http.get(f"{ORDER}lineas/{other.lines.get().pk}/fecha/").status_code == 404
    assert http.post(ORDER, {"code": other.code}).status_code == 200
    other.refresh_from_db()
    assert other.state == PurchaseState.SENT


@pytest.mark.parametrize("how", ["unknown", "ended", "over", "closed supplier", "sent again"])
def test_what_opens_nothing_looks_the_same(sent, oil_filter, link_to, how, nico):
    purchase = sent((oil_filter, "4", "10"))
    address, http = link_to(purchase), Client()
    http.get(address)
    links = SupplierLink.objects.filter(purchase=purchase)
    if how == "unknown":
        address, http = "/proveedor/x/", Client()
    elif how == "ended":
        actions.cancel_purchase(purchase=purchase, reason="x", by=nico)
    elif how == "over":
        links.update(expires_at=clock.now())
    elif how == "sent again":
        actions.send_purchase(purchase=purchase, email="otra@ferreparts.test", by=nico)
    else:
        type(purchase.supplier).objects.update(is_open=False)
    answers = [http.get(address), http.get(ORDER), Client().get(ORDER), Client().get("/proveedor/nada/")]
    assert {each.status_code for each in answers} == {404}
    bodies = {each.content.decode().split("<main")[1] for each in answers}
    assert len(bodies) == 1


def test_the_secret_is_not_kept_told_or_shown(sent, oil_filter, link_to):
    address = link_to(sent((oil_filter, "4", "10")))
    http = Client()
    answer = http.get(address)
    cookie = answer.cookies["proveedor_orden"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == ("/proveedor/", "Lax")
    secret = address.rstrip("/").rpartition("/")[2]
    assert secret not in cookie.value
    assert answer["Referrer-Policy"] == "no-referrer"
    page = http.get(ORDER)
    assert secret not in page.content.decode()
    for each in (answer, page):
        assert "no-store" in each["Cache-Control"]
        assert "noindex" in each["X-Robots-Tag"]


def test_browsers_that_hide_where_they_come_from_may_still_confirm(sent, oil_filter, link_to):
    """Under no-referrer a browser sends `Origin: null`, which the guard of forms refuses."""
    http = Client()
    http.get(link_to(sent((oil_filter, "4", "10"))))
    assert http.get(ORDER)["Referrer-Policy"] == "same-origin"


def test_nobody_else_is_named_to_a_supplier(sent, oil_filter, link_to, waiting, andinos):
    order, need = waiting
    purchase = sent((oil_filter, "4", "10"), needs=[need])
    letter = OutgoingEmail.objects.filter(to=purchase.email).latest("pk")
    http = Client()
    http.get(link_to(purchase))
    page = http.get(ORDER).content.decode()
    for text in (letter.text, letter.html, page):
        for hidden in (andinos.name, order.code, "Beto", "Tajo Sur", "Espinar"):
            assert hidden not in text


def test_a_client_hears_of_the_day_and_of_its_change_once(sent, oil_filter, waiting, link_to, nico, beto):
    order, need = waiting
    purchase = sent((oil_filter, "4", "10"), needs=[need])
    line = purchase.lines.get()
    actions.confirm(dates={line.pk: in_days(3)}, purchase=purchase, by=nico)
    assert len(told_clients()) == 1
    assert order.code in told_clients()[0]
    actions.change_promise(line=line, promised_on=in_days(3), reason="Igual", by=nico)
    assert len(told_clients()) == 1
    actions.change_promise(line=line, promised_on=in_days(8), reason="Aduana", by=nico)
    assert len(told_clients()) == 2
    letter = Delivery.objects.filter(kind="supply.parts_promised").latest("pk").email
    for secret in ("10.00", "Ferreparts", "Aduana", purchase.code):
        assert secret not in letter.text + letter.html
    assert planned_parts_of(order)[0].promised_on == in_days(8)


def test_a_client_hears_that_the_day_is_gone(sent, oil_filter, waiting, nico):
    _order, need = waiting
    purchase = sent((oil_filter, "4", "10"), needs=[need])
    actions.confirm(dates={purchase.lines.get().pk: in_days(3)}, purchase=purchase, by=nico)
    actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)
    gone = Delivery.objects.get(kind="supply.promise_gone").email
    assert "Precio" not in gone.text
    need.refresh_from_db()
    assert need.state == NeedState.OPEN


def test_no_client_hears_of_what_its_order_does_not_lack(sent, oil_filter, cat336, nico, beto):
    purchase = sent((oil_filter, "4", "10"))
    actions.confirm(dates={purchase.lines.get().pk: in_days(3)}, purchase=purchase, by=nico)
    assert told_clients() == []


def test_the_delivery_covers_the_need_and_the_promise_is_gone(sent, take_in, oil_filter, waiting, nico):
    order, need = waiting
    purchase = sent((oil_filter, "4", "10"), needs=[need])
    actions.confirm(dates={purchase.lines.get().pk: in_days(3)}, purchase=purchase, by=nico)
    take_in(purchase, ("3", "0"))
    need.refresh_from_db()
    assert need.state == NeedState.ORDERED
    take_in(purchase, ("1", "0"))
    need.refresh_from_db()
    assert need.state == NeedState.COVERED
    line = planned_parts_of(order)[0]
    assert (line.promised_on, line.missing) == (None, 0)


def test_dates_that_cannot_be(sent, oil_filter, seal, nico, gina, tito):
    purchase = sent((oil_filter, "4", "10"), (seal, "1", "5"))
    first, second = purchase.lines.all()
    give = {"purchase": purchase, "by": nico}
    with pytest.raises(refusals.DateNeeded):
        actions.confirm(dates={first.pk: in_days(1)}, **give)
    with pytest.raises(refusals.DayPassed):
        actions.confirm(dates={first.pk: in_days(-1), second.pk: in_days(1)}, **give)
    with pytest.raises(refusals.DayTooFar):
        actions.confirm(dates={first.pk: in_days(731), second.pk: in_days(1)}, **give)
    with pytest.raises(refusals.ForeignLine):
        actions.confirm(dates={first.pk: in_days(1), second.pk: in_days(1), 0: in_days(1)}, **give)
    for other in (gina, tito):
        with pytest.raises(NotAllowed):
            actions.confirm(dates={first.pk: in_days(1), second.pk: in_days(1)}, purchase=purchase, by=other)
    actions.confirm(dates={first.pk: in_days(1), second.pk: in_days(1)}, **give)
    with pytest.raises(refusals.PurchaseMoved):
        actions.confirm(dates={first.pk: in_days(1), second.pk: in_days(1)}, **give)
    with pytest.raises(refusals.DayTooFar):
        actions.change_promise(line=first, promised_on=in_days(731), reason="Aduana", by=nico)
    assert actions.change_promise(line=first, promised_on=in_days(730), reason="Aduana", by=nico)


def test_late_lines_are_told_once_for_each_promise(sent, oil_filter, nico, run_jobs):
    purchase = sent((oil_filter, "4", "10"))
    line = purchase.lines.get()
    actions.confirm(dates={line.pk: in_days(0)}, purchase=purchase, by=nico)
    assert actions.tell_late_lines() == 0
    with clock.travel(clock.now() + datetime.timedelta(days=2)):
        for _day in range(2):
            assert actions.tell_late_lines() == 1
        assert Delivery.objects.filter(kind="supply.lines_late").count() == 1
        actions.change_promise(line=line, promised_on=in_days(1), reason="Mañana", by=nico)
        assert actions.tell_late_lines() == 0


def test_both_sides_write_and_neither_reads_more(sent, oil_filter, link_to, nico):
    purchase = sent((oil_filter, "4", "10"))
    http = Client()
    http.get(link_to(purchase))
    key = "6f1d1c2e-6d0f-4f57-9d31-3c1b3a5f0c11"
    for _time in range(2):
        http.post(f"{ORDER}mensaje/", {"code": purchase.code, "form_key": key, "text": "¿Aceptan otra marca?"})
    assert Message.objects.get().author_name == "Ferreparts"
    assert Delivery.objects.filter(kind="supply.supplier_wrote").count() == 1
    before = OutgoingEmail.objects.filter(to=purchase.email).count()
    actions.write_about(purchase=purchase, text="No, gracias.", by=nico)
    assert OutgoingEmail.objects.filter(to=purchase.email).count() == before + 1
    assert "No, gracias." in http.get(ORDER).content.decode()


def test_the_letter_carries_the_order_as_pdf(sent, oil_filter, run_jobs, mailoutbox):
    purchase = sent((oil_filter, "4", "10"))
    assert not mute.is_mute()
    run_jobs()
    letter = next(each for each in mailoutbox if each.to == [purchase.email])
    name, content, content_type = letter.attachments[0]
    assert (name, content_type) == (f"{purchase.code}.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert letter.reply_to == [purchase.made_by.email]
    assert OutgoingEmail.objects.get(to=purchase.email).state == MailState.SENT


def test_sending_without_address_or_unapproved(buy, sent, oil_filter, nico):
    purchase = buy((oil_filter, "4", "10"))
    with pytest.raises(refusals.PurchaseMoved):
        actions.send_purchase(purchase=purchase, by=nico)
    purchase = actions.submit_purchase(purchase=purchase, by=nico)
    with pytest.raises(refusals.AddressNeeded):
        actions.send_purchase(purchase=purchase, email="no es un correo", by=nico)
    assert not SupplierLink.objects.exists()


def test_the_order_says_how_far_its_part_has_come(sent, oil_filter, waiting, nico, ana, sign_in):
    order, need = waiting

    def page(who):
        return sign_in(who).get(order.get_absolute_url()).content.decode()

    assert "4 por comprar" in page(ana)
    purchase = sent((oil_filter, "3", "10"), needs=[need])
    actions.confirm(dates={purchase.lines.get().pk: in_days(8)}, purchase=purchase, by=nico)
    words = f"3 en {purchase.code} · llega el {day(in_days(8))}"
    assert words in page(ana)
    assert "1 por comprar" in page(ana)
    assert purchase.get_absolute_url() not in page(ana)
    assert f'<a href="{purchase.get_absolute_url()}">{words}</a>' in page(nico)
