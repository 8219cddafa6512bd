import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from komaq.comms.models import Message
from komaq.core.models import Attachment, Event
from komaq.orders import actions
from komaq.orders.choices import OrderStatus
from komaq.orders.models import Segment, Task

PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def post(sign_in, ana):
    """`post(order, "move", to=…)` sends a form of the order's page as Ana."""
    browser = sign_in(ana)

    def send(order, deed, *more, follow=False, **data):
        page = f"http://testserver{order.get_absolute_url()}"
        url = reverse(f"orders:{deed}", args=[order.pk, *more])
        return browser.post(url, data, follow=follow, headers={"referer": page})

    return send


def once(number=1):
    return f"00000000-0000-7000-8000-{number:012d}"


def moves_recorded(order):
    return Event.objects.filter(kind="orders.status_changed", subject_id=str(order.pk)).count()


# What it shows


def test_the_headline_says_machine_and_problem(sign_in, ana, open_order, plan, tito):
    plan(open_order, [tito], note="Llevar banco de presión")
    text = sign_in(ana).get(open_order.get_absolute_url()).text
    for shown in (f"CAT 336: {open_order.title}", "DKS01874", "Tajo Sur", "Carla Quispe", "Tito Ccori", "Llevar banco"):
        assert shown in text
    assert text.count("btn--main") >= 1


def test_planning_is_the_first_thing_to_do(sign_in, ana, open_order):
    page = sign_in(ana).get(open_order.get_absolute_url())
    assert page.context["main"] is None
    assert page.context["plan_first"]
    assert reverse("orders:plan", args=[open_order.pk]) in page.text


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("diagnosing", "quoted"),
        ("scheduled", "in_progress"),
        ("in_progress", "completed"),
        ("paused", "in_progress"),
        ("completed", "verified"),
        ("verified", "closed"),
    ],
)
def test_one_primary_action_the_most_natural_step(sign_in, ana, in_status, status, end):
    order = in_status(status)
    page = sign_in(ana).get(order.get_absolute_url())
    assert page.context["main"].end == end
    head = page.text.partition('class="head__end"')[2].partition("</div>")[0]
    assert head.count("btn--main") == 1


def test_each_role_is_offered_its_own_steps(sign_in, lola, nico, fina, in_status):
    order = in_status("quoted")
    ends = {form.step.end for _step, form, _text in sign_in(lola).get(order.get_absolute_url()).context["moves"]}
    assert ends == {"approved", "diagnosing"}
    assert sign_in(fina).get(order.get_absolute_url()).context["moves"] == []
    order = in_status("waiting_parts")
    assert sign_in(nico).get(order.get_absolute_url()).context["main"].end == "approved"


def test_a_closed_order_offers_a_return(sign_in, ana, in_status):
    order = in_status("closed")
    text = sign_in(ana).get(order.get_absolute_url()).text
    assert f"{reverse('orders:new')}?machine={order.machine_id}&amp;rework_of={order.pk}" in text
    assert reverse("orders:edit", args=[order.pk]) not in text


def test_the_page_costs_the_same_with_more_on_it(sign_in, ana, open_order, plan, tito, post, queries_of):
    browser = sign_in(ana)

    def add(number):
        plan(open_order, [tito])
        segment = Segment.objects.filter(order=open_order).first()
        actions.add_task(segment=segment, title=f"Tarea {number}", by=ana)
        actions.add_note(order=open_order, text=f"Nota {number}", by=ana)

    add(1)
    one = queries_of(lambda: browser.get(open_order.get_absolute_url()))
    add(2)
    add(3)
    assert queries_of(lambda: browser.get(open_order.get_absolute_url())) == one


# Steps


def test_a_step_is_taken_once_and_the_second_press_is_told(post, open_order):
    data = {"to": "diagnosing", "version": open_order.version}
    first = post(open_order, "move", **data, follow=True)
    assert 'class="toast"' in first.text
    second = post(open_order, "move", **data, follow=True)
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.DIAGNOSING
    assert moves_recorded(open_order) == 1
    assert second.request["PATH_INFO"] == open_order.get_absolute_url()
    assert 'data-tone="bad" data-message' in second.text


def test_a_step_asks_its_reason_beside_the_field_and_keeps_what_was_typed(post, in_status):
    order = in_status("diagnosing")
    refused = post(order, "move", to="approved", version=order.version, choice="warranty", reason="")
    assert 'id="id_approved_reason_error"' in refused.text
    assert 'id="to-approved" aria-labelledby="to-approved-title" data-open' in refused.text
    assert refused.context["refused"]["choice"].value() == "warranty"
    order.refresh_from_db()
    assert order.status == OrderStatus.DIAGNOSING
    post(order, "move", to="approved", version=order.version, choice="warranty", reason="Sello cambiado en agosto")
    order.refresh_from_db()
    assert (order.status, order.approval_ground) == (OrderStatus.APPROVED, "warranty")


