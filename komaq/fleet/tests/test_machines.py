"""The list of machines, a machine's page, and what the office changes."""

import pytest

from komaq.core import registry
from komaq.core.refusals import NotAllowed, NotFound, Stale
from komaq.core.trail import history
from komaq.customers.actions import change_customer
from komaq.customers.models import Site
from komaq.fleet import actions, queries
from komaq.fleet.models import Machine

LIST = "/app/maquinas/"
OWN = "/portal/maquinas/"
PLATE = {
    "version": 1,
    "serial": "DKS01875",
    "year": "2021",
    "engine": "C9.3B",
    "fleet_number": "EX-01",
    "plate": "",
    "meter_unit": "h",
}


def codes(page):
    return [each.code for each in page.context["page"].items]


def fill(customer, by, count):
    for number in range(count):
        facts = {"brand": "CAT", "name": f"3{number}", "type": "excavator", "serial": f"S{number}"}
        actions.add_machine(customer=customer, by=by, **facts)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1", "2"]),
        ("q=dks01874", ["1"]),
        ("q=vcec480dl4417", ["2"]),
        ("q=volvo ec480", ["2"]),
        ("q=andinos", ["1"]),
        ("q=zzz", []),
        ("type=excavator", ["1", "2"]),
        ("type=dozer", []),
        ("type=hostile", ["1", "2"]),
        ("status=down", ["2"]),
        ("customer={andinos}", ["1"]),
        ("customer=x", ["1", "2"]),
        ("customer=" + "9" * 40, ["1", "2"]),
        ("sort=code", ["1", "2"]),
        ("sort=newest", ["2", "1"]),
        ("sort=customer", ["1", "2"]),
    ],
)
@pytest.mark.db
def test_the_list_searches_filters_and_sorts(sign_in, nico, cat336, volvo480, query, found):
    Machine.objects.filter(pk=volvo480.pk).update(status="down")
    page = sign_in(nico).get(f"{LIST}?{query.format(andinos=cat336.customer_id)}")
    assert [code[-1] for code in codes(page)] == found


@pytest.mark.parametrize("words", ["ex-01", "ex01", "MAQ-2026-000001", "v1a-234"])
def test_a_machine_is_found_by_fleet_number_code_and_plate(lola, cat336, words):
    actions.change_machine(machine=cat336, version=1, by=lola, fleet_number="EX-01", plate="V1A-234")
    assert list(queries.filter_machines(Machine.objects.all(), q=words)) == [cat336]


def test_a_renamed_owner_is_found_by_its_new_name(lola, cat336, andinos):
    change_customer(customer=andinos, version=1, by=lola, name=andinos.name, trade_name="Ñusta")
    assert list(queries.filter_machines(Machine.objects.all(), q="ñusta 336")) == [cat336]


@pytest.mark.parametrize("query", ["sort=bad", "cursor=bad"])
def test_an_address_we_never_gave_is_not_found(sign_in, nico, query):
    assert sign_in(nico).get(f"{LIST}?{query}").status_code == 404


def test_the_list_pages_by_cursor(sign_in, nico, lola, andinos):
    fill(andinos, lola, 52)
    client = sign_in(nico)
    for sort in ("name", "newest", "code", "customer"):
        first = client.get(f"{LIST}?sort={sort}")
        second = client.get(f"{LIST}?sort={sort}&cursor={first.context['page'].next}")
        assert len(set(codes(first) + codes(second))) == 52


def test_the_list_is_exported_as_it_is_filtered(sign_in, nico, cat336, volvo480):
    Machine.objects.filter(pk=cat336.pk).update(fleet_number="=1+1")
    answer = sign_in(nico).get(f"{LIST}exportar/?q=336")
    text = b"".join(answer.streaming_content).decode()
    assert "DKS01874" in text
    assert volvo480.serial not in text
    assert '"\'=1+1"' in text


def test_the_page_shows_plate_and_owner(sign_in, nico, cat336):
    shown = sign_in(nico).get(f"{LIST}{cat336.pk}/").content.decode()
    for words in ("DKS01874", "CAT 336", "Tajo Sur", cat336.customer.short_name):
        assert words in shown
    assert "/editar/" not in shown


