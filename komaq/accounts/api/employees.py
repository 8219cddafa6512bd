"""The people of the company: administrators keep them, management reads them."""

import datetime
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import PERSON, READERS, Document, Reason, WorkDay, personal
from komaq.accounts.choices import ADMINS, AccessDeed
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Id, In, Key, NeededEmail, Out, Phone, Query, Words, example
from komaq.core.lists import Page, Sort

doors = Doors(tags=["employees"])
SORTS = {"name": Sort("person__sort_key"), "newest": Sort("hired_on", descending=True)}
PROOF_SORTS = {"name": Sort("name")}
LISTED = {
    "id": "5",
    "person": "15",
    "user": "8",
    "name": "Tito Ccori Mamani",
    "given_names": "Tito",
    "surnames": "Ccori Mamani",
    "email": "tito@komaq.example",
    "phone": "+51987654321",
    "area": "1",
    "area_name": "Técnica",
    "position": "2",
    "position_name": "Mecánico",
    "hired_on": "2026-01-12",
    "left_on": None,
    "state": "active",
    "skills": ["3"],
}


class EmployeeListed(Out):
    """Somebody of the company as a list shows it."""

    model_config = example(**LISTED)

    id: Id
    person: Id
    user: Id | None
    name: str
    given_names: str
    surnames: str
    email: str
    phone: str = Field(description="In E.164.")
    area: Id | None
    area_name: str
    position: Id | None = Field(description="The post held today.")
    position_name: str
    hired_on: datetime.date
    left_on: datetime.date | None
    state: Literal["active", "disabled", "left", "no_user"]
    skills: list[Id]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        employee = thing if hasattr(thing, "state") else queries.get_employee(user, thing.pk)
        person = employee.person
        names = cls.model_fields.keys()
        return cls(
            id=employee.pk,
            person=person.pk,
            user=person.user.pk if hasattr(person, "user") else None,
            area=employee.area_id,
            area_name=employee.area_name or "",
            position=employee.position_id,
            position_name=employee.position_name or "",
            skills=[skill.pk for skill in employee.skills.all()],
            **{name: getattr(person, name) for name in (*PERSON, "name") if name in names},
            **{name: getattr(employee, name) for name in ("hired_on", "left_on", "state", "version") if name in names},
        )


class EmployeeOut(EmployeeListed):
    """Somebody of the company: the whole record."""

    model_config = example(**LISTED, document_type="1", document_number="45678912", version=730418222)

    document_type: str = Field(description="1 DNI, 4 CE, 7 passport (SUNAT catalogue 06), or empty.")
    document_number: str
    version: int


class HireIn(In):
    """Somebody new. The address is the one it will sign in with."""

    model_config = example(
        given_names="Tito",
        surnames="Ccori Mamani",
        email="tito@komaq.example",
        phone="987 654 321",
        document_type="1",
        document_number="45678912",
        position="2",
        hired_on="2026-12-01",
        skills=["3"],
    )

    given_names: Words(80, 1)
    surnames: Words(80, 1)
    email: NeededEmail
    phone: Phone = ""
    document_type: Document = ""
    document_number: Words(20) = ""
    position: Key = Field(description="A post that is in use.")
    hired_on: WorkDay
    skills: list[Key] = Field([], max_length=30)
    new_skill: Words(60) = Field("", description="A skill that is not known yet.")


class EmployeePatch(In):
    """What changes about somebody; posts change by `/position-changes`."""

    model_config = example(phone="958 204 116", skills=["3", "4"])

    given_names: Words(80, 1) = ABSENT
    surnames: Words(80, 1) = ABSENT
    email: NeededEmail = ABSENT
    phone: Phone = ""
    document_type: Document = ""
    document_number: Words(20) = ""
    skills: list[Key] = Field([], max_length=30)
    new_skill: Words(60) = Field("", description="A skill that is not known yet.")


class EndIn(In):
    """The day from which somebody no longer works here; null takes it back."""

    model_config = example(left_on="2026-12-31", reason="Renuncia.")

    left_on: WorkDay | None
    reason: Reason


class CertificationOut(Out):
    """What somebody has proven, until when."""

    model_config = example(
        id="6", employee="5", name="Trabajo en altura", issued_on="2026-03-01", expires_on="2027-03-01"
    )

    id: Id
    employee: Id
    name: str
    issued_on: datetime.date
    expires_on: datetime.date | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        facts = {name: getattr(thing, name) for name in ("name", "issued_on", "expires_on")}
        return cls(id=thing.pk, employee=thing.employee_id, **facts)


