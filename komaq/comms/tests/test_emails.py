"""The page of e-mails: what left, what failed, tried again by hand."""

import pytest
from django.contrib.auth.models import AnonymousUser

from komaq.comms import queries, rules
from komaq.comms.actions import post, send_again
from komaq.comms.notices import Notice
from komaq.core import mail, trail
from komaq.core.models import Job, JobState, MailState, OutgoingEmail
from komaq.core.refusals import NotAllowed, NotFound

PAGE = "/app/correos/"


@pytest.fixture
def failed(db):
    row = mail.queue(to="carla@andinos.test", to_name="Carla Quispe", subject="Su orden OS-2026-000001", text="Hola")
    Job.objects.update(state=JobState.DEAD)
    OutgoingEmail.objects.update(state=MailState.FAILED, attempts=8, error="Connection refused")
    row.refresh_from_db()
    return row


def test_the_system_administrator_reads_no_subjects(sign_in, alex, ana, failed):
    assert "OS-2026-000001" not in sign_in(alex).get(PAGE).content.decode()
    assert "OS-2026-000001" in sign_in(ana).get(PAGE).content.decode()


@pytest.mark.parametrize(("who", "status"), [("lola", 403), ("tito", 403), ("carla", 404)])
def test_nobody_else_does(request, sign_in, failed, who, status):
    browser = sign_in(request.getfixturevalue(who))
    assert browser.get(PAGE).status_code == status
    assert browser.post(f"{PAGE}{failed.pk}/reintentar/").status_code == status
    failed.refresh_from_db()
    assert failed.state == MailState.FAILED


def test_trying_again_says_so_and_stands_in_the_trail(sign_in, ana, failed):
    answer = sign_in(ana).post(f"{PAGE}{failed.pk}/reintentar/", follow=True)
    assert "Se intenta de nuevo ahora." in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == MailState.QUEUED
    assert trail.history(failed).get().kind == "comms.email_retried"


def test_a_link_does_not_send(sign_in, ana, failed):
    assert sign_in(ana).get(f"{PAGE}{failed.pk}/reintentar/").status_code == 405


def test_the_action_itself_asks_who(carla, failed):
    with pytest.raises(NotAllowed):
        send_again(email=failed, by=carla)


def test_the_query_itself_asks_who(carla, failed):
    assert not queries.emails(carla).exists()
    with pytest.raises(NotFound):
        queries.get_email(carla, failed.pk)


def test_filters_live_in_the_address(sign_in, ana, failed):
    mail.queue(to="omar@illapa.test", subject="Otro", text="x")
    browser = sign_in(ana)
    only_failed = browser.get(f"{PAGE}?state=failed").content.decode()
    assert "carla@andinos.test" in only_failed
    assert "omar@illapa.test" not in only_failed
    found = browser.get(f"{PAGE}?q=illapa").content.decode()
    assert "omar@illapa.test" in found
    assert "carla@andinos.test" not in found
    assert "Nada coincide" in browser.get(f"{PAGE}?state=sent").content.decode()
    assert browser.get(f"{PAGE}?state=nada").status_code == 200


def test_an_empty_list_teaches(sign_in, ana):
    assert "Todavía no hay correos" in sign_in(ana).get(PAGE).content.decode()


def test_the_list_costs_the_same_however_long(sign_in, ana, queries_of, failed):
    browser = sign_in(ana)
    one = queries_of(lambda: browser.get(PAGE))
    for number in range(3):
        mail.queue(to=f"c{number}@andinos.test", subject="Hola", text="x")
    assert queries_of(lambda: browser.get(PAGE)) == one


def test_a_lamp_burns_while_mails_fail(sign_in, ana, lola, failed):
    lamp = f'href="{PAGE}?state=failed" title="1 correos fallidos"'
    assert lamp in sign_in(ana).get(PAGE).content.decode()
    assert "correos fallidos" not in sign_in(lola).get("/app/").content.decode()
    OutgoingEmail.objects.update(state=MailState.SENT)
    assert "correos fallidos" not in sign_in(ana).get(PAGE).content.decode()


def test_a_person_s_copy_holds_its_messages_and_notices(carla, cat336):
    post(Notice(key="t:1", kind="tests.told", person=carla.person, subject=cat336, title="Su orden", lines=("Vamos.",)))
    copy = queries.written_and_received_by(carla.person)
    assert [told["subject"] for told in copy["notices"]] == ["Su orden"]
    assert copy["messages"] == []


def test_a_stranger_keeps_no_mails(db):
    assert not rules.can_send_email_again(AnonymousUser())
