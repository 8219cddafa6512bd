"""An address was confirmed: now its owner may be spoken of."""

from typing import Any

from django.dispatch import receiver

from komaq.accounts.events import address_confirmed
from komaq.accounts.models import User
from komaq.customers import actions


@receiver(address_confirmed, dispatch_uid="customers.tell_who_waits")
def tell_who_waits(sender: type, user: User, **kwargs: Any) -> None:
    actions.tell_who_waits(user=user)
