"""The room's doors for programs, by what they are about."""

from komaq.orders.api import calendar, documents, order_parts, orders, planned_parts, requests, technicians, visits

DOORS = tuple(
    each.doors for each in (requests, orders, order_parts, planned_parts, documents, visits, technicians, calendar)
)
