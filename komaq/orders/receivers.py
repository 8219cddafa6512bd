"""What orders do when stock of a part becomes free."""

from typing import Any

from django.dispatch import receiver

from komaq.accounts.models import User
from komaq.orders import actions
from komaq.parts.events import stock_arrived
from komaq.parts.models import Part


@receiver(stock_arrived, dispatch_uid="orders.cover_waiting")
def give_to_who_waits(sender: type, part: Part, by: User | None, **kwargs: Any) -> None:
    actions.cover_waiting(part=part, by=by)
