"""The office's pages about customers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core import registry
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.customers import actions, queries, rules
from komaq.customers.choices import RESPONSE_PRIORITIES, CustomerKind
from komaq.customers.forms import CustomerForm, NewCustomerForm

SORTS = {"name": Sort("sort_key"), "newest": Sort("created_at", descending=True), "number": Sort("tax_id")}
EXPORTED = 10_000


@audience(OFFICE)
@require_safe
def customer_list(http: HttpRequest) -> HttpResponse:
    """Every customer, findable by name, trade name and number."""
    rows = _rows(http)
    page = page_of(queries.with_counts(rows), http, sorts=SORTS)
    return render(
        http,
        "customers/list.html",
        {
            "page": page,
            "total": rows.count(),
            "kinds": CustomerKind.choices,
            "q": http.GET.get("q", ""),
            "kind": http.GET.get("kind", ""),
            "may_change": rules.can_manage_customers(http.user),
        },
    )


def _rows(http: HttpRequest) -> QuerySet:
    q, kind = http.GET.get("q", "").strip()[:80], http.GET.get("kind", "")
    kind = kind if kind in CustomerKind.values else ""
    return queries.filter_customers(queries.customers_visible_to(http.user), q=q, kind=kind)


@audience(OFFICE)
@require_safe
def export(http: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Legal name"), _("Trade name"), _("Document"), _("Number"), _("E-mail"), _("Phone"), _("Address"),
    ]  # fmt: skip
    rows = _rows(http).order_by("sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            yield [
                each.name, each.trade_name, each.get_tax_id_type_display(), each.tax_id,
                each.email, each.phone, each.address,
            ]  # fmt: skip

    return table_response(http, _("customers"), header, lines())


@audience(OFFICE)
@require_safe
def detail(http: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer: its facts, people, places and what rooms above add."""
    customer = queries.get_customer(http.user, customer_id)
    may_change = rules.can_manage_customers(http.user)
    sites = list(queries.sites_of(http.user, customer, only_open=False))
    return render(
        http,
        "customers/detail.html",
        {
            "customer": customer,
            "people": queries.people_of(http.user, customer, sites),
            "waiting": queries.waiting_contacts(http.user, customer) if may_change else [],
            "sites": sites,
            "hours": agreed_hours(customer),
            "panels": [
                render_to_string(panel.template, panel.query(http.user, customer), request=http)
                for panel in registry.panels_for("customers.customer", http.user)
            ],
            "may_change": may_change,
        },
    )


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """Note a customer."""
    require(rules.can_manage_customers(http.user))
    form = NewCustomerForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **_data: actions.add_customer(by=http.user, **form.facts),
        done=lambda made: redirect_to(http, made, message=_("%(name)s was added.") % {"name": made.short_name}),
    )
    return answer or render(http, "customers/new.html", {"form": form})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, customer_id: int) -> HttpResponse:
    """Change a customer; two at once never overwrite each other unseen."""
    require(rules.can_manage_customers(http.user))
    customer = queries.get_customer(http.user, customer_id)
    form = CustomerForm(http.POST or None, initial=values_of(customer))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **_data: actions.change_customer(customer=customer, by=http.user, **form.facts),
            done=lambda changed: redirect_to(http, changed, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(values_of(stale.current))
        answer, status = None, 409
    return answer or render(http, "customers/edit.html", {"form": form, "customer": customer}, status=status)


def values_of(customer: Any) -> dict:
    """A customer as its form shows it."""
    names = ("version", "name", "trade_name", "email", "phone", "address", "response_hours")
    hours = {f"hours_{code}": value for code, value in (customer.response_hours or {}).items()}
    return {**{name: getattr(customer, name) for name in names}, **hours}


def agreed_hours(customer: Any) -> list[tuple[Any, int]]:
    """The hours of response a customer's agreement names, by priority."""
    hours = customer.response_hours or {}
    return [(label, hours[code]) for code, label in RESPONSE_PRIORITIES if hours.get(code)]
