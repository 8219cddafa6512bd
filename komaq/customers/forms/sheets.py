"""Customers and contacts as rows of a file: the office's forms, and what heads their columns."""

from collections.abc import Callable
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core.peru import DocumentType
from komaq.core.registry import Column
from komaq.customers import queries
from komaq.customers.choices import CustomerKind
from komaq.customers.forms.office import ContactForm, NewCustomerForm
from komaq.customers.models import Customer

MOST_KNOWN = 10_000
DOCUMENTS = tuple((each.value, each.label) for each in (DocumentType.RUC, DocumentType.DNI, DocumentType.CE))

CUSTOMERS = (
    Column("tax_id", _("RUC or document"), "code", True, ("RUC", "DNI", "Número", "Number"), example="20131312955"),
    Column("tax_id_type", _("Document"), choices=DOCUMENTS, hint="told from the number when left out"),
    Column("kind", _("Kind"), choices=tuple(CustomerKind.choices), hint="told from the number when left out"),
    Column("name", _("Legal name"), required=True, also=("Nombre", "Cliente"), example="Minera Los Andes S.A.C."),
    Column("trade_name", _("Trade name"), example="Los Andes"),
    Column("email", _("E-mail"), also=("Email", "Correo"), example="compras@losandes.example"),
    Column("phone", _("Phone"), "code", also=("Celular", "Telefono"), example="987 654 321"),
    Column("address", _("Address"), example="Av. Ejército 710, Arequipa"),
    Column("hours_machine_down", _("Answer in hours: machine down"), "number", example="4"),
    Column("hours_high", _("Answer in hours: high priority"), "number", example="8"),
    Column("hours_normal", _("Answer in hours: normal priority"), "number", example="24"),
)

CONTACTS = (
    Column("customer", _("Customer (RUC or document)"), "code", True, ("RUC", "Cliente"), example="20131312955"),
    Column("given_names", _("Given names"), required=True, also=("Nombre",), example="Rosa María"),
    Column("surnames", _("Surnames"), required=True, also=("Apellido",), example="Quispe Flores"),
    Column("title", _("Job title"), also=("Puesto",), example="Jefa de mantenimiento"),
    Column("email", _("E-mail"), also=("Email", "Correo"), example="rosa@losandes.example"),
    Column("phone", _("Phone"), "code", also=("Celular", "Telefono"), example="987 654 321"),
)


class CustomerRow(NewCustomerForm):
    """A customer as a file names it: its kind and document follow from the number where they are not given."""

    def __init__(self, row: dict[str, str]) -> None:
        number = "".join(row.get("tax_id", "").split()).replace("-", "")
        document = row.get("tax_id_type") or _document_of(number)
        company = document == DocumentType.RUC and number.startswith("20")
        kind = row.get("kind") or (CustomerKind.COMPANY if company else CustomerKind.PERSON)
        super().__init__({**row, "tax_id_type": document, "kind": kind})


def _document_of(number: str) -> str:
    if number.isdecimal() and len(number) == 8:
        return DocumentType.DNI
    return DocumentType.RUC if number.isdecimal() and len(number) > 9 else DocumentType.CE


def customer_rows(user: User) -> Callable[[dict[str, str]], CustomerRow]:
    """What turns a row into a form."""
    return CustomerRow


class ContactRow(ContactForm):
    """Somebody to speak with at a customer named by its number."""

    customer = forms.CharField(label=_("Customer (RUC or document)"), max_length=20)

    def __init__(self, row: dict[str, str], find: Callable[[str], Customer | None]) -> None:
        super().__init__(row)
        self.find = find

    def clean_customer(self) -> Customer:
        number = self.cleaned_data["customer"]
        if (customer := self.find(number)) is None:
            raise ValidationError(_("There is no customer with the number %(number)s.") % {"number": number})
        return customer

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            data["email"] = data["email"].lower()
            same = {name: data[name] for name in ("given_names", "surnames", "email")}
            if queries.is_contact(data["customer"], **same):
                self.add_error("given_names", _("This person is a contact of the customer already."))
        return data


def contact_rows(user: User) -> Callable[[dict[str, str]], ContactRow]:
    """What turns a row into a form; customers are looked up once."""
    find = lru_cache(MOST_KNOWN)(lambda number: queries.customer_numbered(user, number))
    return lambda row: ContactRow(row, find)
