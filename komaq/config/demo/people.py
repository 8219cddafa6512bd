import datetime
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from komaq.accounts.choices import Role
from komaq.accounts.models import Area, Certification, Employee, Person, Position, PositionChange, Skill, User
from komaq.core import clock, trail
from komaq.core.search import search_text, sort_key

PASSWORD = "komaq-demo-2026"  # noqa: S105  printed on the demo's first screen
AREAS = {
    "Técnica": {
        "Jefe de taller": [Role.SUPERVISOR],
        "Técnico de campo": [Role.TECHNICIAN],
        "Técnico de taller": [Role.TECHNICIAN],
    },
    "Comercial": {"Ejecutivo comercial": [Role.SALES], "Encargado de almacén": [Role.LOGISTICS]},
    "Administración": {
        "Contador": [Role.FINANCE],
        "Gerente general": [Role.MANAGER],
        "Administrador de sistemas": [Role.ADMIN],
    },
}
STAFF = (
    ("Ana", "Salas", "supervisor@komaq.demo", "Jefe de taller", ()),
    ("Lola", "Paredes", "ventas@komaq.demo", "Ejecutivo comercial", ()),
    ("Nico", "Arce", "logistica@komaq.demo", "Encargado de almacén", ()),
    ("Fina", "Rojas", "finanzas@komaq.demo", "Contador", ()),
    ("Gina", "Torres", "gerencia@komaq.demo", "Gerente general", ()),
    ("Alex", "Núñez", "admin@komaq.demo", "Administrador de sistemas", ()),
    ("Tito", "Ccori", "tecnico@komaq.demo", "Técnico de campo", ("Hidráulica", "Motores")),
    ("Rosa", "Mamani", "rosa.mamani@komaq.demo", "Técnico de campo", ("Electricidad 24 V", "Motores")),
    ("Julio", "Apaza", "julio.apaza@komaq.demo", "Técnico de campo", ("Hidráulica", "Transmisión")),
    ("Elsa", "Condori", "elsa.condori@komaq.demo", "Técnico de campo", ("Electricidad 24 V", "Alta tensión")),
    ("Marco", "Huanca", "marco.huanca@komaq.demo", "Técnico de taller", ("Tren de rodaje", "Transmisión")),
    ("Paola", "Vilca", "paola.vilca@komaq.demo", "Técnico de campo", ("Perforadoras", "Hidráulica")),
    ("Dante", "Quispe", "dante.quispe@komaq.demo", "Técnico de taller", ("Soldadura", "Estructuras")),
    ("Luis", "Choque", "luis.choque@komaq.demo", "Técnico de campo", ("Motores", "Aire acondicionado")),
)


@dataclass
class Staff:
    """The employees by the part they play."""

    ana: User
    lola: User
    nico: User
    gina: User
    fina: User
    technicians: list[Employee] = field(default_factory=list)

    def user_of(self, technician: Employee) -> User:
        return technician.person.user


def write_person(given_names: str, surnames: str, **more: object) -> Person:
    return Person.objects.create(
        given_names=given_names,
        surnames=surnames,
        created_at=clock.now(),
        search=search_text(given_names, surnames, more.get("email")),
        sort_key=sort_key(f"{surnames} {given_names}"),
        **more,
    )


class _Hash:
    value = ""


def write_user(person: Person, email: str) -> User:
    """A user with the demo's password, its address confirmed. The slow hash is made once."""
    _Hash.value = _Hash.value or make_password(PASSWORD)
    user = User.objects.create(person=person, email=email, password=_Hash.value, created_at=clock.now())
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def hire(dice: random.Random) -> Staff:
    """Areas, positions, employees with their users, skills and certifications."""
    positions = {}
    for area_name, posts in AREAS.items():
        area = Area.objects.create(name=area_name)
        for name, roles in posts.items():
            positions[name] = Position.objects.create(area=area, name=name, roles=[str(role) for role in roles])
    users = {}
    technicians = []
    for number, (given, surnames, email, post, skills) in enumerate(STAFF):
        phone = f"+519{dice.randrange(10**7, 10**8 - 1):08d}"
        document = f"{40_000_000 + number * 317_411}"
        person = write_person(given, surnames, phone=phone, document_type="1", document_number=document)
        employee = Employee.objects.create(person=person, hired_on=clock.today())
        users[email] = write_user(person, email)
        _appoint(employee, positions[post], users["supervisor@komaq.demo"])
        employee.skills.set([Skill.objects.get_or_create(name=skill)[0] for skill in skills])
        if positions[post].roles == [Role.TECHNICIAN]:
            technicians.append(employee)
            _certify(employee, dice)
    return Staff(
        ana=users["supervisor@komaq.demo"],
        lola=users["ventas@komaq.demo"],
        nico=users["logistica@komaq.demo"],
        gina=users["gerencia@komaq.demo"],
        fina=users["finanzas@komaq.demo"],
        technicians=technicians,
    )


def _appoint(employee: Employee, position: Position, by: User) -> None:
    PositionChange.objects.create(
        employee=employee,
        position=position,
        effective_on=clock.today(),
        reason="Ingreso a la empresa",
        decided_by=by,
        decided_at=clock.now(),
    )
    trail.record("accounts.position_changed", employee, by=by, position=position.name, area=position.area.name)


def _certify(employee: Employee, dice: random.Random) -> None:
    expires = clock.today() + datetime.timedelta(days=dice.randrange(660, 1000))
    for name in ("Trabajo en altura", "Inducción minera", "Bloqueo y etiquetado"):
        Certification.objects.create(employee=employee, name=name, issued_on=clock.today(), expires_on=expires)
