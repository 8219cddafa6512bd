"""The client's pages about its own company, people and places."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import CLIENT_ADMINS, CLIENTS
from komaq.core.access import audience
from komaq.core.refusals import NotFound, Stale, require
from komaq.core.web import redirect_to, submit
from komaq.customers import actions, queries, rules
from komaq.customers.choices import ContactStatus
from komaq.customers.forms import AccessForm, CompanyForm, InviteForm, SiteChangeForm, SiteForm
from komaq.customers.views import staff, staff_sites

PEOPLE, SITES, COMPANY = "customers:portal-people", "customers:portal-sites", "customers:portal-company"


def _here(http: HttpRequest) -> Any:
    return queries.active_customer(http.user, http.session.get("customer_id"))


def _mine_to_change(http: HttpRequest) -> Any:
    customer = _here(http)
    require(rules.can_change_company(http.user, customer))
    return customer


def _frame(http: HttpRequest, customer: Any) -> dict:
    """What every page of this corner shows."""
    return {
        "customer": customer,
        "companies": queries.companies_of(http.user),
        "may_change": rules.can_change_company(http.user, customer),
    }


@audience(CLIENTS)
@require_safe
def company(http: HttpRequest) -> HttpResponse:
    """The own company as we know it."""
    customer = _here(http)
    context = {"hours": staff.agreed_hours(customer), "contact": queries.contact_of(http.user, customer)}
    return render(http, "customers/portal_company.html", {**_frame(http, customer), **context})


@audience(CLIENT_ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(http: HttpRequest) -> HttpResponse:
    """Correct phone, e-mail, address and trade name."""
    customer = _mine_to_change(http)
    form = CompanyForm(http.POST or None, initial=staff.values_of(customer))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.correct_company(customer=customer, by=http.user, **data),
            done=lambda _done: redirect_to(http, COMPANY, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(staff.values_of(stale.current))
        answer, status = None, 409
    context = {**_frame(http, customer), "form": form}
    return answer or render(http, "customers/portal_company_edit.html", context, status=status)


@audience(CLIENTS)
@require_safe
def people(http: HttpRequest) -> HttpResponse:
    """Who works for the company and what each may do."""
    customer = _here(http)
    frame = _frame(http, customer)
    waiting = queries.waiting_contacts(http.user, customer) if frame["may_change"] else []
    context = {**frame, "people": queries.people_of(http.user, customer), "waiting": waiting}
    return render(http, "customers/portal_people.html", context)


@audience(CLIENT_ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(http: HttpRequest) -> HttpResponse:
    """Give somebody access by e-mail."""
    customer = _mine_to_change(http)
    form = InviteForm(http.POST or None, sites=queries.sites_of(http.user, customer))
    answer = submit(
        http,
        form,
        lambda **data: actions.invite_person(customer=customer, by=http.user, **data),
        done=lambda _done: redirect_to(http, PEOPLE, message=_("The invitation was sent.")),
    )
    return answer or render(http, "customers/portal_invite.html", {**_frame(http, customer), "form": form})


@audience(CLIENT_ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def person(http: HttpRequest, contact_id: int) -> HttpResponse:
    """What one person may do, changed here."""
    contact = _contact(http, contact_id)
    if contact.status == ContactStatus.ENDED:
        raise NotFound
    access = queries.access_of(contact)
    initial = {"role": access.role or None, "site": access.sites[0] if access.sites else None}
    sites = queries.sites_of(http.user, contact.customer)
    form = AccessForm(http.POST or None, initial=initial, sites=sites)
    waits = contact.status == ContactStatus.WAITING
    do = actions.approve_contact if waits else actions.change_access
    answer = submit(
        http,
        form,
        lambda **data: do(contact=contact, by=http.user, **data),
        done=lambda _done: redirect_to(http, PEOPLE, message=_("The access was saved.")),
    )
    context = {**_frame(http, contact.customer), "form": form, "access": access, "contact": contact, "waits": waits}
    return answer or render(http, "customers/portal_person.html", context)


@audience(CLIENT_ADMINS)
@require_POST
def end(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Take a person's access to the company away."""
    contact = _contact(http, contact_id)
    actions.end_contact(contact=contact, by=http.user)
    return redirect_to(http, PEOPLE, message=_("%(name)s no longer has access.") % {"name": contact.name})


@audience(CLIENT_ADMINS)
@require_POST
def approve(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Let a waiting person in as a user of the whole company."""
    contact = _contact(http, contact_id)
    actions.approve_contact(contact=contact, by=http.user)
    return redirect_to(http, PEOPLE, message=_("%(name)s now has access.") % {"name": contact.name})


@audience(CLIENT_ADMINS)
@require_POST
def refuse(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Turn a waiting person away."""
    contact = _contact(http, contact_id)
    actions.refuse_contact(contact=contact, by=http.user)
    return redirect_to(http, PEOPLE, message=_("%(name)s was told no.") % {"name": contact.name})


def _contact(http: HttpRequest, contact_id: int) -> Any:
    contact = queries.get_contact(http.user, contact_id)
    require(rules.can_change_company(http.user, contact.customer))
    return contact


@audience(CLIENTS)
@require_safe
def sites(http: HttpRequest) -> HttpResponse:
    """Where the company's machines work."""
    customer = _here(http)
    rows = queries.sites_of(http.user, customer, only_open=False)
    return render(http, "customers/portal_sites.html", {**_frame(http, customer), "sites": rows})


@audience(CLIENT_ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def site_new(http: HttpRequest) -> HttpResponse:
    """Add a place."""
    customer = _mine_to_change(http)
    form = SiteForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_site(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, SITES, message=_("%(name)s was added.") % {"name": made.name}),
    )
    context = {**_frame(http, customer), "form": form, "site": None}
    return answer or render(http, "customers/portal_site_form.html", context)


@audience(CLIENT_ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def site_edit(http: HttpRequest, site_id: int) -> HttpResponse:
    """Change a place."""
    site = queries.get_site(http.user, site_id)
    require(rules.can_change_company(http.user, site.customer))
    form = SiteChangeForm(http.POST or None, initial=staff_sites.values_of(site))
    answer, status = staff_sites.change(http, site, form, SITES)
    context = {**_frame(http, site.customer), "form": form, "site": site}
    return answer or render(http, "customers/portal_site_form.html", context, status=status)


@audience(CLIENTS)
@require_POST
def switch(http: HttpRequest) -> HttpResponse:
    """Look at another of one's companies."""
    wished = http.POST.get("customer_id", "")
    companies = {str(each.pk): each for each in queries.companies_of(http.user)}
    if wished not in companies:
        raise NotFound
    http.session["customer_id"] = companies[wished].pk
    return redirect("orders:portal-home")
