"""One order's page in the office, and what is done on it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import OFFICE, PLANNERS, Role, only
from komaq.comms import queries as comms
from komaq.comms.choices import Visibility
from komaq.core import clock, registry
from komaq.core.access import audience
from komaq.core.refusals import NotFound
from komaq.core.templatetags.komaq import day, day_time
from komaq.core.web import once, redirect_to, submit
from komaq.orders import actions, queries, rules
from komaq.orders.actions.refusals import StatusMoved, StepNotAllowed
from komaq.orders.choices import NEEDS_PARTS, OrderStatus, Step, VisitState
from komaq.orders.forms.staff import DocumentForm, MoveForm, NoteForm, SegmentForm, TaskForm, VisitStepForm
from komaq.orders.views import machine_plate, sorted_files

OPENERS = only(Role.SUPERVISOR, Role.MANAGER, Role.SALES)
_S = OrderStatus
NATURAL: dict[str, tuple[str, ...]] = {
    _S.OPEN: (_S.DIAGNOSING, _S.QUOTED),
    _S.DIAGNOSING: (_S.QUOTED,),
    _S.QUOTED: (_S.APPROVED,),
    _S.APPROVED: (_S.SCHEDULED,),
    _S.WAITING_PARTS: (_S.SCHEDULED, _S.APPROVED),
    _S.SCHEDULED: (_S.IN_PROGRESS,),
    _S.IN_PROGRESS: (_S.COMPLETED,),
    _S.PAUSED: (_S.IN_PROGRESS,),
    _S.COMPLETED: (_S.VERIFIED,),
    _S.VERIFIED: (_S.CLOSED,),
}
TO_PLAN_FIRST = {_S.OPEN, _S.APPROVED}
STANDING = {VisitState.PLANNED, VisitState.TRAVELLING, VisitState.ON_SITE}
NEWS = 8


@audience(OFFICE)
@require_safe
def detail(http: HttpRequest, order_id: int) -> HttpResponse:
    """Everything about one order, and the one next step."""
    return order_page(http, queries.get_order_with_problems(http.user, order_id))


@audience(OFFICE)
@require_http_methods(["GET", "POST"])
def move(http: HttpRequest, order_id: int) -> HttpResponse:
    """Take one step of the table."""
    order = queries.get_order(http.user, order_id)
    if http.method == "GET":
        return redirect(order)
    to = http.POST.get("to", "")
    step = next((step for step in queries.steps_open_to(http.user, order) if step.end == to), None)
    if step is None:
        raise _refusal(order, to)
    form = MoveForm(http.POST, step=step)
    answer = submit(
        http,
        form,
        partial(actions.move_order, order=order, by=http.user),
        done=lambda moved: redirect_to(
            http,
            moved,
            message=_("%(code)s is now “%(status)s”.") % {"code": moved.code, "status": moved.get_status_display()},
        ),
    )
    return answer or _again(http, order_id, form)


def _refusal(order: Any, to: str) -> Exception:
    """Why a step is not open: somebody took it before, or there is no such step."""
    if to not in set(OrderStatus):
        return NotFound()
    return StatusMoved(order) if order.status == to else StepNotAllowed(order, to)


def _again(http: HttpRequest, order_id: int, form: MoveForm) -> HttpResponse:
    """The page with the dialog that was refused; when its step is gone, only the reason."""
    order = queries.get_order(http.user, order_id)
    if form.step not in queries.steps_open_to(http.user, order):
        for error in form.non_field_errors():
            messages.error(http, error)
        return redirect(order)
    return order_page(http, order, refused=form)


@audience(OPENERS)
@require_http_methods(["GET", "POST"])
def segment_add(http: HttpRequest, order_id: int) -> HttpResponse:
    """Split off a part of the work by system and payer."""
    return _add(http, order_id, SegmentForm, "segment_form", actions.add_segment, _("The job was added."))


@audience(OFFICE)
@require_http_methods(["GET", "POST"])
def note(http: HttpRequest, order_id: int) -> HttpResponse:
    """Write a note for the staff."""
    return _add(http, order_id, NoteForm, "note_form", actions.add_note, _("The note was written down."))


@audience(OFFICE)
@require_http_methods(["GET", "POST"])
def document(http: HttpRequest, order_id: int) -> HttpResponse:
    """Keep files with the order."""
    return _add(http, order_id, DocumentForm, "document_form", actions.add_document, _("The files were kept."))


@audience(OPENERS)
@require_http_methods(["GET", "POST"])
def task_add(http: HttpRequest, order_id: int) -> HttpResponse:
    """Plan one more task."""
    order = queries.get_order(http.user, order_id)
    segments = {segment.pk: segment for segment in queries.segments_of(order)}

    def add(*, segment: int, **given: Any) -> Any:
        return actions.add_task(segment=segments[segment], by=http.user, **given)

    form = partial(TaskForm, segments=segments.values())
    return _answer(http, order, form, "task_form", add, _("The task was added."))


@audience(PLANNERS)
@require_POST
def task_tick(http: HttpRequest, order_id: int, task_id: int) -> HttpResponse:
    """Mark a task as done, or as not done after all."""
    order = queries.get_order(http.user, order_id)
    tasks = {task.pk: task for segment in queries.segments_of(order) for task in segment.tasks.all()}
    if task_id not in tasks:
        raise NotFound
    actions.tick_task(task=tasks[task_id], done=http.POST.get("done") == "1", by=http.user)
    return redirect(f"{order.get_absolute_url()}#tasks")


def _add(http: HttpRequest, order_id: int, form: Any, name: str, do: Any, message: str) -> HttpResponse:
    order = queries.get_order(http.user, order_id)
    return _answer(http, order, form, name, partial(do, order=order, by=http.user), message)


def _answer(http: HttpRequest, order: Any, form: Any, name: str, do: Any, message: str) -> HttpResponse:
    """Run a small form of the page; refused, the page comes back with what was typed."""
    if http.method == "GET":
        return redirect(order)
    filled = form(http.POST, http.FILES) if form is DocumentForm else form(http.POST)
    answer = submit(
        http,
        filled,
        once(do),
        done=lambda made: redirect_to(
            http, order, message=message if made else _("This was sent before: it counts once.")
        ),
    )
    return answer or order_page(http, order, **{name: filled})


def order_page(http: HttpRequest, order: Any, *, refused: Any = None, **forms: Any) -> HttpResponse:
    """The page of an order; `refused` is the form of a dialog that could not be done and opens again."""
    user = http.user
    visits = queries.visits_of(order)
    segments = queries.segments_of(order)
    parts, buying = queries.planned_with_buying(user, order)
    tasks = [task for segment in segments for task in segment.tasks.all()]
    events = queries.events_of(order)
    history = queries.history_of(user, order, events)
    photos, papers = sorted_files(queries.documents_of(user, order))
    plans = rules.can_plan_work(user) and not order.is_final
    standing = sum(visit.state in STANDING for visit in visits)
    main, others = _moves(user, order, visits, parts, plans)
    thread = comms.thread(order, user).filter(visibility=Visibility.INTERNAL)
    return render(
        http,
        "orders/detail.html",
        {
            "order": order,
            "late": rules.is_late(order),
            "steps": _track(order, events, parts),
            "since": _spell(order.status_since),
            "visits": [(visit, _visit_steps(user, visit, refused)) for visit in visits],
            "visits_done": sum(visit.state == VisitState.DONE for visit in visits),
            "visits_standing": standing,
            "lead": _lead(visits),
            "segments": segments,
            "tasks_done": sum(task.done_at is not None for task in tasks),
            "tasks": len(tasks),
            "photos": photos,
            "papers": papers,
            "documents": len(photos) + len(papers),
            "requests": queries.requests_told_of(events),
            "parts": parts,
            "buying": buying,
            "changes_parts": rules.can_change_parts(user, order),
            "gives_parts": rules.keeps_parts(user) and not order.is_final,
            "to_reserve": order.status in NEEDS_PARTS and any(line.unreserved and line.free for line in parts),
            "problems": list(order.problems.all()),
            "notes": list(thread),
            "events": len(history),
            "news": history[:NEWS],
            "older": history[NEWS:],
            "plate": machine_plate(order.machine),
            "main": main,
            "moves": [
                (step, _move_form(order, step, refused), _consequence(order, step, standing))
                for step in ([main] if main else []) + others
            ],
            "others": others,
            "refused": refused,
            "plans": plans,
            "plan_first": plans and main is None and order.status in TO_PLAN_FIRST,
            "changes": rules.can_change_order(user, order),
            "reworks": order.is_final and rules.can_open_order(user),
            "note_form": forms.get("note_form") or NoteForm(auto_id="id_note_%s"),
            "document_form": forms.get("document_form") or DocumentForm(auto_id="id_document_%s"),
            "segment_form": forms.get("segment_form") or SegmentForm(auto_id="id_segment_%s"),
            "task_form": forms.get("task_form") or TaskForm(segments=segments),
            "panels": [
                (panel.template, panel.query(user, order)) for panel in registry.panels_for("orders.order", user)
            ],
        },
    )


def _track(order: Any, events: list, parts: list) -> list[dict]:
    """The line of life with its dates; ahead of it stands the promise, below the parts what is here of them."""
    line = queries.progress_of(order, events)
    steps = [{**step, "note": day_time(step["at"]) if step["at"] else ""} for step in line]
    here = next((step for step in steps if step["state"] == "now"), None)
    if here and parts and order.status == OrderStatus.WAITING_PARTS:
        here["note"] = _parts_here(parts)
    if steps and steps[-1]["state"] == "ahead":
        steps[-1]["note"] = _("promise %(day)s") % {"day": day(order.due_at)}
    return steps


def _parts_here(parts: list) -> str:
    """How many of the planned parts are here, and when the last one comes."""
    missing = [line for line in parts if line.missing]
    text = _("%(here)d of %(count)d") % {"here": len(parts) - len(missing), "count": len(parts)}
    days = [line.promised_on for line in missing]
    return f"{text} · {_('arrives %(day)s') % {'day': day(max(days))}}" if days and all(days) else text


def _spell(since: Any) -> str:
    """How long something has lasted, in hours or days."""
    hours = int((clock.now() - since).total_seconds() // 3600)
    if hours < 48:
        return _("%(count)d h") % {"count": max(hours, 0)}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def _consequence(order: Any, step: Step, standing: int) -> str:
    """What a step brings with it, in words and numbers."""
    labels = dict(OrderStatus.choices)
    if step.end == OrderStatus.CANCELLED and not standing:
        return _("This is final, and the client reads the reason.")
    if step.end == OrderStatus.CANCELLED:
        return ngettext(
            "This is final. %(count)d standing visit is cancelled and the client reads the reason.",
            "This is final. %(count)d standing visits are cancelled and the client reads the reason.",
            standing,
        ) % {"count": standing}
    return _("%(code)s goes from “%(start)s” to “%(end)s”.") % {
        "code": order.code,
        "start": labels[step.start],
        "end": labels[step.end],
    }


def _moves(user: Any, order: Any, visits: list, parts: list, plans: bool) -> tuple[Step | None, list[Step]]:
    """The most natural next step, and the others. Where a visit must come first, planning it is the natural one."""
    steps = queries.steps_open_to(user, order, visits, parts)
    unplanned = not any(visit.state in STANDING for visit in visits)
    wanted = () if plans and unplanned and order.status in TO_PLAN_FIRST else NATURAL.get(order.status, ())
    ranked = [step for end in wanted for step in steps if step.end == end]
    main = ranked[0] if ranked else None
    return main, [step for step in steps if step is not main]


def _move_form(order: Any, step: Step, refused: Any) -> MoveForm:
    if isinstance(refused, MoveForm) and refused.step == step:
        return refused
    first = rules.outcomes_for(step)
    return MoveForm(
        step=step,
        initial={"to": step.end, "version": order.version, "outcome": first[0] if len(first) == 1 else None},
    )


def _visit_steps(user: Any, visit: Any, refused: Any) -> list[VisitStepForm]:
    """A small form for each state this person may bring the visit to."""
    forms = []
    for to in rules.visit_steps(visit, plans=rules.can_plan_work(user), leads=False):
        same = isinstance(refused, VisitStepForm) and (refused.visit_id, refused.target) == (visit.pk, to)
        forms.append(refused if same else VisitStepForm(visit_id=visit.pk, to=to, initial={"to": to}))
    return forms


def _lead(visits: list) -> str:
    """Who leads the last visit that still counts."""
    counted = [visit for visit in visits if visit.state not in {VisitState.CANCELLED, VisitState.FAILED}]
    going = [one for one in counted[-1].assignments.all() if one.is_lead] if counted else []
    return going[0].technician.name if going else ""
