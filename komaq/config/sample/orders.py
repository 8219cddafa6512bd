"""The life of orders, told step by step until today: most are closed, those of the last weeks are on their way."""

import random
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from komaq.config.demo.stories import Story
from komaq.config.sample import moments
from komaq.config.sample.clients import Client, Market, Place, Unit
from komaq.config.sample.diary import Diary
from komaq.config.sample.moments import HOUR, stored
from komaq.config.sample.people import Human, Staff
from komaq.config.sample.tables import Codes, Tables
from komaq.config.sample.trail import Chain, Trail
from komaq.orders.actions.ask_service import found_by as request_found_by
from komaq.orders.actions.make_order import found_by as order_found_by
from komaq.orders.choices import REPAIR_HOURS, RESPONSE_HOURS, OrderStatus, Outcome
from komaq.orders.models import Problem, ServiceType

S = OrderStatus
PRIORITIES = ("normal",) * 13 + ("high",) * 5 + ("machine_down",) * 2
GROUNDS = ("client_authorised", "contract", "preventive_plan")
NO_ORDER = (("rejected", "La máquina está en garantía del fabricante."), ("withdrawn", ""))
MESSAGES = ("¿A qué hora llegan? La máquina estará en el patio.", "Confirmado, coordinamos el ingreso con la garita.")
NOTE = "Llevar el kit de sellos y la bomba de prueba."
REACHED = {S.COMPLETED: "completed", S.VERIFIED: "verified", S.CLOSED: "closed"}


@dataclass(slots=True)
class Asked:
    """What somebody asks for, before it has a number of its own."""

    client: Client
    machine: Unit
    story: Story
    priority: str
    contact: int
    user: int
    at: int
    code: str = ""
    title: str = ""

    @property
    def customer(self) -> Client:
        return self.client

    @property
    def site(self) -> Place:
        return self.machine.site


@dataclass(slots=True)
class Life:
    """An order on its way: its row is written at the end, when all is known."""

    id: int
    chain: Chain
    at: int
    status: str = S.OPEN.value
    since: int = 0
    version: int = 1
    ground: str = ""
    pause: str = ""
    reached: dict[str, int] = field(default_factory=dict)


class Later(Exception):
    """What comes next has not happened yet."""


