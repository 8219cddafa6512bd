"""Real web processes and workers on the database of the test."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[2]


def database_url():
    """Where the test's rows are, for another process."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    server, _slash, _database = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{here['NAME']}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more):
    return {
        **os.environ,
        "KOMAQ_PROFILE": "test",
        "DATABASE_URL": database_url(),
        "KOMAQ_MEDIA": str(settings.MEDIA_ROOT),
        "PYTHONPATH": str(ROOT),
        **more,
    }


@contextmanager
def komaq(*words, **env):
    """A command of the product as a process of its own; it is gone at the end, whatever happened."""
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, "-m", "komaq.config.cli", *words],
            env=environment(**env),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


@contextmanager
def web(*words):
    """A web server that answers; its process and its address."""
    port = free_port()
    with komaq("serve", "--no-collect", "--port", str(port), *words) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while not _alive(address):
            assert process.poll() is None, "the web server ended by itself"
            assert time.monotonic() < deadline, "the web server does not answer"
        yield process, address


def _alive(address):
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=10).close()  # noqa: S310  loopback
    except OSError:
        return False
    return True
