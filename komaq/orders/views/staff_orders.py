"""Orders in the office: the list and its export, a new order, and the change of an order's facts."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE, Role, only
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound, Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import once, redirect_to, submit
from komaq.customers import queries as customers
from komaq.fleet import queries as fleet
from komaq.orders import actions, queries, rules
from komaq.orders.choices import Priority
from komaq.orders.forms.staff import ChangeForm, OpenForm, OrderFilter
from komaq.orders.queries import lists
from komaq.orders.views import machine_plate

OPENERS = only(Role.SUPERVISOR, Role.MANAGER, Role.SALES)
SORTS = {
    "due": Sort("due_at"),
    "due-last": Sort("due_at", descending=True),
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "customer": Sort("customer__sort_key"),
    "machine": Sort("machine__sort_key"),
}
VIEWS = {
    "live": {"live": True},
    "down": {"live": True, "priority": Priority.MACHINE_DOWN},
    "parts": {"status": "waiting_parts"},
    "late": {"late": True},
    "all": {},
}
CHUNK = 500
FOUND = 12
RAISES_VERSION = {"orders.order_changed", "orders.status_changed"}
FACTS = ("title", "priority", "service_type", "contact", "site", "due_at", "description")


@audience(OFFICE)
@require_safe
def orders(http: HttpRequest) -> HttpResponse:
    """The orders of one view, narrowed by filters and words."""
    form, rows, view = _chosen(http)
    page = page_of(lists.lines_of(rows), http, sorts=SORTS)
    leads = lists.leads_of(page.items)
    counts = lists.count_orders(http.user)
    customer, technician = (form.cleaned_data[name] for name in ("customer", "technician"))
    labels = {
        "live": _("Live"),
        "down": _("Machine down"),
        "parts": _("Waits for parts"),
        "late": _("Late"),
        "all": _("Every order"),
    }
    return render(
        http,
        "orders/list.html",
        {
            "page": page,
            "rows": [(line, leads.get(line.pk, ""), rules.is_late(line)) for line in page.items],
            "customers": [
                ("", _("Any customer")),
                *lists.names_of_customers(form.fields["customer"].queryset, customer and customer.pk),
            ],
            "technicians": [
                ("", _("Any technician")),
                *lists.names_of(form.fields["technician"].queryset, technician and technician.pk),
            ],
            "form": form,
            "view": view,
            "tabs": [(name, label, counts.get(name)) for name, label in labels.items()],
            "counts": counts,
            "filtered": any(value for value in form.cleaned_data.values()),
            "sorts": _sorts(),
            "opens": rules.can_open_order(http.user),
        },
    )


def _sorts() -> list[tuple]:
    return [
        ("due", _("Promise, first due")),
        ("due-last", _("Promise, last due")),
        ("newest", _("Newest first")),
        ("oldest", _("Oldest first")),
        ("customer", _("By customer")),
        ("machine", _("By machine")),
    ]


@audience(OFFICE)
@require_safe
def export(http: HttpRequest) -> HttpResponseBase:
    """The same orders as a sheet, streamed."""
    _form, rows, _view = _chosen(http)
    header = [
        _("Code"),
        _("Work to do"),
        _("Status"),
        _("Priority"),
        _("Customer"),
        _("Tax number"),
        _("Machine"),
        _("Serial"),
        _("Site"),
        _("Contact"),
        _("Lead"),
        _("Opened"),
        _("Promise to the client"),
        _("Completed"),
    ]
    return table_response(http, _("orders"), header, _lines(rows.order_by("pk"), translation.get_language()))


def _chosen(http: HttpRequest) -> tuple[OrderFilter, Any, str]:
    """The filter form, the rows it leaves and the view they belong to. A view we never gave is not found."""
    view = http.GET.get("view") or "live"
    if view not in VIEWS:
        raise NotFound
    form = OrderFilter(
        http.GET,
        customers=customers.customers_visible_to(http.user).order_by("sort_key", "pk"),
        technicians=lists.technicians_with_work(),
    )
    if not form.is_valid():
        raise NotFound
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    base = {} if "status" in wanted and view == "live" else VIEWS[view]
    return form, queries.filter_orders(queries.orders_visible_to(http.user), **{**base, **wanted}), view


def _lines(rows: Any, language: str) -> Iterator[list]:
    for orders in _chunks(rows.iterator(chunk_size=CHUNK)):
        leads = lists.leads_of(orders)
        with translation.override(language):
            lines = [_line(order, leads.get(order.pk, "")) for order in orders]
        yield from lines


def _chunks(orders: Iterable) -> Iterator[list]:
    chunk: list = []
    for order in orders:
        chunk.append(order)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _line(order: Any, lead: str) -> list:
    return [
        order.code,
        order.title,
        order.get_status_display(),
        order.get_priority_display(),
        order.customer.name,
        order.customer.tax_id,
        str(order.machine.model),
        order.machine.serial,
        order.site.name if order.site else "",
        order.contact.name,
        lead,
        *(_moment(at) for at in (order.created_at, order.due_at, order.completed_at)),
    ]


def _moment(at: Any) -> str:
    return at.astimezone(clock.LIMA).strftime("%d/%m/%Y %H:%M") if at else ""


@audience(OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """An order without request: first the machine, then the work."""
    if not http.GET.get("machine"):
        return _choose_machine(http)
    machine = fleet.get_machine(http.user, _number(http, "machine"))
    rework_of = queries.get_order(http.user, _number(http, "rework_of")) if http.GET.get("rework_of") else None
    form = OpenForm(
        http.POST or None,
        contacts=customers.contacts_of(http.user, machine.customer),
        sites=customers.sites_of(http.user, machine.customer),
        service_types=queries.service_types(),
        initial={"site": machine.site, "payer": "warranty" if rework_of else "client"},
    )
    open_order = partial(actions.open_order, machine=machine, rework_of=rework_of, by=http.user)
    answer = submit(http, form, once(open_order), done=partial(_opened, http))
    return answer or render(
        http,
        "orders/new.html",
        {
            "form": form,
            "machine": machine,
            "plate": machine_plate(machine),
            "rework_of": rework_of,
        },
    )


def _opened(http: HttpRequest, order: Any) -> HttpResponse:
    if order is None:
        return redirect_to(http, "orders:list", message=_("This order was opened before: it counts once."))
    return redirect_to(http, order, message=_("%(code)s is open.") % {"code": order.code})


def _choose_machine(http: HttpRequest) -> HttpResponse:
    words = http.GET.get("q", "").strip()[:80]
    machines = fleet.filter_machines(fleet.machines_visible_to(http.user), q=words).order_by("sort_key", "pk")
    return render(
        http, "orders/choose_machine.html", {"machines": list(machines[:FOUND]), "words": words, "most": FOUND}
    )


def _number(http: HttpRequest, name: str) -> int:
    """A key in the address. Raises NotFound for what is none."""
    given = http.GET.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise NotFound
    return int(given)


@audience(OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, order_id: int) -> HttpResponse:
    """Change an order's facts; whoever comes second sees both versions and chooses."""
    order = queries.get_order(http.user, order_id)
    require(rules.can_change_order(http.user, order))
    form = _change_form(http, order, http.POST or None)
    try:
        answer = submit(
            http,
            form,
            partial(actions.change_order, order=order, by=http.user),
            done=lambda changed: redirect_to(http, changed, message=_("Saved.")),
        )
    except Stale as stale:
        return _conflict(http, form, stale.current)
    return answer or render(http, "orders/edit.html", {"form": form, "order": order})


