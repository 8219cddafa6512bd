"""Somebody came in: written down by an action of ours instead of Django's own handler."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from komaq.accounts import actions
from komaq.accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(sender: type, user: User, **kwargs: Any) -> None:
    actions.note_sign_in(user=user)
