"""Warehouses."""

from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import OFFICE
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.parts import actions, queries, rules
from komaq.parts.choices import AT_WORK, WarehouseKind

doors = Doors(tags=["warehouses"])
SORTS = {"name": Sort("name"), "code": Sort("code")}
FACTS = ("code", "name", "kind", "keeper", "is_open")


class WarehouseOut(Out):
    """A place that keeps stock."""

    model_config = example(
        id="1", code="ALM", name="Almacén central", kind="store", keeper="4", is_open=True, version=112233445
    )

    id: Id
    code: str
    name: str
    kind: WarehouseKind
    keeper: Id | None = Field(description="The employee who keeps it.")
    is_open: bool
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        facts = {name: getattr(thing, name) for name in ("code", "name", "kind", "is_open")}
        return cls(id=thing.pk, keeper=thing.keeper_id, version=rules.version_of(thing), **facts)


class WarehouseIn(In):
    """A warehouse that is opened."""

    model_config = example(code="VAN2", name="Camioneta 2", kind="van")

    code: Words(12, 1)
    name: Words(80, 1)
    kind: WarehouseKind = WarehouseKind.STORE
    keeper: Key | None = None


class WarehousePatch(In):
    """What changes about a warehouse; what holds stock stays open."""

    model_config = example(name="Camioneta de Tito", is_open=True)

    code: Words(12, 1) = ABSENT
    name: Words(80, 1) = ABSENT
    kind: WarehouseKind = ABSENT
    keeper: Key | None = None
    is_open: Flag = ABSENT


class WarehousesQuery(Query):
    """How to narrow and sort warehouses."""

    kind: WarehouseKind = ABSENT
    is_open: bool = ABSENT
    sort: Literal["name", "code"] = "name"


@doors.lists("/warehouses", AT_WORK, WarehouseOut)
def list_warehouses(request: HttpRequest, wanted: InQuery[WarehousesQuery]) -> Page:
    """The places that keep stock."""
    rows = queries.filter_warehouses(queries.warehouses_visible_to(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/warehouses/{warehouse_id}", AT_WORK, WarehouseOut)
def read_warehouse(request: HttpRequest, warehouse_id: Key) -> Any:
    """One warehouse."""
    return queries.get_warehouse(request.user, int(warehouse_id))


@doors.makes("/warehouses", OFFICE, WarehouseOut)
def open_warehouse(request: HttpRequest, body: WarehouseIn) -> Any:
    """Open a warehouse."""
    facts = {"code": body.code, "name": body.name, "kind": body.kind, "keeper": _keeper(body.keeper)}
    return actions.save_warehouse(by=request.user, **facts)


@doors.changes("/warehouses/{warehouse_id}", OFFICE, WarehouseOut)
def change_warehouse(request: HttpRequest, warehouse_id: Key, body: WarehousePatch) -> Any:
    """Rename a warehouse, give it another keeper, close it or open it again."""
    warehouse = queries.get_warehouse(request.user, int(warehouse_id))
    facts = {name: getattr(warehouse, name) for name in FACTS} | body.given()
    if "keeper" in body.model_fields_set:
        facts["keeper"] = _keeper(body.keeper)
    return actions.save_warehouse(warehouse=warehouse, version=request.version, by=request.user, **facts)


def _keeper(key: str | None) -> Any:
    return found("keeper", queries.get_keeper, int(key)) if key else None
