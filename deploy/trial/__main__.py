"""Try the shipped deployment on loopback: PostgreSQL, nginx, two web processes, two workers, a mail server.

    .venv/bin/python -m deploy.trial [--seconds 6] [--port 8450] [--keep]

Needs nginx and openssl on the machine; PostgreSQL comes from the development packages. Takes about two minutes,
writes to a temporary folder only, and ends what it started. Prints a line per finding; the exit code is the number of
those that do not hold.
"""

import argparse
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from deploy.trial.load import SIGN_IN, Load, Person
from deploy.trial.world import HOST, ROOT, MailServer, PostgreSQL, Proxy, Unit, environment, komaq, until

PASSWORD = "una excavadora amarilla"  # noqa: S105  of the trial's people
MAILS = "SELECT count(*) FROM core_outgoingemail WHERE state <> 'sent'"


class Report:
    """Findings, printed as they come."""

    def __init__(self):
        self.wrong = 0

    def say(self, holds, text):
        self.wrong += not holds
        print(f"{'ok  ' if holds else 'FAIL'}  {text}", flush=True)


def is_ready(person):
    try:
        return person.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


class Installation:
    """Everything up, and the ways to look at it."""

    def __init__(self, folder, port):
        self.folder, self.units = folder, []
        self.mail = MailServer(port + 3)
        self.database = PostgreSQL(folder, port + 4)
        self.env = environment(folder, self.database.url(), KOMAQ_SMTP_PORT=str(port + 3))
        owner = self.env | {"DATABASE_URL": self.database.url("komaq_owner")}
        komaq(owner, "migrate", "--no-input", "--verbosity", "0")
        komaq(owner, "collectstatic", "--no-input", "--verbosity", "0")
        komaq(
            self.env,
            "createadmin",
            "--email",
            "admin@komaq.example",
            "--name",
            "Alex Núñez",
            "--password-stdin",
            given=PASSWORD,
        )
        people = ROOT / "deploy/trial/people.py"
        given = {"DJANGO_SETTINGS_MODULE": "komaq.config.settings.production"}
        subprocess.run([sys.executable, people, "8", PASSWORD], env=self.env | given, cwd=ROOT, check=True)
        sockets = folder / "run"
        sockets.mkdir()
        serve = ["serve", "--no-collect", "--workers", "2", "--threads", "8"]
        self.webs = [self.unit(f"web-{n}", serve, sockets / f"web-{n}.sock") for n in (1, 2)]
        self.workers = [self.unit(f"worker-{n}", ["worker"]) for n in (1, 2)]
        self.proxy = Proxy(folder, port + 1, port + 2, sockets)
        self.http, self.https = port + 1, port + 2
        stranger = Person(self.proxy, 100)
        until(lambda: is_ready(stranger), "/readyz says ok", 180)

    def unit(self, name, words, path=None):
        made = Unit(name, words, self.env, self.folder, path)
        self.units.append(made)
        return made

    def people(self, count):
        """Signed in, with the form they will fill."""
        contacts = dict(
            self.database.rows(
                "SELECT p.email, c.id FROM customers_contact c JOIN accounts_person p ON p.id = c.person_id"
            )
        )
        machine = self.database.rows("SELECT id FROM fleet_machine")[0][0]
        made = []
        for number in range(count):
            person = Person(self.proxy, number, f"cliente{number}@contratista.example", PASSWORD)
            answer = person.sign_in()
            assert answer.status_code == 302, answer.text  # noqa: S101  nothing works without it
            person.form = {"machine": machine, "contact": contacts[person.email], "priority": "high"}
            made.append(person)
        return made

    def stop(self):
        for unit in self.units:
            unit.stop()
        if hasattr(self, "proxy"):
            self.proxy.stop()
        self.mail.controller.stop()
        self.database.crash()


