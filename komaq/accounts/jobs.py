"""What the worker does for this room."""

from komaq.accounts import actions
from komaq.core import jobs


@jobs.job("accounts.send_password_reset")
def send_password_reset(email: str) -> None:
    actions.send_password_reset(email=email)


@jobs.job("accounts.forget_old_readings", every_minutes=24 * 60)
def forget_old_readings() -> None:
    actions.forget_old_readings()
