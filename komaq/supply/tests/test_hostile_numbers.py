"""No number, however written, breaks a page or the API of purchases; what was typed stands there again."""

import uuid
from html import escape

import pytest
from django.urls import reverse

from komaq.core.models import ExchangeRate
from komaq.parts.models import StockMove
from komaq.supply.models import (
    Claim,
    GoodsReceipt,
    PartsNeed,
    PriceRecord,
    PurchaseLine,
    PurchaseOrder,
    Supplier,
    SupplierPart,
)

pytestmark = pytest.mark.db
TEXTS = ["NaN", "-Infinity", "1e309", "-0.0001", "1.00000000001", "0x10", "9" * 400, "<script>7</script>", "1,2,3"]
JSON = [*[f'"{text}"' for text in TEXTS], "1e400", "true", "[]", "{}", "-1", "[1]", '"\\u0000"', "1E-400"]


def books():
    tables = (PurchaseOrder, PurchaseLine, GoodsReceipt, Claim, PartsNeed, PriceRecord, SupplierPart, Supplier)
    return [list(table.objects.order_by("pk").values()) for table in (*tables, ExchangeRate, StockMove)]


@pytest.fixture
def pages(buy, sent, take_in, oil_filter, seal, ferreparts, store):
    """Each page with numbers: its address, what fills it well, and which of it are numbers."""
    draft, coming = buy((oil_filter, "4", "10")), sent((oil_filter, "10", "10"))
    row = take_in(sent((seal, "3", "10")), ("3", "0")).lines.get()
    key = coming.lines.get().pk
    bought = {"part": seal.pk, "quantity": "1", "price": "1"}
    order = {"supplier": ferreparts.pk, "deliver_to": store.pk, "currency": "USD", "note": "Nota escrita"}
    came = {"warehouse": store.pk, "guide": "Nota escrita", f"accepted_{key}": "1", f"refused_{key}": "1"}
    sold = {"part": oil_filter.pk, "price": "1", "least": "1", "lead_days": "3", "currency": "USD"}
    known = {"tax_id_type": "0", "tax_id": "99-1234567", "name": "Nota escrita", "country": "US", "currency": "USD"}
    return {
        "purchase-new": (reverse("supply:purchase-new"), {**order, **bought}, ["quantity", "price"]),
        "line-put": (
            reverse("supply:line-put", args=[draft.pk]),
            {**bought, "version": draft.version},
            ["quantity", "price"],
        ),
        "receive": (
            reverse("supply:receive", args=[coming.pk]),
            {**came, f"kind_{key}": "damaged", f"note_{key}": "Roto"},
            [f"accepted_{key}", f"refused_{key}"],
        ),
        "claim-new": (
            reverse("supply:claim-new", args=[row.pk]),
            {"kind": "damaged", "quantity": "1", "note": "Nota escrita"},
            ["quantity"],
        ),
        "price-new": (
            reverse("supply:price-new", args=[ferreparts.pk]),
            {**sold, "their_number": "Nota escrita"},
            ["price", "least", "lead_days"],
        ),
        "rates": (reverse("supply:rates"), {"currency": "USD", "sell": "3.8", "on": "2026-01-02"}, ["sell"]),
        "supplier-new": (reverse("supply:supplier-new"), {**known, "language": "en", "lead_days": "5"}, ["lead_days"]),
        "need-new": (
            reverse("supply:need-new"),
            {"part": oil_filter.pk, "quantity": "1", "reason": "Nota escrita"},
            ["quantity"],
        ),
    }


@pytest.mark.parametrize(
    "name", ["purchase-new", "line-put", "receive", "claim-new", "price-new", "rates", "supplier-new", "need-new"]
)
def test_forms_say_what_is_wrong_and_keep_what_was_typed(pages, sign_in, nico, name):
    address, good, numbers = pages[name]
    http, before = sign_in(nico), books()
    for field in numbers:
        for text in TEXTS:
            answer = http.post(address, {**good, field: text, "form_key": str(uuid.uuid4())})
            assert answer.status_code == 200, (field, text)
            shown = answer.content.decode()
            assert escape(text) in shown, (field, text)
            assert "field__error" in shown or 'role="alert"' in shown, (field, text)
            assert "Nota escrita" in shown or "Nota escrita" not in good.values(), (field, text)
    assert books() == before


def test_more_than_was_ordered_keeps_what_was_typed(pages, sign_in, nico):
    address, good, numbers = pages["receive"]
    http, before = sign_in(nico), books()
    for field in numbers:
        answer = http.post(address, {**good, field: "10.5", "form_key": str(uuid.uuid4())})
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert 'value="10.5"' in shown
        assert "Nota escrita" in shown
        assert 'role="alert"' in shown
    assert books() == before


def test_programs_are_told_which_field_is_wrong(program, nico, sent, take_in, oil_filter, seal, ferreparts, store):
    coming = sent((oil_filter, "10", "10")).lines.get()
    row = take_in(sent((seal, "3", "10")), ("3", "0")).lines.get()
    call, before = program(nico), books()
    line_of = f'{{"part": "{seal.pk}"'
    order = f'{{"supplier": "{ferreparts.pk}", "deliver_to": "{store.pk}", "currency": "USD", "lines": [{line_of}'
    came = f'{{"line": "{coming.pk}", "note": "Roto"'
    receipt = f'{{"purchase_order": "{coming.purchase_id}", "warehouse": "{store.pk}", "lines": [{came}'
    for path, body, end, names in (
        ("purchase-orders", order, "}]}", {"quantity": '"1"', "price": '"1"'}),
        ("receipts", receipt, "}]}", {"accepted": '"1"', "refused": '"1"'}),
        ("claims", f'{{"receipt_line": "{row.pk}", "kind": "damaged", "note": "x"', "}", {"quantity": '"1"'}),
        (f"suppliers/{ferreparts.pk}/parts", f'{{"part": "{oil_filter.pk}"', "}", {"price": '"1"', "least": '"1"'}),
    ):
        for name in names:
            for value in JSON:
                given = ", ".join(f'"{key}": {number}' for key, number in {**names, name: value}.items())
                answer = call("POST", f"/api/v1/{path}", f"{body}, {given}{end}")
                assert answer.status_code in {400, 422}, (path, name, value, answer.content)
                if answer.status_code == 422:
                    told = " ".join(each["field"] for each in answer.json()["errors"])
                    assert name in told, (path, name, value, answer.content)
    assert books() == before
