"""Parts of the catalogue, and what stands in for them."""

from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import OFFICE
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.fleet import queries as fleet
from komaq.parts import actions, queries, rules
from komaq.parts.choices import AT_WORK, Category, LinkKind, PartGrade, Unit

parts = Doors(tags=["parts"])
SORTS = {"name": Sort("sort_key"), "number": Sort("number_key"), "newest": Sort("created_at", descending=True)}
Price = Number(12, 4)
Quantity = Number(10, 4)


class PartOut(Out):
    """A part: what it is, how much there is of it, and what it is sold for. Technicians get no price and no cost."""

    model_config = example(
        id="31",
        brand="CAT",
        number="1R-0750",
        name="Filtro de petróleo",
        description="",
        category="filter",
        grade="original",
        unit="NIU",
        price="118.9",
        unit_cost="84.1",
        minimum="4",
        maximum="12",
        on_hand="9",
        available="7",
        fits=["4"],
        is_open=True,
        version=2,
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    brand: str
    number: str
    name: str
    description: str
    category: Category
    grade: PartGrade
    unit: Unit = Field(description="SUNAT's code of the unit of measure.")
    price: Decimal | None = Field(description="What a client pays per unit in PEN without tax; the office's alone.")
    unit_cost: Decimal | None = Field(description="Moving average in PEN; for whoever buys, sells or keeps the books.")
    minimum: Decimal | None
    maximum: Decimal | None
    on_hand: Decimal = Field(description="In all warehouses.")
    available: Decimal = Field(description="On hand and not reserved.")
    fits: list[Id] = Field(description="The machine models it fits.")
    is_open: bool
    version: int
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        part = thing if hasattr(thing, "on_hand") else queries.get_part_in_full(user, thing.pk)
        names = ("brand", "number", "name", "description", "category", "grade", "unit", "is_open", "version")
        return cls(
            id=part.pk,
            price=rules.plain(part.price) if rules.can_see_price(user) else None,
            unit_cost=rules.plain(rules.cost_of(part.holding)) if rules.can_see_cost(user) else None,
            minimum=rules.plain(part.minimum),
            maximum=rules.plain(part.maximum),
            on_hand=rules.plain(part.on_hand),
            available=rules.plain(part.free),
            fits=[fit.model_id for fit in part.fits.all()],
            created_at=part.created_at,
            **{name: getattr(part, name) for name in names},
        )


class PartPatch(In):
    """What changes of a part."""

    model_config = example(price="121.50", minimum="6")

    brand: Words(40, 1) = ABSENT
    number: Words(40, 1) = ABSENT
    name: Words(120, 1) = ABSENT
    description: Words(4000) = ABSENT
    category: Category = ABSENT
    grade: PartGrade = ABSENT
    unit: Unit = ABSENT
    price: Price | None = Field(None, description="What a client pays per unit in PEN without tax.")
    minimum: Quantity | None = Field(None, description="When so much or less is free, it is bought.")
    maximum: Quantity | None = Field(None, description="Up to so much is bought.")
    fits: list[Key] = Field(ABSENT, max_length=500, description="The machine models it fits, all of them.")
    is_open: Flag = Field(ABSENT, description="Whether it is still offered and bought.")


class PartIn(PartPatch):
    """A part that enters the catalogue."""

    model_config = example(brand="CAT", number="1R-0750", name="Filtro de petróleo", category="filter", price="118.90")

    brand: Words(40, 1)
    number: Words(40, 1) = Field(description="As the maker writes it; case and punctuation do not matter.")
    name: Words(120, 1)


class PartsQuery(Query):
    """How to narrow and sort parts."""

    q: str = Field("", max_length=80, description="A number, pieces of one, or words.")
    grade: PartGrade = ABSENT
    category: Category = ABSENT
    brand: str = Field("", max_length=40)
    model: Key = Field(ABSENT, description="A machine model the part fits.")
    warehouse: Key = Field(ABSENT, description="A warehouse that has it on hand.")
    short: bool = Field(False, description="Only what has fallen to its minimum.")
    is_open: bool = Field(ABSENT, description="Only what is in use, or only what no longer is.")
    sort: Literal["name", "number", "newest"] = "name"


@parts.lists("/parts", AT_WORK, PartOut)
def list_parts(request: HttpRequest, wanted: InQuery[PartsQuery]) -> Page:
    """The catalogue of parts."""
    rows = queries.filter_parts(queries.parts_in_full(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@parts.reads("/parts/{part_id}", AT_WORK, PartOut)
def read_part(request: HttpRequest, part_id: Key) -> Any:
    """One part."""
    return queries.get_part_in_full(request.user, int(part_id))


@parts.makes("/parts", OFFICE, PartOut)
def create_part(request: HttpRequest, body: PartIn) -> Any:
    """Add a part to the catalogue. Logistics."""
    return actions.create_part(by=request.user, **_facts(body))


@parts.changes("/parts/{part_id}", OFFICE, PartOut)
def change_part(request: HttpRequest, part_id: Key, body: PartPatch) -> Any:
    """Change what the catalogue says of a part. Logistics."""
    part = queries.get_part(request.user, int(part_id))
    return actions.change_part(part=part, version=request.version, by=request.user, **_facts(body))


def _facts(body: PartPatch) -> dict:
    facts = body.given()
    if "fits" in facts:
        facts["fits"] = [found("fits", fleet.get_model, int(key)) for key in dict.fromkeys(body.fits)]
    return facts


class OfferedPart(Out):
    """A part that may be taken."""

    model_config = example(
        id="32", brand="Donaldson", number="P551313", name="Filtro separador", grade="alternative", unit="NIU",
        why="equivalent", on_hand="4", available="3",
    )  # fmt: skip

    id: Id
    brand: str
    number: str
    name: str
    grade: PartGrade
    unit: Unit
    why: Literal["successor", "itself", "equivalent"]
    on_hand: Decimal
    available: Decimal = Field(description="On hand and not reserved, in all warehouses.")

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("brand", "number", "name", "grade", "unit")
        free = {"on_hand": rules.plain(thing.on_hand), "available": rules.plain(thing.free)}
        return cls(id=thing.part.pk, why=thing.why, **free, **{name: getattr(thing.part, name) for name in names})


class OfferedOut(Out):
    """What may be taken for a part: successors, the newest first, itself, then equivalents."""

    model_config = example(items=[OfferedPart.model_config["json_schema_extra"]["examples"][0]])

    items: list[OfferedPart]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(items=[OfferedPart.of(each, user) for each in thing])


@parts.reads("/parts/{part_id}/offered", AT_WORK, OfferedOut)
def list_offered_parts(request: HttpRequest, part_id: Key) -> Any:
    """What may be taken for a part, with what there is of each."""
    return queries.offered_for(queries.get_part(request.user, int(part_id)))


class LinkOut(Out):
    """A link of two parts: both stand in for each other, or `other` replaces `part`."""

    model_config = example(id="5", part="31", other="32", kind="equivalent")

    id: Id
    part: Id
    other: Id
    kind: LinkKind

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(id=thing.pk, part=thing.part_id, other=thing.other_id, kind=thing.kind)


class LinkIn(In):
    """How another part stands to this one."""

    model_config = example(other="32", kind="equivalent")

    other: Key
    kind: LinkKind = Field(description="`superseded_by`: the other one replaces this one.")


@parts.makes("/parts/{part_id}/links", OFFICE, LinkOut)
def link_parts(request: HttpRequest, part_id: Key, body: LinkIn) -> Any:
    """Say that another part stands in for this one or replaces it. Logistics."""
    part = queries.get_part(request.user, int(part_id))
    other = found("other", queries.get_part, request.user, int(body.other))
    return actions.link_parts(part=part, other=other, kind=body.kind, by=request.user)


@parts.removes("/parts/{part_id}/links/{link_id}", OFFICE)
def unlink_parts(request: HttpRequest, part_id: Key, link_id: Key) -> None:
    """Take a link of a part back. Logistics."""
    part = queries.get_part(request.user, int(part_id))
    actions.unlink_parts(link=queries.get_link(request.user, int(link_id), part), by=request.user)
