"""What the demo buys: orders for the shelves by a calendar, and in haste what an order waits for."""

import datetime
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from komaq.config.demo.people import Staff
from komaq.config.demo.photos import draw
from komaq.config.demo.shelves import Shelves
from komaq.config.demo.stage import Story
from komaq.config.demo.suppliers import Seller, raise_prices
from komaq.core import clock, files
from komaq.core.trail import kind_of
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import planned_parts_of
from komaq.parts.models import Part, Warehouse
from komaq.parts.queries import availability_of
from komaq.supply import actions
from komaq.supply.choices import ClaimKind, ClaimState, NeedState, PurchaseState
from komaq.supply.models import Claim, PartsNeed, PurchaseLine, PurchaseOrder

P = PurchaseState
Moment = datetime.datetime
PACIFIC, NIPPO, NORDIC, FILTERS, OILS, TYRES, TRACKS, HARDWARE, GULF, RUHR = range(10)
CALENDAR = (
    (331, PACIFIC, 3, P.RECEIVED),
    (301, TRACKS, 3, P.RECEIVED),
    (281, FILTERS, 3, P.RECEIVED),
    (262, NIPPO, 3, P.RECEIVED),
    (240, RUHR, 2, P.RECEIVED),
    (222, TRACKS, 2, P.RECEIVED),
    (190, HARDWARE, 3, P.RECEIVED),
    (171, FILTERS, 3, P.RECEIVED),
    (150, GULF, 3, P.RECEIVED),
    (138, TRACKS, 3, P.RECEIVED),
    (121, PACIFIC, 3, P.RECEIVED),
    (104, TYRES, 2, P.RECEIVED),
    (88, OILS, 3, P.RECEIVED),
    (74, TRACKS, 2, P.RECEIVED),
    (58, NIPPO, 3, P.RECEIVED),
    (41, NORDIC, 2, P.RECEIVED),
    (33, FILTERS, 3, P.RECEIVED),
    (30, TRACKS, 3, P.PARTIAL),
    (24, TRACKS, 2, P.CONFIRMED),
    (20, TYRES, 1, P.CANCELLED),
    (18, HARDWARE, 2, P.CANCELLED),
    (14, NORDIC, 3, P.PARTIAL),
    (11, GULF, 3, P.CONFIRMED),
    (9, RUHR, 1, P.CONFIRMED),
    (6, TYRES, 2, P.TO_APPROVE),
    (5, PACIFIC, 3, P.SENT),
    (4, OILS, 3, P.SENT),
    (3, FILTERS, 3, P.APPROVED),
    (2, GULF, 2, P.TO_APPROVE),
    (2, HARDWARE, 3, P.DRAFT),
    (1, NIPPO, 2, P.DRAFT),
)
"""How many days ago, of whom, how many parts, and how far it came."""
DEARER_DAYS_AGO = 130


@dataclass(frozen=True)
class Deal:
    """One purchase order: what is wanted of whom, how far it comes, for which order if for one."""

    seller: Seller
    lines: tuple[tuple[Part, Decimal], ...]
    fate: str
    place: Warehouse
    note: str = ""
    order: ServiceOrder | None = None
    days: int = 0


