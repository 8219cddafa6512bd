"""Customers: the office keeps them, a company reads itself and corrects where it is reached."""

from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as InQuery
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from komaq.accounts.choices import CLIENT_ADMINS, CLIENTS, OFFICE
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import ABSENT, Email, Id, In, Key, Moment, Out, Phone, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.peru import DocumentType, clean_document
from komaq.core.refusals import require
from komaq.customers import actions, queries, rules
from komaq.customers.choices import TAX_IDS, ContactStatus, CustomerKind

doors = Doors(tags=["customers"])
SORTS = {"name": Sort("sort_key"), "newest": Sort("created_at", descending=True), "number": Sort("tax_id")}
Hours = Annotated[int, Field(ge=1, le=720, strict=True)]


class CustomerOut(Out):
    """A company or a person that receives service."""

    model_config = example(
        id="7",
        kind="company",
        tax_id_type="6",
        tax_id="20990000019",
        name="Contratistas Andinos del Sur S.A.C.",
        trade_name="Andinos",
        email="servicios@andinos.example",
        phone="+51987654321",
        address="Av. Ejército 710, Arequipa",
        response_hours={"machine_down": 4},
        contacts=["9", "10"],
        version=2,
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    kind: CustomerKind
    tax_id_type: DocumentType = Field(description="1 DNI, 4 CE, 6 RUC, 7 passport (SUNAT catalogue 06).")
    tax_id: str
    name: str
    trade_name: str
    email: str
    phone: str = Field(description="In E.164.")
    address: str
    response_hours: dict[str, int] = Field(description="Hours until the first answer that was agreed, by priority.")
    contacts: list[Id] = Field(description="Who speaks with us, for as long as it does.")
    version: int
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = cls.model_fields.keys() - {"id", "contacts"}
        active = [each.pk for each in thing.contacts.all() if each.status == ContactStatus.ACTIVE]
        return cls(id=thing.pk, contacts=active, **{name: getattr(thing, name) for name in names})


class HoursIn(In):
    """Hours until the first answer that an agreement promises; without one, the company's rule."""

    model_config = example(machine_down=4, high=8)

    machine_down: Hours | None = None
    high: Hours | None = None
    normal: Hours | None = None

    @property
    def agreed(self) -> dict[str, int]:
        return {name: hours for name, hours in self.given().items() if hours}


class CustomerIn(In):
    """A customer that becomes known."""

    model_config = example(
        kind="company", tax_id_type="6", tax_id="20131312955", name="Minera Los Andes S.A.C.", phone="987 654 321"
    )

    kind: CustomerKind
    tax_id_type: DocumentType = Field(description="A company is known by its RUC (6).")
    tax_id: Words(20, 1)
    name: Words(160, 1)
    trade_name: Words(120) = ""
    email: Email = ""
    phone: Phone = ""
    address: Words(200) = ""
    response_hours: HoursIn = HoursIn()

    @field_validator("tax_id_type")
    @classmethod
    def fits_kind(cls, document: DocumentType, info: ValidationInfo) -> DocumentType:
        """A company has no identity card."""
        kind = info.data.get("kind")
        if kind and document not in TAX_IDS[kind]:
            raise PydanticCustomError("document", "{complaint}", {"complaint": _("A company is known by its RUC.")})
        return document

    @field_validator("tax_id")
    @classmethod
    def is_sound(cls, number: str, info: ValidationInfo) -> str:
        """Digits and check digit of the document."""
        document = info.data.get("tax_id_type")
        try:
            return clean_document(document, number) if document else number
        except ValidationError as error:
            raise PydanticCustomError("document", "{complaint}", {"complaint": error.messages[0]}) from error


class CustomerPatch(In):
    """What changes about a customer; its number stays. A company corrects trade name, e-mail, phone and address."""

    model_config = example(phone="+51 958 204 116")

    name: Words(160, 1) = ABSENT
    trade_name: Words(120) = ""
    email: Email = ""
    phone: Phone = ""
    address: Words(200) = ""
    response_hours: HoursIn = HoursIn()


class CustomersQuery(Query):
    """How to narrow and sort customers."""

    q: str = Field("", max_length=80, description="Words: name, trade name, number.")
    kind: CustomerKind = ABSENT
    sort: Literal["name", "newest", "number"] = "name"


@doors.lists("/customers", either(OFFICE, CLIENTS), CustomerOut)
def list_customers(request: HttpRequest, wanted: InQuery[CustomersQuery]) -> Page:
    """Customers in one's scope; a client's are its companies."""
    rows = queries.filter_customers(queries.customers_visible_to(request.user), **wanted.filters())
    return page_of(queries.with_contacts(rows), wanted, sorts=SORTS)


@doors.reads("/customers/{customer_id}", either(OFFICE, CLIENTS), CustomerOut)
def read_customer(request: HttpRequest, customer_id: Key) -> Any:
    """One customer."""
    return queries.get_customer(request.user, int(customer_id))


@doors.makes("/customers", OFFICE, CustomerOut)
def add_customer(request: HttpRequest, body: CustomerIn) -> Any:
    """Make a company or a person a customer."""
    facts = {**body.given(), "response_hours": body.response_hours.agreed}
    return actions.add_customer(by=request.user, **facts)


@doors.changes("/customers/{customer_id}", either(OFFICE, CLIENT_ADMINS), CustomerOut)
def change_customer(request: HttpRequest, customer_id: Key, body: CustomerPatch) -> Any:
    """Change what is kept about a customer."""
    user = request.user
    customer = queries.get_customer(user, int(customer_id))
    given = body.given()
    if user.is_client:
        require(given.keys() <= rules.CORRECTABLE)
        kept = {name: getattr(customer, name) for name in rules.CORRECTABLE}
        return actions.correct_company(customer=customer, version=request.version, by=user, **{**kept, **given})
    if "response_hours" in given:
        given["response_hours"] = body.response_hours.agreed
    kept = {name: getattr(customer, name) for name in CustomerPatch.model_fields}
    return actions.change_customer(customer=customer, version=request.version, by=user, **{**kept, **given})
