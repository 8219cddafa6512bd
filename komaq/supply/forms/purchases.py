"""What the office types about purchase orders."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.fields import ManyFilesField
from komaq.core.money import QuantityField, UnitPriceField
from komaq.core.versions import VersionedForm
from komaq.core.web import OnceField
from komaq.parts.fields import PartField
from komaq.supply.choices import ClaimKind, Currency

REASON = 300
LINES = forms.Textarea(attrs={"rows": 3})
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


def day_field(**options: Any) -> forms.DateField:
    """A day as the browser's calendar gives it."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def quantity_field(**options: Any) -> forms.DecimalField:
    """A quantity with up to four decimals."""
    return forms.DecimalField(
        max_digits=15,
        decimal_places=QuantityField.places,
        widget=forms.TextInput(attrs=DECIMAL),
        **{"label": _("Quantity"), **options},
    )


def price_field(**options: Any) -> forms.DecimalField:
    """A price per unit without tax, with up to ten decimals."""
    return forms.DecimalField(
        min_value=0,
        max_digits=18,
        decimal_places=UnitPriceField.places,
        widget=forms.TextInput(attrs=DECIMAL),
        **{"label": _("Unit price without tax"), **options},
    )


class LineForm(forms.Form):
    """A part to buy."""

    part = PartField()
    quantity = quantity_field()
    price = price_field()
    need_by = day_field(required=False, label=_("Needed by"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *given: Any, user: User, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["part"].user = user


class TermsForm(forms.Form):
    """To whom, where and in what money."""

    deliver_to = forms.ModelChoiceField(queryset=None, empty_label=None, label=_("Deliver to"))
    currency = forms.ChoiceField(choices=Currency.choices, label=_("Currency"))
    payment_terms = forms.CharField(required=False, max_length=120, label=_("Payment terms"))
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=LINES,
        label=_("Note"),
        help_text=_("The supplier reads it on the order."),
    )

    def __init__(self, *given: Any, warehouses: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["deliver_to"].queryset = warehouses


class ChangeTermsForm(VersionedForm, TermsForm):
    """The terms of a draft, as they were when its page was opened."""


class NewPurchaseForm(TermsForm):
    """A new order with its first line."""

    form_key = OnceField()
    supplier = forms.ModelChoiceField(queryset=None, empty_label=_("Choose one"), label=_("Supplier"))
    part = PartField()
    quantity = quantity_field()
    price = price_field()
    need_by = day_field(required=False, label=_("Needed by"))
    field_order = [
        "supplier",
        "deliver_to",
        "currency",
        "part",
        "quantity",
        "price",
        "need_by",
        "payment_terms",
        "note",
    ]

    def __init__(self, *given: Any, suppliers: QuerySet, user: User, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].queryset = suppliers
        self.fields["part"].user = user


class NeedsForm(TermsForm):
    """An order for what is needed: for each part how many and at what price."""

    form_key = OnceField()
    supplier = forms.ModelChoiceField(queryset=None, empty_label=_("Choose one"), label=_("Supplier"))
    field_order = ["supplier", "deliver_to", "currency", "payment_terms", "note"]

    def __init__(self, *given: Any, suppliers: QuerySet, wanted: Iterable, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].queryset = suppliers
        self.wanted = list(wanted)
        for each in self.wanted:
            key = each.part.pk
            self.fields[f"quantity_{key}"] = quantity_field(initial=f"{each.quantity.normalize():f}")
            shown = f"{each.price.normalize():f}" if each.price is not None else None
            self.fields[f"price_{key}"] = price_field(initial=shown)

    @property
    def rows(self) -> list[tuple]:
        """Each part with its two fields."""
        return [(each, self[f"quantity_{each.part.pk}"], self[f"price_{each.part.pk}"]) for each in self.wanted]

    @property
    def terms(self) -> list:
        """The fields that are not of one part."""
        return [self[name] for name in self.field_order]


class SendForm(forms.Form):
    """To what address the order goes, with what words."""

    form_key = OnceField()
    email = forms.EmailField(label=_("E-mail of the supplier"))
    message = forms.CharField(
        required=False,
        max_length=2000,
        widget=LINES,
        label=_("Message"),
        help_text=_("Stands below the first sentence."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class VersionForm(forms.Form):
    """A bare deed on the order as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class ReasonForm(VersionForm):
    """A deed that says why."""

    reason = forms.CharField(max_length=REASON, widget=LINES, label=_("Reason"))


class PromiseForm(forms.Form):
    """Another day for a line."""

    promised_on = day_field(label=_("Arrives on"))
    reason = forms.CharField(max_length=200, label=_("Reason for the change"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["reason"].required = bool(self.initial.get("promised_on"))


class ConfirmForm(forms.Form):
    """A day for each line that is still to come."""

    def __init__(self, *given: Any, lines: Iterable, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines = [line for line in lines if line.is_open]
        for line in self.lines:
            self.fields[f"on_{line.pk}"] = day_field(label=_("Arrives on"), initial=line.promised_on or line.need_by)

    @property
    def rows(self) -> list[tuple]:
        """Each line with its field."""
        return [(line, self[f"on_{line.pk}"]) for line in self.lines]

    def dates(self) -> dict:
        """The days by the key of the line."""
        return {line.pk: self.cleaned_data[f"on_{line.pk}"] for line in self.lines}


class ReceiveForm(forms.Form):
    """What came: accepted and refused per line, the guide, photos."""

    form_key = OnceField()
    warehouse = forms.ModelChoiceField(queryset=None, empty_label=None, label=_("Received in"))
    guide = forms.CharField(
        required=False, max_length=30, label=_("Delivery guide"), help_text=_("Its series and number: T001-00012345.")
    )
    uploads = ManyFilesField(required=False, label=_("Photo of the guide and of the goods"))
    note = forms.CharField(required=False, max_length=REASON, label=_("Note"))

    def __init__(self, *given: Any, lines: Iterable, warehouses: QuerySet, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["warehouse"].queryset = warehouses
        self.lines = list(lines)
        for line in self.lines:
            key = line.pk
            self.fields[f"accepted_{key}"] = quantity_field(label=_("Accepted"), required=False, min_value=0)
            self.fields[f"refused_{key}"] = quantity_field(label=_("Refused"), required=False, min_value=0)
            self.fields[f"kind_{key}"] = forms.ChoiceField(
                label=_("What is wrong"),
                required=False,
                choices=[(each.value, each.label) for each in (ClaimKind.DAMAGED, ClaimKind.WRONG)],
            )
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("Why it is refused"), required=False, max_length=REASON
            )

    @property
    def rows(self) -> list[tuple]:
        """Each line with its four fields."""
        names = ("accepted", "refused", "kind", "note")
        return [(line, *(self[f"{name}_{line.pk}"] for name in names)) for line in self.lines]

    def clean(self) -> dict:
        given = super().clean()
        for line in self.lines:
            if given.get(f"refused_{line.pk}") and not (given.get(f"note_{line.pk}") or "").strip():
                self.add_error(f"note_{line.pk}", _("Say why it is refused."))
        return given


class MessageForm(forms.Form):
    """A message to the other side."""

    form_key = OnceField()
    text = forms.CharField(max_length=4000, widget=LINES, label=_("Message"))


class TalkForm(MessageForm):
    """A message to the supplier, or a note among us."""

    is_internal = forms.BooleanField(label=_("Only for us: the supplier never sees it"), required=False)


class PapersForm(forms.Form):
    """Files to keep with the order."""

    form_key = OnceField()
    uploads = ManyFilesField(label=_("Files"))


class ClaimForm(forms.Form):
    """Goods found bad after they were received, or fewer than announced."""

    form_key = OnceField()
    kind = forms.ChoiceField(choices=ClaimKind.choices, label=_("What is wrong"))
    quantity = quantity_field(label=_("How many"))
    note = forms.CharField(max_length=REASON, widget=LINES, label=_("What you see"))


class SettleForm(forms.Form):
    """How a claim ended."""

    outcome = forms.CharField(max_length=REASON, widget=LINES, label=_("What came of it"))
    replaced = forms.BooleanField(required=False, label=_("New goods came and go into stock"))


class NoteForm(forms.Form):
    """A word about a deed that needs none."""

    note = forms.CharField(required=False, max_length=REASON, label=_("Note"))
