"""What a client's administrator fills in about its own company."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import Role
from komaq.core.fields import PhoneField
from komaq.core.versions import VersionedForm
from komaq.customers.forms.fields import email, given_names, surnames, text


class CompanyForm(VersionedForm):
    """What a company may correct about itself."""

    trade_name = text(_("Trade name"), 120)
    email = email(required=False)
    phone = PhoneField(required=False)
    address = text(_("Address"), 200)


class AccessForm(forms.Form):
    """What a person may do, and where. `sites` are the company's."""

    role = forms.ChoiceField(
        label=_("What the person may do"),
        choices=[
            (Role.CUSTOMER_MEMBER, _("Ask for service and follow it")),
            (Role.CUSTOMER_ADMIN, _("Administer the company too")),
        ],
        initial=Role.CUSTOMER_MEMBER,
        widget=forms.RadioSelect,
    )
    site = forms.ModelChoiceField(
        label=_("What the person sees"), queryset=None, required=False, empty_label=_("The whole company")
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites


class InviteForm(AccessForm):
    """Somebody of the company who shall enter."""

    given_names = given_names()
    surnames = surnames()
    email = email(help_text=_("We send a link there to choose a password."))
    phone = PhoneField(required=False)
    title = text(_("Job title"), 80)
