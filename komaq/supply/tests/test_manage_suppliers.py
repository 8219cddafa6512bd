"""Suppliers become known, are found and kept right."""

import pytest

from komaq.core import registry
from komaq.core.refusals import NotAllowed, NotFound, Stale
from komaq.core.trail import history
from komaq.supply import actions, queries
from komaq.supply.models import Supplier

LIST = "/app/proveedores/"
SOUND = {
    "tax_id_type": "6",
    "tax_id": "20-990001023",
    "name": "Hidráulica del Centro S.A.C.",
    "trade_name": "Hidrocentro",
    "email": "ventas@hidrocentro.test",
    "phone": "01 205 4200",
    "address": "Av. Argentina 2400, Lima",
    "country": "PE",
    "currency": "PEN",
    "payment_terms": "Factura a 30 días",
    "lead_days": "4",
    "language": "es-pe",
}


def names(page):
    return [each.short_name for each in page.context["page"].items]


def text_of(answer):
    return b"".join(answer.streaming_content).decode()


def make(number, by):
    facts = {"tax_id_type": "0", "tax_id": f"ZZ{number:04d}", "country": "CN"}
    return actions.create_supplier(**facts, name=f"Proveedor {number:02d}", by=by)


def test_a_supplier_is_added(sign_in, nico):
    answer = sign_in(nico).post(f"{LIST}nuevo/", SOUND)
    supplier = Supplier.objects.get()
    assert answer.url == f"{LIST}{supplier.pk}/"
    assert (supplier.tax_id, supplier.phone, supplier.lead_days) == ("20990001023", "+5112054200", 4)
    assert [event.kind for event in history(supplier)] == ["supply.supplier_added"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tax_id": "20990001024"}, "tax_id"),
        ({"tax_id": "2099000102"}, "tax_id"),
        ({"tax_id": ""}, "tax_id"),
        ({"tax_id_type": "1"}, "tax_id_type"),
        ({"country": "US"}, "country"),
        ({"country": "XX"}, "country"),
        ({"tax_id_type": "0", "tax_id": "91-1144442"}, "country"),
        ({"tax_id_type": "0", "tax_id": "91/", "country": "US"}, "tax_id"),
        ({"name": " "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"email": "no"}, "email"),
        ({"phone": "no"}, "phone"),
        ({"currency": "EUR"}, "currency"),
        ({"lead_days": "-1"}, "lead_days"),
        ({"lead_days": "731"}, "lead_days"),
        ({"language": "qu"}, "language"),
    ],
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, nico, change, field):
    page = sign_in(nico).post(f"{LIST}nuevo/", {**SOUND, **change})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert "Argentina 2400" in page.content.decode()
    assert not Supplier.objects.exists()


@pytest.mark.parametrize(
    ("number", "country", "kept"), [("91-1144442", "US", "911144442"), ("de 812.345/678", "DE", "DE812345678")]
)
def test_a_foreign_number_loses_its_signs(nico, number, country, kept):
    made = actions.create_supplier(tax_id_type="0", tax_id=number, name="X", country=country, by=nico)
    assert (made.tax_id, made.tax_id_type) == (kept, "0")


def test_the_action_itself_refuses_a_wrong_number(nico):
    for change in ({"tax_id": "20990001024"}, {"country": "CL"}):
        facts = {"tax_id_type": "6", "tax_id": "20990001023", "country": "PE", **change}
        with pytest.raises(actions.BadTaxId):
            actions.create_supplier(**facts, name="X", by=nico)


def test_a_number_is_taken_once(sign_in, nico, ferreycorp):
    page = sign_in(nico).post(f"{LIST}nuevo/", {**SOUND, "tax_id": ferreycorp.tax_id})
    assert list(page.context["form"].errors) == ["tax_id"]
    assert Supplier.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(nico, at_once):
    facts = {"tax_id_type": "6", "tax_id": "20990001023", "name": "X", "by": nico}
    results = at_once([lambda: actions.create_supplier(**facts)] * 4)
    assert sum(isinstance(each, Supplier) for each in results) == 1
    assert sum(isinstance(each, actions.TaxIdTaken) for each in results) == 3
    assert Supplier.objects.count() == 1


