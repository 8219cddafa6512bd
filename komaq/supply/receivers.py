"""What purchasing does when orders lack parts and when stock falls or arrives, or is to be another."""

from typing import Any

from django.dispatch import receiver

from komaq.accounts.models import User
from komaq.orders.events import parts_changed
from komaq.orders.models import ServiceOrder
from komaq.parts.events import limits_changed, reservation_freed, stock_arrived, stock_fell
from komaq.parts.models import Part, Reservation
from komaq.supply import actions


@receiver(parts_changed, dispatch_uid="supply.sync_needs")
def follow_order(sender: type, order: ServiceOrder, by: User | None, **kwargs: Any) -> None:
    actions.sync_needs(order=order, by=by)


@receiver([stock_fell, stock_arrived, limits_changed], dispatch_uid="supply.keep_minimum")
def follow_stock(sender: type, part: Part, by: User | None, **kwargs: Any) -> None:
    actions.keep_minimum(part=part, by=by)


@receiver(reservation_freed, dispatch_uid="supply.keep_minimum_freed")
def follow_freed(sender: type, reservation: Reservation, by: User | None, **kwargs: Any) -> None:
    actions.keep_minimum(part=reservation.part, by=by)
