"""What nobody may do with purchases, or not like that: refused by the deed itself, and by the database."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from komaq.core import clock
from komaq.core.action import lawful
from komaq.core.refusals import BadInput, NotAllowed
from komaq.parts.actions.refusals import BadQuantity
from komaq.supply import actions
from komaq.supply.actions import claims, purchases
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.actions.papers import FileNeeded
from komaq.supply.actions.prices import BadPrice
from komaq.supply.actions.suppliers import SupplierNameNeeded
from komaq.supply.choices import ClaimKind, LinkPurpose
from komaq.supply.models import (
    Claim,
    GoodsReceipt,
    PriceRecord,
    PromiseChange,
    PurchaseLine,
    PurchaseOrder,
    ReceiptLine,
    Supplier,
    SupplierLink,
    SupplierPart,
)

pytestmark = pytest.mark.db
ONE = Decimal(1)
OTHERS = ["ana", "tito", "lola", "fina", "gina", "alex", "carla"]
HOSTILE = ["NaN", "Infinity", "-1", "0", "1.00001", "1000000.0001", "1E+30", "1E-30"]


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def draft(buy, oil_filter):
    return buy((oil_filter, "4", "10"))


@pytest.fixture
def waiting(buy, seal, nico):
    """An order above the limit that waits for a manager."""
    return actions.submit_purchase(purchase=buy((seal, "100", "1000")), by=nico)


@pytest.fixture
def coming(sent, oil_filter):
    """Ten that are on their way."""
    return sent((oil_filter, "10", "10"))


@pytest.fixture
def came(sent, take_in, seal):
    """Seven of ten came, one of them broken; a claim about it, and one found later."""
    return take_in(sent((seal, "10", "10")), ("6", "1"))


@pytest.fixture
def deeds(draft, waiting, coming, came, oil_filter, ferreparts, store, nico):
    """Every deed by name, as it goes well; what is given with it takes the place of what it would take."""
    line = actions.PurchaseLineIn(part=oil_filter, quantity=ONE, price=ONE)
    bought = {"lines": [line], "currency": "USD", "deliver_to": store}
    row, coming_line = came.lines.get(), coming.lines.get()
    door = Claim.objects.get()
    dates = {coming_line.pk: in_days(3)}
    taken = [actions.ReceiptLineIn(line=coming_line, accepted=ONE)]

    def usual(act, **of):
        return lambda **given: act(**{**of, **given})

    return {
        "make": usual(actions.make_purchase, supplier=ferreparts, **bought),
        "change": usual(actions.change_purchase, purchase=draft, version=draft.version, **bought),
        "put": usual(actions.put_line, purchase=draft, part=oil_filter, quantity=ONE, price=ONE, version=draft.version),
        "terms": usual(actions.change_terms, purchase=draft, deliver_to=store, currency="PEN", version=draft.version),
        "submit": usual(actions.submit_purchase, purchase=draft),
        "return": usual(actions.return_to_draft, purchase=waiting, reason="Caro"),
        "cancel": usual(actions.cancel_purchase, purchase=coming, reason="Caro"),
        "close": usual(actions.close_purchase, purchase=came.purchase, reason="No repone"),
        "send": usual(actions.send_purchase, purchase=coming),
        "confirm": usual(actions.confirm, purchase=coming, dates=dates),
        "promise": usual(actions.change_promise, line=coming_line, promised_on=in_days(4)),
        "receive": usual(actions.receive, purchase=coming, warehouse=store, lines=taken),
        "claim": usual(actions.claim, receipt_line=row, kind=ClaimKind.DAMAGED, quantity=ONE, note="Roto"),
        "send_back": usual(actions.send_back, claim=door),
        "settle": usual(actions.settle_claim, claim=door, outcome="Nota de crédito"),
        "price": usual(
            actions.note_price, supplier=ferreparts, part=oil_filter, price=ONE, currency="USD", source="list"
        ),
    }


def refused(act, refusal, **given):
    """It is refused so, and nothing is left of it."""
    before = books()
    with pytest.raises(refusal), transaction.atomic():
        act(**given)
    assert books() == before


def books():
    return [
        list(rows.order_by("pk").values_list())
        for rows in (
            PurchaseOrder.objects,
            PurchaseLine.objects,
            PromiseChange.objects,
            GoodsReceipt.objects,
            Claim.objects,
            PriceRecord.objects,
            SupplierLink.objects,
        )
    ]


@pytest.mark.parametrize("who", OTHERS)
def test_only_logistics_buys_receives_and_claims(deeds, who, request):
    user = request.getfixturevalue(who)
    for name, act in deeds.items():
        if (name, who) != ("return", "gina"):
            refused(act, NotAllowed, by=user)


@pytest.mark.parametrize("who", ["nico", "gina"])
def test_who_wrote_it_or_decides_takes_it_back_to_draft(deeds, waiting, who, request):
    assert deeds["return"](by=request.getfixturevalue(who)).state == "draft"


@pytest.mark.parametrize("name", ["return", "cancel", "close"])
def test_what_ends_an_order_says_why(deeds, nico, name):
    refused(deeds[name], refusals.ReasonNeeded, by=nico, reason=" ")


@pytest.mark.parametrize(
    ("name", "which", "refusal"),
    [
        ("change", "waiting", refusals.PurchaseMoved),
        ("submit", "waiting", refusals.PurchaseMoved),
        ("submit", "coming", refusals.PurchaseMoved),
        ("return", "draft", refusals.PurchaseMoved),
        ("return", "coming", refusals.PurchaseMoved),
        ("close", "coming", refusals.PurchaseMoved),
        ("close", "draft", refusals.PurchaseMoved),
        ("send", "draft", refusals.PurchaseMoved),
        ("send", "waiting", refusals.PurchaseMoved),
        ("receive", "draft", refusals.PurchaseMoved),
        ("confirm", "waiting", refusals.PurchaseMoved),
    ],
)
def test_each_step_has_its_place(deeds, nico, name, which, refusal, request):
    purchase = request.getfixturevalue(which)
    version = {"version": purchase.version} if name == "change" else {}
    refused(deeds[name], refusal, by=nico, purchase=purchase, **version)


@pytest.mark.parametrize("which", ["draft", "coming"])
def test_what_nobody_asked_for_is_not_approved(gina, which, request):
    refused(actions.approve, refusals.PurchaseMoved, by=gina, purchase=request.getfixturevalue(which))


def test_what_came_is_not_cancelled(deeds, nico, came):
    refused(deeds["cancel"], refusals.PurchaseMoved, by=nico, purchase=came.purchase)


@pytest.mark.parametrize("name", ["make", "change", "terms"])
def test_nothing_is_bought_into_a_closed_warehouse(deeds, nico, store, name):
    type(store).objects.update(is_open=False)
    store.refresh_from_db()
    refused(deeds[name], refusals.PlaceClosed, by=nico, deliver_to=store)


@pytest.mark.parametrize("name", ["make", "change", "put"])
def test_nothing_is_bought_of_a_closed_supplier(deeds, nico, draft, ferreparts, name):
    Supplier.objects.update(is_open=False)
    for thing in (ferreparts, draft):
        thing.refresh_from_db()
    given = {"supplier": ferreparts} if name == "make" else {"purchase": draft}
    refused(deeds[name], refusals.SupplierClosed, by=nico, **given)


def test_a_closed_warehouse_is_named_by_what_is_received(deeds, nico, store):
    type(store).objects.update(is_open=False)
    store.refresh_from_db()
    with pytest.raises(refusals.PlaceClosed) as refusal, transaction.atomic():
        deeds["receive"](by=nico, warehouse=store)
    assert refusal.value.field == "warehouse"


def test_an_order_has_so_many_lines_and_no_more(deeds, nico, oil_filter):
    parts = [type(oil_filter)(pk=10_000 + each) for each in range(201)]
    lines = [actions.PurchaseLineIn(part=part, quantity=ONE, price=ONE) for part in parts]
    refused(deeds["make"], refusals.TooManyLines, by=nico, lines=lines)


@pytest.mark.parametrize("number", HOSTILE)
def test_numbers_that_cannot_be_are_refused(deeds, nico, oil_filter, coming, number):
    value, line = Decimal(number), coming.lines.get()
    refused(deeds["put"], BadQuantity, by=nico, quantity=value)
    refused(deeds["claim"], BadQuantity, by=nico, quantity=value)
    for given in ({"accepted": value}, {"refused": value, "note": "Roto"}):
        rows = [actions.ReceiptLineIn(line=line, **given)]
        refused(deeds["receive"], BadInput, by=nico, lines=rows)


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-0.0000000001", "10000000", "0.00000000001", "1E+30"])
def test_prices_that_cannot_be_are_refused(deeds, nico, price):
    refused(deeds["put"], refusals.BadPrice, by=nico, price=Decimal(price))


def test_a_noted_price_is_not_below_zero(deeds, nico):
    refused(deeds["price"], BadPrice, by=nico, price=Decimal("-0.01"))


@pytest.mark.parametrize("quantity", ["10.0001", "11", "999999"])
def test_no_more_comes_than_was_ordered(deeds, nico, coming, quantity):
    line = coming.lines.get()
    for given in ({"accepted": Decimal(quantity)}, {"refused": Decimal(quantity), "note": "Roto"}):
        refused(deeds["receive"], refusals.OverReceipt, by=nico, lines=[actions.ReceiptLineIn(line=line, **given)])


def test_claims_say_why_and_end_with_an_outcome(deeds, nico):
    refused(deeds["claim"], refusals.ReasonNeeded, by=nico, note=" ")
    refused(deeds["settle"], refusals.ReasonNeeded, by=nico, outcome=" ")


def test_a_claim_that_went_further_is_looked_at_again(deeds, nico):
    """Whoever holds an older copy of it is told so, and nothing moves twice."""
    deeds["settle"](by=nico)
    for name in ("settle", "send_back"):
        refused(deeds[name], refusals.ClaimClosed, by=nico)


def test_a_day_is_promised_for_what_is_still_to_come(deeds, nico, coming, came, draft, take_in):
    take_in(coming, ("10", "0"))
    refused(deeds["promise"], refusals.NothingToChange, by=nico)
    refused(deeds["promise"], refusals.NothingToChange, by=nico, line=draft.lines.get())
    refused(deeds["promise"], refusals.DayPassed, by=nico, line=came.lines.get().line, promised_on=in_days(-1))


def test_a_link_promises_for_no_line_of_another_order(deeds, coming, came):
    link = SupplierLink.objects.filter(purchase=coming).latest("pk")
    line = came.lines.get().line
    refused(deeds["promise"], NotAllowed, line=line, link=link)
    line.purchase = coming
    refused(deeds["promise"], refusals.ForeignLine, line=line, link=link)


@pytest.mark.parametrize("how", ["ended_at", "expires_at"])
def test_a_link_that_is_over_opens_no_deed(deeds, coming, how):
    link = SupplierLink.objects.filter(purchase=coming).latest("pk")
    SupplierLink.objects.filter(pk=link.pk).update(**{how: clock.now()})
    refused(deeds["confirm"], NotAllowed, link=link)
    refused(deeds["promise"], NotAllowed, link=link)
    for act, given in ((actions.write_about, {"text": "x"}), (actions.keep_with_purchase, {"uploads": ["x"]})):
        refused(act, NotAllowed, link=link, **given)


def test_a_step_is_taken_over_what_was_seen_alone(waiting, came, gina):
    """The guard behind the lock: whoever holds an older copy changes nothing."""
    door = Claim.objects.get()
    PurchaseOrder.objects.update(state="cancelled")
    Claim.objects.update(state="sent_back")
    before = books()
    for step, refusal in (
        (lambda: purchases.step(waiting, "approved", by=gina, approved_by=gina), refusals.PurchaseMoved),
        (lambda: claims._move(door, "settled"), refusals.ClaimClosed),
    ):
        with pytest.raises(refusal), lawful(), transaction.atomic():
            step()
    assert books() == before


def test_suppliers_have_a_name_and_accounts_have_a_keeper(ferreparts, nico, ana, lola):
    given = {"supplier": ferreparts, "bank": "BCP", "kind": "current", "currency": "USD", "number": "191-123456"}
    for user in (ana, lola):
        with pytest.raises(NotAllowed):
            actions.add_account(by=user, **given)
    with pytest.raises(SupplierNameNeeded):
        actions.change_supplier(supplier=ferreparts, version=ferreparts.version, by=nico, name=" ")
    with pytest.raises(FileNeeded):
        actions.keep_papers(supplier=ferreparts, files=[], title="ISO 9001", by=nico)


# What the database refuses whoever writes


def wrong_writes(coming, came, draft, supplier, part):
    """Every constraint and trigger by its name, and a write past the product that it stands against."""
    orders, lines = PurchaseOrder.objects.filter(pk=coming.pk), PurchaseLine.objects.filter(purchase=coming)
    row, born = came.lines.get(), PurchaseOrder.objects.values().get(pk=coming.pk) | {"id": None, "code": "OC-X"}
    line = PurchaseLine.objects.values().get(purchase=draft) | {"id": None}
    sold = SupplierPart.objects.get_or_create(supplier=supplier, part=part, defaults={"price": ONE})[0]
    link = SupplierLink.objects.filter(purchase=coming)
    other_part = {"part_id": row.line.part_id}
    new = {"supplier": supplier, "part": part}
    return {
        "supply_purchase_rate": lambda: orders.update(rate=0),
        "supply_purchase_total": lambda: orders.update(total=-ONE),
        "supply_purchase_born_approved": lambda: PurchaseOrder.objects.create(**born | {"approved_by_id": None}),
        "supply_purchase_sent_approved": lambda: orders.update(approved_by=None),
        "supply_purchase_sent_approved, above the limit": lambda: orders.update(total_pen=20_001),
        "supply_purchase_line_once": lambda: PurchaseLine.objects.create(**line),
        "supply_purchase_line_sound": lambda: PurchaseLine.objects.filter(purchase=draft).update(quantity=0),
        "supply_purchase_line_sound, price": lambda: PurchaseLine.objects.filter(purchase=draft).update(price=-ONE),
        "supply_purchase_line_received": lambda: lines.update(received=F("quantity") + ONE),
        "supply_purchase_line_received, negative": lambda: lines.update(received=-ONE),
        "supply_purchase_line_added": lambda: PurchaseLine.objects.create(
            **line | {"purchase_id": coming.pk, **other_part}
        ),
        "supply_purchase_line_dropped": lambda: lines._raw_delete("default"),
        "supply_purchase_line_changed": lambda: lines.update(quantity=F("quantity") + ONE),
        "supply_purchase_line_changed, price": lambda: lines.update(price=F("price") + ONE),
        "supply_purchase_line_changed, part": lambda: lines.update(**other_part),
        "supply_purchase_line_changed, taken away": lambda: PurchaseLine.objects.filter(pk=row.line_id).update(
            purchase=draft
        ),
        "supply_purchase_line_changed, brought in": lambda: PurchaseLine.objects.filter(purchase=draft).update(
            purchase=came.purchase
        ),
        "supply_receipt_line_once": lambda: ReceiptLine.objects.create(receipt=came, line=row.line, accepted=ONE),
        "supply_receipt_line_something": lambda: ReceiptLine.objects.create(receipt=came, line=lines.get()),
        "supply_claim_positive": lambda: Claim.objects.update(quantity=0),
        "supply_promisechange_no_update": lambda: PromiseChange.objects.update(reason="x"),
        "supply_promisechange_no_delete": lambda: PromiseChange.objects.all().delete(),
        "supply_goodsreceipt_no_update": lambda: GoodsReceipt.objects.update(note="x"),
        "supply_goodsreceipt_no_delete": lambda: GoodsReceipt.objects.filter(pk=came.pk)._raw_delete("default"),
        "supply_receiptline_no_update": lambda: ReceiptLine.objects.update(accepted=F("accepted") + ONE),
        "supply_receiptline_no_delete": lambda: ReceiptLine.objects.filter(pk=row.pk)._raw_delete("default"),
        "supply_supplier_one_tax_id": lambda: Supplier.objects.create(
            **Supplier.objects.values().get(pk=supplier.pk) | {"id": None}
        ),
        "supply_part_once": lambda: SupplierPart.objects.create(price=ONE, **new),
        "supply_part_price": lambda: SupplierPart.objects.filter(pk=sold.pk).update(price=-ONE),
        "supply_link_one_purpose": lambda: link.update(purpose=LinkPurpose.QUOTATION),
        "supply_link_one_purpose, nothing": lambda: link.update(purchase=None),
    }


WRONG = [
    "supply_purchase_rate", "supply_purchase_total", "supply_purchase_born_approved", "supply_purchase_sent_approved",
    "supply_purchase_sent_approved, above the limit", "supply_purchase_line_once", "supply_purchase_line_sound",
    "supply_purchase_line_sound, price", "supply_purchase_line_received", "supply_purchase_line_received, negative",
    "supply_purchase_line_added", "supply_purchase_line_dropped", "supply_purchase_line_changed",
    "supply_purchase_line_changed, price", "supply_purchase_line_changed, part",
    "supply_purchase_line_changed, taken away", "supply_purchase_line_changed, brought in",
    "supply_receipt_line_once", "supply_receipt_line_something", "supply_claim_positive",
    "supply_promisechange_no_update", "supply_promisechange_no_delete", "supply_goodsreceipt_no_update",
    "supply_goodsreceipt_no_delete", "supply_receiptline_no_update", "supply_receiptline_no_delete",
    "supply_supplier_one_tax_id", "supply_part_once", "supply_part_price", "supply_link_one_purpose",
    "supply_link_one_purpose, nothing",
]  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_database_refuses_what_is_written_past_the_product(coming, came, draft, ferreparts, seal, nico, name):
    actions.confirm(purchase=coming, dates={coming.lines.get().pk: in_days(3)}, by=nico)
    write = wrong_writes(coming, came, draft, ferreparts, seal)[name]
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
