"""What the demo asks several suppliers for: requests for quotation in every state, and what became of those decided."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from komaq.config.demo.catalogue import SOLES_A_DOLLAR
from komaq.config.demo.market import GULF, HARDWARE, NIPPO, PACIFIC, RUHR, TRACKS, TYRES, Deal, Market, Moment
from komaq.config.demo.stage import Stage, Story
from komaq.config.demo.suppliers import Seller
from komaq.core import clock
from komaq.parts.models import Part
from komaq.supply import actions
from komaq.supply.choices import Currency, NeedState, PurchaseState, QuotationState
from komaq.supply.models import Invite, OfferLine, PartsNeed, PurchaseOrder, QuotationRequest

Q = QuotationState
CALENDAR = (
    (76, (PACIFIC, GULF, TYRES), 4, Q.AWARDED, 3),
    (47, (TRACKS, RUHR, HARDWARE), 2, Q.AWARDED, 2),
    (21, (NIPPO, GULF, TRACKS), 3, Q.CANCELLED, 1),
    (3, (PACIFIC, GULF, NIPPO), 3, Q.SENT, 2),
    (1, (TRACKS, RUHR, HARDWARE), 2, Q.SENT, 0),
    (0, (PACIFIC, NIPPO, GULF), 2, Q.DRAFT, 0),
)
"""How many days ago, whom, how many parts, how far it came and how many of them answered."""
OPEN_DAYS = 6
LONGER = Decimal("1.12")


class Tenders:
    """Asks, hears the answers and decides."""

    def __init__(self, market: Market, stage: Stage) -> None:
        self.market, self.stage, self.nico = market, stage, market.staff.nico

    def by_calendar(self) -> Iterable[Story]:
        return [self._ask(*facts) for facts in CALENDAR]

    def _ask(self, ago: int, who: tuple[int, ...], count: int, fate: str, answers: int) -> Story:
        day = clock.today() - datetime.timedelta(days=ago)
        yield (moment := min(clock.lima(day, 9, 40), clock.now()))
        sellers = [self.market.sellers[place] for place in who]
        with clock.travel(moment):
            request = self._write(sellers, count)
        if fate == Q.DRAFT:
            return
        yield (moment := moment + datetime.timedelta(minutes=25))
        with clock.travel(moment):
            request = actions.send_request(request=request, by=self.nico)
        for number, seller in enumerate(sellers[:answers]):
            yield (moment := moment + datetime.timedelta(hours=7 + 9 * number))
            with clock.travel(moment):
                self._answer(request, seller, number)
        if fate == Q.CANCELLED:
            yield (moment := moment + datetime.timedelta(hours=30))
            with clock.travel(moment):
                reason = "El cliente desiste de la reparación."
                actions.cancel_request(request=request, reason=reason, by=self.nico)
        elif fate == Q.AWARDED:
            yield (moment := request.deadline + datetime.timedelta(hours=2))
            with clock.travel(moment):
                bought = self._decide(request)
            for purchase in bought:
                self.stage.add(self._order(purchase, sellers, moment))

    def _write(self, sellers: list[Seller], count: int) -> QuotationRequest:
        """What is to be bought of the first supplier's parts, filled up with what it sells besides."""
        first = sellers[0]
        open_needs = PartsNeed.objects.filter(state=NeedState.OPEN, part__in=first.parts).order_by("pk")
        open_needs = open_needs.exclude(quotation_line__request__state=Q.DRAFT)
        needed = {need.part_id: need for need in open_needs.select_related("part")}
        parts = [need.part for need in list(needed.values())[:count]]
        others = [part for part in first.parts if part.pk not in needed and part.is_open]
        parts += self.market.dice.sample(others, max(0, count - len(parts)))
        return actions.make_request(
            lines=[self._line(part, needed.get(part.pk)) for part in parts],
            suppliers=[seller.supplier for seller in sellers],
            deadline=clock.lima(clock.today() + datetime.timedelta(days=OPEN_DAYS), 17),
            deliver_to=self.market.shelves.store,
            note="Precio unitario sin IGV, puesto en almacén.",
            is_urgent=any(need.is_urgent for need in needed.values()),
            by=self.nico,
        )

    def _line(self, part: Part, need: PartsNeed | None) -> actions.QuotationLineIn:
        return actions.QuotationLineIn(
            part=part,
            quantity=need.quantity if need else Decimal(self.market.dice.choice((1, 2, 4))),
            need_by=clock.today() + datetime.timedelta(days=15),
            needs=(need,) if need else (),
        )

    def _answer(self, request: QuotationRequest, seller: Seller, number: int) -> None:
        """An offer by the supplier's link; the second one lacks a part, the third one does not quote."""
        invite = Invite.objects.get(request=request, supplier=seller.supplier)
        link = invite.links.filter(ended_at=None).latest("pk")
        actions.note_opening(link=link)
        if number == 2:
            actions.decline(link=link, reason="No trabajamos esa línea por ahora.")
            return
        lines = list(request.lines.select_related("part"))
        offered = lines[:-1] if number == 1 and len(lines) > 1 else lines
        actions.answer(
            link=link,
            currency=seller.house.currency,
            valid_until=clock.today() + datetime.timedelta(days=30),
            comment="Stock sujeto a venta previa." if number == 0 else "",
            lines=[
                actions.OfferLineIn(
                    line=line,
                    price=self._price(line.part, seller),
                    lead_days=seller.house.lead_days + place % 2,
                    quantity=line.quantity,
                )
                for place, line in enumerate(offered)
            ],
        )

    def _price(self, part: Part, seller: Seller) -> Decimal:
        """Its own price, or what it would buy the part for elsewhere."""
        rate = Decimal(1) if seller.house.currency == Currency.USD else SOLES_A_DOLLAR
        return seller.prices.get(part.pk) or round(self.market.shelves.catalogue.cost[part.pk] * rate * LONGER, 2)

    def _decide(self, request: QuotationRequest) -> list[PurchaseOrder]:
        """The cheapest offer of each line."""
        rows = OfferLine.objects.filter(line__request=request, has_it=True).select_related("offer")
        best: dict[int, OfferLine] = {}
        for row in rows.order_by("price", "pk"):
            best.setdefault(row.line_id, row)
        chosen = [actions.AwardIn(offer_line=row) for row in best.values()]
        return actions.award(request=request, choices=chosen, by=self.nico)

    def _order(self, purchase: PurchaseOrder, sellers: list[Seller], moment: Moment) -> Story:
        seller = next(each for each in sellers if each.supplier.pk == purchase.supplier_id)
        deal = Deal(seller, (), PurchaseState.RECEIVED, self.market.shelves.store)
        yield moment
        yield from self.market.go_on(deal, purchase, moment)
