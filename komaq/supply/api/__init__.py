"""The room's doors for programs, by what they are about."""

from komaq.supply.api import contacts, needs, prices, purchases, quotations, suppliers

DOORS = (
    suppliers.doors,
    contacts.doors,
    prices.doors,
    needs.doors,
    quotations.doors,
    purchases.doors,
    purchases.receipts,
)
