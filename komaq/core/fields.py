"""Form fields that several rooms use: phones, files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.core.files import ACCEPTED
from komaq.core.peru import clean_phone, show_phone


class PhoneField(forms.CharField):
    """A phone as people write it; kept in E.164."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
        super().__init__(**{"label": _("Phone"), "max_length": 30, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return show_phone(value) if value else value

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return clean_phone(value) if value else ""


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
