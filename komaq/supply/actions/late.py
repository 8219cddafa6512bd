"""Promises that were not kept."""

from komaq.comms.actions import post
from komaq.core.action import action
from komaq.core.versions import fingerprint
from komaq.supply.models import PurchaseLine, PurchaseOrder
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.people import buyers
from komaq.supply.queries.purchases import late_lines


@action
def tell_late_lines() -> int:
    """Tell the buyers of each order with a late line; again only when another line or another promise is late.

    How many orders are late.
    """
    late: dict[PurchaseOrder, list[PurchaseLine]] = {}
    for line in late_lines().select_related("part", "purchase__supplier").order_by("purchase_id", "pk"):
        late.setdefault(line.purchase, []).append(line)
    people = [user.person for user in buyers()] if late else []
    for purchase, lines in late.items():
        key = str(fingerprint([(line.pk, line.promised_on) for line in lines]))
        for person in people:
            post(notices.lines_late(purchase, lines, person, key=key))
    return len(late)
