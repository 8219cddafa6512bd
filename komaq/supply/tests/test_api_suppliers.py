"""Suppliers and their people through the API."""

import pytest

from komaq.supply import actions
from komaq.supply.models import Supplier, SupplierContact

SUPPLIERS = "/api/v1/suppliers"
CONTACTS = "/api/v1/supplier-contacts"
MINE = {
    "tax_id_type": "6",
    "tax_id": " 20990001023 ",
    "name": "Hidráulica del Centro S.A.C.",
    "phone": "01 205 4200",
    "lead_days": 4,
}


def test_logistics_adds_a_supplier_and_reads_it_back(program, nico):
    call = program(nico)
    made = call("POST", SUPPLIERS, MINE)
    assert made.status_code == 201, made.content
    supplier = Supplier.objects.get()
    assert (supplier.tax_id, supplier.phone, supplier.country) == ("20990001023", "+5112054200", "PE")
    assert call("GET", f"{SUPPLIERS}/{supplier.pk}").json() == made.json()
    assert call("GET", f"{SUPPLIERS}?q=centro&country=PE&open=yes").json()["items"] == [made.json()]
    assert call("GET", f"{SUPPLIERS}?currency=PEN").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tax_id": "20990001024"}, "tax_id"),
        ({"tax_id_type": "1"}, "tax_id_type"),
        ({"country": "US"}, "country"),
        ({"country": "XX"}, "country"),
        ({"tax_id_type": "0", "tax_id": "91", "country": "US"}, "tax_id"),
        ({"name": " "}, "name"),
        ({"phone": "123"}, "phone"),
        ({"email": "no"}, "email"),
        ({"lead_days": 731}, "lead_days"),
        ({"lead_days": "4"}, "lead_days"),
        ({"currency": "EUR"}, "currency"),
        ({"language": "qu"}, "language"),
        ({"version": 4}, "version"),
        ({"is_open": False}, "is_open"),
        ({"search": "x"}, "search"),
        ({"role": "admin"}, "role"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, nico, change, field):
    answer = program(nico)("POST", SUPPLIERS, {**MINE, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Supplier.objects.exists()


def test_a_known_number_is_a_conflict(program, nico, ferreycorp):
    answer = program(nico)("POST", SUPPLIERS, {**MINE, "tax_id": ferreycorp.tax_id})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "tax_id")


def test_the_same_key_makes_one_supplier(program, nico):
    call = program(nico)
    first = call("POST", SUPPLIERS, MINE, Idempotency_Key="una")
    assert call("POST", SUPPLIERS, MINE, Idempotency_Key="una").json() == first.json()
    assert Supplier.objects.count() == 1


def test_what_is_not_sent_stays(program, nico, ferreycorp):
    call, address = program(nico), f"{SUPPLIERS}/{ferreycorp.pk}"
    assert call("PATCH", address, {"address": "Yura"}).status_code == 428
    changed = call("PATCH", address, {"address": "Yura", "lead_days": None, "is_open": False}, If_Match='"1"')
    assert changed.status_code == 200, changed.content
    ferreycorp.refresh_from_db()
    assert (ferreycorp.address, ferreycorp.lead_days, ferreycorp.is_open) == ("Yura", None, False)
    assert (ferreycorp.name, ferreycorp.email) == ("Repuestos Ferrey del Perú S.A.C.", "ventas@ferrey.test")
    stale = call("PATCH", address, {"address": "Otra"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())


@pytest.mark.parametrize("field", ["id", "tax_id", "tax_id_type", "version", "contacts", "sort_key", "created_at"])
def test_what_cannot_change_is_no_field(program, nico, ferreycorp, field):
    answer = program(nico)("PATCH", f"{SUPPLIERS}/{ferreycorp.pk}", {field: "7"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    ferreycorp.refresh_from_db()
    assert ferreycorp.version == 1


def test_who_may_not_keep_suppliers(program, lola, ana, tito, carla, ferreycorp, paula):
    address = f"{SUPPLIERS}/{ferreycorp.pk}"
    for user, status in ((lola, 403), (ana, 403), (tito, 403), (carla, 404)):
        call = program(user)
        assert call("POST", SUPPLIERS, MINE).status_code == status
        assert call("PATCH", address, {"phone": ""}, If_Match='"1"').status_code == status
        assert call("POST", f"{address}/contacts", {"given_names": "X"}).status_code == status
        assert call("POST", f"{CONTACTS}/{paula.pk}/end").status_code == status
    assert (Supplier.objects.count(), SupplierContact.objects.get().ended_at) == (1, None)


def test_one_that_is_not_there_is_not_found(program, nico):
    call = program(nico)
    for path in ("", "/contacts", "/parts", "/record"):
        assert call("GET", f"{SUPPLIERS}/987654321{path}").status_code == 404
    assert call("GET", f"{CONTACTS}/987654321").status_code == 404


def test_people_are_noted_corrected_and_ended(program, nico, ferreycorp):
    call, address = program(nico), f"{SUPPLIERS}/{ferreycorp.pk}/contacts"
    made = call("POST", address, {"given_names": "Paula", "email": "Paula@Ferrey.test", "phone": "987654001"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["email"], told["phone"], told["gets_requests"]) == ("paula@ferrey.test", "+51987654001", True)
    assert call("GET", address).json()["items"] == [told]
    assert call("GET", f"{SUPPLIERS}/{ferreycorp.pk}").json()["contacts"] == [told["id"]]
    changed = call("PATCH", f"{CONTACTS}/{told['id']}", {"gets_requests": False}, If_Match=made.headers["ETag"])
    assert changed.json() == {**told, "gets_requests": False, "version": changed.json()["version"]}
    again = call("PATCH", f"{CONTACTS}/{told['id']}", {"title": "X"}, If_Match=made.headers["ETag"])
    assert (again.status_code, again.json()["current"]) == (412, changed.json())
    ended = call("POST", f"{CONTACTS}/{told['id']}/end")
    assert (ended.status_code, ended.json()["is_active"]) == (200, False)
    assert call("GET", address).json()["items"] == []
    assert call("GET", f"{CONTACTS}/{told['id']}").json() == ended.json()
    late = call("PATCH", f"{CONTACTS}/{told['id']}", {"title": "X"}, If_Match=ended.headers["ETag"])
    assert late.status_code == 409


def test_the_record_is_null_where_it_has_no_data(program, gina, ferreycorp):
    told = program(gina)("GET", f"{SUPPLIERS}/{ferreycorp.pk}/record").json()
    assert (told["lines"], told["on_time_in_full"], told["lead_mean"]) == (0, None, None)


def test_a_list_costs_the_same_however_long(program, nico, ferreycorp, tracto, paula, john, queries_of):
    call = program(nico)
    call("GET", SUPPLIERS)
    one = queries_of(lambda: call("GET", f"{SUPPLIERS}?limit=1"))
    actions.add_supplier_contact(supplier=tracto, given_names="Ann", by=nico)
    assert queries_of(lambda: call("GET", SUPPLIERS)) == one
    people = f"{SUPPLIERS}/{tracto.pk}/contacts"
    one = queries_of(lambda: call("GET", f"{people}?limit=1"))
    assert queries_of(lambda: call("GET", people)) == one
