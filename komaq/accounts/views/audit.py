"""The trail, for those who look after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.accounts import queries
from komaq.accounts.choices import Role, only
from komaq.accounts.forms import AuditFilter
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of

READERS = only(Role.ADMIN, Role.MANAGER)
SORTS = {"newest": Sort("id", descending=True), "oldest": Sort("id")}


@audience(READERS)
@require_safe
def audit(http: HttpRequest) -> HttpResponse:
    form = AuditFilter(http.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) or "" for name in form.fields}
    page = page_of(queries.events_for(http.user, **asked), http, sorts=SORTS)
    context = {
        "asked": asked,
        "page": page,
        "rows": queries.rows_of(http.user, page.items),
        "kinds": queries.event_kinds(http.user),
    }
    return render(http, "accounts/audit.html", context)