class CertificationIn(In):
    """A new proof."""

    model_config = example(name="Trabajo en altura", issued_on="2026-03-01", expires_on="2027-03-01")

    name: Words(80, 1)
    issued_on: WorkDay
    expires_on: WorkDay | None = None


class EmployeesQuery(Query):
    """How to narrow and sort people."""

    q: str = Field("", max_length=80, description="Words: name, address, phone, document.")
    area: Key = ABSENT
    state: Literal["active", "disabled", "left", "no_user"] = ABSENT
    sort: Literal["name", "newest"] = "name"


class CertificationsQuery(Query):
    """How to sort proofs."""

    sort: Literal["name"] = "name"


@doors.lists("/employees", READERS, EmployeeListed)
def list_employees(request: HttpRequest, wanted: InQuery[EmployeesQuery]) -> Page:
    """The people of the company. A search is written down."""
    if wanted.q:
        actions.note_reading(deed=AccessDeed.SEARCHED, by=request.user)
    rows = queries.filter_employees(queries.employees_for(request.user), **wanted.filters())
    return page_of(queries.with_skills(rows), wanted, sorts=SORTS)


@doors.reads("/employees/{employee_id}", READERS, EmployeeOut)
def read_employee(request: HttpRequest, employee_id: Key) -> Any:
    """Somebody's record. That it was read is written down."""
    return _opened(request, employee_id)


def _opened(request: HttpRequest, employee_id: str) -> Any:
    employee = queries.get_employee(request.user, int(employee_id))
    actions.note_reading(deed=AccessDeed.OPENED, person=employee.person, by=request.user)
    return employee


@doors.makes("/employees", ADMINS, EmployeeOut)
def hire_employee(request: HttpRequest, body: HireIn) -> Any:
    """Hire somebody: person, access, post from the first day, and a letter to choose a password."""
    facts = {
        **personal(body.given()),
        "position": found("position", queries.get_open_position, int(body.position)),
        "skills": _skills(body.skills),
    }
    return actions.hire_employee(by=request.user, **facts)


def _skills(keys: list[str]) -> list[Any]:
    return [found("skills", queries.get_skill, int(key)) for key in dict.fromkeys(keys)]


@doors.changes("/employees/{employee_id}", ADMINS, EmployeeOut)
def change_employee(request: HttpRequest, employee_id: Key, body: EmployeePatch) -> Any:
    """Correct somebody's data and skills."""
    employee = queries.get_employee(request.user, int(employee_id))
    given = body.given()
    skills = _skills(given.pop("skills")) if "skills" in given else list(employee.skills.all())
    facts = personal({**{name: getattr(employee.person, name) for name in PERSON}, **given})
    return actions.change_employee(employee=employee, skills=skills, version=request.version, by=request.user, **facts)


@doors.does("/employees/{employee_id}/end", ADMINS, EmployeeOut)
def end_employment(request: HttpRequest, employee_id: Key, body: EndIn) -> Any:
    """Set the day from which somebody no longer works here, or take it back."""
    employee = queries.get_employee(request.user, int(employee_id))
    return actions.end_employment(employee=employee, left_on=body.left_on, reason=body.reason, by=request.user)


@doors.lists("/employees/{employee_id}/certifications", READERS, CertificationOut)
def list_certifications(request: HttpRequest, employee_id: Key, wanted: InQuery[CertificationsQuery]) -> Page:
    """What somebody has proven. That it was read is written down."""
    return page_of(_opened(request, employee_id).certifications.all(), wanted, sorts=PROOF_SORTS)


@doors.makes("/employees/{employee_id}/certifications", ADMINS, CertificationOut)
def add_certification(request: HttpRequest, employee_id: Key, body: CertificationIn) -> Any:
    """Write down what somebody has proven."""
    employee = queries.get_employee(request.user, int(employee_id))
    facts = {"expires_on": None, **body.given()}
    return actions.add_certification(employee=employee, by=request.user, **facts)


@doors.removes("/employees/{employee_id}/certifications/{certification_id}", ADMINS)
def remove_certification(request: HttpRequest, employee_id: Key, certification_id: Key) -> None:
    """Take a certification away that was written by mistake."""
    employee = queries.get_employee(request.user, int(employee_id))
    proof = queries.get_certification(employee, int(certification_id))
    actions.remove_certification(employee=employee, certification_id=proof.pk, by=request.user)
