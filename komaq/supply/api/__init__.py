"""The room's doors for programs, by what they are about."""

from komaq.supply.api import contacts, prices, purchases, suppliers

DOORS = (suppliers.doors, contacts.doors, prices.doors, purchases.doors, purchases.receipts)
