"""A failed e-mail is seen and tried again."""

import pytest
from django.core import mail

from komaq.comms import actions
from komaq.core.models import MailState, OutgoingEmail


@pytest.fixture
def failed(notice):
    actions.post(notice())
    OutgoingEmail.objects.update(state=MailState.FAILED, error="mailbox full")
    return OutgoingEmail.objects.get()


@pytest.mark.parametrize("who", ["alex", "ana", "gina"])
def test_the_page_shows_the_failure(sign_in, request, failed, who):
    page = sign_in(request.getfixturevalue(who)).get("/app/correos/?state=failed")
    assert "mailbox full" in page.content.decode()


def test_one_press_sends_it_again(sign_in, ana, failed, run_jobs):
    sign_in(ana).post(f"/app/correos/{failed.pk}/reintentar/")
    run_jobs()
    assert len(mail.outbox) == 1
    assert OutgoingEmail.objects.get().state == MailState.SENT


def test_what_went_out_is_not_sent_twice(ana, failed, run_jobs):
    run_jobs()
    actions.send_again(email=failed, by=ana)
    run_jobs()
    assert len(mail.outbox) == 1
