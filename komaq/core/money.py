"""Money and quantities: integers underneath, Decimal outside.

SQLite keeps decimals as floats, so amounts are stored in céntimos, unit prices in units of 10^-10 and
quantities in units of 10^-4. Rounding is half up, as SUNAT's rules ask.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable, register_combinable_fields
from django.utils.translation import gettext_lazy as _

LARGEST = 2**63


def round_half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


class ScaledField(models.Field):
    """A Decimal of `places` places kept as an integer. Refuses what would lose digits.

    It is no IntegerField to Django, or sums of two columns and means would come back unscaled.
    """

    places = 2

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: float | None, expression: object, connection: object) -> Decimal | None:
        return None if value is None else Decimal(str(value)).scaleb(-self.places)

    def to_python(self, value: object) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError(_("Write a number.")) from error

    def get_prep_value(self, value: object) -> int | None:
        exact = self.to_python(value)
        if exact is None:
            return None
        if not exact.is_finite():
            raise ValidationError(_("Write a number."))
        scaled = exact.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValidationError(_("At most %(places)s decimals.") % {"places": self.places})
        if abs(scaled) >= LARGEST:
            raise ValidationError(_("That number is too large."))
        return int(scaled)

    def formfield(self, **kwargs: object) -> forms.Field:
        return forms.DecimalField(
            **{"max_digits": 15, "decimal_places": self.places, "required": not self.blank, **kwargs}
        )


class MoneyField(ScaledField):
    """An amount in céntimos; its currency stands beside it."""

    places = 2


class UnitPriceField(ScaledField):
    """A unit price or cost, ten places as SUNAT allows."""

    places = 10


class QuantityField(ScaledField):
    """A quantity: pieces, litres, hours."""

    places = 4


for kind in (MoneyField, UnitPriceField, QuantityField):
    register_combinable_fields(kind, Combinable.ADD, kind, kind)
    register_combinable_fields(kind, Combinable.SUB, kind, kind)
