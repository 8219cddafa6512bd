"""The office's pages about the places of a customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.refusals import Stale, require
from komaq.core.web import redirect_to, submit
from komaq.customers import actions, queries, rules
from komaq.customers.forms import SiteChangeForm, SiteForm

COLUMNS = (
    "version", "name", "kind", "place", "address", "latitude", "longitude", "altitude_m", "access_rules", "demands",
    "is_open",
)  # fmt: skip


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest, customer_id: int) -> HttpResponse:
    """Note a place where the customer's machines work."""
    require(rules.can_manage_customers(http.user))
    customer = queries.get_customer(http.user, customer_id)
    form = SiteForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_site(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, customer, message=_("%(name)s was added.") % {"name": made.name}),
    )
    return answer or render(http, "customers/site_form.html", {"form": form, "customer": customer, "site": None})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, site_id: int) -> HttpResponse:
    """Change a place."""
    require(rules.can_manage_customers(http.user))
    site = queries.get_site(http.user, site_id)
    form = SiteChangeForm(http.POST or None, initial=values_of(site))
    answer, status = change(http, site, form, site.customer)
    context = {"form": form, "customer": site.customer, "site": site}
    return answer or render(http, "customers/site_form.html", context, status=status)


def change(http: HttpRequest, site: Any, form: SiteChangeForm, target: Any) -> tuple[HttpResponse | None, int]:
    """Save a site's form; on a conflict the form shows both versions."""
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.change_site(site=site, by=http.user, **data),
            done=lambda changed: redirect_to(http, target, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(values_of(stale.current))
        return None, 409
    return answer, 200


def values_of(site: Any) -> dict:
    """A site as its form shows it."""
    return {name: getattr(site, name) for name in COLUMNS}
