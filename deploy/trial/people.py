"""A client company whose people ask for service, for the trial's database; run with the trial's environment."""

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from komaq.accounts.actions.register import create_user, register_person  # noqa: E402
from komaq.accounts.choices import Role, ScopeKind  # noqa: E402
from komaq.accounts.models import Grant  # noqa: E402
from komaq.core import clock, search  # noqa: E402
from komaq.core.action import lawful  # noqa: E402
from komaq.customers.choices import CustomerKind  # noqa: E402
from komaq.customers.models import Contact, Customer, Site  # noqa: E402
from komaq.fleet.models import Machine, MachineModel  # noqa: E402


def write(count, password):
    """`count` administrators of one company, and its machine."""
    company = Customer.objects.create(
        kind=CustomerKind.COMPANY,
        tax_id_type="6",
        tax_id="20990000019",
        name="Contratistas de Prueba S.A.C.",
        search="contratistas de prueba",
        sort_key="contratistas de prueba",
        created_at=clock.now(),
    )
    site = Site.objects.create(customer=company, name="Tajo Sur", kind="mine", place="Espinar, Cusco")
    model, _made = MachineModel.objects.get_or_create(brand="CAT", name="336", defaults={"type": "excavator"})
    Machine.objects.create(
        code="MAQ-2026-000001",
        customer=company,
        site=site,
        model=model,
        serial="DKS01874",
        search=search.search_text("CAT 336 DKS01874"),
        sort_key=search.sort_key("CAT 336"),
        created_at=clock.now(),
    )
    for number in range(count):
        email = f"cliente{number}@contratista.example"
        person = register_person(given_names=f"Carla {number}", surnames="Quispe", email=email)
        Contact.objects.create(customer=company, person=person, created_at=clock.now())
        user = create_user(person=person, email=email, password=password, verified=True)
        Grant.objects.create(
            user=user,
            role=Role.CUSTOMER_ADMIN,
            customer_id=company.pk,
            scope_kind=ScopeKind.CUSTOMER,
            scope_id=company.pk,
            given_at=clock.now(),
        )


with lawful(), transaction.atomic():
    write(int(sys.argv[1]), sys.argv[2])
