"""`komaq createadmin`: the first person of an installation."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from komaq.accounts.choices import Role
from komaq.accounts.models import Area, Position, User
from komaq.core.models import Event

PASSWORD = "una frase bastante larga"
NAMES = {"email": "alex@komaq.test", "name": "Alex Núñez", "password_stdin": True}


@pytest.fixture
def create(db, monkeypatch):
    def run(password=PASSWORD, **options):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        out = io.StringIO()
        call_command("createadmin", stdout=out, **{**NAMES, **options})
        return out.getvalue()

    return run


def test_an_administrator_can_sign_in_and_see_people(create, client):
    assert create() == "Alex Núñez can sign in with alex@komaq.test.\n"
    user = User.objects.get()
    assert user.roles == {Role.ADMIN}
    assert user.check_password(PASSWORD)
    assert user.emailaddress_set.get().verified
    client.force_login(user)
    assert client.get("/app/personas/").status_code == 200


def test_a_second_one_shares_the_area_and_position(create):
    create()
    create(email="maria@komaq.test", name="María Paz")
    assert (Area.objects.count(), Position.objects.count(), User.objects.count()) == (1, 1, 2)


def test_it_stands_in_the_trail(create):
    create()
    assert Event.objects.filter(kind="accounts.admin_created", actor_kind="system").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "alex"},
        {"password": "corta"},
        {"password": "12345678901234"},
        {"name": " "},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_made(create, wrong):
    with pytest.raises(CommandError):
        create(**wrong)
    assert not User.objects.exists()


def test_an_address_in_use_is_refused(create):
    create()
    with pytest.raises(CommandError, match=r"correo|signs in"):
        create()
    assert User.objects.count() == 1
