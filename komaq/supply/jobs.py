"""What the worker does for purchases and requests for quotation."""

from komaq.core import jobs
from komaq.supply import actions


@jobs.job("supply.tell_late_lines", every_minutes=6 * 60)
def tell_late_lines() -> None:
    """Tell whoever buys what was promised for a day that is over and has not come; of each promise once."""
    actions.tell_late_lines()


@jobs.job("supply.remind_suppliers", every_minutes=30)
def remind_suppliers() -> None:
    """The day before a deadline, write again to the suppliers that have not answered; once."""
    actions.remind_waiting()
