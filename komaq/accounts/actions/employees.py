"""Who works here: hired, corrected, gone."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from komaq.accounts import rules
from komaq.accounts.actions.guards import has_admin, keep_an_admin, one_at_a_time
from komaq.accounts.actions.register import create_user, fill_search, register_person
from komaq.accounts.actions.users import end_sessions, invite
from komaq.accounts.models import Certification, Employee, Position, PositionChange, Skill, User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Stale, require


class LeavesBeforeHired(BadInput):
    """Nobody leaves before it came."""

    message = _("The last day cannot lie before the day of hiring.")
    field = "left_on"


class ExpiresTooEarly(BadInput):
    """Nothing ends before it began."""

    message = _("It cannot expire before it was issued.")
    field = "expires_on"


@action
def hire_employee(
    *,
    given_names: str,
    surnames: str,
    email: str,
    position: Position,
    hired_on: datetime.date,
    by: User,
    phone: str = "",
    document_type: str = "",
    document_number: str = "",
    skills: Iterable[Skill] = (),
    new_skill: str = "",
) -> Employee:
    """Somebody new: person, access, post from the first day, and a mail to choose a password.

    Raises NotAllowed, EmailTaken.
    """
    require(rules.can_manage_people(by))
    person = register_person(
        given_names=given_names,
        surnames=surnames,
        email=email,
        phone=phone,
        document_type=document_type,
        document_number=document_number,
        by=by,
    )
    user = create_user(person=person, email=email, by=by)
    employee = Employee.objects.create(person=person, hired_on=hired_on)
    _set_skills(employee, skills, new_skill)
    PositionChange.objects.create(
        employee=employee,
        position=position,
        effective_on=hired_on,
        reason=str(_("Hired")),
        decided_by=by,
        decided_at=clock.now(),
    )
    trail.record(
        "accounts.employee_hired",
        employee,
        by=by,
        position=position.name,
        area=position.area.name,
        effective_on=hired_on,
    )
    invite(user=user, by=by)
    return employee


@action
def change_employee(
    *,
    employee: Employee,
    given_names: str,
    surnames: str,
    email: str,
    phone: str,
    document_type: str,
    document_number: str,
    skills: Iterable[Skill],
    by: User,
    new_skill: str = "",
    version: int | None = None,
) -> Employee:
    """Correct somebody's data and skills, with a `version` only as they were read. Raises NotAllowed, Stale."""
    require(rules.can_manage_people(by))
    employee = lock(employee)
    person = employee.person = lock(employee.person)
    require(version in (None, employee.version), else_=Stale(employee))
    person.given_names, person.surnames = given_names, surnames
    person.email, person.phone = email.lower(), phone
    person.document_type, person.document_number = document_type if document_number else "", document_number
    fill_search(person)
    person.save()
    names = _set_skills(employee, skills, new_skill)
    trail.record("accounts.employee_changed", employee, by=by, given_names=given_names, skills=names)
    return employee


@action
def add_certification(
    *, employee: Employee, name: str, issued_on: datetime.date, expires_on: datetime.date | None, by: User
) -> Certification:
    """Write down what somebody has proven. Raises NotAllowed, ExpiresTooEarly."""
    require(rules.can_manage_people(by))
    require(expires_on is None or expires_on >= issued_on, else_=ExpiresTooEarly())
    added = Certification.objects.create(employee=employee, name=name, issued_on=issued_on, expires_on=expires_on)
    trail.record("accounts.certification_added", employee, by=by, name=name, expires_on=expires_on)
    return added


@action
def remove_certification(*, employee: Employee, certification_id: int, by: User) -> None:
    """Take a certification away that was written by mistake. Raises NotAllowed."""
    require(rules.can_manage_people(by))
    found = Certification.objects.filter(employee=employee, pk=certification_id).first()
    if found:
        found.delete()
        trail.record("accounts.certification_removed", employee, by=by, name=found.name)


@action
def end_employment(*, employee: Employee, left_on: datetime.date | None, reason: str, by: User) -> Employee:
    """Set the day from which somebody no longer works here, or take it back with None.

    Raises NotAllowed, LeavesBeforeHired, LastAdmin.
    """
    require(rules.can_manage_people(by))
    one_at_a_time()
    held = has_admin()
    employee = lock(employee)
    require(left_on is None or left_on >= employee.hired_on, else_=LeavesBeforeHired())
    Employee.objects.filter(pk=employee.pk).update(left_on=left_on)
    employee.left_on = left_on
    user = User.objects.filter(person_id=employee.person_id).first()
    if user and left_on and left_on <= clock.today():
        end_sessions(user)
    keep_an_admin(held)
    trail.record("accounts.employment_ended", employee, by=by, left_on=left_on, reason=reason)
    return employee


def _set_skills(employee: Employee, skills: Iterable[Skill], new_skill: str) -> list[str]:
    """Write the skills, one of them perhaps new to the company; their names."""
    held = list(skills)
    if new_skill.strip():
        known = Skill.objects.filter(name__iexact=new_skill.strip()).first()
        held.append(known or Skill.objects.create(name=new_skill.strip()))
    employee.skills.set(held)
    return [skill.name for skill in held]
