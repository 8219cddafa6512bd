import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from komaq.config.demo import build
from komaq.config.demo.people import PASSWORD
from komaq.core.models import OutgoingEmail
from komaq.supply.queries.links import link_behind

LOGINS = (
    ("supervisor@komaq.demo", "jefa de taller: recibe, planifica, revisa"),
    ("tecnico@komaq.demo", "técnico: el trabajo de hoy, en el teléfono"),
    ("ventas@komaq.demo", "comercial"),
    ("logistica@komaq.demo", "almacén y compras"),
    ("finanzas@komaq.demo", "contabilidad"),
    ("gerencia@komaq.demo", "gerencia"),
    ("admin@komaq.demo", "usuarios, áreas y cargos"),
    ("cliente@contratista.demo", "administradora del cliente"),
    ("usuario@contratista.demo", "usuario del cliente"),
)


LINK = re.compile(r"proveedor/([\w-]{20,})/")


def supplier_links() -> list[str]:
    """The paths of the newest links that suppliers were sent and that still open: one to quote, one to deliver."""
    found: dict[str, str] = {}
    for email in OutgoingEmail.objects.filter(text__contains="/proveedor/").order_by("-pk")[:100]:
        path = LINK.search(email.text)
        link = path and link_behind(path[1])
        if link:
            found.setdefault(link.purpose, path[0])
    return list(found.values())


class Command(BaseCommand):
    """The whole product on this machine with believable data."""

    help = "Serve the product with demo data on 127.0.0.1. Example: komaq demo --port 8123"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and write them anew")
        parser.add_argument("--build-only", action="store_true", help="write the data and stop")

    def handle(self, *args: object, port: int, fresh: bool, build_only: bool, **options: object) -> None:
        if settings.PROFILE != "demo":
            raise CommandError("The demo runs in its own profile: start it as `komaq demo`.")
        self.prepare(fresh)
        if not build_only:
            self.serve(port)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def prepare(self, fresh: bool) -> None:
        """Bring database and static files up to date; write the story once, into a file that counts when whole."""
        database = Path(settings.DATABASES["default"]["NAME"])
        if fresh:
            database.unlink(missing_ok=True)
        if not database.exists():
            self.write_story(database)
        else:
            call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

    def write_story(self, database: Path) -> None:
        self.say("Writing the demo's data (once, about a minute)…")
        started = time.monotonic()
        draft = database.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        connection.close()
        connection.settings_dict["NAME"] = str(draft)
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
        build(lambda text: self.say(f"  {text}"))
        connection.close()
        connection.settings_dict["NAME"] = str(database)
        draft.rename(database)
        self.say(f"  done in {time.monotonic() - started:.0f} s")

    def serve(self, port: int) -> None:
        """Web server and worker as children; both stop with us, and we with either."""
        environment = {**os.environ, "KOMAQ_PROFILE": "demo", "KOMAQ_SITE_URL": f"http://127.0.0.1:{port}"}
        children = [
            subprocess.Popen([sys.executable, "-m", "komaq.config.cli", *words], env=environment)  # noqa: S603  our own command
            for words in (["serve", "--port", str(port), "--workers", "1"], ["worker"])
        ]
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        try:
            self.announce(port, children[0])
            while not ending.wait(0.5) and all(child.poll() is None for child in children):
                pass
        finally:
            self.stop(children)
        if not ending.is_set():
            raise CommandError("A process of the demo ended by itself; what it said stands above.")

    def announce(self, port: int, web: subprocess.Popen) -> None:
        address = f"http://127.0.0.1:{port}/"
        for _attempt in range(150):
            if web.poll() is not None:
                raise CommandError(f"The web server did not start. Is port {port} taken? Choose another with --port.")
            try:
                urllib.request.urlopen(f"{address}healthz", timeout=1).close()  # noqa: S310  loopback
                break
            except OSError:
                time.sleep(0.1)
        self.say(f"\nKomaq Service: {address}\nPassword of every login: {PASSWORD}\n")
        for email, role in LOGINS:
            self.say(f"  {email:28} {role}")
        self.say("\nWhat suppliers see without a login, as their e-mails lead there:")
        for path in supplier_links():
            self.say(f"  {address}{path}")
        self.say(f"\nE-mails are kept in {settings.EMAIL_FILE_PATH} instead of sent.\nCtrl-C stops it.")

    def stop(self, children: list[subprocess.Popen]) -> None:
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
