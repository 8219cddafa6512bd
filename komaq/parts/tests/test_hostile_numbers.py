"""No number, however written, breaks a page or the API of parts and stock; what was typed stands there again."""

import uuid
from decimal import Decimal
from html import escape

import pytest
from django.urls import reverse

from komaq.parts import actions
from komaq.parts.models import Part, Reservation, Stock, StockMove

pytestmark = pytest.mark.db
TEXTS = [
    "NaN",
    "-Infinity",
    "1e309",
    "-0.0001",
    "1.00000000001",
    "0x10",
    "9" * 400,
    "<script>7</script>",
    "doce",
    "1,2,3",
]
JSON = [*[f'"{text}"' for text in TEXTS], "1e400", "true", "[]", "{}", "-1", "[1]", '"\\u0000"', "1E-400"]


@pytest.fixture
def filled(nico, oil_filter, store):
    """Ten filters in the store."""
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(10), unit_cost=Decimal("7.5"), by=nico)
    return {"part": oil_filter.pk, "warehouse": store.pk}


def books():
    return (
        list(Stock.objects.values_list("on_hand", "reserved")),
        StockMove.objects.count(),
        Reservation.objects.count(),
        list(Part.objects.values_list("price", "minimum", "maximum")),
    )


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("receive", ["quantity", "unit_cost"]),
        ("transfer", ["quantity"]),
        ("adjust", ["quantity"]),
        ("set-aside", ["quantity"]),
    ],
)
def test_forms_of_stock_say_what_is_wrong_and_keep_what_was_typed(sign_in, nico, filled, van, page, fields):
    http, before = sign_in(nico), books()
    good = {**filled, "to": van.pk, "quantity": "1", "unit_cost": "1", "reason": "Razón escrita"}
    for name in fields:
        for text in TEXTS:
            if (page, text) == ("adjust", "-0.0001"):
                continue
            answer = http.post(reverse(f"parts:{page}"), {**good, name: text, "form_key": str(uuid.uuid4())})
            assert answer.status_code == 200, (name, text)
            assert answer.context["form"].errors.keys() == {name}, (name, text)
            shown = answer.content.decode()
            assert escape(text) in shown, (name, text)
            assert "Razón escrita" in shown
    assert books() == before


def test_counting_hears_no_nonsense(sign_in, nico, filled, store):
    http, before, page = sign_in(nico), books(), reverse("parts:count", args=[store.pk])
    good = {"part": filled["part"], "seen": "10", "counted": "10"}
    for name in good:
        for text in TEXTS:
            answer = http.post(page, {**good, name: text, "form_key": str(uuid.uuid4())})
            assert answer.status_code in {200, 404}, (name, text)
            assert http.get(page, {**good, name: text}).status_code in {200, 404}, (name, text)
    assert books() == before


@pytest.mark.parametrize("name", ["price", "minimum", "maximum"])
def test_the_catalogues_form_says_what_is_wrong_and_keeps_what_was_typed(sign_in, nico, oil_filter, name):
    http, before = sign_in(nico), books()
    good = {"number": "9X-1", "brand": "CAT", "name": "Sello escrito", "category": "other", "grade": "original"}
    edit = reverse("parts:edit", args=[oil_filter.pk])
    for page, more in ((reverse("parts:new"), {}), (edit, {"version": oil_filter.version, "is_open": "on"})):
        for text in TEXTS:
            answer = http.post(page, {**good, **more, "unit": "NIU", name: text})
            assert answer.status_code == 200, (page, text)
            assert answer.context["form"].errors.keys() == {name}, (page, text)
            shown = answer.content.decode()
            assert escape(text) in shown
            assert "Sello escrito" in shown
    assert books() == before


def test_programs_are_told_which_field_is_wrong(program, nico, filled, oil_filter):
    call, before = program(nico), books()
    move = f'{{"kind": "receipt", "part": "{oil_filter.pk}", "warehouse": "{filled["warehouse"]}", "reason": "x"'
    part = '{"number": "9X-1", "brand": "CAT", "name": "Sello"'
    for path, body, names in (
        ("stock-moves", move, {"quantity": '"1"', "unit_cost": '"1"'}),
        ("parts", part, {"price": '"1"', "minimum": '"1"', "maximum": '"9"'}),
    ):
        for name in names:
            for value in JSON:
                given = ", ".join(f'"{key}": {number}' for key, number in {**names, name: value}.items())
                answer = call("POST", f"/api/v1/{path}", f"{body}, {given}}}")
                assert answer.status_code in {400, 422}, (path, name, value, answer.content)
                if answer.status_code == 422:
                    assert name in {each["field"] for each in answer.json()["errors"]}, (name, value, answer.content)
    assert books() == before
