"""What `komaq check --deploy` asks of an installation that others will reach, and `komaq serve` insists on.

Each question is a Django check with its own id. A function answers with what is wrong and how to mend it, or with
nothing.
"""

import datetime
import ipaddress
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import Error

from komaq.core import clock, jobs, mute, readiness, registry

Answer = tuple[str, str] | None
LONGEST_SILENCE = datetime.timedelta(hours=2)
SHORTEST_KEY = 50
SAMPLES = ("change", "cambi", "secret", "example", "ejemplo", "sample", "insecure", "password", "xxxx")
DEFAULT_PASSWORDS = {"", "postgres", "password", "komaq", "changeme", "change-me", "secret", "admin"}
EXAMPLE_DOMAINS = (".example", "example.com", "example.org", "example.net", ".test", ".invalid", "localhost")


def deploy(code: str) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    """Make a question a deployment check: core.E… stops `serve`, core.W… is only said."""
    level = checks.Error if code.startswith("E") else checks.Warning

    def declare(question: Callable[[], Answer]) -> Callable[[], Answer]:
        def check(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
            answer = question()
            return [level(answer[0], hint=answer[1], id=f"core.{code}")] if answer else []

        checks.register(check, "deploy", deploy=True)
        return question

    return declare


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine alone."""
    name = (host or "").strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_trial() -> bool:
    """Whether only this machine can use the pages: its address and every host it answers to are loopback."""
    return is_loopback(urlsplit(settings.SITE_URL).hostname) and all(map(is_loopback, settings.ALLOWED_HOSTS))


def refusals() -> list[str]:
    """Why the production profile must not be served, in sentences; nothing for a trial on this machine."""
    if settings.PROFILE != "production" or is_trial():
        return []
    found = checks.run_checks(tags=["deploy"], include_deployment_checks=True)
    return [f"{each.msg} {each.hint} ({each.id})" for each in found if each.is_serious()]


@deploy("E101")
def site_is_https() -> Answer:
    if settings.SITE_URL.startswith("https://"):
        return None
    return f"KOMAQ_SITE_URL is {settings.SITE_URL}, not https.", "Set it to the https address that people use."


@deploy("E102")
def hosts_are_named() -> Answer:
    hosts, mend = settings.ALLOWED_HOSTS, "Set KOMAQ_HOSTS to the host names that people use."
    own = urlsplit(settings.SITE_URL).hostname
    if "*" in hosts:
        return "KOMAQ_HOSTS accepts every host name.", mend
    if all(map(is_loopback, hosts)):
        return "KOMAQ_HOSTS names only this machine.", mend
    if not any(own == host or (host.startswith(".") and f".{own}".endswith(host)) for host in hosts):
        return f"KOMAQ_HOSTS does not name {own}, the host of KOMAQ_SITE_URL.", mend
    return None


@deploy("E103")
def secret_key_is_strong() -> Answer:
    key = settings.SECRET_KEY
    if len(key) >= SHORTEST_KEY and len(set(key)) >= 10 and not any(word in key.lower() for word in SAMPLES):
        return None
    return (
        f"KOMAQ_SECRET_KEY is a sample, or shorter than {SHORTEST_KEY} characters.",
        "Leave it out, so that one is made and kept in KOMAQ_VAR, or set 50 random characters.",
    )


@deploy("E104")
def secret_key_is_private() -> Answer:
    file = Path(settings.VAR) / "secret_key"
    if not file.exists() or not file.stat().st_mode & 0o007:
        return None
    return f"Other users of this machine may read {file}.", f"Run: chmod 600 {file}"


@deploy("E105")
def debug_is_off() -> Answer:
    return (
        ("DEBUG is on.", "Use the production profile as it is: KOMAQ_PROFILE=production.") if settings.DEBUG else None
    )


@deploy("W106")
def database_serves_machines() -> Answer:
    if not _on_sqlite():
        return None
    return "The database is SQLite: one machine only.", "Set DATABASE_URL to PostgreSQL before a second machine joins."


@deploy("E107")
def proxy_is_told() -> Answer:
    https, behind = settings.SITE_URL.startswith("https://"), bool(settings.SECURE_PROXY_SSL_HEADER)
    if https and not behind:
        return (
            "KOMAQ_SITE_URL is https and KOMAQ_BEHIND_PROXY is not yes: every page would redirect to itself for ever.",
            "Set KOMAQ_BEHIND_PROXY=yes and let the proxy set X-Forwarded-Proto.",
        )
    if behind and not https:
        return "KOMAQ_BEHIND_PROXY is yes, but KOMAQ_SITE_URL is not https.", "Set KOMAQ_SITE_URL to the https address."
    return None


@deploy("E108")
def mail_is_encrypted() -> Answer:
    plain = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.EMAIL_USE_TLS
    if not plain or is_loopback(settings.EMAIL_HOST):
        return None
    return f"E-mails and the password go to {settings.EMAIL_HOST} unencrypted.", "Set KOMAQ_SMTP_TLS=yes."


@deploy("E109")
def database_has_a_password() -> Answer:
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or "")
    if _on_sqlite() or not host or host.startswith("/"):
        return None
    if str(database.get("PASSWORD") or "").lower() not in {*DEFAULT_PASSWORDS, str(database.get("USER")).lower()}:
        return None
    return "DATABASE_URL has no password, or one that anybody would guess.", "Give the role a random password."


@deploy("E110")
def files_are_apart() -> Answer:
    media, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if not media.is_relative_to(static) and not static.is_relative_to(media):
        return None
    return "KOMAQ_MEDIA and KOMAQ_STATIC lie in each other: private files would be public.", "Give each its own folder."


@deploy("E111")
def data_are_private() -> Answer:
    data = [Path(settings.MEDIA_ROOT)]
    if _on_sqlite():
        data.append(Path(settings.DATABASES["default"]["NAME"]))
    found = next(filter(open_to_others, data), None)
    return found and (f"Other users of this machine may read {found}.", f"Run: chmod o-rwx {found}")


def open_to_others(path: Path) -> bool:
    """Whether users outside owner and group reach a path and may read it."""
    if not path.exists() or not path.stat().st_mode & 0o005:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


@deploy("E112")
def folders_take_files() -> Answer:
    for name, folder in (("KOMAQ_VAR", settings.VAR), ("KOMAQ_MEDIA", settings.MEDIA_ROOT)):
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            return (
                f"{name}: nothing can be written to {folder} ({error.strerror}).",
                "Give it to the user of the service.",
            )
    return None


@deploy("E113")
def sender_is_real() -> Answer:
    _name, at, domain = settings.DEFAULT_FROM_EMAIL.lower().strip("<> ").rpartition("@")
    if at and not domain.endswith(EXAMPLE_DOMAINS):
        return None
    return "KOMAQ_MAIL_FROM is an example.", "Set it to an address of yours that your mail server may send for."


@deploy("E114")
def database_is_ready() -> Answer:
    try:
        faults = [fault for fault in readiness.faults() if "a job waits" not in fault]
    except Error as error:
        told = str(error).strip().splitlines()[0]
        return f"The database does not answer: {told}.", "Check DATABASE_URL and the server, and run komaq migrate."
    return (f"The database is not ready: {'; '.join(faults)}.", "Run komaq migrate.") if faults else None


@deploy("W115")
def somebody_administers() -> Answer:
    if database_is_ready() or any(found() for found in registry.administrators):
        return None
    return "Nobody administers the system.", "Run komaq createadmin."


@deploy("W116")
def a_worker_is_seen() -> Answer:
    if database_is_ready() or jobs.seen_since(clock.now() - LONGEST_SILENCE):
        return None
    return "No worker was seen in the last two hours: e-mails and photos wait.", "Start komaq worker."


@deploy("W117")
def copy_may_speak() -> Answer:
    if database_is_ready() or not mute.is_mute():
        return None
    return (
        "This is a restored copy, and mute: it sends no e-mail.",
        "If it is the real one, run komaq restore --unmute.",
    )


def _on_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
