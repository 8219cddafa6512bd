"""Writing in the thread of a thing; internal notes never reach clients."""

import pytest

from komaq.comms import actions, queries
from komaq.comms.actions.message import EmptyMessage
from komaq.comms.choices import Visibility
from komaq.core import trail
from komaq.core.refusals import NotAllowed


def test_staff_read_notes_and_clients_do_not(ana, carla, cat336):
    actions.add_message(subject=cat336, text="Cobrar aparte", visibility=Visibility.INTERNAL, by=ana)
    actions.add_message(subject=cat336, text="Llegamos a las 9", visibility=Visibility.CLIENT, by=ana)
    assert [m.text for m in queries.thread(cat336, ana)] == ["Cobrar aparte", "Llegamos a las 9"]
    assert [m.text for m in queries.thread(cat336, carla)] == ["Llegamos a las 9"]


def test_a_client_writes_no_internal_note(carla, cat336):
    with pytest.raises(NotAllowed):
        actions.add_message(subject=cat336, text="x", visibility=Visibility.INTERNAL, by=carla)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_message_is_refused(ana, cat336, text):
    with pytest.raises(EmptyMessage):
        actions.add_message(subject=cat336, text=text, visibility=Visibility.INTERNAL, by=ana)
    assert queries.thread(cat336, ana).count() == 0


def test_a_message_leaves_one_event(ana, cat336):
    actions.add_message(subject=cat336, text="Hola", visibility=Visibility.CLIENT, by=ana)
    assert [event.kind for event in trail.history(cat336)] == ["comms.message_written"]
