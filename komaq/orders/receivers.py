"""What orders do when stock of a part becomes free."""

from typing import Any

from django.dispatch import receiver

from komaq.accounts.models import User
from komaq.core.trail import kind_of
from komaq.orders import actions
from komaq.orders.models import PlannedPart
from komaq.parts.events import reservation_freed, stock_arrived
from komaq.parts.models import Part, Reservation


@receiver(stock_arrived, dispatch_uid="orders.cover_waiting")
def give_to_who_waits(sender: type, part: Part, by: User | None, **kwargs: Any) -> None:
    actions.cover_waiting(part=part, by=by)


@receiver(reservation_freed, dispatch_uid="orders.follow_freed")
def wait_again(sender: type, reservation: Reservation, by: User | None, **kwargs: Any) -> None:
    if reservation.source_kind == kind_of(PlannedPart):
        actions.follow_freed(reservation=reservation, by=by)
