"""What a person's calendar elsewhere shows: the visits and absences of its scope, in its words and language."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.ical import CalendarEntry
from komaq.orders.choices import VisitState
from komaq.orders.models import Absence, Visit
from komaq.orders.queries.calendar import absences_within
from komaq.orders.queries.places import order_url
from komaq.orders.queries.scope import visits_visible_to

BEFORE, AHEAD = datetime.timedelta(days=90), datetime.timedelta(days=365)
OFF = frozenset({VisitState.FAILED, VisitState.CANCELLED})


def feed_name(user: User) -> str:
    """What the calendar is called in the person's program."""
    with override(user.person.language):
        return _("Komaq: visits of %(name)s") % {"name": user.name}


def feed_entries(user: User) -> list[CalendarEntry]:
    """The visits and absences from 90 days back to 365 ahead, in time.

    A visit that failed or was cancelled stays, marked as off, where the person still sees it.
    """
    today = clock.lima(clock.today())
    start, end = today - BEFORE, today + AHEAD
    visits = visits_visible_to(user).filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "id")
    with override(user.person.language):
        entries = [_of_visit(user, visit) for visit in visits]
        entries += [_of_absence(user, absence) for absence in absences_within(user, start, end)]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def _uid(kind: str, pk: int) -> str:
    return f"{kind}-{pk}@{urlsplit(settings.SITE_URL).hostname}"


def _of_visit(user: User, visit: Visit) -> CalendarEntry:
    order, site = visit.order, visit.order.site
    url = f"{settings.SITE_URL}{order_url(user, order)}"
    located = site is not None and site.latitude is not None and site.longitude is not None
    return CalendarEntry(
        uid=_uid("visit", visit.pk),
        sequence=visit.version,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        title=" · ".join(filter(None, (order.code, str(order.machine.model), site.name if site else ""))),
        text="\n".join([*_lines(user, visit), url]),
        place=", ".join(filter(None, (site.name, site.place, site.address))) if site else "",
        point=(float(site.latitude), float(site.longitude)) if located else None,
        kind=str(visit.get_kind_display()),
        url=url,
        off=visit.state in OFF,
        busy=any(each.technician.person_id == user.person_id for each in visit.assignments.all()),
    )


def _lines(user: User, visit: Visit) -> list[str]:
    """What one wants to know on the way; a client reads what its own pages say and no more."""
    order = visit.order
    technicians = ", ".join(each.technician.name for each in visit.assignments.all())
    lines = [f"{visit.get_kind_display()} · {visit.get_state_display()}", order.title]
    if visit.reason:
        lines.append(f"{_('Reason')}: {visit.reason}")
    if technicians:
        lines.append(f"{_('Technicians')}: {technicians}")
    if user.is_staff_member:
        person = order.contact.person
        lines.append(f"{_('Client')}: {order.customer.short_name}")
        lines.append(f"{_('Contact')}: {' '.join(filter(None, (person.name, person.shown_phone)))}")
        if visit.note:
            lines.append(f"{_('Note')}: {visit.note}")
    return lines


def _of_absence(user: User, absence: Absence) -> CalendarEntry:
    """Who is away. Why may be about somebody's health: it goes to no program but the person's own."""
    own = absence.technician.person_id == user.person_id
    return CalendarEntry(
        uid=_uid("absence", absence.pk),
        sequence=0,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        title=absence.reason if own else f"{absence.technician.name}: {_('Absent')}",
        kind=_("Absence"),
        busy=own,
    )
