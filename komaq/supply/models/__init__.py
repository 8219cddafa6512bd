from komaq.supply.models.need import PartsNeed
from komaq.supply.models.purchase import (
    Claim,
    GoodsReceipt,
    PromiseChange,
    PurchaseLine,
    PurchaseOrder,
    ReceiptLine,
)
from komaq.supply.models.quotation import Invite, Offer, OfferLine, QuotationLine, QuotationRequest, SupplierLink
from komaq.supply.models.supplier import PriceRecord, Supplier, SupplierAccount, SupplierContact, SupplierPart

__all__ = [
    "Claim",
    "GoodsReceipt",
    "Invite",
    "Offer",
    "OfferLine",
    "PartsNeed",
    "PriceRecord",
    "PromiseChange",
    "PurchaseLine",
    "PurchaseOrder",
    "QuotationLine",
    "QuotationRequest",
    "ReceiptLine",
    "Supplier",
    "SupplierAccount",
    "SupplierContact",
    "SupplierLink",
    "SupplierPart",
]
