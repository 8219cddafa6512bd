"""What suppliers, managers, logistics and clients are told of purchase orders."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person
from komaq.comms.notices import Fact, Notice
from komaq.core.templatetags.komaq import day, money
from komaq.orders.models import ServiceOrder
from komaq.supply.models import PurchaseLine, PurchaseOrder
from komaq.supply.notices.letters import Letter


def purchase_sent(purchase: PurchaseOrder, *, link: str, message: str = "") -> Letter:
    """To the supplier: the order, which goes along as PDF, and where to confirm its dates."""
    first = _("Please find our purchase order {code} attached. Confirm it with the day on which each line arrives.")
    due = [line.need_by for line in purchase.lines.all() if line.need_by]
    facts = [
        Fact(_("Order"), purchase.code),
        Fact(_("Lines"), str(purchase.lines.count())),
        Fact(_("Deliver to"), purchase.deliver_to.name),
        *([Fact(_("Needed by"), day(min(due)))] if due else []),
    ]
    return Letter(
        title=format_lazy(_("Purchase order {code} of Komaq Service"), code=purchase.code),
        lines=(format_lazy(first, code=purchase.code), *([message] if message else [])),
        facts=tuple(facts),
        button=_("Confirm the order"),
        link=link,
    )


def purchase_cancelled(purchase: PurchaseOrder) -> Letter:
    """To the supplier: we do not buy it after all; why stays with us."""
    line = _("We cancelled our purchase order {code}. Please do not dispatch it.")
    return Letter(
        title=format_lazy(_("Purchase order {code} cancelled"), code=purchase.code),
        lines=(format_lazy(line, code=purchase.code),),
        facts=(Fact(_("Order"), purchase.code),),
    )


def purchase_closed(purchase: PurchaseOrder) -> Letter:
    """To the supplier: what has not come of it we do not want any more; why stays with us."""
    line = _("We no longer wait for what is missing of our purchase order {code}. Please do not dispatch it.")
    return Letter(
        title=format_lazy(_("Purchase order {code} closed"), code=purchase.code),
        lines=(format_lazy(line, code=purchase.code),),
        facts=(Fact(_("Order"), purchase.code),),
    )


def we_wrote(purchase: PurchaseOrder, text: str, *, link: str = "") -> Letter:
    """To the supplier: a message of ours about an order, and where to answer it."""
    return Letter(
        title=format_lazy(_("About our purchase order {code}"), code=purchase.code),
        lines=(text,),
        button=_("Open the order and answer"),
        link=link,
    )


# The staff


def approval_asked(purchase: PurchaseOrder, person: Person) -> Notice:
    """To a manager: an order above the limit waits for a decision."""
    title = format_lazy(_("{code} waits for your approval"), code=purchase.code)
    line = _("The order is above the limit up to which logistics buys alone. Approve it or send it back with a reason.")
    return _to_staff("supply.approval_asked", purchase, person, purchase.version, title, line, button=_("Decide"))


def purchase_approved(purchase: PurchaseOrder, person: Person) -> Notice:
    """To the buyer: the order may be sent."""
    title = format_lazy(_("{code} is approved"), code=purchase.code)
    return _to_staff("supply.purchase_approved", purchase, person, purchase.version, title, _("You can send it now."))


def purchase_returned(purchase: PurchaseOrder, person: Person) -> Notice:
    """To the buyer: the order is a draft again, and why."""
    title = format_lazy(_("{code} came back to you"), code=purchase.code)
    line = format_lazy(_("It was not approved: {reason}"), reason=purchase.reason)
    return _to_staff("supply.purchase_returned", purchase, person, purchase.version, title, line)


def purchase_confirmed(purchase: PurchaseOrder, lines: Iterable[PurchaseLine], person: Person, *, key: str) -> Notice:
    """To whoever buys: the supplier took the order and gave its dates."""
    title = format_lazy(_("{code}: {supplier} confirmed"), code=purchase.code, supplier=purchase.supplier.short_name)
    line = _("These are the dates the supplier gave.")
    return _to_staff("supply.purchase_confirmed", purchase, person, key, title, line, facts=_dates(lines))


def promise_changed(purchase: PurchaseOrder, lines: Iterable[PurchaseLine], person: Person, *, key: str) -> Notice:
    """To whoever buys: the supplier gave another date, and why."""
    lines = list(lines)
    title = format_lazy(
        _("{code}: {supplier} changed a date"), code=purchase.code, supplier=purchase.supplier.short_name
    )
    said = lines[0].promises.last()
    why = [Fact(_("Reason"), said.reason)] if said and said.reason else []
    line = _("Check whether the orders that wait for it still hold.")
    return _to_staff("supply.promise_changed", purchase, person, key, title, line, facts=[*_dates(lines), *why])


def lines_late(purchase: PurchaseOrder, lines: Iterable[PurchaseLine], person: Person, *, key: str) -> Notice:
    """To whoever buys: what was promised for a day that is over has not come."""
    title = format_lazy(_("{code} is late"), code=purchase.code)
    line = format_lazy(
        _("{supplier} has not delivered what it promised. Ask for it."), supplier=purchase.supplier.short_name
    )
    return _to_staff("supply.lines_late", purchase, person, key, title, line, facts=_dates(lines))


def supplier_wrote(purchase: PurchaseOrder, person: Person, *, key: str, text: str) -> Notice:
    """To whoever buys: the supplier wrote about an order."""
    words = {"code": purchase.code, "supplier": purchase.supplier.short_name}
    title = format_lazy(_("{code}: {supplier} wrote"), **words)
    return _to_staff("supply.supplier_wrote", purchase, person, key, title, text)


def _dates(lines: Iterable[PurchaseLine]) -> list[Fact]:
    return [Fact(str(line.part), day(line.promised_on)) for line in lines if line.promised_on][:12]


def _to_staff(
    kind: str,
    purchase: PurchaseOrder,
    person: Person,
    key: object,
    title: str,
    line: str,
    *,
    facts: Iterable[Fact] = (),
    button: str = "",
) -> Notice:
    return Notice(
        key=f"{kind}:{purchase.pk}:{key}:{person.pk}",
        kind=kind,
        person=person,
        subject=purchase,
        title=title,
        lines=(line,),
        facts=(
            Fact(_("Supplier"), purchase.supplier.name),
            Fact(_("Total without tax"), money(purchase.total, purchase.currency)),
            *facts,
        ),
        button=button or _("See the order"),
        path=purchase.get_absolute_url(),
    )


# Clients


def parts_promised(order: ServiceOrder, person: Person, *, on: datetime.date, is_all: bool, key: str) -> Notice:
    """To the client: by when what the order lacks should be here; nothing of who sells it or for how much."""
    words = {"code": order.code, "machine": str(order.machine), "day": day(on)}
    whole = _("The parts that {machine} waits for should arrive on {day}. We will tell you if that day changes.")
    some = _(
        "Some of the parts that {machine} waits for should arrive on {day}. We will tell you when we know the rest."
    )
    return Notice(
        key=f"supply.parts_promised:{order.pk}:{key}:{person.pk}",
        kind="supply.parts_promised",
        person=person,
        subject=order,
        title=format_lazy(_("{code}: parts expected on {day}"), **words),
        lines=(format_lazy(whole if is_all else some, **words),),
        facts=(
            Fact(_("Order"), order.code),
            Fact(_("Machine"), str(order.machine)),
            Fact(_("Parts expected"), day(on)),
        ),
        button=_("See the order"),
        path=reverse("orders:portal-order", args=[order.pk]),
    )


def promise_gone(order: ServiceOrder, person: Person, *, key: str) -> Notice:
    """To the client: the day it was told does not hold, and no other is known yet."""
    words = {"code": order.code, "machine": str(order.machine)}
    line = _("The day we gave you for the parts of {machine} no longer holds. We will tell you the new one.")
    return Notice(
        key=f"supply.promise_gone:{order.pk}:{key}:{person.pk}",
        kind="supply.promise_gone",
        person=person,
        subject=order,
        title=format_lazy(_("{code}: the parts are not coming on the day we said"), **words),
        lines=(format_lazy(line, **words),),
        facts=(Fact(_("Order"), order.code), Fact(_("Machine"), str(order.machine))),
        button=_("See the order"),
        path=reverse("orders:portal-order", args=[order.pk]),
    )
