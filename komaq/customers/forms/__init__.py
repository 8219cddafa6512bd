from komaq.customers.forms.office import ContactForm, CustomerForm, NewCustomerForm, SiteChangeForm, SiteForm
from komaq.customers.forms.portal import AccessForm, CompanyForm, InviteForm
from komaq.customers.forms.register import RegisterForm
from komaq.customers.forms.sheets import CONTACTS, CUSTOMERS, contact_rows, customer_rows

__all__ = [
    "CONTACTS",
    "CUSTOMERS",
    "AccessForm",
    "CompanyForm",
    "ContactForm",
    "CustomerForm",
    "InviteForm",
    "NewCustomerForm",
    "RegisterForm",
    "SiteChangeForm",
    "SiteForm",
    "contact_rows",
    "customer_rows",
]
