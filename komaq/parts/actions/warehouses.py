"""The places that keep stock."""

import re

from django.db import IntegrityError, transaction

from komaq.accounts.models import Employee, User
from komaq.core import trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.parts import rules
from komaq.parts.actions.refusals import CodeNeeded, CodeTaken, NameNeeded, WarehouseInUse
from komaq.parts.choices import WarehouseKind
from komaq.parts.models import Stock, Warehouse

CODE = re.compile(r"[0-9A-Z][0-9A-Z._-]{0,11}")


@action
def save_warehouse(
    *,
    code: str,
    name: str,
    kind: str,
    by: User,
    keeper: Employee | None = None,
    is_open: bool = True,
    warehouse: Warehouse | None = None,
    version: int | None = None,
) -> Warehouse:
    """Open a warehouse or change one; `version` is what its values were read at.

    Raises NotAllowed, CodeNeeded, NameNeeded, CodeTaken, WarehouseInUse (it holds stock), Stale.
    """
    require(rules.can_manage_parts(by))
    code, name = code.strip().upper(), name.strip()[:80]
    require(bool(CODE.fullmatch(code)), else_=CodeNeeded())
    require(bool(name), else_=NameNeeded())
    warehouse = lock(warehouse) if warehouse else Warehouse()
    if version is not None and rules.version_of(warehouse) != version:
        raise Stale(warehouse)
    holds = warehouse.pk and Stock.objects.filter(warehouse=warehouse, on_hand__gt=0).exists()
    require(is_open or not holds, else_=WarehouseInUse())
    warehouse.code, warehouse.name, warehouse.kind = code, name, WarehouseKind(kind)
    warehouse.keeper, warehouse.is_open = keeper, is_open
    try:
        with transaction.atomic():
            warehouse.save()
    except IntegrityError as error:
        if Warehouse.objects.filter(code=code).exclude(pk=warehouse.pk).exists():
            raise CodeTaken from error
        raise
    facts = {"code": code, "name": name, "warehouse_kind": kind, "is_open": is_open}
    trail.record("parts.warehouse_saved", warehouse, by=by, **facts)
    return warehouse
