"""Visits in the office: plan one, move it, and say how it went."""

import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from komaq.accounts.choices import PLANNERS
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.refusals import NotFound, Stale, require
from komaq.core.web import redirect_to, submit
from komaq.orders import actions, queries
from komaq.orders.actions.refusals import OrderIsFinal
from komaq.orders.choices import OrderStatus, VisitKind, VisitState
from komaq.orders.forms.staff import SpanForm, VisitForm, VisitStepForm
from komaq.orders.queries import planning
from komaq.orders.views.staff_order import order_page

WIDE = 108
"""How wide the bar of somebody's hours is drawn."""
LOOK = "look"
"""The button that asks who is free, without planning anything."""


@audience(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(http: HttpRequest, order_id: int) -> HttpResponse:
    """Send technicians to an order; a clash is told beside the field, with what was typed."""
    order = queries.get_order(http.user, order_id)
    require(not order.is_final, else_=OrderIsFinal(order))
    form, people = _form(http, _first_guess(order))
    answer = _submit(http, form, partial(_plan, order=order, by=http.user), _("The visit is planned."))
    return answer or _page(http, order, form, people)


@audience(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(http: HttpRequest, visit_id: int) -> HttpResponse:
    """Move a planned visit to other hours or other people."""
    planned = queries.get_visit(http.user, visit_id)
    form, people = _form(http, _as_planned(planned), planned)
    move = partial(_move, visit=planned, by=http.user)
    try:
        answer = _submit(http, form, move, _("The visit was moved."))
    except Stale as stale:
        form.add_error(None, str(stale.message))
        form.data = form.data.copy()
        form.data["version"] = stale.current.version
        answer = None
    return answer or _page(http, planned.order, form, people, planned)


@audience(PLANNERS)
@require_http_methods(["GET", "POST"])
def visit_step(http: HttpRequest, visit_id: int) -> HttpResponse:
    """Say how a visit goes: on the way, on site, done, failed, cancelled."""
    gone = queries.get_visit(http.user, visit_id)
    if http.method == "GET":
        return redirect(gone.order)
    to = http.POST.get("to", "")
    if to not in set(VisitState):
        raise NotFound
    form = VisitStepForm(http.POST, visit_id=gone.pk, to=to)
    answer = submit(
        http,
        form,
        partial(actions.step_visit, visit=gone, by=http.user),
        done=lambda visit: redirect_to(
            http, gone.order, message=_("The visit is now “%(state)s”.") % {"state": visit.get_state_display()}
        ),
    )
    return answer or order_page(http, gone.order, refused=form)


def _plan(*, order: Any, by: Any, version: int | None, **given: Any) -> Any:
    return actions.plan_visit(order=order, by=by, **given)


def _move(*, visit: Any, by: Any, kind: str, **given: Any) -> Any:
    return actions.move_visit(visit=visit, by=by, **given)


def _submit(http: HttpRequest, form: VisitForm, do: Any, message: str) -> HttpResponse | None:
    """Plan or move, unless the person only asked who is free."""
    return submit(http, form, do, done=lambda visit: redirect_to(http, visit.order, message=message))


def _form(http: HttpRequest, initial: dict, besides: Any = None) -> tuple[VisitForm, list[dict]]:
    """The form as typed or as first guessed, and who could go in its span."""
    span = SpanForm(http.POST or initial)
    given = span.cleaned_data if span.is_valid() else initial
    people = planning.technicians_for(given["starts_at"], given["ends_at"], besides=besides)
    if LOOK in http.POST:
        typed = {**http.POST.dict(), "technicians": http.POST.getlist("technicians")}
        return VisitForm(people=people, initial=typed), people
    return VisitForm(http.POST or None, people=people, initial=initial), people


def _first_guess(order: Any) -> dict:
    """A span to begin with: at once when a machine stands, else on the wished day or tomorrow at eight."""
    diagnosis = order.status in {OrderStatus.OPEN, OrderStatus.DIAGNOSING}
    tomorrow = clock.today() + datetime.timedelta(days=1)
    starts = clock.lima(max(order.wished_on or tomorrow, tomorrow), 8)
    if order.is_stopped:
        starts = (clock.now() + datetime.timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return {
        "kind": VisitKind.DIAGNOSIS if diagnosis else VisitKind.REPAIR,
        "starts_at": starts,
        "ends_at": starts + datetime.timedelta(hours=4 if diagnosis else 9),
        "technicians": [],
        "lead": "",
    }


def _as_planned(visit: Any) -> dict:
    going = list(visit.assignments.all())
    return {
        "kind": visit.kind,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "note": visit.note,
        "technicians": [str(one.technician_id) for one in going],
        "lead": next((str(one.technician_id) for one in going if one.is_lead), ""),
        "version": visit.version,
    }


def _page(http: HttpRequest, order: Any, form: VisitForm, people: list[dict], visit: Any = None) -> HttpResponse:
    span = SpanForm(http.POST)
    given = span.cleaned_data if span.is_valid() else form.initial
    if LOOK in http.POST and not span.is_valid():
        given = _first_guess(order)
    starts, ends = given["starts_at"], given["ends_at"]
    chosen, lead = form["technicians"].value() or [], str(form["lead"].value() or "")
    rows = []
    for one in people:
        key = str(one["employee"].pk)
        bars = _bars(one["busy"], starts, ends, "busy") + _bars(one["absences"], starts, ends, "off")
        rows.append({**one, "key": key, "chosen": key in chosen, "leads": key == lead, "bars": bars})
    return render(
        http,
        "orders/visit.html",
        {
            "order": order,
            "visit": visit,
            "form": form,
            "people": rows,
            "days": [{"day": day, "x": x, "width": width} for day, x, width in _days(starts, ends)],
            "want": _place(starts, ends, starts, ends),
            "hours": round((ends - starts).total_seconds() / 3600, 1),
            "free": sum(one["free"] for one in people),
        },
    )


def _window(starts: datetime.datetime, ends: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
    """The whole days, by the clock in Lima, that a span touches."""
    first, last = (at.astimezone(clock.LIMA).date() for at in (starts, ends))
    return clock.lima(first), clock.lima(max(last, first)) + datetime.timedelta(days=1)


def _place(
    starts: datetime.datetime, ends: datetime.datetime, first: datetime.datetime, last: datetime.datetime
) -> dict:
    """Where a taken span lies on the bar of the days from `first` to `last`."""
    start, end = _window(first, last)
    whole = (end - start).total_seconds()
    left = max((starts - start).total_seconds(), 0) / whole * WIDE
    right = min((ends - start).total_seconds(), whole) / whole * WIDE
    return {"x": f"{left:.1f}", "width": f"{max(right - left, 0):.1f}"}


def _bars(taken: list[dict], starts: datetime.datetime, ends: datetime.datetime, kind: str) -> list[dict]:
    """What fills somebody's days, with its words; what meets the wished span clashes."""
    bars = []
    for one in taken:
        meets = one["starts_at"] < ends and starts < one["ends_at"]
        what = one.get("code") or one.get("reason", "")
        bars.append(
            {
                **_place(one["starts_at"], one["ends_at"], starts, ends),
                "kind": "clash" if meets and kind == "busy" else kind,
                "text": f"{what} {_hour(one['starts_at'])}–{_hour(one['ends_at'])}",
                "meets": meets,
            }
        )
    return bars


def _hour(at: datetime.datetime) -> str:
    return at.astimezone(clock.LIMA).strftime("%d/%m %H:%M")


def _days(starts: datetime.datetime, ends: datetime.datetime) -> list[tuple]:
    """The days of the span and their place on the bar."""
    start, end = _window(starts, ends)
    count = (end - start).days
    width = WIDE / count
    days = [start + datetime.timedelta(days=number) for number in range(count)]
    return [(day, f"{number * width:.1f}", f"{max(width - 1, 0.5):.1f}") for number, day in enumerate(days)]
