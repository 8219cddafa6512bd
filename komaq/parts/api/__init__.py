"""The room's doors for programs, by what they are about."""

from komaq.parts.api import reservations, stock, warehouses
from komaq.parts.api.parts import parts

DOORS = (parts, *(each.doors for each in (warehouses, stock, reservations)))
