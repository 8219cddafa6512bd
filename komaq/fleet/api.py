"""The room's doors for programs: machines, what their meters show, and the catalogue of models."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as InQuery
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from komaq.accounts.choices import CLIENTS, OFFICE
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.refusals import BadInput, require
from komaq.customers import queries as customers
from komaq.fleet import actions, queries, rules
from komaq.fleet.choices import MachineStatus, MachineType, MeterUnit, ReadingSource

machines = Doors(tags=["machines"])
models = Doors(tags=["machine-models"])
DOORS = (machines, models)
SORTS = {
    "name": Sort("sort_key"),
    "newest": Sort("created_at", descending=True),
    "code": Sort("code"),
    "customer": Sort("customer__sort_key"),
}
READING_SORTS = {"newest": Sort("read_at", descending=True), "oldest": Sort("read_at")}
MODEL_SORTS = {"brand": Sort("brand"), "name": Sort("name")}
BOTH = either(OFFICE, CLIENTS)


def has_come(year: int) -> int:
    if year > rules.newest_year():
        raise PydanticCustomError("year", "{complaint}", {"complaint": _("That year has not come yet.")})
    return year


Year = Annotated[int, Field(ge=rules.OLDEST, le=2200, strict=True), AfterValidator(has_come)]
Meter = Number(9, 1)


def plain(value: Decimal | None) -> Decimal | None:
    """What a meter shows, without zeros nobody read."""
    return None if value is None else Decimal(f"{value.normalize():f}")


class MachineOut(Out):
    """A machine: whose it is, where it works, what its plate and its meter say."""

    model_config = example(
        id="12",
        code="MAQ-2026-000012",
        customer="7",
        site="3",
        machine_model="4",
        brand="CAT",
        model="336",
        type="excavator",
        serial="DKS01874",
        fleet_number="EX-07",
        plate="",
        year=2019,
        engine="CAT C9.3",
        status="working",
        meter_unit="h",
        meter="12486.5",
        meter_hours="12486.5",
        meter_at="2026-11-24T12:42:00Z",
        version=3,
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    code: str
    customer: Id
    site: Id | None
    machine_model: Id = Field(description="The model in our catalogue.")
    brand: str
    model: str
    type: MachineType
    serial: str
    fleet_number: str
    plate: str
    year: int | None
    engine: str
    status: MachineStatus
    meter_unit: MeterUnit
    meter: Decimal | None = Field(description="What the meter showed last, in `meter_unit`.")
    meter_hours: Decimal | None = Field(description="The same for a meter that counts hours.")
    meter_at: Moment | None
    version: int
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        meter = plain(thing.meter)
        names = ("code", "serial", "fleet_number", "plate", "year", "engine", "status", "meter_unit", "meter_at")
        return cls(
            id=thing.pk,
            customer=thing.customer_id,
            site=thing.site_id,
            machine_model=thing.model_id,
            brand=thing.model.brand,
            model=thing.model.name,
            type=thing.model.type,
            meter=meter,
            meter_hours=meter if thing.meter_unit == MeterUnit.HOURS else None,
            version=thing.version,
            created_at=thing.created_at,
            **{name: getattr(thing, name) for name in names},
        )


class PlateIn(In):
    """What stands on a machine's plate, and of which model it is."""

    machine_model: Key = Field(ABSENT, description="A model of the catalogue; else `brand` and `model`.")
    brand: Words(40) = ""
    model: Words(40) = Field("", description="The model's name.")
    type: MachineType = Field(ABSENT, description="Needed when the model is new to us.")
    fleet_number: Words(20) = ""
    plate: Words(10) = ""
    year: Year | None = None
    engine: Words(60) = ""
    meter_unit: MeterUnit = MeterUnit.HOURS


class MachineIn(PlateIn):
    """A machine that becomes known."""

    model_config = example(customer="7", site="3", brand="CAT", model="336", type="excavator", serial="DKS01874")

    customer: Key = Field(ABSENT, description="The owner. Clients may leave it out: it is their company.")
    site: Key | None = Field(None, description="Where it works: an open site of the owner.")
    serial: Words(40, 1)


class MachinePatch(PlateIn):
    """What changes about a machine; a model is one of the catalogue or named by brand, model and type."""

    model_config = example(site="4", status="down")

    site: Key | None = Field(None, description="Where it works from now on; null is no fixed place.")
    serial: Words(40, 1) = ABSENT
    status: MachineStatus = ABSENT


class MachinesQuery(Query):
    """How to narrow and sort machines."""

    q: str = Field("", max_length=80, description="Words: serial, code, model, owner, fleet number.")
    customer: Key = ABSENT
    site: Key = ABSENT
    type: MachineType = ABSENT
    status: MachineStatus = ABSENT
    sort: Literal["name", "newest", "code", "customer"] = "name"


