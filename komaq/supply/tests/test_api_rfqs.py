"""Requests for quotation by program: the same rules as the pages."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.supply.choices import NeedState
from komaq.supply.models import Offer, PurchaseOrder, QuotationRequest

RFQS, INVITES, LINES = "/api/v1/rfqs", "/api/v1/rfq-invites", "/api/v1/offer-lines"


def moment(**span):
    return (clock.now() + datetime.timedelta(**span)).isoformat()


@pytest.fixture
def draft_in(ferreycorp, tracto, paula, john, store, oil_filter, seal, dollar):
    """A well-formed request of two lines to two suppliers."""
    return {
        "lines": [
            {"part": str(oil_filter.pk), "quantity": "10"},
            {"part": str(seal.pk), "quantity": "2", "takes_alternative": False},
        ],
        "suppliers": [str(ferreycorp.pk), str(tracto.pk)],
        "deadline": moment(days=2),
        "deliver_to": str(store.pk),
    }


def move(call, asked, to, **more):
    return call("POST", f"{RFQS}/{asked['id']}/transitions", {"to": to, **more}, If_Match=f'"{asked["version"]}"')


def award(call, asked, *choices):
    return call("POST", f"{RFQS}/{asked['id']}/award", {"choices": list(choices)}, If_Match=f'"{asked["version"]}"')


@pytest.fixture
def sent_by_program(program, nico, draft_in):
    """The caller of Nico's program, and a request it sent."""
    call = program(nico)
    return call, move(call, call("POST", RFQS, draft_in).json(), "sent").json()


def offer_in(asked, *prices, **more):
    lines = [
        {"line": line["id"], "price": price, "lead_days": 3} if price else {"line": line["id"]}
        for line, price in zip(asked["lines"], prices, strict=False)
    ]
    return {"currency": "USD", "lines": lines, **more}


def test_from_draft_to_orders(program, nico, draft_in, need_of, letters_to):
    need, call = need_of(quantity="10"), program(nico)
    draft_in["lines"][0]["needs"] = [str(need.pk)]
    made = call("POST", RFQS, draft_in)
    assert made.status_code == 201, made.content
    asked = made.json()
    assert (asked["status"], len(asked["lines"]), len(asked["invites"])) == ("draft", 2, 2)
    asked = move(call, asked, "sent").json()
    assert asked["status"] == "sent"
    assert len(letters_to("paula@ferrey.test")) == 1
    first, second = (each["id"] for each in asked["invites"])
    noted = call("POST", f"{INVITES}/{first}/offers", offer_in(asked, "10.5", "5"))
    assert noted.status_code == 201, noted.content
    assert (noted.json()["number"], noted.json()["entered_by"]) == (1, str(nico.pk))
    assert call("POST", f"{INVITES}/{second}/decline", {"reason": "Sin stock"}).json()["status"] == "declined"
    asked = call("GET", f"{RFQS}/{asked['id']}").json()
    rows = asked["invites"][0]["offer"]["lines"]
    done = award(call, asked, {"offer_line": rows[0]["id"], "quantity": "8"}, {"offer_line": rows[1]["id"]})
    assert done.status_code == 200, done.content
    done = done.json()
    assert done["status"] == "awarded"
    (order,) = done["purchase_orders"]
    assert PurchaseOrder.objects.get(pk=order).total == Decimal("94.00")
    need.refresh_from_db()
    assert need.state == NeedState.ORDERED
    assert award(call, done, {"offer_line": rows[0]["id"]}).status_code == 409


def test_versions_and_repeats(program, nico, draft_in, ferreycorp):
    call = program(nico)
    asked = call("POST", RFQS, draft_in, Idempotency_Key="uno").json()
    assert call("POST", RFQS, draft_in, Idempotency_Key="uno").json() == asked
    assert QuotationRequest.objects.count() == 1
    assert call("POST", f"{RFQS}/{asked['id']}/transitions", {"to": "sent"}).status_code == 428
    sent = move(call, asked, "sent").json()
    stale = move(call, asked, "cancelled", reason="x")
    assert stale.status_code == 412
    assert stale.json()["current"]["version"] == sent["version"]
    assert move(call, sent, "cancelled", reason="").status_code == 422
    assert move(call, sent, "cancelled", reason="Duplicada").json()["status"] == "cancelled"
    assert move(call, {**sent, "version": sent["version"] + 1}, "sent").status_code == 409


def test_reminding_and_more_time(sent_by_program, letters_to, ferreparts):
    call, asked = sent_by_program
    assert call("POST", f"{RFQS}/{asked['id']}/remind").status_code == 200
    assert call("POST", f"{RFQS}/{asked['id']}/remind").status_code == 409
    assert len(letters_to("paula@ferrey.test")) == 2
    etag = {"If_Match": f'"{asked["version"]}"'}
    early = call("POST", f"{RFQS}/{asked['id']}/extend", {"deadline": moment(hours=1)}, **etag)
    assert early.status_code == 422
    later = call("POST", f"{RFQS}/{asked['id']}/extend", {"deadline": moment(days=5)}, **etag)
    assert later.status_code == 200, later.content
    added = call("POST", f"{RFQS}/{asked['id']}/invites", {"supplier": str(ferreparts.pk)})
    assert (added.status_code, added.json()["status"]) == (201, "waiting")
    again = call("POST", f"{RFQS}/{asked['id']}/invites", {"supplier": str(ferreparts.pk)})
    assert again.status_code == 409


