"""What suppliers add to the search, to files and to a person's own data."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person, User
from komaq.core import registry
from komaq.core.models import Attachment
from komaq.parts.models import Part
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY, PriceSource
from komaq.supply.forms import PRICES, SUPPLIERS, price_rows, supplier_rows


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
registry.file_scopes["supply.supplier"] = may_open_paper
registry.personal_data.append(own_data)
registry.erasures.append(actions.forget_person)
