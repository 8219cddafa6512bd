"""Who may sign in: everybody, clients too; stopped and let in again by administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from komaq.accounts import actions, queries
from komaq.accounts.choices import ADMINS
from komaq.accounts.forms import ReasonForm
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.middleware import came_from

SORTS = {"name": Sort("person__sort_key"), "newest": Sort("created_at", descending=True)}
WORLDS = [("staff", gettext_lazy("Staff")), ("client", gettext_lazy("Clients"))]
STATES = [("active", gettext_lazy("Active")), ("disabled", gettext_lazy("Access stopped"))]


@audience(ADMINS)
@require_safe
def users(http: HttpRequest) -> HttpResponse:
    asked = {name: http.GET.get(name, "").strip()[:80] for name in ("q", "world", "state")}
    rows = queries.filter_users(queries.users_for(http.user), **asked)
    context = {
        "page": page_of(rows, http, sorts=SORTS),
        "total": rows.count(),
        "asked": asked,
        "worlds": WORLDS,
        "states": STATES,
    }
    return render(http, "accounts/users.html", context)


@audience(ADMINS)
@require_POST
def disable(http: HttpRequest, user_id: int) -> HttpResponse:
    user = queries.get_user(http.user, user_id)
    form = ReasonForm(http.POST)
    if not form.is_valid():
        messages.error(http, _("Say why the access is stopped."))
        return HttpResponseRedirect(came_from(http))
    actions.disable_user(user=user, by=http.user, **form.cleaned_data)
    messages.success(http, _("%(name)s can no longer come in; its sessions are closed.") % {"name": user.name})
    return HttpResponseRedirect(came_from(http)) if came_from(http) != "/" else redirect("accounts:users")


@audience(ADMINS)
@require_POST
def enable(http: HttpRequest, user_id: int) -> HttpResponse:
    user = queries.get_user(http.user, user_id)
    actions.enable_user(user=user, by=http.user)
    messages.success(http, _("%(name)s may come in again.") % {"name": user.name})
    return HttpResponseRedirect(came_from(http)) if came_from(http) != "/" else redirect("accounts:users")
