"""What logistics fills in about suppliers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.core.fields import ManyFilesField, PhoneField
from komaq.core.versions import VersionedForm
from komaq.supply import rules
from komaq.supply.choices import AccountKind, Country, Currency, Language, SupplierDocument

MOST_DAYS = 730


def short(label: Any, length: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **{"required": False, **options})


class _Facts(forms.Form):
    """Where a supplier is reached and on which terms it sells."""

    name = short(_("Legal name"), 160, required=True, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    trade_name = short(_("Trade name"), 120)
    email = forms.EmailField(label=_("E-mail"), max_length=200, required=False)
    phone = PhoneField(required=False)
    address = short(_("Address"), 200)
    country = forms.ChoiceField(label=_("Country"), choices=Country.choices, initial=Country.PE)
    currency = forms.ChoiceField(label=_("Currency of its prices"), choices=Currency.choices, initial=Currency.USD)
    payment_terms = short(_("Payment terms"), 120, help_text=_("For example: invoice at 30 days."))
    lead_days = forms.IntegerField(
        label=_("Usual days until delivery"), required=False, min_value=0, max_value=MOST_DAYS
    )
    language = forms.ChoiceField(label=_("We write to it in"), choices=Language.choices, initial=Language.SPANISH)


class NewSupplierForm(_Facts):
    """A supplier with its number."""

    tax_id_type = forms.ChoiceField(label=_("Document"), choices=SupplierDocument.choices, initial=SupplierDocument.RUC)
    tax_id = forms.CharField(label=_("Number"), max_length=20)

    def clean(self) -> dict:
        data = super().clean()
        kind = data.get("tax_id_type")
        if kind and data.get("tax_id"):
            self._check("tax_id", lambda: data.update(tax_id=rules.clean_tax_id(kind, data["tax_id"])))
        if kind and data.get("country"):
            self._check("country", lambda: rules.check_country(kind, data["country"]))
        return data

    def _check(self, name: str, check: Any) -> None:
        try:
            check()
        except ValidationError as error:
            self.add_error(name, error)


class SupplierForm(VersionedForm, _Facts):
    """What may change; the number stays."""

    is_open = forms.BooleanField(label=_("We buy there"), required=False)


class SupplierContactForm(forms.Form):
    """Somebody we deal with."""

    given_names = short(_("Given names"), 80, required=True)
    surnames = short(_("Surnames"), 80)
    title = short(_("Job title"), 80)
    email = forms.EmailField(label=_("E-mail"), max_length=200, required=False)
    phone = PhoneField(required=False)
    gets_requests = forms.BooleanField(label=_("Gets our requests and orders"), required=False, initial=True)


class AccountForm(forms.Form):
    """Where a supplier is paid."""

    bank = short(_("Bank"), 60, required=True)
    kind = forms.ChoiceField(label=_("Kind of account"), choices=AccountKind.choices)
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices)
    number = short(_("Account number"), 40, required=True)
    cci = short(_("Interbank code (CCI)"), 30, help_text=_("20 digits."))

    def clean_number(self) -> str:
        return rules.clean_account(self.cleaned_data["number"])

    def clean_cci(self) -> str:
        return rules.clean_cci(self.cleaned_data["cci"])


class PaperForm(forms.Form):
    """A certificate, a price list, a contract."""

    files = ManyFilesField(label=_("Files"), help_text=_("Photos, PDF, Word or Excel, up to 20 MB each."))
    title = short(_("What it is"), 120, help_text=_("For example: ISO 9001 certificate."))
    ends_on = forms.DateField(
        label=pgettext_lazy("paper", "Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
