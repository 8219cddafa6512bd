"""The office's pages about machines."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound, Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.customers import queries as customers
from komaq.fleet import actions, queries, rules
from komaq.fleet.choices import MachineStatus, MachineType, ReadingSource
from komaq.fleet.forms import MachineForm, MoveForm, NewMachineForm, ReadingForm
from komaq.fleet.views.page import first_reading, machine_page

SORTS = {
    "name": Sort("sort_key"),
    "newest": Sort("created_at", descending=True),
    "code": Sort("code"),
    "customer": Sort("customer__sort_key"),
}
EXPORTED = 10_000
PLATE = ("version", "serial", "year", "engine", "fleet_number", "plate", "meter_unit", "model")
CHOICE_OF_OWNER = 20


@audience(OFFICE)
@require_safe
def machine_list(http: HttpRequest) -> HttpResponse:
    """Every machine, findable by serial, code, model, customer and fleet number."""
    rows, given = _rows(http)
    context = {
        "page": page_of(rows, http, sorts=SORTS),
        "total": rows.count(),
        "types": MachineType.choices,
        "statuses": MachineStatus.choices,
        "owners": queries.owners(http.user),
        "given": given,
        "filtered": any(given.values()),
        "may_change": rules.can_manage_machines(http.user),
    }
    return render(http, "fleet/list.html", context)


def _rows(http: HttpRequest) -> tuple[QuerySet, dict]:
    given: dict[str, Any] = {
        "q": http.GET.get("q", "").strip()[:80],
        "type": _one_of(MachineType.values, http.GET.get("type", "")),
        "status": _one_of(MachineStatus.values, http.GET.get("status", "")),
        "customer": _number(http.GET.get("customer", "")),
    }
    return queries.filter_machines(queries.machines_visible_to(http.user), **given), given


def _one_of(known: list[str], value: str) -> str:
    return value if value in known else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


@audience(OFFICE)
@require_safe
def export(http: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Code"), _("Brand"), _("Model"), _("Type"), _("Serial"), _("Fleet number"), _("Customer"), _("Site"),
        _("Year"), _("Status"), _("Meter"), _("Unit"), _("Read on"),
    ]  # fmt: skip
    rows = _rows(http)[0].order_by("sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            yield [
                each.code, each.model.brand, each.model.name, each.model.get_type_display(), each.serial,
                each.fleet_number, each.customer.name, each.site.name if each.site else "", each.year,
                each.get_status_display(), each.meter, each.meter_unit,
                each.meter_at.date().isoformat() if each.meter_at else "",
            ]  # fmt: skip

    return table_response(http, _("machines"), header, lines())


@audience(OFFICE)
@require_safe
def detail(http: HttpRequest, machine_id: int) -> HttpResponse:
    """The life of one machine."""
    machine = queries.get_machine(http.user, machine_id)
    context = {**machine_page(http, machine), "may_change": rules.can_manage_machines(http.user)}
    return render(http, "fleet/detail.html", context)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """Note a machine of a customer; without one, the customer is chosen first."""
    require(rules.can_manage_machines(http.user))
    owner_id = _number(http.GET.get("customer", ""))
    if owner_id is None:
        return _choose_owner(http)
    customer = customers.get_customer(http.user, owner_id)
    form = NewMachineForm(http.POST or None, sites=customers.sites_of(http.user, customer))
    answer = submit(
        http,
        form,
        lambda **data: actions.add_machine(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, made, message=_("%(code)s was added.") % {"code": made.code}),
    )
    return answer or render(http, "fleet/new.html", {"form": form, "customer": customer})


def _choose_owner(http: HttpRequest) -> HttpResponse:
    q = http.GET.get("q", "").strip()[:80]
    rows = customers.filter_customers(customers.customers_visible_to(http.user), q=q)
    found = rows.order_by("sort_key", "pk")[:CHOICE_OF_OWNER]
    return render(http, "fleet/choose_owner.html", {"found": found, "q": q})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, machine_id: int) -> HttpResponse:
    """Correct what the plate says."""
    require(rules.can_manage_machines(http.user))
    machine = queries.get_machine(http.user, machine_id)
    form = MachineForm(http.POST or None, initial=_values(machine, PLATE))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.change_machine(machine=machine, by=http.user, **data),
            done=lambda changed: redirect_to(http, changed, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(_values(stale.current, PLATE))
        answer, status = None, 409
    return answer or render(http, "fleet/edit.html", {"form": form, "machine": machine}, status=status)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(http: HttpRequest, machine_id: int) -> HttpResponse:
    """The machine goes to another site of its owner."""
    require(rules.can_manage_machines(http.user))
    machine = queries.get_machine(http.user, machine_id)
    sites = customers.sites_of(http.user, machine.customer)
    form = MoveForm(http.POST or None, sites=sites, initial=_values(machine, ("version", "site")))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.move_machine(machine=machine, by=http.user, **data),
            done=lambda moved: redirect_to(http, moved, message=_("The machine's site was saved.")),
        )
    except Stale as stale:
        form.meet(_values(stale.current, ("version", "site")))
        answer, status = None, 409
    return answer or render(http, "fleet/move.html", {"form": form, "machine": machine}, status=status)


def _values(machine: Any, names: tuple[str, ...]) -> dict:
    return {name: getattr(machine, name) for name in names}


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def reading(http: HttpRequest, machine_id: int) -> HttpResponse:
    """Note what the meter shows."""
    machine = queries.get_machine(http.user, machine_id)
    form = ReadingForm(http.POST or None, initial=first_reading())
    answer = submit(
        http,
        form,
        lambda **data: actions.record_reading(machine=machine, source=ReadingSource.OFFICE, by=http.user, **data),
        done=lambda _made: redirect_to(http, machine, message=_("The reading was saved.")),
    )
    context = {"form": form, "machine": machine, "last": queries.last_reading(machine)}
    return answer or render(http, "fleet/reading.html", context)


@audience(OFFICE)
@require_POST
def status(http: HttpRequest, machine_id: int) -> HttpResponse:
    """Working, down or retired."""
    machine = queries.get_machine(http.user, machine_id)
    wished = http.POST.get("status", "")
    if wished not in MachineStatus.values:
        raise NotFound
    reason = http.POST.get("reason", "").replace("\x00", "")
    actions.set_status(machine=machine, status=wished, by=http.user, reason=reason)
    message = _("The machine now stands as: %(status)s.") % {"status": MachineStatus(wished).label}
    return redirect_to(http, machine, message=message)


@audience(OFFICE)
@require_safe
def catalogue(http: HttpRequest) -> HttpResponse:
    """The models we know and how many units of each."""
    return render(http, "fleet/models.html", {"models": queries.catalogue()})
