"""People of the company in the search and in files, for whom may read them."""

import datetime
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from komaq.accounts import actions, queries, rules
from komaq.accounts.choices import AccessDeed, KeyPurpose
from komaq.accounts.forms import EMPLOYEES, employee_rows
from komaq.accounts.models import User
from komaq.core import clock, registry


def find_people(user: User, words: str) -> Iterable[registry.SearchHit]:
    rows = queries.filter_employees(queries.employees_for(user), q=words).order_by("person__sort_key", "pk")
    for employee in rows[:6]:
        url = reverse("accounts:employee", kwargs={"employee_id": employee.pk})
        yield registry.SearchHit("user", employee.name, employee.position_name or "", url)


def read_token(secret: str) -> registry.Holder | None:
    """Whom a token of the API lets in; its use is noted once a day."""
    key = queries.key_behind(secret, KeyPurpose.API)
    if key is None:
        return None
    if key.used_on != clock.today():
        actions.note_use(key=key)
    return registry.Holder(key.user, f"key:{key.pk}", queries.may_write(key))


registry.token_readers.append(read_token)


def employee_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Who works here, as rows of a file."""
    names = ("given_names", "surnames", "email", "phone", "document_type", "document_number")
    for each in queries.employees_since(user, since).iterator(chunk_size=500):
        post = f"{each.area_name}: {each.position_name}" if each.position_name else ""
        yield {
            **{name: getattr(each.person, name) for name in names},
            "position": post,
            "hired_on": each.hired_on.isoformat(),
            "skills": ", ".join(skill.name for skill in each.skills.all()),
        }


registry.staff.append(queries.active_staff)
registry.administrators.append(lambda: bool(queries.active_admins(clock.today())))
registry.sheets["employees"] = registry.Sheet(
    columns=EMPLOYEES,
    forms=employee_rows,
    add=lambda form, user: actions.hire_employee(by=user, **form.cleaned_data),
    key=lambda data: data["email"].lower(),
    rows=employee_facts,
    may_import=rules.can_manage_people,
    may_export=rules.can_read_people,
    noted=lambda user: actions.note_reading(deed=AccessDeed.EXPORTED, by=user),
)
registry.searches.append((_("People"), find_people))
