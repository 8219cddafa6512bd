"""Money and quantities: integers underneath, Decimal outside, nothing lost and nothing foreign let in."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Avg, F, Max, Min, Sum
from hypothesis import given
from hypothesis import strategies as st

from komaq.core import clock
from komaq.core.money import MoneyField, QuantityField, UnitPriceField, round_half_up

FIELDS = [MoneyField(), UnitPriceField(), QuantityField()]
field_named = pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)


@field_named
@given(scaled=st.integers(-(2**62), 2**62))
def test_a_value_comes_back_as_it_went(field, scaled):
    value = field.from_db_value(scaled, None, None)
    assert field.get_prep_value(value) == scaled


@field_named
@pytest.mark.parametrize(
    "value", ["NaN", "sNaN", "Infinity", "-Infinity", "abc", "", "1e999999999999999999999", "1e19", "-1e30"]
)
def test_what_is_no_number_is_refused(field, value):
    with pytest.raises(ValidationError):
        field.get_prep_value(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (MoneyField(), "0.001"),
        (UnitPriceField(), "0.00000000001"),
        (QuantityField(), "1.00001"),
        (MoneyField(), 0.1 + 0.2),
    ],
)
def test_a_digit_too_many_is_refused_not_rounded(field, value):
    with pytest.raises(ValidationError):
        field.get_prep_value(value)


@field_named
def test_nothing_stays_nothing(field):
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, None) is None


def test_whole_numbers_and_trailing_zeros_are_fine():
    assert MoneyField().get_prep_value("12.500") == 1250
    assert MoneyField().get_prep_value(12) == 1200
    assert QuantityField().get_prep_value(Decimal("1E+2")) == 1_000_000


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.125", "0.13"), ("0.135", "0.14"), ("-0.125", "-0.13"), ("2.5", "2.50")]
)
def test_rounding_is_half_up_as_sunat_asks(value, rounded):
    assert round_half_up(Decimal(value), 2) == Decimal(rounded)


@pytest.fixture
def readings(cat336):
    MeterReading = apps.get_model("fleet.MeterReading")  # noqa: N806  a class
    for value in ("0.1", "0.2", "12486.5"):
        MeterReading.objects.create(
            machine=cat336,
            value=Decimal(value),
            read_at=clock.now(),
            recorded_at=clock.now(),
            source="technician",
        )
    return MeterReading.objects.all()


@pytest.mark.db
def test_sums_and_extremes_are_exact_decimals(readings):
    """0.1 + 0.2 is 0.3 here, in the database too."""
    found = readings.aggregate(total=Sum("value"), least=Min("value"), most=Max("value"))
    assert found == {"total": Decimal("12486.8"), "least": Decimal("0.1"), "most": Decimal("12486.5")}


@pytest.mark.db
def test_comparisons_and_arithmetic_speak_decimal(readings):
    assert readings.filter(value__gt=Decimal("0.15")).count() == 2
    assert readings.annotate(twice=F("value") + F("value")).order_by("value").first().twice == Decimal("0.2")


@pytest.mark.db
def test_a_mean_is_a_decimal_of_the_same_scale(readings):
    mean = readings.filter(value__lt=1).aggregate(mean=Avg("value"))["mean"]
    assert Decimal(str(mean)) == Decimal("0.15")


def test_a_form_asks_for_no_more_places_than_are_kept():
    form_field = MoneyField(blank=True, null=True).formfield()
    assert form_field.clean("1234.56") == Decimal("1234.56")
    with pytest.raises(ValidationError):
        form_field.clean("0.001")
    assert form_field.clean("") is None
