"""A machine becomes known, is described, moved, stopped and retired."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core import clock, sequences, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, Stale, require
from komaq.core.search import search_text, sort_key
from komaq.customers.models import Customer, Site
from komaq.fleet import rules
from komaq.fleet.choices import MachineStatus, MeterUnit
from komaq.fleet.models import Machine, MachineModel


class SerialTaken(Refusal):
    """Two machines of one model never share a serial number."""

    message = _("A machine with that serial number is known already. If it is yours, write to us.")
    field = "serial"


class ModelNeeded(BadInput):
    """Neither a model of the catalogue nor the words for a new one."""

    message = _("Choose a model, or write its brand, name and type.")
    field = "model"


class SiteOfAnother(BadInput):
    """A machine works at its owner's places."""

    message = _("Choose a site of the machine's owner.")
    field = "site"


@action
def add_machine(
    *,
    customer: Customer,
    serial: str,
    model: MachineModel | None = None,
    brand: str = "",
    name: str = "",
    type: str = "",  # noqa: A002  the column's name
    site: Site | None = None,
    year: int | None = None,
    engine: str = "",
    fleet_number: str = "",
    plate: str = "",
    meter_unit: str = MeterUnit.HOURS,
    by: User,
) -> Machine:
    """Make a unit known, of a model of the catalogue or of a new one (brand, name and type).

    Raises NotAllowed, ModelNeeded, SiteOfAnother, SerialTaken.
    """
    require(rules.can_add_machine(by, customer.pk, site.pk if site else None))
    require(site is None or site.customer_id == customer.pk, else_=SiteOfAnother())
    model = model or _model(brand, name, type)
    serial = clean_serial(serial)
    lock(customer)
    require(not Machine.objects.filter(model=model, serial=serial).exists(), else_=SerialTaken())
    machine = Machine(
        code=sequences.take("MAQ"),
        customer=customer,
        site=site,
        model=model,
        serial=serial,
        year=year,
        engine=engine,
        fleet_number=fleet_number,
        plate=plate,
        meter_unit=meter_unit,
        created_at=clock.now(),
    )
    fill_search(machine)
    machine.save(force_insert=True)
    trail.record("fleet.machine_added", machine, by=by, visibility="client", serial=serial, model=str(model))
    return machine


@action
def change_machine(*, machine: Machine, version: int, by: User, **facts: object) -> Machine:
    """Correct what the plate says; `facts` are columns. Raises NotAllowed, Stale, SerialTaken."""
    require(rules.can_manage_machines(by))
    machine = _at_version(machine, version)
    if "serial" in facts:
        facts["serial"] = clean_serial(str(facts["serial"]))
    model, serial = facts.get("model", machine.model), facts.get("serial", machine.serial)
    twins = Machine.objects.filter(model=model, serial=serial).exclude(pk=machine.pk)
    require(not twins.exists(), else_=SerialTaken())
    return _save(machine, by, "fleet.machine_changed", facts)


@action
def move_machine(*, machine: Machine, site: Site | None, version: int, by: User) -> Machine:
    """The machine works elsewhere now; None is no fixed place. Raises NotAllowed, Stale, SiteOfAnother."""
    require(rules.can_manage_machines(by))
    machine = _at_version(machine, version)
    require(site is None or site.customer_id == machine.customer_id, else_=SiteOfAnother())
    return _save(machine, by, "fleet.machine_moved", {"site": site})


@action
def revise_machine(*, machine: Machine, version: int, by: User, **facts: Any) -> Machine:
    """Correct the plate, move the machine and say how it stands, all or nothing; `facts` are columns.

    Raises NotAllowed, Stale, SerialTaken, SiteOfAnother.
    """
    require(rules.can_manage_machines(by))
    machine = _at_version(machine, version)
    plate = {name: value for name, value in facts.items() if name not in {"site", "status"}}
    if plate:
        machine = change_machine(machine=machine, version=machine.version, by=by, **plate)
    if "site" in facts:
        machine = move_machine(machine=machine, site=facts["site"], version=machine.version, by=by)
    return set_status(machine=machine, status=facts["status"], by=by) if "status" in facts else machine


@action
def set_status(*, machine: Machine, status: str, by: User, reason: str = "") -> Machine:
    """Working, down or retired. The same status again changes nothing.

    Whoever works with the machine says that it is down or works; only the office retires it. Raises NotAllowed.
    """
    status = MachineStatus(status)
    machine = lock(machine)
    sees = rules.can_record_reading(by, machine) or by.has(Permission.PLAN_WORK)
    ends = MachineStatus.RETIRED in {status, machine.status}
    require(rules.can_manage_machines(by) if ends else sees)
    if machine.status == status:
        return machine
    before, machine.status = machine.status, status
    machine.version += 1
    machine.save(update_fields=["status", "version"])
    facts = {"before": before, "after": status, "reason": reason[:300]}
    trail.record("fleet.machine_status", machine, by=by, visibility="client", **facts)
    return machine


@action
def follow_owner(*, customer: Customer) -> None:
    """Let the machines of a renamed customer be found by its new name."""
    for machine in Machine.objects.filter(customer=customer).select_related("model", "customer"):
        fill_search(machine)
        machine.save(update_fields=["search"])


def clean_serial(serial: str) -> str:
    """A serial as the plate shows it: capitals, no blanks."""
    return "".join(serial.upper().split())


def _model(brand: str, name: str, kind: str) -> MachineModel:
    brand, name = " ".join(brand.split()), " ".join(name.split())
    require(bool(brand and name and kind), else_=ModelNeeded())
    known = MachineModel.objects.filter(brand__iexact=brand, name__iexact=name).first()
    return known or MachineModel.objects.create(brand=brand, name=name, type=kind)


def _at_version(machine: Machine, version: int) -> Machine:
    machine = lock(machine)
    require(machine.version == version, else_=Stale(machine))
    return machine


def _save(machine: Machine, by: User, kind: str, facts: dict) -> Machine:
    before = {name: getattr(machine, name) for name, value in facts.items() if getattr(machine, name) != value}
    if not before:
        return machine
    for name in before:
        setattr(machine, name, facts[name])
    machine.version += 1
    fill_search(machine)
    machine.save()
    words = {name: [_said(value), _said(facts[name])] for name, value in before.items()}
    trail.record(kind, machine, by=by, visibility="client", changed=words)
    return machine


def _said(value: object) -> object:
    return value if value is None or isinstance(value, int) else str(value)


def fill_search(machine: Machine) -> None:
    """Write what a machine is found and sorted by."""
    owner = machine.customer
    machine.search = search_text(
        machine.model, machine.serial, machine.code, machine.fleet_number, machine.plate, owner.name, owner.trade_name
    )
    machine.sort_key = sort_key(f"{machine.model} {machine.serial}")
