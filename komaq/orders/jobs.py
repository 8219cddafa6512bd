"""What the worker does for orders."""

from komaq.core import jobs
from komaq.orders import actions


@jobs.job("orders.close_verified", every_minutes=60)
def close_verified() -> None:
    """Close what the client did not reject in time."""
    actions.close_accepted_orders()
