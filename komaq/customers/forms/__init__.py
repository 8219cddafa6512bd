from komaq.customers.forms.office import ContactForm, CustomerForm, NewCustomerForm, SiteChangeForm, SiteForm
from komaq.customers.forms.portal import AccessForm, CompanyForm, InviteForm
from komaq.customers.forms.register import RegisterForm

__all__ = [
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
