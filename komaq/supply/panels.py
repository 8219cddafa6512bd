"""What suppliers and purchases add elsewhere: inbox, lamps, search, promised days, files, a person's own data."""

import datetime
from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person, User
from komaq.core import clock, registry
from komaq.core.models import Attachment
from komaq.core.templatetags.komaq import money, quantity
from komaq.orders.queries.parts import BUYING, PROMISE
from komaq.parts.models import Part
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY, PriceSource
from komaq.supply.forms import PRICES, SUPPLIERS, price_rows, supplier_rows
from komaq.supply.queries import needs_list as needed
from komaq.supply.queries import purchases, quotations
from komaq.supply.queries.needs import FIRST_NEEDED
from komaq.supply.queries.promises import buying_in_words, buying_of_planned, promise_of_planned


def find(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Suppliers by name or number."""
    rows = queries.filter_suppliers(queries.suppliers_visible_to(user), q=words).order_by("sort_key", "pk")
    for supplier in rows[:6]:
        yield registry.SearchHit("truck", supplier.short_name, supplier.tax_id, supplier.get_absolute_url())


def own_data(person: Person) -> dict:
    """The suppliers a person speaks for."""
    ties = [
        {"supplier": tie.supplier.name, "title": tie.title, "ended": tie.ended_at and tie.ended_at.isoformat()}
        for tie in queries.contacts_with_person(person)
    ]
    return {"supplier_contacts": ties}


def may_open_paper(user: User, _file: Attachment) -> bool:
    """Papers of suppliers are for whoever sees suppliers."""
    return rules.can_see_supply(user)


def sellers(_user: User, part: Part) -> dict:
    """Who sells a part now, for its page."""
    return {"part": part, "offers": queries.offers_of_part(part)}


def supplier_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Suppliers as rows of a file."""
    names = [column.name for column in SUPPLIERS]
    for each in queries.suppliers_since(user, since).iterator(chunk_size=500):
        yield {name: "" if getattr(each, name) is None else getattr(each, name) for name in names}


def price_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """The last price of every part each supplier sells, as rows of a file."""
    for each in queries.sold_since(user, since).iterator(chunk_size=500):
        yield {
            "supplier": each.supplier.tax_id,
            "brand": each.part.brand,
            "number": each.part.number,
            "their_number": each.their_number,
            "price": f"{each.price.normalize():f}",
            "currency": each.currency,
            "lead_days": "" if each.lead_days is None else each.lead_days,
            "least": "" if each.least is None else f"{each.least.normalize():f}",
        }


def find_purchases(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Purchase orders by code, supplier and part number."""
    rows = purchases.filter_purchases(purchases.purchases_visible_to(user), q=words).order_by("-pk")
    for each in rows[:6]:
        note = f"{each.supplier.short_name} · {each.get_state_display()}"
        yield registry.SearchHit("cart", each.code, note, each.get_absolute_url())


def find_requests(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Requests for quotation by code, supplier and part number."""
    rows = quotations.filter_requests(quotations.requests_visible_to(user), q=words).order_by("-pk")
    for each in rows[:6]:
        yield registry.SearchHit("quote", each.code, str(each.get_state_display()), each.get_absolute_url())


ASKS = {
    "question": _("Answer a supplier’s question"),
    "to_decide": _("Decide between the offers"),
    "unanswered": _("Nobody quoted: extend the deadline or cancel"),
    "answered": _("All answered: decide between the offers"),
}


def requests_that_wait(user: User) -> Iterator[registry.InboxItem]:
    """Questions to answer, offers to decide, deadlines that passed: for whoever buys."""
    for each in quotations.requests_that_wait(user)[:100]:
        yield registry.InboxItem(
            kind=f"supply.request_{each.why}",
            icon="quote",
            code=each.code,
            title=ASKS[each.why],
            detail=each.deliver_to.name,
            url=each.get_absolute_url(),
            due_at=each.deadline,
            status=each.get_state_display(),
            late=each.why in {"to_decide", "unanswered"},
        )


WHYS = {
    "to_approve": _("Approve the order to %(supplier)s"),
    "answer": _("Answer %(supplier)s"),
    "late": _("Ask %(supplier)s for what is late"),
    "to_send": _("Send the order to %(supplier)s"),
    "unconfirmed": _("Ask %(supplier)s to confirm"),
}


def purchases_that_wait(user: User) -> Iterator[registry.InboxItem]:
    """Orders to approve, to answer about, to send, late, or never confirmed: each with whoever can do something."""
    for each in purchases.purchases_that_wait(user)[:100]:
        yield registry.InboxItem(
            kind=f"supply.{each.why}",
            icon="cart",
            code=each.code,
            title=WHYS[each.why] % {"supplier": each.supplier.short_name},
            detail=f"{money(each.total, each.currency)} · {each.deliver_to.name}",
            url=reverse("supply:purchase-talk", args=[each.pk]) if each.why == "answer" else each.get_absolute_url(),
            due_at=clock.lima(each.waits_until) if each.waits_until else None,
            status=each.get_state_display(),
            late=each.why == "late",
        )


def needs_that_wait(user: User) -> Iterator[registry.InboxItem]:
    """What machines that stand still wait for and nobody has asked a price of, for whoever buys."""
    if not rules.can_buy(user):
        return
    for need in needed.urgent_needs(user).order_by(*FIRST_NEEDED)[:50]:
        words = {"q": need.part.number, "urgent": "on"}
        yield registry.InboxItem(
            kind="supply.needed",
            icon="clip",
            code=need.about,
            title=_("Get %(part)s: a machine stands still") % {"part": need.part.name},
            detail=f"{need.part} × {quantity(need.quantity)}",
            url=f"{reverse('supply:needs')}?{urlencode(words)}",
            due_at=clock.lima(need.need_by) if need.need_by else None,
            status=need.get_state_display(),
            stopped=True,
            late=need.need_by is not None and need.need_by < clock.today(),
        )


def warnings(user: User) -> Iterator[registry.Lamp]:
    """Late deliveries for whoever buys, decisions for whoever approves."""
    page = reverse("supply:purchases")
    if rules.can_buy(user):
        rows = purchases.late_purchases(user)
        urgent = needed.urgent_needs(user)
        page_of_needs = f"{reverse('supply:needs')}?urgent=on"
        yield registry.Lamp(_("urgent parts"), "clip", page_of_needs, "stop", urgent, dark_at_zero=True)
        yield registry.Lamp(_("late deliveries"), "truck", f"{page}?tab=late", "late", rows, dark_at_zero=True)
    if rules.can_approve_purchase(user):
        rows = purchases.purchases_to_approve(user)
        yield registry.Lamp(_("to approve"), "cart", f"{page}?tab=to_approve", "", rows, dark_at_zero=True)


def may_open_file_of_purchase(user: User, _file: Attachment) -> bool:
    """Files of orders and receipts are for whoever sees purchases."""
    return rules.can_see_supply(user)


registry.sheets["suppliers"] = registry.Sheet(
    columns=SUPPLIERS,
    forms=supplier_rows,
    add=lambda form, user: actions.create_supplier(by=user, **form.cleaned_data),
    key=lambda data: (data["tax_id_type"], data["tax_id"]),
    rows=supplier_facts,
    may_import=rules.can_buy,
    may_export=rules.can_see_supply,
)
registry.sheets["supplier-prices"] = registry.Sheet(
    columns=PRICES,
    forms=price_rows,
    add=lambda form, user: actions.note_price(by=user, source=PriceSource.LIST, **form.cleaned_data),
    key=lambda data: (data["supplier"].pk, data["part"].pk),
    rows=price_facts,
    may_import=rules.can_buy,
    may_export=rules.can_see_supply,
)
registry.add_panel(registry.Panel("parts.part", SUPPLY, sellers, "supply/_sellers.html", order=60))
registry.searches.append((_("Suppliers"), find))
registry.searches.append((_("Purchase orders"), find_purchases))
registry.searches.append((_("Requests for quotation"), find_requests))
registry.inbox.append(purchases_that_wait)
registry.inbox.append(needs_that_wait)
registry.inbox.append(requests_that_wait)
registry.lamps.append(warnings)
registry.expressions[PROMISE] = promise_of_planned
registry.expressions[BUYING] = buying_of_planned
registry.whereabouts[BUYING] = buying_in_words
registry.file_scopes["supply.supplier"] = may_open_paper
registry.file_scopes["supply.invite"] = may_open_file_of_purchase
registry.file_scopes["supply.purchaseorder"] = may_open_file_of_purchase
registry.file_scopes["supply.goodsreceipt"] = may_open_file_of_purchase
registry.personal_data.append(own_data)
registry.erasures.append(actions.forget_person)