def test_changes_are_saved_found_and_told(sign_in, nico, ferreycorp):
    form = {**SOUND, "version": 1, "is_open": ""}
    assert sign_in(nico).post(f"{LIST}{ferreycorp.pk}/editar/", form).url == f"{LIST}{ferreycorp.pk}/"
    ferreycorp.refresh_from_db()
    assert (ferreycorp.trade_name, ferreycorp.version, ferreycorp.is_open) == ("Hidrocentro", 2, False)
    assert ferreycorp.tax_id == "20990001007"
    assert list(queries.filter_suppliers(Supplier.objects.all(), q="hidrocentro")) == [ferreycorp]
    assert history(ferreycorp).last().payload.data["after"]["payment_terms"] == "Factura a 30 días"


def test_saving_nothing_new_leaves_no_event(nico, ferreycorp):
    actions.change_supplier(supplier=ferreycorp, version=1, by=nico, name=ferreycorp.name)
    assert [event.kind for event in history(ferreycorp)] == ["supply.supplier_added"]


def test_a_peruvian_company_moves_to_no_other_country(sign_in, nico, ferreycorp):
    page = sign_in(nico).post(f"{LIST}{ferreycorp.pk}/editar/", {**SOUND, "version": 1, "country": "CL"})
    assert list(page.context["form"].errors) == ["country"]
    ferreycorp.refresh_from_db()
    assert (ferreycorp.country, ferreycorp.version) == ("PE", 1)


def test_a_stale_version_saves_nothing_and_shows_both(sign_in, nico, ferreycorp):
    actions.change_supplier(supplier=ferreycorp, version=1, by=nico, address="Yura, km 16")
    client, path = sign_in(nico), f"{LIST}{ferreycorp.pk}/editar/"
    page = client.post(path, {**SOUND, "version": 1})
    assert page.status_code == 409
    shown = page.content.decode()
    assert "Yura, km 16" in shown
    assert "Argentina 2400" in shown
    ferreycorp.refresh_from_db()
    assert ferreycorp.address == "Yura, km 16"
    assert page.context["form"]["version"].value() == "2"
    client.post(path, {**SOUND, "version": 2})
    ferreycorp.refresh_from_db()
    assert ferreycorp.address == SOUND["address"]


def test_the_action_refuses_a_stale_version(nico, ferreycorp):
    with pytest.raises(Stale):
        actions.change_supplier(supplier=ferreycorp, version=7, by=nico, name="X")


@pytest.mark.db
def test_the_list_searches_filters_and_sorts(sign_in, nico, ferreycorp, tracto):
    client = sign_in(nico)
    first, second = ferreycorp.short_name, tracto.short_name
    assert names(client.get(LIST)) == [first, second]
    assert names(client.get(f"{LIST}?q=TRACTO")) == [second]
    assert names(client.get(f"{LIST}?q=20990001007")) == [first]
    assert names(client.get(f"{LIST}?country=US")) == [second]
    assert names(client.get(f"{LIST}?currency=PEN")) == []
    assert names(client.get(f"{LIST}?open=no")) == []
    assert names(client.get(f"{LIST}?open=yes&sort=newest")) == [second, first]
    assert names(client.get(f"{LIST}?sort=number")) == [first, second]
    assert names(client.get(f"{LIST}?q=zzz")) == []


def test_a_list_may_be_narrowed_to_who_sells_a_part(nico, ferreycorp, tracto, oil_filter):
    actions.note_price(supplier=tracto, part=oil_filter, price=1, currency="USD", source="list", by=nico)
    assert list(queries.filter_suppliers(queries.suppliers_visible_to(nico), part=oil_filter)) == [tracto]


