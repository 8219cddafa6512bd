"""The pages of what is needed: the list, a need by hand, from ticks to an order."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from komaq.core import clock
from komaq.core.templatetags.komaq import day
from komaq.supply import actions
from komaq.supply.models import PartsNeed, PurchaseOrder, SupplierPart

LIST = "/app/requerimientos/"


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def ask(nico):
    """`ask(part, 4, 5)` asks by hand for four of a part in five days."""

    def make(part, quantity, days=5, **more):
        facts = {"reason": "Venta en tienda", "by": nico} | more
        return actions.add_need(part=part, quantity=Decimal(quantity), need_by=in_days(days), **facts)

    return make


def test_the_list_shows_each_part_once(sign_in, nico, lola, ask, oil_filter, seal, ferreycorp, dollar):
    SupplierPart.objects.create(supplier=ferreycorp, part=oil_filter, price=Decimal("9.9"))
    ask(oil_filter, 4, is_urgent=True)
    ask(oil_filter, 3, 9, reason="Feria minera")
    ask(seal, 1)
    page = sign_in(nico).get(LIST).content.decode()
    assert page.count(f'value="{oil_filter.pk}" aria-label="Elegir') == 1
    for words in (
        "Filtro de petróleo",
        "Venta en tienda",
        "Feria minera",
        "Ferrey Repuestos",
        "9.90",
        "Máquina parada",
    ):
        assert words in page
    seen = sign_in(lola).get(LIST).content.decode()
    assert "Filtro de petróleo" in seen
    assert "Elegir" not in seen


@pytest.mark.parametrize("group", ["day", "supplier", "both"])
def test_the_list_is_grouped(sign_in, nico, ask, oil_filter, seal, tracto, group):
    SupplierPart.objects.create(supplier=tracto, part=seal)
    ask(oil_filter, 4, 9)
    ask(seal, 1, 3)
    soon, late = f"Se necesita para el {day(in_days(3))}", f"Se necesita para el {day(in_days(9))}"
    nobody = "Nadie nos lo vende todavía"
    answer = sign_in(nico).get(f"{LIST}?group={group}")
    assert [heading for heading, _rows in answer.context["groups"]] == {
        "day": [soon, late],
        "supplier": [nobody, "Tracto Parts Inc."],
        "both": [f"{nobody} · {late}", f"Tracto Parts Inc. · {soon}"],
    }[group]
    assert nobody in answer.content.decode() or group == "day"


def test_filters_stand_in_the_address(sign_in, nico, ask, oil_filter, seal):
    ask(oil_filter, 4, is_urgent=True)
    ask(seal, 1)
    http = sign_in(nico)

    def found(words):
        return [part.pk for part in http.get(f"{LIST}?{words}").context["page"].items]

    assert found("urgent=on") == found("q=1r0750") == [oil_filter.pk]
    assert found("sort=part") == [oil_filter.pk, seal.pk]
    assert found("tab=asked") == []
    for wrong in ("tab=x", "supplier=x", "sort=x", "group=x", "cursor=x"):
        assert http.get(f"{LIST}?{wrong}").status_code == 404, wrong


def test_the_list_is_taken_away(sign_in, nico, ask, oil_filter):
    ask(oil_filter, 4, reason="=Venta")
    http = sign_in(nico)
    lines = http.get(f"{LIST}exportar/").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert '"1R-0750"' in lines[1]
    assert '"\'=Venta"' in lines[1]
    assert http.get(f"{LIST}exportar/?format=xlsx").getvalue().startswith(b"PK")


def test_ticks_become_an_order_of_all_that_is_needed(sign_in, nico, ask, oil_filter, seal, ferreparts, store, dollar):
    SupplierPart.objects.create(supplier=ferreparts, part=oil_filter, price=Decimal("9.9"))
    wanted = [ask(oil_filter, 4), ask(oil_filter, 3)]
    ask(seal, 1)
    http = sign_in(nico)
    answer = http.get(f"{reverse('supply:purchase-new')}?part={oil_filter.pk}&state=open")
    assert answer.status_code == 302
    assert sorted(http.get(answer.url).context["needs"], key=lambda need: need.pk) == wanted
    later = ask(oil_filter, 9)
    filled = {"supplier": ferreparts.pk, "deliver_to": store.pk, "currency": "USD", "form_key": str(uuid.uuid4())}
    filled |= {f"quantity_{oil_filter.pk}": "7", f"price_{oil_filter.pk}": "9.9"}
    assert http.post(answer.url, filled).status_code == 302
    assert PurchaseOrder.objects.get().lines.get().quantity == 7
    assert list(PartsNeed.objects.filter(state="open", part=oil_filter)) == [later]


def test_ticks_of_nothing_begin_an_order_from_scratch(sign_in, nico, oil_filter):
    http = sign_in(nico)
    answer = http.get(f"{reverse('supply:purchase-new')}?part={oil_filter.pk}&part=x", follow=True)
    assert answer.status_code == 200
    assert "needs" not in answer.context


def test_a_need_is_written_by_hand_once(sign_in, nico, oil_filter):
    http = sign_in(nico)
    filled = {
        "form_key": str(uuid.uuid4()),
        "part": oil_filter.pk,
        "quantity": "4",
        "need_by": in_days(5).isoformat(),
        "reason": "Venta en tienda",
    }
    assert "Diga por qué" not in http.get(f"{LIST}nuevo/").content.decode()
    for _time in range(2):
        assert http.post(f"{LIST}nuevo/", filled).status_code == 302
    need = PartsNeed.objects.get()
    assert (need.quantity, need.about, need.source_kind) == (4, "Venta en tienda", "supply.partsneed")
    again = http.post(f"{LIST}nuevo/", filled | {"need_by": in_days(-1).isoformat(), "form_key": str(uuid.uuid4())})
    assert again.status_code == 200
    assert "Ese día ya pasó" in again.content.decode()


def test_a_need_is_dropped_with_a_reason(sign_in, nico, gina, ask, oil_filter):
    need, http = ask(oil_filter, 4), sign_in(nico)
    page = f"{LIST}{need.pk}/quitar/"
    assert http.post(page, {"reason": " "}).status_code == 200
    assert sign_in(gina).post(page, {"reason": "x"}).status_code == 403
    http = sign_in(nico)
    assert http.post(page, {"reason": "Ya no se vende"}).status_code == 302
    need.refresh_from_db()
    assert need.state == "dropped"
    assert http.post(f"{LIST}999/quitar/", {"reason": "x"}).status_code == 404


def test_urgent_needs_wait_for_the_buyer(sign_in, nico, gina, ask, oil_filter, seal):
    ask(oil_filter, 4, is_urgent=True)
    ask(seal, 1)
    page = sign_in(nico).get("/app/").content.decode()
    assert "Conseguir Filtro de petróleo: hay una máquina parada" in page
    assert "repuestos urgentes" in page
    assert "Conseguir" not in sign_in(gina).get("/app/").content.decode()