class Orders:
    """Tells one life after the other."""

    def __init__(
        self, tables: Tables, trail: Trail, staff: Staff, market: Market, diary: Diary, dice: random.Random
    ) -> None:
        self.tables, self.trail, self.staff, self.market = tables, trail, staff, market
        self.diary, self.dice, self.codes = diary, dice, Codes()
        self.now = moments.at(moments.today())
        self.boss = staff.supervisors[0]

    @cached_property
    def problems(self) -> dict[str, int]:
        return dict(Problem.objects.values_list("code", "pk"))

    @cached_property
    def service_types(self) -> list[int]:
        return list(ServiceType.objects.order_by("pk").values_list("pk", flat=True)) or [None]

    def asked(self, day: int, number: int) -> Asked:
        dice = self.dice
        client, machine = self.market.pick(dice)
        turn = number % len(client.contacts)
        at = moments.at(day, 7 + int(dice.random() * 8), int(dice.random() * 60))
        priority = PRIORITIES[int(dice.random() * len(PRIORITIES))]
        story = machine.story(number)
        return Asked(client, machine, story, priority, client.contacts[turn], client.users[turn], at)

    def tell(self, day: int, number: int) -> None:
        """One order, and the request it came from where there was one."""
        asked = self.asked(day, number)
        written = self.dice.random() < 0.7
        key = self.tables.orders.last + 1
        code = self.codes.take("OS", day)
        accepted = min(asked.at + HOUR, self.now - 60) if written else asked.at
        if written:
            self.request(asked, "accepted", order=(key, code), decided=accepted)
        chain = self.trail.of("orders.serviceorder", key, asked.client.id)
        if not written:
            chain.link("orders.order_opened", asked.at, self.boss.user, title=asked.story.title, payer="client")
        life = Life(key, chain, accepted, since=accepted)
        with suppress(Later):
            self.unfold(life, asked)
        self.write(life, asked, code, accepted)

    def request(
        self, asked: Asked, status: str, *, order: tuple | None = None, reason: str = "", decided: int = 0
    ) -> int:
        """A request as it stands."""
        tables = self.tables
        asked.code = self.codes.take("SOL", moments.day_of(asked.at))
        key = tables.requests.add(
            asked.code,
            asked.client.id,
            asked.machine.id,
            asked.site.id,
            asked.contact,
            self.service_types[0],
            asked.story.words,
            asked.priority,
            None,
            status,
            reason,
            order[0] if order else None,
            stored(asked.at + RESPONSE_HOURS[asked.priority] * HOUR),
            asked.user,
            stored(asked.at),
            stored(decided) if decided else None,
            request_found_by(asked),
        )
        problem = self.problems.get(asked.story.symptom)
        if problem:
            tables.request_problems.add(key, problem)
        chain = self.trail.of("orders.servicerequest", key, asked.client.id)
        facts = {"priority": asked.priority, "machine": asked.machine.model}
        chain.link("orders.request_received", asked.at, asked.user, **facts)
        if order:
            chain.link("orders.request_accepted", decided, self.boss.user, order=order[1], order_id=order[0])
        elif status == "rejected":
            chain.link("orders.request_rejected", decided, self.boss.user, reason=reason)
        elif status == "withdrawn":
            chain.link("orders.request_withdrawn", decided, asked.user, reason=reason)
        return key

    def turn_away(self, day: int, number: int) -> None:
        """A request that became no order."""
        asked = self.asked(day, number)
        status, reason = NO_ORDER[number % 2]
        self.request(asked, status, reason=reason, decided=min(asked.at + 2 * HOUR, self.now - 60))

    def wait(self, day: int, number: int) -> None:
        """A request that nobody has decided yet."""
        self.request(self.asked(day, number), "pending")

    def unfold(self, life: Life, asked: Asked) -> None:
        """Step after step; Later ends the telling where history has not come yet."""
        dice, boss, sales = self.dice, self.boss.user, self.staff.sales.user
        chance = dice.random()
        if chance < 0.3:
            self.move(life, S.DIAGNOSING, (2 + int(dice.random() * 40)) * HOUR, boss)
            self.move(life, S.QUOTED, 24 * HOUR, sales, reason="Cotización enviada por correo.")
            if chance < 0.04:
                self.move(life, S.CANCELLED, 30 * HOUR, boss, reason="El cliente desiste del servicio.")
                return
            life.at += self.delay(0.15)
            self.move(life, S.APPROVED, 26 * HOUR, sales, reason="El cliente aprobó la cotización.")
        else:
            life.ground = GROUNDS[int(dice.random() * 3)]
            self.move(
                life,
                S.APPROVED,
                (1 + int(dice.random() * 30)) * HOUR,
                boss,
                choice=life.ground,
                reason="Autorizado por el cliente.",
            )
        if dice.random() < 0.08:
            self.move(life, S.WAITING_PARTS, HOUR, self.staff.logistics.user, reason="Falta un repuesto.")
            life.at += self.delay(1)
            self.move(life, S.APPROVED, HOUR, self.staff.logistics.user, reason="Llegó el repuesto.")
        self.work(life, asked)
        self.move(life, S.VERIFIED, 17 * HOUR, boss, reason="Controles conformes.")
        self.move(life, S.CLOSED, 44 * HOUR, asked.user)

    def delay(self, chance: float) -> int:
        """Sometimes things take days, up to five weeks."""
        return int(self.dice.random() * 35) * 24 * HOUR if self.dice.random() < chance else 0

    def move(self, life: Life, to: OrderStatus, after: int, by: int, **words: str) -> None:
        at = life.at + after
        if at >= self.now:
            raise Later
        life.chain.link(
            "orders.status_changed",
            at,
            by,
            **{"from": life.status, "to": to.value, "reason": "", "choice": "", "outcome": "", **words},
        )
        life.status, life.since, life.at = to.value, at, at
        life.pause = words.get("choice", "") if to is S.PAUSED else ""
        life.version += 1
        if to in REACHED:
            life.reached[REACHED[to]] = at

    def work(self, life: Life, asked: Asked) -> None:
        """The visit, from its planning to the finished work."""
        dice = self.dice
        planned = life.at + (1 + int(dice.random() * 20)) * HOUR
        if planned >= self.now:
            raise Later
        days, heads = asked.story.days, 2 if dice.random() < 0.2 else 1
        first, who = self.diary.book(moments.day_of(planned) + 1, days, heads)
        crew = [self.staff.technicians[each] for each in who]
        start, end = moments.at(first, 8), moments.at(first + days - 1, 17)
        self.visit(life, crew, planned, start, end)
        self.move(life, S.SCHEDULED, planned - life.at, self.boss.user)
        life.at = start
        self.move(life, S.IN_PROGRESS, 600, crew[0].user)
        if dice.random() < 0.03:
            self.move(life, S.PAUSED, 2 * HOUR, crew[0].user, choice="weather", reason="Nevada en el frente.")
            life.at = max(end, life.at + self.delay(1))
            self.move(life, S.IN_PROGRESS, HOUR, crew[0].user)
        life.at = max(life.at, end)
        self.move(life, S.COMPLETED, 600, crew[0].user, outcome=Outcome.DONE.value, reason="Probado con el operador.")

    def visit(self, life: Life, crew: list[Human], planned: int, start: int, end: int) -> None:
        """The visit with who goes, and its steps as far as they have come."""
        tables = self.tables
        begun, done = start + 600 < self.now, end < self.now
        state = "done" if done else "on_site" if begun else "planned"
        facts = (stored(start + 600) if begun else None, stored(end) if done else None, 1 + begun + done)
        span = (stored(start), stored(end))
        key = tables.visits.add(life.id, "repair", state, *span, self.boss.user, stored(planned), *facts)
        for rank, each in enumerate(crew):
            tables.assignments.add(key, each.employee, int(not rank), *span, 1)
        life.chain.link(
            "orders.visit_planned",
            planned,
            self.boss.user,
            visit=key,
            visit_kind="repair",
            starts_at=moments.iso(start),
            ends_at=moments.iso(end),
            technicians=[each.name for each in crew],
        )
        for reached, at, before, to in (
            (begun, start + 600, "planned", "on_site"),
            (done, end, "on_site", "done"),
        ):
            if reached:
                step = {"visit": key, "visit_kind": "repair", "from": before, "to": to, "reason": ""}
                life.chain.link("orders.visit_stepped", at, crew[0].user, **step)

    def write(self, life: Life, asked: Asked, code: str, created: int) -> None:
        """The order's row with what hangs from it."""
        tables, story = self.tables, asked.story
        asked.code, asked.title = code, story.title
        outcome = Outcome.DONE.value if "completed" in life.reached else ""
        reached = [stored(life.reached[name]) if name in life.reached else None for name in REACHED.values()]
        tables.orders.add(
            code,
            asked.client.id,
            asked.machine.id,
            asked.site.id,
            asked.contact,
            self.service_types[0],
            story.title,
            story.words,
            asked.priority,
            life.status,
            stored(life.since),
            outcome,
            life.ground,
            life.pause,
            None,
            stored(asked.at + RESPONSE_HOURS[asked.priority] * HOUR),
            stored(created + REPAIR_HOURS[asked.priority] * HOUR),
            self.boss.user,
            stored(created),
            *reached,
            life.version,
            order_found_by(asked),
        )
        problem = self.problems.get(story.symptom)
        if problem:
            tables.order_problems.add(life.id, problem)
        self.parts(life, story, created)
        if self.dice.random() < 0.2:
            self.talk(life, asked, created)
        if created > self.now - 30 * moments.DAY:
            self.letter(life, asked, created)

    def parts(self, life: Life, story: Story, created: int) -> None:
        """The main work with its tasks, ticked when the work is done."""
        done = life.reached.get("completed")
        ticked = (stored(done), self.boss.user) if done else (None, None)
        segment = self.tables.segments.add(life.id, "Trabajo principal", 1)
        for title in story.tasks[:2]:
            self.tables.tasks.add(segment, title, 90, *ticked, stored(created))

    def talk(self, life: Life, asked: Asked, created: int) -> None:
        tables, chain = self.tables, life.chain
        at = created + 300
        thread = tables.conversations.add("orders.serviceorder", str(life.id), asked.client.id, stored(at))
        said = [("client", asked.user, "Cliente", MESSAGES[0]), ("client", self.boss.user, self.boss.name, MESSAGES[1])]
        if self.dice.random() < 0.5:
            said.append(("internal", self.boss.user, self.boss.name, NOTE))
        at = max(at, life.since)
        for visibility, author, name, text in said:
            key = tables.messages.add(thread, visibility, author, name, text, stored(at))
            chain.link("comms.message_written", at, author, visibility=visibility, message=key)

    def letter(self, life: Life, asked: Asked, created: int) -> None:
        """The e-mail that told the client of the order: of the last weeks alone, as old ones are thrown away."""
        at, key = stored(created), f"orders.order_opened:{life.id}:{asked.user}"
        to = f"persona1@cliente{asked.client.id}.demo"
        text = f"Su orden {asked.code} está en curso: {asked.title}."
        email = self.tables.emails.add(f"<{life.id}.muestra@komaq.demo>", to, "", asked.code, text, "sent", 1, at, at)
        facts = ("orders.order_opened", "email", None, "orders.serviceorder", str(life.id), asked.client.id)
        self.tables.deliveries.add(key, *facts, email, at)
