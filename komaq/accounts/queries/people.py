"""The people of the company: who is what, since when."""

import datetime
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Trim
from django.utils.translation import gettext_lazy as _

from komaq.accounts import rules
from komaq.accounts.choices import PERMISSIONS, Permission, Role
from komaq.accounts.models import Area, Employee, Person, Position, PositionChange, Skill, User
from komaq.core import clock, trail
from komaq.core.models import Event
from komaq.core.refusals import NotFound
from komaq.core.search import matching


def employees_for(user: User) -> QuerySet[Employee]:
    """Everybody who works or worked here with post, area and state of today, for whom may read people."""
    today = clock.today()
    held = PositionChange.objects.filter(employee=OuterRef("pk"), effective_on__lte=today)
    held = held.order_by("-effective_on", "-id")
    state = Case(
        When(left_on__lte=today, then=Value("left")),
        When(person__user=None, then=Value("no_user")),
        When(person__user__is_active=False, then=Value("disabled")),
        default=Value("active"),
        output_field=CharField(),
    )
    rows = Employee.objects.select_related("person", "person__user").annotate(
        position_name=Subquery(held.values("position__name")[:1]),
        area_name=Subquery(held.values("position__area__name")[:1]),
        area_id=Subquery(held.values("position__area_id")[:1]),
        position_id=Subquery(held.values("position_id")[:1]),
        state=state,
    )
    return rows if rules.can_read_people(user) else rows.none()


def filter_employees(rows: QuerySet[Employee], *, q: str = "", area: str = "", state: str = "") -> QuerySet[Employee]:
    if q:
        rows = matching(rows, q, "person__search")
    if area.isdecimal():
        rows = rows.filter(area_id=int(area[:9]))
    return rows.filter(state=state) if state else rows


def employees_since(user: User, since: datetime.datetime | None) -> QuerySet[Employee]:
    """Who works here, for whom may read people; with a moment, those hired or changed since, by themselves too."""
    rows = employees_for(user).exclude(state="left").prefetch_related("skills").order_by("pk")
    if since is None:
        return rows
    touched = Q(pk__in=trail.touched_since(Employee, since)) | Q(person__in=trail.touched_since(Person, since))
    return rows.filter(Q(person__created_at__gte=since) | touched)


def holds_document(kind: str, number: str) -> bool:
    """Whether an employee has that identity document."""
    return Employee.objects.filter(person__document_type=kind, person__document_number=number).exists()


def get_employee(user: User, employee_id: int) -> Employee:
    """One employee with person and user. Raises NotFound."""
    found = employees_for(user).filter(pk=employee_id).first()
    if found is None:
        raise NotFound
    return found


def with_actors(events: QuerySet[Event]) -> QuerySet[Event]:
    """Events that also name who acted: `actor`, nothing where the product did."""
    person = User.objects.filter(pk=OuterRef("actor_id")).order_by()
    name = Concat("person__given_names", Value(" "), "person__surnames")
    return events.annotate(actor=Coalesce(Trim(Subquery(person.values(name=name)[:1])), Value("")))


def position_on(employee: Employee, day: datetime.date) -> PositionChange | None:
    """The post somebody holds on a day."""
    changes = employee.position_changes.filter(effective_on__lte=day).select_related("position__area")
    return changes.order_by("-effective_on", "-id").first()


def planned_change(employee: Employee) -> PositionChange | None:
    """The change that is decided and has not come yet."""
    changes = employee.position_changes.filter(effective_on__gt=clock.today())
    return changes.select_related("position__area").order_by("effective_on", "id").first()


def positions_of(employee: Employee) -> list[dict[str, Any]]:
    """The line of posts from the first day, with what is planned; each past, now or ahead."""
    today = clock.today()
    changes = list(
        employee.position_changes.select_related("position__area", "decided_by__person").order_by("effective_on", "id")
    )
    now = max((index for index, each in enumerate(changes) if each.effective_on <= today), default=-1)
    states = ["done" if index < now else "now" if index == now else "ahead" for index in range(len(changes))]
    return [{"change": change, "state": state} for change, state in zip(changes, states, strict=True)]


