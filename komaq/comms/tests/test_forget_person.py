"""An erased person's name and address leave threads and e-mails."""

import pytest

from komaq.comms import actions, queries
from komaq.comms.choices import Visibility
from komaq.comms.models import Message
from komaq.core.models import OutgoingEmail


@pytest.mark.db
def test_name_address_and_texts_go_and_the_words_stay(carla, ana, cat336, notice):
    actions.add_message(subject=cat336, text="La bomba suena", visibility=Visibility.CLIENT, by=carla)
    actions.add_message(subject=cat336, text="Vamos", visibility=Visibility.CLIENT, by=ana)
    actions.post(notice())
    actions.forget_person(carla.person)
    assert [(m.author_name, m.text) for m in Message.objects.order_by("id")] == [
        ("–", "La bomba suena"),
        ("Ana Salas", "Vamos"),
    ]
    letter = OutgoingEmail.objects.get()
    assert (letter.text, letter.html, letter.to_name) == ("", "", "")
    assert "carla" not in letter.to
    assert "carla" not in str(queries.written_and_received_by(carla.person))
