"""People's records one by one, as programs name them."""

from django.db.models import Prefetch, QuerySet

from komaq.accounts import rules
from komaq.accounts.models import Area, Certification, Employee, Grant, Position, PositionChange, Skill, User
from komaq.accounts.queries.people import position_choices
from komaq.core import trail
from komaq.core.models import Event
from komaq.core.refusals import NotFound

EXPORTED, ERASED = "accounts.data_exported", "accounts.person_erased"


def with_skills(rows: QuerySet[Employee]) -> QuerySet[Employee]:
    """Employees with their skills at hand; one query more."""
    return rows.prefetch_related("skills")


def with_grants(rows: QuerySet[User]) -> QuerySet[User]:
    """Users with the powers they hold as clients at hand; one query more."""
    live = Grant.objects.filter(ended_at=None).order_by("id")
    return rows.prefetch_related(Prefetch("grants", live, to_attr="live_grants"))


def all_areas() -> QuerySet[Area]:
    return Area.objects.all()


def all_positions() -> QuerySet[Position]:
    return Position.objects.select_related("area")


def get_open_position(position_id: int) -> Position:
    """A post that may be given. Raises NotFound."""
    return _one(position_choices(), position_id)


def get_skill(skill_id: int) -> Skill:
    """One skill. Raises NotFound."""
    return _one(Skill.objects.all(), skill_id)


def get_certification(employee: Employee, certification_id: int) -> Certification:
    """One of an employee's certifications. Raises NotFound."""
    return _one(employee.certifications.all(), certification_id)


def position_changes_for(user: User, *, employee: int | str | None = None) -> QuerySet[PositionChange]:
    """Every change of post, withdrawn ones too, for whom may read people; of all employees or of one."""
    rows = PositionChange.with_withdrawn.select_related("employee", "position")
    rows = rows.filter(employee_id=employee) if employee else rows
    return rows if rules.can_read_people(user) else rows.none()


def get_position_change(user: User, change_id: int) -> PositionChange:
    """One change of post. Raises NotFound."""
    return _one(position_changes_for(user).select_related("employee__person"), change_id)


def privacy_requests_of(user: User) -> QuerySet[Event]:
    """When the person took its data along or had it erased, by the trail."""
    return trail.history(user.person).filter(kind__in=[EXPORTED, ERASED])


def _one(rows: QuerySet, key: int):
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