def test_an_alternative_is_named_by_program(sent_by_program, tooth):
    call, asked = sent_by_program
    first = asked["invites"][0]["id"]
    given = offer_in(asked, "8")
    given["lines"][0]["alternative"] = "ESCO V61"
    row = call("POST", f"{INVITES}/{first}/offers", given).json()["lines"][0]
    assert award(call, asked, {"offer_line": row["id"]}).status_code == 409
    named = call("POST", f"{LINES}/{row['id']}/part", {"part": str(tooth.pk)})
    assert named.json()["alternative_part"] == str(tooth.pk)
    assert call("POST", f"{LINES}/{row['id']}/part", {"part": "999999"}).status_code == 422
    assert award(call, asked, {"offer_line": row["id"]}).status_code == 412
    asked = call("GET", f"{RFQS}/{asked['id']}").json()
    assert award(call, asked, {"offer_line": row["id"]}).json()["status"] == "awarded"


@pytest.mark.parametrize("who", ["ana", "tito", "alex", "carla"])
def test_who_may_not_know_prices_sees_nothing(program, asked, invited, quote, ferreycorp, who, request):
    made = asked()
    offer = quote(invited(made, ferreycorp), "10.73", "5")
    call = program(request.getfixturevalue(who))
    for path in (RFQS, f"{RFQS}/{made.pk}"):
        answer = call("GET", path)
        assert answer.status_code in {403, 404}
        assert b"10.73" not in answer.content
    for path, body in (
        (f"{INVITES}/{offer.invite_id}/offers", {}),
        (f"{RFQS}/{made.pk}/remind", {}),
        (f"{LINES}/{offer.lines.first().pk}/part", {"part": None}),
    ):
        assert call("POST", path, body).status_code in {403, 404}


def test_who_sees_them_may_not_ask(program, lola, gina, draft_in):
    for other in (lola, gina):
        assert program(other)("POST", RFQS, draft_in).status_code == 403
    assert not QuotationRequest.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"status": "sent"},
        {"code": "SC-1"},
        {"sent_at": "2026-11-28T13:00:00Z"},
        {"made_by": "1"},
        {"version": 9},
        {"search": "x"},
        {"lines": []},
        {"suppliers": []},
        {"suppliers": ["987654"]},
        {"deliver_to": "987654"},
        {"deadline": "2001-01-01T00:00:00Z"},
        {"deadline": "mañana"},
        {"lines": [{"part": "987654", "quantity": "1"}]},
    ],
)
def test_what_may_not_be_given_is_refused(program, nico, draft_in, more):
    answer = program(nico)("POST", RFQS, {**draft_in, **more})
    assert answer.status_code == 422, answer.content
    assert not QuotationRequest.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"price": "-1"},
        {"price": "0"},
        {"price": "1e400"},
        {"price": "NaN"},
        {"price": 10.5},
        {"price": "10000000"},
        {"lead_days": -1},
        {"lead_days": 731},
        {"lead_days": None},
        {"quantity": "0"},
        {"quantity": "1e30"},
        {"alternative": "x" * 161},
        {"awarded": "1"},
        {"has_it": True},
        {"line": "987654"},
    ],
)
def test_hostile_offers_are_refused(sent_by_program, more):
    call, asked = sent_by_program
    given = offer_in(asked, "10")
    given["lines"][0] |= more
    answer = call("POST", f"{INVITES}/{asked['invites'][0]['id']}/offers", given)
    assert answer.status_code == 422, answer.content
    assert not Offer.objects.exists()


def test_a_late_answer_is_a_conflict(sent_by_program):
    call, asked = sent_by_program
    with clock.travel(clock.now() + datetime.timedelta(days=3)):
        answer = call("POST", f"{INVITES}/{asked['invites'][0]['id']}/offers", offer_in(asked, "10"))
    assert answer.status_code == 409
    assert not Offer.objects.exists()


def test_offers_of_another_request_are_not_awarded(sent_by_program, asked, invited, quote, ferreycorp):
    call, mine = sent_by_program
    other = quote(invited(asked(), ferreycorp), "10", "5").lines.first()
    assert award(call, mine, {"offer_line": str(other.pk)}).status_code == 422
    assert not PurchaseOrder.objects.exists()


def test_letters_and_lists(program, nico, asked, ask, ferreparts, seal):
    mine, draft = asked(), ask(suppliers=[ferreparts])
    call = program(nico)

    def codes(query):
        return [each["code"] for each in call("GET", f"{RFQS}?{query}").json()["items"]]

    assert codes("status=sent") == [mine.code]
    assert codes(f"supplier={ferreparts.pk}") == [draft.code]
    assert codes(f"part={seal.pk}&sort=oldest") == [mine.code, draft.code]
    assert codes("q=1r0750&sort=newest") == [draft.code, mine.code]
    assert codes("to_decide=true") == []
    assert call("GET", f"{RFQS}?sort=price").status_code == 400


def test_lists_cost_the_same_for_many(program, nico, asked, invited, quote, ferreycorp, queries_of):
    call = program(nico)
    call("GET", RFQS)  # the first call of a token writes down its day
    counts = []
    for number in (1, 3):
        for _time in range(number):
            made = asked()
            quote(invited(made, ferreycorp), "10", "5")
        counts.append([queries_of(lambda path=path: call("GET", path)) for path in (RFQS, f"{RFQS}/{made.pk}")])
    assert counts[0] == counts[1]
