"""Keys of programs: made once, shown once, ended for good."""

import datetime
import io
import json
import re
import uuid
import zipfile

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from komaq.accounts import actions, queries
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey
from komaq.core import clock
from komaq.core.models import Event, EventPayload, OutgoingEmail
from komaq.core.refusals import NotAllowed

PASSWORD = "excavadora-336"
PAGE = "/cuentas/mis-datos/llaves/"
pytestmark = pytest.mark.usefixtures("cache_table")


def token_form(**more):
    return {"purpose": "api", "name": "ERP de la mina", "days": "90", "can_write": "", "form_key": uuid.uuid4(), **more}


def calendar_form(**more):
    return {"purpose": "calendar", "name": "Mi celular", "form_key": uuid.uuid4(), **more}


def secret_in(answer):
    return re.search(r'id="secret" value="([^"]*)"', answer.content.decode())[1]


@pytest.fixture
def make(db):
    """`make(user)` makes a key and gives it with its secret."""

    def run(user, purpose=KeyPurpose.API, **more):
        return actions.make_key(user=user, purpose=purpose, **({"name": "ERP", "by": user} | more))

    return run


# What a key lets in


def test_a_secret_lets_in_whom_it_was_made_for_and_only_for_its_purpose(make, ana):
    key, secret = make(ana)
    assert queries.key_behind(secret, KeyPurpose.API) == key
    assert queries.key_behind(secret, KeyPurpose.CALENDAR) is None
    for wrong in (secret[:-1], secret.upper(), f"{secret} ", "", "ñ\x00"):
        assert queries.key_behind(wrong, KeyPurpose.API) is None


def test_nothing_that_is_kept_lets_in(make, ana):
    """Not a row, a letter or an event of the whole database holds the secret."""
    _key, secret = make(ana)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  a name the database gave
            assert secret not in repr(cursor.fetchall()), table


def test_it_ends_with_its_day(make, ana):
    _key, secret = make(ana, days=30)
    with clock.travel(clock.now() + datetime.timedelta(days=29, hours=23)):
        assert queries.key_behind(secret, KeyPurpose.API)
    with clock.travel(clock.now() + datetime.timedelta(days=30)):
        assert queries.key_behind(secret, KeyPurpose.API) is None
        assert not queries.live_keys_of(ana).exists()


def test_a_stopped_person_comes_in_no_more_and_its_keys_do_not_revive(make, tito, alex):
    _key, secret = make(tito)
    actions.disable_user(user=tito, reason="Fin", by=alex)
    assert queries.key_behind(secret, KeyPurpose.API) is None
    actions.enable_user(user=tito, by=alex)
    assert queries.key_behind(secret, KeyPurpose.API) is None


def test_an_inactive_person_is_kept_out_whatever_the_key_says(make, tito):
    _key, secret = make(tito)
    type(tito).objects.filter(pk=tito.pk).update(is_active=False)
    assert queries.key_behind(secret, KeyPurpose.API) is None


def test_an_erased_person_leaves_no_key_and_no_name_of_one(make, carla):
    key, secret = make(carla, name="iPhone de Carla")
    actions.erase_person(person=carla.person, by=carla)
    key.refresh_from_db()
    assert key.ended_at is not None
    assert queries.key_behind(secret, KeyPurpose.API) is None
    assert (key.name, key.hint) == ("", "")
    assert "iPhone" not in repr(list(EventPayload.objects.values_list("data")))
    assert "iPhone" not in repr(list(OutgoingEmail.objects.values_list("text", "html")))


def test_its_holder_costs_two_reads_and_says_what_it_may(make, carla, queries_of):
    _key, secret = make(carla)
    assert queries_of(lambda: queries.key_behind(secret, KeyPurpose.API)) == 2
    assert queries.key_behind(secret, KeyPurpose.API).user.is_client


def test_only_an_api_token_made_for_it_may_write(make, ana):
    assert not queries.may_write(make(ana)[0])
    assert queries.may_write(make(ana, can_write=True)[0])
    assert make(ana, KeyPurpose.CALENDAR, can_write=True)[0].scopes == ("read",)


