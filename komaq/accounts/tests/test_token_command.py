"""`komaq token`: keys from the command line."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command

from komaq.accounts import actions, queries
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey
from komaq.core.models import Event


@pytest.fixture
def token(db):
    """`token("create", "ana@komaq.test")` gives what stands on standard output and what on standard error."""

    def run(*words):
        out, err = io.StringIO(), io.StringIO()
        call_command("token", *words, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return run


def test_the_token_stands_alone_on_standard_output_and_lets_in(token, ana):
    out, words = token("create", ana.email, "--scope", "read,write", "--days", "30", "--name", "ERP")
    key = queries.key_behind(out.strip(), KeyPurpose.API)
    assert out == f"{out.strip()}\n"
    assert (key.user, key.name, key.scopes) == (ana, "ERP", ("read", "write"))
    assert key.expires_at - key.created_at == datetime.timedelta(days=30)
    assert f"Key {key.pk} of ana@komaq.test" in words
    assert out.strip() not in words


def test_without_wishes_it_reads_for_ninety_days(token, ana):
    out, _words = token("create", "  ANA@komaq.test ")
    key = queries.key_behind(out.strip(), KeyPurpose.API)
    assert not queries.may_write(key)
    assert (key.expires_at - key.created_at).days == 90


def test_the_person_learns_of_it_and_the_trail_does_too(token, ana, letters):
    out, _words = token("create", ana.email)
    letter = letters()[-1]
    assert letter.to == ana.email
    assert "La creó el operador" in letter.text
    assert out.strip() not in letter.text + letter.html
    assert Event.objects.filter(kind="accounts.key_made", actor_kind="system").count() == 1


def test_listed_and_ended(token, ana, tito):
    secret = token("create", ana.email, "--name", "ERP")[0].strip()
    key = AccessKey.objects.get()
    listed, _words = token("list", ana.email)
    assert listed.startswith(f"{key.pk}\tapi\tread\t{secret[:8]}…\t")
    assert "ERP" in listed
    assert secret not in listed
    with pytest.raises(CommandError, match="has no key"):
        token("end", tito.email, str(key.pk))
    assert queries.key_behind(secret, KeyPurpose.API) == key
    assert token("end", ana.email, str(key.pk)) == ("", f"Key {key.pk} of ana@komaq.test has ended.\n")
    assert queries.key_behind(secret, KeyPurpose.API) is None
    assert token("list", ana.email) == ("", "ana@komaq.test has no live keys.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("create", "nadie@komaq.test"), "Nobody signs in"),
        (("list", "nadie@komaq.test"), "Nobody signs in"),
        (("create", "ana@komaq.test", "--scope", "admin"), "no scope"),
        (("create", "ana@komaq.test", "--days", "0"), "730"),
        (("create", "ana@komaq.test", "--days", "731"), "730"),
        (("create", "ana@komaq.test", "--days", "soon"), "days"),
        (("create", "ana@komaq.test", "--name", "  "), "nombre"),
        (("create",), "EMAIL"),
        (("fly",), "fly"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_made(token, ana, words, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        token(*words)
    assert "\n" not in str(refused.value)
    assert not AccessKey.objects.exists()


def test_a_stopped_person_gets_none(token, ana, alex):
    actions.disable_user(user=ana, reason="Vacaciones", by=alex)
    with pytest.raises(CommandError, match="detenido"):
        token("create", ana.email)
    assert not AccessKey.objects.exists()
