"""A stopped access: out everywhere at once, and no old session revives."""

import threading

import pytest
from django.db import connection

from komaq.accounts import actions
from komaq.accounts.models import User
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed


def open_sessions(client, user, count=2):
    sessions = [type(client)() for _number in range(count)]
    for session in sessions:
        session.force_login(user)
    return sessions


def test_every_session_ends_with_its_next_request(sign_in, client, alex, carla):
    sessions = open_sessions(client, carla)
    admin = sign_in(alex)
    assert all(each.get("/cuentas/mis-datos/").status_code == 200 for each in sessions)
    admin.post(f"/app/accesos/{carla.pk}/detener/", {"reason": "Teléfono perdido"})
    assert all(each.get("/cuentas/mis-datos/").status_code == 302 for each in sessions)
    event = Event.objects.get(kind="accounts.user_disabled")
    assert event.payload.data == {"reason": "Teléfono perdido"}
    assert event.actor_id == alex.pk


def test_let_in_again_the_old_sessions_stay_dead(sign_in, client, log_in, alex, carla):
    (session,) = open_sessions(client, carla, 1)
    admin = sign_in(alex)
    admin.post(f"/app/accesos/{carla.pk}/detener/", {"reason": "Teléfono perdido"})
    admin.post(f"/app/accesos/{carla.pk}/permitir/")
    assert session.get("/cuentas/mis-datos/").status_code == 302
    admin.post("/cuentas/salir/")
    assert log_in(carla.email).status_code == 302


def test_stopping_needs_a_reason(sign_in, alex, carla):
    client = sign_in(alex)
    assert "carla@andinos.test" in client.get(f"/app/accesos/{carla.pk}/detener/").content.decode()
    page = client.post(f"/app/accesos/{carla.pk}/detener/", {"reason": ""}).content.decode()
    assert "field__error" in page
    carla.refresh_from_db()
    assert carla.is_active


def test_stopping_twice_is_stopping_once(alex, carla):
    for _time in range(2):
        actions.disable_user(user=carla, reason="Baja", by=alex)
    assert Event.objects.filter(kind="accounts.user_disabled").count() == 1


def test_nobody_stops_itself(alex):
    with pytest.raises(actions.NotYourself):
        actions.disable_user(user=alex, reason="x", by=alex)


def test_only_administrators_stop_anybody(gina, carla):
    with pytest.raises(NotAllowed):
        actions.disable_user(user=carla, reason="x", by=gina)
    with pytest.raises(NotAllowed):
        actions.enable_user(user=carla, by=gina)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_administrators_never_stop_each_other_at_once(alex, ana, second_admin):
    second_admin(ana)

    def stop(victim, by):
        try:
            actions.disable_user(user=User.objects.get(pk=victim), reason="x", by=User.objects.get(pk=by))
        except (actions.LastAdmin, NotAllowed):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=stop, args=pair) for pair in ((alex.pk, ana.pk), (ana.pk, alex.pk))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(pk__in=[alex.pk, ana.pk], is_active=True).count() == 1


def test_the_list_finds_and_filters(sign_in, alex, carla):
    client = sign_in(alex)
    page = client.get("/app/accesos/?q=andinos&world=client&state=active").content.decode()
    assert "Carla Quispe" in page
    assert "Alex Núñez</a>" not in page
    assert "Nadie coincide" in client.get("/app/accesos/?state=disabled").content.decode()


def test_my_other_devices_can_be_signed_out(sign_in, client, carla):
    (elsewhere,) = open_sessions(client, carla, 1)
    here = sign_in(carla)
    here.post("/cuentas/mis-datos/sesiones/")
    assert here.get("/cuentas/mis-datos/").status_code == 200
    assert elsewhere.get("/cuentas/mis-datos/").status_code == 302