def test_the_list_pages_by_cursor(sign_in, nico):
    for number in range(55):
        make(number, nico)
    client = sign_in(nico)
    first = client.get(LIST)
    second = client.get(f"{LIST}?cursor={first.context['page'].next}")
    assert names(first)[-1] == "Proveedor 49"
    assert names(second) == [f"Proveedor {number}" for number in range(50, 55)]


@pytest.mark.parametrize("query", ["sort=bad", "cursor=bad"])
def test_an_address_we_never_gave_is_not_found(sign_in, nico, query):
    assert sign_in(nico).get(f"{LIST}?{query}").status_code == 404


def test_the_list_is_exported_as_it_is_filtered_and_harmless(sign_in, nico, ferreycorp, tracto):
    Supplier.objects.filter(pk=tracto.pk).update(address="=cmd()")
    text = text_of(sign_in(nico).get(f"{LIST}exportar/?q=tracto"))
    assert tracto.tax_id in text
    assert ferreycorp.tax_id not in text
    assert '"\'=cmd()"' in text
    assert sign_in(nico).get(f"{LIST}exportar/?format=xlsx").getvalue()[:2] == b"PK"


@pytest.mark.parametrize("path", [LIST, f"{LIST}exportar/", "{}", "{}cumplimiento/", "{}repuestos/"])
def test_clients_technicians_and_the_workshop_stay_out(sign_in, carla, tito, ana, alex, ferreycorp, path):
    path = path.format(f"{LIST}{ferreycorp.pk}/")
    assert sign_in(carla).get(path).status_code == 404
    for user in (tito, ana, alex):
        assert sign_in(user).get(path).status_code == 403


def test_who_only_reads_is_offered_and_granted_no_change(sign_in, lola, ferreycorp):
    client = sign_in(lola)
    page = client.get(f"{LIST}{ferreycorp.pk}/")
    assert page.status_code == 200
    assert "/editar/" not in page.content.decode()
    for path in (f"{LIST}nuevo/", f"{LIST}{ferreycorp.pk}/editar/"):
        assert client.post(path, SOUND).status_code == 403
    with pytest.raises(NotAllowed):
        actions.create_supplier(tax_id_type="6", tax_id="20990001023", name="X", by=lola)
    with pytest.raises(NotAllowed):
        actions.change_supplier(supplier=ferreycorp, version=1, name="X", by=lola)


def test_nobody_reads_a_supplier_that_is_not_there(nico):
    with pytest.raises(NotFound):
        queries.get_supplier(nico, 999)


def test_scope_of_suppliers(nico, lola, fina, gina, ana, tito, carla, alex, ferreycorp):
    seen = [list(queries.suppliers_visible_to(user)) for user in (nico, lola, fina, gina, ana, tito, carla, alex)]
    assert seen == [[ferreycorp]] * 4 + [[]] * 4


@pytest.mark.db
def test_the_search_box_finds_suppliers(nico, tito, ferreycorp):
    finds = [find for _label, find in registry.searches if find.__module__ == "komaq.supply.panels"]
    assert f"{LIST}{ferreycorp.pk}/" in [hit.url for find in finds for hit in find(nico, "ferrey")]
    assert [hit for find in finds for hit in find(tito, "ferrey")] == []


def test_the_list_costs_the_same_however_many(queries_of, sign_in, nico, ferreycorp):
    client = sign_in(nico)
    few = queries_of(lambda: client.get(LIST))
    for number in range(3):
        make(number, nico)
    assert few == queries_of(lambda: client.get(LIST)) <= 10


def test_the_page_costs_the_same_however_much(queries_of, sign_in, nico, ferreycorp, paula):
    client, path = sign_in(nico), f"{LIST}{ferreycorp.pk}/"
    few = queries_of(lambda: client.get(path))
    for number in range(3):
        actions.add_supplier_contact(supplier=ferreycorp, given_names=f"P{number}", by=nico)
        facts = {"bank": "BCP", "kind": "current", "currency": "PEN", "number": f"19100{number}"}
        actions.add_account(supplier=ferreycorp, **facts, by=nico)
    assert few == queries_of(lambda: client.get(path)) <= 10
