"""The office's list and pages of customers."""

import pytest

from conftest import make_customer
from komaq.core import registry
from komaq.core.refusals import NotAllowed, NotFound, Stale
from komaq.core.trail import history
from komaq.customers import actions, queries
from komaq.customers.models import Customer

LIST = "/app/clientes/"
SOUND = {
    "kind": "company",
    "tax_id_type": "6",
    "tax_id": "20990000035",
    "name": "Agregados del Sur S.A.C.",
    "trade_name": "Agresur",
    "email": "hola@agresur.test",
    "phone": "01 205 4000",
    "address": "Av. Ejército 101, Arequipa",
    "hours_machine_down": "2",
    "hours_high": "",
    "hours_normal": "36",
}


def names(page):
    return [each.short_name for each in page.context["page"].items]


def text_of(answer):
    return b"".join(answer.streaming_content).decode()


def test_a_customer_is_added_with_its_agreed_hours(sign_in, lola):
    answer = sign_in(lola).post(f"{LIST}nuevo/", SOUND)
    customer = Customer.objects.get()
    assert answer.url == f"{LIST}{customer.pk}/"
    assert (customer.tax_id, customer.phone) == ("20990000035", "+5112054000")
    assert customer.response_hours == {"machine_down": 2, "normal": 36}
    assert [event.kind for event in history(customer)] == ["customers.customer_added"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tax_id", "20990000036"),
        ("tax_id", ""),
        ("tax_id_type", "1"),
        ("name", ""),
        ("name", "\x00"),
        ("name", "x" * 161),
        ("email", "no"),
        ("phone", "no"),
        ("hours_normal", "0"),
        ("hours_normal", "1e9"),
        ("kind", "x"),
    ],
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, lola, name, value):
    page = sign_in(lola).post(f"{LIST}nuevo/", {**SOUND, name: value})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [name]
    assert "Ejército 101" in page.content.decode()
    assert not Customer.objects.exists()


def test_a_number_is_taken_once(sign_in, lola, andinos):
    page = sign_in(lola).post(f"{LIST}nuevo/", {**SOUND, "tax_id": andinos.tax_id})
    assert list(page.context["form"].errors) == ["tax_id"]
    assert Customer.objects.count() == 1


def test_a_person_may_be_a_customer_by_dni(lola):
    facts = {"kind": "person", "tax_id_type": "1", "tax_id": "45678912", "name": "Hugo Rey"}
    assert actions.add_customer(**facts, by=lola).short_name == "Hugo Rey"


def test_changes_are_saved_and_found(sign_in, lola, andinos):
    form = {**SOUND, "version": 1}
    assert sign_in(lola).post(f"{LIST}{andinos.pk}/editar/", form).url == f"{LIST}{andinos.pk}/"
    andinos.refresh_from_db()
    assert (andinos.trade_name, andinos.version, andinos.tax_id) == ("Agresur", 2, "20990000019")
    assert list(queries.filter_customers(Customer.objects.all(), q="agresur")) == [andinos]
    assert history(andinos).last().payload.data["after"]["trade_name"] == "Agresur"


def test_saving_nothing_new_leaves_no_event(lola, andinos):
    actions.change_customer(customer=andinos, version=1, by=lola, name=andinos.name)
    assert not history(andinos).exists()


def test_a_stale_version_saves_nothing_and_shows_both(sign_in, lola, gina, andinos):
    actions.change_customer(customer=andinos, version=1, by=gina, name=andinos.name, address="Yura, km 16")
    page = sign_in(lola).post(f"{LIST}{andinos.pk}/editar/", {**SOUND, "version": 1})
    assert page.status_code == 409
    shown = page.content.decode()
    assert "Yura, km 16" in shown
    assert "Ejército 101" in shown
    andinos.refresh_from_db()
    assert andinos.address == "Yura, km 16"
    assert page.context["form"]["version"].value() == "2"
    sign_in(lola).post(f"{LIST}{andinos.pk}/editar/", {**SOUND, "version": 2})
    andinos.refresh_from_db()
    assert andinos.address == SOUND["address"]


def test_the_action_refuses_a_stale_version(lola, andinos):
    with pytest.raises(Stale):
        actions.change_customer(customer=andinos, version=7, by=lola, name="X")


