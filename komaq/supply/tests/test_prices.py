"""Prices of suppliers: noted by hand, drawn over time, compared, taken off."""

import datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from komaq.core import clock, registry
from komaq.core.refusals import NotAllowed
from komaq.core.trail import history
from komaq.parts.actions import change_part
from komaq.supply import actions, queries
from komaq.supply.models import PriceRecord, SupplierPart


def page_of(supplier):
    return f"/app/proveedores/{supplier.pk}/"


def ago(days):
    return clock.today() - datetime.timedelta(days=days)


@pytest.fixture
def note(nico, ferreycorp, oil_filter):
    """`note("38.40", …)` notes a price of the Peruvian supplier for the oil filter."""

    def call(price, **more):
        facts = {"supplier": ferreycorp, "part": oil_filter, "currency": "USD", "source": "list", "by": nico, **more}
        return actions.note_price(price=Decimal(price), **facts)

    return call


def test_a_price_is_noted_by_hand(sign_in, nico, ferreycorp, oil_filter):
    form = {
        "part": oil_filter.pk,
        "price": "38.40",
        "currency": "USD",
        "on": clock.today().isoformat(),
        "their_number": "FP-1R0750",
        "lead_days": "3",
        "least": "6",
    }
    client = sign_in(nico)
    answer = client.post(f"{page_of(ferreycorp)}precios/nuevo/", form)
    assert answer.url == f"{page_of(ferreycorp)}repuestos/{oil_filter.pk}/"
    sold = SupplierPart.objects.get()
    assert (sold.price, sold.currency, sold.their_number) == (Decimal("38.4"), "USD", "FP-1R0750")
    assert (sold.lead_days, sold.least, sold.priced_on) == (3, Decimal(6), clock.today())
    assert "FP-1R0750" in client.get(f"{page_of(ferreycorp)}repuestos/").content.decode()
    assert history(ferreycorp).last().kind == "supply.price_noted"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "38.40001"}, "price"),
        ({"price": "1e9"}, "price"),
        ({"price": ""}, "price"),
        ({"part": "987654321"}, "part"),
        ({"part": ""}, "part"),
        ({"currency": "EUR"}, "currency"),
        ({"least": "0"}, "least"),
        ({"lead_days": "9999"}, "lead_days"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "1899-01-01"}, "on"),
    ],
)
def test_what_is_no_price_is_refused(sign_in, nico, ferreycorp, oil_filter, change, field):
    form = {"part": oil_filter.pk, "price": "38.40", "currency": "USD", "on": clock.today().isoformat(), **change}
    page = sign_in(nico).post(f"{page_of(ferreycorp)}precios/nuevo/", form)
    assert list(page.context["form"].errors) == [field]
    assert not SupplierPart.objects.exists()
    assert not PriceRecord.objects.exists()


def test_what_is_left_out_stays_as_it_was_known(note):
    note("38.40", their_number="FP", lead_days=3, least=Decimal(6))
    sold = note("39.10", their_number=None)
    assert (sold.price, sold.their_number, sold.lead_days, sold.least) == (Decimal("39.1"), "FP", 3, Decimal(6))
    assert [each.price for each in PriceRecord.objects.order_by("pk")] == [Decimal("38.4"), Decimal("39.1")]


def test_an_older_price_goes_into_the_history_alone(note):
    note("38.40")
    sold = note("30", on=ago(40))
    assert (sold.price, sold.priced_on) == (Decimal("38.4"), clock.today())
    assert PriceRecord.objects.count() == 2


def test_the_same_price_of_the_same_source_is_noted_once(note, ferreycorp):
    note("38.40", source="offer", source_id=7)
    note("38.40", source="offer", source_id=7)
    assert PriceRecord.objects.count() == 1
    note("38.40", source="offer", source_id=8)
    assert PriceRecord.objects.count() == 2
    assert history(ferreycorp).count() == 1  # offers stand in the history of their request


def test_a_supplier_notes_its_offer_and_no_list(note):
    assert note("38.40", source="offer", source_id=7, by=None).price == Decimal("38.4")
    with pytest.raises(NotAllowed):
        note("1", by=None)


def test_only_who_buys_notes_a_list(sign_in, note, lola, ana, tito, ferreycorp, oil_filter):
    with pytest.raises(NotAllowed):
        note("1", by=lola)
    for user in (ana, tito):
        with pytest.raises(NotAllowed):
            note("1", by=user, source="purchase")
    assert sign_in(lola).get(f"{page_of(ferreycorp)}precios/nuevo/").status_code == 403
    assert not PriceRecord.objects.exists()


def test_what_is_out_of_use_is_listed_no_more(note, nico, oil_filter):
    change_part(part=oil_filter, version=1, is_open=False, by=nico)
    oil_filter.refresh_from_db()
    with pytest.raises(actions.PartOutOfUse):
        note("38.40")


