"""A notice becomes one row and one e-mail, with its cause or not at all (MSG-1)."""

import pytest
from django.core import mail
from django.db import transaction

from komaq.comms import actions
from komaq.comms.models import Delivery
from komaq.core.models import MailState, OutgoingEmail

pytestmark = pytest.mark.db


def test_a_notice_is_sent_by_the_worker(notice, run_jobs):
    actions.post(notice())
    assert mail.outbox == []
    run_jobs()
    letter = mail.outbox[0]
    assert letter.subject == "Su máquina está lista"
    assert letter.to == ["carla@andinos.test"]
    assert "Máquina: CAT 336" in letter.body
    assert "http://testserver/portal/maquinas/1/" in letter.body
    assert OutgoingEmail.objects.get().state == MailState.SENT


def test_the_same_key_is_told_once(notice, run_jobs):
    first = actions.post(notice())
    again = actions.post(notice(title="Otra vez"))
    run_jobs()
    assert again == first
    assert len(mail.outbox) == 1


def test_nothing_is_told_of_what_was_rolled_back(notice, run_jobs):
    with transaction.atomic():
        actions.post(notice())
        transaction.set_rollback(True)
    run_jobs()
    assert Delivery.objects.count() == 0
    assert mail.outbox == []


def test_who_has_no_address_is_not_told(notice, carla):
    carla.person.email = ""
    carla.person.save()
    carla.is_active = False
    carla.save()
    assert actions.post(notice()) is None


def test_who_left_no_contact_address_is_told_where_it_signs_in(notice, tito, run_jobs):
    actions.post(notice(person=tito.person))
    run_jobs()
    assert mail.outbox[0].to == ["tito@komaq.test"]


def test_markup_in_a_name_stays_text(notice, carla, run_jobs):
    carla.person.given_names = "<img src=x onerror=alert(1)>"
    carla.person.save()
    actions.post(notice(lines=("<script>alert(1)</script>",)))
    run_jobs()
    html = mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("end", ["\r\nBcc: x@evil.test", "\n", "\u2028", "\u0085", "\0"])
def test_a_title_never_ends_a_header(notice, run_jobs, end):
    actions.post(notice(title=f"Lista{end}"))
    run_jobs()
    assert "Bcc" not in mail.outbox[0].message()
    assert mail.outbox[0].subject.startswith("Lista")


@pytest.mark.parametrize(("language", "words"), [("es-pe", "Recibe este correo"), ("en", "You receive this")])
def test_it_speaks_the_person_s_language(notice, carla, run_jobs, language, words):
    carla.person.language = language
    actions.post(notice())
    run_jobs()
    assert words in mail.outbox[0].body
    assert words in mail.outbox[0].alternatives[0][0]


def test_somebody_erased_is_not_told(notice, carla, cat336):
    carla.person.erased_at = cat336.created_at
    assert actions.post(notice()) is None


def test_a_notice_carries_the_company_s_scope(notice, cat336):
    assert actions.post(notice()).scope_customer_id == cat336.customer_id
