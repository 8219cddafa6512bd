"""The parts of an order on its pages: office, field, portal."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import DateField, Value
from django.urls import reverse

from komaq.core import registry
from komaq.orders import actions, queries
from komaq.orders.models import PlannedPart, Segment
from komaq.orders.tests.conftest import needs
from komaq.parts import actions as stock

KEY = "00000000-0000-7000-8000-000000000001"


def page_of(order, deed, *more):
    return reverse(f"orders:{deed}", args=[order.pk, *more])


@pytest.fixture
def arrives(nico, store):
    def receive(part, quantity, warehouse=None):
        stock.receive_stock(
            part=part, warehouse=warehouse or store, quantity=Decimal(quantity), unit_cost=Decimal(777), by=nico
        )

    return receive


# In the office


def test_the_order_shows_what_is_reserved_missing_and_used(sign_in, ana, nico, in_status, oil_filter, store, arrives):
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 3, by=ana, note="Con su sello")
    arrives(oil_filter, 2)
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    page = sign_in(ana).get(order.get_absolute_url())
    (line,) = page.context["parts"]
    assert (line.quantity, line.used, line.reserved, line.missing) == (3, 1, 1, 1)
    for shown in ("Filtro de petróleo", "1R-0750", "Con su sello", "falta: 1"):
        assert shown in page.text
    assert "777" not in page.text


def test_a_part_is_planned_from_the_catalogue_once(sign_in, lola, open_order, oil_filter):
    browser = sign_in(lola)
    assert browser.get(page_of(open_order, "part-plan")).status_code == 200
    segment = Segment.objects.get(order=open_order)
    sent = {"part": oil_filter.pk, "segment": segment.pk, "quantity": "2.5", "note": "Filtro", "form_key": KEY}
    for _again in range(2):
        answer = browser.post(page_of(open_order, "part-plan"), sent)
        assert answer.url == f"{open_order.get_absolute_url()}#parts"
    planned = PlannedPart.objects.get()
    assert (planned.quantity, planned.note, planned.made_by_id) == (Decimal("2.5"), "Filtro", lola.pk)


@pytest.mark.parametrize("given", [{"quantity": "0"}, {"quantity": ""}, {"part": ""}, {"need_by": "2020-01-01"}])
def test_a_plan_that_cannot_be_shows_why(sign_in, ana, open_order, oil_filter, given):
    segment = Segment.objects.get(order=open_order)
    sent = {"part": oil_filter.pk, "segment": segment.pk, "quantity": "2", "form_key": KEY} | given
    page = sign_in(ana).post(page_of(open_order, "part-plan"), sent)
    assert (page.status_code, PlannedPart.objects.count()) == (200, 0)
    assert set(page.context["form"].errors) == set(given)


def test_a_planned_part_is_changed_and_dropped(sign_in, ana, open_order, oil_filter):
    planned, browser = needs(open_order, oil_filter, 2, by=ana), sign_in(ana)
    place = page_of(open_order, "part-change", planned.pk)
    assert browser.get(place).status_code == 200
    assert browser.post(place, {"quantity": "4", "need_by": "", "note": "", "version": "1"}).status_code == 302
    planned.refresh_from_db()
    assert (planned.quantity, planned.version) == (Decimal(4), 2)
    late = {"quantity": "9", "need_by": "", "note": "Otro juego", "version": "1"}
    met = browser.post(place, late)
    planned.refresh_from_db()
    assert (met.status_code, planned.quantity) == (409, Decimal(4)), "somebody changed it meanwhile"
    shown = {(row["theirs"], row["yours"]) for row in met.context["form"].conflicts}
    assert {("4", "9"), ("–", "Otro juego")} <= shown
    again = {name: met.context["form"][name].value() for name in late}
    assert again == late | {"version": "2"}
    assert browser.post(place, again).status_code == 302
    planned.refresh_from_db()
    assert (planned.quantity, planned.note) == (Decimal(9), "Otro juego")
    assert browser.post(page_of(open_order, "part-drop", planned.pk)).status_code == 302
    assert queries.planned_parts_of(open_order) == []
    assert browser.get(place).status_code == 404


def test_what_is_free_is_reserved_by_a_press(sign_in, ana, open_order, oil_filter, arrives):
    planned = needs(open_order, oil_filter, 2, by=ana)
    assert not sign_in(ana).get(open_order.get_absolute_url()).context["to_reserve"]
    arrives(oil_filter, 5)
    assert sign_in(ana).get(open_order.get_absolute_url()).context["to_reserve"]
    sign_in(ana).post(page_of(open_order, "parts-cover"))
    assert queries.planned_part_line(planned).reserved == 2


def test_for_work_that_is_done_nothing_is_reserved(sign_in, ana, in_status, oil_filter, arrives):
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 2, by=ana)
    order = in_status("completed")
    arrives(oil_filter, 5)
    browser = sign_in(ana)
    assert not browser.get(order.get_absolute_url()).context["to_reserve"]
    browser.post(page_of(order, "parts-cover"))
    assert queries.planned_part_line(planned).reserved == 0


def test_the_store_gives_a_part_out_once(sign_in, ana, nico, in_status, oil_filter, store, arrives):
    arrives(oil_filter, 5)
    order = in_status("in_progress")
    planned, browser = needs(order, oil_filter, 2, by=ana), sign_in(nico)
    place = page_of(order, "part-use", planned.pk)
    assert browser.get(place).context["form"].initial["quantity"] == "2"
    for _again in range(2):
        assert browser.post(place, {"quantity": "2", "warehouse": store.pk, "form_key": KEY}).status_code == 302
    assert queries.planned_part_line(planned).used == 2
    short = browser.post(place, {"quantity": "9", "warehouse": store.pk, "form_key": KEY[:-1] + "2"})
    assert short.context["form"].errors["quantity"]


def test_a_part_is_given_out_where_it_is_kept(sign_in, ana, nico, in_status, oil_filter, store, arrives):
    first = stock.save_warehouse(code="AAA", name="Aaa", kind="store", by=nico)
    arrives(oil_filter, 1)
    order = in_status("in_progress")
    planned, browser = needs(order, oil_filter, 1, by=ana), sign_in(nico)
    form = browser.get(page_of(order, "part-use", planned.pk)).context["form"]
    assert form.fields["warehouse"].queryset.first() == first
    assert form["warehouse"].value() == store.pk


def test_what_came_back_is_noted_once(sign_in, ana, nico, in_status, oil_filter, store, arrives):
    arrives(oil_filter, 5)
    order = in_status("in_progress")
    planned, browser = needs(order, oil_filter, 2, by=ana), sign_in(nico)
    place = page_of(order, "part-return", planned.pk)
    assert place not in browser.get(order.get_absolute_url()).text
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(2), by=nico)
    assert place in browser.get(order.get_absolute_url()).text
    assert "Vuelve a" in browser.get(place).text
    for _again in range(2):
        assert browser.post(place, {"quantity": "1", "warehouse": store.pk, "form_key": KEY}).status_code == 302
    assert queries.planned_part_line(planned).used == 1
    more = browser.post(place, {"quantity": "2", "warehouse": store.pk, "form_key": KEY[:-1] + "2"})
    assert more.context["form"].errors["quantity"]
    assert place not in sign_in(ana).get(order.get_absolute_url()).text


def test_what_a_room_above_promises_is_shown(sign_in, ana, carla, in_status, oil_filter, monkeypatch):
    day = Value(datetime.date(2026, 12, 3), output_field=DateField())
    monkeypatch.setitem(registry.expressions, "orders.order_parts_promise", lambda: day)
    order = in_status("approved")
    needs(order, oil_filter, 2, by=ana)
    assert "llega el 03/12/2026" in sign_in(ana).get(order.get_absolute_url()).text
    assert "En camino: 03/12/2026" in sign_in(carla).get(page_of(order, "portal-order")).text


# In the field


def test_a_technician_plans_what_it_found_missing(sign_in, tito, plan, in_status, oil_filter):
    order = in_status("approved")
    plan(order, [tito])
    browser = sign_in(tito)
    assert browser.get(page_of(order, "field-part-plan")).status_code == 200
    segment = Segment.objects.get(order=order)
    sent = {"part": oil_filter.pk, "segment": segment.pk, "quantity": "1", "form_key": KEY}
    assert browser.post(page_of(order, "field-part-plan"), sent).status_code == 302
    text = browser.get(page_of(order, "field-order")).text
    assert "Filtro de petróleo" in text
    assert "falta: 1" in text


def test_a_technician_reports_what_it_used_from_its_van(
    sign_in, ana, tito, rosa, plan, in_status, oil_filter, store, van_of_tito, arrives
):
    order = in_status("approved")
    plan(order, [tito])
    plan(order, [rosa])
    planned = needs(order, oil_filter, 1, by=ana)
    arrives(oil_filter, 1, van_of_tito)
    arrives(oil_filter, 1)
    place, sent = page_of(order, "field-part-use", planned.pk), {"quantity": "1", "form_key": KEY}
    assert "Ninguna camioneta" in sign_in(rosa).get(place).text
    assert sign_in(rosa).post(place, sent | {"warehouse": store.pk}).status_code == 200
    browser = sign_in(tito)
    assert [str(each) for each in browser.get(place).context["form"].fields["warehouse"].queryset] == ["Camioneta 1"]
    assert browser.post(place, sent | {"warehouse": store.pk}).status_code == 200
    assert queries.planned_part_line(planned).used == 0
    assert browser.post(place, sent | {"warehouse": van_of_tito.pk}).status_code == 302
    assert queries.planned_part_line(planned).state == "used"


# In the portal


def test_the_client_reads_names_and_whether_they_are_here_nothing_more(
    sign_in, ana, carla, nico, in_status, oil_filter, arrives
):
    arrives(oil_filter, 37)
    order = in_status("quoted")
    needs(order, oil_filter, 2, by=ana, note="Pedir descuento")
    browser = sign_in(carla)
    assert "Filtro de petróleo" not in browser.get(page_of(order, "portal-order")).text
    order = actions.move_order(order=in_status("diagnosing"), to="approved", by=ana, choice="warranty", reason="x")
    seal = stock.create_part(brand="CAT", number="9X-7430", name="Sello de eje", by=nico)
    needs(order, seal, 1, by=ana)
    page = browser.get(page_of(order, "portal-order")).text
    for shown in ("Filtro de petróleo", "En stock", "Sello de eje", "Lo estamos consiguiendo"):
        assert shown in page
    for hidden in ("777", "37", "Almacén central", "Pedir descuento", "falta: "):
        assert hidden not in page.replace("portal", "")
