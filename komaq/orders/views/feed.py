"""The calendar that programs read: whoever holds its address reads what its person sees."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from komaq.accounts.actions import note_use
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.queries import key_behind
from komaq.core import ical
from komaq.core.access import PUBLIC, audience
from komaq.orders import queries


@audience(PUBLIC)
@require_safe
def feed(http: HttpRequest, token: str) -> HttpResponse:
    """Visits and absences as iCalendar. What has not changed since the program's last visit costs it no text."""
    key = key_behind(token, KeyPurpose.CALENDAR)
    if key is None:
        raise Http404
    note_use(key=key)
    name, entries = queries.feed_name(key.user), queries.feed_entries(key.user)
    mark = f'W/"{sha256(repr((name, entries)).encode(errors="replace")).hexdigest()[:32]}"'
    answer = get_conditional_response(http, etag=mark)
    if answer is None:
        answer = HttpResponse(ical.calendar_text(name, entries), content_type=ical.CONTENT_TYPE)
        answer["Content-Disposition"] = 'inline; filename="komaq.ics"'
        answer["Content-Language"] = key.user.person.language
    answer["ETag"] = mark
    answer["Cache-Control"] = "private, no-cache"
    return answer
