import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from komaq.accounts.models import Employee
from komaq.config.demo.catalogue import Catalogue
from komaq.config.demo.clients import Client
from komaq.config.demo.diary import Diary
from komaq.config.demo.market import Market
from komaq.config.demo.people import Staff
from komaq.config.demo.photos import draw
from komaq.config.demo.stage import Stage, Story
from komaq.config.demo.stories import Story as Plot
from komaq.config.demo.stories import story_for
from komaq.core import clock, files
from komaq.fleet.models import Machine
from komaq.orders import actions
from komaq.orders.choices import OrderStatus, Outcome, PauseReason, Priority, VisitKind, VisitState
from komaq.orders.models import Absence, Problem, ServiceOrder, ServiceRequest, ServiceType, Visit
from komaq.orders.queries.parts import planned_parts_of
from komaq.parts.queries import reservations_for
from komaq.supply.choices import PurchaseState

PAST_ORDERS = 190
MONTHS_BACK_DAYS = 540
PARTS_DAYS = 170
"""Orders that began that many days ago plan their parts; of those that are done every second one."""
S = OrderStatus
ENDED = frozenset({S.CLOSED, S.CANCELLED})
FRESH = (
    (S.CLOSED, 27),
    (S.VERIFIED, 22),
    (S.VERIFIED, 21),
    (S.COMPLETED, 20),
    (S.COMPLETED, 19),
    (S.PAUSED, 16),
    (S.PAUSED, 15),
    (S.IN_PROGRESS, 10),
    (S.IN_PROGRESS, 9),
    (S.IN_PROGRESS, 8),
    (S.WAITING_PARTS, 11),
    (S.WAITING_PARTS, 7),
    (S.SCHEDULED, 5),
    (S.SCHEDULED, 4),
    (S.SCHEDULED, 4),
    (S.SCHEDULED, 3),
    (S.SCHEDULED, 3),
    (S.APPROVED, 4),
    (S.APPROVED, 3),
    (S.QUOTED, 6),
    (S.QUOTED, 4),
    (S.QUOTED, 3),
    (S.DIAGNOSING, 3),
    (S.DIAGNOSING, 2),
    (S.OPEN, 2),
    (S.OPEN, 1),
    (S.OPEN, 1),
    (S.CANCELLED, 10),
)
WAITING = (
    (Priority.MACHINE_DOWN, 1, 1),
    (Priority.HIGH, 3, 2),
    (Priority.NORMAL, 0, 5),
    (Priority.NORMAL, 8, 20),
    (Priority.NORMAL, 11, 26),
)


@dataclass
class World:
    """What a story needs to unfold."""

    staff: Staff
    clients: dict[int, Client]
    machines: list[Machine]
    dice: random.Random
    diary: Diary
    stage: Stage
    market: Market
    catalogue: Catalogue
    say: Callable[[str], None]
    turn: int = 0
    told: int = 0

    def client_of(self, machine: Machine) -> Client:
        return self.clients[machine.customer_id]

    def count(self) -> None:
        self.told += 1
        if self.told % 40 == 0:
            self.say(f"  {self.told} of {PAST_ORDERS + len(FRESH)} orders")


def unfold(world: World) -> list[Story]:
    """A year and a half of work, up to today's open orders and waiting requests."""
    machines, dice = world.machines, world.dice
    _absences(world)
    world.diary.block(world.staff.technicians[0], clock.today(), 1)
    ages = sorted((dice.randrange(35, MONTHS_BACK_DAYS) for _number in range(PAST_ORDERS)), reverse=True)
    told = []
    for number, age in enumerate(ages):
        fate = S.CANCELLED if number % 15 == 7 else S.CLOSED
        told.append(_live(world, machines[dice.randrange(len(machines))], age, fate, number))
    for number, (fate, age) in enumerate(sorted(FRESH, key=lambda each: -each[1])):
        first = number % 9 if number % 3 == 0 else 9 + (number * 7) % 51
        machine = _with_parts(world, first) if fate in {S.WAITING_PARTS, S.APPROVED} else machines[first]
        told.append(_live(world, machine, age, fate, number, photos=True))
    told.append(_live(world, machines[0], 4, S.IN_PROGRESS, 3, photos=True, shift=(8, 12)))
    told.append(_live(world, machines[11], 3, S.SCHEDULED, 5, photos=True, shift=(13, 17)))
    return [*told, *_wait(world)]


