import pytest
from django.urls import reverse

from komaq.core import registry
from komaq.core.registry import SearchHit


@pytest.fixture
def machines(monkeypatch):
    """A search that finds one machine by its serial."""

    def find(_user, words):
        return [SearchHit("machine", "CAT 336", "DKS01874", "/app/maquinas/1/")] if words == "dks" else []

    monkeypatch.setattr(registry, "searches", [("Máquinas", find)])


@pytest.mark.db
def test_hits_stand_under_their_kind(sign_in, ana, machines):
    text = sign_in(ana).get(reverse("search"), {"q": "dks"}).text
    assert "Máquinas" in text
    assert 'href="/app/maquinas/1/"' in text


def test_the_palette_gets_a_list_without_the_page(sign_in, ana, machines):
    answer = sign_in(ana).get(reverse("search"), {"q": "dks"}, headers={"HX-Request": "true"})
    assert 'role="listbox"' in answer.text
    assert "<main" not in answer.text


def test_nothing_found_says_where_was_searched(sign_in, ana, machines):
    browser = sign_in(ana)
    assert "EC408" in browser.get(reverse("search"), {"q": "EC408"}).text
    assert 'class="panel state"' in browser.get(reverse("search")).text
    assert 'class="panel state"' in browser.get(reverse("search") + "?q=%00").text


def test_clients_do_not_search_here(sign_in, carla):
    assert sign_in(carla).get(reverse("search"), {"q": "dks"}).status_code == 404
