"""The sign-in library's hook: its mails become our rows."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Mails go through the outbox; sign-up itself happens on our registration page."""
