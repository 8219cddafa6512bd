"""What machines do when a room below changes something."""

from typing import Any

from django.dispatch import receiver

from komaq.customers.events import customer_renamed
from komaq.fleet import actions


@receiver(customer_renamed)
def owner_renamed(sender: Any, *, customer: Any, **_more: Any) -> None:
    actions.follow_owner(customer=customer)
