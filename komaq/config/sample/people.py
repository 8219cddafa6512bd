"""The company's own people: an office and as many technicians as the work asks for."""

import random
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from komaq.accounts.actions.register import fill_search
from komaq.accounts.models import Area, Employee, Person, Position, PositionChange, User
from komaq.config.demo.people import AREAS
from komaq.config.sample import moments
from komaq.config.sample.store import Store
from komaq.config.sample.trail import Trail

OFFICE = (
    ("Ana", "Salas", "supervisor", "Jefe de taller"),
    ("Lola", "Paredes", "ventas", "Ejecutivo comercial"),
    ("Nico", "Arce", "logistica", "Encargado de almacén"),
    ("Fina", "Rojas", "finanzas", "Contador"),
    ("Gina", "Torres", "gerencia", "Gerente general"),
    ("Alex", "Núñez", "admin", "Administrador de sistemas"),
)
TECHNICIAN = "Técnico de campo"
# fmt: off
GIVEN = (
    "Tito", "Rosa", "Julio", "Elsa", "Marco", "Paola", "Dante", "Luis", "Carla", "Beto", "Raúl", "Mirtha", "Edwin",
    "Yeni", "Hugo", "Silvia", "Óscar", "Wilmer", "Percy", "Nelly", "Iván", "Rocío", "Saúl", "Flor", "Abel", "Inés",
    "Efraín", "Doris", "Néstor", "Zoila", "Ciro", "Maruja", "Félix", "Norma", "Rubén", "Lidia", "Ángel", "Sonia",
)
SURNAMES = (
    "Ccori", "Mamani", "Apaza", "Condori", "Huanca", "Vilca", "Quispe", "Choque", "Huamán", "Espinoza", "Loayza",
    "Poma", "Calcina", "Neyra", "Trejo", "Castro", "Lazo", "Cutipa", "Zegarra", "Flores", "Ñahui", "Sullca",
    "Ticona", "Palomino", "Yupanqui", "Ramos", "Chávez", "Medina", "Ibáñez", "Peña", "Rojas", "Cárdenas", "Puma",
)
# fmt: on
UNUSABLE = "!sample"


@dataclass(frozen=True)
class Human:
    """A person with its user, as far as orders ask."""

    person: int
    user: int
    employee: int
    name: str


@dataclass(frozen=True)
class Staff:
    supervisors: tuple[Human, ...]
    sales: Human
    logistics: Human
    manager: Human
    technicians: tuple[Human, ...]


class People:
    """Writes persons and their users."""

    def __init__(self, store: Store, dice: random.Random, password: str) -> None:
        self.dice = dice
        self.password = make_password(password) if password else UNUSABLE
        self.persons = store.table(
            Person, "given_names surnames email phone document_type document_number search sort_key created_at"
        )
        self.users = store.table(User, "person_id email password created_at")
        self.addresses = store.table(EmailAddress, "user_id email verified primary")

    def named(self) -> tuple[str, str]:
        dice = self.dice
        return dice.choice(GIVEN), f"{dice.choice(SURNAMES)} {dice.choice(SURNAMES)}"

    def write(self, given: str, surnames: str, at: int, *, document: str = "", email: str = "") -> tuple[int, str]:
        """A person; its key and name."""
        person = Person(given_names=given, surnames=surnames, email=email, document_number=document)
        person.document_type = "1" if document else ""
        person.phone = f"+519{self.dice.randrange(10**7, 10**8):08d}"
        fill_search(person)
        kind, number = person.document_type, person.document_number
        facts = (given, surnames, email, person.phone, kind, number, person.search, person.sort_key)
        return self.persons.add(*facts, moments.stored(at)), person.name

    def let_in(self, person: int, email: str, at: int) -> int:
        """A user of a person, its address confirmed."""
        user = self.users.add(person, email, self.password, moments.stored(at))
        self.addresses.add(user, email, 1, 1)
        return user


def hire(store: Store, people: People, trail: Trail, technicians: int, day: int) -> Staff:
    """Areas, positions and employees from `day` on."""
    areas, posts = store.table(Area, "name"), store.table(Position, "area_id name roles")
    employees = store.table(Employee, "person_id hired_on")
    changes = store.table(PositionChange, "employee_id position_id effective_on reason decided_by_id decided_at")
    positions = {}
    for area, names in AREAS.items():
        area_id = areas.add(area)
        for name, roles in names.items():
            held = ", ".join(f'"{role.value}"' for role in roles)
            positions[name] = (posts.add(area_id, name, f"[{held}]"), name, area)
    on, at = moments.date_of(day).isoformat(), moments.at(day, 8)
    first = people.users.last + 1

    def employ(given: str, surnames: str, email: str, post: str, number: int) -> Human:
        person, name = people.write(given, surnames, at, document=f"{40_000_000 + number:08d}")
        user = people.let_in(person, f"{email}@muestra.demo", at)
        employee = employees.add(person, on)
        position, title, area = positions[post]
        changes.add(employee, position, on, "Ingreso a la empresa", first, moments.stored(at))
        chain = trail.of("accounts.employee", employee)
        chain.link("accounts.position_changed", at, first, visibility="internal", position=title, area=area)
        return Human(person, user, employee, name)

    office = [employ(*facts, number) for number, facts in enumerate(OFFICE)]
    crew = [employ(*people.named(), f"tecnico{n + 1}", TECHNICIAN, 1000 + n) for n in range(technicians)]
    return Staff((office[0],), office[1], office[2], office[4], tuple(crew))
