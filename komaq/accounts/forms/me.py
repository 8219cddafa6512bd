"""One's own data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import ConsentKind
from komaq.accounts.forms.people import PersonFields
from komaq.accounts.forms.sign_in import LONGEST
from komaq.accounts.models import User

LANGUAGES = [("es-pe", "Español"), ("en", "English")]


class MyDataForm(PersonFields):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Contact e-mail")
        self.fields["email"].required = False
        self.fields["email"].help_text = _("Where we write to you; you sign in with the address below.")
        self.fields["surnames"].required = False


class ConsentForm(forms.Form):
    kind = forms.ChoiceField(choices=ConsentKind)
    deed = forms.ChoiceField(choices=[("give", ""), ("withdraw", "")])


class EraseForm(forms.Form):
    """Sure, and really the person: the word and the password."""

    word = forms.CharField(label=_("Write ERASE"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_word(self) -> str:
        word = self.cleaned_data["word"]
        if word.strip().upper() != str(_("ERASE")):
            raise forms.ValidationError(_("Write the word exactly: ERASE."))
        return word

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("The password does not match."))
        return password
