"""Who may do what with requests, orders and visits: pure answers over facts already read."""

import datetime
from decimal import Decimal

from komaq.accounts.choices import OFFICE_ROLES, Permission, Role
from komaq.accounts.models import User
from komaq.core import clock, peru, registry
from komaq.customers.models import Customer
from komaq.orders.choices import (
    ACTOR_ROLES,
    DAYS_TO_REJECT,
    DIAGNOSED,
    GOES_AHEAD,
    LIVE,
    REPAIR_HOURS,
    RESPONSE_HOURS,
    VISIT_STEPS,
    Actor,
    OrderStatus,
    Outcome,
    RequestStatus,
    Step,
    VisitState,
)
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit
from komaq.parts.choices import Availability
from komaq.parts.models import Warehouse

PROMISED = tuple(s for s in LIVE if s not in {OrderStatus.COMPLETED, OrderStatus.VERIFIED})
LONGEST_VISIT = datetime.timedelta(days=31)


def is_of_client(user: User, customer_id: int, site_id: int | None) -> bool:
    """Whether a client user's grants reach a thing of that company at that site."""
    if not user.is_client or customer_id not in user.customer_ids:
        return False
    sites = user.site_ids(customer_id)
    return sites is None or site_id in sites


def can_ask_service(user: User, customer_id: int, site_id: int | None) -> bool:
    """Client users within their grants; the office for any client."""
    if user.holds(*OFFICE_ROLES):
        return True
    return user.has(Permission.ASK_SERVICE) and is_of_client(user, customer_id, site_id)


def can_decide_request(user: User, request: ServiceRequest) -> bool:
    return user.has(Permission.TRIAGE_REQUESTS) and request.status == RequestStatus.PENDING


def can_withdraw_request(user: User, request: ServiceRequest) -> bool:
    """The client's own people, while nobody has decided."""
    mine = is_of_client(user, request.customer_id, request.site_id)
    return mine and user.has(Permission.ASK_SERVICE) and request.status == RequestStatus.PENDING


def can_open_order(user: User) -> bool:
    return user.has(Permission.PLAN_WORK) or user.has(Permission.SELL)


def can_change_order(user: User, order: ServiceOrder) -> bool:
    return can_open_order(user) and not order.is_final


def can_plan_work(user: User) -> bool:
    return user.has(Permission.PLAN_WORK)


def can_accept_work(user: User, order: ServiceOrder) -> bool:
    mine = is_of_client(user, order.customer_id, order.site_id)
    return mine and user.has(Permission.ASK_SERVICE) and order.status == OrderStatus.VERIFIED


def may_take(step: Step, actors: frozenset[str]) -> bool:
    """Whether somebody who acts in these parts may take the step."""
    return bool(step.who & actors)


def asks_reason(step: Step) -> bool:
    """Whether a person must say why: by the table, or because no room answers yet for a guarded step."""
    return step.reason or (step.guarded and not registry.is_guarded(f"orders.transition:{step.end}"))


def outcomes_for(step: Step) -> tuple[str, ...]:
    """The outcomes a finishing step may have; the first is taken where nothing else makes sense."""
    if not step.outcome:
        return ()
    if step.start in DIAGNOSED:
        return (Outcome.DIAGNOSIS_ONLY,)
    return (Outcome.DONE, Outcome.PARTIAL, Outcome.STOPPED)


def last_day_to_reject(verified_at: datetime.datetime) -> datetime.date:
    """The last day on which the client may reject verified work."""
    return peru.add_business_days(verified_at.astimezone(clock.LIMA).date(), DAYS_TO_REJECT)


def visit_steps(visit: Visit, *, plans: bool, leads: bool) -> tuple[str, ...]:
    """Where a visit may go now: planners anywhere, its lead anywhere but to cancelled."""
    steps = VISIT_STEPS.get(visit.state, ())
    if plans:
        return steps
    return tuple(step for step in steps if step != VisitState.CANCELLED) if leads else ()


def respond_by(customer: Customer, priority: str, asked_at: datetime.datetime) -> datetime.datetime:
    """Until when we answer: by the client's agreement, else by priority."""
    hours = (customer.response_hours or {}).get(priority) or RESPONSE_HOURS[priority]
    return asked_at + datetime.timedelta(hours=float(hours))


def due_at(priority: str, accepted_at: datetime.datetime) -> datetime.datetime:
    """Until when the machine should be working again."""
    return accepted_at + datetime.timedelta(hours=REPAIR_HOURS[priority])


def is_late(order: ServiceOrder) -> bool:
    """Whether the promise is broken: due before now and not completed."""
    return order.status in PROMISED and order.due_at < clock.now()


def is_technician(roles: list[str]) -> bool:
    return Role.TECHNICIAN in roles


def parts_of(user: User | None) -> set[str]:
    """The parts a person plays by role alone; None is the product itself."""
    if user is None:
        return {Actor.SYSTEM}
    return {actor for actor, roles in ACTOR_ROLES.items() if user.holds(*roles)}


# Planned parts


def keeps_parts(user: User) -> bool:
    """Who gives parts out of any store."""
    return user.has(Permission.MANAGE_PARTS)


def can_change_parts(user: User, order: ServiceOrder) -> bool:
    """The office's planners, sellers and logistics, while the order is live."""
    return (can_open_order(user) or keeps_parts(user)) and not order.is_final


def can_use_from(user: User, warehouse: Warehouse) -> bool:
    """Who keeps the stores from any of them, a technician from its own van."""
    keeper = warehouse.keeper
    mine = keeper is not None and keeper.person_id == user.person_id
    return keeps_parts(user) or (user.has(Permission.DO_WORK) and mine)


def missing_of(unreserved: Decimal, *, free: Decimal, status: str) -> Decimal:
    """What must still come for an order in a status: approved, all that is not reserved for it; before, what free
    stock does not cover; afterwards nothing.
    """
    if status in GOES_AHEAD:
        return unreserved
    return max(unreserved - free, Decimal(0)) if status in DIAGNOSED else Decimal(0)


def state_of_part(
    quantity: Decimal, *, used: Decimal, reserved: Decimal, free: Decimal, status: str
) -> Availability | str:
    """A word for a planned part; none for what an order that is done did not use."""
    unreserved = quantity - used - reserved
    if used >= quantity or (used and status not in GOES_AHEAD | DIAGNOSED):
        return Availability.USED
    if status not in GOES_AHEAD | DIAGNOSED:
        return ""
    if unreserved <= 0:
        return Availability.RESERVED
    if free >= unreserved:
        return Availability.IN_STOCK
    return Availability.PARTLY if reserved else Availability.MISSING
