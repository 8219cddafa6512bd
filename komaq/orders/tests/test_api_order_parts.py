"""What belongs to an order, by programs: segments, tasks, notes, history, documents."""

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from komaq.comms.models import Message
from komaq.core.models import Attachment, Event
from komaq.orders import actions
from komaq.orders.models import Segment, Task

NOWHERE = "987654"


@pytest.fixture
def here(open_order):
    """The order's address."""
    return f"/api/v1/orders/{open_order.pk}"


@pytest.fixture
def upload(program):
    """`upload(user, path, files=[…], visibility=…)` sends a form with files."""

    def send(user, path, *, headers=None, **given):
        body = encode_multipart(BOUNDARY, given)
        return program(user)("POST", path, body, Content_Type=MULTIPART_CONTENT, **(headers or {}))

    return send


# Segments and tasks


def test_segments_and_tasks_are_planned_and_ticked(program, ana, tito, open_order, here, plan):
    call = program(ana)
    segment = call("POST", f"{here}/segments", {"title": "Cabina", "system": "cab", "payer": "goodwill"})
    assert segment.status_code == 201, segment.content
    listed = call("GET", f"{here}/segments").json()["items"]
    assert [each["is_default"] for each in listed] == [True, False]
    assert listed[1] == segment.json()
    task = call("POST", f"{here}/tasks", {"segment": segment.json()["id"], "title": "Cambiar filtro", "minutes": 30})
    assert task.status_code == 201, task.content
    assert call("GET", f"{here}/tasks").json()["items"] == [task.json()]
    assert (task.json()["done"], task.json()["minutes"]) == (False, 30)

    plan(open_order, [tito])
    field, tick = program(tito), f"{here}/tasks/{task.json()['id']}/tick"
    done = field("POST", tick, {"done": True}).json()
    assert done["done"]
    assert field("POST", tick, {"done": True}).json() == done
    assert Event.objects.filter(kind="orders.task_ticked").count() == 1
    assert field("POST", tick, {"done": False}).json()["done_at"] is None


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("segments", {"title": ""}, "title"),
        ("segments", {"title": "x" * 121}, "title"),
        ("segments", {"title": "x", "payer": "nobody"}, "payer"),
        ("segments", {"title": "x", "system": "wings"}, "system"),
        ("segments", {"title": "x", "is_default": True}, "is_default"),
        ("tasks", {"title": "x"}, "segment"),
        ("tasks", {"title": "x", "segment": NOWHERE}, "segment"),
        ("tasks", {"title": "x", "segment": "1", "minutes": 0}, "minutes"),
        ("tasks", {"title": "x", "segment": "1", "minutes": 60_001}, "minutes"),
        ("tasks", {"title": "x", "segment": "1", "minutes": "9"}, "minutes"),
        ("tasks", {"title": "x", "segment": "1", "done": True}, "done"),
        ("notes", {"text": " "}, "text"),
        ("notes", {"text": "x" * 4001}, "text"),
        ("notes", {"text": "x", "visibility": "client"}, "visibility"),
    ],
)
def test_a_value_that_cannot_be_is_named(program, ana, here, part, body, field):
    answer = program(ana)("POST", f"{here}/{part}", body)
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert (Segment.objects.count(), Task.objects.count(), Message.objects.count()) == (1, 0, 0)


def test_parts_of_another_order_are_not_found(program, ana, here, other_order):
    segment = other_order.segments.get()
    task = actions.add_task(segment=segment, title="Ajena", by=ana)
    call = program(ana)
    foreign = call("POST", f"{here}/tasks", {"segment": str(segment.pk), "title": "x"})
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "segment")
    assert call("POST", f"{here}/tasks/{task.pk}/tick", {"done": True}).status_code == 404
    task.refresh_from_db()
    assert task.done_at is None


