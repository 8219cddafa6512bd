"""What rooms above may need to follow in the same transaction."""

from django.dispatch import Signal

address_confirmed = Signal()
"""Sent with `user` when it has shown that its e-mail address is its own."""