def test_the_plate_is_corrected(sign_in, lola, cat336):
    answer = sign_in(lola).post(f"{LIST}{cat336.pk}/editar/", {**PLATE, "model": cat336.model_id})
    assert answer.url == f"{LIST}{cat336.pk}/"
    cat336.refresh_from_db()
    assert (cat336.serial, cat336.year, cat336.version) == ("DKS01875", 2021, 2)
    assert [event.kind for event in history(cat336)] == ["fleet.machine_changed"]


@pytest.mark.parametrize(
    ("name", "value"), [("serial", ""), ("year", "1"), ("model", "999"), ("engine", "x" * 61), ("version", "0")]
)
def test_a_bad_answer_keeps_what_was_typed(sign_in, lola, cat336, name, value):
    form = {**PLATE, "model": cat336.model_id, name: value}
    page = sign_in(lola).post(f"{LIST}{cat336.pk}/editar/", form)
    assert list(page.context["form"].errors) == [name]
    assert "EX-01" in page.content.decode()
    cat336.refresh_from_db()
    assert cat336.version == 1


def test_a_corrected_serial_is_taken_once(sign_in, lola, cat336, andinos):
    actions.add_machine(customer=andinos, model=cat336.model, serial="DKS01875", by=lola)
    page = sign_in(lola).post(f"{LIST}{cat336.pk}/editar/", {**PLATE, "model": cat336.model_id})
    assert list(page.context["form"].errors) == ["serial"]


def test_a_stale_version_saves_nothing_and_shows_both(sign_in, lola, ana, cat336):
    actions.change_machine(machine=cat336, version=1, by=ana, engine="C9.3B · 232 kW")
    page = sign_in(lola).post(f"{LIST}{cat336.pk}/editar/", {**PLATE, "model": cat336.model_id})
    assert page.status_code == 409
    assert "C9.3B · 232 kW" in page.content.decode()
    cat336.refresh_from_db()
    assert cat336.serial == "DKS01874"
    with pytest.raises(Stale):
        actions.move_machine(machine=cat336, site=None, version=1, by=lola)


def test_a_machine_moves_within_its_owners_sites(sign_in, lola, cat336, illapa):
    here = Site.objects.create(customer=cat336.customer, name="Botadero 3", kind="mine")
    elsewhere = Site.objects.create(customer=illapa, name="Km 84", kind="works")
    path = f"{LIST}{cat336.pk}/trasladar/"
    page = sign_in(lola).post(path, {"version": 1, "site": elsewhere.pk})
    assert list(page.context["form"].errors) == ["site"]
    sign_in(lola).post(path, {"version": 1, "site": here.pk})
    cat336.refresh_from_db()
    assert cat336.site == here
    event = history(cat336).get()
    assert (event.kind, event.payload.data["changed"]) == ("fleet.machine_moved", {"site": ["Tajo Sur", "Botadero 3"]})
    with pytest.raises(actions.SiteOfAnother):
        actions.move_machine(machine=cat336, site=elsewhere, version=2, by=lola)


def test_a_stale_move_shows_both(sign_in, lola, cat336):
    actions.move_machine(machine=cat336, site=None, version=1, by=lola)
    page = sign_in(lola).post(f"{LIST}{cat336.pk}/trasladar/", {"version": 1, "site": cat336.site_id})
    assert page.status_code == 409
    assert page.context["form"].conflicts[0]["yours"] == "Tajo Sur"


def test_a_machine_stops_works_and_retires(sign_in, lola, cat336):
    for status in ("down", "working", "retired", "retired"):
        sign_in(lola).post(f"{LIST}{cat336.pk}/estado/", {"status": status, "reason": "Bomba\x00"})
        cat336.refresh_from_db()
        assert cat336.status == status
    assert [event.payload.data["after"] for event in history(cat336)] == ["down", "working", "retired"]
    assert cat336 not in queries.machines_of(lola, cat336.customer)


def test_an_unknown_status_is_not_found(sign_in, lola, cat336):
    assert sign_in(lola).post(f"{LIST}{cat336.pk}/estado/", {"status": "flying"}).status_code == 404


