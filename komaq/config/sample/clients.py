"""Customers with places, people and machines: a few large ones, many small ones."""

import random
from dataclasses import dataclass, field
from itertools import accumulate

from stdnum.pe import ruc

from komaq.accounts.choices import TEXTS_VERSION, ConsentKind, Role, ScopeKind
from komaq.accounts.models import Consent, Grant
from komaq.config.demo.clients import PLACES
from komaq.config.demo.machines import MODELS
from komaq.config.demo.stories import Story, story_for
from komaq.config.sample import moments
from komaq.config.sample.people import SURNAMES, People
from komaq.config.sample.store import Store
from komaq.config.sample.trail import Trail
from komaq.customers.actions.customers import fill_search
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet.actions.machines import fill_search as fill_machine_search
from komaq.fleet.choices import ReadingSource
from komaq.fleet.models import Machine, MachineModel, MeterReading

FORMS = ("S.A.C.", "S.A.", "E.I.R.L.", "S.R.L.", "S.A.A.")
TRADES = ("Minera", "Constructora", "Contratistas", "Cantera", "Consorcio", "Agregados", "Transportes", "Proyectos")
GROUND = [
    "Andina",
    "Cumbre",
    "Illapa",
    "Huayna",
    "Puna",
    "Qellaya",
    "Yura",
    "Chavín",
    "Pataz",
    "Sierra",
    "Cóndor",
    "Vicuña",
    "Misti",
    "Ausangate",
    "Ñaupa",
    "Sama",
]
HOURS = 10_000
READINGS = 12


@dataclass(slots=True)
class Place:
    id: int
    name: str


@dataclass(slots=True)
class Client:
    """A customer as orders see it."""

    id: int
    name: str
    trade_name: str
    contacts: list[int] = field(default_factory=list)
    users: list[int] = field(default_factory=list)
    sites: list[Place] = field(default_factory=list)
    machines: list["Unit"] = field(default_factory=list)


@dataclass(slots=True)
class Unit:
    """A machine as orders see it."""

    id: int
    code: str
    label: str
    model: str
    type: str
    fleet_number: str
    site: Place

    def __str__(self) -> str:
        return self.label

    def story(self, number: int) -> Story:
        return story_for(self.type, number)


class Market:
    """The clients; `pick` finds one by its share of the work: the n-th has about 1/n of the first's."""

    def __init__(self, clients: list[Client]) -> None:
        self.clients = clients
        self.weights = list(accumulate(1 / (3 + rank) for rank in range(len(clients))))

    def pick(self, dice: random.Random) -> tuple[Client, Unit]:
        client = dice.choices(self.clients, cum_weights=self.weights)[0]
        return client, client.machines[int(dice.random() * len(client.machines))]


