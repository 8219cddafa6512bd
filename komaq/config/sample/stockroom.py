import random

from komaq.config.sample.buying import Buyer
from komaq.config.sample.goods import Warehouses
from komaq.config.sample.ledger import Ledger
from komaq.config.sample.people import Staff
from komaq.config.sample.store import Store
from komaq.config.sample.tables import Codes
from komaq.config.sample.trail import Trail


class Stockroom:
    """Parts, what lies of them where, how it came there, and what is bought."""

    def __init__(self, store: Store, trail: Trail, dice: random.Random, first_day: int, staff: Staff) -> None:
        self.store, self.dice, self.by = store, dice, staff.logistics.user
        self.warehouses = Warehouses(store, trail, dice, first_day)
        self.buyer = Buyer(store, trail, self.warehouses, self.by, staff.manager.user)

    def fill(self, parts: int, moves: int, days: range, codes: Codes) -> None:
        """So many parts with so many moves over some days; orders must be written already."""
        places = self.warehouses.open()
        goods = self.warehouses.catalogue(parts)
        self.buyer.codes = codes
        Ledger(self.warehouses, places, self.by, self.dice, self.buyer.source_of).write(goods, moves, days, self.store)
        self.buyer.plan(goods)
        self.buyer.want(goods, places[0])
        self.warehouses.put_away(goods)
