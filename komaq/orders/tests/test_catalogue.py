from importlib import import_module

from django.apps import apps

from komaq.orders import queries
from komaq.orders.choices import MachineSystem
from komaq.orders.models import Problem


def test_a_fresh_database_offers_types_of_service_and_problems(catalogue):
    assert queries.service_types().count() == 6
    assert queries.problems_for().count() >= 30
    assert set(Problem.objects.values_list("system", flat=True)) <= set(MachineSystem)


def test_filling_twice_adds_nothing_and_keeps_what_was_edited(catalogue):
    Problem.objects.filter(code="otro").update(name="Algo distinto")
    before = Problem.objects.count()
    import_module("komaq.orders.migrations.0002_catalogue").fill(apps, None)
    assert (Problem.objects.count(), queries.service_types().count()) == (before, 6)
    assert Problem.objects.get(code="otro").name == "Algo distinto"


def test_problems_are_those_of_the_kind_of_machine(catalogue):
    codes = set(queries.problems_for("excavator").values_list("code", flat=True))
    assert {"cadena-suelta", "giro-falla", "no-arranca"} <= codes
    assert "llantas" not in codes
    assert "llantas" in set(queries.problems_for("truck").values_list("code", flat=True))


def test_what_is_no_longer_offered_is_left_out(catalogue):
    Problem.objects.filter(code="otro").update(is_open=False)
    assert not queries.problems_for("truck").filter(code="otro").exists()
