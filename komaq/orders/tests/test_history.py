import pytest

from komaq.core.models import Event
from komaq.orders import actions, queries
from komaq.orders.queries.history import TELLINGS


@pytest.fixture
def story(open_order, plan, ana, tito, carla, lola):
    """An order with a little of everything."""
    visit = plan(open_order, [tito], kind="diagnosis")
    actions.step_visit(visit=visit, to="on_site", by=tito)
    actions.add_note(order=open_order, text="Limalla en el filtro", by=tito)
    task = actions.add_task(segment=open_order.segments.get(), title="Medir caudal", by=ana)
    actions.tick_task(task=task, done=True, by=tito)
    order = queries.get_order(ana, open_order.pk)
    order = actions.move_order(order=order, to="quoted", by=lola, reason="Margen bajo, consultar a gerencia")
    return actions.move_order(order=order, to="cancelled", by=carla, reason="Vendimos la máquina")


def test_the_staff_reads_all_of_it_newest_first(story, ana):
    told = queries.history_of(ana, story)
    assert [each["kind"] for each in told] == [
        "orders.status_changed",
        "orders.status_changed",
        "orders.task_ticked",
        "orders.task_added",
        "comms.message_written",
        "orders.status_changed",
        "orders.visit_stepped",
        "orders.visit_planned",
        "orders.request_accepted",
        "orders.request_received",
    ]
    assert told[0]["who"] == "Carla Quispe"
    assert told[1]["reason"] == "Margen bajo, consultar a gerencia"
    assert all(each["text"] and each["icon"] for each in told)


def test_the_client_reads_what_is_meant_for_it(story, carla):
    told = queries.history_of(carla, story)
    assert {"orders.task_added", "orders.task_ticked", "comms.message_written"}.isdisjoint(e["kind"] for e in told)
    assert [each["reason"] for each in told if each["reason"]] == ["Vendimos la máquina"]


def test_every_event_of_this_room_has_its_words(story, open_order, ana):
    untold = {kind for kind in Event.objects.values_list("kind", flat=True) if kind.startswith("orders.")}
    assert untold <= set(TELLINGS)


def test_an_erased_payload_says_only_that_something_was(story, ana):
    event = Event.objects.filter(kind="orders.task_added").get()
    event.payload.salt, event.payload.data, event.payload.erased_at = "", {}, event.at
    event.payload.save()
    assert len(queries.history_of(ana, story)) == 10


def test_history_costs_the_same_for_any_length(open_order, plan, ana, tito, rosa, queries_of):
    def look():
        return queries.history_of(ana, open_order)

    plan(open_order, [tito], kind="diagnosis")
    few = queries_of(look)
    plan(open_order, [rosa], kind="diagnosis")
    actions.add_task(segment=open_order.segments.get(), title="x", by=ana)
    assert queries_of(look) == few


# The line of life


def line(order):
    return [(str(each["label"]), each["state"]) for each in queries.progress_of(order)]


def test_the_line_leaves_out_what_was_skipped(in_status, ana):
    order = actions.move_order(order=in_status("open"), to="approved", by=ana, choice="contract", reason="Contrato")
    states = [state for _label, state in line(order)]
    assert states == ["done", "now", "ahead", "ahead", "ahead", "ahead", "ahead", "ahead"]
    assert queries.progress_of(order)[0]["at"] == order.created_at
    assert queries.progress_of(order)[1]["at"] == order.status_since
    assert queries.progress_of(order)[2]["at"] is None


def test_paused_work_is_in_progress_and_closed_work_is_done(in_status):
    assert [state for _label, state in line(in_status("paused"))].count("now") == 1
    assert {state for _label, state in line(in_status("closed"))} == {"done"}


def test_the_line_of_a_cancelled_order_ends_where_it_ended(in_status, ana):
    order = actions.move_order(order=in_status("open"), to="diagnosing", by=ana)
    order = actions.move_order(order=order, to="cancelled", by=ana, reason="x")
    assert [state for _label, state in line(order)] == ["done", "done"]