def test_who_works_with_it_stops_it_but_only_the_office_retires_it(tito, carla, omar, cat336):
    for user in (tito, carla):
        assert actions.set_status(machine=cat336, status="down", by=user).status == "down"
        with pytest.raises(NotAllowed):
            actions.set_status(machine=cat336, status="retired", by=user)
    with pytest.raises(NotAllowed):
        actions.set_status(machine=cat336, status="working", by=omar)


@pytest.mark.parametrize("path", ["editar/", "trasladar/", "estado/"])
def test_logistics_changes_nothing(sign_in, nico, cat336, path):
    form = {**PLATE, "model": cat336.model_id, "site": "", "status": "retired"}
    assert sign_in(nico).post(f"{LIST}{cat336.pk}/{path}", form).status_code == 403
    with pytest.raises(NotAllowed):
        actions.change_machine(machine=cat336, version=1, by=nico, engine="X")
    with pytest.raises(NotAllowed):
        actions.move_machine(machine=cat336, version=1, by=nico, site=None)


@pytest.mark.parametrize("path", ["", "exportar/", "modelos/", "{}/", "{}/horometro/"])
def test_clients_and_technicians_stay_out_of_the_office(sign_in, carla, tito, cat336, path):
    path = LIST + path.format(cat336.pk)
    assert sign_in(carla).get(path).status_code == 404
    assert sign_in(tito).get(path).status_code == 403


def test_the_catalogue_counts_units(sign_in, nico, cat336, volvo480):
    page = sign_in(nico).get(f"{LIST}modelos/")
    assert [(str(model), model.units) for model in page.context["models"]] == [("CAT 336", 1), ("Volvo EC480D", 1)]


def test_a_client_sees_its_own_machines(sign_in, carla, cat336, volvo480):
    client = sign_in(carla)
    assert codes(client.get(OWN)) == [cat336.code]
    assert codes(client.get(f"{OWN}?q=volvo")) == []
    assert codes(client.get(f"{OWN}?status=down")) == []
    assert client.get(f"{OWN}{cat336.pk}/").status_code == 200
    assert client.get(f"{OWN}{volvo480.pk}/").status_code == 404


def test_who_is_held_to_a_site_sees_its_machines_alone(sign_in, held, cat336, lola, andinos):
    fill(andinos, lola, 1)
    assert codes(sign_in(held).get(OWN)) == [cat336.code]
    other = Machine.objects.exclude(pk=cat336.pk).get()
    assert sign_in(held).get(f"{OWN}{other.pk}/").status_code == 404


def test_scope_of_machines(ana, carla, tito, alex, cat336, volvo480):
    seen = [set(queries.machines_visible_to(user)) for user in (ana, carla, tito, alex)]
    assert seen == [{cat336, volvo480}, {cat336}, set(), set()]
    with pytest.raises(NotFound):
        queries.get_machine(carla, volvo480.pk)


@pytest.mark.db
def test_the_search_box_finds_machines(nico, tito, cat336, volvo480):
    (find,) = [find for label, find in registry.searches if find.__module__ == "komaq.fleet.panels"]
    assert [hit.url for hit in find(nico, "336 andinos")] == [f"{LIST}{cat336.pk}/"]
    assert list(find(tito, "336")) == []


@pytest.mark.parametrize("door", ["office", "portal"])
def test_lists_cost_the_same_however_many(queries_of, sign_in, nico, carla, lola, cat336, door):
    client, path = (sign_in(nico), LIST) if door == "office" else (sign_in(carla), OWN)
    few = queries_of(lambda: client.get(path))
    fill(cat336.customer, lola, 3)
    assert few == queries_of(lambda: client.get(path)) <= 10


def test_the_page_costs_the_same_however_often_it_was_read(queries_of, sign_in, nico, cat336, read):
    client, path = sign_in(nico), f"{LIST}{cat336.pk}/"
    read(cat336, "100", days_ago=9)
    few = queries_of(lambda: client.get(path))
    for day in range(1, 4):
        read(cat336, f"10{day}", days_ago=day * -1 + 5)
    assert few == queries_of(lambda: client.get(path)) <= 12
