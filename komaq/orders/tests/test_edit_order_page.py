import datetime
import re

import pytest
from django.urls import reverse

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import OrderStatus


def address(order):
    return reverse("orders:edit", args=[order.pk])


def inputs(text):
    """What a form on a page would send as it stands: its text, hidden and date inputs."""
    tags = re.findall(r"<input [^>]*>", text.partition("<main")[2])
    pairs = {}
    for tag in tags:
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") != "radio" and "name" in facts:
            pairs[facts["name"]] = facts.get("value", "")
    return pairs


@pytest.fixture
def opened(sign_in, ana, open_order):
    """Ana opened the order to edit: the browser and the form as it came."""
    browser = sign_in(ana)
    page = browser.get(address(open_order))
    form = page.context["form"]
    values = {
        "title": open_order.title,
        "priority": open_order.priority,
        "contact": open_order.contact_id,
        "site": open_order.site_id or "",
        "service_type": open_order.service_type_id or "",
        "description": open_order.description,
        "due_at": form["due_at"].value().astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M"),
        "version": open_order.version,
    }
    return browser, {**{k: v for k, v in inputs(page.text).items() if k.startswith("initial-")}, **values}


def change(order, by, **more):
    """Somebody else saves."""
    order.refresh_from_db()
    facts = {
        name: getattr(order, name)
        for name in ("title", "priority", "site", "contact", "service_type", "due_at", "description")
    }
    return actions.change_order(order=order, version=order.version, by=by, **(facts | more))


def test_the_form_shows_what_stands(opened, open_order):
    _browser, form = opened
    assert form["initial-title"] == open_order.title
    assert form["initial-priority"] == "high"


def test_saving_changes_what_was_written(opened, open_order):
    browser, form = opened
    answer = browser.post(address(open_order), form | {"title": "Bomba hidráulica", "priority": "machine_down"})
    assert answer.url == open_order.get_absolute_url()
    before = open_order.version
    open_order.refresh_from_db()
    assert (open_order.title, open_order.priority, open_order.version) == (
        "Bomba hidráulica",
        "machine_down",
        before + 1,
    )


def test_bad_input_is_told_beside_its_field(opened, open_order):
    browser, form = opened
    refused = browser.post(address(open_order), form | {"title": "", "description": "Lo que escribí"})
    assert 'id="id_title_error"' in refused.text
    assert "Lo que escribí" in refused.text
    late = browser.post(address(open_order), form | {"due_at": "2020-01-01T08:00"})
    assert 'id="id_due_at_error"' in late.text


def test_whoever_comes_second_sees_both_versions_and_nothing_is_saved(opened, open_order, lola):
    browser, form = opened
    change(open_order, lola, title="Bomba principal", priority="machine_down")
    answer = browser.post(
        address(open_order), form | {"title": "Bomba hidráulica", "description": "Llevar banco de presión"}
    )
    assert answer.status_code == 409
    assert [row["name"] for row in answer.context["clashes"]] == ["title"]
    assert {(row["name"], row["is_mine"]) for row in answer.context["merged"]} == {
        ("priority", False),
        ("description", True),
    }
    for shown in ("Bomba principal", "Bomba hidráulica", "Llevar banco de presión", "Lola Paredes"):
        assert shown in answer.text
    open_order.refresh_from_db()
    assert (open_order.title, open_order.description) == ("Bomba principal", open_order.description)
    assert "Llevar banco" not in open_order.description


def test_the_conflict_names_who_changed_it_not_who_wrote_a_note(opened, open_order, lola, gina):
    browser, form = opened
    change(open_order, lola, title="Bomba principal")
    actions.add_note(order=open_order, text="Llamó el cliente", by=gina)
    answer = browser.post(address(open_order), form | {"title": "Bomba hidráulica"})
    assert answer.context["who"] == "Lola Paredes"


def test_what_was_chosen_is_saved_over_the_newer_version(opened, open_order, lola):
    browser, form = opened
    change(open_order, lola, title="Bomba principal", priority="machine_down")
    conflict = browser.post(
        address(open_order), form | {"title": "Bomba hidráulica", "description": "Llevar banco de presión"}
    )
    assert "checked" not in conflict.text.partition('id="chosen"')[2].partition("</form>")[0], (
        "nothing is chosen for one"
    )
    answer = browser.post(address(open_order), inputs(conflict.text) | {"title": "Bomba hidráulica"})
    assert answer.status_code == 302
    open_order.refresh_from_db()
    assert open_order.title == "Bomba hidráulica"
    assert open_order.priority == "machine_down", "what only Lola changed is kept"
    assert open_order.description == "Llevar banco de presión"


def test_a_third_person_meanwhile_gives_a_conflict_again(opened, open_order, lola, gina):
    browser, form = opened
    change(open_order, lola, title="Bomba principal")
    conflict = browser.post(address(open_order), form | {"title": "Bomba hidráulica"})
    change(open_order, gina, title="Bomba y motor")
    again = browser.post(address(open_order), inputs(conflict.text) | {"title": "Bomba hidráulica"})
    assert again.status_code == 409
    assert "Bomba y motor" in again.text
    open_order.refresh_from_db()
    assert open_order.title == "Bomba y motor"


def test_a_long_text_that_clashes_may_be_joined(opened, open_order, lola):
    browser, form = opened
    change(open_order, lola, description="Pase 24 h antes")
    conflict = browser.post(address(open_order), form | {"description": "Avisar por radio"})
    assert '<textarea class="input" id="mix" name="description"' in conflict.text
    browser.post(address(open_order), inputs(conflict.text) | {"description": "Pase 24 h antes; avisar por radio"})
    open_order.refresh_from_db()
    assert open_order.description == "Pase 24 h antes; avisar por radio"


def test_the_same_save_by_both_clashes_in_nothing(opened, open_order, lola):
    browser, form = opened
    change(open_order, lola, title="Bomba")
    answer = browser.post(address(open_order), form | {"title": "Bomba"})
    assert answer.context["clashes"] == []


def test_a_moved_promise_clashes_to_the_minute(opened, open_order, lola):
    browser, form = opened
    change(open_order, lola, due_at=open_order.due_at + datetime.timedelta(days=1))
    mine = (open_order.due_at - datetime.timedelta(days=1)).astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M")
    answer = browser.post(address(open_order), form | {"due_at": mine})
    assert [row["name"] for row in answer.context["clashes"]] == ["due_at"]


@pytest.mark.parametrize("name", ["nico", "fina"])
def test_others_of_the_office_change_nothing(request, sign_in, open_order, name):
    assert sign_in(request.getfixturevalue(name)).get(address(open_order)).status_code == 403


def test_a_closed_order_is_not_changed(sign_in, ana, in_status):
    order = in_status(OrderStatus.CLOSED)
    assert sign_in(ana).get(address(order)).status_code == 403
