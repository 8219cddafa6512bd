import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from komaq.config.sample import moments
from komaq.config.sample.clients import Register
from komaq.config.sample.diary import Diary
from komaq.config.sample.orders import Orders
from komaq.config.sample.people import People, hire
from komaq.config.sample.stockroom import Stockroom
from komaq.config.sample.store import Store
from komaq.config.sample.tables import Tables
from komaq.config.sample.trail import Trail
from komaq.customers.models import Customer
from komaq.fleet.models import Machine
from komaq.orders.models import ServiceOrder, ServiceRequest
from komaq.parts.models import Part

CHUNK = 2_000
YEARS = ((5_000, 2), (200_000, 4))
LONGEST = 10
GROWTH = 1.25
FAST_SQLITE = ("foreign_keys=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-131072")


def is_empty() -> bool:
    """Whether nobody's business is in the database yet; people of the staff do no harm."""
    return not any(model.objects.exists() for model in (ServiceOrder, ServiceRequest, Machine, Customer, Part))


def load(
    orders: int,
    seed: int,
    *,
    parts: int = 0,
    moves: int = 0,
    password: str = "",
    tick: Callable[[int], object] = lambda _done: None,
) -> int:
    """Write so many orders with all that hangs from them, in one transaction; how many rows.

    With `parts` there is a catalogue of so many, with `moves` of stock, suppliers, purchases and requirements; the
    trail keeps how parts, suppliers and purchases began, not each move. Without `password` nobody can sign in. `tick`
    hears how many orders were written since its last call.
    """
    dice = random.Random(seed)  # noqa: S311  a story, not a secret
    with _in_a_hurry(), transaction.atomic():
        store = _write(orders, dice, password, tick, parts, moves)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return store.written


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """SQLite writes its file once and keeps memory small; a power cut spoils a file that was empty before."""
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    if alone:
        with connection.cursor() as cursor:
            for setting in FAST_SQLITE:
                cursor.execute(f"PRAGMA {setting}")
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        if alone:
            connection.close()


def _write(
    orders: int, dice: random.Random, password: str, tick: Callable[[int], object], parts: int, moves: int
) -> Store:
    store = Store()
    people = People(store, dice, password)
    trail = Trail(store, dice)
    span = 365 * next((years for most, years in YEARS if orders <= most), LONGEST)
    first = moments.today() - span
    register = Register(store, people, trail, dice, first - 10)
    crew = max(8, round(orders / span * GROWTH * 3.2))
    staff = hire(store, people, trail, crew, first - 20)
    tables = Tables(store)
    stock = Stockroom(store, trail, dice, first, staff) if parts else None
    with store.bare():
        market = register.sign_up(max(12, orders // 150), max(40, orders // 25))
        story = Orders(tables, trail, staff, market, Diary(crew), dice)
        story.codes.last["MAQ", moments.date_of(register.day).year] = register.machines.last
        _tell(story, store, orders, span, tick)
        if stock:
            store.flush()
            stock.fill(parts, moves, range(first, moments.today()), story.codes)
    store.count_on()
    story.codes.hand_over()
    return store


def _tell(story: Orders, store: Store, orders: int, span: int, tick: Callable[[int], object]) -> None:
    """Order after order, more of them every year; the requests of the last two days wait."""
    today = moments.today()
    first = today - span
    for number in range(orders):
        day = min(first + int(span * ((number + 0.5) / orders) ** (1 / GROWTH)), today - 1)
        if moments.is_sunday(day) and day < today - 1:
            day += 1
        if number % 25 == 7:
            story.turn_away(day, number)
        story.tell(day, number)
        if number % CHUNK == CHUNK - 1:
            store.flush()
            story.diary.forget(day - 1)
            tick(CHUNK)
    for number in range(max(5, round(orders / span))):
        story.wait(today - 1 - number % 2, number)
    tick(orders % CHUNK)
