"""Numbers are unique, rising and without gaps per prefix and year (ORD-4)."""

import datetime

import pytest

from komaq.core import clock, sequences
from komaq.core.action import action
from komaq.core.refusals import Refusal

pytestmark = pytest.mark.db


def test_the_first_code_of_a_year(db):
    with clock.travel(datetime.datetime(2026, 11, 24, 15, tzinfo=datetime.UTC)):
        assert sequences.take("OS") == "OS-2026-000001"
        assert sequences.take("OS") == "OS-2026-000002"
        assert sequences.take("SOL") == "SOL-2026-000001"


def test_the_year_is_lima_s(db):
    """At 03:00 UTC on 1 January it is still 31 December in Lima."""
    with clock.travel(datetime.datetime(2027, 1, 1, 3, tzinfo=datetime.UTC)):
        assert sequences.take("OS").startswith("OS-2026-")
    with clock.travel(datetime.datetime(2027, 1, 1, 6, tzinfo=datetime.UTC)):
        assert sequences.take("OS") == "OS-2027-000001"


def test_a_number_of_a_rolled_back_action_comes_again(db):
    @action
    def take_and_refuse():
        sequences.take("OS")
        raise Refusal

    first = sequences.take("OS")
    with pytest.raises(Refusal):
        take_and_refuse()
    assert int(sequences.take("OS")[-6:]) == int(first[-6:]) + 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_get_ten_numbers_in_a_row(at_once):
    @action
    def take():
        return sequences.take("OS")

    assert sorted(int(code[-6:]) for code in at_once([take] * 10)) == list(range(1, 11))
