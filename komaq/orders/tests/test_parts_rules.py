"""PRT-2 and ORD-1 under any sequence of deeds: what is reserved is needed, nothing lies free while somebody waits,
an order that goes ahead waits exactly while it is short, an order that ended keeps nothing.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from komaq.core import clock
from komaq.core.refusals import Refusal
from komaq.orders import actions, queries
from komaq.orders.models import PlannedPart, Segment, ServiceOrder
from komaq.parts import actions as stock
from komaq.parts.models import Reservation, Stock

pytestmark = pytest.mark.db
QUANTITIES = st.integers(1, 4).map(Decimal)
ORDERS, PARTS, PLACES = st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)
DAYS = st.integers(0, 9)
BEFORE, ENDED = {"open", "diagnosing", "quoted"}, {"closed", "cancelled"}
ZERO = Decimal(0)


class Life(RuleBasedStateMachine):
    """Three orders want two parts that lie in two warehouses."""

    ana = lola = nico = None
    keys, parts, places = [], [], []

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def order(self, which):
        return ServiceOrder.objects.get(pk=self.keys[which])

    def planned(self, which, part):
        rows = PlannedPart.objects.filter(segment__order=self.keys[which], part=self.parts[part], dropped_at=None)
        return rows.select_related("segment__order", "part").first()

    def attempt(self, act, **given):
        """Do it, or leave everything as it was."""
        try:
            return act(**given)
        except Refusal:
            return None

    @rule(which=ORDERS, part=PARTS, quantity=QUANTITIES, days=DAYS)
    def plan(self, which, part, quantity, days):
        segment = Segment.objects.get(order=self.keys[which], is_default=True)
        day = clock.today() + datetime.timedelta(days=days)
        wish = {"segment": segment, "part": self.parts[part], "quantity": quantity, "need_by": day}
        self.attempt(actions.plan_part, by=self.ana, **wish)

    @rule(which=ORDERS, part=PARTS, quantity=QUANTITIES)
    def change(self, which, part, quantity):
        if planned := self.planned(which, part):
            wish = {"planned": planned, "quantity": quantity, "need_by": planned.need_by, "note": ""}
            self.attempt(actions.change_planned_part, by=self.ana, **wish)

    @rule(which=ORDERS, part=PARTS)
    def drop(self, which, part):
        if planned := self.planned(which, part):
            self.attempt(actions.drop_planned_part, planned=planned, by=self.ana)

    @rule(part=PARTS, place=PLACES, quantity=QUANTITIES)
    def receive(self, part, place, quantity):
        where = {"part": self.parts[part], "warehouse": self.places[place]}
        stock.receive_stock(quantity=quantity, unit_cost=Decimal(3), by=self.nico, **where)

    @rule(part=PARTS, place=PLACES, counted=st.integers(0, 6).map(Decimal))
    def count(self, part, place, counted):
        where = {"part": self.parts[part], "warehouse": self.places[place]}
        self.attempt(stock.count_stock, counted=counted, by=self.nico, **where)

    @rule(which=ORDERS, part=PARTS, place=PLACES, quantity=QUANTITIES)
    def issue(self, which, part, place, quantity):
        if planned := self.planned(which, part):
            given = {"planned": planned, "warehouse": self.places[place], "quantity": quantity}
            self.attempt(actions.use_part, by=self.nico, **given)

    @rule(which=ORDERS, part=PARTS, place=PLACES, quantity=QUANTITIES)
    def bring_back(self, which, part, place, quantity):
        if planned := self.planned(which, part):
            given = {"planned": planned, "warehouse": self.places[place], "quantity": quantity}
            self.attempt(actions.return_part, by=self.nico, **given)

    @rule(which=ORDERS)
    def cover(self, which):
        self.attempt(actions.cover_order, order=self.order(which), by=self.nico)

    @rule(which=ORDERS)
    def approve(self, which):
        order, ground = self.order(which), {"choice": "warranty", "reason": "Garantía"}
        self.attempt(actions.move_order, order=order, to="approved", by=self.ana, **ground)

    @rule(which=ORDERS)
    def say_parts_are_here(self, which):
        self.attempt(actions.move_order, order=self.order(which), to="approved", by=self.nico)

    @rule(which=ORDERS)
    def cancel(self, which):
        self.attempt(actions.move_order, order=self.order(which), to="cancelled", by=self.ana, reason="No va")

    @invariant()
    def what_is_reserved_is_needed(self):
        held = {}
        for row in Reservation.objects.filter(state="held"):
            held[int(row.source_id)] = held.get(int(row.source_id), ZERO) + row.quantity
        planned = PlannedPart.objects.filter(dropped_at=None).select_related("segment__order")
        for each in planned:
            line = queries.planned_part_line(each)
            assert line.reserved == held.pop(each.pk, ZERO)
            assert line.used + line.reserved <= line.quantity
            assert each.segment.order.status not in ENDED or not line.reserved
        assert held == {}, "nothing is kept for what is not planned"

    @invariant()
    def nothing_lies_free_while_somebody_waits(self):
        for part in self.parts:
            free = sum((each.on_hand - each.reserved for each in Stock.objects.filter(part=part)), ZERO)
            assert not free or queries.waiting_for(part) == []

    @invariant()
    def an_order_waits_exactly_while_it_is_short(self):
        for order in ServiceOrder.objects.filter(pk__in=self.keys):
            short = any(line.unreserved for line in queries.planned_parts_of(order))
            if order.status not in BEFORE | ENDED:
                assert order.status == ("waiting_parts" if short else "approved")


def test_any_life_of_three_orders_keeps_the_rules(
    open_order, other_order, ask, carla, cat336, ana, nico, oil_filter, store, van_of_tito, pytestconfig
):
    third = actions.accept_request(request=ask(carla, cat336), by=ana)
    seal = stock.create_part(brand="CAT", number="9X-7430", name="Sello", by=nico)
    ServiceOrder.objects.filter(pk=third.pk).update(priority="machine_down")
    cast = {
        "ana": ana,
        "nico": nico,
        "keys": [open_order.pk, other_order.pk, third.pk],
        "parts": [oil_filter, seal],
        "places": [store, van_of_tito],
    }
    machine = type("LifeOfThreeOrders", (Life,), cast)
    most = 5 * pytestconfig.option.rounds
    quick = settings(max_examples=most, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
