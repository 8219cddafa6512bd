"""Suppliers: whom we buy of, on which terms, and how they kept their word."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import ABSENT, Email, Flag, Id, In, Key, Moment, Out, Phone, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.supply import actions, queries
from komaq.supply.choices import SUPPLY, Country, Currency, Language, SupplierDocument

doors = Doors(tags=["suppliers"])
SORTS = {"name": Sort("sort_key"), "newest": Sort("created_at", descending=True), "number": Sort("tax_id")}
Days = Annotated[int, Field(ge=0, le=730, strict=True)]


class SupplierOut(Out):
    """A company that sells spare parts to us."""

    model_config = example(
        id="4",
        tax_id_type="6",
        tax_id="20131312955",
        name="Tracto Repuestos S.A.C.",
        trade_name="Tracto",
        email="ventas@tracto.example",
        phone="+5112054100",
        address="Av. Argentina 2400, Lima",
        country="PE",
        currency="USD",
        payment_terms="Factura a 30 días",
        lead_days=5,
        language="es-pe",
        is_open=True,
        contacts=["12"],
        version=3,
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    tax_id_type: SupplierDocument = Field(description="6 RUC, 0 foreign tax number (SUNAT catalogue 06).")
    tax_id: str
    name: str
    trade_name: str
    email: str
    phone: str = Field(description="In E.164.")
    address: str
    country: str = Field(description="ISO 3166, two letters.")
    currency: Currency = Field(description="Of its prices.")
    payment_terms: str
    lead_days: int | None = Field(description="What it usually takes, in calendar days.")
    language: str = Field(description="In which we write to it.")
    is_open: bool = Field(description="Whether we buy there.")
    contacts: list[Id] = Field(description="Whom we deal with now.")
    version: int
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = cls.model_fields.keys() - {"id", "contacts"}
        now = [each.pk for each in thing.contacts.all() if each.ended_at is None]
        return cls(id=thing.pk, contacts=now, **{name: getattr(thing, name) for name in names})


class SupplierIn(In):
    """A supplier that becomes known."""

    model_config = example(tax_id_type="6", tax_id="20131312955", name="Tracto Repuestos S.A.C.", lead_days=5)

    tax_id_type: SupplierDocument = Field(description="A RUC (6) is Peruvian; any other number (0) is not.")
    tax_id: Words(20, 1)
    name: Words(160, 1)
    trade_name: Words(120) = ""
    email: Email = ""
    phone: Phone = ""
    address: Words(200) = ""
    country: Country = Country.PE
    currency: Currency = Currency.USD
    payment_terms: Words(120) = ""
    lead_days: Days | None = None
    language: Language = Language.SPANISH


class SupplierPatch(In):
    """What changes about a supplier; its number stays."""

    model_config = example(payment_terms="Factura a 45 días")

    name: Words(160, 1) = ABSENT
    trade_name: Words(120) = ""
    email: Email = ""
    phone: Phone = ""
    address: Words(200) = ""
    country: Country = ABSENT
    currency: Currency = ABSENT
    payment_terms: Words(120) = ""
    lead_days: Days | None = None
    language: Language = ABSENT
    is_open: Flag = ABSENT


class SuppliersQuery(Query):
    """How to narrow and sort suppliers."""

    q: str = Field("", max_length=80, description="Words: name, trade name, number.")
    country: Country = ABSENT
    currency: Currency = ABSENT
    open: Literal["yes", "no"] = Field(ABSENT, description="Whether we buy there.")
    sort: Literal["name", "newest", "number"] = "name"


class RecordOut(Out):
    """How a supplier kept its word over the last year. Null is what has no data yet."""

    model_config = example(
        since="2025-11-28",
        lines=12,
        due=10,
        on_time="0.9",
        in_full="1",
        on_time_in_full="0.9",
        done=10,
        lead_mean="6.3",
        lead_sigma="1.9",
        promise_mean="-0.4",
        received=11,
        quality="0.98",
        asked=6,
        answered="0.8333",
        response_hours="5.2",
        priced=4,
        price_change="0.031",
    )

    since: datetime.date
    lines: int = Field(description="Lines of orders sent.")
    due: int = Field(description="Lines that can be judged: complete, or past their promise by the days we tolerate.")
    on_time: Decimal | None = Field(description="Share of the lines due, 0 to 1.")
    in_full: Decimal | None
    on_time_in_full: Decimal | None
    done: int = Field(description="Lines complete.")
    lead_mean: Decimal | None = Field(description="Days from sending the order until a line was complete.")
    lead_sigma: Decimal | None = Field(description="Its standard deviation.")
    promise_mean: Decimal | None = Field(description="Days after the first promise; negative is before it.")
    received: int = Field(description="Deliveries of lines.")
    quality: Decimal | None = Field(description="Share accepted of each delivery, on average.")
    asked: int = Field(description="Requests for quotation it answered or could answer no more.")
    answered: Decimal | None
    response_hours: Decimal | None
    priced: int = Field(description="Parts with two prices or more in one currency.")
    price_change: Decimal | None = Field(description="From the first to the last price, as a share of the first.")


@doors.lists("/suppliers", SUPPLY, SupplierOut)
def list_suppliers(request: HttpRequest, wanted: InQuery[SuppliersQuery]) -> Page:
    """Suppliers."""
    rows = queries.filter_suppliers(queries.suppliers_visible_to(request.user), **wanted.filters())
    return page_of(queries.with_contacts(rows), wanted, sorts=SORTS)


@doors.reads("/suppliers/{supplier_id}", SUPPLY, SupplierOut)
def read_supplier(request: HttpRequest, supplier_id: Key) -> Any:
    """One supplier."""
    return queries.get_supplier(request.user, int(supplier_id))


@doors.makes("/suppliers", SUPPLY, SupplierOut)
def add_supplier(request: HttpRequest, body: SupplierIn) -> Any:
    """Make a company known that we may buy of."""
    return actions.create_supplier(by=request.user, **body.given())


@doors.changes("/suppliers/{supplier_id}", SUPPLY, SupplierOut)
def change_supplier(request: HttpRequest, supplier_id: Key, body: SupplierPatch) -> Any:
    """Change what is kept of a supplier."""
    supplier = queries.get_supplier(request.user, int(supplier_id))
    return actions.change_supplier(supplier=supplier, version=request.version, by=request.user, **body.given())


@doors.reads("/suppliers/{supplier_id}/record", SUPPLY, RecordOut)
def read_supplier_record(request: HttpRequest, supplier_id: Key) -> Any:
    """How a supplier kept its word over the last year."""
    return queries.record_of(queries.get_supplier(request.user, int(supplier_id)))