class Market:
    """Buys for the shelves and for orders that wait."""

    def __init__(self, staff: Staff, sellers: list[Seller], shelves: Shelves, dice: random.Random) -> None:
        self.staff, self.sellers, self.shelves, self.dice = staff, sellers, shelves, dice

    def by_calendar(self) -> Iterable[Story]:
        """The purchases for the shelves."""
        return [self._restock(*facts) for facts in CALENDAR]

    def get_dearer(self) -> Story:
        """Once in the year every supplier asks more."""
        yield (moment := clock.lima(clock.today() - datetime.timedelta(days=DEARER_DAYS_AGO), 8))
        with clock.travel(moment):
            raise_prices(self.sellers, self.staff.nico, self.dice, some=6)

    def _restock(self, ago: int, which: int, count: int, fate: str) -> Story:
        yield (moment := clock.lima(clock.today() - datetime.timedelta(days=ago), 9, 20))
        seller = self.sellers[which]
        note = "Reposición de existencias: mínimo alcanzado."
        choose = self._dearest_of if fate == P.TO_APPROVE else self._short_of
        deal = Deal(seller, choose(seller, count), fate, self.shelves.store, note)
        yield from self._tell(deal, moment)

    def _short_of(self, seller: Seller, count: int) -> tuple[tuple[Part, Decimal], ...]:
        """What of this supplier's parts runs short, filled up with what it is often asked for."""
        known = availability_of(seller.parts)
        short = [part for part in seller.parts if part.minimum and known[part.pk].free <= part.minimum]
        others = [part for part in seller.parts if part not in short and part.is_open]
        chosen = [*short, *self.dice.sample(others, min(count, len(others)))][:count]
        lines = []
        for part in chosen:
            lacks = int(part.maximum - known[part.pk].free) if part.maximum else self.dice.choice((1, 1, 2))
            lines.append((part, Decimal(max(1, lacks))))
        return tuple(lines)

    def _dearest_of(self, seller: Seller, count: int) -> tuple[tuple[Part, Decimal], ...]:
        """What nobody buys without asking."""
        dear = sorted(seller.parts, key=lambda part: (-seller.prices[part.pk], part.pk))
        return tuple((part, Decimal(2)) for part in dear[:count])

    def in_haste(self, order: ServiceOrder, moment: Moment, fate: str = P.RECEIVED, days: int = 0) -> list[Story]:
        """A purchase per supplier for what an order lacks, of whoever brings it soonest; or in so many `days`."""
        wanted: dict[int, list[tuple[Part, Decimal]]] = defaultdict(list)
        for line in planned_parts_of(order):
            selling = [place for place, each in enumerate(self.sellers) if line.part.pk in each.prices]
            if line.missing and selling:
                soonest = min(selling, key=lambda place: self.sellers[place].house.lead_days)
                wanted[soonest].append((line.part, line.missing))
        note = f"Urgente: {order.code}, la orden espera este repuesto."
        return [
            self._at_once(
                Deal(self.sellers[place], tuple(lines), fate, self.shelves.workshop, note, order, days), moment
            )
            for place, lines in wanted.items()
        ]

    def _at_once(self, deal: Deal, moment: Moment) -> Story:
        yield moment
        yield from self._tell(deal, moment)

    def _tell(self, deal: Deal, start: Moment) -> Story:
        """A purchase order from its draft to `deal.fate`, or to where it stands today."""
        with clock.travel(start):
            purchase = self._write(deal)
        if deal.fate != P.DRAFT:
            yield from self.go_on(deal, purchase, start)

    def go_on(self, deal: Deal, purchase: PurchaseOrder, start: Moment) -> Story:
        """What becomes of a draft."""
        nico = self.staff.nico
        yield (moment := start + datetime.timedelta(hours=1))
        with clock.travel(moment):
            purchase = actions.submit_purchase(purchase=purchase, by=nico)
        if purchase.state == P.TO_APPROVE:
            if deal.fate == P.TO_APPROVE:
                return
            yield (moment := moment + datetime.timedelta(hours=4))
            with clock.travel(moment):
                purchase = actions.approve(purchase=purchase, by=self.staff.gina)
        if deal.fate == P.APPROVED:
            return
        yield (moment := moment + datetime.timedelta(hours=1))
        with clock.travel(moment):
            purchase = actions.send_purchase(purchase=purchase, by=nico)
        if deal.fate == P.SENT:
            return
        if deal.fate == P.CANCELLED:
            yield (moment := moment + datetime.timedelta(hours=5))
            with clock.travel(moment):
                reason = "El proveedor no sostiene el precio; se compra a otro."
                actions.cancel_purchase(purchase=purchase, reason=reason, by=nico)
            return
        yield from self._follow(deal, purchase, moment)

    def _write(self, deal: Deal) -> PurchaseOrder:
        lines = [
            actions.PurchaseLineIn(
                part=part,
                quantity=quantity,
                price=deal.seller.prices[part.pk],
                need_by=clock.today() + datetime.timedelta(days=deal.days or deal.seller.house.lead_days),
                needs=tuple(self._needs(part, deal.order)),
            )
            for part, quantity in deal.lines
        ]
        return actions.make_purchase(
            supplier=deal.seller.supplier,
            lines=lines,
            currency=deal.seller.house.currency,
            deliver_to=deal.place,
            note=deal.note,
            by=self.staff.nico,
        )

    def _needs(self, part: Part, order: ServiceOrder | None) -> list[PartsNeed]:
        """What is to be bought of a part: for this order, or for the shelves."""
        rows = PartsNeed.objects.filter(part=part, state=NeedState.OPEN)
        if order is None:
            return list(rows.filter(source_kind=kind_of(Part)))
        planned = PlannedPart.objects.filter(segment__order=order, part=part).values_list("pk", flat=True)
        return list(rows.filter(source_kind=kind_of(PlannedPart), source_id__in=[str(key) for key in planned]))

    def _follow(self, deal: Deal, purchase: PurchaseOrder, sent: Moment) -> Story:
        """The supplier confirms, perhaps puts off, and delivers; some of it broken when it is careless."""
        seller, slip = deal.seller, deal.seller.next_slip()
        yield (moment := sent + datetime.timedelta(hours=16))
        with clock.travel(moment):
            link = purchase.links.filter(ended_at=None).latest("pk")
            actions.note_opening(link=link)
            promised = clock.today() + datetime.timedelta(days=deal.days or seller.house.lead_days)
            lines = list(purchase.lines.select_related("part"))
            purchase = actions.confirm(link=link, dates={line.pk: promised for line in lines})
        if slip > 4 and deal.fate != P.CONFIRMED:
            yield (moment := clock.lima(promised, 11))
            with clock.travel(moment):
                self._put_off(purchase, lines[0], promised + datetime.timedelta(days=slip - 2))
        if deal.fate == P.CONFIRMED:
            return
        yield (moment := max(moment, clock.lima(promised + datetime.timedelta(days=slip), 10, 40)))
        with clock.travel(moment):
            self._receive(deal, purchase, is_first=True)
        if purchase.lines.filter(received__lt=F("quantity")).exists() and deal.fate == P.RECEIVED:
            yield (moment := moment + datetime.timedelta(days=5))
            with clock.travel(moment):
                self._receive(deal, purchase, is_first=False)
                self._settle(purchase)

    def _put_off(self, purchase: PurchaseOrder, line: PurchaseLine, day: datetime.date) -> None:
        link = purchase.links.filter(ended_at=None).latest("pk")
        reason = "La nave se retrasó en el Callao."
        actions.change_promise(line=line, promised_on=day, reason=reason, link=link)
        actions.write_about(link=link, text="Disculpen la demora: la carga sigue en aduana. Les avisamos al retirarla.")

    def _receive(self, deal: Deal, purchase: PurchaseOrder, *, is_first: bool) -> None:
        """What came: everything, all but the last part, or one piece of it broken."""
        careless = deal.fate == P.PARTIAL and deal.seller.house.spoils
        spoiled = is_first and (deal.seller.spoils_now() or careless)
        lines = list(purchase.lines.select_related("part", "purchase"))
        rows = []
        for line in lines:
            later = is_first and deal.fate == P.PARTIAL and line == lines[-1]
            came = Decimal(0) if later else line.left
            broken = Decimal(1) if spoiled and line == lines[0] else Decimal(0)
            note = "Golpeado: la caja llegó abierta." if broken else ""
            given = {"accepted": came - broken, "refused": broken, "kind": ClaimKind.DAMAGED, "note": note}
            rows.append(actions.ReceiptLineIn(line=line, **given))
        purchase.refresh_from_db()
        receipt = actions.receive(
            purchase=purchase,
            warehouse=deal.place,
            lines=rows,
            guide=f"T001-{self.dice.randrange(10_000, 99_999):08d}",
            uploads=[draw("caja", self.dice)] if spoiled else [],
            by=self.staff.nico,
        )
        for attachment in files.attachments_of(receipt):
            files.prepare_image(str(attachment.pk))

    def _settle(self, purchase: PurchaseOrder) -> None:
        for claim in Claim.objects.filter(receipt_line__line__purchase=purchase, state=ClaimState.OPEN):
            claim = actions.send_back(claim=claim, by=self.staff.nico, note="Se entregó al transportista.")
            actions.settle_claim(claim=claim, outcome="Nota de crédito recibida.", by=self.staff.nico)
