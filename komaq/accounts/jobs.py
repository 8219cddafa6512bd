"""What the worker does for this room."""

from komaq.accounts import actions
from komaq.core import jobs


@jobs.job("accounts.send_password_reset")
def send_password_reset(email: str) -> None:
    actions.send_password_reset(email=email)
