"""From area to area, from post to post: recorded ahead, never overwritten."""

import datetime

from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries, rules
from komaq.accounts.actions.guards import has_admin, keep_an_admin, one_at_a_time
from komaq.accounts.choices import STAFF_ROLES
from komaq.accounts.models import Area, Employee, Position, PositionChange, User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, Stale, require


class RewritesHistory(Refusal):
    """The day lies before what is already on record."""

    message = _("On that day another position was already in force. Choose a later day.")
    field = "effective_on"


class SamePosition(Refusal):
    """Nothing would change."""

    message = _("The person holds that position on that day already.")
    field = "position"


class ChangePlanned(Refusal):
    """One plan at a time."""

    message = _("A change is already planned. Withdraw it first.")


class NothingPlanned(Refusal):
    """There is no plan to withdraw: its day came, or somebody withdrew it."""

    message = _("There is no planned change to withdraw any more.")


class NoRoles(BadInput):
    """A post that grants nothing lets nobody in."""

    message = _("Choose at least one role.")
    field = "roles"


class NameTaken(Refusal):
    """There is one of that name."""

    message = _("There is already one with that name.")
    field = "name"


class NotEmployed(Refusal):
    """Who left holds no post."""

    message = _("This person no longer works here.")


@action
def change_position(
    *, employee: Employee, position: Position, effective_on: datetime.date, reason: str, by: User
) -> PositionChange:
    """Give somebody another post from a day on; rights follow on that day, open sessions included.

    A past day is taken as long as it does not rewrite what was in force. Raises NotAllowed, NotEmployed,
    ChangePlanned, RewritesHistory, SamePosition, LastAdmin.
    """
    require(rules.can_manage_people(by))
    one_at_a_time()
    held = has_admin()
    employee = lock(employee)
    require(rules.is_employed(employee), else_=NotEmployed())
    require(queries.planned_change(employee) is None, else_=ChangePlanned())
    before = queries.position_on(employee, clock.today())
    earliest = max(employee.hired_on, before.effective_on) if before else employee.hired_on
    require(effective_on >= earliest, else_=RewritesHistory())
    require(before is None or before.position_id != position.pk, else_=SamePosition())
    change = PositionChange.objects.create(
        employee=employee,
        position=position,
        effective_on=effective_on,
        reason=reason,
        decided_by=by,
        decided_at=clock.now(),
    )
    keep_an_admin(held)
    trail.record(
        "accounts.position_changed",
        employee,
        by=by,
        position=position.name,
        area=position.area.name,
        effective_on=effective_on,
        reason=reason,
        before=before.position.name if before else "",
    )
    return change


@action
def withdraw_change(*, employee: Employee, by: User, change: PositionChange | None = None) -> PositionChange:
    """Take back the planned change, or that one alone, before its day; it stays on record.

    Raises NotAllowed, NothingPlanned, LastAdmin.
    """
    require(rules.can_manage_people(by))
    one_at_a_time()
    held = has_admin()
    planned = queries.planned_change(employee)
    require(planned is not None and change in (None, planned), else_=NothingPlanned())
    planned.withdrawn_at = clock.now()
    planned.save(update_fields=["withdrawn_at"])
    keep_an_admin(held)
    trail.record(
        "accounts.position_change_withdrawn",
        employee,
        by=by,
        position=planned.position.name,
        effective_on=planned.effective_on,
    )
    return planned


@action
def save_area(
    *, name: str, is_open: bool = True, by: User, area: Area | None = None, version: int | None = None
) -> Area:
    """Add an area, or rename, close and open one, with a `version` only as it was read.

    Raises NotAllowed, NameTaken, Stale.
    """
    require(rules.can_manage_people(by))
    one_at_a_time()
    require(not _others(Area, area).filter(name__iexact=name).exists(), else_=NameTaken())
    before = area.name if area else ""
    area = lock(area) if area else Area()
    require(version in (None, area.version), else_=Stale(area))
    area.name, area.is_open = name, is_open
    area.save()
    trail.record("accounts.area_saved", area, by=by, name=name, is_open=is_open, before=before)
    return area


@action
def save_position(
    *,
    area: Area,
    name: str,
    roles: list[str],
    by: User,
    is_open: bool = True,
    position: Position | None = None,
    version: int | None = None,
) -> Position:
    """Add a post, or change its name, area and roles, with a `version` only as it was read.

    Rights follow with each holder's next request. Raises NotAllowed, NoRoles, NameTaken, LastAdmin, Stale.
    """
    require(rules.can_manage_people(by))
    wanted = sorted(set(roles) & STAFF_ROLES)
    require(bool(wanted), else_=NoRoles())
    one_at_a_time()
    held = has_admin()
    taken = _others(Position, position).filter(area=area, name__iexact=name).exists()
    require(not taken, else_=NameTaken())
    before = list(position.roles) if position else []
    position = lock(position) if position else Position()
    require(version in (None, position.version), else_=Stale(position))
    position.area, position.name, position.roles, position.is_open = area, name, wanted, is_open
    position.save()
    keep_an_admin(held)
    trail.record("accounts.position_saved", position, by=by, name=name, roles=wanted, before=before, is_open=is_open)
    return position


def _others(model: type[Area] | type[Position], this: Area | Position | None) -> object:
    return model.objects.exclude(pk=this.pk if this else None)
