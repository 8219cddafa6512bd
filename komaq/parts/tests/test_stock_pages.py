"""Warehouses, stock, kardex, counts and reservations on the office's pages."""

import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from komaq.core import clock
from komaq.parts import actions
from komaq.parts.actions import refusals
from komaq.parts.models import Reservation, Stock, StockMove, Warehouse

FIVE = Decimal(5)


@pytest.fixture
def filled(nico, oil_filter, store):
    """Ten filters at 7.50 in the store."""
    actions.receive_stock(
        part=oil_filter, warehouse=store, quantity=Decimal(10), unit_cost=Decimal("7.5"), by=nico, reason="Compra"
    )
    return Stock.objects.get(part=oil_filter, warehouse=store)


def form(part, warehouse, **more):
    return {"form_key": str(uuid.uuid4()), "part": part.pk, "warehouse": warehouse.pk, **more}


def on_hand(part, warehouse):
    return Stock.objects.get(part=part, warehouse=warehouse).on_hand


# Warehouses


def test_a_warehouse_is_opened_and_changed(sign_in, nico, tito):
    http = sign_in(nico)
    facts = {"code": "fur2", "name": "Camioneta 2", "kind": "van", "keeper": tito.person.employee.pk}
    made = http.post(reverse("parts:warehouse-new"), facts)
    place = Warehouse.objects.get()
    assert made.url == place.get_absolute_url()
    assert (place.code, place.keeper) == ("FUR2", tito.person.employee)
    page = http.get(reverse("parts:warehouse-edit", args=[place.pk]))
    version = page.context["form"]["version"].value()
    changed = {**facts, "name": "Camioneta de Tito", "is_open": "on", "version": version}
    assert http.post(reverse("parts:warehouse-edit", args=[place.pk]), changed).status_code == 302
    again = http.post(reverse("parts:warehouse-edit", args=[place.pk]), {**changed, "name": "Otro"})
    assert again.status_code == 409
    assert "Camioneta de Tito" in again.content.decode()
    place.refresh_from_db()
    assert place.name == "Camioneta de Tito"


def test_what_holds_stock_is_not_closed(sign_in, nico, filled, store):
    http = sign_in(nico)
    url = reverse("parts:warehouse-edit", args=[store.pk])
    version = http.get(url).context["form"]["version"].value()
    answer = http.post(url, {"code": "ALM", "name": "Almacén", "kind": "store", "version": version})
    assert answer.status_code == 200
    assert "Todavía tiene stock" in answer.content.decode()
    store.refresh_from_db()
    assert store.is_open


@pytest.mark.parametrize("code", ["", "ALMACEN-CENTRAL", "á", "A B"])
def test_a_code_is_short_and_plain(nico, code):
    with pytest.raises(refusals.CodeNeeded):
        actions.save_warehouse(code=code, name="Almacén", kind="store", by=nico)


def test_two_warehouses_share_no_code(sign_in, nico, store):
    answer = sign_in(nico).post(reverse("parts:warehouse-new"), {"code": "alm", "name": "Otro", "kind": "store"})
    assert "code" in answer.context["form"].errors


# Stock


def test_who_may_see_costs_sees_values(sign_in, filled, store, nico, ana, gina):
    for user, sees in ((nico, True), (gina, True), (ana, False)):
        for url in (reverse("parts:stock"), store.get_absolute_url(), reverse("parts:warehouses")):
            text = sign_in(user).get(url).content.decode()
            assert ("S/\xa075.00" in text) is sees, (user, url)


def test_stock_is_filtered_and_taken_along(sign_in, nico, filled, store, van, oil_filter):
    http = sign_in(nico)
    for query, shown in (("q=1r0750", True), ("q=xyz", False), (f"warehouse={van.pk}", False), ("state=empty", False)):
        assert ("Filtro de petróleo" in http.get(f"{reverse('parts:stock')}?{query}").content.decode()) is shown
    told = http.get(reverse("parts:warehouse-export", args=[store.pk])).getvalue().decode()
    assert '"1R-0750"' in told
    assert '"75"' in told
    sheet = load_workbook(io.BytesIO(http.get(f"{reverse('parts:stock-export')}?format=xlsx").getvalue())).active
    assert [cell.value for cell in sheet[2]][:3] == ["ALM", "CAT", "1R-0750"]


def test_the_day_of_a_count_is_the_day_in_lima(sign_in, nico, filled, store, oil_filter):
    with clock.travel(clock.lima(datetime.date(2026, 3, 2), 23, 30)):
        actions.count_stock(part=oil_filter, warehouse=store, counted=Decimal(75), by=nico)
    told = sign_in(nico).get(reverse("parts:warehouse-export", args=[store.pk])).getvalue().decode()
    assert '"2026-03-02"' in told


