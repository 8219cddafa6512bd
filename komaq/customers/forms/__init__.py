from komaq.customers.forms.office import ContactForm, CustomerForm, NewCustomerForm, SiteChangeForm, SiteForm
from komaq.customers.forms.portal import AccessForm, CompanyForm, InviteForm
from komaq.customers.forms.register import TEXTS_VERSION, RegisterForm

__all__ = [
    "TEXTS_VERSION",
    "AccessForm",
    "CompanyForm",
    "ContactForm",
    "CustomerForm",
    "InviteForm",
    "NewCustomerForm",
    "RegisterForm",
    "SiteChangeForm",
    "SiteForm",
]