class Register:
    """Writes customers and what belongs to them."""

    def __init__(self, store: Store, people: People, trail: Trail, dice: random.Random, first_day: int) -> None:
        self.people, self.trail, self.dice, self.day = people, trail, dice, first_day
        self.at = moments.at(first_day, 9)
        self.customers = store.table(
            Customer, "kind tax_id_type tax_id name trade_name email phone address search sort_key created_at"
        )
        self.sites = store.table(Site, "customer_id kind name place altitude_m latitude longitude")
        self.contacts = store.table(Contact, "customer_id person_id title created_at")
        self.grants = store.table(Grant, "user_id role customer_id scope_kind scope_id given_at")
        self.consents = store.table(Consent, "person_id kind version address given_at")
        self.models = store.table(MachineModel, "brand name type")
        self.machines = store.table(
            Machine,
            "code customer_id site_id model_id serial fleet_number year engine meter meter_at search sort_key "
            "created_at",
        )
        self.readings = store.table(MeterReading, "machine_id value read_at source recorded_at")
        self.known = [(self.models.add(b, n, kind), f"{b} {n}", kind, e, p) for b, n, kind, e, p in MODELS]

    def sign_up(self, count: int, machines: int) -> Market:
        """So many customers; the machines fall to them by size, at least one each."""
        clients = [self._customer(number) for number in range(count)]
        market = Market(clients)
        owners = [*clients, *self.dice.choices(clients, cum_weights=market.weights, k=max(0, machines - count))]
        for number, owner in enumerate(owners, 1):
            self._machine(number, owner)
        return market

    def _customer(self, number: int) -> Client:
        dice = self.dice
        stem = f"20{60_000_000 + number:08d}"
        trade = f"{dice.choice(GROUND)} {dice.choice(SURNAMES)} {number + 1}"
        customer = Customer(
            tax_id=stem + ruc.calc_check_digit(stem),
            name=f"{dice.choice(TRADES)} {trade} {dice.choice(FORMS)}",
            trade_name=trade,
        )
        fill_search(customer)
        phone, address = f"+5154{200_000 + number % 700_000}", f"Av. Parra {100 + number}, Arequipa"
        facts = (customer.tax_id, customer.name, trade, f"equipos@cliente{number + 1}.demo", phone, address)
        key = self.customers.add("company", "6", *facts, customer.search, customer.sort_key, moments.stored(self.at))
        chain = self.trail.of("customers.customer", key, key)
        chain.link(
            "customers.customer_added", self.at, None, visibility="internal", name=customer.name, tax_id=customer.tax_id
        )
        client = Client(key, customer.name, trade)
        for name, kind, place, altitude, latitude, longitude in dice.sample(PLACES, dice.choice((1, 2, 2, 3))):
            where = (f"{latitude:.6f}", f"{longitude:.6f}")
            client.sites.append(Place(self.sites.add(key, kind, name, place, altitude, *where), name))
        for rank in range(dice.choice((1, 1, 2, 3))):
            self._join(client, rank)
        return client

    def _join(self, client: Client, rank: int) -> None:
        given, surnames = self.people.named()
        email = f"persona{rank + 1}@cliente{client.id}.demo"
        person, _name = self.people.write(given, surnames, self.at, email=email)
        stored = moments.stored(self.at)
        client.contacts.append(
            self.contacts.add(client.id, person, "Jefe de equipos" if not rank else "Operador", stored)
        )
        user = self.people.let_in(person, email, self.at)
        role = Role.CUSTOMER_MEMBER if rank else Role.CUSTOMER_ADMIN
        self.grants.add(user, role.value, client.id, ScopeKind.CUSTOMER.value, client.id, stored)
        for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
            self.consents.add(person, kind.value, TEXTS_VERSION, "127.0.0.1", stored)
        client.users.append(user)

    def _machine(self, number: int, client: Client) -> None:
        dice = self.dice
        model_id, model, kind, engine, prefix = dice.choice(self.known)
        site = dice.choice(client.sites)
        year = moments.date_of(self.day).year
        machine = Machine(code=f"MAQ-{year}-{number:06d}", serial=f"{prefix}{number:06d}")
        machine.customer = Customer(name=client.name, trade_name=client.trade_name)
        brand, _blank, name = model.partition(" ")
        machine.model = MachineModel(brand=brand, name=name)
        machine.fleet_number = f"{kind[:2].upper()}-{len(client.machines) + 1:02d}"
        fill_machine_search(machine)
        readings = self._readings()
        value, at = readings[-1]
        key = self.machines.add(
            machine.code,
            client.id,
            site.id,
            model_id,
            machine.serial,
            machine.fleet_number,
            dice.randrange(2012, 2025),
            engine,
            value,
            moments.stored(at),
            machine.search,
            machine.sort_key,
            moments.stored(self.at),
        )
        chain = self.trail.of("fleet.machine", key, client.id)
        chain.link("fleet.machine_added", self.at, None, serial=machine.serial, model=model)
        sources = (ReadingSource.CUSTOMER.value, ReadingSource.TECHNICIAN.value)
        for value, at in readings:
            self.readings.add(key, value, moments.stored(at), dice.choice(sources), moments.stored(at))
        client.machines.append(
            Unit(key, machine.code, f"{model} {machine.serial}", model, kind, machine.fleet_number, site)
        )

    def _readings(self) -> list[tuple[int, int]]:
        """Every six weeks up to a few days ago; tenths of hours in units of the column."""
        dice, found = self.dice, []
        value, pace = dice.randrange(1_500, 11_500) * 10, dice.randrange(40, 160)
        for step in range(READINGS):
            value += round(pace * 45 * dice.uniform(0.75, 1.1))
            day = moments.today() - 45 * (READINGS - 1 - step) - dice.randrange(2, 9)
            found.append((value * HOURS // 10, moments.at(day, 7, dice.randrange(60))))
        return found
