"""People of the company in the search, for whom may read them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries
from komaq.accounts.models import User
from komaq.core import registry


def find_people(user: User, words: str) -> Iterable[registry.SearchHit]:
    rows = queries.filter_employees(queries.employees_for(user), q=words).order_by("person__sort_key", "pk")
    for employee in rows[:6]:
        url = reverse("accounts:employee", kwargs={"employee_id": employee.pk})
        yield registry.SearchHit("user", employee.name, employee.position_name or "", url)


registry.searches.append((_("People"), find_people))
