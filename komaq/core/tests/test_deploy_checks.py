"""`komaq check --deploy` names what is unsafe; `komaq serve` insists on it where others can reach the pages."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from komaq.core import clock, deploy_checks, jobs, mail, mute, triggers

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Overriding setting DATABASES"),  # only read by the questions
]
KEY = "kT9-fQ2_vB7xWm4LzR8sYc1HnJ5pGd3aEu6oIqXtVyNbMwZr"


@pytest.fixture
def production(settings, tmp_path, alex):
    """An installation as it should be, a worker at work."""
    settings.PROFILE = "production"
    settings.SITE_URL = "https://servicio.komaq.pe"
    settings.ALLOWED_HOSTS = ["servicio.komaq.pe", "localhost"]
    settings.SECRET_KEY = KEY + KEY
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "smtp.komaq.pe", True
    settings.DEFAULT_FROM_EMAIL = "Komaq Service <servicio@komaq.pe>"
    settings.VAR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db", "PASSWORD": KEY}}
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700)
    (tmp_path / "secret_key").touch(0o600)
    mail.queue(to="carla@andinos.test", subject="Hola", text="Hola")
    jobs.Job.objects.update(state="done", finished_at=clock.now())
    return settings


def found():
    asked = checks.run_checks(tags=["deploy", "security"], include_deployment_checks=True)
    return {each.id for each in asked if not each.is_silenced()}


def test_a_correct_installation_passes_our_questions_and_djangos(production):
    assert found() == set()
    assert deploy_checks.refusals() == []


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("E101", {"SITE_URL": "http://servicio.komaq.pe", "SECURE_PROXY_SSL_HEADER": None}),
        ("E102", {"ALLOWED_HOSTS": ["*"]}),
        ("E102", {"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}),
        ("E102", {"ALLOWED_HOSTS": ["otro.komaq.pe"]}),
        ("E103", {"SECRET_KEY": KEY}),
        ("E103", {"SECRET_KEY": "change-me-" + KEY}),
        ("E103", {"SECRET_KEY": "ab" * 40}),
        ("E105", {"DEBUG": True}),
        ("E107", {"SECURE_PROXY_SSL_HEADER": None}),
        ("E107", {"SITE_URL": "http://servicio.komaq.pe"}),
        ("E108", {"EMAIL_USE_TLS": False}),
        ("E109", {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db"}}}),
        (
            "E109",
            {"DATABASES": {"default": {"ENGINE": "x.postgresql", "HOST": "db", "USER": "Ana", "PASSWORD": "ana"}}},
        ),
        ("E113", {"DEFAULT_FROM_EMAIL": "Komaq Service <servicio@komaq.example>"}),
        ("E113", {"DEFAULT_FROM_EMAIL": "servicio"}),
    ],
)
def test_an_unsafe_setting_is_named_with_its_remedy(production, code, values):
    for name, value in values.items():
        setattr(production, name, value)
    assert f"core.{code}" in found()
    assert any(f"(core.{code})" in sentence for sentence in deploy_checks.refusals())


@pytest.mark.parametrize(
    "values",
    [
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"},
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "127.0.0.1"},
        {"ALLOWED_HOSTS": [".komaq.pe"]},
        {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "/run/postgresql"}}},
    ],
)
def test_what_only_looks_unsafe_passes(production, values):
    for name, value in values.items():
        setattr(production, name, value)
    assert found() == set()


def test_sqlite_is_for_one_machine(production, tmp_path):
    production.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "x")}}
    assert found() == {"core.W106"}
    assert deploy_checks.refusals() == []


def test_a_secret_key_that_others_may_read(production, tmp_path):
    (tmp_path / "secret_key").chmod(0o644)
    assert found() == {"core.E104"}


@pytest.mark.parametrize("inside", ["media", "static"])
def test_files_inside_each_other(production, tmp_path, inside):
    outer, inner = tmp_path / "outer", tmp_path / "outer/inner"
    inner.mkdir(parents=True, mode=0o700)
    production.MEDIA_ROOT, production.STATIC_ROOT = (inner, outer) if inside == "media" else (outer, inner)
    assert found() == {"core.E110"}


def test_files_that_others_may_read(production):
    with tempfile.TemporaryDirectory() as folder:
        production.MEDIA_ROOT = folder
        Path(folder).chmod(0o755)
        assert found() == {"core.E111"}
        Path(folder).chmod(0o750)
        assert found() == set()
    production.MEDIA_ROOT = production.VAR / "media"
    Path(production.MEDIA_ROOT).chmod(0o777)
    assert found() == set(), "a folder above keeps others out"


def test_a_folder_that_takes_no_files(production, tmp_path):
    production.VAR = tmp_path / "absent"
    assert "core.E112" in found()


@pytest.mark.db
def test_a_database_without_its_guards(production):
    with triggers.lifted():
        assert found() == {"core.E114"}


@pytest.mark.db
def test_a_migration_that_is_open(production):
    MigrationRecorder.Migration.objects.filter(app="orders").delete()
    assert found() == {"core.E114"}


def test_a_database_that_is_away(production):
    def away(execute, sql, params, many, context):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        assert found() == {"core.E114"}


def test_nobody_administers(production, alex):
    alex.is_active = False
    alex.save()
    assert found() == {"core.W115"}


def test_no_worker_is_seen(production):
    with clock.travel(clock.now() + 2 * deploy_checks.LONGEST_SILENCE):
        assert found() == {"core.W116"}


def test_a_mute_copy_says_so(production):
    mute.mute(restored_from="a test")
    assert found() == {"core.W117"}


def test_serve_refuses_what_is_unsafe(production):
    production.ALLOWED_HOSTS = ["*"]
    with pytest.raises(CommandError, match="Not safe to serve:\nKOMAQ_HOSTS accepts every host name"):
        call_command("serve")


def test_a_trial_on_this_machine_is_served(production):
    production.SITE_URL, production.ALLOWED_HOSTS = "http://localhost:8000", ["localhost", "127.0.0.1"]
    assert deploy_checks.is_trial()
    assert deploy_checks.refusals() == []
    production.ALLOWED_HOSTS = ["localhost", "servicio.komaq.pe"]
    assert not deploy_checks.is_trial(), "others can reach it"
    assert deploy_checks.refusals()


def test_the_command_ends_with_one(tmp_path):
    """As an operator runs it, in a fresh folder with nothing set."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KOMAQ_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "-m", "komaq.config.cli", "check", "--deploy"],
        env={**environment, "KOMAQ_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    for code in ("E101", "E102", "E113", "E114", "W106"):
        assert f"core.{code}" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var/media").stat().st_mode & 0o077 == 0
