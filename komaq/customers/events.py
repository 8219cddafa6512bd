"""What rooms above may need to follow in the same transaction."""

from django.dispatch import Signal

customer_renamed = Signal()
"""Sent with `customer` when its legal or trade name changed."""
