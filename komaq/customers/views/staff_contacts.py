"""The office's pages about the people of a customer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.refusals import require
from komaq.core.web import redirect_to, submit
from komaq.customers import actions, queries, rules
from komaq.customers.forms import ContactForm, InviteForm


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest, customer_id: int) -> HttpResponse:
    """Note somebody to speak with."""
    require(rules.can_manage_customers(http.user))
    customer = queries.get_customer(http.user, customer_id)
    form = ContactForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_contact(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, customer, message=_("%(name)s was added.") % {"name": made.name}),
    )
    context = {"form": form, "customer": customer, "contact": None}
    return answer or render(http, "customers/contact_form.html", context)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(http: HttpRequest, customer_id: int) -> HttpResponse:
    """Give somebody of the customer access by e-mail."""
    require(rules.can_manage_customers(http.user))
    customer = queries.get_customer(http.user, customer_id)
    form = InviteForm(http.POST or None, sites=queries.sites_of(http.user, customer))
    answer = submit(
        http,
        form,
        lambda **data: actions.invite_person(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, customer, message=_("The invitation was sent.")),
    )
    return answer or render(http, "customers/invite.html", {"form": form, "customer": customer})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Correct a contact."""
    require(rules.can_manage_customers(http.user))
    contact = queries.get_contact(http.user, contact_id)
    person = contact.person
    initial = {
        "given_names": person.given_names,
        "surnames": person.surnames,
        "email": person.email,
        "phone": person.phone,
        "title": contact.title,
    }
    form = ContactForm(http.POST or None, initial=initial)
    answer = submit(
        http,
        form,
        lambda **data: actions.change_contact(contact=contact, by=http.user, **data),
        done=lambda changed: redirect_to(http, changed.customer, message=_("The changes were saved.")),
    )
    context = {"form": form, "customer": contact.customer, "contact": contact}
    return answer or render(http, "customers/contact_form.html", context)


@audience(OFFICE)
@require_POST
def end(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Somebody no longer works there."""
    contact = queries.get_contact(http.user, contact_id)
    actions.end_contact(contact=contact, by=http.user)
    return redirect_to(http, contact.customer, message=_("%(name)s no longer has access.") % {"name": contact.name})


@audience(OFFICE)
@require_POST
def approve(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Let a waiting person in as a user of its company."""
    contact = queries.get_contact(http.user, contact_id)
    actions.approve_contact(contact=contact, by=http.user)
    return redirect_to(http, contact.customer, message=_("%(name)s now has access.") % {"name": contact.name})


@audience(OFFICE)
@require_POST
def refuse(http: HttpRequest, contact_id: int) -> HttpResponse:
    """Turn a waiting person away."""
    contact = queries.get_contact(http.user, contact_id)
    actions.refuse_contact(contact=contact, by=http.user)
    return redirect_to(http, contact.customer, message=_("%(name)s was told no.") % {"name": contact.name})
