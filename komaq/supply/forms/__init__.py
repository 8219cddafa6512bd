from komaq.supply.forms.prices import PriceForm, RateForm
from komaq.supply.forms.sheets import PRICES, SUPPLIERS, price_rows, supplier_rows
from komaq.supply.forms.suppliers import (
    AccountForm,
    NewSupplierForm,
    PaperForm,
    SupplierContactForm,
    SupplierForm,
)

__all__ = [
    "PRICES",
    "SUPPLIERS",
    "AccountForm",
    "NewSupplierForm",
    "PaperForm",
    "PriceForm",
    "RateForm",
    "SupplierContactForm",
    "SupplierForm",
    "price_rows",
    "supplier_rows",
]