def _with_parts(world: World, first: int) -> Machine:
    """The first machine from that number on whose maker's parts the catalogue has."""
    return next(each for each in world.machines[first:] if world.catalogue.for_machine("injector", each.model))


def _absences(world: World) -> None:
    for technician, start, days, reason in (
        (world.staff.technicians[6], -1, 8, "Vacaciones"),
        (world.staff.technicians[3], 6, 2, "Curso de alta tensión"),
    ):
        first = clock.today() + datetime.timedelta(days=start)
        world.diary.block(technician, first, days)
        Absence.objects.create(
            technician=technician,
            starts_at=clock.lima(first),
            ends_at=clock.lima(first + datetime.timedelta(days=days)),
            reason=reason,
        )


def _ask(world: World, machine: Machine, story: Plot, priority: str, *, photos: bool) -> ServiceRequest:
    client = world.client_of(machine)
    request = actions.ask_service(
        customer=machine.customer,
        machine=machine,
        site=machine.site,
        contact=client.contacts[-1],
        service_type=_service_type(story),
        problems=list(Problem.objects.filter(code=story.symptom)),
        description=story.words,
        priority=priority,
        wished_on=clock.today() + datetime.timedelta(days=world.dice.randrange(2, 9)),
        files=[draw(kind, world.dice) for kind in story.photos] if photos else [],
        by=client.users[-1],
    )
    for attachment in files.attachments_of(request):
        files.prepare_image(str(attachment.pk))
    return request


def _service_type(story: Plot) -> ServiceType | None:
    word = "prevent" if "preventivo" in story.title else "correct"
    return ServiceType.objects.filter(code__contains=word).first() or ServiceType.objects.first()


def _wait(world: World) -> list[Story]:
    """Requests that nobody has decided yet, and two that were not taken."""
    waiting = [_request(world, *facts, number + 1) for number, facts in enumerate(WAITING)]
    return [*waiting, _refused(world, 20, "La máquina está en garantía del fabricante."), _refused(world, 2, "")]


def _request(world: World, priority: str, machine_number: int, hours: int, number: int) -> Story:
    yield (moment := clock.now() - datetime.timedelta(hours=hours))
    machine = world.machines[machine_number]
    with clock.travel(moment):
        _ask(world, machine, story_for(machine.model.type, number), priority, photos=True)


def _refused(world: World, machine_number: int, reason: str) -> Story:
    """A request that was rejected for a reason, or withdrawn without."""
    yield (moment := clock.now() - datetime.timedelta(days=6))
    machine = world.machines[machine_number]
    with clock.travel(moment):
        request = _ask(world, machine, story_for(machine.model.type, 5), Priority.NORMAL, photos=False)
        if reason:
            actions.reject_request(request=request, reason=reason, by=world.staff.ana)
        else:
            actions.withdraw_request(request=request, by=world.client_of(machine).users[-1])


def _live(
    world: World,
    machine: Machine,
    age: int,
    fate: str,
    number: int,
    *,
    photos: bool = False,
    shift: tuple[int, int] | None = None,
) -> Story:
    """One order from its request to `fate`, starting `age` days ago; with `shift` the demo's technician works today."""
    story = story_for(machine.model.type, number)
    down = fate in {S.IN_PROGRESS, S.CLOSED, S.OPEN} and number % 4 == 3
    priority = Priority.MACHINE_DOWN if down else (Priority.NORMAL, Priority.HIGH, Priority.NORMAL)[number % 3]
    start = clock.today() - datetime.timedelta(days=age)
    yield (moment := clock.lima(start, 7, world.dice.randrange(60)))
    with clock.travel(moment):
        request = _ask(world, machine, story, priority, photos=photos)
    yield (moment := clock.lima(start, 8, world.dice.randrange(60)))
    with clock.travel(moment):
        order = actions.accept_request(request=request, title=story.title, by=world.staff.ana)
        for task in story.tasks:
            actions.add_task(segment=order.segments.first(), title=task, minutes=90, by=world.staff.ana)
    yield from Tale(world, order, story, fate, start, shift, number).unfold()
    world.count()


