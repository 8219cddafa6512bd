"""Forms of what is needed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.web import OnceField
from komaq.parts.fields import PartField
from komaq.supply.forms.purchases import LINES, REASON, day_field, quantity_field

ABOUT = 120
SOURCES = (
    ("", _("For orders, stock and by hand")),
    ("orders", _("For service orders")),
    ("minimums", _("To fill up stock")),
    ("by_hand", _("Asked by hand")),
)
GROUPS = (
    ("", _("Not grouped")),
    ("day", _("By day needed")),
    ("supplier", _("By supplier")),
    ("both", _("By supplier and day")),
)


class NeedsFilter(forms.Form):
    """Which needs the list shows, and how it is grouped."""

    q = forms.CharField(required=False, max_length=80, label=_("Search"))
    supplier = forms.ModelChoiceField(
        queryset=None, required=False, empty_label=_("Every supplier"), label=_("Supplier")
    )
    source = forms.ChoiceField(choices=SOURCES, required=False, label=_("What for"))
    urgent = forms.BooleanField(required=False, label=_("A machine stands still"))
    late = forms.BooleanField(required=False, label=_("Late to order"))
    group = forms.ChoiceField(choices=GROUPS, required=False, label=_("Group"))

    def __init__(self, *given: Any, suppliers: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].queryset = suppliers
        for name in ("supplier", "source", "group"):
            field = self.fields[name]
            field.widget.attrs |= {"class": "input", "aria-label": field.label}


class NeedForm(forms.Form):
    """A part that no order and no minimum asks for."""

    form_key = OnceField()
    part = PartField()
    quantity = quantity_field()
    need_by = day_field(required=False, label=_("Needed by"))
    is_urgent = forms.BooleanField(required=False, label=_("A machine stands still without it"))
    reason = forms.CharField(
        max_length=ABOUT, label=_("What for"), help_text=_("Whoever buys reads it in the list: a sale, a fair, a tool.")
    )

    def __init__(self, *given: Any, user: User, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["part"].user = user


class DropNeedForm(forms.Form):
    """Why it is not needed after all."""

    reason = forms.CharField(max_length=REASON, widget=LINES, label=_("Reason"))
