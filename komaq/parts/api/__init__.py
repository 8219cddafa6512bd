"""The room's doors for programs."""

from komaq.parts.api.parts import parts

DOORS = (parts,)
