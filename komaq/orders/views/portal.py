"""The client's pages: what waits for it, asking for service, following its orders."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import CLIENTS
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.files import attachments_of
from komaq.core.lists import Sort, csv_response, page_of
from komaq.core.search import matching
from komaq.core.templatetags.komaq import day, day_time
from komaq.core.web import redirect_to, submit
from komaq.customers.queries import active_customer, contacts_of, sites_of
from komaq.fleet.queries import machines_of
from komaq.orders import actions, queries
from komaq.orders.choices import (
    CLIENT_WORDS,
    DIAGNOSED,
    RESPONSE_HOURS,
    ClientStatus,
    OrderStatus,
    Priority,
    RequestStatus,
)
from komaq.orders.forms.portal import CancelForm, OrdersFilterForm, RequestForm, WithdrawForm
from komaq.orders.views.pieces import plate_of, track_of

AT_HOME = 6
ROWS = 6
AT_HAND = 8
KEY_DIGITS = 18
SORTS = {"new": Sort("id", descending=True), "old": Sort("id"), "code": Sort("code")}
UNDECIDED = (RequestStatus.PENDING, RequestStatus.REJECTED, RequestStatus.WITHDRAWN)
WAITS_FOR_CLIENT = {
    OrderStatus.QUOTED: pgettext_lazy("client", "Answer the quote"),
    OrderStatus.VERIFIED: pgettext_lazy("client", "Accept the work"),
}


def _customer(http: HttpRequest) -> Any:
    return active_customer(http.user, http.session.get("customer_id"))


# Home


@audience(CLIENTS)
@require_safe
def home(http: HttpRequest) -> HttpResponse:
    """What waits for the client, what runs, its machines."""
    customer = _customer(http)
    live = queries.filter_orders(queries.orders_visible_to(http.user), customer=customer, live=True)
    orders = sorted(live.order_by("due_at", "pk")[:50], key=lambda order: not order.is_stopped)
    running = [order for order in orders if order.status not in WAITS_FOR_CLIENT]
    machines = list(machines_of(http.user, customer)[: ROWS + 1])
    return render(
        http,
        "orders/portal/home.html",
        {
            "greeting": _greeting(),
            "customer": customer,
            "waiting": [
                {"order": order, "deed": WAITS_FOR_CLIENT[order.status]}
                for order in orders
                if order.status in WAITS_FOR_CLIENT
            ],
            "first": running[0] if running else None,
            "steps": track_of(running[0]) if running else [],
            "others": running[1:AT_HOME],
            "more": len(running) > AT_HOME,
            "requests": list(_requests(http, customer).filter(status=RequestStatus.PENDING).order_by("-pk")[:AT_HOME]),
            "machines": machines[:ROWS],
            "more_machines": len(machines) > ROWS,
        },
    )


def _greeting() -> str:
    hour = clock.now().astimezone(clock.LIMA).hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 19 else _("Good evening")


def _requests(http: HttpRequest, customer: Any) -> QuerySet:
    return queries.requests_visible_to(http.user).filter(customer=customer)


# Asking for service


@audience(CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(http: HttpRequest) -> HttpResponse:
    """Ask for service: one page, phone first. The same form sent twice makes one request."""
    customer = _customer(http)
    machines = machines_of(http.user, customer)
    contacts = contacts_of(http.user, customer)
    form = RequestForm(
        http.POST or None,
        http.FILES or None,
        initial=_wished(http, contacts),
        machines=machines,
        contacts=contacts,
        sites=sites_of(http.user, customer),
        problems=queries.problems_for(),
        service_types=queries.service_types(),
    )
    answer = submit(
        http,
        form,
        lambda **data: actions.ask_service(customer=customer, by=http.user, **data),
        done=lambda made: redirect_to(http, reverse("orders:portal-request", args=[made.pk])),
    )
    if answer:
        return answer
    words = http.GET.get("machine_q", "").strip()[:80]
    chosen = str(form["machine"].value() or "")
    return render(
        http,
        "orders/portal/request_new.html",
        {
            "form": form,
            "machine_q": words,
            "chosen": chosen,
            "elsewhere": http.method == "POST" and not chosen,
            **_rows(machines, words, chosen, everything="all" in http.GET),
            "contacts": sorted(contacts, key=lambda contact: contact.person_id != http.user.person_id),
            "chosen_contact": str(form["contact"].value() or ""),
            "me_id": http.user.person_id,
            "notes": _consequences(customer),
            "symptoms": _symptoms(form, machines, chosen),
        },
    )


def _wished(http: HttpRequest, contacts: QuerySet) -> dict:
    """What the address already says (a machine's page leads here) and who asks."""
    own = next((contact.pk for contact in contacts if contact.person_id == http.user.person_id), None)
    return {"machine": http.GET.get("machine", ""), "problems": http.GET.getlist("problems"), "contact": own}


def _rows(machines: QuerySet, words: str, chosen: str, *, everything: bool) -> dict:
    """The machines to choose from: the chosen one first, then what fits the words, a handful unless all are asked."""
    fitting = (matching(machines, words) if words else machines).order_by("sort_key", "pk")
    rows = list(fitting if everything else fitting[: ROWS + 1])
    more = not everything and len(rows) > ROWS
    rows = rows[:ROWS] if more else rows
    if chosen not in {str(row.pk) for row in rows}:
        rows = [*_named(machines, chosen), *rows]
    return {"machines": rows, "more_machines": more}


def _named(machines: QuerySet, key: str) -> QuerySet:
    """The machine of a key as the address or the form gives it; nonsense names none."""
    return machines.filter(pk=int(key)) if key.isdecimal() and len(key) <= KEY_DIGITS else machines.none()


def _symptoms(form: RequestForm, machines: QuerySet, chosen: str) -> dict[str, list]:
    """The symptoms of the chosen kind of machine: one of each system at hand, the others a press away."""
    machine = _named(machines, chosen).first()
    ticked = {str(value) for value in form["problems"].value() or ()}
    first, more, systems = [], [], set()
    for problem in queries.problems_for(machine.model.type if machine else None):
        row = {"problem": problem, "ticked": str(problem.pk) in ticked}
        at_hand = row["ticked"] or (problem.system not in systems and len(systems) < AT_HAND)
        systems |= {problem.system} if at_hand else set()
        (first if at_hand else more).append(row)
    return {"first": first, "more": more}


def _consequences(customer: Any) -> dict[str, Promise | str]:
    """What each urgency brings, in words and hours."""
    hours = {**RESPONSE_HOURS, **customer.response_hours}
    words = {
        Priority.NORMAL: _("We answer within %(hours)s h and agree on the day with you."),
        Priority.HIGH: _("It works, but badly. We answer within %(hours)s h."),
        Priority.MACHINE_DOWN: _("It cannot work. We call you within %(hours)s h, also at night."),
    }
    return {str(priority): text % {"hours": hours[priority]} for priority, text in words.items()}


@audience(CLIENTS)
@require_safe
def request_detail(http: HttpRequest, request_id: int) -> HttpResponse:
    """A request: its number, what follows, what was asked."""
    asked = queries.get_request(http.user, request_id)
    files = list(attachments_of(asked))
    return render(
        http,
        "orders/portal/request.html",
        {
            "asked": asked,
            "problems": list(asked.problems.all()),
            "files": files,
            "steps": _steps_ahead(asked),
            "pending": asked.status == RequestStatus.PENDING,
        },
    )


def _steps_ahead(asked: Any) -> list[dict]:
    pending = asked.status == RequestStatus.PENDING
    decided = day_time(asked.decided_at) if asked.decided_at else ""
    review = _("before %(moment)s") % {"moment": day_time(asked.respond_by)} if pending else decided
    line = [
        (pgettext("client", "Sent"), day_time(asked.created_at), "done"),
        (_("A workshop supervisor reviews it"), review, "now" if pending else "done"),
    ]
    if asked.status in {RequestStatus.REJECTED, RequestStatus.WITHDRAWN}:
        line[1] = (asked.get_status_display(), decided, "done")
        return [{"label": label, "note": note, "state": state} for label, note, state in line]
    wished = _("you wished %(day)s") % {"day": day(asked.wished_on)} if asked.wished_on else ""
    line += [
        (_("Diagnosis"), wished, "ahead"),
        (_("Options A, B, C"), _("you choose"), "ahead"),
        (_("Work"), "", "ahead"),
    ]
    return [{"label": label, "note": note, "state": state} for label, note, state in line]


@audience(CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_withdraw(http: HttpRequest, request_id: int) -> HttpResponse:
    """Take a pending request back; once decided, its page says how."""
    asked = queries.get_request(http.user, request_id)
    back = reverse("orders:portal-request", args=[asked.pk])
    if http.method != "POST" and asked.status != RequestStatus.PENDING:
        return redirect_to(http, back)
    form = WithdrawForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda reason: actions.withdraw_request(request=asked, reason=reason, by=http.user),
        done=lambda _done: redirect_to(http, back, message=_("You withdrew %(code)s.") % {"code": asked.code}),
    )
    return answer or render(http, "orders/portal/withdraw.html", {"form": form, "asked": asked, "back": back})


# Following orders


@audience(CLIENTS)
@require_safe
def orders(http: HttpRequest) -> HttpResponse:
    """The company's orders in the client's four words."""
    given = OrdersFilterForm(http.GET).values()
    customer = _customer(http)
    return render(
        http,
        "orders/portal/orders.html",
        {
            "page": page_of(_found(http, customer, given), http, sorts=SORTS),
            "requests": [] if http.GET.get("cursor") else _undecided(http, customer, given),
            "given": given,
            "filtered": any(given.values()),
            "words": ClientStatus.choices,
            "customer": customer,
        },
    )


def _found(http: HttpRequest, customer: Any, given: dict) -> QuerySet:
    return queries.filter_orders(queries.orders_visible_to(http.user), customer=customer, **given)


def _undecided(http: HttpRequest, customer: Any, given: dict) -> list:
    """The requests that became no order, as far as the filter wants them; without one, only what waits."""
    wanted = [status for status in UNDECIDED if CLIENT_WORDS[status] == given["status"]]
    rows = _requests(http, customer).filter(status__in=wanted if given["status"] else [RequestStatus.PENDING])
    return list((matching(rows, given["q"]) if given["q"] else rows).order_by("-pk")[:ROWS])


@audience(CLIENTS)
@require_safe
def orders_export(http: HttpRequest) -> HttpResponse:
    """The list as CSV, with the filters of the address."""
    rows = _found(http, _customer(http), OrdersFilterForm(http.GET).values()).order_by("-created_at", "-pk")
    header = [
        pgettext("client", "Order"),
        pgettext("client", "Title"),
        _("Machine"),
        _("Serial number"),
        _("Site"),
        _("Urgency"),
        _("Status"),
        _("Asked on"),
        _("Promised for"),
        _("Finished on"),
    ]
    return csv_response(
        pgettext("client", "orders"), header, (_cells(order) for order in rows.iterator(chunk_size=500))
    )


def _cells(order: Any) -> list:
    return [
        order.code,
        order.title,
        order.machine.model,
        order.machine.serial,
        order.site or "",
        order.get_priority_display(),
        ClientStatus(order.client_status).label,
        day(order.created_at),
        day(order.due_at),
        day(order.completed_at) if order.completed_at else "",
    ]


@audience(CLIENTS)
@require_safe
def order_detail(http: HttpRequest, order_id: int) -> HttpResponse:
    """An order as its client follows it: progress, visits, people, documents, history, machine."""
    order = queries.get_order(http.user, order_id)
    visits, events = queries.visits_of(order), queries.events_of(order)
    open_to = {step.end for step in queries.steps_open_to(http.user, order, visits)}
    return render(
        http,
        "orders/portal/order.html",
        {
            "order": order,
            "steps": track_of(order, events),
            "visits": visits,
            "parts": _parts(order),
            "files": list(queries.documents_of(http.user, order)),
            "history": queries.history_of(http.user, order, events),
            "may_accept": OrderStatus.CLOSED in open_to,
            "may_cancel": OrderStatus.CANCELLED in open_to,
            "plate": plate_of(order.machine, reverse("fleet:portal-detail", args=[order.machine_id])),
        },
    )


def _parts(order: Any) -> list:
    """What the client knows of parts: from its approval on, for what is planned before becomes the quote."""
    return [] if order.status in DIAGNOSED else queries.planned_parts_of(order)


@audience(CLIENTS)
@require_POST
def accept(http: HttpRequest, order_id: int) -> HttpResponse:
    """The client accepts the verified work; the order closes."""
    order = queries.get_order(http.user, order_id)
    actions.accept_work(order=order, by=http.user)
    message = _("You accepted the work of %(code)s.") % {"code": order.code}
    return redirect_to(http, reverse("orders:portal-order", args=[order.pk]), message=message)


@audience(CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(http: HttpRequest, order_id: int) -> HttpResponse:
    """Cancel an order that is not approved yet, with the reason; later its page says why not."""
    order = queries.get_order(http.user, order_id)
    back = reverse("orders:portal-order", args=[order.pk])
    open_to = {step.end for step in queries.steps_open_to(http.user, order)}
    if http.method != "POST" and OrderStatus.CANCELLED not in open_to:
        return redirect_to(http, back)
    form = CancelForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda reason: actions.move_order(order=order, to=OrderStatus.CANCELLED, reason=reason, by=http.user),
        done=lambda _done: redirect_to(http, back, message=_("You cancelled %(code)s.") % {"code": order.code}),
    )
    return answer or render(http, "orders/portal/cancel.html", {"form": form, "order": order, "back": back})
