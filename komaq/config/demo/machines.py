import datetime
import random
from decimal import Decimal

from komaq.config.demo.clients import Client
from komaq.core import clock, sequences, trail
from komaq.core.search import search_text, sort_key
from komaq.fleet.choices import ReadingSource
from komaq.fleet.models import Machine, MachineModel, MeterReading

MODELS = (
    ("CAT", "336", "excavator", "C9.3B · 232 kW", "DKS"),
    ("CAT", "349", "excavator", "C13 · 317 kW", "RTB"),
    ("CAT", "390F", "excavator", "C18 · 391 kW", "HJD"),
    ("Komatsu", "PC450LC-8", "excavator", "SAA6D125E-5 · 257 kW", "KMT"),
    ("Volvo", "EC480D", "excavator", "D13F · 265 kW", "VCE"),
    ("Hitachi", "ZX350LC-5", "excavator", "6HK1 · 202 kW", "HCM"),
    ("CAT", "966L", "loader", "C9.3 · 206 kW", "FSL"),
    ("CAT", "992K", "loader", "C32 · 607 kW", "H4C"),
    ("Komatsu", "WA600-6", "loader", "SAA6D170E-5 · 393 kW", "KWA"),
    ("Volvo", "L120H", "loader", "D8J · 203 kW", "VLH"),
    ("CAT", "D8T", "dozer", "C15 · 232 kW", "KPZ"),
    ("Komatsu", "D155AX-6", "dozer", "SAA6D140E-5 · 264 kW", "KDA"),
    ("CAT", "777G", "truck", "C32 · 704 kW", "T4Y"),
    ("CAT", "785D", "truck", "3512C · 1,005 kW", "MSY"),
    ("Komatsu", "HD785-7", "truck", "SAA12V140E-3 · 879 kW", "KHD"),
    ("Volvo", "A40G", "truck", "D16J · 350 kW", "VAG"),
    ("CAT", "140K", "grader", "C7 · 136 kW", "JPA"),
    ("CAT", "16M", "grader", "C13 · 221 kW", "B9H"),
    ("Epiroc", "SmartROC D65", "drill", "C15 · 402 kW", "TMG"),
    ("Sandvik", "DD421", "drill", "QSB4.5 · 110 kW", "SDD"),
    ("Epiroc", "Scooptram ST14", "lhd", "QSM11 · 250 kW", "AVO"),
    ("Bomag", "BW211", "roller", "TCD 4.1 · 98 kW", "BMG"),
    ("JCB", "3CX", "backhoe", "444 · 81 kW", "JCB"),
    ("Atlas Copco", "XAS 950", "compressor", "C9.3 · 224 kW", "APP"),
    ("Manitou", "MT1840", "handler", "TCD 3.6 · 75 kW", "MAN"),
)
COUNT = 60
READINGS = 12


def deliver(clients: list[Client], dice: random.Random) -> list[Machine]:
    """The machines of all clients with a year and a half of meter readings."""
    with clock.travel(clock.lima(clock.today() - datetime.timedelta(days=590), 10)):
        models = [MachineModel.objects.create(brand=b, name=n, type=kind) for b, n, kind, _e, _s in MODELS]
        machines = [_machine(number, clients, models, dice) for number in range(COUNT)]
    _read_meters(machines, dice)
    return machines


def _machine(number: int, clients: list[Client], models: list[MachineModel], dice: random.Random) -> Machine:
    which = 0 if number == 0 else dice.randrange(len(models))
    client = clients[0] if number < 9 else clients[dice.randrange(1, len(clients))]
    model, (_b, _n, _kind, engine, prefix) = models[which], MODELS[which]
    serial = "DKS01874" if number == 0 else f"{prefix}{dice.randrange(10_000, 99_999):05d}"
    machine = Machine.objects.create(
        code=sequences.take("MAQ"),
        customer=client.customer,
        site=client.sites[0] if number == 0 else dice.choice(client.sites),
        model=model,
        serial=serial,
        fleet_number=f"{model.type[:2].upper()}-{number + 1:02d}",
        year=dice.randrange(2012, 2025),
        engine=engine,
        search=search_text(model, serial, client.customer.name, client.customer.trade_name, f"{number + 1:02d}"),
        sort_key=sort_key(str(model)),
        created_at=clock.now(),
    )
    trail.record("fleet.machine_added", machine, serial=serial, model=str(model))
    return machine


def _read_meters(machines: list[Machine], dice: random.Random) -> None:
    """Monthly readings up to a few days ago: hours grow 4 to 16 a day."""
    readings = []
    for machine in machines:
        value = Decimal(dice.randrange(1_500, 11_500))
        pace = Decimal(dice.randrange(40, 160)) / 10
        for step in range(READINGS):
            days_ago = 45 * (READINGS - 1 - step) + dice.randrange(1, 9)
            at = clock.lima(clock.today() - datetime.timedelta(days=days_ago), 7, dice.randrange(60))
            value += round(pace * 45 * Decimal(dice.uniform(0.75, 1.1)), 1)
            source = dice.choice([ReadingSource.CUSTOMER, ReadingSource.TECHNICIAN])
            readings.append(MeterReading(machine=machine, value=value, read_at=at, source=source, recorded_at=at))
        machine.meter, machine.meter_at = value, at
    MeterReading.objects.bulk_create(readings)
    Machine.objects.bulk_update(machines, ["meter", "meter_at"])