@machines.lists("/machines", BOTH, MachineOut)
def list_machines(request: HttpRequest, wanted: InQuery[MachinesQuery]) -> Page:
    """Machines in one's scope."""
    rows = queries.filter_machines(queries.machines_visible_to(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@machines.reads("/machines/{machine_id}", BOTH, MachineOut)
def read_machine(request: HttpRequest, machine_id: Key) -> Any:
    """One machine."""
    return queries.get_machine(request.user, int(machine_id))


@machines.makes("/machines", BOTH, MachineOut)
def add_machine(request: HttpRequest, body: MachineIn) -> Any:
    """Make a machine known.

    Of a model of the catalogue (`machine_model`, or `brand` and `model`), or of a new one, which also needs its
    `type`.
    """
    user = request.user
    customer = _owner(user, body)
    site = found("site", customers.get_open_site, user, customer, int(body.site)) if body.site else None
    held = user.is_client and user.site_ids(customer.pk) is not None
    require(site is not None or not held, else_=BadInput(_("Choose one of your sites."), field="site"))
    facts = body.given().keys() & {"fleet_number", "plate", "year", "engine", "meter_unit"}
    return actions.add_machine(
        customer=customer,
        site=site,
        serial=body.serial,
        model=_model(body),
        brand=body.brand,
        name=body.model,
        type=body.type or "",
        by=user,
        **{name: getattr(body, name) for name in facts},
    )


def _owner(user: Any, body: MachineIn) -> Any:
    """The owner named, else the only company of a client."""
    if body.customer:
        return found("customer", customers.get_customer, user, int(body.customer))
    return found("customer", customers.active_customer, user)


def _model(body: PlateIn) -> Any:
    """The model of the catalogue that was named by its id or its words; None for one that is new to us."""
    if body.machine_model:
        return found("machine_model", queries.get_model, int(body.machine_model))
    return queries.model_named(body.brand, body.model)


@machines.changes("/machines/{machine_id}", OFFICE, MachineOut)
def change_machine(request: HttpRequest, machine_id: Key, body: MachinePatch) -> Any:
    """Correct the plate, move the machine to another site, or say that it works, is down or retired."""
    user = request.user
    machine = queries.get_machine(user, int(machine_id))
    facts = body.given()
    words = {facts.pop(name, None) for name in ("machine_model", "brand", "model", "type")}
    if words != {None}:
        facts["model"] = _known_model(body)
    if facts.get("site"):
        facts["site"] = found("site", customers.get_open_site, user, machine.customer, int(body.site))
    return actions.revise_machine(machine=machine, version=request.version, by=user, **facts)


def _known_model(body: PlateIn) -> Any:
    model = _model(body)
    require(model is not None, else_=actions.ModelNeeded(_("Choose a model of the catalogue.")))
    return model


class ReadingOut(Out):
    """What a meter showed at a moment."""

    model_config = example(
        id="88",
        machine="12",
        value="12486.5",
        read_at="2026-11-24T12:42:00Z",
        source="office",
        note="",
        recorded_at="2026-11-24T12:45:00Z",
    )

    id: Id
    machine: Id
    value: Decimal = Field(description="In the machine's `meter_unit`.")
    read_at: Moment
    source: ReadingSource
    note: str
    recorded_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        facts = {name: getattr(thing, name) for name in ("source", "note", "recorded_at")}
        read_at = thing.read_at.astimezone(datetime.UTC)
        return cls(id=thing.pk, machine=thing.machine_id, value=plain(thing.value), read_at=read_at, **facts)


class ReadingIn(In):
    """What a meter shows: `value`, or `meter_hours`, which means the same."""

    model_config = example(meter_hours="12486.5", read_at="2026-11-24T07:42:00-05:00")

    value: Meter = ABSENT
    meter_hours: Meter = ABSENT
    read_at: Moment
    note: Words(200) = Field("", description="If the meter was replaced: why.")
    replaced: Flag = Field(False, description="This is the first reading of a new meter.")


class ReadingsQuery(Query):
    """How to sort readings."""

    sort: Literal["newest", "oldest"] = "newest"


@machines.lists("/machines/{machine_id}/readings", BOTH, ReadingOut)
def list_readings(request: HttpRequest, machine_id: Key, wanted: InQuery[ReadingsQuery]) -> Page:
    """What the meter of a machine showed."""
    machine = queries.get_machine(request.user, int(machine_id))
    return page_of(queries.all_readings_of(machine), wanted, sorts=READING_SORTS)


@machines.makes("/machines/{machine_id}/readings", BOTH, ReadingOut)
def record_reading(request: HttpRequest, machine_id: Key, body: ReadingIn) -> Any:
    """Note what a meter shows.

    It never runs backwards nor faster than the clock; a new meter is noted with `replaced` and why. The same reading
    again is the one noted before.
    """
    user = request.user
    machine = queries.get_machine(user, int(machine_id))
    return actions.record_reading(
        machine=machine,
        value=_shown(machine, body),
        read_at=body.read_at,
        source=ReadingSource.CUSTOMER if user.is_client else ReadingSource.OFFICE,
        note=body.note,
        replaced=body.replaced,
        by=user,
    )


def _shown(machine: Any, body: ReadingIn) -> Decimal:
    """The one number that was sent, hours only of a meter that counts hours."""
    counts_hours = machine.meter_unit == MeterUnit.HOURS
    require(body.meter_hours is None or counts_hours, else_=BadInput(_("This meter counts kilometres."), field="value"))
    values = {body.value, body.meter_hours} - {None}
    require(len(values) == 1, else_=actions.NoSuchReading())
    return values.pop()


class ModelOut(Out):
    """A maker's model."""

    model_config = example(id="4", brand="CAT", name="336", type="excavator")

    id: Id
    brand: str
    name: str
    type: MachineType


class ModelsQuery(Query):
    """How to narrow and sort the catalogue."""

    q: str = Field("", max_length=80, description="Words of brand and name.")
    brand: str = Field("", max_length=40)
    type: MachineType = ABSENT
    sort: Literal["brand", "name"] = "brand"


@models.lists("/machine-models", BOTH, ModelOut)
def list_machine_models(request: HttpRequest, wanted: InQuery[ModelsQuery]) -> Page:
    """The models we know."""
    return page_of(queries.filter_models(queries.models_known(), **wanted.filters()), wanted, sorts=MODEL_SORTS)
