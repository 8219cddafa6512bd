"""Who may see a message."""

from komaq.accounts.models import User
from komaq.comms.choices import Visibility


def visibilities_for(user: User) -> set[str]:
    """Staff read everything, clients what was written for them."""
    return set(Visibility) if user.is_staff_member else {Visibility.CLIENT}
