"""The address one signs in with: confirmed by a press, changed by a link, never taken from another."""

from komaq.accounts.models import User
from komaq.core.models import Event

PASSWORD = "excavadora-336"


def prove(client, password=PASSWORD):
    return client.post("/cuentas/confirmar/?next=/cuentas/correo/", {"password": password})


def ask(client, email):
    return client.post("/cuentas/correo/", {"action_add": "1", "email": email})


def test_opening_the_link_confirms_nothing_pressing_does(log_in, client, link_in, carla):
    carla.emailaddress_set.update(verified=False)
    log_in(carla.email)
    path = link_in()
    assert "Sí, confirmar" in client.get(path).content.decode()
    assert not carla.emailaddress_set.get().verified
    client.post(path)
    assert carla.emailaddress_set.get().verified
    assert Event.objects.filter(kind="accounts.email_confirmed", subject_id=str(carla.pk)).exists()


def test_a_wrong_link_says_so(client, db):
    assert "ya no es válido" in client.get("/cuentas/correo/confirmar/abc:def/").content.decode()


def test_a_change_asks_for_the_password_first(sign_in, carla):
    client = sign_in(carla)
    assert ask(client, "nueva@andinos.test").url.startswith("/cuentas/confirmar/")
    assert "no coincide" in prove(client, "otra").content.decode()
    assert not carla.emailaddress_set.filter(email="nueva@andinos.test").exists()


def test_the_new_address_counts_after_its_link_and_the_old_one_is_told(sign_in, letters, link_in, carla):
    client = sign_in(carla)
    prove(client)
    assert ask(client, "nueva@andinos.test").status_code == 302
    assert User.objects.get(pk=carla.pk).email == "carla@andinos.test"
    assert letters()[-1].to == "nueva@andinos.test"
    client.post(link_in())
    assert User.objects.get(pk=carla.pk).email == "nueva@andinos.test"
    assert [each.email for each in carla.emailaddress_set.all()] == ["nueva@andinos.test"]
    assert letters()[-1].to == "carla@andinos.test"
    assert letters()[-1].subject == "Cambió su correo de ingreso"


def test_asking_for_somebody_elses_address_tells_nothing_and_takes_nothing(sign_in, link_in, carla, omar):
    client = sign_in(carla)
    prove(client)
    free, taken = ask(client, "libre@andinos.test"), ask(client, omar.email)
    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    client.post(link_in())
    assert User.objects.get(pk=carla.pk).email == "carla@andinos.test"
    assert User.objects.get(pk=omar.pk).email == "omar@illapa.test"


def test_an_address_that_waits_for_another_user_is_not_taken_either(sign_in, link_in, carla, omar):
    omar.emailaddress_set.update(verified=False)
    client = sign_in(carla)
    prove(client)
    ask(client, omar.email)
    client.post(link_in())
    assert User.objects.get(pk=carla.pk).email == "carla@andinos.test"


def test_a_pending_change_can_be_withdrawn(sign_in, carla):
    client = sign_in(carla)
    prove(client)
    ask(client, "nueva@andinos.test")
    client.post("/cuentas/correo/", {"action_remove": "1", "email": "nueva@andinos.test"})
    assert [each.email for each in carla.emailaddress_set.all()] == ["carla@andinos.test"]
