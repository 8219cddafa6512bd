"""What people type about the parts of an order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.money import QuantityField
from komaq.core.versions import VersionedForm
from komaq.core.web import OnceField
from komaq.parts.fields import PartField

NOTE = 200
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def quantity_field() -> forms.Field:
    """A quantity above zero with four decimals at most."""
    return QuantityField().formfield(label=_("Quantity"), min_value=0, widget=forms.TextInput({"inputmode": "decimal"}))


class PlannedPartForm(VersionedForm):
    """How much is needed, by when and what for."""

    quantity = quantity_field()
    need_by = forms.DateField(
        required=False,
        widget=DAY,
        label=_("Needed by"),
        help_text=_("Empty: for the next visit to work, else for the promise to the client."),
    )
    note = forms.CharField(required=False, max_length=NOTE, label=_("Note"))


class PlanPartForm(forms.Form):
    """A part that the work will need."""

    part = PartField()
    segment = forms.TypedChoiceField(coerce=int, label=_("Job"))
    quantity = quantity_field()
    need_by = PlannedPartForm.base_fields["need_by"]
    note = PlannedPartForm.base_fields["note"]
    form_key = OnceField()

    def __init__(self, *given: Any, user: User, segments: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["part"].user = user
        self.fields["segment"].choices = [(segment.pk, segment.title) for segment in segments]
        if len(self.fields["segment"].choices) == 1:
            self.fields["segment"].widget = forms.HiddenInput()
            self.fields["segment"].initial = self.fields["segment"].choices[0][0]


class UsePartForm(forms.Form):
    """How much was used and from where."""

    quantity = quantity_field()
    warehouse = forms.ModelChoiceField(queryset=None, empty_label=None, label=_("Taken from"))
    form_key = OnceField()

    def __init__(self, *given: Any, warehouses: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["warehouse"].queryset = warehouses


class ReturnPartForm(UsePartForm):
    """How much came back and where it lies."""

    def __init__(self, *given: Any, warehouses: QuerySet, **more: Any) -> None:
        super().__init__(*given, warehouses=warehouses, **more)
        self.fields["warehouse"].label = _("Back to")
