"""Parts through the API: the same catalogue, the same rules, no money for technicians."""

from decimal import Decimal

import pytest

from komaq.parts import actions
from komaq.parts.models import Part, PartLink

PARTS = "/api/v1/parts"
NEW = {
    "brand": "CAT",
    "number": "1R-0751",
    "name": "Filtro de aceite",
    "category": "filter",
    "grade": "original",
    "unit": "NIU",
    "price": "41.50",
    "minimum": "2",
    "maximum": "8",
}


@pytest.fixture
def stocked(nico, store, oil_filter, cat336):
    part = actions.change_part(part=oil_filter, version=1, price=Decimal(88), fits=[cat336.model], by=nico)
    actions.receive_stock(part=part, warehouse=store, quantity=Decimal(10), unit_cost=Decimal("61.5"), by=nico)
    actions.reserve_stock(part=part, quantity=Decimal(3), source=store, need_by=None, by=nico)
    return part


def test_logistics_adds_a_part_and_reads_it_back(program, nico, cat336):
    call = program(nico)
    made = call("POST", PARTS, {**NEW, "fits": [str(cat336.model_id)]})
    assert made.status_code == 201, made.content
    part, told = Part.objects.get(), made.json()
    assert (part.number_key, part.price, [fit.model_id for fit in part.fits.all()]) == (
        "1R0751",
        Decimal("41.5"),
        [cat336.model_id],
    )
    assert (told["price"], told["on_hand"], told["unit_cost"], made.headers["ETag"]) == ("41.5", "0", None, '"1"')
    assert call("GET", f"{PARTS}/{part.pk}").json() == told


def test_a_part_says_what_there_is_and_money_by_role(program, nico, ana, tito, stocked):
    seen = {user: program(user)("GET", f"{PARTS}/{stocked.pk}").json() for user in (nico, ana, tito)}
    assert {(told["on_hand"], told["available"]) for told in seen.values()} == {("10", "7")}
    money = [(seen[user]["price"], seen[user]["unit_cost"]) for user in (nico, ana, tito)]
    assert money == [("88", "61.5"), ("88", None), (None, None)]
    assert program(tito)("GET", PARTS).json()["items"][0]["price"] is None


@pytest.mark.parametrize(
    "query", ["q=0750", "q=1r0750", "q=filtro%20petroleo", "brand=cat", "short=true", "is_open=true", "model=MODEL"]
)
def test_the_list_is_narrowed(program, nico, stocked, query):
    actions.create_part(brand="Esco", number="V39", name="Punta", category="ground_engaging", by=nico)
    esco = Part.objects.get(brand="Esco")
    actions.change_part(part=esco, version=1, is_open=False, by=nico)
    actions.change_part(part=stocked, version=2, minimum=Decimal(7), by=nico)
    model = stocked.fits.get().model_id
    items = program(nico)("GET", f"{PARTS}?{query.replace('MODEL', str(model))}").json()["items"]
    assert [each["number"] for each in items] == ["1R-0750"]


