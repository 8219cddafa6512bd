"""What rooms above may want to know in the same transaction."""

from django.dispatch import Signal

stock_arrived = Signal()
"""Stock of a part became free in a warehouse. Arguments: part, warehouse, by."""

stock_fell = Signal()
"""Stock of a part went out or was reserved. Arguments: part, by."""
