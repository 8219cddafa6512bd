"""A kardex in bulk: as many moves as wished, each with the balances it left, as the actions would have posted them."""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate
from uuid import UUID

from komaq.config.sample import moments
from komaq.config.sample.goods import CENT, PIECE, RATE, SOL, Goods, Warehouses
from komaq.config.sample.store import Store
from komaq.parts.choices import MoveKind

BUSIEST = 20
"""The n-th part moves about 1/(n + this) as often as the first: the first of 20,000 has 7,000 of a million moves."""
CHUNK = 20_000
TRANSFERRED, COUNTED = 0.05, 0.08
ISSUED, RECEIVED, COUNT = MoveKind.ISSUE.value, MoveKind.RECEIPT.value, MoveKind.COUNT.value
OUT, IN = MoveKind.TRANSFER_OUT.value, MoveKind.TRANSFER_IN.value
Source = Callable[[Goods, int, int, int, int], tuple[str, str]]


class Ledger:
    """Posts moves. One part after the other in the order of time, so that balances follow from each other."""

    def __init__(self, warehouses: Warehouses, places: list[int], by: int, dice: random.Random, source: Source) -> None:
        self.table, self.places, self.by, self.dice, self.source = warehouses.moves, places, by, dice, source
        self.written = 0

    def write(self, goods: list[Goods], count: int, days: range, store: Store) -> None:
        """`count` moves over some days, the busy parts first at every turn."""
        shares = list(accumulate(1 / (BUSIEST + rank) for rank in range(len(goods))))
        picked = self._picked(goods, shares)
        flushed = 0
        while self.written < count:
            day = days[len(days) * self.written // count]
            self._move(next(picked), moments.at(day, 8, self.written % 540), count - self.written)
            if self.written - flushed >= CHUNK:
                store.flush()
                flushed = self.written

    def _picked(self, goods: list[Goods], shares: list[float]) -> Iterator[Goods]:
        while True:
            yield from self.dice.choices(goods, cum_weights=shares, k=1_000)

    def _move(self, part: Goods, at: int, left: int) -> None:
        """What is likely where it stands: little is filled up, of much some goes out, changes place or is counted."""
        dice = self.dice
        place = self.places[(part.id + int(dice.random() * 2)) % len(self.places)]
        here = part.here.get(place, 0)
        chance = dice.random()
        if here < 4 * PIECE:
            self._receive(part, place, int(5 + dice.random() * 40) * PIECE, at)
        elif chance < TRANSFERRED and left > 1:
            to = self.places[(self.places.index(place) + 1) % len(self.places)]
            self._transfer(part, place, to, PIECE * max(1, here // PIECE // 3), at)
        elif chance < COUNTED:
            self._out(part, place, COUNT, PIECE, at, reason="Conteo cíclico")
        else:
            quantity = PIECE * max(1, int(dice.random() * here / PIECE / 4))
            self._out(part, place, ISSUED, quantity, at, reason="Consumo de taller")

    def _receive(self, part: Goods, place: int, quantity: int, at: int) -> None:
        price = part.price * int(95 + self.dice.random() * 11) // 100 // CENT * CENT
        part.last_cost = price * RATE // SOL
        source = self.source(part, place, quantity, price, at)
        self._post(part, place, RECEIVED, quantity, quantity * part.last_cost // PIECE, at, source=source)

    def _out(self, part: Goods, place: int, kind: str, quantity: int, at: int, *, reason: str) -> None:
        self._post(part, place, kind, -quantity, -value_out(part, quantity), at, reason=reason)

    def _transfer(self, part: Goods, place: int, to: int, quantity: int, at: int) -> None:
        value, pair = value_out(part, quantity), UUID(int=self.dice.getrandbits(128), version=4).hex
        self._post(part, place, OUT, -quantity, -value, at, pair=pair)
        self._post(part, to, IN, quantity, value, at, pair=pair)

    def _post(
        self,
        part: Goods,
        place: int,
        kind: str,
        quantity: int,
        value: int,
        at: int,
        *,
        source: tuple[str, str] = ("", ""),
        pair: str | None = None,
        reason: str = "",
    ) -> None:
        after = part.here[place] = part.here.get(place, 0) + quantity
        part.held += quantity
        part.value += value
        balances = (after, part.held, part.value)
        self.table.add(
            part.id, place, kind, quantity, value, *balances, pair, *source, reason, self.by, moments.stored(at)
        )
        self.written += 1


def value_out(part: Goods, quantity: int) -> int:
    """The share of the value that leaves with a quantity, rounded half up; all of it with the last piece."""
    return part.value if quantity == part.held else (2 * part.value * quantity + part.held) // (2 * part.held)