def rights_compared(held: PositionChange | None, planned: PositionChange | None) -> list[dict[str, Any]]:
    """What the planned change gives and takes; nothing without one."""
    if planned is None:
        return []
    before, after = rights_of(held.position if held else None), rights_of(planned.position)
    return [
        {"label": permission.label, "before": permission in before, "after": permission in after}
        for permission in Permission
        if permission in before | after
    ]


def rights_of(position: Position | None) -> set[str]:
    """What the roles of a post allow."""
    return {right for role in (position.roles if position else []) for right in PERMISSIONS[role]}


WORDS = {
    "accounts.employee_hired": ("flag", _("hired")),
    "accounts.position_changed": ("ok", _("changed the position")),
    "accounts.position_change_withdrawn": ("x", _("withdrew the planned change")),
    "accounts.employee_changed": ("pen", _("corrected the data")),
    "accounts.certification_added": ("shield", _("added a certification")),
    "accounts.certification_removed": ("shield", _("removed a certification")),
    "accounts.employment_ended": ("exit", _("set the last day")),
}


def history_of(employee: Employee) -> list[dict[str, Any]]:
    """What was decided about an employee, newest first, one query."""
    events = with_actors(trail.history(employee).order_by("-number"))
    return [
        {
            "icon": WORDS.get(each.kind, ("pen", ""))[0],
            "who": each.actor,
            "text": _told(each.kind, each.payload.data),
            "at": each.at,
        }
        for each in events
    ]


def _told(kind: str, data: dict) -> str:
    words = str(WORDS.get(kind, ("", kind))[1])
    days = [_day(data[key]) for key in ("effective_on", "left_on") if data.get(key)]
    names = [data[key] for key in ("position", "name") if data.get(key)]
    details = ", ".join([*names, *days, *([data["reason"]] if data.get("reason") else [])])
    return f"{words}: {details}" if details else words


def _day(text: str) -> str:
    return datetime.date.fromisoformat(text).strftime("%d/%m/%Y")


def areas_with_positions() -> QuerySet[Area]:
    """All areas with their posts; two queries."""
    return Area.objects.prefetch_related("positions")


def areas_with_headcount() -> list[dict[str, Any]]:
    """All areas, their posts with the roles in words and how many hold each today; three queries."""
    held, labels = headcount(), dict(Role.choices)
    return [
        {
            "area": area,
            "posts": [
                {
                    "position": post,
                    "roles": [labels[role] for role in Role if role in post.roles],
                    "held": held.get(post.pk, 0),
                }
                for post in area.positions.all()
            ],
        }
        for area in areas_with_positions()
    ]


def proofs_of(employee: Employee) -> list[dict[str, Any]]:
    """Certifications with their state: valid, soon over (60 days) or expired."""
    today = clock.today()
    rows = []
    for proof in employee.certifications.all():
        left = (proof.expires_on - today).days if proof.expires_on else None
        tone = "ok" if left is None or left > 60 else "warn" if left >= 0 else "bad"
        rows.append({"proof": proof, "tone": tone, "left": left})
    return rows


def headcount() -> dict[int, int]:
    """How many hold each post today."""
    today = clock.today()
    held = PositionChange.objects.filter(employee=OuterRef("pk"), effective_on__lte=today)
    held = held.order_by("-effective_on", "-id").values("position_id")[:1]
    working = Q(left_on=None) | Q(left_on__gt=today)
    rows = Employee.objects.filter(working).annotate(post=Subquery(held)).order_by()
    return dict(rows.values_list("post").annotate(Count("pk")))


def get_area(area_id: int) -> Area:
    """One area. Raises NotFound."""
    found = Area.objects.filter(pk=area_id).first()
    if found is None:
        raise NotFound
    return found


def get_position(position_id: int) -> Position:
    """One post. Raises NotFound."""
    found = Position.objects.select_related("area").filter(pk=position_id).first()
    if found is None:
        raise NotFound
    return found


def area_choices() -> QuerySet[Area]:
    return Area.objects.filter(is_open=True)


def position_choices() -> QuerySet[Position]:
    return Position.objects.filter(is_open=True, area__is_open=True).select_related("area")


def skill_choices() -> QuerySet[Skill]:
    return Skill.objects.all()
