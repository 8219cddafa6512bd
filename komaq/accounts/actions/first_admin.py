"""The first person of an installation: the one who makes all others."""

from komaq.accounts.actions.register import create_user, register_person
from komaq.accounts.choices import Role
from komaq.accounts.models import Area, Employee, Position, PositionChange, User
from komaq.core import clock, trail
from komaq.core.action import action

AREA = "Administración"
POSITION = "Administrador del sistema"


@action
def create_admin(*, given_names: str, surnames: str, email: str, password: str) -> User:
    """Make a system administrator, with the area and position it needs. The operator of the machine decides it.

    Raises EmailTaken.
    """
    person = register_person(given_names=given_names, surnames=surnames, email=email)
    user = create_user(person=person, email=email, password=password, verified=True)
    area, _made = Area.objects.get_or_create(name=AREA)
    position, _made = Position.objects.get_or_create(area=area, name=POSITION, defaults={"roles": [Role.ADMIN]})
    employee = Employee.objects.create(person=person, hired_on=clock.today())
    PositionChange.objects.create(
        employee=employee,
        position=position,
        effective_on=clock.today(),
        reason="komaq createadmin",
        decided_at=clock.now(),
    )
    trail.record("accounts.admin_created", employee, position=position.pk)
    return user
