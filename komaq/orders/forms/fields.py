"""Fields that several forms of the room share."""

import uuid
from typing import Any

from django import forms


class MomentField(forms.DateTimeField):
    """A day and a time by the clock in Lima, to the minute."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**options)


class OnceField(forms.UUIDField):
    """The name of one filled form, so that sending it twice counts once."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(initial=uuid.uuid4, **options)
