from komaq.parts.actions.catalogue import (
    change_part,
    create_part,
    link_parts,
    unlink_parts,
)
from komaq.parts.actions.move_stock import (
    adjust_stock,
    count_stock,
    issue_stock,
    issued_for,
    open_stock,
    receive_stock,
    return_stock,
    return_to_supplier,
    revalue_stock,
    transfer_stock,
)
from komaq.parts.actions.photos import photograph_part
from komaq.parts.actions.posting import hold as hold_parts
from komaq.parts.actions.reserving import free_reservation, free_reservations, keep_reserved, reserve_stock, set_aside
from komaq.parts.actions.warehouses import save_warehouse
from komaq.parts.rules import number_key

__all__ = [
    "adjust_stock",
    "change_part",
    "count_stock",
    "create_part",
    "free_reservation",
    "free_reservations",
    "hold_parts",
    "issue_stock",
    "issued_for",
    "keep_reserved",
    "link_parts",
    "number_key",
    "open_stock",
    "photograph_part",
    "receive_stock",
    "reserve_stock",
    "return_stock",
    "return_to_supplier",
    "revalue_stock",
    "save_warehouse",
    "set_aside",
    "transfer_stock",
    "unlink_parts",
]