def _facts(order: Any) -> dict:
    """What the form changes, to the minute."""
    facts = {name: getattr(order, name) for name in FACTS}
    return {**facts, "due_at": order.due_at.replace(second=0, microsecond=0)}


def _change_form(http: HttpRequest, order: Any, data: Any = None) -> ChangeForm:
    return ChangeForm(
        data,
        contacts=customers.contacts_of(http.user, order.customer),
        sites=customers.sites_of(http.user, order.customer),
        service_types=queries.service_types(),
        initial={**_facts(order), "version": order.version},
    )


def _conflict(http: HttpRequest, form: ChangeForm, current: Any) -> HttpResponse:
    """Both versions side by side: nothing is saved until the person has chosen."""
    theirs, mine = _facts(current), form.cleaned_data
    clashes, merged, kept = [], [], []
    for name in FACTS:
        before, i_did = _origin(form, name), name in form.changed_data
        they_did = (theirs[name] or "") != (before or "")
        row = _row(form, name, before, theirs[name], mine[name])
        if i_did and they_did and mine[name] != theirs[name]:
            clashes.append(row)
            continue
        kept.append((name, row["mine"] if i_did else row["theirs"]))
        if i_did != they_did:
            merged.append({**row, "stays": row["mine"] if i_did else row["theirs"], "is_mine": i_did})
    history = queries.history_of(http.user, current)
    return render(
        http,
        "orders/conflict.html",
        {
            "order": current,
            "fresh": _change_form(http, current),
            "clashes": clashes,
            "merged": merged,
            "kept": kept,
            "opened_version": mine["version"],
            "history": history[:4],
            "who": next((fact["who"] for fact in history if fact["kind"] in RAISES_VERSION), ""),
        },
        status=409,
    )


def _origin(form: ChangeForm, name: str) -> Any:
    try:
        return form.origin_of(name)
    except ValidationError:
        return None


def _row(form: ChangeForm, name: str, before: Any, theirs: Any, mine: Any) -> dict:
    field = form.fields[name]
    return {
        "name": name,
        "label": field.label,
        "long": name == "description",
        "before": _shown(name, before),
        "theirs": {"value": _posted(field, theirs), "text": _shown(name, theirs)},
        "mine": {"value": _posted(field, mine), "text": _shown(name, mine)},
    }


def _posted(field: Any, value: Any) -> str:
    """A value as the form would send it."""
    written = field.widget.format_value(field.prepare_value(value))
    if isinstance(written, list):
        written = written[0] if written else ""
    return "" if written is None else str(written)


def _shown(name: str, value: Any) -> str:
    """A value as a person reads it."""
    if not value:
        return "–"
    if name == "priority":
        return str(dict(Priority.choices).get(value, value))
    return date_format(value.astimezone(clock.LIMA), "SHORT_DATETIME_FORMAT") if name == "due_at" else str(value)
