import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from gunicorn.app.base import BaseApplication

from komaq.core import checks, deploy_checks, mute, readiness
from komaq.core.bodies import whole_bodies

KEPT_ALIVE_S = 75
"""Seconds an idle connection stays open: longer than the proxy keeps it, so that never both want it at once."""


class Server(BaseApplication):
    """gunicorn with the product inside and its options given in code."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return whole_bodies(get_wsgi_application())


class Command(BaseCommand):
    help = (
        "Serves the pages with gunicorn until SIGTERM, then finishes what it has begun. It starts only when the "
        "database can work. Sockets handed over by systemd go before --host and --port. "
        "Example: komaq serve --port 8000 --workers 2 --threads 8"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
        parser.add_argument("--workers", type=int, default=2, help="processes (2)")
        parser.add_argument("--threads", type=int, default=8, help="threads of each process (8)")
        parser.add_argument("--grace", type=int, default=25, help="seconds that requests get to end after SIGTERM (25)")
        parser.add_argument(
            "--no-collect",
            action="store_true",
            help="leave the static files as they are: komaq collectstatic has put them in their folder",
        )

    def handle(self, *args: object, **options: Any) -> None:
        self.say(f"Database: {checks.gate()}")
        self.refuse_unless_safe()
        self.refuse_unless_ready()
        if not options["no_collect"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        try:
            Server(self.server_options(**options)).run()
        except RuntimeError as error:
            raise CommandError(f"The web server did not start: {error}") from error

    def refuse_unless_safe(self) -> None:
        """Raises CommandError in production when komaq check --deploy finds an error."""
        if found := deploy_checks.refusals():
            raise CommandError("\n".join(["Not safe to serve:", *found]))
        if settings.PROFILE == "production" and deploy_checks.is_trial():
            self.say("A trial: only this machine can use it. komaq check --deploy says what production needs.")

    def refuse_unless_ready(self) -> None:
        """Raises CommandError when requests could only fail. A queue that waits is no reason: pages work without it."""
        try:
            faults = [fault for fault in readiness.faults() if "a job waits" not in fault]
            silent = not faults and mute.is_mute()
        except Error as error:
            told = " ".join(str(error).split())
            raise CommandError(f"The database does not answer; check DATABASE_URL and the server: {told}") from error
        finally:
            connection.close()
        if faults:
            raise CommandError(f"Not ready to serve: {'; '.join(faults)}.")
        if silent:
            self.say("This is a restored copy and mute: it sends no e-mail until komaq restore --unmute.")

    def server_options(self, **options: Any) -> dict[str, Any]:
        place = f"{options['host']}:{options['port']}"
        handed_over = os.environ.get("LISTEN_PID") == str(os.getpid())
        said = "the sockets of systemd" if handed_over else f"http://{place}"
        return {
            "bind": place,
            "workers": options["workers"],
            "threads": options["threads"],
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": options["grace"],
            "keepalive": KEPT_ALIVE_S,
            "control_socket_disable": True,
            "max_requests": 10_000,
            "max_requests_jitter": 1_000,
            "loglevel": "warning",
            "when_ready": lambda _server: self.say(f"Serving on {said}"),
        }

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
