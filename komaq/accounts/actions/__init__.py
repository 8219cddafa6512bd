from komaq.accounts.actions.consents import give_consent, withdraw_consent
from komaq.accounts.actions.grants import end_grant, give_grant
from komaq.accounts.actions.register import EmailTaken, create_user, register_person

__all__ = [
    "EmailTaken",
    "create_user",
    "end_grant",
    "give_consent",
    "give_grant",
    "register_person",
    "withdraw_consent",
]
