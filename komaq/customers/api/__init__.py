"""The room's doors for programs, by what they are about."""

from komaq.customers.api import contacts, customers, sites

DOORS = (customers.doors, contacts.doors, sites.doors)
