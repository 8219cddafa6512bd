"""The places of a customer: mine, works, yard."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import CLIENT_ADMINS, CLIENTS, OFFICE
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.customers import actions, queries
from komaq.customers.choices import SiteKind

doors = Doors(tags=["sites"])
SORTS = {"name": Sort("name")}
READERS, KEEPERS = either(OFFICE, CLIENTS), either(OFFICE, CLIENT_ADMINS)
Altitude = Annotated[int, Field(ge=0, le=6000, strict=True)]


class SiteOut(Out):
    """Where a customer's machines work and how one gets in."""

    model_config = example(
        id="3",
        customer="7",
        name="Tajo Sur",
        kind="mine",
        place="Espinar, Cusco",
        address="Km 12 de la vía a Antapaccay",
        latitude="-14.958000",
        longitude="-71.331000",
        altitude_m=4120,
        access_rules="Inducción de un día; pase con 48 horas.",
        demands=["Trabajo en altura"],
        is_open=True,
        version=1,
    )

    id: Id
    customer: Id
    name: str
    kind: SiteKind
    place: str = Field(description="District, province, region.")
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    altitude_m: int | None = Field(description="Metres above sea level.")
    access_rules: str = Field(description="What a technician must know before travelling.")
    demands: list[str] = Field(description="Certificates asked for.")
    is_open: bool = Field(description="Whether we still work there.")
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = cls.model_fields.keys() - {"id", "customer"}
        return cls(id=thing.pk, customer=thing.customer_id, **{name: getattr(thing, name) for name in names})


class _PlaceIn(In):
    kind: SiteKind = SiteKind.WORKS
    place: Words(120) = ""
    address: Words(200) = ""
    latitude: Number(9, 6, "-90", "90") | None = None
    longitude: Number(9, 6, "-180", "180") | None = None
    altitude_m: Altitude | None = None
    access_rules: Words(2000) = ""
    demands: list[Words(80, 1)] = Field([], max_length=20)


class SiteIn(_PlaceIn):
    """A place that becomes known; both coordinates or none."""

    model_config = example(name="Tajo Sur", kind="mine", place="Espinar, Cusco", altitude_m=4120)

    name: Words(120, 1)


class SitePatch(_PlaceIn):
    """What changes about a place."""

    model_config = example(access_rules="Inducción de un día; pase con 48 horas.", is_open=True)

    name: Words(120, 1) = ABSENT
    is_open: Flag = ABSENT


class SitesQuery(Query):
    """Which places to list."""

    only_open: bool = Field(False, description="Only those where we still work.")
    sort: Literal["name"] = "name"


@doors.lists("/customers/{customer_id}/sites", READERS, SiteOut)
def list_sites(request: HttpRequest, customer_id: Key, wanted: InQuery[SitesQuery]) -> Page:
    """The places of a customer; who is held to some sites sees those alone."""
    customer = queries.get_customer(request.user, int(customer_id))
    return page_of(queries.sites_of(request.user, customer, only_open=wanted.only_open), wanted, sorts=SORTS)


@doors.reads("/sites/{site_id}", READERS, SiteOut)
def read_site(request: HttpRequest, site_id: Key) -> Any:
    """One place."""
    return queries.get_site(request.user, int(site_id))


@doors.makes("/customers/{customer_id}/sites", KEEPERS, SiteOut)
def add_site(request: HttpRequest, customer_id: Key, body: SiteIn) -> Any:
    """Note where a customer's machines work."""
    customer = queries.get_customer(request.user, int(customer_id))
    return actions.add_site(customer=customer, by=request.user, **{"kind": body.kind, **body.given()})


@doors.changes("/sites/{site_id}", KEEPERS, SiteOut)
def change_site(request: HttpRequest, site_id: Key, body: SitePatch) -> Any:
    """Change a place, or say that we no longer work there."""
    site = queries.get_site(request.user, int(site_id))
    return actions.change_site(site=site, version=request.version, by=request.user, **body.given())