def front(it, say):
    """What a browser and a stranger meet at the proxy."""
    person = it.people(1)[0]
    cookies = {each.name: each for each in person.web.cookies.jar}
    say(all(cookies[name].secure for name in ("sessionid", "csrftoken")), "cookies are for https only")
    page = person.get("/portal/")
    say(
        page.status_code == 200 and "max-age=31536000" in page.headers["Strict-Transport-Security"],
        "a signed-in page opens over https, with HSTS",
    )
    say(
        page.headers.get("Content-Encoding") == "gzip" and "no-store" in page.headers["Cache-Control"],
        "pages are compressed and kept by no cache",
    )
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    static = person.get(style)
    say(
        static.status_code == 200
        and "immutable" in static.headers["Cache-Control"]
        and static.headers.get("Content-Encoding") == "gzip",
        f"{style} is cached for ever, compressed",
    )
    icon = person.get("/static/core/favicon.svg")
    say(
        icon.status_code == 200 and "immutable" not in icon.headers["Cache-Control"],
        "a file without a digest in its name is not",
    )
    plain = httpx.get(f"http://127.0.0.1:{it.http}/portal/?a=1", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    say(
        (plain.status_code, plain.headers["Location"]) == (308, f"https://{HOST}/portal/?a=1"),
        "plain http goes to https, whatever X-Forwarded-Proto it claims",
    )
    say(
        person.get("/portal/", headers={"X-Forwarded-Proto": "http"}).status_code == 200,
        "a forged X-Forwarded-Proto does not change the scheme",
    )
    say(person.get("/metrics").status_code == 404, "/metrics is closed to the outside")
    huge = person.post(SIGN_IN, {"login": "x" * 2_700_000})
    say(huge.status_code == 413 and "Es demasiado de una vez" in huge.text, "too much is refused with a page")
    strangers_at_the_door(it, say)
    framing(it, say)


def strangers_at_the_door(it, say):
    guesser = Person(it.proxy, 50, password="falsa falsa falsa")  # noqa: S106  it guesses, and is refused
    texts = []
    for number in range(14):
        guesser.email = f"nadie{number}@contratista.example"
        texts.append(
            guesser.sign_in({"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"})
        )
    refused = sum("Demasiados intentos" in each.text or each.status_code == 429 for each in texts)
    say(refused == 4, f"14 guesses from one address under forged X-Forwarded-For: 10 tried, {refused} refused")
    beside = Person(it.proxy, 51, "cliente1@contratista.example", PASSWORD)
    say(beside.sign_in().status_code == 302, "a person at another address still gets in")
    forger = Person(it.proxy, 52)
    forger.get("/cuentas/clave/")
    forged = {"X-Forwarded-Host": "mala.example", "X-Host": "mala.example"}
    forger.post("/cuentas/clave/", {"email": "cliente2@contratista.example"}, headers=forged)
    until(lambda: it.mail.count("cliente2@contratista.example") == 1, "the mail about the password")
    mail = next(content for _id, to, content in it.mail.taken if to == "cliente2@contratista.example")
    say(
        f"https://{HOST}/cuentas/clave/nueva/".encode() in mail and b"mala.example" not in mail,
        "a forged X-Forwarded-Host does not stand in a mailed link",
    )
    try:
        answer = httpx.get(f"http://127.0.0.1:{it.http}/", headers={"Host": "mala.example"})
        say(False, f"another host was answered: {answer.status_code}")
    except httpx.RemoteProtocolError:
        say(True, "another host is not answered at all")


def framing(it, say):
    raw = (
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n0\r\n\r\nG"
    ).encode()
    with socket.create_connection(("127.0.0.1", it.https), timeout=10) as plain:
        with it.proxy.trust.wrap_socket(plain, server_hostname=HOST) as secure:
            secure.sendall(raw)
            first = secure.recv(4096).split(b"\r\n")[0]
    say(b" 400 " in first, f"a body with two lengths is refused: {first.decode()}")


def whole(it, load, say, name):
    """Whatever was acknowledged is there once and whole; nothing half is there."""
    rows = dict(it.database.rows("SELECT form_key::text, code FROM orders_servicerequest"))
    lost = load.acknowledged.keys() - rows.keys()
    codes = sorted(rows.values())
    gapless = [int(code[-6:]) for code in codes] == list(range(1, len(codes) + 1))
    halves = it.database.rows("""
        SELECT r.code FROM orders_servicerequest r WHERE
        (SELECT count(*) FROM core_event e WHERE e.kind = 'orders.request_received'
            AND e.subject_id = r.id::text) <> 1
        OR (SELECT count(*) FROM core_outgoingemail m WHERE m.subject LIKE '%' || r.code || '%') <> 1""")
    given = it.database.rows("SELECT last FROM core_sequence WHERE prefix = 'SOL'")[0][0]
    say(not lost, f"{name}: {len(load.acknowledged)} acknowledged, {len(lost)} lost")
    say(
        gapless and given == len(codes) and not halves,
        f"{name}: {len(codes)} requests, numbers without gap, {len(halves)} without exactly one event and one e-mail",
    )


def rolling(it, people, seconds, say):
    with Load(people) as load:
        time.sleep(seconds / 2)  # the load itself is the measure: so long before, between and after restarts
        for web in it.webs:
            print(f"      {web.name}: the old process ended after {web.restart():.1f} s")
            time.sleep(seconds / 2)
    count = len(load.times)
    say(not load.failures, f"rolling restart of both web processes: {count} requests, failed: {load.told()}")
    print(
        f"      median {statistics.median(load.times) * 1000:.0f} ms, "
        f"slowest {max(load.times) * 1000:.0f} ms, {len(people)} people at once"
    )
    whole(it, load, say, "rolling restart")


def kill_web(it, people, seconds, say):
    with Load(people) as load:
        for victim in (it.webs[0].children()[0], it.webs[1].process.pid):
            time.sleep(seconds / 2)
            subprocess.run(["kill", "-9", str(victim)], check=True)
        time.sleep(seconds)
        before = len(load.failures)
        time.sleep(seconds / 2)
    say(
        len(load.failures) == before,
        f"kill -9 of a gunicorn worker and of a master: {len(load.times)} answers, "
        f"failed meanwhile: {load.told()}; none afterwards",
    )
    whole(it, load, say, "kill -9")


def kill_worker(it, people, say):
    person = people[-1]
    until(lambda: it.database.rows(MAILS)[0][0] == 0, "all mails are sent", 120)
    before = it.mail.count(person.email)
    it.mail.hold = person.email
    person.ask("Prueba del trabajo interrumpido", "00000000-0000-4000-8000-000000000001")
    it.mail.held.wait(30)
    name = it.database.rows("SELECT worker FROM core_job WHERE state = 'running' AND name = 'core.send_email'")[0][0]
    next(worker for worker in it.workers if name.endswith(f":{worker.process.pid}")).kill()
    seconds = until(lambda: it.mail.count(person.email) > before, "the other worker sends the mail", 60)
    until(lambda: it.database.rows(MAILS)[0][0] == 0, "the mail is noted as sent")
    attempts = it.database.rows("SELECT max(attempts) FROM core_job WHERE name = 'core.send_email'")[0][0]
    say(
        it.mail.count(person.email) == before + 1 and attempts == 2,
        f"kill -9 of a worker while it sends: the job ran again after {seconds:.0f} s, one mail arrived",
    )


def database_crash(it, people, seconds, say):
    with Load(people) as load:
        time.sleep(seconds / 2)
        it.database.crash()
        time.sleep(1)
        seen = len(load.failures)
        page = Person(it.proxy, 60).get(
            "/portal/",
            headers={"Cookie": "; ".join(f"{name}={value}" for name, value in people[0].web.cookies.items())},
        )
        it.database.start()
        back = time.monotonic()
        until(lambda: is_ready(people[0]), "/readyz says ok again")
        recovered = time.monotonic() - back
        time.sleep(seconds / 2)
    say(
        page.status_code == 503 and page.headers.get("Retry-After") == "5" and "no responde" in page.text,
        f"without its database a page answers {page.status_code}, Retry-After {page.headers.get('Retry-After')}",
    )
    kinds = {kind for _method, kind, _at in load.failures}
    say(kinds <= {503} and seen > 0, f"crash of PostgreSQL: failed meanwhile: {load.told()}")
    last = max(at for _method, _kind, at in load.failures) - back
    say(last < 10, f"ready {recovered:.1f} s and last failure {max(last, 0):.1f} s after the database is back")
    whole(it, load, say, "database crash")


def mails_once(it, say):
    until(lambda: it.database.rows(MAILS)[0][0] == 0, "all mails are sent", 180)
    sent = it.database.rows("SELECT message_id FROM core_outgoingemail")
    arrived = [message_id for message_id, _to, _content in it.mail.taken]
    say(
        sorted(arrived) == sorted(row[0] for row in sent),
        f"{len(sent)} e-mails written, {len(arrived)} arrived, {len(arrived) - len(set(arrived))} twice",
    )
    dead = it.database.rows("SELECT count(*) FROM core_job WHERE state = 'dead'")[0][0]
    say(dead == 0, f"{dead} jobs given up")


def main():
    wishes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wishes.add_argument("--seconds", type=float, default=6, help="how long each load lasts (6)")
    wishes.add_argument("--port", type=int, default=8450, help="the first of five ports (8450)")
    wishes.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    wish = wishes.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="komaq-trial-", dir="/tmp"))
    folder.chmod(0o755)
    report, it = Report(), None
    print(
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"{subprocess.run(['nginx', '-v'], capture_output=True, text=True, check=True).stderr.strip()}; {folder}"
    )
    started = time.monotonic()
    try:
        it = Installation.__new__(Installation)
        it.__init__(folder, wish.port)
        print(f"      up after {time.monotonic() - started:.0f} s")
        front(it, report.say)
        people = it.people(8)
        rolling(it, people, wish.seconds, report.say)
        kill_web(it, people, wish.seconds, report.say)
        kill_worker(it, people, report.say)
        database_crash(it, people, wish.seconds, report.say)
        mails_once(it, report.say)
    finally:
        it.stop()
        if not wish.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{report.wrong} findings do not hold; {time.monotonic() - started:.0f} s")
    return report.wrong


if __name__ == "__main__":
    sys.exit(main())