@pytest.mark.db
def test_the_list_searches_sorts_and_pages(sign_in, nico, andinos, illapa):
    client = sign_in(nico)
    assert names(client.get(LIST)) == [andinos.short_name, illapa.short_name]
    assert names(client.get(f"{LIST}?q=ILLAPA")) == [illapa.short_name]
    assert names(client.get(f"{LIST}?q=20990000019")) == [andinos.short_name]
    assert names(client.get(f"{LIST}?kind=person")) == []
    assert names(client.get(f"{LIST}?sort=newest")) == [illapa.short_name, andinos.short_name]
    assert names(client.get(f"{LIST}?q=zzz")) == []


def test_the_list_pages_by_cursor(sign_in, nico, db):
    for number in range(55):
        make_customer(f"Cliente {number:02d}", f"{number:011d}")
    client = sign_in(nico)
    first = client.get(LIST)
    second = client.get(f"{LIST}?cursor={first.context['page'].next}")
    assert names(first)[-1] == "Cliente 49"
    assert names(second) == [f"Cliente {number}" for number in range(50, 55)]


@pytest.mark.parametrize("query", ["sort=bad", "cursor=bad"])
def test_an_address_we_never_gave_is_not_found(sign_in, nico, query):
    assert sign_in(nico).get(f"{LIST}?{query}").status_code == 404


def test_the_list_is_exported_as_it_is_filtered_and_harmless(sign_in, nico, andinos, illapa):
    Customer.objects.filter(pk=illapa.pk).update(address="=cmd()")
    text = text_of(sign_in(nico).get(f"{LIST}exportar/?q=illapa"))
    assert illapa.tax_id in text
    assert andinos.tax_id not in text
    assert '"\'=cmd()"' in text


@pytest.mark.parametrize("path", [LIST, f"{LIST}exportar/", "{}"])
def test_clients_and_technicians_stay_out(sign_in, carla, tito, alex, andinos, path):
    path = path.format(f"{LIST}{andinos.pk}/")
    assert sign_in(carla).get(path).status_code == 404
    assert sign_in(tito).get(path).status_code == 403
    assert sign_in(alex).get(path).status_code == 403


def test_who_only_reads_is_offered_and_granted_no_change(sign_in, nico, andinos):
    client = sign_in(nico)
    page = client.get(f"{LIST}{andinos.pk}/")
    assert page.status_code == 200
    assert "/editar/" not in page.content.decode()
    for path in (f"{LIST}nuevo/", f"{LIST}{andinos.pk}/editar/"):
        assert client.post(path, SOUND).status_code == 403
    with pytest.raises(NotAllowed):
        actions.add_customer(kind="company", tax_id_type="6", tax_id="20990000035", name="X", by=nico)
    with pytest.raises(NotAllowed):
        actions.change_customer(customer=andinos, version=1, name="X", by=nico)


def test_the_page_shows_people_sites_and_machines(sign_in, ana, carla, cat336):
    shown = sign_in(ana).get(f"{LIST}{cat336.customer_id}/").content.decode()
    for words in ("Carla Quispe", "Tajo Sur", "DKS01874"):
        assert words in shown


def test_nobody_reads_a_customer_that_is_not_there(ana):
    with pytest.raises(NotFound):
        queries.get_customer(ana, 999)


def test_scope_of_customers(ana, carla, tito, alex, andinos, illapa):
    seen = {user.email: set(queries.customers_visible_to(user)) for user in (ana, carla, tito, alex)}
    assert list(seen.values()) == [{andinos, illapa}, {andinos}, set(), set()]


@pytest.mark.db
def test_the_search_box_finds_customers(nico, tito, andinos):
    finds = [find for label, find in registry.searches if find.__module__ == "komaq.customers.panels"]
    assert [hit.url for hit in finds[0](nico, "andinos")] == [f"{LIST}{andinos.pk}/"]
    assert list(finds[0](tito, "andinos")) == []


def test_the_list_costs_the_same_however_many(queries_of, sign_in, nico, andinos):
    client = sign_in(nico)
    few = queries_of(lambda: client.get(LIST))
    for number in range(3):
        make_customer(f"Cliente {number}", f"2099000010{number}")
    assert few == queries_of(lambda: client.get(LIST)) <= 10


def test_the_page_costs_the_same_however_much(queries_of, sign_in, ana, carla, andinos, tajo_sur):
    client, path = sign_in(ana), f"{LIST}{andinos.pk}/"
    few = queries_of(lambda: client.get(path))
    for number in range(3):
        actions.add_contact(customer=andinos, given_names="P", surnames=str(number), by=ana)
        actions.add_site(customer=andinos, name=f"Tajo {number}", kind="mine", by=ana)
    many = queries_of(lambda: client.get(path))
    assert few == many <= 14
