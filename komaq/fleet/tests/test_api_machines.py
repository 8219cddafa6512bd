"""Machines through the API."""

import pytest

from komaq.customers.models import Site
from komaq.fleet.models import Machine, MachineModel

MACHINES = "/api/v1/machines"


@pytest.fixture
def new(andinos, tajo_sur):
    return {
        "customer": str(andinos.pk),
        "site": str(tajo_sur.pk),
        "brand": "Komatsu",
        "model": "PC450LC-8",
        "type": "excavator",
        "serial": "k 70123",
        "year": 2019,
        "fleet_number": "EX-07",
    }


@pytest.fixture
def taller(andinos):
    return Site.objects.create(customer=andinos, name="Taller", kind="yard")


def test_the_office_adds_a_machine_and_reads_it_back(program, ana, new, andinos, tajo_sur):
    call = program(ana)
    made = call("POST", MACHINES, new)
    assert made.status_code == 201, made.content
    machine = Machine.objects.get(serial="K70123")
    assert (machine.customer, machine.site, machine.year) == (andinos, tajo_sur, 2019)
    told = made.json()
    assert told["id"] == str(machine.pk)
    assert (told["brand"], told["model"], told["type"], told["status"]) == (
        "Komatsu",
        "PC450LC-8",
        "excavator",
        "working",
    )
    assert (told["meter_hours"], told["version"], made.headers["ETag"]) == (None, 1, '"1"')
    assert call("GET", f"{MACHINES}/{machine.pk}").json() == told


def test_a_known_model_needs_no_type_and_is_not_made_twice(program, ana, new, cat336):
    call = program(ana)
    words = {**new, "brand": "cat", "model": " 336 "}
    del words["type"]
    assert call("POST", MACHINES, words).json()["machine_model"] == str(cat336.model_id)
    by_id = {"customer": new["customer"], "serial": "X2", "machine_model": str(cat336.model_id)}
    assert call("POST", MACHINES, by_id).json()["brand"] == "CAT"
    assert MachineModel.objects.filter(brand__iexact="cat", name="336").count() == 1


def test_a_client_adds_to_its_own_company_alone(program, carla, new, illapa, andinos):
    call = program(carla)
    del new["customer"]
    assert call("POST", MACHINES, new).json()["customer"] == str(andinos.pk)
    foreign = call("POST", MACHINES, {**new, "customer": str(illapa.pk), "serial": "Z"})
    missing = call("POST", MACHINES, {**new, "customer": "987654321", "serial": "Z"})
    assert foreign.status_code == missing.status_code == 422
    assert foreign.json() == missing.json()
    assert not Machine.objects.filter(serial="Z").exists()


