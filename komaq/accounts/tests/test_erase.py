"""Be forgotten (PRV-3): at once, what the law keeps is said, and the chain of the trail stays whole."""

import pytest

from komaq.accounts import actions
from komaq.accounts.models import Erasure, User
from komaq.core import clock, mail, trail
from komaq.core.models import Event, EventPayload, Job, OutgoingEmail

SURE = {"word": "BORRAR", "password": "excavadora-336"}


def traces_of(person):
    """What still names the person in this room and core."""
    mails = OutgoingEmail.objects.filter(to__icontains="carla") | OutgoingEmail.objects.filter(text__icontains="carla")
    payloads = [p.pk for p in EventPayload.objects.all() if "carla" in str(p.data).lower()]
    person.refresh_from_db()
    return list(mails), payloads, [v for v in vars(person).values() if "carla" in str(v).lower()]


@pytest.fixture
def busy_carla(carla):
    """Carla with a past: data changed, consents, letters sent and waiting."""
    actions.change_my_data(
        by=carla,
        given_names="Carla",
        surnames="Quispe",
        email="carla@andinos.test",
        phone="+51958204116",
        document_type="1",
        document_number="41234567",
        language="es-pe",
    )
    actions.give_consent(person=carla.person, kind="news", version="2026-10-01", address="203.0.113.9", by=carla)
    actions.send_password_reset(email=carla.email)
    OutgoingEmail.objects.update(state="sent")
    mail.queue(to=carla.email, to_name="Carla", subject="Hola Carla", text="Para Carla")
    return carla


def test_person_access_powers_and_words_are_gone(sign_in, client, busy_carla, log_in):
    elsewhere = type(client)()
    elsewhere.force_login(busy_carla)
    response = sign_in(busy_carla).post("/cuentas/mis-datos/borrar/", SURE)
    assert response.url == "/"
    assert traces_of(busy_carla.person) == ([], [], [])
    user = User.objects.get(pk=busy_carla.pk)
    assert (user.is_active, user.roles, user.customer_ids) == (False, set(), set())
    assert not user.has_usable_password()
    assert not user.emailaddress_set.exists()
    assert elsewhere.get("/cuentas/mis-datos/").status_code == 302
    assert "no coinciden" in log_in("carla@andinos.test").content.decode()


@pytest.mark.db
def test_the_chain_stays_whole(busy_carla):
    actions.erase_person(person=busy_carla.person, by=busy_carla)
    assert trail.first_broken_link(Event.objects.all()) is None
    blanked = EventPayload.objects.filter(erased_at__isnull=False)
    assert blanked.count() >= 3
    assert {(p.salt, str(p.data)) for p in blanked} == {("", "{}")}


def test_a_letter_that_waits_is_never_sent(busy_carla):
    actions.erase_person(person=busy_carla.person, by=busy_carla)
    assert not Job.objects.filter(name="core.send_email", args=[OutgoingEmail.objects.latest("id").pk]).exists()
    assert OutgoingEmail.objects.latest("id").state == "failed"


def test_it_says_what_the_law_keeps(sign_in, carla):
    page = sign_in(carla).get("/cuentas/mis-datos/borrar/").content.decode()
    assert "prescripción tributaria" in page
    actions.erase_person(person=carla.person, by=carla)
    erasure = Erasure.objects.get(person=carla.person)
    assert erasure.done_at is not None
    assert any("art. 87" in reason for reason in erasure.kept)


def test_consents_are_taken_back_and_their_proof_stays(busy_carla):
    actions.erase_person(person=busy_carla.person, by=busy_carla)
    assert busy_carla.person.consents.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [({"word": "borra"}, "palabra exacta"), ({"password": "otra"}, "contraseña no coincide")],
)
def test_it_asks_for_the_word_and_the_password(sign_in, carla, typed, complaint):
    page = sign_in(carla).post("/cuentas/mis-datos/borrar/", {**SURE, **typed})
    assert complaint in page.content.decode()
    carla.person.refresh_from_db()
    assert carla.person.erased_at is None


@pytest.mark.db
def test_who_works_here_cannot_be_forgotten_yet(sign_in, tito, clerk, alex):
    client = sign_in(tito)
    assert "ley laboral" in client.get("/cuentas/mis-datos/borrar/").content.decode()
    assert "ley laboral" in client.post("/cuentas/mis-datos/borrar/", SURE).content.decode()
    tito.person.refresh_from_db()
    assert tito.person.erased_at is None
    actions.end_employment(employee=clerk, left_on=clock.today(), reason="Renuncia", by=alex)
    clerk.refresh_from_db()
    actions.erase_person(person=clerk.person, by=None)
    assert trail.first_broken_link(Event.objects.all()) is None


def test_twice_is_refused(carla):
    actions.erase_person(person=carla.person, by=carla)
    with pytest.raises(actions.ErasedBefore):
        actions.erase_person(person=carla.person, by=carla)


def test_an_erased_user_is_not_let_in_again(alex, carla):
    actions.erase_person(person=carla.person, by=carla)
    actions.enable_user(user=carla, by=alex)
    carla.refresh_from_db()
    assert not carla.is_active
