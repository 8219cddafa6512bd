"""When technicians are away: what is ahead, one more, one less."""

import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from komaq.accounts.choices import PLANNERS
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.refusals import NotFound
from komaq.core.web import redirect_to, submit
from komaq.orders import actions, queries
from komaq.orders.forms.absence import AbsenceForm


@audience(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(http: HttpRequest) -> HttpResponse:
    """The absences of today and those that come; below, a new one."""
    tomorrow = clock.today() + datetime.timedelta(days=1)
    form = AbsenceForm(
        http.POST or None,
        technicians=queries.technicians(),
        initial={"starts_at": clock.lima(tomorrow), "ends_at": clock.lima(tomorrow + datetime.timedelta(days=1))},
    )
    answer = submit(
        http,
        form,
        partial(actions.record_absence, by=http.user),
        done=lambda absence: redirect_to(
            http, "orders:absences", message=_("The absence of %(name)s is noted.") % {"name": absence.technician.name}
        ),
    )
    context = {"form": form, "absences": list(queries.absences_ahead(http.user)), "now": clock.now()}
    return answer or render(http, "orders/absences.html", context)


@audience(PLANNERS)
@require_POST
def end(http: HttpRequest) -> HttpResponse:
    """Let somebody be sent again."""
    wished = http.POST.get("absence", "")
    if not wished.isdecimal():
        raise NotFound
    absence = queries.get_absence(http.user, int(wished[:15]))
    actions.end_absence(absence=absence, by=http.user)
    message = _("%(name)s can be sent again.") % {"name": absence.technician.name}
    return redirect_to(http, "orders:absences", message=message)
