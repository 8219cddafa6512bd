"""What is written on an order while it lives: segments, tasks, documents, notes."""

import pytest

from komaq.comms.actions.message import EmptyMessage
from komaq.comms.queries import thread
from komaq.core.files import FileRefused, get_attachment
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed, NotFound
from komaq.orders import actions, queries
from komaq.orders.actions import refusals


@pytest.fixture
def sent(open_order, plan, tito):
    """The open order, with Tito sent to it."""
    plan(open_order, [tito], kind="diagnosis")
    return open_order


@pytest.fixture
def task(sent, ana):
    return actions.add_task(segment=sent.segments.get(), title="Medir caudal de la bomba", minutes=90, by=ana)


def test_segments_part_the_work_by_system_and_payer(sent, ana, lola, nico, carla):
    segment = actions.add_segment(order=sent, title="Bomba", system="hydraulic", payer="warranty", by=ana)
    assert queries.segments_of(sent) == [sent.segments.get(is_default=True), segment]
    with pytest.raises(refusals.TitleNeeded):
        actions.add_segment(order=sent, title=" ", system="hydraulic", payer="client", by=lola)
    for person in (nico, carla):
        with pytest.raises(NotAllowed):
            actions.add_segment(order=sent, title="x", system="hydraulic", payer="client", by=person)


def test_tasks_are_ticked_by_who_is_sent_and_ticking_twice_counts_once(task, tito, ana):
    done = actions.tick_task(task=task, done=True, by=tito)
    assert (done.done_by, done.done_at is not None) == (tito, True)
    actions.tick_task(task=task, done=True, by=ana)
    assert Event.objects.filter(kind="orders.task_ticked").count() == 1
    assert actions.tick_task(task=task, done=False, by=ana).done_at is None


def test_the_technician_adds_what_it_finds_to_do(sent, tito):
    assert actions.add_task(segment=sent.segments.get(), title="Cambiar manguera", by=tito)


def test_strangers_to_the_work_touch_no_task(task, rosa, carla, nico):
    for person in (rosa, carla, nico):
        with pytest.raises(NotAllowed):
            actions.tick_task(task=task, done=True, by=person)
        with pytest.raises(NotAllowed):
            actions.add_task(segment=task.segment, title="x", by=person)


def test_a_finished_order_takes_nothing_more(task, in_status, ana):
    in_status("closed")
    for deed in (
        lambda: actions.tick_task(task=task, done=True, by=ana),
        lambda: actions.add_task(segment=task.segment, title="x", by=ana),
        lambda: actions.add_segment(order=task.segment.order, title="x", system="engine", payer="client", by=ana),
    ):
        with pytest.raises(refusals.OrderIsFinal):
            deed()


def test_documents_are_read_by_whom_they_are_for(sent, paper, ana, tito, rosa, carla, beto, omar, alex):
    own = actions.add_document(order=sent, files=[paper("interno.pdf")], visibility="internal", by=ana)[0]
    common = actions.add_document(order=sent, files=[paper("cliente.pdf")], visibility="client", by=tito)[0]
    assert [each.name for each in queries.documents_of(carla, sent)] == ["cliente.pdf"]
    assert [each.name for each in queries.documents_of(tito, sent)] == ["interno.pdf", "cliente.pdf"]
    for person in (ana, tito):
        assert get_attachment(person, own.pk) == own
    for person in (ana, carla, beto):
        assert get_attachment(person, common.pk) == common
    for person, file in ((carla, own), (omar, common), (rosa, common), (alex, common)):
        with pytest.raises(NotFound):
            get_attachment(person, file.pk)


def test_files_of_a_request_are_read_through_its_order(ask, ana, tito, carla, omar, cat336, paper, plan):
    request = ask(carla, cat336, files=[paper("foto.pdf")])
    order = actions.accept_request(request=request, by=ana)
    photo = queries.documents_of(ana, order).get()
    with pytest.raises(NotFound):
        get_attachment(tito, photo.pk)
    plan(order, [tito])
    for person in (ana, carla, tito):
        assert get_attachment(person, photo.pk) == photo
    with pytest.raises(NotFound):
        get_attachment(omar, photo.pk)


def test_who_may_add_documents(sent, paper, carla, omar, rosa):
    assert actions.add_document(order=sent, files=[paper()], visibility="client", by=carla)
    with pytest.raises(NotAllowed):
        actions.add_document(order=sent, files=[paper()], visibility="internal", by=carla)
    for person in (omar, rosa):
        with pytest.raises(NotAllowed):
            actions.add_document(order=sent, files=[paper()], visibility="client", by=person)


def test_a_refused_file_keeps_none(sent, paper, ana):
    with pytest.raises(FileRefused) as refused:
        actions.add_document(order=sent, files=[paper(), paper("x.exe", b"MZ")], visibility="client", by=ana)
    assert refused.value.field == "files"
    assert not queries.documents_of(ana, sent).exists()


def test_a_note_is_read_by_the_staff_alone(sent, tito, ana, carla, rosa):
    actions.add_note(order=sent, text="La bomba tiene limalla", by=tito)
    assert thread(sent, ana).get().text == "La bomba tiene limalla"
    assert not thread(sent, carla).exists()
    for person in (carla, rosa):
        with pytest.raises(NotAllowed):
            actions.add_note(order=sent, text="x", by=person)
    with pytest.raises(EmptyMessage):
        actions.add_note(order=sent, text=" ", by=ana)
