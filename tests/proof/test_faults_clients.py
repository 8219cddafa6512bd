"""Hostile and broken clients, at a real web process without a proxy: a short refusal, and the next one is served."""

import http.client
import socket
import uuid

import pytest
from django.test import Client

from komaq.orders.models import ServiceRequest
from tests.proof.processes import web

NEW = "/portal/solicitar/"
pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


class Door:
    """A web process, and bytes as nobody's library would send them."""

    def __init__(self, address, cookie, token):
        self.port = int(address.rpartition(":")[2])
        self.cookies = f"Cookie: sessionid={cookie}; csrftoken={token}\r\n"
        self.token = token

    def say(self, raw, *, hang_up=False):
        """The status of the answer to `raw`; None when the connection is closed without one."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(raw)
            if hang_up:
                line.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(line)
            try:
                answer.begin()
            except (http.client.BadStatusLine, ConnectionResetError):
                return None
            return answer.status

    def post(self, body, kind, *, length=None, signed_in=True, **more):
        head = (
            f"POST {NEW} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\nX-CSRFToken: {self.token}\r\n"
            f"{self.cookies if signed_in else ''}Connection: close\r\n\r\n"
        )
        return self.say(head.encode() + body, **more)


@pytest.fixture
def door(carla):
    browser = Client()
    browser.force_login(carla)
    browser.get(NEW)
    with web("--workers", "1", "--threads", "2") as (_process, address):
        yield Door(address, browser.cookies["sessionid"].value, browser.cookies["csrftoken"].value)


def multipart():
    fields = {"priority": "high", "description": "Fuga", "form_key": str(uuid.uuid4())}
    parts = [
        f'--zz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = '--zz\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7 ' + "x" * 5000
    whole = "".join(parts) + file + "\r\n--zz--\r\n"
    return whole.encode()


FORM = "application/x-www-form-urlencoded"
MULTI = "multipart/form-data; boundary=zz"


def test_broken_and_hostile_requests(door, carla):
    get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    many = "&".join(f"f{number}=1" for number in range(100_000)).encode()
    answers = {
        "a body that is too large": door.post(b"", FORM, length=500 * 1024**2),
        "a large body of nobody": door.post(b"", MULTI, length=5 * 1024**2, signed_in=False),
        "a hundred thousand fields": door.post(many, FORM),
        "a body without its boundary": door.post(multipart(), "multipart/form-data"),
        "a body in no known coding": door.post(b"a=%ff%fe", f"{FORM}; charset=rot13"),
        "a negative length": door.post(b"", FORM, length=-5),
        "a length in letters": door.post(b"", FORM, length="five"),
        "an unknown host": door.say(get.replace("localhost", "mala.test").encode() + b"\r\n"),
        "a name with a line break": door.say(get.encode() + b"X-A: 1\nX B: 2\r\n\r\n"),
        "a header without a colon": door.say(get.encode() + b"nonsense\r\n\r\n"),
        "a header of 70 kB": door.say(get.encode() + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n"),
        "two thousand headers": door.say(get.encode() + b"".join(b"X-%d: 1\r\n" % n for n in range(2000)) + b"\r\n"),
        "two lengths": door.say(get.encode() + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        "length and chunks": door.say(
            get.replace("GET", "POST").encode() + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"
        ),
        "no request at all": door.say(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"),
    }
    bad = {what: status for what, status in answers.items() if status is None or not 400 <= status < 500}
    assert bad == {}
    assert answers["a body that is too large"] == answers["a large body of nobody"] == 413
    assert ServiceRequest.objects.count() == 0
    assert door.say(get.encode() + b"Connection: close\r\n\r\n") == 200


def test_a_body_cut_short_leaves_nothing(door, carla):
    """The line goes dead in the middle of sending, at some places between two fields and within a file."""
    whole = multipart()
    cuts = [len(whole) * part // 12 for part in range(12)] + [len(whole) - 10]
    for cut in [*cuts, 200]:
        assert door.post(whole[:cut], MULTI, length=len(whole), hang_up=True) in {None, 400}, cut
    form = b"priority=high&description=Fuga"
    assert door.post(form[:20], FORM, length=len(form), hang_up=True) in {None, 400}
    assert ServiceRequest.objects.count() == 0
    assert door.post(whole, MULTI) == 200
