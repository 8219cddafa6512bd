"""What is typed about requests for quotation: by the office, and by suppliers through their link."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.fields import ManyFilesField
from komaq.core.versions import VersionedForm
from komaq.core.web import OnceField, SeveralField
from komaq.parts.fields import PartField
from komaq.supply.choices import Currency
from komaq.supply.forms.purchases import LINES, day_field, price_field, quantity_field

REASON = 200
LONGEST_LEAD = 730


def moment_field(**options: Any) -> forms.DateTimeField:
    """A day and a time by the clock in Lima, to the minute."""
    look = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=look, **options)


class RequestForm(VersionedForm):
    """What is asked, of whom and until when. A line whose quantity is empty is left out."""

    form_key = OnceField()
    deadline = moment_field(label=_("Answer until"))
    deliver_to = forms.ModelChoiceField(queryset=None, empty_label=None, label=_("Deliver to"))
    is_urgent = forms.BooleanField(
        required=False, label=_("Urgent: a machine stands still"), help_text=_("Suppliers read that it is urgent.")
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=LINES,
        label=_("Note"),
        help_text=_("Every supplier reads it: name neither clients nor other suppliers."),
    )
    suppliers = SeveralField(queryset=None, widget=forms.CheckboxSelectMultiple, label=_("Suppliers"))
    part = PartField(required=False, label=_("One more part"))
    quantity = quantity_field(required=False, min_value=0)
    need_by = day_field(required=False, label=_("Needed by"))

    def __init__(
        self, *given: Any, wanted: Iterable, suppliers: QuerySet, warehouses: QuerySet, user: User, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["version"].required = False
        self.fields["suppliers"].queryset = suppliers
        self.fields["deliver_to"].queryset = warehouses
        self.fields["part"].user = user
        self.wanted = list(wanted)
        for each in self.wanted:
            self._add(each)

    def _add(self, each: Any) -> None:
        key = each.part.pk
        shown = f"{each.quantity.normalize():f}" if each.quantity else None
        self.fields[f"quantity_{key}"] = quantity_field(required=False, min_value=0, initial=shown)
        self.fields[f"need_by_{key}"] = day_field(required=False, label=_("Needed by"), initial=each.need_by)
        self.fields[f"takes_{key}"] = forms.BooleanField(
            required=False, label=_("Alternatives welcome"), initial=each.takes_alternative
        )
        self.fields[f"note_{key}"] = forms.CharField(
            required=False, max_length=200, label=_("Note to suppliers"), initial=each.note
        )

    @property
    def rows(self) -> list[tuple]:
        """Each part with its four fields."""
        names = ("quantity", "need_by", "takes", "note")
        return [(each, *(self[f"{name}_{each.part.pk}"] for name in names)) for each in self.wanted]

    @property
    def frame(self) -> list:
        """The fields that are of no part."""
        return [self[name] for name in ("deadline", "deliver_to", "is_urgent", "note")]

    def clean(self) -> dict:
        given = super().clean()
        if given.get("part") and not given.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Write how many."))
        if given.get("part") and any(each.part == given["part"] for each in self.wanted):
            self.add_error("part", _("This part stands above: change how many there."))
        return given


class ExtendForm(forms.Form):
    """A later deadline."""

    deadline = moment_field(label=_("Answer until"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class InviteForm(forms.Form):
    """One more supplier to ask."""

    form_key = OnceField()
    supplier = forms.ModelChoiceField(queryset=None, empty_label=_("Choose one"), label=_("Supplier"))
    email = forms.EmailField(
        required=False,
        label=_("E-mail"),
        help_text=_("Empty: the contacts who get requests, or the company’s own address."),
    )

    def __init__(self, *given: Any, suppliers: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].queryset = suppliers


class OfferForm(forms.Form):
    """An offer: a price and days for each line, or that the supplier does not have it."""

    form_key = OnceField()
    currency = forms.ChoiceField(choices=Currency.choices, label=_("Currency of the prices"))
    valid_until = day_field(required=False, label=_("The offer holds until"))
    comment = forms.CharField(
        required=False,
        max_length=2000,
        widget=LINES,
        label=_("Comment"),
        help_text=_("Terms of payment, brand, where it lies."),
    )
    uploads = ManyFilesField(required=False, label=_("Data sheet or photo"))

    def __init__(self, *given: Any, lines: Iterable, known: Mapping[int, Any] | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines = list(lines)
        for line in self.lines:
            self._add(line, (known or {}).get(line.pk))

    def _add(self, line: Any, row: Any) -> None:
        key, has = line.pk, row is not None and row.has_it
        quantity = row.quantity if has else line.quantity
        self.fields[f"price_{key}"] = price_field(required=False, initial=_bare(row.price) if has else None)
        self.fields[f"days_{key}"] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=LONGEST_LEAD,
            label=_("Days until it arrives"),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            initial=row.lead_days if has else None,
        )
        self.fields[f"quantity_{key}"] = quantity_field(
            required=False, label=_("How many you can deliver"), initial=_bare(quantity)
        )
        self.fields[f"other_{key}"] = forms.CharField(
            required=False,
            max_length=160,
            label=_("Another part instead"),
            help_text=_("Brand and number, only if it is not the one asked for."),
            initial=row.alternative if has else "",
            disabled=not line.takes_alternative,
        )
        self.fields[f"note_{key}"] = forms.CharField(
            required=False, max_length=200, label=_("Remark"), initial=row.note if row else ""
        )
        self.fields[f"lacks_{key}"] = forms.BooleanField(
            required=False, label=_("We do not have it"), initial=row is not None and not has
        )

    @property
    def rows(self) -> list[tuple]:
        """Each line with its fields: price, days, quantity, alternative, note, lacks."""
        names = ("price", "days", "quantity", "other", "note", "lacks")
        return [(line, *(self[f"{name}_{line.pk}"] for name in names)) for line in self.lines]

    def clean(self) -> dict:
        given = super().clean()
        for line in self.lines:
            if not given.get(f"lacks_{line.pk}"):
                self._need(line, given, "price", _("Write a price, or tick that you do not have it."))
                if given.get(f"price_{line.pk}") is not None:
                    self._need(line, given, "days", _("Write in how many days it arrives; 0 is today."))
        if self.lines and all(given.get(f"lacks_{line.pk}") for line in self.lines):
            raise ValidationError(_("Write a price for at least one part, or say that you do not quote."))
        return given

    def _need(self, line: Any, given: dict, name: str, words: str) -> None:
        field = f"{name}_{line.pk}"
        if given.get(field) is None and field not in self.errors:
            self.add_error(field, words)
        if name == "price" and given.get(field) == 0:
            self.add_error(field, _("Write a price per unit without tax, above zero."))


class DeclineForm(forms.Form):
    """That a supplier does not quote, and why."""

    reason = forms.CharField(max_length=REASON, label=_("Why you do not quote"))


class AlternativeForm(forms.Form):
    """Which part of the catalogue an alternative is."""

    part = PartField(label=_("Part of the catalogue"))

    def __init__(self, *given: Any, user: User, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["part"].user = user


class AwardForm(forms.Form):
    """How many of each chosen offer are bought."""

    form_key = OnceField()
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *given: Any, picks: Mapping[Any, Any], **more: Any) -> None:
        super().__init__(*given, **more)
        self.picks = dict(picks)
        for row, quantity in self.picks.items():
            self.fields[f"take_{row.pk}"] = quantity_field(label=_("How many"), initial=_bare(quantity))


def next_deadline() -> datetime.datetime:
    """Two days from now at five in the afternoon: what a request begins with."""
    return clock.lima(clock.today() + datetime.timedelta(days=2), 17)


def _bare(number: Any) -> str | None:
    return None if number is None else f"{number.normalize():f}"
