"""Where the demo keeps its stock, and what happens to it from month to month without an order being the cause."""

import datetime
import random
from dataclasses import dataclass, field
from decimal import Decimal

from komaq.config.demo.catalogue import SOLES_A_DOLLAR, Catalogue
from komaq.config.demo.people import Staff
from komaq.config.demo.stage import Story
from komaq.core import clock
from komaq.parts import actions, queries
from komaq.parts.choices import Category, WarehouseKind
from komaq.parts.models import Part, Stock, Warehouse

EVERY_DAYS = 14
CONSUMED = frozenset({Category.LUBRICANT, Category.FASTENER, Category.OTHER, Category.SEAL})
WHY = ("Consumo de taller", "Trapo, grasa y pernos del turno", "Armado de banco de pruebas", "Mantenimiento propio")
WANTED_ON_VANS = frozenset({Category.FILTER, Category.FASTENER, Category.ELECTRICAL, Category.HYDRAULIC})


@dataclass
class Shelves:
    """The warehouses and who keeps them."""

    staff: Staff
    catalogue: Catalogue
    dice: random.Random
    store: Warehouse = None
    workshop: Warehouse = None
    vans: list[Warehouse] = field(default_factory=list)

    def open(self) -> None:
        """Four warehouses; what is usually kept lies in one of the two large ones."""
        by, crew = self.staff.nico, self.staff.technicians
        self.store = actions.save_warehouse(code="LIM", name="Almacén Lima", kind=WarehouseKind.STORE, by=by)
        self.workshop = actions.save_warehouse(code="TAL", name="Taller Arequipa", kind=WarehouseKind.WORKSHOP, by=by)
        for number, keeper in enumerate(crew[:2], 1):
            name = f"Camioneta {number} · {keeper.person.given_names}"
            van = {"code": f"CAM{number}", "name": name, "kind": WarehouseKind.VAN, "keeper": keeper}
            self.vans.append(actions.save_warehouse(**van, by=by))
        for part in self.catalogue.parts:
            if part.minimum:
                self._begin_with(part)

    def _begin_with(self, part: Part) -> None:
        """What was there when the books began: between the minimum and the maximum."""
        low, high = int(part.minimum), int(part.maximum)
        actions.open_stock(
            part=part,
            warehouse=self.store if self.dice.random() < 0.6 else self.workshop,
            quantity=Decimal(self.dice.randrange(low + 1, high + 2)),
            unit_cost=round(self.catalogue.cost[part.pk] * SOLES_A_DOLLAR, 2),
            by=self.staff.nico,
        )

    def live(self, days: int) -> Story:
        """Every other week something is used up, taken to a van, counted, put right."""
        for round_number, ago in enumerate(range(days, 0, -EVERY_DAYS)):
            yield (moment := clock.lima(clock.today() - datetime.timedelta(days=ago), 17, 30))
            with clock.travel(moment):
                self._use_up()
                if round_number % 3 == 0:
                    self._load_a_van(self.vans[round_number // 3 % 2])
                if round_number % 4 == 2:
                    self._count()
                if round_number % 9 == 5:
                    self._put_right()

    def _some(self, count: int, categories: frozenset[str], *places: Warehouse) -> list[Stock]:
        """Stock of which something is free."""
        rows = queries.stocks_visible_to(self.staff.nico).filter(warehouse__in=places, part__category__in=categories)
        found = list(rows.filter(free__gte=2).order_by("pk"))
        return self.dice.sample(found, min(count, len(found)))

    def _use_up(self) -> None:
        for stock in self._some(2, CONSUMED, self.store, self.workshop):
            actions.issue_stock(
                part=stock.part,
                warehouse=stock.warehouse,
                quantity=Decimal(self.dice.randrange(1, max(2, int(stock.free) // 6))),
                by=self.staff.nico,
                reason=self.dice.choice(WHY),
            )

    def _load_a_van(self, van: Warehouse) -> None:
        for stock in self._some(4, WANTED_ON_VANS, self.store, self.workshop):
            actions.transfer_stock(
                part=stock.part,
                warehouse=stock.warehouse,
                to=van,
                quantity=Decimal(max(1, int(stock.free) // 4)),
                by=self.staff.nico,
                reason="Reposición de camioneta",
            )

    def _count(self) -> None:
        """Five shelves are counted; on one of them a piece is missing."""
        for number, stock in enumerate(self._some(5, frozenset(Category), self.store, self.workshop)):
            actions.count_stock(
                part=stock.part,
                warehouse=stock.warehouse,
                counted=stock.on_hand - (1 if number == 0 else 0),
                by=self.staff.nico,
                reason="Conteo cíclico" if number else "Conteo cíclico: falta una unidad en el anaquel",
            )

    def _put_right(self) -> None:
        for stock in self._some(1, frozenset({Category.SEAL, Category.FILTER}), self.store):
            actions.adjust_stock(
                part=stock.part,
                warehouse=stock.warehouse,
                quantity=Decimal(-1),
                by=self.staff.nico,
                reason="Empaque roto por humedad: se da de baja",
            )
