"""Areas, their posts, and skills: what the company consists of."""

from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.choices import ADMINS, STAFF, STAFF_ROLES, Role
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Out, Query, Words, example
from komaq.core.lists import Page, Sort

doors = Doors(tags=["areas"])
SORTS = {"name": Sort("name")}
StaffRole = Literal[tuple(sorted(role.value for role in STAFF_ROLES))]
Roles = Annotated[list[StaffRole], Field(min_length=1, max_length=len(STAFF_ROLES))]


class AreaOut(Out):
    """A part of the company."""

    model_config = example(id="1", name="Técnica", is_open=True, version=730418222)

    id: Id
    name: str
    is_open: bool
    version: int


class AreaIn(In):
    """A new part of the company."""

    model_config = example(name="Técnica")

    name: Words(60, 1)
    is_open: Flag = True


class AreaPatch(In):
    """What changes about an area."""

    model_config = example(is_open=False)

    name: Words(60, 1) = ABSENT
    is_open: Flag = ABSENT


class PositionOut(Out):
    """A post of an area and the roles it grants."""

    model_config = example(
        id="2",
        area="1",
        area_name="Técnica",
        name="Mecánico",
        roles=["technician"],
        is_open=True,
        version=730418222,
    )

    id: Id
    area: Id
    area_name: str
    name: str
    roles: list[Role]
    is_open: bool
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        facts = {name: getattr(thing, name) for name in ("name", "roles", "is_open", "version")}
        return cls(id=thing.pk, area=thing.area_id, area_name=thing.area.name, **facts)


class PositionIn(In):
    """A new post."""

    model_config = example(area="1", name="Mecánico", roles=["technician"])

    area: Key
    name: Words(60, 1)
    roles: Roles
    is_open: Flag = True


class PositionPatch(In):
    """What changes about a post; rights follow with each holder's next request."""

    model_config = example(roles=["technician", "logistics"])

    area: Key = ABSENT
    name: Words(60, 1) = ABSENT
    roles: Roles = ABSENT
    is_open: Flag = ABSENT


class SkillOut(Out):
    """What a technician may be good at."""

    model_config = example(id="3", name="Hidráulica")

    id: Id
    name: str


class NamesQuery(Query):
    """How to sort what has a name."""

    sort: Literal["name"] = "name"


@doors.lists("/areas", ADMINS, AreaOut)
def list_areas(request: HttpRequest, wanted: InQuery[NamesQuery]) -> Page:
    """The areas of the company."""
    return page_of(queries.all_areas(), wanted, sorts=SORTS)


@doors.reads("/areas/{area_id}", ADMINS, AreaOut)
def read_area(request: HttpRequest, area_id: Key) -> Any:
    """One area."""
    return queries.get_area(int(area_id))


@doors.makes("/areas", ADMINS, AreaOut)
def add_area(request: HttpRequest, body: AreaIn) -> Any:
    """Add an area."""
    return actions.save_area(by=request.user, **body.given())


@doors.changes("/areas/{area_id}", ADMINS, AreaOut)
def change_area(request: HttpRequest, area_id: Key, body: AreaPatch) -> Any:
    """Rename, close or open an area."""
    area = queries.get_area(int(area_id))
    facts = {"name": area.name, "is_open": area.is_open, **body.given()}
    return actions.save_area(area=area, version=request.version, by=request.user, **facts)


@doors.lists("/positions", ADMINS, PositionOut)
def list_positions(request: HttpRequest, wanted: InQuery[NamesQuery]) -> Page:
    """The posts of every area."""
    return page_of(queries.all_positions(), wanted, sorts=SORTS)


@doors.reads("/positions/{position_id}", ADMINS, PositionOut)
def read_position(request: HttpRequest, position_id: Key) -> Any:
    """One post."""
    return queries.get_position(int(position_id))


@doors.makes("/positions", ADMINS, PositionOut)
def add_position(request: HttpRequest, body: PositionIn) -> Any:
    """Add a post to an area."""
    facts = {**body.given(), "area": found("area", queries.get_area, int(body.area))}
    return actions.save_position(by=request.user, **facts)


@doors.changes("/positions/{position_id}", ADMINS, PositionOut)
def change_position(request: HttpRequest, position_id: Key, body: PositionPatch) -> Any:
    """Change a post's name, area and roles, close or open it."""
    position = queries.get_position(int(position_id))
    kept = {name: getattr(position, name) for name in ("area", "name", "roles", "is_open")}
    facts = {**kept, **body.given()}
    if body.area:
        facts["area"] = found("area", queries.get_area, int(body.area))
    return actions.save_position(position=position, version=request.version, by=request.user, **facts)


@doors.lists("/skills", STAFF, SkillOut)
def list_skills(request: HttpRequest, wanted: InQuery[NamesQuery]) -> Page:
    """The skills we know."""
    return page_of(queries.skill_choices(), wanted, sorts=SORTS)