class Tale:
    """The steps of one order, each at its time."""

    def __init__(
        self,
        world: World,
        order: ServiceOrder,
        story: Plot,
        fate: str,
        start: datetime.date,
        shift: tuple[int, int] | None,
        number: int,
    ) -> None:
        self.world, self.order, self.story, self.fate, self.shift = world, order, story, fate, shift
        self.ana, self.lola, self.nico = world.staff.ana, world.staff.lola, world.staff.nico
        self.day, self.number = start, number
        self.plans = (clock.today() - start).days <= PARTS_DAYS and (fate not in ENDED or number % 2 == 0)

    def unfold(self) -> Story:
        for status, step in (
            (S.OPEN, None),
            (S.DIAGNOSING, self.diagnose),
            (S.QUOTED, self.quote),
            (S.APPROVED, self.approve),
            (S.WAITING_PARTS, self.lack_parts),
            (S.SCHEDULED, self.schedule),
            (S.IN_PROGRESS, self.work),
            (S.PAUSED, self.pause),
            (S.COMPLETED, self.complete),
            (S.VERIFIED, self.verify),
            (S.CLOSED, self.close),
        ):
            if step:
                yield self.moment(15)
                yield from step() or ()
            if status == self.fate or (status == S.WAITING_PARTS and self.order.status == S.WAITING_PARTS):
                return
            if self.fate == S.CANCELLED and status == S.APPROVED:
                self.move(S.CANCELLED, self.ana, reason="El cliente vendió la máquina y desiste del servicio.")
                return

    def move(self, to: str, by: object, **more: str) -> None:
        with self.at(15):
            self.order = actions.move_order(order=self.order, to=to, by=by, **more)

    def moment(self, hour: int) -> datetime.datetime:
        return min(clock.lima(self.day, hour), clock.now())

    def at(self, hour: int) -> object:
        return clock.travel(self.moment(hour))

    def later(self, days: int) -> None:
        self.day = min(self.day + datetime.timedelta(days=days), clock.today())

    def plan(self, kind: str, days: int, *, ahead: bool = False) -> tuple[Visit, object]:
        technician, starts_at, ends_at = self.slot(kind, days, ahead=ahead)
        with self.at(16):
            visit = actions.plan_visit(
                order=self.order,
                kind=kind,
                starts_at=starts_at,
                ends_at=ends_at,
                technicians=[technician],
                lead=technician,
                by=self.ana,
            )
        self.order.refresh_from_db()
        return visit, technician.person.user

    def slot(self, kind: str, days: int, *, ahead: bool) -> tuple[Employee, datetime.datetime, datetime.datetime]:
        if self.shift and kind == VisitKind.REPAIR:
            start, end = (clock.lima(clock.today(), hour) for hour in self.shift)
            return self.world.staff.technicians[0], start, end
        self.world.turn += 1
        return self.world.diary.book(clock.today() if ahead else self.day, days, self.world.turn)

    def carry_out(self, visit: Visit, by: object, *states: str) -> None:
        for state in states:
            moment = visit.ends_at if state == VisitState.DONE else visit.starts_at
            with clock.travel(min(moment, clock.now())):
                actions.step_visit(visit=visit, to=state, by=by)
            visit.refresh_from_db()
        self.order.refresh_from_db()

    def diagnose(self) -> None:
        if self.fate == S.CANCELLED:
            self.move(S.DIAGNOSING, self.ana)
            return
        visit, technician = self.plan(VisitKind.DIAGNOSIS, 1)
        if visit.starts_at > clock.now():
            self.move(S.DIAGNOSING, self.ana)
            return
        self.carry_out(visit, technician, VisitState.ON_SITE, VisitState.DONE)
        self.day = visit.ends_at.astimezone(clock.LIMA).date()

    def quote(self) -> None:
        if self.plans:
            self.plan_parts()
        self.move(S.QUOTED, self.lola, reason="Cotización con opciones A, B y C enviada por correo.")

    def plan_parts(self) -> None:
        """What the work takes of the shelves; what lies on none when the order is to wait, or every seventh time."""
        model, wanted = self.order.machine.model, list(self.story.parts)
        turn = {S.WAITING_PARTS: self.number % 7, S.APPROVED: 0, S.SCHEDULED: None}.get(self.fate, 2)
        if self.number % 7 == turn:
            wanted.append((self.story.rare[0], 1))
        for kind, count in wanted:
            part = self.world.catalogue.for_machine(kind, model)
            if part:
                with self.at(14):
                    actions.plan_part(
                        segment=self.order.segments.first(),
                        part=part,
                        quantity=Decimal(count),
                        need_by=None,
                        by=self.ana,
                    )

    def approve(self) -> None:
        self.later(self.world.dice.randrange(1, 3))
        self.move(S.APPROVED, self.lola, reason="El cliente aprobó la opción B por correo; orden de compra adjunta.")

    def lack_parts(self) -> Story:
        """What is missing is bought in haste, and the order goes on by itself when it is there."""
        if self.order.status == S.WAITING_PARTS:
            yield from self.buy()
        elif not self.plans and self.world.turn % 3 == 0:
            self.move(S.WAITING_PARTS, self.nico, reason="Falta un repuesto: llega de Lima en cuatro días.")
            self.later(4)
            self.move(S.APPROVED, self.nico, reason="Llegó el repuesto y está reservado.")

    def buy(self) -> Story:
        market, moment = self.world.market, self.moment(16)
        fate, days = (PurchaseState.RECEIVED, 0)
        if self.fate == S.WAITING_PARTS:
            own = self.order.customer_id == next(iter(self.world.clients))
            fate, days = (PurchaseState.CONFIRMED, 9) if own else (PurchaseState.SENT, 0)
        for story in market.in_haste(self.order, moment, fate, days):
            self.world.stage.add(story)
        while self.order.status == S.WAITING_PARTS and self.fate != S.WAITING_PARTS and self.day < clock.today():
            self.later(1)
            yield self.moment(17)
            self.order.refresh_from_db()

    def schedule(self) -> None:
        self.visit, self.lead = self.plan(VisitKind.REPAIR, self.story.days, ahead=self.fate == S.SCHEDULED)

    def work(self) -> Story:
        if self.visit.starts_at > clock.now():
            return
        yield self.visit.starts_at
        self.carry_out(self.visit, self.lead, VisitState.TRAVELLING, VisitState.ON_SITE)
        yield (moment := min(self.visit.starts_at + datetime.timedelta(hours=1), clock.now()))
        with clock.travel(moment):
            self.use_parts()

    def use_parts(self) -> None:
        """Take what is reserved out of its warehouse; of work that is still going on only the first of it."""
        kept = [each for line in planned_parts_of(self.order) for each in reservations_for(line.planned)]
        planned = {str(line.planned.pk): line.planned for line in planned_parts_of(self.order)} if kept else {}
        for each in kept[:1] if self.fate in {S.IN_PROGRESS, S.PAUSED} else kept:
            actions.use_part(
                planned=planned[each.source_id], warehouse=each.warehouse, quantity=each.quantity, by=self.nico
            )

    def pause(self) -> None:
        if self.fate == S.PAUSED:
            self.move(
                S.PAUSED, self.lead, choice=PauseReason.WEATHER, reason="Nevada en el frente: la mina cerró el acceso."
            )

    def complete(self) -> Story:
        yield min(self.visit.ends_at, clock.now())
        for task in [task for segment in self.order.segments.all() for task in segment.tasks.all()]:
            actions.tick_task(task=task, done=True, by=self.lead)
        self.carry_out(self.visit, self.lead, VisitState.DONE)
        self.day = min(self.visit.ends_at, clock.now()).astimezone(clock.LIMA).date()
        self.move(S.COMPLETED, self.lead, outcome=Outcome.DONE, reason="Trabajo terminado y probado con el operador.")

    def verify(self) -> None:
        self.later(1)
        self.move(S.VERIFIED, self.ana, reason="Controles conformes; fotos y mediciones completas.")

    def close(self) -> None:
        self.later(2)
        with self.at(11):
            self.order = actions.accept_work(order=self.order, by=self.world.client_of(self.order.machine).users[0])