def test_no_costs_leave_with_whoever_may_not_see_them(sign_in, ana, filled, oil_filter):
    http = sign_in(ana)
    for url in (reverse("parts:stock-export"), reverse("parts:kardex-export", args=[oil_filter.pk])):
        told = http.get(url).getvalue().decode()
        assert '"7.5"' not in told
        assert '"75"' not in told


# Moves


def test_stock_comes_in_once_however_often_it_is_sent(sign_in, nico, oil_filter, store):
    http = sign_in(nico)
    sent = form(oil_filter, store, quantity="12.5", unit_cost="48.50", reason="Saldo inicial")
    for _press in range(2):
        answer = http.post(reverse("parts:receive"), sent)
        assert answer.url == reverse("parts:kardex", args=[oil_filter.pk])
    move = StockMove.objects.get()
    assert (move.quantity, move.value, move.reason) == (Decimal("12.5"), Decimal("606.25"), "Saldo inicial")


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", "0"), ("quantity", "-1"), ("quantity", "1.00001"), ("quantity", "9999999"), ("quantity", "NaN"),
     ("unit_cost", "-1"), ("unit_cost", "99999999"), ("reason", " "), ("warehouse", "99"), ("part", "99")],
)  # fmt: skip
def test_what_cannot_come_in(sign_in, nico, oil_filter, store, field, value):
    sent = form(oil_filter, store, quantity="1", unit_cost="1", reason="x") | {field: value}
    answer = sign_in(nico).post(reverse("parts:receive"), sent)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not StockMove.objects.exists()


def test_the_books_hold_no_more_than_they_can(sign_in, nico, oil_filter, store):
    sent = form(oil_filter, store, quantity="1000000", unit_cost="9999999", reason="x")
    answer = sign_in(nico).post(reverse("parts:receive"), sent)
    assert "unit_cost" in answer.context["form"].errors
    assert not StockMove.objects.exists()


def test_transfer_and_adjust(sign_in, nico, filled, oil_filter, store, van):
    http = sign_in(nico)
    http.post(reverse("parts:transfer"), form(oil_filter, store, to=van.pk, quantity="4"))
    assert (on_hand(oil_filter, store), on_hand(oil_filter, van)) == (6, 4)
    http.post(reverse("parts:adjust"), form(oil_filter, van, quantity="-1.5", reason="Se rompió"))
    assert on_hand(oil_filter, van) == Decimal("2.5")
    same = http.post(reverse("parts:transfer"), form(oil_filter, store, to=store.pk, quantity="1"))
    assert "to" in same.context["form"].errors
    more = http.post(reverse("parts:transfer"), form(oil_filter, van, to=store.pk, quantity="3"))
    assert "Solo hay 2.5 libres" in more.content.decode()


def test_nobody_else_moves_stock(sign_in, ana, filled, oil_filter, store):
    http = sign_in(ana)
    for name in ("receive", "transfer", "adjust"):
        assert http.post(reverse(f"parts:{name}"), form(oil_filter, store, quantity="1")).status_code == 403
    assert http.post(reverse("parts:count", args=[store.pk]), {}).status_code == 403
    assert StockMove.objects.count() == 1


# Kardex


def test_the_kardex_of_a_day_with_its_opening_balance(sign_in, nico, ana, oil_filter, store, van):
    day = datetime.date(2026, 3, 2)
    for days, quantity in ((0, 10), (3, 5), (9, 2)):
        with clock.travel(clock.lima(day + datetime.timedelta(days=days), 9)):
            actions.receive_stock(
                part=oil_filter, warehouse=store, quantity=Decimal(quantity), unit_cost=Decimal(4), by=nico
            )
    url = f"{reverse('parts:kardex', args=[oil_filter.pk])}?warehouse={store.pk}&since=2026-03-04&until=2026-03-06"
    page = sign_in(nico).get(url)
    assert page.context["opening"].quantity == 10
    assert [each.balance.quantity for each in page.context["page"].items] == [15]
    assert page.context["closing"].worth == 60
    assert "S/\xa060.00" in page.content.decode()
    assert "S/\xa0" not in sign_in(ana).get(url).content.decode()
    lines = sign_in(nico).get(url.replace("/kardex/", "/kardex/exportar/")).getvalue().decode().splitlines()
    assert len(lines) == 3
    assert '"Saldo inicial","","10"' in lines[1]


def test_the_kardex_goes_on_page_by_page(sign_in, nico, oil_filter, store):
    for _number in range(53):
        actions.receive_stock(part=oil_filter, warehouse=store, quantity=FIVE, unit_cost=FIVE, by=nico)
    http, url = sign_in(nico), reverse("parts:kardex", args=[oil_filter.pk])
    first = http.get(url).context["page"]
    second = http.get(f"{url}?cursor={first.next}").context["page"]
    assert (len(first.items), len(second.items), second.next) == (50, 3, None)
    assert second.items[-1].balance.quantity == 5


