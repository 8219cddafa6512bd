"""The e-mails that left or failed, for those who see that everybody is told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from komaq.comms import actions, queries, rules
from komaq.comms.choices import MAIL_KEEPERS
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.web import redirect_to

SORTS = {"newest": Sort("id", descending=True), "oldest": Sort("id")}


@audience(MAIL_KEEPERS)
@require_safe
def emails(http: HttpRequest) -> HttpResponse:
    state, words = http.GET.get("state", ""), http.GET.get("q", "").strip()[:80]
    context = {
        "page": page_of(queries.emails(http.user, state=state, words=words), http, sorts=SORTS),
        "tabs": queries.email_counts(http.user),
        "state": state,
        "query": words,
        "subjects": rules.can_read_subjects(http.user),
    }
    return render(http, "comms/emails.html", context)


@audience(MAIL_KEEPERS)
@require_POST
def email_retry(http: HttpRequest, email_id: int) -> HttpResponse:
    actions.send_again(email=queries.get_email(http.user, email_id), by=http.user)
    return redirect_to(http, "comms:emails", message=_("It is tried again now."))
