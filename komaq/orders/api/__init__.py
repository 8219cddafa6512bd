"""The room's doors for programs, by what they are about."""

from komaq.orders.api import calendar, documents, order_parts, orders, requests, visits

DOORS = (requests.doors, orders.doors, order_parts.doors, documents.doors, visits.doors, calendar.doors)
