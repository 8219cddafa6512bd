from komaq.supply.actions.accounts import AccountKnown, BadAccount, add_account, end_account
from komaq.supply.actions.answers import OfferLineIn, answer, decline, map_alternative, write_to_invite
from komaq.supply.actions.awarding import AwardIn, award
from komaq.supply.actions.claims import claim, send_back, settle_claim
from komaq.supply.actions.contacts import (
    KeepsOwnData,
    SupplierContactEnded,
    add_supplier_contact,
    change_supplier_contact,
    end_supplier_contact,
)
from komaq.supply.actions.erase import forget_person
from komaq.supply.actions.invitations import remind, remind_waiting
from komaq.supply.actions.late import tell_late_lines
from komaq.supply.actions.links import make_link, note_opening
from komaq.supply.actions.needs import add_need, drop_need, follow_purchases, keep_minimum, sync_needs
from komaq.supply.actions.papers import FileNeeded, keep_papers
from komaq.supply.actions.prices import BadPrice, BadQuantity, NoSuchDay, PartOutOfUse, note_price, stop_selling
from komaq.supply.actions.promises import change_promise, confirm
from komaq.supply.actions.purchase_lines import change_terms, drop_line, put_line
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
from komaq.supply.actions.quotations import (
    QuotationLineIn,
    cancel_request,
    change_request,
    extend_deadline,
    invite_supplier,
    make_request,
    send_request,
)
from komaq.supply.actions.rates import BadRate, note_rate
from komaq.supply.actions.receipts import ReceiptLineIn, receive
from komaq.supply.actions.send_purchase import send_purchase
from komaq.supply.actions.suppliers import BadTaxId, SupplierNameNeeded, TaxIdTaken, change_supplier, create_supplier
from komaq.supply.actions.talk import keep_with_purchase, write_about

__all__ = [
    "AccountKnown",
    "AwardIn",
    "BadAccount",
    "BadPrice",
    "BadQuantity",
    "BadRate",
    "BadTaxId",
    "FileNeeded",
    "KeepsOwnData",
    "NoSuchDay",
    "OfferLineIn",
    "PartOutOfUse",
    "PurchaseLineIn",
    "QuotationLineIn",
    "ReceiptLineIn",
    "SupplierContactEnded",
    "SupplierNameNeeded",
    "TaxIdTaken",
    "add_account",
    "add_need",
    "add_supplier_contact",
    "answer",
    "approve",
    "award",
    "cancel_purchase",
    "cancel_request",
    "change_promise",
    "change_purchase",
    "change_request",
    "change_supplier",
    "change_supplier_contact",
    "change_terms",
    "claim",
    "close_purchase",
    "confirm",
    "create_supplier",
    "decline",
    "drop_line",
    "drop_need",
    "end_account",
    "end_supplier_contact",
    "extend_deadline",
    "follow_purchases",
    "forget_person",
    "invite_supplier",
    "keep_minimum",
    "keep_papers",
    "keep_with_purchase",
    "make_link",
    "make_purchase",
    "make_request",
    "map_alternative",
    "note_opening",
    "note_price",
    "note_rate",
    "put_line",
    "receive",
    "remind",
    "remind_waiting",
    "return_to_draft",
    "send_back",
    "send_purchase",
    "send_request",
    "settle_claim",
    "stop_selling",
    "submit_purchase",
    "sync_needs",
    "tell_late_lines",
    "write_about",
    "write_to_invite",
]
