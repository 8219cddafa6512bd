import random
from dataclasses import dataclass, field

from stdnum.pe import ruc

from komaq.accounts.choices import TEXTS_VERSION, ConsentKind, Role, ScopeKind
from komaq.accounts.models import Consent, Grant, User
from komaq.config.demo.people import write_person, write_user
from komaq.core import clock, trail
from komaq.core.search import search_text, sort_key
from komaq.customers.choices import CustomerKind
from komaq.customers.models import Contact, Customer, Site

COMPANIES = (
    ("Contratistas Andinos del Sur S.A.C.", "Andinos del Sur", ("Carla Quispe", "Beto Huamán")),
    ("Minera Cumbre Andina S.A.", "Cumbre Andina", ("Raúl Espinoza",)),
    ("Compañía Minera Quebrada Honda S.A.A.", "Quebrada Honda", ("Mirtha Loayza",)),
    ("Consorcio Vial Sierra Central", "Vial Sierra Central", ("Edwin Poma",)),
    ("Constructora Puna Alta S.A.C.", "Puna Alta", ("Yeni Calcina",)),
    ("Cantera San Roque E.I.R.L.", "San Roque", ("Hugo Roque",)),
    ("Agregados del Sur S.A.C.", "Agregados del Sur", ("Silvia Neyra",)),
    ("Proyecto Hídrico Chavín S.A.", "Hídrico Chavín", ("Óscar Trejo",)),
    ("Minera Aurífera Pataz Norte S.R.L.", "Pataz Norte", ("Wilmer Castro",)),
    ("Movimiento de Tierras Illapa S.R.L.", "Illapa", ("Percy Lazo",)),
    ("Consorcio Vial Huayna", "Vial Huayna", ("Nelly Cutipa",)),
    ("Canteras Yura S.A.", "Canteras Yura", ("Iván Zegarra",)),
)
PLACES = (
    ("Tajo Sur, U. M. Qellaya", "mine", "Espinar, Cusco", 4120, -14.79, -71.41),
    ("Botadero 3, U. M. Qellaya", "mine", "Espinar, Cusco", 4210, -14.81, -71.39),
    ("Tajo Norte", "mine", "Cotabambas, Apurímac", 3950, -14.08, -72.30),
    ("Planta de chancado", "quarry", "Yura, Arequipa", 2600, -16.25, -71.69),
    ("Km 84 Puno–Moquegua", "works", "Carumas, Moquegua", 4390, -16.60, -70.48),
    ("Variante Ticlio", "works", "Yauli, Junín", 4700, -11.60, -76.19),
    ("Presa Alto Santa", "works", "Recuay, Áncash", 3400, -9.72, -77.45),
    ("Nivel 2450", "mine", "Pataz, La Libertad", 2450, -7.78, -77.59),
    ("Cantera San Roque", "quarry", "Ica, Ica", 420, -14.07, -75.73),
    ("Patio de equipos Cajamarca", "yard", "Cajamarca, Cajamarca", 2750, -7.16, -78.51),
    ("Frente Pachía", "works", "Pachía, Tacna", 1100, -17.90, -70.15),
    ("Tajo Raúl Rojas", "mine", "Simón Bolívar, Pasco", 4330, -10.69, -76.26),
)
MAILS = {"Carla Quispe": "cliente@contratista.demo", "Beto Huamán": "usuario@contratista.demo"}


@dataclass
class Client:
    """A customer with what its orders need."""

    customer: Customer
    sites: list[Site] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    users: list[User] = field(default_factory=list)


def sign_up(dice: random.Random) -> list[Client]:
    """The customers, each with sites, contacts and users; the first is the contractor of the demo's logins."""
    return [_company(number, *facts, dice=dice) for number, facts in enumerate(COMPANIES)]


def _company(number: int, name: str, trade_name: str, people: tuple[str, ...], *, dice: random.Random) -> Client:
    stem = f"20990001{number:02d}"
    tax_id = stem + ruc.calc_check_digit(stem)
    domain = trade_name.lower().replace(" ", "").replace("í", "i")
    customer = Customer.objects.create(
        kind=CustomerKind.COMPANY,
        tax_id_type="6",
        tax_id=tax_id,
        name=name,
        trade_name=trade_name,
        email=f"equipos@{domain}.demo",
        phone=f"+5154{200000 + number * 1371}",
        address=f"Av. Parra {100 + number * 17}, Arequipa",
        search=search_text(name, trade_name, tax_id),
        sort_key=sort_key(trade_name),
        created_at=clock.now(),
    )
    trail.record("customers.customer_created", customer, name=name, tax_id=tax_id)
    client = Client(customer)
    for place in (PLACES[number], PLACES[(number + 5) % len(PLACES)]):
        client.sites.append(_site(customer, *place))
    for rank, full_name in enumerate(people):
        _join(client, full_name, MAILS.get(full_name, f"{domain}@clientes.demo"), first=rank == 0, dice=dice)
    return client


def _site(customer: Customer, name: str, kind: str, place: str, altitude: int, lat: float, lon: float) -> Site:
    rules = "Inducción de seguridad vigente, EPP completo y pase solicitado 24 h antes." if kind == "mine" else ""
    return Site.objects.create(
        customer=customer,
        kind=kind,
        name=name,
        place=place,
        altitude_m=altitude,
        latitude=f"{lat:.6f}",
        longitude=f"{lon:.6f}",
        access_rules=rules,
        demands=["Inducción minera"] if kind == "mine" else [],
    )


def _join(client: Client, full_name: str, email: str, *, first: bool, dice: random.Random) -> None:
    given, surnames = full_name.split(" ", 1)
    phone = f"+519{dice.randrange(10**7, 10**8 - 1):08d}"
    person = write_person(given, surnames, email=email, phone=phone)
    title = "Jefe de equipos" if first else "Operador de mantenimiento"
    client.contacts.append(
        Contact.objects.create(customer=client.customer, person=person, title=title, created_at=clock.now())
    )
    user = write_user(person, email)
    Grant.objects.create(
        user=user,
        role=Role.CUSTOMER_ADMIN if first else Role.CUSTOMER_MEMBER,
        customer_id=client.customer.pk,
        scope_kind=ScopeKind.CUSTOMER,
        scope_id=client.customer.pk,
        given_at=clock.now(),
    )
    for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
        Consent.objects.create(
            person=person, kind=kind, version=TEXTS_VERSION, address="127.0.0.1", given_at=clock.now()
        )
    client.users.append(user)
