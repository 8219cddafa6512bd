"""What rooms above may want to know in the same transaction."""

from django.dispatch import Signal

parts_changed = Signal()
"""What an order needs of parts, or what is reserved for it, changed; also when its work
is approved, done, taken up again or over, for what is missing then changes, and when it is more or less urgent.

Arguments: order (as it stands after the change), by (the user, or None when the product itself acts).
"""
