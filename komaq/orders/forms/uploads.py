"""Several files in one field."""

from typing import Any

from django import forms

from komaq.core.files import ACCEPTED


class ManyFilesInput(forms.FileInput):
    """A file input that takes many and is shown, made smaller and sent with a percentage by the page's script."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"accept": ACCEPTED, "data-upload": True, **(attrs or {})})


class ManyFilesField(forms.FileField):
    """A list of uploaded files; what they are is read from their bytes when they are kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list:
        files = [one for one in (data or []) if one]
        if not files:
            return super().clean(None, initial) or []
        return [super(ManyFilesField, self).clean(one, initial) for one in files]
