"""Who may sign in: everybody, clients too; stopped and let in again by administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts import actions, queries
from komaq.accounts.choices import ADMINS
from komaq.accounts.forms import ReasonForm
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.web import redirect_to, submit

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
@require_http_methods(["GET", "HEAD", "POST"])
def disable(http: HttpRequest, user_id: int) -> HttpResponse:
    """Stop somebody's access; the page says first what that means and asks why."""
    user = queries.get_user(http.user, user_id)
    form = ReasonForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.disable_user(user=user, by=http.user, **data),
        done=lambda _nothing: redirect_to(
            http,
            "accounts:users",
            message=_("%(name)s can no longer come in; its sessions are closed.") % {"name": user.name},
        ),
    )
    return answer or render(http, "accounts/disable.html", {"form": form, "stopped": user})


@audience(ADMINS)
@require_POST
def enable(http: HttpRequest, user_id: int) -> HttpResponse:
    user = queries.get_user(http.user, user_id)
    actions.enable_user(user=user, by=http.user)
    return redirect_to(http, "accounts:users", message=_("%(name)s may come in again.") % {"name": user.name})
