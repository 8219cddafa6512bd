"""No more than so many requests in any sixty seconds, whatever the rhythm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komaq.core.api.limits import Window

ANA, BETO = ("token", "ana"), ("token", "beto")
START = 1_700_000_000.0


def test_so_many_and_no_more():
    window = Window()
    assert [window.wait_of(ANA, 3, START) for _ in range(3)] == [0, 0, 0]
    assert window.wait_of(ANA, 3, START) > 0
    assert window.wait_of(BETO, 3, START) == 0


def test_what_it_says_to_wait_is_enough():
    window = Window()
    for _ in range(5):
        window.wait_of(ANA, 5, START)
    wait = window.wait_of(ANA, 5, START + 1)
    assert 0 < wait <= 120
    assert window.wait_of(ANA, 5, START + 1 + wait) == 0


@given(st.lists(st.floats(0, 30), min_size=1, max_size=120), st.integers(1, 20))
def test_a_waiting_program_comes_through(gaps, most):
    window, moment = Window(), START
    for gap in gaps:
        moment += gap
        wait = window.wait_of(ANA, most, moment)
        if wait:
            assert window.wait_of(ANA, most, moment + wait) == 0
            moment += wait


@given(st.lists(st.floats(0, 20), min_size=1, max_size=200), st.integers(1, 10))
def test_no_minute_of_the_clock_holds_more(gaps, most):
    window, moment, let_in = Window(), START, []
    for gap in gaps:
        moment += gap
        if window.wait_of(ANA, most, moment) == 0:
            let_in.append(moment)
    minutes = [int(each // 60) for each in let_in]
    assert all(minutes.count(each) <= most for each in minutes)


@pytest.mark.parametrize("pause", [120, 3600])
def test_who_stops_asking_is_forgotten(pause):
    window = Window()
    window.wait_of(ANA, 3, START)
    window.wait_of(BETO, 3, START + pause)
    assert ANA not in window.now
    assert ANA not in window.before
