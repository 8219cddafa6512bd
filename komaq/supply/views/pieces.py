"""What belongs to a supplier: its people, accounts and papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from komaq.core.access import audience
from komaq.core.refusals import require
from komaq.core.web import redirect_to, submit
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY
from komaq.supply.forms import AccountForm, PaperForm, SupplierContactForm


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """Note somebody we deal with."""
    require(rules.can_buy(http.user))
    supplier = queries.get_supplier(http.user, supplier_id)
    form = SupplierContactForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.add_supplier_contact(supplier=supplier, by=http.user, **data),
        done=lambda made: redirect_to(http, supplier, message=_("%(name)s was added.") % {"name": made.name}),
    )
    context = {"form": form, "supplier": supplier, "contact": None}
    return answer or render(http, "supply/contact_form.html", context)


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(http: HttpRequest, supplier_contact_id: int) -> HttpResponse:
    """Correct a contact."""
    require(rules.can_buy(http.user))
    contact = queries.get_contact(http.user, supplier_contact_id)
    person = contact.person
    own = {"title": contact.title, "gets_requests": contact.gets_requests}
    initial = {name: getattr(person, name) for name in ("given_names", "surnames", "email", "phone")} | own
    form = SupplierContactForm(http.POST or None, initial=initial)
    answer = submit(
        http,
        form,
        lambda **data: actions.change_supplier_contact(contact=contact, by=http.user, **data),
        done=lambda changed: redirect_to(http, changed.supplier, message=_("The changes were saved.")),
    )
    context = {"form": form, "supplier": contact.supplier, "contact": contact}
    return answer or render(http, "supply/contact_form.html", context)


@audience(SUPPLY)
@require_POST
def contact_end(http: HttpRequest, supplier_contact_id: int) -> HttpResponse:
    """Somebody no longer works there."""
    contact = queries.get_contact(http.user, supplier_contact_id)
    actions.end_supplier_contact(contact=contact, by=http.user)
    message = _("%(name)s gets no more requests.") % {"name": contact.name}
    return redirect_to(http, contact.supplier, message=message)


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """Note where the supplier is paid."""
    require(rules.can_see_accounts(http.user))
    supplier = queries.get_supplier(http.user, supplier_id)
    form = AccountForm(http.POST or None, initial={"currency": supplier.currency})
    answer = submit(
        http,
        form,
        lambda **data: actions.add_account(supplier=supplier, by=http.user, **data),
        done=lambda _made: redirect_to(http, supplier, message=_("The account was added.")),
    )
    return answer or render(http, "supply/account_form.html", {"form": form, "supplier": supplier})


@audience(SUPPLY)
@require_POST
def account_end(http: HttpRequest, account_id: int) -> HttpResponse:
    """Nothing is paid there any more."""
    account = queries.get_account(http.user, account_id)
    actions.end_account(account=account, by=http.user)
    return redirect_to(http, account.supplier, message=_("The account is used no more."))


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_new(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """Keep papers with the supplier."""
    require(rules.can_buy(http.user))
    supplier = queries.get_supplier(http.user, supplier_id)
    form = PaperForm(http.POST or None, http.FILES or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.keep_papers(supplier=supplier, by=http.user, **data),
        done=lambda _kept: redirect_to(http, supplier, message=_("The papers were kept.")),
    )
    return answer or render(http, "supply/paper_form.html", {"form": form, "supplier": supplier})
