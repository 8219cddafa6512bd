"""Requests in the office: the list, and the decision about one."""

import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE, PLANNERS
from komaq.core import clock, files
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.web import redirect_to, submit
from komaq.fleet import queries as fleet
from komaq.orders import actions, queries, rules
from komaq.orders.choices import RequestStatus
from komaq.orders.forms.staff import AcceptForm, MergeForm, ReasonForm, RequestFilter
from komaq.orders.queries import lists
from komaq.orders.views import machine_plate, sorted_files

SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "answer": Sort("respond_by"),
    "customer": Sort("customer__sort_key"),
}
HISTORY = 6
SOON = datetime.timedelta(hours=8)


@audience(OFFICE)
@require_safe
def requests(http: HttpRequest) -> HttpResponse:
    """What clients asked for; those that wait for a decision come first."""
    given = http.GET.copy()
    given.setdefault("status", RequestStatus.PENDING)
    chosen = RequestFilter(given)
    wanted = chosen.cleaned_data if chosen.is_valid() else {}
    rows = lists.filter_requests(queries.requests_visible_to(http.user), **wanted)
    counts = lists.count_requests(http.user)
    tabs = [(status.value, status.label, counts[status.value]) for status in RequestStatus]
    tabs.append(("", _("Every request"), counts[""]))
    sorts = [
        ("newest", _("Newest first")),
        ("oldest", _("Oldest first")),
        ("answer", _("Answer first due")),
        ("customer", _("By customer")),
    ]
    visible = queries.requests_visible_to(http.user)
    page = page_of(rows, http, sorts=SORTS, lines=lambda keys: visible.filter(pk__in=keys))
    return render(
        http,
        "orders/requests.html",
        {"page": page, "form": chosen, "tabs": tabs, "sorts": sorts, "now": clock.now()},
    )


@audience(OFFICE)
@require_safe
def triage(http: HttpRequest, request_id: int) -> HttpResponse:
    """One request with all that helps to decide it."""
    return _triage(http, queries.get_request_to_decide(http.user, request_id))


@audience(PLANNERS)
@require_http_methods(["GET", "POST"])
def accept(http: HttpRequest, request_id: int) -> HttpResponse:
    """Turn the request into one order."""
    request = queries.get_request(http.user, request_id)
    if http.method == "GET":
        return redirect(request)
    form = _accept_form(http, request, http.POST)
    answer = submit(
        http,
        form,
        partial(actions.accept_request, request=request, by=http.user),
        done=lambda order: redirect_to(http, order, message=_("Accepted as %(code)s.") % {"code": order.code}),
    )
    return answer or _again(http, request, form, "accept")


@audience(PLANNERS)
@require_http_methods(["GET", "POST"])
def reject(http: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse the request and tell the client why."""
    request = queries.get_request(http.user, request_id)
    if http.method == "GET":
        return redirect(request)
    form = ReasonForm(http.POST, auto_id="id_reject_%s")
    answer = submit(
        http,
        form,
        partial(actions.reject_request, request=request, by=http.user),
        done=lambda _none: redirect_to(
            http, request, message=_("%(code)s was rejected; the client reads the reason.") % {"code": request.code}
        ),
    )
    return answer or _again(http, request, form, "reject")


@audience(PLANNERS)
@require_http_methods(["GET", "POST"])
def merge(http: HttpRequest, request_id: int) -> HttpResponse:
    """Let the request join an order that is under way."""
    request = queries.get_request(http.user, request_id)
    form = MergeForm(http.POST)
    if http.method == "GET" or not form.is_valid():
        return redirect(request)
    order = queries.get_order(http.user, form.cleaned_data["order"])
    actions.merge_request(request=request, order=order, by=http.user)
    return redirect_to(
        http, order, message=_("%(request)s joined %(order)s.") % {"request": request.code, "order": order.code}
    )


def _again(http: HttpRequest, request: Any, form: Any, name: str) -> HttpResponse:
    """The page with what was typed; when somebody decided meanwhile, only that fact."""
    fresh = queries.get_request_to_decide(http.user, request.pk)
    if rules.can_decide_request(http.user, fresh):
        return _triage(http, fresh, **{name: form})
    for error in form.non_field_errors():
        messages.error(http, error)
    return redirect(fresh)


def _accept_form(http: HttpRequest, request: Any, data: Any = None) -> AcceptForm:
    machines = None
    if request.machine is None:
        machines = fleet.machines_visible_to(http.user).filter(customer=request.customer)
    return AcceptForm(
        data,
        machines=machines,
        service_types=queries.service_types(),
        initial={
            "title": _title_for(request),
            "priority": request.priority,
            "service_type": request.service_type,
        },
    )


def _title_for(request: Any) -> str:
    """The headline that the request itself suggests: its problems, else its first words."""
    named = ", ".join(problem.name for problem in request.problems.all())
    words = request.description.strip().splitlines()
    return (named or (words[0] if words else ""))[:120]


def _headline(request: Any) -> str:
    """The machine and what ails it."""
    words = _title_for(request)
    return f"{request.shown_machine}: {words[:1].lower()}{words[1:]}" if words else request.shown_machine


def _triage(
    http: HttpRequest, request: Any, *, accept: AcceptForm | None = None, reject: ReasonForm | None = None
) -> HttpResponse:
    user = http.user
    decides = rules.can_decide_request(user, request)
    similar, history = queries.orders_near(user, request, HISTORY)
    photos, papers = sorted_files(files.attachments_of(request))
    return render(
        http,
        "orders/request.html",
        {
            "request_": request,
            "headline": _headline(request),
            "problems": list(request.problems.all()),
            "photos": photos,
            "papers": papers,
            "decides": decides,
            "accept": (accept or _accept_form(http, request)) if decides else None,
            "reject": (reject or ReasonForm(auto_id="id_reject_%s")) if decides else None,
            "people": queries.technicians_for(clock.now(), clock.now() + SOON)[:HISTORY] if decides else [],
            "similar": similar if decides else [],
            "plate": machine_plate(request.machine) if request.machine else None,
            "history": history,
            "late": request.status == RequestStatus.PENDING and request.respond_by < clock.now(),
        },
    )
