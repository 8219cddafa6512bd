"""Search without accents and sorting as Spanish does."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from komaq.core import readiness, search
from komaq.core.search import fold, matching, search_text, sort_key

pytestmark = pytest.mark.db


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cañón  ÁRBOL", "cañón árbol".replace("ó", "o").replace("á", "a")),
        ("Núñez", "nuñez"),
        (" a\tb ", "a b"),
        ("ÑANDÚ", "ñandu"),
    ],
)
def test_accents_fall_and_enye_stays(text, folded):
    assert fold(text) == folded


def test_a_null_sign_is_no_letter():
    assert fold("Cami\0on \0") == "cami on"


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_codes_are_found_with_and_without_their_punctuation():
    text = search_text("OS-2026-000123", "CAT 336", None, "")
    assert "os-2026-000123" in text
    assert "os2026000123" in text


def test_spanish_order():
    words = ["zorro", "ñandú", "nube", "árbol", "nota", "Ana", "ñame", "oso"]
    assert sorted(words, key=sort_key) == ["Ana", "árbol", "nota", "nube", "ñame", "ñandú", "oso", "zorro"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nuñez", {"Núñez"}),
        ("NÚÑEZ alex", {"Núñez"}),
        ("nunez", set()),
        ("quispe", {"Quispe"}),
        ("a", {"Núñez", "Quispe"}),
        ("", {"Núñez", "Quispe"}),
        ("%", set()),
        ("_", set()),
        ("alex carla", set()),
        ("x" * 500, set()),
        ("'; DROP TABLE accounts_person; --", set()),
    ],
)
def test_every_word_must_be_there(alex, carla, words, found):
    people = apps.get_model("accounts.Person").objects.all()
    assert {person.surnames for person in matching(people, words)} == found


SIGNS = st.text(alphabet="abñ1-.%_\"' é", min_size=1, max_size=12)


@pytest.mark.db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(SIGNS, min_size=1, max_size=6), words=SIGNS, many=st.booleans())
def test_the_index_finds_what_reading_all_rows_finds(cat336, texts, words, many):
    """The same on both engines, rare and common, after writing, changing and taking away."""
    machines = apps.get_model("fleet.Machine").objects
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "COMMON", 1 if many else 3000)
        rows = [write(cat336, number, text) for number, text in enumerate(texts)]
        machines.filter(pk=rows[-1]).update(search=search_text(texts[0]))
        machines.filter(pk=rows[0]).delete()
        read = {pk for pk, text in machines.values_list("pk", "search") if holds(text, words)}
        assert set(matching(machines.all(), words).values_list("pk", flat=True)) == read
        transaction.set_rollback(True)


def write(machine, number, text):
    values = {field.attname: getattr(machine, field.attname) for field in machine._meta.concrete_fields}
    values |= {"id": None, "code": f"M{number}", "serial": f"S{number}", "search": search_text(text)}
    return type(machine).objects.create(**values).pk


def holds(text, words):
    """Every word as it is or without its signs, read sign by sign."""
    return all(word in text or (search.SIGN.sub("", word) or word) in text for word in fold(words).split()[:8])


@pytest.mark.db
def test_a_lost_index_is_missed_and_comes_back_filled(cat336):
    machines = apps.get_model("fleet.Machine").objects.all()
    connection.check_constraints()
    search.lift()
    assert search.missing()
    assert [fault for fault in readiness.faults() if "search indexes" in fault]
    search.install()
    assert search.missing() == []
    assert list(matching(machines, "dks01874")) == [cat336]
