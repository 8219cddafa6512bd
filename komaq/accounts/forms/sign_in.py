"""The sign-in library's forms: our words, and passwords too long to be one are refused before they are hashed."""

from allauth.account import forms as library
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from komaq.accounts import actions

LONGEST = 256
TOO_LONG = _("A password has at most 256 characters.")
HINT = _("At least 10 characters; a long sentence is fine. Not only digits, and none of the usual ones.")


class PasswordNotTooLong:
    """A validator for settings: whoever sets a password meets the same limit."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(TOO_LONG)

    def get_help_text(self) -> str:
        return str(TOO_LONG)


def dress(form: forms.Form, **labels: object) -> None:
    """House words and limits for the library's fields."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        if isinstance(field.widget, forms.PasswordInput):
            field.help_text = HINT if name == "password1" else ""
            field.max_length = LONGEST
            field.widget.attrs["maxlength"] = LONGEST
            field.validators.insert(0, _short_enough)
        elif isinstance(field, forms.EmailField):
            field.widget.attrs["inputmode"] = "email"


def _short_enough(value: str) -> None:
    if len(value) > LONGEST:
        raise ValidationError(TOO_LONG)


class LoginForm(library.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            login=_("E-mail"),
            password=_("Password"),
            remember=_("Remember me on this device for 30 days"),
        )
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(library.ResetPasswordForm):
    """Asks for the link without looking anything up: the answer cannot tell who has an account."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email=_("E-mail"))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        actions.ask_password_reset(email=self.cleaned_data["email"])
        return self.cleaned_data["email"]


class ResetPasswordKeyForm(library.ResetPasswordKeyForm):
    """Whoever holds the link reads that mailbox, so the address is confirmed with the new password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password1=_("New password"), password2=_("The new password again"))

    def save(self) -> None:
        actions.choose_password(user=self.user, password=self.cleaned_data["password1"])


class ChangePasswordForm(library.ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            oldpassword=_("Your present password"),
            password1=_("New password"),
            password2=_("The new password again"),
        )


class SetPasswordForm(library.SetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password1=_("New password"), password2=_("The new password again"))


class AddEmailForm(library.AddEmailForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email=_("New address to sign in with"))


class ReauthenticateForm(library.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password=_("Your password"))
