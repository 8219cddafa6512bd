"""Forms over what others may change meanwhile: the second to save sees both versions and loses nothing (ORD-2)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder


def fingerprint(*facts: object) -> int:
    """A version of what counts none: of nine digits at most, another one when any of the facts is another.

    It must hold no fact that its reader may not know: a short secret could be guessed back from it.
    """
    text = json.dumps(facts, cls=DjangoJSONEncoder)
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) % 999_999_999 + 1


class VersionedForm(forms.Form):
    """Carries the version its values were read at. After a conflict `conflicts` holds what differs."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[dict[str, str]] = []

    def meet(self, current: Mapping[str, Any]) -> None:
        """Take the thing as it stands now; what was typed stays, and the next save replaces it knowingly."""
        for name, field in self.fields.items():
            theirs, yours = current.get(name), self.cleaned_data.get(name)
            if name != "version" and (theirs or "") != (yours or ""):
                shown = {"label": field.label, "theirs": _shown(field, theirs), "yours": _shown(field, yours)}
                self.conflicts.append(shown)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(current["version"])


def _shown(field: forms.Field, value: Any) -> str:
    choices = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", {}))
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return str(choices.get(value, value)) if value not in (None, "") else "–"
