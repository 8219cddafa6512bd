"""The technician's pages: today, one order in big steps, for a phone and gloves."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import TECHNICIANS
from komaq.comms.queries import thread
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.refusals import NotFound
from komaq.core.templatetags.komaq import day_time
from komaq.core.web import once, redirect_to, submit
from komaq.orders import actions, queries
from komaq.orders.actions.refusals import StatusMoved, StepNotAllowed
from komaq.orders.choices import OrderStatus, Step, VisitState
from komaq.orders.forms.staff import DocumentForm, MoveForm, NoteForm, VisitStepForm
from komaq.orders.views.pieces import plate_of

_S, _V = OrderStatus, VisitState
UNDER_WAY = {_V.TRAVELLING, _V.ON_SITE}
OVER = {_V.DONE, _V.FAILED, _V.CANCELLED}
VISIT_DEEDS: dict[str, tuple[Promise, str]] = {
    _V.TRAVELLING: (gettext_lazy("I set out"), "truck"),
    _V.ON_SITE: (gettext_lazy("I am on site"), "pin"),
    _V.DONE: (gettext_lazy("The visit is done"), "check"),
    _V.FAILED: (gettext_lazy("I cannot do it"), "bad"),
}
ORDER_DEEDS: dict[str, tuple[Promise, str]] = {
    _S.IN_PROGRESS: (gettext_lazy("Start the work"), "play"),
    _S.PAUSED: (gettext_lazy("Pause"), "pause"),
    _S.COMPLETED: (gettext_lazy("Finish the work"), "check"),
    _S.DIAGNOSING: (gettext_lazy("Start the diagnosis"), "eye"),
    _S.SCHEDULED: (gettext_lazy("A return visit is booked"), "calendar"),
}
LAST = 5


# Today


@audience(TECHNICIANS)
@require_safe
def today(http: HttpRequest) -> HttpResponse:
    """Where I go today, and the days after."""
    day = clock.today()
    visits = list(queries.my_visits(http.user, day))
    now = next((visit for visit in visits if visit.state in UNDER_WAY), None)
    mine = [visit for visit in visits if visit.state in UNDER_WAY or _day(visit) <= day]
    first = now or next((visit for visit in mine if visit.state not in OVER), None)
    return render(
        http,
        "orders/field/today.html",
        {
            "day": day,
            "visits": mine,
            "first": first,
            "next_visits": [visit for visit in visits if visit not in mine],
        },
    )


def _day(visit: Any) -> Any:
    return visit.starts_at.astimezone(clock.LIMA).date()


# One order


@audience(TECHNICIANS)
@require_safe
def order(http: HttpRequest, order_id: int) -> HttpResponse:
    """What to do, where, with whom; one red button says the next step."""
    found = queries.get_order(http.user, order_id)
    visits = queries.visits_of(found)
    visit = _visit_of(http, visits)
    deeds = _deeds(http, found, visit, visits)
    site = found.site
    return render(
        http,
        "orders/field/order.html",
        {
            "order": found,
            "visit": visit,
            "steps": _steps(found, visit) if visit else [],
            "main": deeds[0] if deeds else None,
            "others": deeds[1:],
            "segments": queries.segments_of(found),
            "parts": queries.planned_parts_of(found),
            "files": list(queries.documents_of(http.user, found)),
            "notes": list(thread(found, http.user).order_by("-written_at", "-pk")[:LAST]),
            "note_form": NoteForm(),
            "plate": plate_of(found.machine),
            "earlier": list(queries.machine_history(http.user, found.machine).exclude(pk=found.pk)[:LAST]),
            "geo": f"geo:{site.latitude},{site.longitude}" if site and site.latitude is not None else "",
        },
    )


def _visit_of(http: HttpRequest, visits: list) -> Any | None:
    """My visit of this order that matters now: under way, else the next, else the last."""
    mine = [visit for visit in visits if visit.state != _V.CANCELLED and _sends(visit, http.user)]
    standing = [visit for visit in mine if visit.state not in OVER]
    under_way = [visit for visit in standing if visit.state in UNDER_WAY]
    return next(iter(under_way or standing or mine[::-1]), None)


def _sends(visit: Any, user: Any) -> bool:
    return any(one.technician.person_id == user.person_id for one in visit.assignments.all())


def _deeds(http: HttpRequest, found: Any, visit: Any | None, visits: list) -> list[dict]:
    """What I may do now, the next step first; what comes last is what went wrong."""
    visit_steps = queries.visit_steps_open_to(http.user, visit) if visit else ()
    order_steps = [step.end for step in queries.steps_open_to(http.user, found, visits)]
    goes = [_visit_deed(visit, to) for to in (_V.TRAVELLING, _V.ON_SITE) if to in visit_steps]
    works = [
        _order_deed(found, to)
        for to in (_S.IN_PROGRESS, _S.DIAGNOSING, _S.COMPLETED, _S.PAUSED, _S.SCHEDULED)
        if to in order_steps
    ]
    ends = [_visit_deed(visit, to) for to in (_V.DONE, _V.FAILED) if to in visit_steps]
    return [*goes, *works, *ends]


def _visit_deed(visit: Any, to: str) -> dict:
    label, icon = VISIT_DEEDS[to]
    url = reverse("orders:field-visit-step", args=[visit.pk])
    return {"label": label, "icon": icon, "url": url, "to": to, "asks": to == _V.FAILED}


def _order_deed(found: Any, to: str) -> dict:
    label, icon = ORDER_DEEDS[to]
    if (found.status, to) == (_S.PAUSED, _S.IN_PROGRESS):
        label = _("Go on")
    asks = to in {_S.PAUSED, _S.COMPLETED}
    url = reverse("orders:field-move", args=[found.pk])
    return {"label": label, "icon": icon, "url": url, "to": to, "asks": asks}


def _steps(found: Any, visit: Any) -> list[dict]:
    """The four big steps of a visit: set out, on site, working, done."""
    working = visit.state == _V.ON_SITE and found.status in {_S.IN_PROGRESS, _S.DIAGNOSING}
    reached = {_V.PLANNED: 0, _V.TRAVELLING: 1, _V.ON_SITE: 3 if working else 2}.get(visit.state, 4)
    started = day_time(visit.started_at) if visit.started_at else ""
    ended = day_time(visit.ended_at) if visit.ended_at else ""
    line = [
        (_("On the way"), started),
        (_("On site"), _("press when you arrive") if reached < 2 else ""),
        (_("Working"), _("photos, tasks, notes") if reached < 4 else ""),
        (visit.get_state_display() if visit.state in OVER else _("Done"), ended),
    ]
    states = ["done" if place < reached else "now" if place == reached else "ahead" for place in range(4)]
    return [{"label": label, "note": note, "state": state} for (label, note), state in zip(line, states, strict=True)]


# Deeds


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_step(http: HttpRequest, visit_id: int) -> HttpResponse:
    """Set out, arrive, finish or give up a visit; what needs words asks for them on a page of its own."""
    visit = queries.get_visit(http.user, visit_id)
    back = reverse("orders:field-order", args=[visit.order_id])
    to = (http.POST if http.method == "POST" else http.GET).get("to", "")
    if to not in VISIT_DEEDS:
        raise Http404
    form = VisitStepForm(http.POST or None, visit_id=visit.pk, to=to, initial={"to": to})
    answer = submit(
        http,
        form,
        partial(actions.step_visit, visit=visit, by=http.user),
        done=lambda moved: redirect_to(http, back, message=_said(moved)),
    )
    return answer or _ask(http, visit.order, form, VISIT_DEEDS[to][0], back)


def _said(visit: Any) -> str:
    return _("Noted: %(state)s.") % {"state": visit.get_state_display().lower()}


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(http: HttpRequest, order_id: int) -> HttpResponse:
    """Start, pause, go on or finish the work, with what the step asks."""
    found = queries.get_order(http.user, order_id)
    back = reverse("orders:field-order", args=[found.pk])
    step = _step(http, found, (http.POST if http.method == "POST" else http.GET).get("to", ""))
    form = MoveForm(http.POST or None, step=step, initial={"to": step.end, "version": found.version})
    answer = submit(
        http,
        form,
        partial(actions.move_order, order=found, by=http.user),
        done=lambda moved: redirect_to(
            http, back, message=_("%(code)s: %(status)s.") % {"code": moved.code, "status": moved.get_status_display()}
        ),
    )
    return answer or _ask(http, found, form, _order_deed(found, step.end)["label"], back)


def _step(http: HttpRequest, found: Any, to: str) -> Step:
    """The step I may take now. Raises NotFound for what never was one, a refusal for what is over."""
    step = next((each for each in queries.steps_open_to(http.user, found) if each.end == to), None)
    if step is None and to in ORDER_DEEDS:
        raise StatusMoved(found) if found.status == to else StepNotAllowed(found, to)
    if step is None or to not in ORDER_DEEDS:
        raise NotFound
    return step


def _ask(http: HttpRequest, found: Any, form: Any, label: Any, back: str) -> HttpResponse:
    context = {"order": found, "form": form, "label": label, "back": back}
    return render(http, "orders/field/step.html", context)


@audience(TECHNICIANS)
@require_POST
def task(http: HttpRequest, order_id: int, task_id: int) -> HttpResponse:
    """Tick a task off, or take the tick away."""
    found = queries.get_order(http.user, order_id)
    tasks = {each.pk: each for segment in queries.segments_of(found) for each in segment.tasks.all()}
    if task_id not in tasks:
        raise NotFound
    actions.tick_task(task=tasks[task_id], done=http.POST.get("done") == "1", by=http.user)
    return redirect_to(http, reverse("orders:field-order", args=[found.pk]) + "#tasks")


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def photo(http: HttpRequest, order_id: int) -> HttpResponse:
    """Take or choose photos for the order; the client sees them or not."""
    found = queries.get_order(http.user, order_id)
    back = reverse("orders:field-order", args=[found.pk])
    form = DocumentForm(http.POST or None, http.FILES or None)
    answer = submit(
        http,
        form,
        once(partial(actions.add_document, order=found, by=http.user)),
        done=lambda _kept: redirect_to(http, back + "#files", message=_("The photos are saved.")),
    )
    return answer or render(http, "orders/field/photo.html", {"order": found, "form": form, "back": back})


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def note(http: HttpRequest, order_id: int) -> HttpResponse:
    """Write down what only the staff reads."""
    found = queries.get_order(http.user, order_id)
    back = reverse("orders:field-order", args=[found.pk])
    form = NoteForm(http.POST or None)
    answer = submit(
        http,
        form,
        once(partial(actions.add_note, order=found, by=http.user)),
        done=lambda _note: redirect_to(http, back + "#notes", message=_("The note is saved.")),
    )
    return answer or render(http, "orders/field/note.html", {"order": found, "form": form, "back": back})
