from komaq.fleet.actions.machines import (
    SerialTaken,
    add_machine,
    change_machine,
    follow_owner,
    move_machine,
    set_status,
)
from komaq.fleet.actions.readings import BelowLast, InFuture, ReasonNeeded, TooFast, record_reading

__all__ = [
    "BelowLast",
    "InFuture",
    "ReasonNeeded",
    "SerialTaken",
    "TooFast",
    "add_machine",
    "change_machine",
    "follow_owner",
    "move_machine",
    "record_reading",
    "set_status",
]
