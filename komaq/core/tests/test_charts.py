"""The geometry of a curve."""

import datetime
from decimal import Decimal

from komaq.core import charts, clock

START = datetime.datetime(2026, 1, 10, 8, tzinfo=clock.LIMA)


def points(*values, days=30):
    return [(START + datetime.timedelta(days=days * i), Decimal(value)) for i, value in enumerate(values)]


def test_one_moment_makes_no_curve():
    assert charts.curve(points(100)) is None
    assert charts.curve([(START, Decimal(1)), (START, Decimal(2))]) is None


def test_a_curve_spans_its_frame():
    drawn = charts.curve(points(10010, 11000, 12486))
    assert (drawn.dots[0][0], drawn.dots[-1][0]) == (charts.LEFT, charts.RIGHT)
    assert all(charts.TOP <= y <= charts.BOTTOM for _x, y in drawn.dots)
    assert [row.text for row in drawn.rows] == ["10,000", "11,000", "12,000", "13,000"]
    assert drawn.path.count("M") == 1


def test_a_new_meter_breaks_the_line():
    assert charts.curve(points(5000, 5100, 3, 90)).path.count("M") == 2


def test_equal_readings_lie_on_a_level_line():
    drawn = charts.curve(points(100, 100))
    assert drawn.dots[0][1] == drawn.dots[1][1]


def test_long_spans_name_months_and_short_ones_days():
    assert charts.curve(points(1, 2, days=10)).columns[0].text == "10/01"
    assert charts.curve(points(1, 2, days=400)).columns[0].text == "01/2026"


def test_points_come_in_any_order():
    assert charts.curve(list(reversed(points(1, 2, 3)))) == charts.curve(points(1, 2, 3))


def test_prices_fall_without_a_break_and_show_their_decimals():
    drawn = charts.curve(
        [(START + datetime.timedelta(days=n), Decimal(v)) for n, v in enumerate(("3.75", "3.71", "3.78"))],
        places=2,
        breaks=False,
    )
    assert drawn.path.count("M") == 1
    assert [tick.text for tick in drawn.rows] == ["3.70", "3.75", "3.80"]
    assert all(charts.TOP <= y <= charts.BOTTOM for _x, y in drawn.dots)
