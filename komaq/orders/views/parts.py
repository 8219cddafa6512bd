"""What an order needs of parts: planned, changed, used and given back, in the office and in the field."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from komaq.accounts.choices import TECHNICIANS, Role, only
from komaq.core.access import audience
from komaq.core.refusals import Stale
from komaq.core.templatetags.komaq import quantity as in_digits
from komaq.core.web import once, redirect_to, submit
from komaq.orders import actions, queries
from komaq.orders.forms.parts import PlannedPartForm, PlanPartForm, ReturnPartForm, UsePartForm
from komaq.parts import queries as parts
from komaq.parts.rules import plain

PLANNERS_OF_PARTS = only(Role.SUPERVISOR, Role.MANAGER, Role.SALES, Role.LOGISTICS)
STORE = only(Role.LOGISTICS)


# In the office


@audience(PLANNERS_OF_PARTS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(http: HttpRequest, order_id: int) -> HttpResponse:
    """Plan a part for the order."""
    order = queries.get_order(http.user, order_id)
    return _plan(http, order, f"{order.get_absolute_url()}#parts", "orders/part_plan.html")


@audience(PLANNERS_OF_PARTS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(http: HttpRequest, order_id: int, planned_id: int) -> HttpResponse:
    """Change how much is needed and by when; two at once never overwrite each other unseen."""
    order = queries.get_order(http.user, order_id)
    planned = queries.get_planned_part(order, planned_id)
    back = f"{order.get_absolute_url()}#parts"
    form, status = PlannedPartForm(http.POST or None, initial=_values(planned)), 200
    try:
        answer = submit(
            http,
            form,
            partial(actions.change_planned_part, planned=planned, by=http.user),
            done=lambda _changed: redirect_to(http, back, message=_("The planned part was changed.")),
        )
    except Stale as stale:
        form.meet(_values(stale.current))
        answer, status = None, 409
    shown = {"order": order, "line": queries.planned_part_line(planned), "form": form, "back": back}
    return answer or render(http, "orders/part_change.html", shown, status=status)


def _values(planned: Any) -> dict:
    given = {name: getattr(planned, name) for name in ("need_by", "note", "version")}
    return given | {"quantity": plain(planned.quantity)}


@audience(PLANNERS_OF_PARTS)
@require_POST
def drop(http: HttpRequest, order_id: int, planned_id: int) -> HttpResponse:
    """Take a part off the plan."""
    order = queries.get_order(http.user, order_id)
    actions.drop_planned_part(planned=queries.get_planned_part(order, planned_id), by=http.user)
    back = f"{order.get_absolute_url()}#parts"
    return redirect_to(http, back, message=_("The part is no longer planned; what was reserved is free."))


@audience(PLANNERS_OF_PARTS)
@require_POST
def cover(http: HttpRequest, order_id: int) -> HttpResponse:
    """Reserve what is free of what the order needs."""
    order = queries.get_order(http.user, order_id)
    actions.cover_order(order=order, by=http.user)
    return redirect_to(http, f"{order.get_absolute_url()}#parts", message=_("What was free is reserved."))


@audience(STORE)
@require_http_methods(["GET", "HEAD", "POST"])
def use(http: HttpRequest, order_id: int, planned_id: int) -> HttpResponse:
    """Give a part out of a store for the work."""
    order = queries.get_order(http.user, order_id)
    return _use(http, order, planned_id, f"{order.get_absolute_url()}#parts", "orders/part_use.html")


@audience(STORE)
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(http: HttpRequest, order_id: int, planned_id: int) -> HttpResponse:
    """Take back into a store what the work did not need."""
    order = queries.get_order(http.user, order_id)
    planned = queries.get_planned_part(order, planned_id)
    line, places = queries.planned_part_line(planned), queries.warehouses_to_use_from(http.user)
    back = f"{order.get_absolute_url()}#parts"
    form = ReturnPartForm(http.POST or None, warehouses=places)
    answer = submit(
        http,
        form,
        once(partial(actions.return_part, planned=planned, by=http.user)),
        done=lambda _returned: redirect_to(http, back, message=_("Noted: the part came back.")),
    )
    shown = {"order": order, "line": line, "form": form, "back": back, "deed": _("Give back")}
    return answer or render(http, "orders/part_use.html", shown)


# In the field


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_in_field(http: HttpRequest, order_id: int) -> HttpResponse:
    """Plan a part that was found missing."""
    order = queries.get_order(http.user, order_id)
    return _plan(http, order, _in_field(order), "orders/field/part_plan.html")


@audience(TECHNICIANS)
@require_http_methods(["GET", "HEAD", "POST"])
def use_in_field(http: HttpRequest, order_id: int, planned_id: int) -> HttpResponse:
    """Report a part used from the own van."""
    order = queries.get_order(http.user, order_id)
    return _use(http, order, planned_id, _in_field(order), "orders/field/part_use.html")


def _in_field(order: Any) -> str:
    return reverse("orders:field-order", args=[order.pk]) + "#parts"


def _plan(http: HttpRequest, order: Any, back: str, template: str) -> HttpResponse:
    segments = {segment.pk: segment for segment in queries.segments_of(order)}
    form = PlanPartForm(http.POST or None, user=http.user, segments=segments.values())

    def plan_it(*, segment: int, **given: Any) -> Any:
        return actions.plan_part(segment=segments[segment], by=http.user, **given)

    message = _("The part is planned.")
    answer = submit(http, form, once(plan_it), done=lambda _planned: redirect_to(http, back, message=message))
    return answer or render(http, template, {"order": order, "form": form, "back": back})


def _use(http: HttpRequest, order: Any, planned_id: int, back: str, template: str) -> HttpResponse:
    planned = queries.get_planned_part(order, planned_id)
    line, places = queries.planned_part_line(planned), queries.warehouses_to_use_from(http.user)
    left = line.reserved or max(line.quantity - line.used, 0)
    kept = parts.reservations_for(planned).first()
    initial = {"quantity": in_digits(left) if left else None, "warehouse": kept and kept.warehouse_id}
    form = UsePartForm(http.POST or None, warehouses=places, initial=initial)
    answer = submit(
        http,
        form,
        once(partial(actions.use_part, planned=planned, by=http.user)),
        done=lambda _used: redirect_to(http, back, message=_("Noted: the part was used.")),
    )
    shown = {"order": order, "line": line, "form": form, "back": back, "deed": _("Give out")}
    return answer or render(http, template, shown)