@pytest.mark.parametrize(
    ("part", "who", "reads", "writes"),
    [
        ("segments", "carla", 404, 404),
        ("segments", "tito", 200, 403),
        ("segments", "nico", 200, 403),
        ("segments", "lola", 200, 201),
        ("tasks", "carla", 404, 404),
        ("tasks", "tito", 200, 403),
        ("notes", "carla", 404, 404),
        ("notes", "tito", 200, 201),
        ("notes", "nico", 200, 201),
        ("notes", "alex", 403, 403),
        ("notes", "rosa", 404, 404),
    ],
)
def test_who_reads_and_who_writes(program, request, open_order, here, plan, tito, part, who, reads, writes):
    plan(open_order, [tito])
    call = program(request.getfixturevalue(who))
    body = {"notes": {"text": "x"}}.get(part, {"title": "x", "segment": "1"} if part == "tasks" else {"title": "x"})
    assert call("GET", f"{here}/{part}").status_code == reads
    assert call("POST", f"{here}/{part}", body).status_code == writes


def test_a_closed_order_takes_no_parts(program, ana, here, open_order, in_status):
    task = actions.add_task(segment=open_order.segments.get(), title="x", by=ana)
    in_status("closed")
    call = program(ana)
    assert call("POST", f"{here}/segments", {"title": "x"}).status_code == 409
    assert call("POST", f"{here}/tasks", {"title": "x", "segment": str(task.segment_id)}).status_code == 409
    assert call("POST", f"{here}/tasks/{task.pk}/tick", {"done": True}).status_code == 409


# Notes and history


def test_notes_are_the_staffs_and_page(program, ana, carla, here, open_order):
    call = program(ana)
    for text in ("Uno", "Dos", "Tres"):
        assert call("POST", f"{here}/notes", {"text": text}).json()["author"] == ana.name
    first = call("GET", f"{here}/notes?limit=2").json()
    rest = call("GET", f"{here}/notes?limit=2&cursor={first['next']}").json()
    assert [note["text"] for note in first["items"] + rest["items"]] == ["Uno", "Dos", "Tres"]
    assert "Uno" not in program(carla)("GET", f"{here}/events").content.decode()


def test_the_history_is_told_as_far_as_it_was_meant(program, ana, carla, omar, here, open_order):
    actions.add_segment(order=open_order, title="Cortesía", system="cab", payer="goodwill", by=ana)
    actions.move_order(order=open_order, to="approved", choice="contract", reason="Margen bajo", by=ana)
    staff = program(ana)("GET", f"{here}/events").json()["items"]
    assert [event["kind"] for event in staff] == [
        "orders.status_changed",
        "orders.segment_added",
        "orders.request_accepted",
        "orders.request_received",
    ]
    assert (staff[0]["reason"], staff[0]["actor"]) == ("Margen bajo", ana.name)
    told = program(carla)("GET", f"{here}/events")
    assert [event["kind"] for event in told.json()["items"]] == [
        "orders.status_changed",
        "orders.request_accepted",
        "orders.request_received",
    ]
    assert "Margen" not in told.content.decode()
    assert "Cortesía" not in told.content.decode()
    assert program(omar)("GET", f"{here}/events").status_code == 404


def test_the_history_pages_and_costs_the_same(program, ana, here, open_order, queries_of):
    call = program(ana)
    every = [event["id"] for event in call("GET", f"{here}/events?sort=oldest").json()["items"]]
    one = queries_of(lambda: call("GET", f"{here}/events"))
    for number in range(4):
        actions.add_segment(order=open_order, title=f"Parte {number}", system="cab", payer="client", by=ana)
    assert queries_of(lambda: call("GET", f"{here}/events")) == one
    first = call("GET", f"{here}/events?limit=3&sort=oldest").json()
    rest = call("GET", f"{here}/events?sort=oldest&cursor={first['next']}").json()
    assert [event["id"] for event in first["items"] + rest["items"]][: len(every)] == every
    assert len(rest["items"]) == 3


# Documents


