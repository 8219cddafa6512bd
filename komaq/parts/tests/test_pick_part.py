"""The picker: a part is typed or chosen, and what stands in for it is one press away."""

import pytest
from django import forms
from django.urls import reverse

from komaq.parts import actions
from komaq.parts.fields import PartField


class Wish(forms.Form):
    part = PartField()


class AnyWish(forms.Form):
    part = PartField(only_open=False, required=False)


def wish(user, kind=Wish, **data):
    form = kind(data or None)
    form.fields["part"].user = user
    return form


@pytest.fixture
def newer(nico, oil_filter):
    """What replaces the oil filter."""
    part = actions.create_part(brand="CAT", number="1R-0799", name="Filtro de petróleo", by=nico)
    actions.link_parts(part=oil_filter, other=part, kind="superseded_by", by=nico)
    return part


def test_a_chosen_row_is_the_part(nico, oil_filter):
    form = wish(nico, part=str(oil_filter.pk), part_q="otra cosa")
    assert form.is_valid()
    assert form.cleaned_data["part"] == oil_filter


@pytest.mark.parametrize("typed", ["1R-0750", "1r0750", "1R 0750"])
def test_a_whole_number_that_was_typed_is_the_part_without_a_press(nico, oil_filter, typed):
    form = wish(nico, part_q=typed)
    assert form.is_valid()
    assert form.cleaned_data["part"] == oil_filter


@pytest.mark.parametrize(
    "data", [{"part_q": "0750"}, {"part_q": "filtro"}, {"part": "9999"}, {"part": "x"}, {"part": "9" * 30}]
)
def test_pieces_and_strange_keys_are_no_choice(nico, oil_filter, data):
    form = wish(nico, **data)
    assert not form.is_valid()
    assert "Elija el repuesto de la lista." in str(form.errors)


def test_pieces_that_were_typed_show_what_answers_to_them(nico, oil_filter):
    form = wish(nico, part_q="0750")
    form.is_valid()
    assert f'value="{oil_filter.pk}"' in str(form["part"])


def test_a_number_of_two_makers_is_no_choice(nico, oil_filter):
    actions.create_part(brand="Baldwin", number="1R0750", name="Filtro", by=nico)
    assert not wish(nico, part_q="1R-0750").is_valid()


def test_nothing_is_needed_or_not(nico):
    assert "part" in wish(nico, other="x").errors
    form = wish(nico, AnyWish, other="x")
    assert form.is_valid()
    assert form.cleaned_data["part"] is None


def test_what_is_out_of_use_is_refused_unless_any_will_do(nico, oil_filter):
    actions.change_part(part=oil_filter, version=1, is_open=False, by=nico)
    assert not wish(nico, part=str(oil_filter.pk)).is_valid()
    assert wish(nico, AnyWish, part=str(oil_filter.pk)).is_valid()


def test_clients_can_name_no_part(carla, oil_filter):
    assert not wish(carla, part=str(oil_filter.pk)).is_valid()


def test_the_form_shows_the_part_it_begins_with(nico, oil_filter, newer):
    form = Wish(initial={"part": oil_filter})
    form.fields["part"].user = nico
    shown = str(form["part"])
    assert f'value="{oil_filter.pk}" id="id_part_{oil_filter.pk}" checked' in shown
    assert "lo reemplaza" in shown


def test_typing_finds_and_choosing_offers_the_successor_first(sign_in, nico, oil_filter, newer):
    http, address = sign_in(nico), reverse("parts:pick")
    found = http.get(address, {"name": "lines-0-part", "lines-0-part_q": "1r-0750"}).content.decode()
    assert f'name="lines-0-part" value="{oil_filter.pk}"' in found
    assert "reemplazado por un número nuevo" in found
    offered = http.get(address, {"name": "lines-0-part", "lines-0-part": oil_filter.pk}).content.decode()
    assert offered.index(f'value="{newer.pk}"') < offered.index(f'value="{oil_filter.pk}"')
    assert f'id="id_lines-0-part_{oil_filter.pk}" checked' in offered


def test_the_name_of_the_field_cannot_carry_markup(sign_in, nico):
    assert sign_in(nico).get(reverse("parts:pick"), {"name": '"><script>'}).status_code == 404


def test_technicians_may_pick(sign_in, tito, oil_filter):
    assert "1R-0750" in sign_in(tito).get(reverse("parts:pick"), {"part_q": "0750"}).content.decode()