def test_the_page_draws_the_prices_of_one_currency_and_tells_all(sign_in, nico, note, ferreycorp, oil_filter):
    path = f"{page_of(ferreycorp)}repuestos/{oil_filter.pk}/"
    client = sign_in(nico)
    assert client.get(path).context["curve"] is None
    note("30", on=ago(60))
    note("110", currency="PEN", on=ago(50))
    note("28.5", on=ago(30))
    note("33")
    page = client.get(path)
    drawn = page.context["curve"]
    assert [value for _at, value in (drawn.first, drawn.last)] == [Decimal(30), Decimal(33)]
    assert (len(drawn.dots), drawn.path.count("M")) == (3, 1)
    shown = page.content.decode()
    for words in ("US$\u00a028.50", "S/\u00a0110.00", '<svg class="chart"'):
        assert words in shown


def test_offers_of_a_part_come_cheapest_first_in_soles(nico, dollar, note, ferreycorp, tracto, ferreparts, oil_filter):
    note("38.40")
    note("140", supplier=tracto, currency="PEN")
    note("99", supplier=ferreparts)
    actions.change_supplier(supplier=ferreparts, version=1, is_open=False, by=nico)
    offers = queries.offers_of_part(oil_filter)
    assert [(each.supplier, each.price_pen) for each in offers] == [
        (tracto, Decimal(140)),
        (ferreycorp, Decimal("144")),
    ]


def test_without_a_rate_dollars_come_last_without_soles(note, tracto, oil_filter):
    note("38.40")
    note("140", supplier=tracto, currency="PEN")
    assert [each.price_pen for each in queries.offers_of_part(oil_filter)] == [Decimal(140), None]


def test_the_page_shows_what_others_ask(sign_in, lola, dollar, note, ferreycorp, tracto, oil_filter):
    note("38.40")
    note("36", supplier=tracto)
    page = sign_in(lola).get(f"{page_of(ferreycorp)}repuestos/{oil_filter.pk}/")
    assert [each.supplier for each in page.context["others"]] == [tracto]
    assert "S/\u00a0135.00" in page.content.decode()


def test_the_page_of_a_part_says_who_sells_it_to_whom_it_concerns(lola, tito, ana, carla, dollar, note, oil_filter):
    note("36")
    (panel,) = [each for each in registry.panels_for("parts.part", lola) if each.template == "supply/_sellers.html"]
    shown = render_to_string(panel.template, panel.query(lola, oil_filter))
    for words in ("Ferrey Repuestos", "US$\u00a036.00", "S/\u00a0135.00"):
        assert words in shown
    for user in (tito, ana, carla):
        assert panel not in registry.panels_for("parts.part", user)


def test_a_part_is_taken_off_and_its_prices_stay(sign_in, nico, lola, note, ferreycorp, oil_filter):
    note("38.40")
    path = f"{page_of(ferreycorp)}repuestos/{oil_filter.pk}/quitar/"
    assert sign_in(lola).post(path).status_code == 403
    client = sign_in(nico)
    assert client.post(path).url == f"{page_of(ferreycorp)}repuestos/"
    assert not SupplierPart.objects.exists()
    assert PriceRecord.objects.count() == 1
    assert client.post(path).status_code == 404


@pytest.mark.db
def test_the_list_searches_sorts_and_exports(sign_in, nico, note, ferreycorp, oil_filter, tooth):
    note("38.40", their_number="FP-77")
    note("12", part=tooth, least=Decimal(2))
    client, path = sign_in(nico), f"{page_of(ferreycorp)}repuestos/"

    def parts(query):
        return [each.part for each in client.get(path + query).context["page"].items]

    assert parts("") == [oil_filter, tooth]
    assert parts("?sort=number") == [oil_filter, tooth]
    assert parts("?q=1r0750") == [oil_filter]
    assert parts("?q=fp-77") == [oil_filter]
    assert parts("?q=cucharón") == [tooth]
    assert parts("?q=zzz") == []
    text = client.get(f"{path}exportar/?q=1r0750").getvalue().decode()
    assert '"20990001007","CAT","1R-0750","Filtro de petróleo","FP-77","38.4","USD"' in text
    assert "V61TYL" not in text


def test_pages_of_prices_cost_the_same_however_many(queries_of, sign_in, nico, dollar, note, ferreycorp, tracto, tooth):
    note("38.40", on=ago(1))
    client = sign_in(nico)
    paths = [f"{page_of(ferreycorp)}repuestos/", f"{page_of(ferreycorp)}repuestos/{tooth.pk}/"]
    for path in paths:
        few = queries_of(lambda path=path: client.get(path))
        for day in range(3):
            note("12", part=tooth, on=ago(day))
            note("12", part=tooth, on=ago(day), supplier=tracto)
        assert queries_of(lambda path=path: client.get(path)) <= max(few, 10)
