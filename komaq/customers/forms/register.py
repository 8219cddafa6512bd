"""What a person writes to open an account."""

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import TEXTS_VERSION, ConsentKind
from komaq.core.fields import PhoneField
from komaq.core.peru import DocumentType, clean_document, clean_ruc
from komaq.customers.actions import Registration
from komaq.customers.choices import CustomerKind
from komaq.customers.forms.fields import given_names, surnames, text

PASSWORD_MIN = 10
COMPANY, PERSON = {"ruc", "company_name"}, {"document_type", "document_number"}


class RegisterForm(SignupForm):
    """The sign-in library's form (address, password, no address revealed) with who one is and what one agrees to."""

    kind = forms.ChoiceField(
        label=_("Who receives the service?"),
        choices=CustomerKind.choices,
        initial=CustomerKind.COMPANY,
        widget=forms.RadioSelect,
    )
    ruc = forms.CharField(
        label=_("RUC"),
        max_length=20,
        help_text=_("11 digits, without dashes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    company_name = text(
        _("Legal name"), 160, required=True, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    document_type = forms.ChoiceField(
        label=_("Document"),
        choices=[(each.value, each.label) for each in (DocumentType.DNI, DocumentType.CE)],
        initial=DocumentType.DNI,
    )
    document_number = text(
        _("Document number"), 20, required=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    given_names = given_names()
    surnames = surnames()
    phone = PhoneField(label=_("Mobile phone"), help_text=_("For news of your order."))
    privacy = forms.BooleanField(
        label=_("I agree that Komaq treats my data to attend to my orders."),
        error_messages={"required": _("Without this permission we cannot open the account.")},
    )
    terms = forms.BooleanField(
        label=_("I accept the terms of service."),
        error_messages={"required": _("Without accepting the terms we cannot open the account.")},
    )
    news = forms.BooleanField(label=_("Send me offers of spare parts by e-mail, once a month."), required=False)
    form_key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address, password = self.fields["email"], self.fields["password1"]
        address.label = _("E-mail")
        address.help_text = _("We send a link there to confirm it.")
        address.validators.append(MaxLengthValidator(254))
        address.widget.attrs.pop("placeholder", None)
        password.help_text = _("At least %(min)s characters. A long sentence is good.") % {"min": PASSWORD_MIN}
        password.validators.append(MaxLengthValidator(128))
        password.widget.attrs.pop("placeholder", None)

    def full_clean(self) -> None:
        """What only the other kind of customer is asked counts for nothing."""
        fields = self.fields
        skipped = COMPANY if self.data.get("kind") == CustomerKind.PERSON else PERSON
        self.fields = {name: field for name, field in fields.items() if name not in skipped}
        super().full_clean()
        self.fields = fields

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") == CustomerKind.COMPANY:
            self._clean_number("ruc", clean_ruc, data)
        elif data.get("kind") == CustomerKind.PERSON and "document_type" in data:
            kind = data["document_type"]
            self._clean_number("document_number", lambda value: clean_document(kind, value), data)
        return data

    def _clean_number(self, name: str, check: Any, data: dict) -> None:
        if name in self.errors:
            return
        try:
            data[name] = check(data[name])
        except ValidationError as error:
            self.add_error(name, error)

    @property
    def registration(self) -> Registration:
        data = self.cleaned_data
        company = data["kind"] == CustomerKind.COMPANY
        return Registration(
            kind=data["kind"],
            tax_id_type=DocumentType.RUC if company else data["document_type"],
            tax_id=data["ruc"] if company else data["document_number"],
            company_name=data["company_name"] if company else "",
            given_names=data["given_names"],
            surnames=data["surnames"],
            email=data["email"],
            phone=data["phone"],
            password=data["password1"],
            language=get_language() or "es-pe",
        )

    @property
    def consents(self) -> list[tuple[ConsentKind, str]]:
        given = [ConsentKind.TERMS, ConsentKind.PRIVACY]
        if self.cleaned_data["news"]:
            given.append(ConsentKind.NEWS)
        return [(kind, TEXTS_VERSION) for kind in given]
