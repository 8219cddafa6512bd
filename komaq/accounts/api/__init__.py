"""The room's doors for programs, by what they are about."""

from komaq.accounts.api import areas, employees, me, positions, privacy, tokens, users

DOORS = (
    me.doors,
    tokens.doors,
    privacy.doors,
    users.doors,
    employees.doors,
    areas.doors,
    positions.doors,
)
