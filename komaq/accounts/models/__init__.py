from komaq.accounts.models.access import AccessEntry
from komaq.accounts.models.consent import Consent, Erasure
from komaq.accounts.models.employee import Area, Certification, Employee, Position, PositionChange, Skill
from komaq.accounts.models.key import AccessKey
from komaq.accounts.models.person import Person
from komaq.accounts.models.user import Grant, User

__all__ = [
    "AccessEntry",
    "AccessKey",
    "Area",
    "Certification",
    "Consent",
    "Employee",
    "Erasure",
    "Grant",
    "Person",
    "Position",
    "PositionChange",
    "Skill",
    "User",
]
