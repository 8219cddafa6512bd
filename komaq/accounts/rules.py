"""Who may look after people, and what the law and the work still hold on to."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import DOCUMENTS, Permission, Role
from komaq.accounts.models import Employee, User
from komaq.core import clock
from komaq.core.peru import clean_document
from komaq.core.refusals import BadInput, require


def can_read_people(user: User) -> bool:
    return user.has(Permission.MANAGE_PEOPLE) or user.holds(Role.MANAGER)


def can_manage_people(user: User) -> bool:
    return user.has(Permission.MANAGE_PEOPLE)


def can_read_audit(user: User) -> bool:
    return user.has(Permission.SEE_AUDIT)


def can_read_payload(user: User, event_kind: str) -> bool:
    """An administrator reads what was done to accounts; business values need a right to the business."""
    return can_read_audit(user) and (event_kind.startswith("accounts.") or user.has(Permission.SEE_ALL_ORDERS))


def is_employed(employee: Employee | None) -> bool:
    """Whether the person works for the company today."""
    return employee is not None and (employee.left_on is None or employee.left_on > clock.today())


def can_erase_itself(user: User) -> bool:
    """Labour law keeps the file of who works here; everybody else may ask to be forgotten."""
    return not is_employed(getattr(user.person, "employee", None))


def clean_identity(kind: str, number: str) -> str:
    """The number of a person's document in canonical form; nothing without one. Raises BadInput with the field."""
    if not number and not kind:
        return ""
    require(kind in DOCUMENTS, else_=BadInput(_("Say which document it is."), field="document_type"))
    require(bool(number), else_=BadInput(_("Write the number, or choose no document."), field="document_number"))
    try:
        return clean_document(kind, number)
    except ValidationError as error:
        raise BadInput(error.messages[0], field="document_number") from error