def test_a_stopped_outcome_asks_why(post, in_status):
    order = in_status("in_progress")
    refused = post(order, "move", to="completed", version=order.version, outcome="stopped", reason="")
    assert 'id="id_completed_reason_error"' in refused.text
    order.refresh_from_db()
    assert order.status == OrderStatus.IN_PROGRESS


def test_a_stale_page_moves_nothing(post, in_status, gina):
    order = in_status("scheduled")
    stale = order.version
    actions.move_order(order=order, to="in_progress", by=gina)
    answer = post(order, "move", to="waiting_parts", version=stale, reason="x", follow=True)
    order.refresh_from_db()
    assert order.status == OrderStatus.IN_PROGRESS
    assert 'data-tone="bad" data-message' in answer.text


def test_a_changed_order_is_not_moved_from_an_old_page(post, in_status, ana):
    order = in_status("scheduled")
    old = order.version
    type(order).objects.filter(pk=order.pk).update(version=old + 1)
    answer = post(order, "move", to="in_progress", version=old, follow=True)
    order.refresh_from_db()
    assert order.status == OrderStatus.SCHEDULED
    assert 'data-tone="bad" data-message' in answer.text


def test_nobody_takes_a_step_that_is_not_theirs(sign_in, fina, open_order):
    sign_in(fina).post(
        reverse("orders:move", args=[open_order.pk]), {"to": "diagnosing", "version": open_order.version}
    )
    open_order.refresh_from_db()
    assert open_order.status == OrderStatus.OPEN


def test_a_status_that_is_none_is_not_found(post, open_order):
    assert post(open_order, "move", to="secret", version=1).status_code == 404


# Jobs, tasks, notes, files


def test_a_job_and_its_tasks(post, open_order):
    post(open_order, "segment-add", title="Motor", system="engine", payer="warranty", form_key=once())
    segment = Segment.objects.get(order=open_order, title="Motor")
    post(open_order, "task-add", segment=segment.pk, title="Cambiar filtros", minutes=40, form_key=once(2))
    task = Task.objects.get(segment=segment)
    post(open_order, "task-tick", task.pk, done="1")
    task.refresh_from_db()
    assert task.done_at is not None
    post(open_order, "task-tick", task.pk, done="0")
    task.refresh_from_db()
    assert task.done_at is None


def test_a_form_sent_twice_counts_once(post, open_order):
    for _press in range(2):
        post(open_order, "note", text="Llamar antes de las 9", form_key=once())
        post(open_order, "segment-add", title="Motor", system="engine", payer="client", form_key=once(2))
        post(open_order, "document", files=SimpleUploadedFile("a.pdf", PDF), visibility="client", form_key=once(3))
    assert Message.objects.count() == 1
    assert Segment.objects.filter(title="Motor").count() == 1
    assert Attachment.objects.count() == 1


def test_a_form_that_was_refused_may_be_sent_again(post, open_order):
    bad = SimpleUploadedFile("a.pdf", b"MZ not a document")
    refused = post(open_order, "document", files=bad, visibility="client", form_key=once())
    assert "_files_error" in refused.text
    post(open_order, "document", files=SimpleUploadedFile("a.pdf", PDF), visibility="internal", form_key=once())
    assert Attachment.objects.get().visibility == "internal"


def test_notes_are_internal(post, open_order):
    post(open_order, "note", text="Cliente con deuda", form_key=once())
    assert Message.objects.get().visibility == "internal"
    empty = post(open_order, "note", text=" ", form_key=once(2))
    assert empty.status_code == 200
    assert Message.objects.count() == 1


def test_a_task_of_another_order_is_not_found(post, open_order, ask, ana, omar, volvo480):
    other = actions.accept_request(request=ask(omar, volvo480), by=ana)
    task = actions.add_task(segment=other.segments.get(), title="Ajena", by=ana)
    assert post(open_order, "task-tick", task.pk, done="1").status_code == 404


@pytest.mark.parametrize("deed", ["segment-add", "task-add", "note", "document", "move"])
def test_coming_back_to_a_deeds_address_shows_the_order(sign_in, ana, open_order, deed):
    answer = sign_in(ana).get(reverse(f"orders:{deed}", args=[open_order.pk]))
    assert answer.url == open_order.get_absolute_url()


@pytest.mark.parametrize("deed", ["segment-add", "task-add"])
def test_logistics_plans_no_jobs(sign_in, nico, open_order, deed):
    assert sign_in(nico).post(reverse(f"orders:{deed}", args=[open_order.pk]), {}).status_code == 403


@pytest.mark.parametrize("name", ["tito", "alex", "carla", "omar"])
def test_nobody_else_sees_the_office_page(request, sign_in, open_order, name):
    assert sign_in(request.getfixturevalue(name)).get(open_order.get_absolute_url()).status_code in {403, 404}