def test_the_day_of_use_is_written_once(make, ana, queries_of):
    key, secret = make(ana)
    assert queries_of(lambda: actions.note_use(key=key)) > 0
    key = queries.key_behind(secret, KeyPurpose.API)
    assert key.used_on == clock.today()
    assert queries_of(lambda: actions.note_use(key=key)) == 0
    with clock.travel(clock.now() + datetime.timedelta(days=1)):
        actions.note_use(key=key)
        assert queries.key_behind(secret, KeyPurpose.API).used_on == clock.today()


# Who makes and ends them


def test_nobody_makes_or_ends_one_for_somebody_else(make, ana, alex):
    with pytest.raises(NotAllowed):
        make(ana, by=alex)
    key, secret = make(ana)
    with pytest.raises(NotAllowed):
        actions.end_key(key=key, by=alex)
    assert queries.key_behind(secret, KeyPurpose.API)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " \n "}, actions.NameNeeded),
        ({"days": 0}, actions.BadDays),
        ({"days": -1}, actions.BadDays),
        ({"days": 731}, actions.BadDays),
    ],
)
def test_what_is_refused_makes_nothing(make, ana, given, refusal):
    with pytest.raises(refusal):
        make(ana, **given)
    assert not AccessKey.objects.exists()


def test_twenty_are_enough(make, ana):
    keys = [make(ana)[0] for _each in range(20)]
    with pytest.raises(actions.TooManyKeys):
        make(ana)
    actions.end_key(key=keys[0], by=ana)
    assert make(ana)


def test_ending_twice_is_ending_once(make, ana):
    key, _secret = make(ana)
    ended = actions.end_key(key=key, by=ana).ended_at
    assert actions.end_key(key=key, by=ana).ended_at == ended
    assert Event.objects.filter(kind="accounts.key_ended").count() == 1


def test_the_person_is_told_in_its_language(make, ana, letters):
    ana.person.language = "en"
    ana.person.save()
    make(ana, name="Report\nSee my keys: https://mala.test/", can_write=True, days=30)
    letter = letters()[-1]
    assert (letter.to, letter.subject) == (ana.email, "An API token was made for you")
    assert "reads and changes" in letter.text
    assert "http://testserver/cuentas/mis-datos/llaves/" in letter.html
    assert 'href="https://mala.test' not in letter.html


# The page


def test_a_calendar_address_is_shown_once_and_works(sign_in, tito):
    client = sign_in(tito)
    answer = client.post(PAGE, calendar_form())
    address = secret_in(answer)
    assert re.fullmatch(r"http://testserver/calendario/[\w-]{43}\.ics", address)
    assert "no-store" in answer["Cache-Control"]
    assert client.get(address).status_code == 200
    later = client.get(PAGE).content.decode()
    assert "Mi celular" in later
    assert address not in later
    assert address.rpartition("/")[2].removesuffix(".ics") not in later


def test_a_token_asks_for_the_password_first(sign_in, ana):
    client = sign_in(ana)
    asked = client.post(PAGE, token_form(can_write="yes", days="30"))
    assert asked.status_code == 302
    assert asked.url.startswith("/cuentas/confirmar/")
    assert not AccessKey.objects.exists()
    refused = client.post(asked.url, {"password": "otra-cosa-1"})
    assert refused.status_code == 200
    assert not AccessKey.objects.exists()
    answer = client.post(asked.url, {"password": PASSWORD})
    key = queries.key_behind(secret_in(answer), KeyPurpose.API)
    assert (key.user, key.can_write, (key.expires_at - key.created_at).days) == (ana, True, 30)
    assert "no-store" in answer["Cache-Control"]
    again = client.post(PAGE, token_form(name="Otro"))
    assert queries.key_behind(secret_in(again), KeyPurpose.API).name == "Otro"


@pytest.mark.parametrize("who", ["tito", "carla", "alex"])
def test_the_secret_stays_nowhere(sign_in, request, who):
    """Neither the session nor an address of a redirect carries it on."""
    client = sign_in(request.getfixturevalue(who))
    answer = client.post(PAGE, calendar_form())
    secret = secret_in(answer).rpartition("/")[2].removesuffix(".ics")
    assert "Location" not in answer
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept
    assert secret not in repr(kept)
    assert secret not in repr(list(EventPayload.objects.values_list("data")))


