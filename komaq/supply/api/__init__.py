from komaq.supply.api import contacts, prices, suppliers

DOORS = (suppliers.doors, contacts.doors, prices.doors)
