"""Where each role begins, its inbox and the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from komaq.accounts.choices import OFFICE, STAFF, Role
from komaq.core import registry
from komaq.core.access import SIGNED_IN, audience
from komaq.customers import queries as customers
from komaq.orders import rules as orders


@audience(SIGNED_IN)
@require_safe
def start(http: HttpRequest) -> HttpResponse:
    """Send a person to the first screen of its role."""
    if http.user.is_client:
        return redirect("orders:portal-home")
    if http.user.roles & OFFICE.roles:
        return redirect("inbox")
    if http.user.holds(Role.TECHNICIAN):
        return redirect("orders:field-today")
    if http.user.holds(Role.ADMIN):
        return redirect("accounts:people")
    waits = customers.own_waiting_contacts(http.user).exists()
    return redirect("customers:waiting" if waits else "accounts:me")


@audience(OFFICE)
@require_safe
def inbox(http: HttpRequest) -> HttpResponse:
    """What needs me now: one queue of everything that waits for a person."""
    items = [item for source in registry.inbox for item in source(http.user)]
    items.sort(key=lambda item: (not item.stopped, not item.late, item.due_at is None, item.due_at or 0))
    groups = [
        (_("Now"), [item for item in items if item.stopped or item.late]),
        (_("After that"), [item for item in items if not (item.stopped or item.late)]),
    ]
    return render(
        http,
        "config/inbox.html",
        {
            "groups": [(label, waiting) for label, waiting in groups if waiting],
            "total": len(items),
            "opens": orders.can_open_order(http.user),
        },
    )


@audience(STAFF)
@require_safe
def search(http: HttpRequest) -> HttpResponse:
    """Orders, machines, customers by code, serial, name; a fragment for the palette, a page without scripts."""
    words = http.GET.get("q", "").replace("\0", " ").strip()[:80]
    found = [(label, list(find(http.user, words))) for label, find in registry.searches] if words else []
    groups = [(label, hits) for label, hits in found if hits]
    template = "core/_palette.html" if http.htmx else "config/search.html"
    return render(http, template, {"groups": groups, "words": words})
