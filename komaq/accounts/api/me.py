"""Oneself: one's data, what one may do, and everything kept about one."""

import json
from typing import Any, Literal, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from pydantic import ConfigDict, Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import PERSON, Document, personal
from komaq.accounts.choices import Role, ScopeKind
from komaq.core import clock
from komaq.core.access import SIGNED_IN
from komaq.core.api.doors import Doors
from komaq.core.api.shapes import ABSENT, Email, Id, In, Out, Phone, Words, example

doors = Doors(tags=["me"])
Language = Literal["es-pe", "en"]


class PowerOut(Out):
    """What one may do for a company."""

    model_config = example(customer="7", role="customer_admin", site=None)

    customer: Id
    role: Role
    site: Id | None = Field(description="The one site one is held to; null is the whole company.")


class MeOut(Out):
    """Who one is here."""

    model_config = example(
        id="4",
        sign_in_email="carla@andinos.example",
        email="carla@andinos.example",
        name="Carla Quispe",
        given_names="Carla",
        surnames="Quispe",
        phone="+51987654321",
        document_type="1",
        document_number="45678912",
        language="es-pe",
        roles=["customer_admin"],
        employee=None,
        area=None,
        area_name="",
        position=None,
        position_name="",
        customer="7",
        powers=[{"customer": "7", "role": "customer_admin", "site": None}],
        version=730418222,
    )

    id: Id
    sign_in_email: str
    email: str = Field(description="Where we write to.")
    name: str
    given_names: str
    surnames: str
    phone: str = Field(description="In E.164.")
    document_type: str = Field(description="1 DNI, 4 CE, 7 passport (SUNAT catalogue 06), or empty.")
    document_number: str
    language: str
    roles: list[Role]
    employee: Id | None
    area: Id | None
    area_name: str
    position: Id | None
    position_name: str
    customer: Id | None = Field(description="The first of one's companies.")
    powers: list[PowerOut]
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        """The user itself; `thing` is its person."""
        employee = getattr(thing, "employee", None)
        held = queries.position_on(employee, clock.today()) if employee else None
        post, area = (held.position, held.position.area) if held else (None, None)
        powers = [
            PowerOut(
                customer=grant.customer_id,
                role=grant.role,
                site=grant.scope_id if grant.scope_kind == ScopeKind.SITE else None,
            )
            for grant in user.live_grants
        ]
        return cls(
            id=user.pk,
            sign_in_email=user.email,
            roles=sorted(user.roles),
            employee=employee.pk if employee else None,
            area=area.pk if area else None,
            area_name=area.name if area else "",
            position=post.pk if post else None,
            position_name=post.name if post else "",
            customer=powers[0].customer if powers else None,
            powers=powers,
            **{name: getattr(thing, name) for name in (*PERSON, "name", "language", "version")},
        )


class MePatch(In):
    """What one corrects about oneself. The address one signs in with changes on the page alone."""

    model_config = example(phone="958 204 116", language="en")

    given_names: Words(80, 1) = ABSENT
    surnames: Words(80) = ""
    email: Email = ""
    phone: Phone = ""
    document_type: Document = ""
    document_number: Words(20) = ""
    language: Language = ABSENT


class ExportOut(Out):
    """Everything kept about a person, by section; rooms add theirs."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "person": [{"given_names": "Carla", "surnames": "Quispe", "email": "carla@andinos.example"}],
                    "access": [{"email": "carla@andinos.example", "role": "Administrador del cliente"}],
                    "employment": [],
                    "consents": [{"kind": "privacy", "version": "2026-10-01"}],
                    "activity": [{"at": "2026-11-28T13:00:00Z", "kind": "orders.request_received"}],
                }
            ]
        },
    )

    person: list[dict[str, Any]]
    access: list[dict[str, Any]]
    employment: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    activity: list[dict[str, Any]]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(**json.loads(json.dumps(thing, cls=DjangoJSONEncoder)))


@doors.reads("/me", SIGNED_IN, MeOut)
def read_me(request: HttpRequest) -> Any:
    """Who one is: data, roles, post and companies."""
    return request.user.person


@doors.changes("/me", SIGNED_IN, MeOut)
def change_me(request: HttpRequest, body: MePatch) -> Any:
    """Correct one's own data."""
    person = request.user.person
    kept = {name: getattr(person, name) for name in MePatch.model_fields}
    return actions.change_my_data(by=request.user, version=request.version, **personal({**kept, **body.given()}))


@doors.reads("/me/export", SIGNED_IN, ExportOut)
def export_me(request: HttpRequest) -> Any:
    """Everything kept about oneself; that it was taken along is written down."""
    person = request.user.person
    data = queries.personal_data(person)
    actions.record_export(person=person, by=request.user)
    return data