def test_documents_are_kept_and_seen_by_whom_they_are_for(upload, program, ana, carla, here, paper):
    kept = upload(ana, f"{here}/documents", files=[paper("costos.pdf")], visibility="internal")
    assert kept.status_code == 201, kept.content
    assert upload(ana, f"{here}/documents", files=[paper("informe.pdf"), paper("anexo.pdf")]).status_code == 201
    every = program(ana)("GET", f"{here}/documents").json()["items"]
    assert [each["name"] for each in every] == ["costos.pdf", "informe.pdf", "anexo.pdf"]
    assert every[0] == kept.json()["items"][0]
    told = program(carla)("GET", f"{here}/documents")
    assert [each["name"] for each in told.json()["items"]] == ["informe.pdf", "anexo.pdf"]
    assert "costos" not in told.content.decode()


def test_a_clients_files_are_for_both_sides(upload, carla, omar, here, paper):
    assert upload(carla, f"{here}/documents", files=[paper()], visibility="internal").status_code == 403
    assert upload(omar, f"{here}/documents", files=[paper()]).status_code == 404
    assert Attachment.objects.count() == 0
    assert upload(carla, f"{here}/documents", files=[paper()]).json()["items"][0]["visibility"] == "client"


@pytest.mark.parametrize(
    ("name", "content", "given", "field"),
    [
        ("virus.exe", b"MZ nothing good", {}, "files"),
        ("nada.pdf", b"", {}, "files"),
        ("informe.pdf", b"%PDF-1.7 x", {"visibility": "supplier"}, "visibility"),
        ("informe.pdf", b"%PDF-1.7 x", {"kind": "image"}, "kind"),
    ],
)
def test_what_cannot_be_kept_is_named(upload, ana, here, paper, name, content, given, field):
    answer = upload(ana, f"{here}/documents", files=[paper(), paper(name, content)], **given)
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert Attachment.objects.count() == 0


def test_files_come_as_a_form_under_their_name(upload, program, ana, here, paper):
    assert upload(ana, f"{here}/documents", visibility="client").json()["errors"][0]["field"] == "files"
    assert upload(ana, f"{here}/documents", files=[paper()], photo=paper()).json()["errors"][0]["field"] == "photo"
    assert program(ana)("POST", f"{here}/documents", {"files": []}).status_code == 415
    assert Attachment.objects.count() == 0


def test_a_file_above_the_limit_is_refused(upload, ana, here, paper, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    answer = upload(ana, f"{here}/documents", files=[paper("grande.pdf", b"%PDF-1.7 " + b"x" * 2000)])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "files")


def test_the_same_upload_under_one_key_counts_once(upload, ana, here, paper):
    key = {"headers": {"Idempotency_Key": "up-1"}}
    first = upload(ana, f"{here}/documents", files=[paper()], **key)
    again = upload(ana, f"{here}/documents", files=[paper()], **key)
    assert (first.status_code, again.content) == (201, first.content)
    assert Attachment.objects.count() == 1
    assert upload(ana, f"{here}/documents", files=[paper(content=b"%PDF-1.7 z")], **key).status_code == 422


def test_a_request_takes_files_until_it_is_decided(upload, program, ana, carla, omar, tito, pending_request, paper):
    asked = f"/api/v1/service-requests/{pending_request.pk}/documents"
    assert upload(carla, asked, files=[paper("placa.pdf")]).status_code == 201
    assert upload(ana, asked, files=[paper("llamada.pdf")]).status_code == 201
    assert upload(carla, asked, files=[paper()], visibility="internal").status_code == 422
    assert upload(omar, asked, files=[paper()]).status_code == 404
    assert upload(tito, asked, files=[paper()]).status_code == 403
    names = [each["name"] for each in program(carla)("GET", asked).json()["items"]]
    assert names == ["placa.pdf", "llamada.pdf"]
    order = actions.accept_request(request=pending_request, by=ana)
    assert upload(carla, asked, files=[paper()]).status_code == 409
    seen = program(carla)("GET", f"/api/v1/orders/{order.pk}/documents").json()["items"]
    assert [each["name"] for each in seen] == names
