"""The people of the company, for administrators; management reads them."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts import actions, queries, rules
from komaq.accounts.choices import ADMINS, AccessDeed, Role, only
from komaq.accounts.forms import CertificationForm, EmployeeForm, EndForm, HireForm, PositionChangeForm
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit

READERS = only(Role.ADMIN, Role.MANAGER)
SORTS = {
    "name": Sort("person__sort_key"),
    "name-down": Sort("person__sort_key", descending=True),
    "newest": Sort("hired_on", descending=True),
}
STATES = [
    ("active", gettext_lazy("Active")),
    ("disabled", gettext_lazy("Access stopped")),
    ("left", gettext_lazy("No longer here")),
    ("no_user", gettext_lazy("Without access")),
]
FIELDS = ("given_names", "surnames", "email", "phone", "document_type", "document_number")


def _asked(http: HttpRequest) -> dict[str, str]:
    return {name: http.GET.get(name, "").strip()[:80] for name in ("q", "area", "state")}


@audience(READERS)
@require_safe
def people(http: HttpRequest) -> HttpResponse:
    asked = _asked(http)
    if asked["q"]:
        actions.note_reading(deed=AccessDeed.SEARCHED, by=http.user)
    rows = queries.filter_employees(queries.employees_for(http.user), **asked)
    context = {
        "page": page_of(rows, http, sorts=SORTS),
        "total": rows.count(),
        "asked": asked,
        "areas": queries.area_choices(),
        "states": STATES,
        "may_manage": rules.can_manage_people(http.user),
    }
    return render(http, "accounts/people.html", context)


@audience(READERS)
@require_safe
def export(http: HttpRequest) -> HttpResponse:
    actions.note_reading(deed=AccessDeed.EXPORTED, by=http.user)
    rows = queries.filter_employees(queries.employees_for(http.user), **_asked(http)).order_by("person__sort_key", "pk")
    header = [_("Surnames"), _("Given names"), _("Area"), _("Position"), _("E-mail"), _("Mobile"), _("Begins on")]
    return table_response(http, "personas", [*header, _("Leaves on"), _("State")], _lines(rows))


def _lines(rows: Any) -> Iterator[list]:
    words = {state: str(label) for state, label in STATES}
    for each in rows.iterator(chunk_size=500):
        person = each.person
        yield [
            person.surnames,
            person.given_names,
            each.area_name,
            each.position_name,
            person.email,
            person.shown_phone,
            each.hired_on,
            each.left_on,
            words[each.state],
        ]


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def hire(http: HttpRequest) -> HttpResponse:
    form = HireForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.hire_employee(by=http.user, **data),
        done=lambda employee: redirect_to(
            http, employee, message=_("%(name)s is in; the invitation is on its way.") % {"name": employee.name}
        ),
    )
    return answer or render(http, "accounts/hire.html", {"form": form})


@audience(READERS)
@require_safe
def employee(http: HttpRequest, employee_id: int) -> HttpResponse:
    employee = queries.get_employee(http.user, employee_id)
    actions.note_reading(deed=AccessDeed.OPENED, person=employee.person, by=http.user)
    return _page(http, employee)


def _page(http: HttpRequest, employee: Any, **forms: Any) -> HttpResponse:
    """The person's page; a form that was refused comes in with what was typed."""
    posts = queries.positions_of(employee)
    held = next((post["change"] for post in posts if post["state"] == "now"), None)
    planned = next((post["change"] for post in posts if post["state"] == "ahead"), None)
    context = {
        "employee": employee,
        "posts": posts,
        "held": held,
        "planned": planned,
        "rights": queries.rights_compared(held, planned),
        "history": queries.history_of(employee),
        "proofs": queries.proofs_of(employee),
        "employed": rules.is_employed(employee),
        "may_manage": rules.can_manage_people(http.user),
        "change_form": forms.get("change_form") or PositionChangeForm(),
        "proof_form": forms.get("proof_form") or CertificationForm(),
        "end_form": forms.get("end_form") or EndForm(initial={"left_on": employee.left_on}),
    }
    return render(http, "accounts/employee.html", context)


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, employee_id: int) -> HttpResponse:
    employee = queries.get_employee(http.user, employee_id)
    initial = {name: getattr(employee.person, name) for name in FIELDS}
    initial |= {"phone": employee.person.shown_phone, "skills": employee.skills.all()}
    form = EmployeeForm(http.POST or None, initial=initial)
    answer = submit(
        http,
        form,
        lambda **data: actions.change_employee(employee=employee, by=http.user, **data),
        done=lambda changed: redirect_to(http, changed, message=_("Saved.")),
    )
    return answer or render(http, "accounts/employee_edit.html", {"form": form, "employee": employee})


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def position_change(http: HttpRequest, employee_id: int) -> HttpResponse:
    employee = queries.get_employee(http.user, employee_id)
    form = PositionChangeForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.change_position(employee=employee, by=http.user, **data),
        done=lambda _change: redirect_to(http, employee, message=_("The change is on record.")),
    )
    return answer or _page(http, employee, change_form=form)


@audience(ADMINS)
@require_POST
def withdraw_change(http: HttpRequest, employee_id: int) -> HttpResponse:
    employee = queries.get_employee(http.user, employee_id)
    actions.withdraw_change(employee=employee, by=http.user)
    return redirect_to(http, employee, message=_("The planned change is withdrawn."))


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def end(http: HttpRequest, employee_id: int) -> HttpResponse:
    """Set or take back somebody's last day."""
    employee = queries.get_employee(http.user, employee_id)
    form = EndForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.end_employment(employee=employee, by=http.user, **data),
        done=lambda changed: redirect_to(http, changed, message=_("Saved.")),
    )
    return answer or _page(http, employee, end_form=form)


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def certification(http: HttpRequest, employee_id: int) -> HttpResponse:
    """Add a certification, or take one away that was written by mistake."""
    employee = queries.get_employee(http.user, employee_id)
    if http.POST.get("remove", "").isdecimal():
        number = int(http.POST["remove"][:15])
        actions.remove_certification(employee=employee, certification_id=number, by=http.user)
        return redirect_to(http, employee, message=_("Taken away."))
    form = CertificationForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_certification(employee=employee, by=http.user, **data),
        done=lambda _added: redirect_to(http, employee, message=_("Saved.")),
    )
    return answer or _page(http, employee, proof_form=form)


@audience(ADMINS)
@require_POST
def invite(http: HttpRequest, employee_id: int) -> HttpResponse:
    """Send the invitation once more."""
    employee = queries.get_employee(http.user, employee_id)
    actions.invite(user=employee.person.user, by=http.user)
    return redirect_to(http, employee, message=_("The invitation is on its way."))