@pytest.mark.parametrize("query", ["since=2026-99-99", "until=x", "warehouse=9999999999999999999", "since=0001-01-01"])
def test_odd_days_and_places_are_left_out(sign_in, nico, filled, oil_filter, query):
    page = sign_in(nico).get(f"{reverse('parts:kardex', args=[oil_filter.pk])}?{query}")
    assert len(page.context["page"].items) == 1


def test_a_label_leads_to_the_part(sign_in, nico, oil_filter):
    text = sign_in(nico).get(f"{reverse('parts:label', args=[oil_filter.pk])}?copies=3").content.decode()
    assert text.count("<svg") > text.count('class="icon"')
    assert text.count("part-label__number") == 3


# Counting


def test_a_count_shows_the_difference_before_it_is_saved(sign_in, nico, filled, oil_filter, store):
    http, url = sign_in(nico), reverse("parts:count", args=[store.pk])
    assert http.get(f"{url}?q=1r0750").url == f"{url}?part={oil_filter.pk}"
    label = f"https://komaq.example{oil_filter.get_absolute_url()}"
    assert http.get(url, {"q": label}).context["part"] == oil_filter
    blind = http.get(f"{url}?part={oil_filter.pk}")
    assert "book" not in blind.context
    seen = http.get(f"{url}?part={oil_filter.pk}&counted=8")
    assert (seen.context["book"], seen.context["difference"]) == (10, -2)
    assert StockMove.objects.count() == 1
    sent = {name: seen.context["form"][name].value() for name in ("form_key", "part", "seen", "counted")}
    for _press in range(2):
        assert http.post(url, {**sent, "reason": "Inventario"}).url == url
    move = StockMove.objects.latest("id")
    assert (StockMove.objects.count(), move.kind, move.quantity) == (2, "count", -2)
    assert Stock.objects.get().counted_at is not None


def test_what_moved_meanwhile_is_looked_at_again(sign_in, nico, filled, oil_filter, store):
    http, url = sign_in(nico), reverse("parts:count", args=[store.pk])
    seen = http.get(f"{url}?part={oil_filter.pk}&counted=8")
    sent = {name: seen.context["form"][name].value() for name in ("form_key", "part", "seen", "counted")}
    actions.issue_stock(part=oil_filter, warehouse=store, quantity=Decimal(1), reason="Venta", by=nico)
    again = http.post(url, sent)
    assert again.status_code == 200
    assert "se movió entretanto" in again.content.decode()
    assert (again.context["book"], again.context["difference"]) == (9, -1)
    fresh = {name: again.context["form"][name].value() for name in ("form_key", "part", "seen", "counted")}
    assert http.post(url, fresh).status_code == 302
    assert on_hand(oil_filter, store) == 8


def test_a_book_that_is_right_is_noted(nico, filled, oil_filter, store):
    assert actions.count_stock(part=oil_filter, warehouse=store, counted=Decimal(10), by=nico) is None
    assert StockMove.objects.count() == 1
    assert Stock.objects.get().counted_at is not None


def test_reserved_pieces_are_freed_before_they_are_missed(sign_in, nico, filled, oil_filter, store):
    actions.set_aside(part=oil_filter, warehouse=store, quantity=Decimal(9), reason="Feria", by=nico)
    http, url = sign_in(nico), reverse("parts:count", args=[store.pk])
    seen = http.get(f"{url}?part={oil_filter.pk}&counted=8")
    sent = {name: seen.context["form"][name].value() for name in ("form_key", "part", "seen", "counted")}
    assert "Ahí hay 9 de CAT 1R-0750" in http.post(url, sent).content.decode()
    assert on_hand(oil_filter, store) == 10


# Reservations


def test_stock_is_set_aside_and_freed(sign_in, nico, filled, oil_filter, store):
    http = sign_in(nico)
    sent = form(oil_filter, store, quantity="4", reason="Feria", need_by="2026-12-24")
    for _press in range(2):
        http.post(reverse("parts:set-aside"), sent)
    kept = Reservation.objects.get()
    assert "Apartado a mano" in http.get(reverse("parts:reservations")).content.decode()
    assert "1R-0750" in http.get(reverse("parts:reservations-export")).getvalue().decode()
    more = http.post(reverse("parts:set-aside"), form(oil_filter, store, quantity="7", reason="Otra"))
    assert "quantity" in more.context["form"].errors
    url = reverse("parts:reservation-free", args=[kept.pk])
    assert "reason" in http.post(url, {"reason": ""}).context["form"].errors
    for _press in range(2):
        assert http.post(url, {"reason": "Ya no"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.state, Stock.objects.get().reserved) == ("freed", 0)
    assert "Apartado a mano" not in http.get(reverse("parts:reservations")).content.decode()


def test_what_runs_short_is_told_to_logistics(sign_in, nico, ana, oil_filter):
    actions.change_part(part=oil_filter, version=1, by=nico, minimum=Decimal(3))
    assert "1 repuesto en su mínimo" in sign_in(nico).get(reverse("inbox")).content.decode()
    assert "en su mínimo" not in sign_in(ana).get(reverse("inbox")).content.decode()
