"""Answers the product gives instead of doing: business facts, not faults."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A business fact that stands in the way. `message` is for the user; `field` names the input at fault."""

    message = _("This cannot be done now.")
    field: str | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(str(self.message))


class BadInput(Refusal):
    """What was given cannot be right, however things stand: not a conflict with what others did."""


class NotAllowed(Refusal):
    """The person may see the thing but not do this with it."""

    message = _("Your role does not allow this.")


class Stale(Refusal):
    """Somebody changed the thing meanwhile (ORD-2). `current` is the thing as it stands now."""

    message = _("Somebody changed this while you were working. Check what is new and save again.")

    def __init__(self, current: object) -> None:
        self.current = current
        super().__init__()


class NotFound(Http404):
    """Nothing of that name within the person's scope; strangers cannot tell it from what does not exist."""


def require(allowed: bool, *, else_: Refusal | None = None) -> None:
    """Go on when `allowed`; otherwise raise `else_`, by default NotAllowed."""
    if not allowed:
        raise else_ or NotAllowed()
