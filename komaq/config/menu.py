"""What frames every page: menu, lamps, who is here, the company's facts."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.accounts.choices import ADMINS, OFFICE, TECHNICIANS, Role, only
from komaq.core.access import Audience
from komaq.core.lamps import lit_for
from komaq.supply.choices import NOTERS, SUPPLY


@dataclass(frozen=True)
class Place:
    """An entry of the staff's rail."""

    label: Any
    route: str
    icon: str
    audience: Audience
    key: str = ""


RAIL: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(_("Inbox"), "inbox", "inbox", OFFICE, "b"),
            Place(_("Today"), "orders:field-today", "flag", TECHNICIANS),
            Place(_("Calendar"), "orders:calendar", "calendar", OFFICE, "c"),
            Place(_("My calendar"), "orders:field-calendar", "calendar", TECHNICIANS),
            Place(_("Parts"), "parts:field-list", "part", TECHNICIANS),
        ),
    ),
    (
        _("Service"),
        (
            Place(_("Requests"), "orders:requests", "flag", OFFICE, "s"),
            Place(_("Orders"), "orders:list", "order", OFFICE, "o"),
            Place(_("Machines"), "fleet:list", "machine", OFFICE, "m"),
            Place(_("Customers"), "customers:list", "users", OFFICE, "l"),
        ),
    ),
    (
        _("Parts and purchases"),
        (
            Place(_("Parts"), "parts:list", "part", OFFICE, "r"),
            Place(_("Warehouses"), "parts:warehouses", "box", OFFICE, "w"),
            Place(_("Requirements"), "supply:needs", "clip", SUPPLY, "q"),
            Place(_("Quotations"), "supply:quotations", "quote", SUPPLY),
            Place(_("Purchases"), "supply:purchases", "cart", SUPPLY, "k"),
            Place(_("Suppliers"), "supply:suppliers", "truck", SUPPLY, "v"),
            Place(_("Exchange rate"), "supply:rates", "trend", NOTERS),
        ),
    ),
    (
        _("Administration"),
        (
            Place(_("People"), "accounts:people", "users", only(Role.ADMIN, Role.MANAGER), "p"),
            Place(_("Areas and positions"), "accounts:areas", "settings", ADMINS),
            Place(_("E-mails"), "comms:emails", "chat", only(Role.ADMIN, Role.SUPERVISOR, Role.MANAGER)),
            Place(_("Audit"), "accounts:audit", "shield", only(Role.ADMIN, Role.MANAGER)),
        ),
    ),
)
PORTAL = (
    (_("Home"), "orders:portal-home", "inbox"),
    (pgettext_lazy("client", "Orders"), "orders:portal-orders", "order"),
    (_("Machines"), "fleet:portal-list", "machine"),
    (_("Calendar"), "orders:portal-calendar", "calendar"),
    (_("Company"), "customers:portal-company", "users"),
)


def frame(http: HttpRequest) -> dict:
    """The variables that shells rely on; costs nothing on pages that show none of them."""
    return {
        "company": settings.COMPANY,
        "theme": http.COOKIES.get("theme", "") if http.COOKIES.get("theme") in {"light", "dark"} else "",
        "me": SimpleLazyObject(lambda: _me(http)),
        "menu": SimpleLazyObject(lambda: _menu(http)),
        "lamps": SimpleLazyObject(lambda: _lamps(http)),
        "styleguide": settings.STYLEGUIDE,
    }


def _signed_in(http: HttpRequest) -> bool:
    return hasattr(http, "user") and http.user.is_authenticated


def _me(http: HttpRequest) -> dict | None:
    if not _signed_in(http):
        return None
    user = http.user
    labels = dict(Role.choices)
    return {
        "name": user.name,
        "initials": f"{user.person.given_names[:1]}{user.person.surnames[:1]}".upper(),
        "role_label": ", ".join(str(labels[role]) for role in Role if role in user.roles),
        "email": user.email,
        "url": reverse("accounts:me"),
        "is_client": user.is_client,
        "is_staff": user.is_staff_member,
    }


def _menu(http: HttpRequest) -> list[dict]:
    if not _signed_in(http):
        return []
    if http.user.is_client:
        return [{"label": "", "items": [_item(http, *place) for place in PORTAL]}]
    groups = []
    for label, places in RAIL:
        seen = [place for place in places if place.audience.admits(http.user)]
        if seen:
            items = [_item(http, p.label, p.route, p.icon, p.key) for p in seen]
            groups.append({"label": label, "items": items})
    return groups


def _item(http: HttpRequest, label: Any, route: str, icon: str, key: str = "") -> dict:
    url = reverse(route)
    here = http.path == url or (url not in {"/app/", "/portal/", "/campo/"} and http.path.startswith(url))
    return {"label": label, "url": url, "icon": icon, "key": key, "count": 0, "current": here}


def _lamps(http: HttpRequest) -> list[dict]:
    if not _signed_in(http) or not http.user.is_staff_member:
        return []
    return lit_for(http.user)
