"""Writing in a thread: clients never read nor write what is internal."""

import pytest

from komaq.comms import queries
from komaq.comms.actions import add_message
from komaq.comms.actions.message import EmptyMessage
from komaq.comms.choices import Visibility
from komaq.comms.models import Conversation, Message
from komaq.core import trail
from komaq.core.refusals import NotAllowed


@pytest.fixture
def thread(cat336, ana, carla):
    add_message(subject=cat336, text="Pieza crítica", visibility=Visibility.INTERNAL, by=ana)
    add_message(subject=cat336, text="¿Cuándo vienen?", visibility=Visibility.CLIENT, by=carla)
    return cat336


def test_staff_reads_all_and_clients_what_is_theirs(thread, ana, carla):
    assert [message.text for message in queries.thread(thread, ana)] == ["Pieza crítica", "¿Cuándo vienen?"]
    assert [message.text for message in queries.thread(thread, carla)] == ["¿Cuándo vienen?"]


def test_one_thread_per_subject_with_its_scope(thread):
    conversation = Conversation.objects.get()
    assert conversation.scope_customer_id == thread.customer_id
    assert conversation.messages.count() == 2


def test_each_message_is_in_the_history(thread, carla):
    last = trail.history(thread).last()
    assert (last.kind, last.actor_id) == ("comms.message_written", carla.pk)


@pytest.mark.parametrize("visibility", [Visibility.INTERNAL, Visibility.SUPPLIER])
def test_a_client_writes_no_internal_note(cat336, carla, visibility):
    with pytest.raises(NotAllowed):
        add_message(subject=cat336, text="Hola", visibility=visibility, by=carla)
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_no_message(cat336, ana, text):
    with pytest.raises(EmptyMessage) as refused:
        add_message(subject=cat336, text=text, visibility=Visibility.CLIENT, by=ana)
    assert refused.value.field == "text"
    assert not Conversation.objects.exists()
