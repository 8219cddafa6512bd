"""The room's doors for programs, by what they are about."""

from komaq.orders.api import requests

DOORS = (requests.doors,)
