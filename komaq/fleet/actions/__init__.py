from komaq.fleet.actions.machines import (
    ModelNeeded,
    SerialTaken,
    SiteOfAnother,
    add_machine,
    change_machine,
    follow_owner,
    move_machine,
    set_status,
)
from komaq.fleet.actions.readings import (
    AboveNext,
    BelowLast,
    InFuture,
    NoSuchReading,
    ReasonNeeded,
    TooFast,
    TooLongAgo,
    record_reading,
)

__all__ = [
    "AboveNext",
    "BelowLast",
    "InFuture",
    "ModelNeeded",
    "NoSuchReading",
    "ReasonNeeded",
    "SerialTaken",
    "SiteOfAnother",
    "TooFast",
    "TooLongAgo",
    "add_machine",
    "change_machine",
    "follow_owner",
    "move_machine",
    "record_reading",
    "set_status",
]
