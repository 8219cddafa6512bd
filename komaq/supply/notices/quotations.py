"""What suppliers and logistics are told of requests for quotation. A supplier hears of its own request alone."""

from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person
from komaq.comms.notices import Fact, Notice
from komaq.core.templatetags.komaq import day, day_time, quantity
from komaq.supply.models import Invite, QuotationRequest
from komaq.supply.notices.letters import Letter

MOST_SHOWN = 12


def request_sent(invite: Invite, link: str) -> Letter:
    """To a supplier: what we ask, until when, where it is delivered, and where to answer."""
    request = invite.request
    first = _("Please quote us the parts below until {deadline}, with price and delivery time.")
    urgent = [_("It is urgent: a machine stands still for it.")] if request.is_urgent else []
    return Letter(
        title=format_lazy(_("Request for quotation {code} of Komaq Service"), code=request.code),
        lines=(
            format_lazy(first, deadline=day_time(request.deadline)),
            *urgent,
            *([request.note] if request.note else []),
        ),
        facts=(*_frame(request), *_lines(request)),
        button=_("Answer the request"),
        link=link,
    )


def reminder(invite: Invite, link: str) -> Letter:
    """To a supplier that has not answered: until when it may."""
    request = invite.request
    line = _("You may answer our request {code} until {deadline}. If you do not quote, one press tells us so.")
    return Letter(
        title=format_lazy(_("Reminder: request for quotation {code}"), code=request.code),
        lines=(format_lazy(line, code=request.code, deadline=day_time(request.deadline)),),
        facts=(*_frame(request), *_lines(request)),
        button=_("Answer the request"),
        link=link,
    )


def deadline_extended(invite: Invite, link: str) -> Letter:
    """To a supplier: it has more time, to answer or to better its answer."""
    request = invite.request
    line = _("You have more time for our request {code}: until {deadline}. You may also change what you answered.")
    return Letter(
        title=format_lazy(_("More time for request {code}"), code=request.code),
        lines=(format_lazy(line, code=request.code, deadline=day_time(request.deadline)),),
        facts=_frame(request),
        button=_("See the request"),
        link=link,
    )


def request_cancelled(invite: Invite, _link: str) -> Letter:
    """To a supplier: nothing is asked any more."""
    line = _("We cancelled our request for quotation {code}: there is nothing left to do for you. Thank you.")
    return Letter(
        title=format_lazy(_("Request for quotation {code} cancelled"), code=invite.request.code),
        lines=(format_lazy(line, code=invite.request.code),),
    )


def not_chosen(invite: Invite, _link: str) -> Letter:
    """To a supplier that quoted in vain: thanks, and neither who was chosen nor at what price."""
    line = _("Thank you for your offer. This time we chose another one for {code}. We will gladly ask you again.")
    return Letter(
        title=format_lazy(_("Request for quotation {code} is decided"), code=invite.request.code),
        lines=(format_lazy(line, code=invite.request.code),),
    )


def decided_without(invite: Invite, _link: str) -> Letter:
    """To a supplier that has not answered: it need not any more."""
    line = _("We decided our request {code}, so you need not answer it any more. We will gladly ask you again.")
    return Letter(
        title=format_lazy(_("Request for quotation {code} is decided"), code=invite.request.code),
        lines=(format_lazy(line, code=invite.request.code),),
    )


def we_answered(invite: Invite, link: str, text: str) -> Letter:
    """To a supplier: a message of ours about its request."""
    return Letter(
        title=format_lazy(_("About our request for quotation {code}"), code=invite.request.code),
        lines=(text,),
        button=_("See the request"),
        link=link,
    )


def _frame(request: QuotationRequest) -> tuple[Fact, ...]:
    return (
        Fact(_("Request"), request.code),
        Fact(_("Answer until"), day_time(request.deadline)),
        Fact(_("Deliver to"), request.deliver_to.name),
    )


def _lines(request: QuotationRequest) -> list[Fact]:
    rows = list(request.lines.select_related("part").order_by("pk"))
    shown = [Fact(str(line.part), _asked(line)) for line in rows[:MOST_SHOWN]]
    left = len(rows) - len(shown)
    return [*shown, *([Fact(_("And more"), format_lazy(_("{count} more parts"), count=left))] if left else [])]


def _asked(line: object) -> str:
    words = f"{line.part.name} · {quantity(line.quantity)} {line.part.unit_short}"
    return f"{words} · {day(line.need_by)}" if line.need_by else words


# The staff


def offer_came(invite: Invite, person: Person, *, number: int, offered: int, asked: int) -> Notice:
    """To whoever buys: a supplier quoted, and how many of the lines."""
    words = {"code": invite.request.code, "supplier": invite.supplier.short_name}
    first, again = _("It quotes {offered} of {asked} lines."), _("It changed its offer: {offered} of {asked} lines.")
    return _to_staff(
        "supply.offer_came",
        invite,
        person,
        number,
        format_lazy(_("{code}: {supplier} answered"), **words),
        format_lazy(first if number == 1 else again, offered=offered, asked=asked),
    )


def invite_declined(invite: Invite, person: Person, *, key: str) -> Notice:
    """To whoever buys: a supplier does not quote, and why."""
    words = {"code": invite.request.code, "supplier": invite.supplier.short_name}
    title = format_lazy(_("{code}: {supplier} does not quote"), **words)
    return _to_staff("supply.invite_declined", invite, person, key, title, invite.reason)


def supplier_asked(invite: Invite, person: Person, *, key: str, text: str) -> Notice:
    """To whoever buys: a supplier wants to know something before it quotes."""
    words = {"code": invite.request.code, "supplier": invite.supplier.short_name}
    return _to_staff(
        "supply.supplier_asked", invite, person, key, format_lazy(_("{code}: {supplier} asks"), **words), text
    )


def _to_staff(
    kind: str, invite: Invite, person: Person, key: object, title: str, line: str, facts: Iterable[Fact] = ()
) -> Notice:
    request = invite.request
    return Notice(
        key=f"{kind}:{invite.pk}:{key}:{person.pk}",
        kind=kind,
        person=person,
        subject=request,
        title=title,
        lines=(line,),
        facts=(
            Fact(_("Supplier"), invite.supplier.name),
            Fact(_("Answer until"), day_time(request.deadline)),
            *facts,
        ),
        button=_("See the offers"),
        path=request.get_absolute_url(),
    )
