"""Telling people: once per key, in their language, only if the cause commits, nothing hostile let through (MSG-1)."""

import pytest

from komaq.comms.actions import post
from komaq.comms.models import Delivery
from komaq.comms.notices import Fact, Notice
from komaq.core import jobs
from komaq.core.action import action
from komaq.core.models import Job, MailState, OutgoingEmail
from komaq.core.refusals import Refusal


def notice(person, subject, **more):
    return Notice(
        **{
            "key": "tests.told:1",
            "kind": "tests.told",
            "person": person,
            "subject": subject,
            "title": "Su orden fue programada",
            "lines": ("Iremos el sábado.",),
            "facts": (Fact("Máquina", "CAT 336"),),
            "button": "Ver el pedido",
            "path": "/portal/pedidos/1/",
            **more,
        }
    )


def test_a_notice_becomes_a_mail_to_the_person(carla, cat336, mailoutbox):
    told = post(notice(carla.person, cat336))
    jobs.work_off()
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    assert (mail.to, mail.subject) == (["carla@andinos.test"], "Su orden fue programada")
    for text in (mail.body, html):
        assert "Carla" in text
        assert "Iremos el sábado." in text
        assert "CAT 336" in text
        assert "http://testserver/portal/pedidos/1/" in text
    told.refresh_from_db()
    assert told.email.state == MailState.SENT
    assert told.scope_customer_id == cat336.customer_id


def test_the_same_key_is_told_once(carla, cat336, mailoutbox):
    assert post(notice(carla.person, cat336)) == post(notice(carla.person, cat336))
    jobs.work_off()
    assert len(mailoutbox) == 1


def test_a_notice_of_a_refused_action_is_never_sent(carla, cat336, mailoutbox):
    @action
    def tell_and_refuse():
        post(notice(carla.person, cat336))
        raise Refusal

    with pytest.raises(Refusal):
        tell_and_refuse()
    jobs.work_off()
    assert mailoutbox == []
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("es-pe", "Recibe este correo"), ("en", "You receive this")])
def test_it_speaks_the_person_s_language(carla, cat336, mailoutbox, language, words):
    carla.person.language = language
    post(notice(carla.person, cat336))
    jobs.work_off()
    assert words in mailoutbox[0].body
    assert words in mailoutbox[0].alternatives[0][0]


def test_without_contact_data_the_sign_in_address_serves(ana, cat336):
    assert ana.person.email == ""
    assert post(notice(ana.person, cat336)).email.to == "ana@komaq.test"


def test_somebody_without_any_address_is_not_told(ana, cat336):
    ana.is_active = False
    ana.save()
    assert post(notice(ana.person, cat336)) is None
    assert not OutgoingEmail.objects.exists()


def test_somebody_erased_is_not_told(carla, cat336):
    carla.person.erased_at = cat336.created_at
    assert post(notice(carla.person, cat336)) is None


def test_words_of_others_stay_words(carla, cat336, mailoutbox):
    attack = '<img src=x onerror="alert(1)">'
    post(notice(carla.person, cat336, lines=(attack,), facts=(Fact("Dijo", attack),), title=f"Hola {attack}"))
    jobs.work_off()
    html = mailoutbox[0].alternatives[0][0]
    assert "<img" not in html
    assert "&lt;img" in html
    assert attack in mailoutbox[0].body
