"""What no deed on people may break."""

from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries
from komaq.accounts.models import Position
from komaq.core.refusals import Refusal, require


class LastAdmin(Refusal):
    """Nobody could administer the system any more."""

    message = _("This would leave the system without an administrator. Name another one first.")


def one_at_a_time() -> None:
    """Whoever changes posts or access waits for who does: two administrators never unseat each other at once."""
    list(Position.objects.select_for_update().order_by("pk").values_list("pk"))


def keep_an_admin(held_before: bool) -> None:
    """Refuse what leaves today or any planned day without an active administrator. Raises LastAdmin."""
    if held_before:
        require(all(queries.active_admins(day) for day in queries.days_that_matter()), else_=LastAdmin())


def has_admin() -> bool:
    """Whether every day that matters has an administrator now; where none is, nothing can be taken away."""
    return all(queries.active_admins(day) for day in queries.days_that_matter())
