"""What rooms above may want to know in the same transaction."""

from django.dispatch import Signal

stock_arrived = Signal()
"""Stock of a part became free in a warehouse. Arguments: part, warehouse, by."""

stock_fell = Signal()
"""Stock of a part went out or was reserved. Arguments: part, by."""

reservation_freed = Signal()
"""A reservation was let go by hand; its source may lack it now. Arguments: reservation, by."""

limits_changed = Signal()
"""How many of a part are to lie in stock changed, or whether it is in use. Arguments: part, by."""
