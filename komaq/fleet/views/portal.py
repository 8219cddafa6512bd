"""The client's pages about its own machines."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import CLIENTS
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.web import redirect_to, submit
from komaq.customers import queries as customers
from komaq.fleet import actions, queries
from komaq.fleet.choices import MachineStatus, ReadingSource
from komaq.fleet.forms import NewMachineForm, ReadingForm
from komaq.fleet.views.page import first_reading, machine_page

SORTS = {"name": Sort("sort_key")}


def _page(machine: Any) -> str:
    return reverse("fleet:portal-detail", args=[machine.pk])


@audience(CLIENTS)
@require_safe
def machine_list(http: HttpRequest) -> HttpResponse:
    """The machines of the active company that one may see."""
    customer = customers.active_customer(http.user, http.session.get("customer_id"))
    q = http.GET.get("q", "").strip()[:80]
    given = http.GET.get("status", "")
    status = given if given in MachineStatus.values else ""
    own = queries.machines_visible_to(http.user).filter(customer=customer)
    rows = queries.filter_machines(own, q=q, status=status)
    context = {
        "page": page_of(rows, http, sorts=SORTS),
        "total": rows.count(),
        "customer": customer,
        "statuses": MachineStatus.choices,
        "q": q,
        "status": status,
    }
    return render(http, "fleet/portal_list.html", context)


@audience(CLIENTS)
@require_safe
def detail(http: HttpRequest, machine_id: int) -> HttpResponse:
    """One of the own machines."""
    machine = queries.get_machine(http.user, machine_id)
    return render(http, "fleet/portal_detail.html", machine_page(http, machine))


@audience(CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """Add a machine of the active company; who is held to some sites chooses one of them."""
    customer = customers.active_customer(http.user, http.session.get("customer_id"))
    whole = http.user.site_ids(customer.pk) is None
    sites = customers.sites_of(http.user, customer)
    form = NewMachineForm(http.POST or None, sites=sites, whole_company=whole)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_machine(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, _page(made), message=_("%(code)s was added.") % {"code": made.code}),
    )
    return answer or render(http, "fleet/portal_new.html", {"form": form, "customer": customer})


@audience(CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def reading(http: HttpRequest, machine_id: int) -> HttpResponse:
    """Note what the meter of one's own machine shows."""
    machine = queries.get_machine(http.user, machine_id)
    form = ReadingForm(http.POST or None, initial=first_reading())
    answer = submit(
        http,
        form,
        lambda **data: actions.record_reading(machine=machine, source=ReadingSource.CUSTOMER, by=http.user, **data),
        done=lambda _made: redirect_to(http, _page(machine), message=_("The reading was saved.")),
    )
    context = {"form": form, "machine": machine, "last": queries.last_reading(machine)}
    return answer or render(http, "fleet/portal_reading.html", context)
