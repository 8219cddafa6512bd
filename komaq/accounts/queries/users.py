"""Who may sign in."""

import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from komaq.accounts import rules
from komaq.accounts.choices import Role
from komaq.accounts.models import Employee, PositionChange, User
from komaq.core import clock
from komaq.core.refusals import NotFound
from komaq.core.search import matching


def users_for(user: User) -> QuerySet[User]:
    """Everybody who may sign in, clients too, for whom manages people."""
    rows = User.objects.with_roles().filter(person__erased_at=None)
    employed = Employee.objects.filter(person_id=OuterRef("person_id"))
    rows = rows.annotate(is_employee=Exists(employed), employee_id=Subquery(employed.values("pk")[:1]))
    return rows if rules.can_manage_people(user) else rows.none()


def filter_users(rows: QuerySet[User], *, q: str = "", world: str = "", state: str = "") -> QuerySet[User]:
    if q:
        rows = matching(rows, q, "person__search") | rows.filter(email__icontains=q.strip())
    if world in {"staff", "client"}:
        rows = rows.filter(is_employee=world == "staff")
    if state in {"active", "disabled"}:
        rows = rows.filter(is_active=state == "active")
    return rows


def get_user(user: User, user_id: int) -> User:
    """One user, for whom manages people. Raises NotFound."""
    found = users_for(user).filter(pk=user_id).first()
    if found is None:
        raise NotFound
    return found


def user_at(email: str) -> User | None:
    """Who signs in with the address, stopped or not."""
    return User.objects.filter(email=email.strip().lower()).first()


def user_to_reset(email: str) -> User | None:
    """Who may get a link to choose a password at this address: only the address it signs in with counts."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def set_password_path(user: User) -> str:
    """Where a person chooses a password: good once, for three days, until it signs in."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def active_admins(day: datetime.date) -> set[int]:
    """The users who administer the system on a day."""
    latest = PositionChange.objects.filter(employee__person_id=OuterRef("person_id"), effective_on__lte=day)
    latest = latest.order_by("-effective_on", "-id")
    working = Q(person__employee__left_on=None) | Q(person__employee__left_on__gt=day)
    held = User.objects.filter(working, is_active=True).annotate(held=Subquery(latest.values("position__roles")[:1]))
    return {pk for pk, roles in held.values_list("pk", "held") if roles and Role.ADMIN in roles}


def active_staff() -> QuerySet[User]:
    """Who of the staff may sign in today, the longest known first; roles at hand."""
    working = Q(person__employee__left_on=None) | Q(person__employee__left_on__gt=clock.today())
    return User.objects.with_roles().filter(working, is_active=True, person__employee__isnull=False).order_by("pk")


def days_that_matter() -> list[datetime.date]:
    """Today and every day on which somebody's post is planned to change or end."""
    today = clock.today()
    changes = PositionChange.objects.filter(effective_on__gt=today).values_list("effective_on", flat=True)
    ends = Employee.objects.filter(left_on__gt=today).values_list("left_on", flat=True)
    return sorted({today, *changes, *ends})