def test_a_list_goes_on_and_costs_the_same_reads_for_one_part_and_three(program, nico, stocked, queries_of):
    call = program(nico)
    call("GET", PARTS)
    one = queries_of(lambda: call("GET", PARTS))
    for number in (1, 2):
        actions.create_part(brand="CAT", number=f"9-{number}", name="Perno", fits=[stocked.fits.get().model], by=nico)
    assert queries_of(lambda: call("GET", PARTS)) == one
    first = call("GET", f"{PARTS}?limit=2&sort=number").json()
    second = call("GET", f"{PARTS}?limit=2&sort=number&cursor={first['next']}").json()
    assert [each["number"] for each in [*first["items"], *second["items"]]] == ["1R-0750", "9-1", "9-2"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "--"}, "number"),
        ({"number": ""}, "number"),
        ({"brand": "x" * 41}, "brand"),
        ({"category": "none"}, "category"),
        ({"price": "-1"}, "price"),
        ({"price": "1.12345"}, "price"),
        ({"maximum": "1"}, "maximum"),
        ({"fits": ["987654321"]}, "fits"),
        ({"version": 7}, "version"),
        ({"search": "x"}, "search"),
        ({"sort_key": "x"}, "sort_key"),
        ({"number_key": "x"}, "number_key"),
        ({"unit_cost": "1"}, "unit_cost"),
        ({"on_hand": "99"}, "on_hand"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
)
def test_what_is_wrong_or_not_ones_to_set_is_refused(program, nico, change, field):
    answer = program(nico)("POST", PARTS, NEW | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert not Part.objects.exists()


def test_a_number_taken_is_a_conflict(program, nico, oil_filter):
    answer = program(nico)("POST", PARTS, NEW | {"number": "1r 0750", "brand": "cat"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "number")
    assert Part.objects.count() == 1


def test_the_same_key_adds_once(program, nico):
    call = program(nico)
    first, second = (call("POST", PARTS, NEW, Idempotency_Key="parte-1") for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Part.objects.count() == 1


def test_a_change_needs_the_version_it_was_read_at(program, nico, stocked):
    call, address = program(nico), f"{PARTS}/{stocked.pk}"
    assert call("PATCH", address, {"price": "90"}).status_code == 428
    stale = call("PATCH", address, {"price": "90"}, If_Match='"1"')
    assert stale.status_code == 412
    assert (stale.json()["current"]["price"], stale.json()["current"]["on_hand"]) == ("88", "10")
    changed = call("PATCH", address, {"price": None, "is_open": False}, If_Match='"2"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"3"')
    part = Part.objects.get()
    assert (part.price, part.is_open, part.name, part.fits.count()) == (None, False, "Filtro de petróleo", 1)
    assert call("PATCH", address, {"fits": []}, If_Match='"3"').json()["fits"] == []


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("lola", 403), ("tito", 403), ("carla", 404), ("alex", 403)])
def test_only_logistics_writes(request, program, oil_filter, who, status):
    call, address = program(request.getfixturevalue(who)), f"{PARTS}/{oil_filter.pk}"
    assert call("POST", PARTS, NEW).status_code == status
    assert call("PATCH", address, {"name": "x"}, If_Match='"1"').status_code == status
    link = {"other": str(oil_filter.pk), "kind": "equivalent"}
    assert call("POST", f"{address}/links", link).status_code == status
    assert Part.objects.get().version == 1


@pytest.mark.parametrize(("who", "status"), [("carla", 404), ("omar", 404), ("alex", 403)])
def test_clients_and_system_administrators_read_nothing(request, program, oil_filter, who, status):
    call = program(request.getfixturevalue(who))
    for address in (PARTS, f"{PARTS}/{oil_filter.pk}", f"{PARTS}/{oil_filter.pk}/offered"):
        assert call("GET", address).status_code == status


def test_what_may_be_taken_is_offered(program, tito, nico, store, stocked):
    newer = actions.create_part(brand="CAT", number="1R-0799", name="Filtro", by=nico)
    actions.link_parts(part=stocked, other=newer, kind="superseded_by", by=nico)
    items = program(tito)("GET", f"{PARTS}/{stocked.pk}/offered").json()["items"]
    assert [(each["number"], each["why"], each["available"]) for each in items] == [
        ("1R-0799", "successor", "0"),
        ("1R-0750", "itself", "7"),
    ]


def test_links_are_made_and_taken_back(program, nico, oil_filter):
    other = actions.create_part(brand="Donaldson", number="P551313", name="Filtro", by=nico)
    third = actions.create_part(brand="Fleetguard", number="FF5320", name="Filtro", by=nico)
    call, address = program(nico), f"{PARTS}/{oil_filter.pk}/links"
    made = call("POST", address, {"other": str(other.pk), "kind": "equivalent"})
    assert made.status_code == 201
    again = call("POST", address, {"other": str(other.pk), "kind": "superseded_by"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "other")
    missing = call("POST", address, {"other": "987654321", "kind": "equivalent"})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "other")
    link = made.json()["id"]
    assert call("DELETE", f"{PARTS}/{third.pk}/links/{link}").status_code == 404
    assert PartLink.objects.count() == 1
    assert call("DELETE", f"{PARTS}/{other.pk}/links/{link}").status_code == 204
    assert not PartLink.objects.exists()
    assert call("DELETE", f"{address}/{link}").status_code == 404
