import datetime

import pytest
from django.urls import reverse

from komaq.core import clock, registry
from komaq.core.registry import InboxItem


@pytest.fixture
def waiting(monkeypatch):
    """`waiting(item, …)` lets these things wait, and nothing else."""

    def put(*items):
        monkeypatch.setattr(registry, "inbox", [lambda _user: items])

    return put


def item(code, **more):
    facts = {"kind": "x", "icon": "flag", "title": f"Asunto {code}", "detail": "", "url": f"/app/{code}/"}
    return InboxItem(code=code, **(facts | more))


def test_what_stands_still_comes_before_what_is_late_and_that_before_the_rest(sign_in, ana, waiting):
    soon, later = clock.now(), clock.now() + datetime.timedelta(days=1)
    waiting(
        item("D"), item("C", due_at=later), item("B", late=True, due_at=soon), item("A", stopped=True, due_at=later)
    )
    groups = sign_in(ana).get(reverse("inbox")).context["groups"]
    assert [[each.code for each in items] for _label, items in groups] == [["A", "B"], ["C", "D"]]


def test_an_item_is_one_press_away(sign_in, ana, waiting):
    waiting(item("SOL-1", stopped=True, status="Pendiente"))
    text = sign_in(ana).get(reverse("inbox")).text
    assert '<a href="/app/SOL-1/">Asunto SOL-1</a>' in text
    assert "data-stop" in text


def test_an_empty_inbox_says_what_comes_here(sign_in, ana, waiting):
    waiting()
    text = sign_in(ana).get(reverse("inbox")).text
    assert 'class="panel state"' in text
    assert reverse("orders:list") in text


def test_only_who_may_open_orders_is_offered_a_new_one(sign_in, ana, fina, waiting):
    waiting()
    assert reverse("orders:new") in sign_in(ana).get(reverse("inbox")).text
    assert reverse("orders:new") not in sign_in(fina).get(reverse("inbox")).text


@pytest.mark.parametrize("name", ["tito", "alex", "carla"])
def test_nobody_else_enters(request, sign_in, name):
    assert sign_in(request.getfixturevalue(name)).get(reverse("inbox")).status_code in {403, 404}
