"""Purchase orders, receipts and claims by program: the same rules as the pages."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.parts.models import Stock
from komaq.supply import actions
from komaq.supply.models import Claim, GoodsReceipt, PurchaseOrder

ORDERS, RECEIPTS, CLAIMS = "/api/v1/purchase-orders", "/api/v1/receipts", "/api/v1/claims"


@pytest.fixture
def draft_in(ferreparts, store, oil_filter, dollar):
    """A well-formed order of one line."""
    line = {"part": str(oil_filter.pk), "quantity": "4", "price": "10.55"}
    return {"supplier": str(ferreparts.pk), "deliver_to": str(store.pk), "currency": "USD", "lines": [line]}


def move(call, order, to, **more):
    return call("POST", f"{ORDERS}/{order['id']}/transitions", {"to": to, **more}, If_Match=f'"{order["version"]}"')


def test_from_draft_to_the_last_piece(program, nico, draft_in, store):
    call = program(nico)
    made = call("POST", ORDERS, draft_in)
    assert made.status_code == 201, made.content
    order = made.json()
    assert (order["status"], order["total"], order["total_pen"]) == ("draft", "42.20", "158.25")
    order = move(call, order, "to_approve").json()
    assert order["status"] == "approved"
    order = move(call, order, "sent", message="Urgente").json()
    assert order["status"] == "sent"
    line = order["lines"][0]["id"]
    far = (clock.today() + datetime.timedelta(days=400)).isoformat()
    order = move(call, order, "confirmed", dates=[{"line": line, "on": far}]).json()
    assert (order["status"], order["lines"][0]["promised_on"]) == ("confirmed", far)
    came = {"purchase_order": order["id"], "warehouse": str(store.pk), "guide": "T001-1"}
    rows = [{"line": line, "accepted": "3", "refused": "1", "kind": "damaged", "note": "Roto"}]
    receipt = call("POST", RECEIPTS, {**came, "lines": rows})
    assert receipt.status_code == 201, receipt.content
    assert receipt.json()["lines"][0]["accepted"] == "3.0000"
    assert Stock.objects.get().on_hand == 3
    claim = call("GET", CLAIMS).json()["items"][0]
    assert (claim["status"], claim["quantity"]) == ("open", "1.0000")
    assert call("POST", f"{CLAIMS}/{claim['id']}/transitions", {"to": "sent_back"}).json()["status"] == "sent_back"
    settled = call("POST", f"{CLAIMS}/{claim['id']}/transitions", {"to": "settled", "outcome": "Nota de crédito"})
    assert settled.json()["outcome"] == "Nota de crédito"
    over = call("POST", RECEIPTS, {**came, "lines": [{"line": line, "accepted": "2"}]})
    assert over.status_code == 409
    call("POST", RECEIPTS, {**came, "lines": [{"line": line, "accepted": "1"}]})
    assert call("GET", f"{ORDERS}/{order['id']}").json()["status"] == "received"
    assert call("GET", f"{RECEIPTS}?purchase_order={order['id']}").json()["items"][0]["guide"] == "T001-1"


def test_a_manager_approves_and_nobody_else(program, nico, gina, fina, draft_in):
    draft_in["lines"][0] |= {"quantity": "100", "price": "1000"}
    order = program(nico)("POST", ORDERS, draft_in).json()
    order = move(program(nico), order, "to_approve").json()
    assert (order["status"], order["needs_approval"]) == ("to_approve", True)
    assert move(program(nico), order, "approved").status_code == 403
    assert move(program(fina), order, "approved").status_code == 403
    back = move(program(gina), order, "draft", reason="Pida otra oferta").json()
    order = move(program(nico), back, "to_approve").json()
    approved = move(program(gina), order, "approved").json()
    assert (approved["status"], approved["approved_by"]) == ("approved", str(gina.pk))


def test_versions_conflicts_and_repeats(program, nico, draft_in):
    call = program(nico)
    order = call("POST", ORDERS, draft_in, Idempotency_Key="uno").json()
    again = call("POST", ORDERS, draft_in, Idempotency_Key="uno")
    assert again.json() == order
    assert PurchaseOrder.objects.count() == 1
    assert call("POST", f"{ORDERS}/{order['id']}/transitions", {"to": "approved"}).status_code == 428
    assert move(call, order, "received", reason="x").status_code == 409
    moved = move(call, order, "approved").json()
    stale = move(call, order, "sent")
    assert stale.status_code == 412
    assert stale.json()["current"]["version"] == moved["version"]
    assert move(call, moved, "cancelled", reason="").status_code == 422


@pytest.mark.parametrize("who", ["ana", "tito", "alex", "carla"])
def test_who_may_not_know_prices_sees_nothing(program, buy, oil_filter, who, request):
    purchase, call = buy((oil_filter, "4", "10")), program(request.getfixturevalue(who))
    for path in (ORDERS, f"{ORDERS}/{purchase.pk}", f"{ORDERS}/{purchase.pk}.pdf", RECEIPTS, CLAIMS):
        assert call("GET", path).status_code in {403, 404}


def test_who_sees_them_may_not_buy(program, lola, draft_in):
    assert program(lola)("POST", ORDERS, draft_in).status_code == 403
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"status": "approved"},
        {"approved_by": "1"},
        {"total": "1"},
        {"rate": "1"},
        {"code": "OC-1"},
        {"lines": []},
        {"lines": [{"part": "1", "quantity": "0", "price": "1"}]},
        {"supplier": "987654"},
        {"deliver_to": "987654"},
        {"currency": "EUR"},
    ],
)
def test_what_may_not_be_given_is_refused(program, nico, draft_in, more):
    if more.get("lines"):
        more["lines"][0]["part"] = draft_in["lines"][0]["part"]
    assert program(nico)("POST", ORDERS, {**draft_in, **more}).status_code == 422
    assert not PurchaseOrder.objects.exists()


def test_lines_of_another_order_are_not_received(program, nico, sent, oil_filter, seal, store):
    mine, other = sent((oil_filter, "4", "10")), sent((seal, "1", "5"))
    rows = [{"line": str(other.lines.get().pk), "accepted": "1"}]
    answer = program(nico)(
        "POST", RECEIPTS, {"purchase_order": str(mine.pk), "warehouse": str(store.pk), "lines": rows}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lines.0.line"
    assert not GoodsReceipt.objects.exists()


def test_the_paper_is_a_pdf(program, nico, sent, oil_filter):
    answer = program(nico)("GET", f"{ORDERS}/{sent((oil_filter, '4', '10')).pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_lists_cost_the_same_for_many(program, nico, sent, take_in, oil_filter, queries_of):
    call = program(nico)
    counts = []
    call("GET", ORDERS)  # the first call of a token writes down its day
    for number in (1, 3):
        for _time in range(number):
            take_in(sent((oil_filter, "4", "10")), ("2", "1"))
        counts.append([queries_of(lambda path=path: call("GET", path)) for path in (ORDERS, RECEIPTS, CLAIMS)])
    assert counts[0] == counts[1]
    assert Claim.objects.count() == 4


def test_filters_narrow(program, nico, sent, take_in, oil_filter, seal, ferreparts):
    call = program(nico)
    first, second = sent((oil_filter, "4", "10")), sent((seal, "1", "500"))
    take_in(first, ("1", "0"))

    def codes(query):
        return [each["code"] for each in call("GET", f"{ORDERS}?{query}").json()["items"]]

    assert codes("status=partial") == [first.code]
    assert codes(f"part={seal.pk}") == [second.code]
    assert codes("q=1r0750") == [first.code]
    assert codes("sort=dearest") == [second.code, first.code]
    assert codes("late=true") == []
    assert codes(f"supplier={ferreparts.pk}&sort=oldest") == [first.code, second.code]
    assert call("GET", f"{ORDERS}?sort=price").status_code == 400


def test_a_need_is_bought_once_by_program_too(program, nico, draft_in, oil_filter):
    need = actions.add_need(part=oil_filter, quantity=Decimal(4), reason="Venta en tienda", by=nico)
    draft_in["lines"][0]["needs"] = [str(need.pk)]
    call = program(nico)
    assert call("POST", ORDERS, draft_in).status_code == 201
    assert call("POST", ORDERS, draft_in).status_code == 422
    assert PurchaseOrder.objects.count() == 1
