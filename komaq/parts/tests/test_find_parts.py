"""A part is found by its number, by pieces of it and by words, and what may be taken for it is offered."""

from decimal import Decimal

import pytest

from komaq.core.refusals import NotFound
from komaq.parts import actions, queries


@pytest.fixture
def catalogue(nico):
    """Filters of three makers."""

    def make(brand, number, name, **more):
        return actions.create_part(brand=brand, number=number, name=name, by=nico, **more)

    return {
        "old": make("CAT", "12R-0317", "Filtro de petróleo", category="filter"),
        "new": make("CAT", "12R-0318", "Filtro de petróleo", category="filter"),
        "newest": make("CAT", "12R-0319", "Filtro de petróleo", category="filter"),
        "like": make("Donaldson", "P551313", "Filtro separador", grade="alternative", category="filter"),
        "tooth": make("Esco", "V39SYL", "Punta para cucharón", category="ground_engaging"),
    }


def numbers(found):
    return [each.part.number for each in found]


@pytest.mark.parametrize("words", ["12R-0317", "12r0317", "12R 0317", " 12r-0317 "])
def test_the_whole_number_comes_first_however_it_is_written(nico, catalogue, words):
    assert numbers(queries.find_parts(nico, words))[0] == "12R-0317"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("0317", {"12R-0317"}),
        ("12r", {"12R-0317", "12R-0318", "12R-0319"}),
        ("filtro petroleo", {"12R-0317", "12R-0318", "12R-0319"}),
        ("donaldson", {"P551313"}),
        ("puntas", {"V39SYL"}),
        ("bomba", set()),
        ("--", set()),
        ("", set()),
    ],
)
def test_pieces_of_a_number_and_words_without_accents(nico, catalogue, words, found):
    assert set(numbers(queries.find_parts(nico, words))) == found


def test_what_is_out_of_use_is_not_found_for_picking(nico, catalogue):
    actions.change_part(part=catalogue["tooth"], version=1, is_open=False, by=nico)
    assert queries.find_parts(nico, "V39SYL") == []
    assert queries.filter_parts(queries.parts_visible_to(nico), q="V39SYL").count() == 1


def test_the_newest_successor_is_offered_first_then_itself_then_equivalents(nico, store, catalogue):
    old, new, newest, like = (catalogue[name] for name in ("old", "new", "newest", "like"))
    actions.link_parts(part=old, other=new, kind="superseded_by", by=nico)
    actions.link_parts(part=new, other=newest, kind="superseded_by", by=nico)
    actions.link_parts(part=like, other=new, kind="equivalent", by=nico)
    actions.receive_stock(part=like, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(9), by=nico)
    actions.reserve_stock(part=like, quantity=Decimal(1), source=store, need_by=None, by=nico)

    offered = queries.offered_for(old)

    assert [(each.part.number, each.why) for each in offered] == [
        ("12R-0319", "successor"),
        ("12R-0318", "successor"),
        ("12R-0317", "itself"),
        ("P551313", "equivalent"),
    ]
    assert [(each.on_hand, each.free) for each in offered][-1] == (4, 3)
    assert [each.is_superseded for each in offered] == [False, True, True, False]
    assert [each.part.number for each in queries.offered_for(newest)] == ["12R-0319"]


def test_an_equivalent_out_of_use_is_not_offered_but_the_part_itself_is(nico, catalogue):
    like, tooth = catalogue["like"], catalogue["tooth"]
    actions.link_parts(part=like, other=tooth, kind="equivalent", by=nico)
    tooth = actions.change_part(part=tooth, version=1, is_open=False, by=nico)
    assert numbers(queries.offered_for(like)) == ["P551313"]
    assert numbers(queries.offered_for(tooth)) == ["V39SYL", "P551313"]


def test_offers_cost_the_same_reads_for_one_link_and_for_several(nico, catalogue, queries_of):
    alone = queries_of(lambda: queries.offered_for(catalogue["tooth"]))
    for other in ("new", "newest", "like"):
        actions.link_parts(part=catalogue["old"], other=catalogue[other], kind="equivalent", by=nico)
    assert queries_of(lambda: queries.offered_for(catalogue["old"])) == alone


@pytest.mark.parametrize("who", ["carla", "beto", "alex"])
def test_clients_and_system_administrators_find_nothing(request, catalogue, who):
    user = request.getfixturevalue(who)
    assert queries.find_parts(user, "12R-0317") == []
    with pytest.raises(NotFound):
        queries.get_part(user, catalogue["old"].pk)


def test_technicians_find_parts(tito, catalogue):
    assert numbers(queries.find_parts(tito, "12R-0317")) == ["12R-0317"]
    assert queries.get_part(tito, catalogue["old"].pk) == catalogue["old"]


def test_what_fell_to_its_minimum_is_short(nico, store, catalogue):
    tooth = actions.change_part(part=catalogue["tooth"], version=1, minimum=Decimal(2), by=nico)
    rows = queries.parts_visible_to(nico)
    assert [each.pk for each in queries.filter_parts(rows, short=True)] == [tooth.pk]
    actions.receive_stock(part=tooth, warehouse=store, quantity=Decimal(3), unit_cost=Decimal(1), by=nico)
    assert not queries.filter_parts(rows, short=True).exists()
    actions.reserve_stock(part=tooth, quantity=Decimal(1), source=store, need_by=None, by=nico)
    assert queries.filter_parts(rows, short=True).count() == 1
    assert [each.pk for each in queries.filter_parts(rows, warehouse=store.pk)] == [tooth.pk]