def test_reloading_the_answer_makes_no_second_key(sign_in, tito):
    client = sign_in(tito)
    form = calendar_form()
    client.post(PAGE, form)
    again = client.post(PAGE, form, follow=True)
    assert AccessKey.objects.count() == 1
    assert "no se creó otra llave" in again.content.decode()
    assert 'id="secret"' not in again.content.decode()


def test_reloading_after_the_password_makes_no_second_key(sign_in, ana):
    client = sign_in(ana)
    asked = client.post(PAGE, token_form())
    client.post(asked.url, {"password": PASSWORD})
    again = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert AccessKey.objects.count() == 1
    assert 'id="secret"' not in again.content.decode()


def test_a_refused_form_can_be_mended_and_sent_again(sign_in, make, tito):
    client = sign_in(tito)
    keys = [make(tito)[0] for _each in range(20)]
    form = calendar_form()
    assert "Ya tiene 20 llaves" in client.post(PAGE, form).content.decode()
    actions.end_key(key=keys[0], by=tito)
    assert secret_in(client.post(PAGE, form))


@pytest.mark.parametrize(
    "form",
    [
        calendar_form(name=""),
        calendar_form(name=" "),
        calendar_form(name="x" * 81),
        token_form(days="1000"),
        token_form(days=""),
        token_form(can_write="admin"),
    ],
)
def test_bad_input_makes_nothing_and_says_so(sign_in, tito, form):
    answer = sign_in(tito).post(PAGE, form)
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    assert not AccessKey.objects.exists()


@pytest.mark.parametrize("form", [{}, calendar_form(purpose="admin")])
def test_there_are_two_kinds_of_key(sign_in, tito, form):
    assert sign_in(tito).post(PAGE, form).status_code == 400
    assert not AccessKey.objects.exists()


def test_a_form_without_its_own_key_makes_nothing(sign_in, tito):
    assert sign_in(tito).post(PAGE, calendar_form(form_key="")).status_code == 200
    assert not AccessKey.objects.exists()


def test_taken_away_on_the_page_and_only_by_its_holder(client, make, tito, ana):
    key, secret = make(tito, KeyPurpose.CALENDAR)
    client.force_login(ana)
    assert client.post(f"{PAGE}{key.pk}/quitar/").status_code == 404
    assert queries.key_behind(secret, KeyPurpose.CALENDAR)
    client.force_login(tito)
    assert f"{PAGE}{key.pk}/quitar/" in client.get(PAGE).content.decode()
    assert "ya no sirve" in client.post(f"{PAGE}{key.pk}/quitar/", follow=True).content.decode()
    assert queries.key_behind(secret, KeyPurpose.CALENDAR) is None
    assert f"{PAGE}{key.pk}/quitar/" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["carla", "tito", "alex", "ana"])
def test_everybody_finds_the_page_from_the_own_data(sign_in, request, who):
    client = sign_in(request.getfixturevalue(who))
    assert f'href="{PAGE}"' in client.get("/cuentas/mis-datos/").content.decode()
    assert client.get(PAGE).status_code == 200


def test_the_page_costs_the_same_for_any_number_of_keys(sign_in, make, ana, queries_of):
    client = sign_in(ana)
    make(ana)
    client.get(PAGE)
    few = queries_of(lambda: client.get(PAGE))
    for _each in range(4):
        make(ana)
    assert queries_of(lambda: client.get(PAGE)) == few


def test_the_copy_of_ones_data_lists_keys_without_what_lets_in(sign_in, make, ana):
    key, secret = make(ana)
    make(ana, KeyPurpose.CALENDAR, name="Celular")
    actions.end_key(key=key, by=ana)
    archive = zipfile.ZipFile(io.BytesIO(sign_in(ana).post("/cuentas/mis-datos/copia/").content))
    data = json.loads(archive.read("data.json"))
    assert [(each["purpose"], each["name"]) for each in data["keys"]] == [("api", "ERP"), ("calendar", "Celular")]
    assert data["keys"][0]["ended_at"]
    for kept in (secret, key.digest):
        assert kept.encode() not in archive.read("data.json") + archive.read("keys.csv")
