"""Who may see a message and who looks after the mails."""

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.comms.choices import MAIL_KEEPERS, Visibility


def visibilities_for(user: User) -> set[str]:
    """Staff read everything, clients what was written for them."""
    return set(Visibility) if user.is_staff_member else {Visibility.CLIENT}


def can_send_email_again(user: User) -> bool:
    return MAIL_KEEPERS.admits(user)


def can_read_subjects(user: User) -> bool:
    """A subject names a client's order: the system administrator sees only whether a mail arrived."""
    return user.has(Permission.SEE_ALL_ORDERS)