def test_who_is_held_to_a_site_names_it(program, held, new, taller):
    call = program(held)
    del new["site"]
    without = call("POST", MACHINES, new)
    assert (without.status_code, without.json()["errors"][0]["field"]) == (422, "site")
    elsewhere = call("POST", MACHINES, {**new, "site": str(taller.pk)})
    assert elsewhere.status_code == 422
    assert not Machine.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": 1949}, "year"),
        ({"year": 2100}, "year"),
        ({"serial": "  "}, "serial"),
        ({"serial": "X" * 41}, "serial"),
        ({"type": "tank"}, "type"),
        ({"brand": "", "model": ""}, "model"),
        ({"machine_model": "987654321"}, "machine_model"),
        ({"site": "987654321"}, "site"),
        ({"plate": "12345678901"}, "plate"),
        ({"meter_unit": "m"}, "meter_unit"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, ana, new, change, field):
    answer = program(ana)("POST", MACHINES, {**new, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Machine.objects.exists()


def test_a_closed_site_takes_no_machine(program, ana, new, tajo_sur):
    Site.objects.filter(pk=tajo_sur.pk).update(is_open=False)
    assert program(ana)("POST", MACHINES, new).status_code == 422


def test_a_known_serial_is_a_conflict(program, ana, new, cat336):
    again = {**new, "machine_model": str(cat336.model_id), "serial": "dks 01874"}
    answer = program(ana)("POST", MACHINES, again)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "serial")


def test_the_same_key_makes_one_machine(program, ana, new):
    call = program(ana)
    first = call("POST", MACHINES, new, Idempotency_Key="una")
    again = call("POST", MACHINES, new, Idempotency_Key="una")
    assert first.json() == again.json()
    assert Machine.objects.filter(serial="K70123").count() == 1


def test_a_machine_is_corrected_moved_and_stopped_at_once(program, ana, cat336, taller):
    call = program(ana)
    address = f"{MACHINES}/{cat336.pk}"
    wanted = {"fleet_number": "EX-09", "site": str(taller.pk), "status": "down"}
    assert call("PATCH", address, wanted).status_code == 428
    changed = call("PATCH", address, wanted, If_Match=call("GET", address).headers["ETag"])
    assert changed.status_code == 200, changed.content
    cat336.refresh_from_db()
    assert (cat336.fleet_number, cat336.site, cat336.status) == ("EX-09", taller, "down")
    assert cat336.serial == "DKS01874"
    stale = call("PATCH", address, {"plate": "X"}, If_Match='"1"')
    assert stale.status_code == 412
    assert stale.json()["current"] == changed.json()
    emptied = call("PATCH", address, {"site": None, "year": None}, If_Match=changed.headers["ETag"])
    assert (emptied.json()["site"], emptied.json()["year"]) == (None, None)


def test_a_part_that_fails_leaves_all_as_it_was(program, ana, cat336, volvo480):
    twin = {"serial": volvo480.serial, "machine_model": str(volvo480.model_id), "status": "down"}
    answer = program(ana)("PATCH", f"{MACHINES}/{cat336.pk}", twin, If_Match='"1"')
    assert answer.status_code == 409
    cat336.refresh_from_db()
    assert (cat336.status, cat336.version) == ("working", 1)


def test_a_new_model_is_not_made_by_a_correction(program, ana, cat336):
    answer = program(ana)("PATCH", f"{MACHINES}/{cat336.pk}", {"brand": "Otra", "model": "X"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "model")


@pytest.mark.parametrize(
    "field", ["id", "code", "customer", "meter", "meter_at", "version", "search", "created_at", "price"]
)
def test_what_is_no_field_changes_nothing(program, ana, cat336, field):
    answer = program(ana)("PATCH", f"{MACHINES}/{cat336.pk}", {field: "7"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    cat336.refresh_from_db()
    assert cat336.version == 1


def test_who_may_not_change_a_machine(program, fina, tito, carla, cat336):
    address = f"{MACHINES}/{cat336.pk}"
    for user, status in ((fina, 403), (tito, 403), (carla, 404)):
        assert program(user)("PATCH", address, {"plate": "X"}, If_Match='"1"').status_code == status
    cat336.refresh_from_db()
    assert cat336.plate == ""


def test_lists_keep_to_the_scope_and_narrow(program, ana, carla, held, cat336, volvo480, taller):
    ids = lambda answer: [each["id"] for each in answer.json()["items"]]  # noqa: E731  short and local
    mine, theirs = str(cat336.pk), str(volvo480.pk)
    assert ids(program(ana)("GET", MACHINES)) == [mine, theirs]
    assert ids(program(carla)("GET", MACHINES)) == [mine]
    assert ids(program(carla)("GET", f"{MACHINES}?customer={volvo480.customer_id}")) == []
    assert ids(program(carla)("GET", f"{MACHINES}?q=VCEC480")) == []
    assert ids(program(ana)("GET", f"{MACHINES}?q=volvo&type=excavator&status=working")) == [theirs]
    assert ids(program(ana)("GET", f"{MACHINES}?site={cat336.site_id}")) == [mine]
    assert program(ana)("GET", f"{MACHINES}?status=lost").status_code == 400
    Machine.objects.filter(pk=cat336.pk).update(site=taller)
    assert ids(program(held)("GET", MACHINES)) == []


def test_a_foreign_machine_is_like_none(program, carla, volvo480):
    call = program(carla)
    foreign, missing = call("GET", f"{MACHINES}/{volvo480.pk}"), call("GET", f"{MACHINES}/987654321")
    assert foreign.status_code == 404
    assert foreign.content == missing.content


def test_a_list_costs_the_same_however_long(program, ana, cat336, volvo480, queries_of):
    call = program(ana)
    call("GET", MACHINES)
    one = queries_of(lambda: call("GET", f"{MACHINES}?limit=1"))
    assert queries_of(lambda: call("GET", MACHINES)) == one


def test_the_catalogue_is_read(program, carla, tito, cat336, volvo480):
    call = program(carla)
    answer = call("GET", "/api/v1/machine-models?q=cat+336").json()
    assert answer["items"] == [{"id": str(cat336.model_id), "brand": "CAT", "name": "336", "type": "excavator"}]
    assert call("GET", "/api/v1/machine-models?brand=volvo").json()["items"][0]["name"] == "EC480D"
    assert program(tito)("GET", "/api/v1/machine-models").status_code == 403
