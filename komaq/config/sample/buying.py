"""What is bought and what is to be bought: purchases behind some receipts, open ones, requirements, kept stock."""

from komaq.config.sample import moments
from komaq.config.sample.goods import CENT, PIECE, RATE, SOL, Goods, Warehouses
from komaq.config.sample.store import Store
from komaq.config.sample.tables import Codes
from komaq.config.sample.trail import Trail
from komaq.core.search import search_text
from komaq.core.trail import kind_of
from komaq.orders.choices import OrderStatus
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.parts.models import Part
from komaq.supply.choices import NeedState, PurchaseState
from komaq.supply.models import GoodsReceipt, PartsNeed, PurchaseLine, PurchaseOrder, ReceiptLine

S = OrderStatus
BOUGHT_EVERY = 40
"""Of so many receipts one has its purchase order behind it."""
KEPT_EVERY, MOST_SHORT = 5, 2_600
"""One part in so many has a minimum; of these every second one is short of it, at most that many."""
LINES = 5


class Buyer:
    """Writes purchases and requirements."""

    def __init__(self, store: Store, trail: Trail, warehouses: Warehouses, by: int, approver: int) -> None:
        self.trail, self.codes, self.warehouses = trail, Codes(), warehouses
        self.by, self.approver = by, approver
        self.receipts_seen = 0
        self.purchases = store.table(
            PurchaseOrder,
            "code supplier_id deliver_to_id state currency rate rate_on total total_pen email made_by_id made_at "
            "approved_by_id approved_at sent_at confirmed_at received_at search",
        )
        self.lines = store.table(
            PurchaseLine, "purchase_id part_id quantity price received need_by promised_on first_promised_on"
        )
        self.receipts = store.table(GoodsReceipt, "code purchase_id warehouse_id guide received_by_id received_at")
        self.receipt_lines = store.table(ReceiptLine, "receipt_id line_id accepted")
        self.planned = store.table(PlannedPart, "segment_id part_id quantity need_by made_by_id made_at")
        self.needs = store.table(
            PartsNeed,
            "part_id quantity need_by source_kind source_id about is_urgent state purchase_line_id made_at",
        )

    def source_of(self, part: Goods, place: int, quantity: int, price: int, at: int) -> tuple[str, str]:
        """What a receipt comes from: now and then a purchase order, else nothing that is known."""
        self.receipts_seen += 1
        if self.receipts_seen % BOUGHT_EVERY:
            return "", ""
        start, day = at - 9 * moments.DAY, moments.day_of(at)
        line = [(part, quantity, price)]
        purchase = self._purchase(PurchaseState.RECEIVED, part.sellers[0], place, line, start, at)
        key = self._line(purchase, *line[0], day, received=quantity)
        receipt = self.receipts.add(
            self.codes.take("RC", day), purchase, place, f"T001-{self.receipts_seen:08d}", self.by, moments.stored(at)
        )
        self.receipt_lines.add(receipt, key, quantity)
        return kind_of(GoodsReceipt), str(receipt)

    def _purchase(
        self, state: str, seller: int, place: int, lines: list[tuple[Goods, int, int]], at: int, done: int | None
    ) -> int:
        day = moments.day_of(at)
        total = sum((quantity * price // PIECE + CENT // 2) // CENT for _part, quantity, price in lines)
        in_soles = (total * RATE + SOL // 2) // SOL
        code = self.codes.take("OC", day)
        stored, later = moments.stored(at), moments.stored(at + moments.DAY)
        words = [f"{part.facts[0]} {part.facts[2]}" for part, _quantity, _price in lines]
        key = self.purchases.add(
            code,
            seller,
            place,
            str(state),
            "USD",
            RATE,
            moments.date_of(day).isoformat(),
            total,
            in_soles,
            f"ventas@proveedor{seller}.demo",
            self.by,
            stored,
            self.approver,
            stored,
            stored,
            later,
            moments.stored(done) if done else None,
            search_text(code, *words),
        )
        chain = self.trail.of("supply.purchaseorder", key)
        chain.link("supply.purchase_made", at, self.by, visibility="internal", lines=words)
        return key

    def _line(self, purchase: int, part: Goods, quantity: int, price: int, day: int, received: int = 0) -> int:
        on = moments.date_of(day).isoformat()
        return self.lines.add(purchase, part.id, quantity, price, received, on, on, on)

    def want(self, goods: list[Goods], place: int) -> None:
        """Set limits: one part in five has a minimum, half of these run short; what is not coming is to be bought."""
        short = goods[KEPT_EVERY :: 2 * KEPT_EVERY][:MOST_SHORT]
        for part in goods[::KEPT_EVERY]:
            if part.free:
                part.minimum = max(0, part.free // PIECE // 2 - 1) * PIECE
                part.maximum = part.minimum * 4
        for part in short:
            part.minimum = part.free + (1 + part.id % 5) * PIECE
            part.maximum = part.minimum * 2 + 10 * PIECE
        ordered = short[len(short) * 4 // 5 :]
        for part in short[: len(short) * 4 // 5]:
            self._need(part, part.maximum - part.free, (kind_of(Part), str(part.id)), "", part.id % 40, None)
        for start in range(0, len(ordered), LINES):
            self._order(ordered[start : start + LINES], place)

    def _order(self, parts: list[Goods], place: int) -> None:
        """One open order of one supplier, confirmed for some day, some of them late."""
        today = moments.today()
        lines = [(part, part.maximum - part.free, part.price) for part in parts]
        at = moments.at(today - 12, 9, parts[0].id % 60)
        purchase = self._purchase(PurchaseState.CONFIRMED, parts[0].sellers[0], place, lines, at, None)
        for part, quantity, price in lines:
            day = today - 3 + part.id % 15
            line = self._line(purchase, part, quantity, price, day)
            self._need(part, quantity, (kind_of(Part), str(part.id)), "", part.id % 20, line)

    def _need(
        self, part: Goods, quantity: int, source: tuple[str, str], about: str, days: int, line: int | None
    ) -> None:
        today = moments.today()
        state = NeedState.ORDERED if line else NeedState.OPEN
        day = moments.date_of(today + days).isoformat() if about else None
        at = moments.stored(moments.at(today - 2, 9, part.id % 60))
        self.needs.add(part.id, quantity, day, *source, about, 0, str(state), line, at)

    def plan(self, goods: list[Goods]) -> None:
        """What live orders need: kept for those that go ahead, missing for those that wait."""
        there = iter([part for part in goods if part.held >= 12 * PIECE])
        nowhere = iter([part for part in goods[::-1] if not part.held])
        rows = ServiceOrder.objects.filter(segments__is_default=True).order_by("pk")
        for key, status, code, segment in rows.values_list("pk", "status", "code", "segments__pk"):
            if status in {S.SCHEDULED, S.IN_PROGRESS, S.WAITING_PARTS}:
                self._keep(next(there, None), segment, key)
            if status == S.WAITING_PARTS and (lacking := next(nowhere, None)):
                planned = self._plan(lacking, segment, 2 * PIECE, key)
                self._need(lacking, 2 * PIECE, (kind_of(PlannedPart), str(planned)), code, 3 + key % 9, None)

    def _plan(self, part: Goods, segment: int, quantity: int, order: int) -> int:
        day = moments.date_of(moments.today() + 3 + order % 9).isoformat()
        at = moments.stored(moments.at(moments.today() - 2, 10, order % 60))
        return self.planned.add(segment, part.id, quantity, day, self.by, at)

    def _keep(self, part: Goods | None, segment: int, order: int) -> None:
        if part is None:
            return
        place = max(part.here, key=lambda place: (part.here[place], place))
        quantity = min(2 * PIECE, part.here[place])
        planned = self._plan(part, segment, quantity, order)
        part.kept[place] = part.kept.get(place, 0) + quantity
        day = moments.date_of(moments.today() + 3 + order % 9).isoformat()
        at = moments.stored(moments.at(moments.today() - 2, 10, order % 60))
        self.warehouses.reservations.add(part.id, place, quantity, day, kind_of(PlannedPart), str(planned), self.by, at)
