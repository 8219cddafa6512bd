"""Charts drawn by the server as SVG: geometry here, marks in `core/_curve.html`."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from komaq.core import clock

WIDTH, HEIGHT = 660, 200
LEFT, RIGHT, TOP, BOTTOM = 56, 630, 16, 168
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    """A line or a word beside an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Curve:
    """A line over time, ready to be drawn."""

    path: str
    dots: list[tuple[float, float]]
    rows: list[Tick]
    columns: list[Tick]
    first: tuple[datetime.datetime, Decimal]
    last: tuple[datetime.datetime, Decimal]


def curve(points: list[tuple[datetime.datetime, Decimal]], *, places: int = 0, breaks: bool = True) -> Curve | None:
    """The line through points in the order of time; None under two moments.

    With `breaks` it begins anew where a value falls, as a meter that was replaced does. The values beside it have
    `places` decimals, and a unit of the last one is the smallest step.
    """
    points = sorted(points)
    if len({at for at, _value in points}) < 2:
        return None
    unit = 10**places
    low, high, step = _range([float(value) * unit for _at, value in points])
    start, end = points[0][0], points[-1][0]
    dots = [
        (
            _scale((at - start) / (end - start), LEFT, RIGHT),
            _scale((float(value) * unit - low) / (high - low), BOTTOM, TOP),
        )
        for at, value in points
    ]
    path = "".join(
        f"{'M' if i == 0 or (breaks and points[i][1] < points[i - 1][1]) else 'L'}{x:g},{y:g}"
        for i, (x, y) in enumerate(dots)
    )
    rows = [
        Tick(_scale(i * step / (high - low), BOTTOM, TOP), f"{(low + i * step) / unit:,.{places}f}")
        for i in range(round((high - low) / step) + 1)
    ]
    return Curve(path, dots, rows, _columns(start, end), points[0], points[-1])


def _range(values: list[float]) -> tuple[float, float, float]:
    spread = max(max(values) - min(values), 1)
    step = _nice(spread / 3)
    low = step * int(min(values) // step)
    high = step * -int(-max(values) // step)
    return low, max(high, low + step), step


def _nice(raw: float) -> float:
    power = 1
    while raw > 5 * power:
        power *= 10
    return next(each * power for each in STEPS if each * power >= raw)


def _columns(start: datetime.datetime, end: datetime.datetime) -> list[Tick]:
    form = "%m/%Y" if end - start > datetime.timedelta(days=150) else "%d/%m"
    shares = [part / 4 for part in range(5)]
    moments = [(share, (start + (end - start) * share).astimezone(clock.LIMA)) for share in shares]
    return [Tick(_scale(share, LEFT, RIGHT), moment.strftime(form)) for share, moment in moments]


def _scale(share: float, start: float, end: float) -> float:
    return round(start + share * (end - start), 1)
