"""What stands in the way of parts and stock."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from komaq.core.refusals import BadInput, Refusal
from komaq.parts.models import Part, Warehouse


class NumberTaken(Refusal):
    """The catalogue has this maker's number already."""

    message = gettext_lazy("The catalogue already has this number of this brand.")
    field = "number"


class NumberNeeded(BadInput):
    """A part is known by its maker and number."""

    message = gettext_lazy("Write the maker’s number: letters and digits.")
    field = "number"


class NameNeeded(BadInput):
    message = gettext_lazy("Write what it is.")
    field = "name"


class BrandNeeded(BadInput):
    message = gettext_lazy("Write the brand.")
    field = "brand"


class LimitsCrossed(BadInput):
    """The maximum lies below the minimum."""

    message = gettext_lazy("The maximum must not be below the minimum.")
    field = "maximum"


class UnitInUse(Refusal):
    """What moved was counted in the unit the part has."""

    message = gettext_lazy("The unit cannot change: stock of this part has moved.")
    field = "unit"


class LinkLoops(Refusal):
    """A part cannot stand in for itself, not even by way of others."""

    message = gettext_lazy("That would make a part replace itself.")
    field = "other"


class LinkedBefore(Refusal):
    message = gettext_lazy("These two parts are linked already.")
    field = "other"


class CodeTaken(Refusal):
    message = gettext_lazy("Another warehouse has this code.")
    field = "code"


class BadQuantity(BadInput):
    """Quantities are positive, with four decimals at most."""

    message = gettext_lazy("Write a quantity above zero, at most a million, with four decimals.")
    field = "quantity"


class BadCost(BadInput):
    message = gettext_lazy("Write a cost of zero or more.")
    field = "unit_cost"


class ReasonNeeded(BadInput):
    message = gettext_lazy("Say why: the kardex keeps it.")
    field = "reason"


class SameWarehouse(BadInput):
    message = gettext_lazy("Choose two different warehouses.")
    field = "to"


class WarehouseClosed(Refusal):
    """A closed warehouse takes nothing in and gives nothing out."""

    def __init__(self, warehouse: Warehouse, field: str = "warehouse") -> None:
        super().__init__(_("%(name)s is closed.") % {"name": warehouse.name}, field=field)


class CodeNeeded(BadInput):
    message = gettext_lazy("Write a short code: at most 12 letters and digits.")
    field = "code"


class MovedMeanwhile(Refusal):
    """The stock is no longer what was looked at."""

    message = gettext_lazy("The stock moved meanwhile: look at it again.")


class WarehouseInUse(Refusal):
    """What holds stock cannot be closed."""

    message = gettext_lazy("There is still stock in it. Move it elsewhere first.")


class ShortOfStock(Refusal):
    """Less is there, or free, than was asked for."""

    field = "quantity"

    def __init__(self, part: Part, warehouse: Warehouse, free: Decimal) -> None:
        self.free = free
        super().__init__(
            _("Only %(free)s of %(part)s are free in %(warehouse)s.")
            % {"free": f"{free.normalize():f}", "part": part, "warehouse": warehouse.name}
        )


class ReservedStock(Refusal):
    """What others reserved stands in the way."""

    field = "quantity"

    def __init__(self, part: Part, reserved: Decimal) -> None:
        super().__init__(
            _("%(reserved)s of %(part)s are reserved there: free the reservations first.")
            % {"reserved": f"{reserved.normalize():f}", "part": part}
        )


class NothingFree(Refusal):
    """Less lies free than is to be set aside."""

    message = gettext_lazy("So much of it is not free.")
    field = "quantity"


class ReservationUsed(Refusal):
    """What was used is out of the store and cannot be let go."""

    message = gettext_lazy("That reservation was used already.")


class NothingIssued(Refusal):
    """More would come back than went out for this."""

    message = gettext_lazy("More cannot come back than was issued for it.")
    field = "quantity"


class StockBegun(Refusal):
    """An opening balance comes before everything else."""

    field = "warehouse"

    def __init__(self, part: Part, warehouse: Warehouse) -> None:
        words = _("%(part)s has moved in %(warehouse)s before: receive or adjust it instead.")
        super().__init__(words % {"part": part, "warehouse": warehouse.name})
