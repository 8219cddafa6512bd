"""The places of a customer."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, Stale, require
from komaq.customers import rules
from komaq.customers.models import Customer, Site


class SiteNameTaken(Refusal):
    """Two places of one customer never share a name."""

    message = _("The customer already has a site of that name.")
    field = "name"


class HalfAPlace(BadInput):
    """One coordinate alone says nothing."""

    message = _("Write both coordinates or none.")


@action
def add_site(
    *,
    customer: Customer,
    name: str,
    kind: str,
    place: str = "",
    address: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    altitude_m: int | None = None,
    access_rules: str = "",
    demands: list[str] | None = None,
    by: User,
) -> Site:
    """Note where a customer's machines work. Raises NotAllowed, HalfAPlace, SiteNameTaken."""
    require(rules.can_change_company(by, customer))
    _check_place(latitude, longitude)
    facts = {
        "kind": kind,
        "place": place,
        "address": address,
        "latitude": latitude,
        "longitude": longitude,
        "altitude_m": altitude_m,
        "access_rules": access_rules,
        "demands": demands or [],
    }
    site, made = Site.objects.get_or_create(customer=customer, name=name, defaults=facts)
    require(made, else_=SiteNameTaken())
    trail.record("customers.site_added", site, by=by, visibility="client", name=name)
    return site


@action
def change_site(*, site: Site, version: int, by: User, **facts: object) -> Site:
    """Change a site; `facts` are its columns. Raises NotAllowed, Stale, HalfAPlace, SiteNameTaken."""
    require(rules.can_change_company(by, site.customer))
    site = lock(site)
    require(site.version == version, else_=Stale(site))
    _check_place(*(facts.get(name, getattr(site, name)) for name in ("latitude", "longitude")))
    namesakes = Site.objects.filter(customer=site.customer_id, name=facts.get("name", site.name)).exclude(pk=site.pk)
    require(not namesakes.exists(), else_=SiteNameTaken())
    before = {name: getattr(site, name) for name, value in facts.items() if getattr(site, name) != value}
    if not before:
        return site
    for name in before:
        setattr(site, name, facts[name])
    site.version += 1
    site.save()
    after = {name: facts[name] for name in before}
    trail.record("customers.site_changed", site, by=by, visibility="client", before=before, after=after)
    return site


def _check_place(latitude: object, longitude: object) -> None:
    missing = "latitude" if latitude is None else "longitude"
    require((latitude is None) == (longitude is None), else_=HalfAPlace(field=missing))
