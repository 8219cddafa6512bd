"""Money and quantities: integers underneath, Decimal outside.

SQLite keeps decimals as floats, so amounts are stored in céntimos, unit prices in units of 10^-10 and
quantities in units of 10^-4. Rounding is half up, as SUNAT's rules ask.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def round_half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


class ScaledField(models.BigIntegerField):
    """A Decimal of `places` places kept as an integer. Refuses what would lose digits."""

    places = 2

    def from_db_value(self, value: int | None, expression: object, connection: object) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

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
