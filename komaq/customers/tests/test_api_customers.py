"""Customers through the API."""

import pytest

from komaq.accounts.choices import Role
from komaq.customers.models import Contact, Customer

CUSTOMERS = "/api/v1/customers"
MINE = {
    "kind": "company",
    "tax_id_type": "6",
    "tax_id": " 20131312955 ",
    "name": "Minera Los Andes S.A.C.",
    "phone": "958 204 116",
    "email": "compras@losandes.test",
    "response_hours": {"machine_down": 4, "high": None},
}


def test_the_office_adds_a_customer_and_reads_it_back(program, ana):
    call = program(ana)
    made = call("POST", CUSTOMERS, MINE)
    assert made.status_code == 201, made.content
    customer = Customer.objects.get(tax_id="20131312955")
    assert (customer.phone, customer.response_hours) == ("+51958204116", {"machine_down": 4})
    assert made.json()["contacts"] == []
    assert call("GET", f"{CUSTOMERS}/{customer.pk}").json() == made.json()
    assert call("GET", f"{CUSTOMERS}?q=losandes+20131312955").json()["items"] == []
    assert call("GET", f"{CUSTOMERS}?q=andes+20131312955&kind=company").json()["items"] == [made.json()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tax_id": "20131312956"}, "tax_id"),
        ({"tax_id": "99131312955"}, "tax_id"),
        ({"tax_id": "2013131295"}, "tax_id"),
        ({"tax_id_type": "1", "tax_id": "45678912"}, "tax_id_type"),
        ({"kind": "person", "tax_id_type": "1", "tax_id": "4567891"}, "tax_id"),
        ({"kind": "person", "tax_id_type": "7", "tax_id": "AB12345"}, "tax_id_type"),
        ({"phone": "123"}, "phone"),
        ({"email": "no es correo"}, "email"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"response_hours": {"machine_down": 0}}, "response_hours.machine_down"),
        ({"response_hours": {"urgent": 1}}, "response_hours.urgent"),
        ({"version": 4}, "version"),
        ({"search": "x"}, "search"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, ana, change, field):
    answer = program(ana)("POST", CUSTOMERS, {**MINE, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Customer.objects.exists()


def test_the_complaint_is_the_forms_own(program, ana):
    answer = program(ana)("POST", CUSTOMERS, {**MINE, "tax_id": "20131312956"})
    assert answer.json()["errors"][0]["message"] == "El último dígito no corresponde: revise el RUC."


def test_a_known_number_is_a_conflict(program, ana, andinos):
    answer = program(ana)("POST", CUSTOMERS, {**MINE, "tax_id": andinos.tax_id})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "tax_id")


def test_the_same_key_makes_one_customer(program, ana):
    call = program(ana)
    first = call("POST", CUSTOMERS, MINE, Idempotency_Key="una")
    assert call("POST", CUSTOMERS, MINE, Idempotency_Key="una").json() == first.json()
    assert Customer.objects.count() == 1


def test_what_is_not_sent_stays(program, ana, andinos):
    Customer.objects.filter(pk=andinos.pk).update(address="Av. Ejército 710", response_hours={"high": 8})
    call, address = program(ana), f"{CUSTOMERS}/{andinos.pk}"
    assert call("PATCH", address, {"trade_name": "Andinos"}).status_code == 428
    changed = call("PATCH", address, {"trade_name": "Andinos", "phone": "987654321"}, If_Match='"1"')
    assert changed.status_code == 200, changed.content
    andinos.refresh_from_db()
    assert (andinos.trade_name, andinos.phone, andinos.address) == ("Andinos", "+51987654321", "Av. Ejército 710")
    assert andinos.response_hours == {"high": 8}
    stale = call("PATCH", address, {"trade_name": "Otra"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    emptied = call("PATCH", address, {"response_hours": {}}, If_Match=changed.headers["ETag"])
    assert emptied.json()["response_hours"] == {}


def test_a_company_corrects_where_it_is_reached_and_nothing_else(program, carla, andinos):
    call, address = program(carla), f"{CUSTOMERS}/{andinos.pk}"
    changed = call("PATCH", address, {"phone": "987654321"}, If_Match='"1"')
    assert changed.json()["phone"] == "+51987654321"
    for field, value in (("name", "Otra"), ("response_hours", {"high": 1})):
        assert call("PATCH", address, {field: value}, If_Match='"2"').status_code == 403
    andinos.refresh_from_db()
    assert (andinos.name, andinos.response_hours, andinos.version) == (changed.json()["name"], {}, 2)


@pytest.mark.parametrize(
    "field", ["id", "kind", "tax_id", "tax_id_type", "version", "contacts", "sort_key", "created_at"]
)
def test_what_cannot_change_is_no_field(program, ana, andinos, field):
    answer = program(ana)("PATCH", f"{CUSTOMERS}/{andinos.pk}", {field: "7"}, If_Match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    andinos.refresh_from_db()
    assert andinos.version == 1


def test_who_may_not_keep_customers(program, fina, beto, omar, carla, alex, andinos):
    address = f"{CUSTOMERS}/{andinos.pk}"
    for user, status in ((fina, 403), (beto, 403), (alex, 403), (omar, 404)):
        assert program(user)("PATCH", address, {"phone": ""}, If_Match='"1"').status_code == status
    assert program(fina)("POST", CUSTOMERS, MINE).status_code == 403
    assert program(carla)("POST", CUSTOMERS, MINE).status_code == 404
    assert Customer.objects.filter(tax_id="20131312955").count() == 0


def test_an_administrator_of_one_company_is_none_of_another(program, both, andinos):
    answer = program(both)("PATCH", f"{CUSTOMERS}/{andinos.pk}", {"phone": "987654321"}, If_Match='"1"')
    assert answer.status_code == 403


def test_each_sees_its_own_and_a_foreign_one_is_like_none(program, carla, omar, andinos, illapa):
    call = program(carla)
    assert [each["id"] for each in call("GET", CUSTOMERS).json()["items"]] == [str(andinos.pk)]
    foreign, missing = call("GET", f"{CUSTOMERS}/{illapa.pk}"), call("GET", f"{CUSTOMERS}/987654321")
    assert foreign.status_code == 404
    assert foreign.content == missing.content


def test_a_list_costs_the_same_however_long(program, ana, carla, beto, omar, queries_of):
    call = program(ana)
    call("GET", CUSTOMERS)
    one = queries_of(lambda: call("GET", f"{CUSTOMERS}?limit=1"))
    assert queries_of(lambda: call("GET", CUSTOMERS)) == one
    told = {each["name"]: len(each["contacts"]) for each in call("GET", CUSTOMERS).json()["items"]}
    assert sorted(told.values()) == [1, 2]


def test_only_who_speaks_for_it_now_is_listed(program, ana, andinos, carla, rita):
    Contact.objects.filter(person=carla.person).update(status="ended")
    assert program(ana)("GET", f"{CUSTOMERS}/{andinos.pk}").json()["contacts"] == []
    assert Role.CUSTOMER_ADMIN in carla.roles
