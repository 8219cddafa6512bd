"""What suppliers, managers, logistics and clients are told of purchase orders."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.comms.notices import Fact
from komaq.core.templatetags.komaq import day
from komaq.supply.models import PurchaseOrder
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
    """To the supplier: we do not buy it after all, and why."""
    line = _("We cancelled our purchase order {code}. Please do not dispatch it.")
    return Letter(
        title=format_lazy(_("Purchase order {code} cancelled"), code=purchase.code),
        lines=(format_lazy(line, code=purchase.code),),
        facts=(Fact(_("Order"), purchase.code), Fact(_("Reason"), purchase.reason)),
    )
