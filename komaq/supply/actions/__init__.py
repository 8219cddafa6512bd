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

__all__ = [
    "PurchaseLineIn",
    "approve",
    "cancel_purchase",
    "change_purchase",
    "close_purchase",
    "make_purchase",
    "return_to_draft",
    "submit_purchase",
]
