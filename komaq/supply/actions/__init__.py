from komaq.supply.actions.accounts import AccountKnown, BadAccount, add_account, end_account
from komaq.supply.actions.contacts import (
    KeepsOwnData,
    SupplierContactEnded,
    add_supplier_contact,
    change_supplier_contact,
    end_supplier_contact,
)
from komaq.supply.actions.erase import forget_person
from komaq.supply.actions.papers import FileNeeded, keep_papers
from komaq.supply.actions.prices import BadPrice, BadQuantity, NoSuchDay, PartOutOfUse, note_price, stop_selling
from komaq.supply.actions.purchases import (
    PurchaseLineIn,
    approve,
    cancel_purchase,
    change_purchase,
    close_purchase,
    make_purchase,
    return_to_draft,
    submit_purchase,
)
from komaq.supply.actions.rates import BadRate, note_rate
from komaq.supply.actions.suppliers import (
    BadTaxId,
    SupplierNameNeeded,
    TaxIdTaken,
    change_supplier,
    create_supplier,
)

__all__ = [
    "AccountKnown",
    "BadAccount",
    "BadPrice",
    "BadQuantity",
    "BadRate",
    "BadTaxId",
    "FileNeeded",
    "KeepsOwnData",
    "NoSuchDay",
    "PartOutOfUse",
    "PurchaseLineIn",
    "SupplierContactEnded",
    "SupplierNameNeeded",
    "TaxIdTaken",
    "add_account",
    "add_supplier_contact",
    "approve",
    "cancel_purchase",
    "change_purchase",
    "change_supplier",
    "change_supplier_contact",
    "close_purchase",
    "create_supplier",
    "end_account",
    "end_supplier_contact",
    "forget_person",
    "keep_papers",
    "make_purchase",
    "note_price",
    "note_rate",
    "return_to_draft",
    "stop_selling",
    "submit_purchase",
]
