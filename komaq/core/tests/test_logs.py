"""What the logs say, and what they never do."""

import json
import logging
import secrets

import pytest

from komaq.core.logs import formatter


def line(message, *args, **more):
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, more.get("exc_info"))
    return formatter().format(record)


def failing(token):
    try:
        raise ValueError(f"no calendar {token}")
    except ValueError as error:
        return type(error), error, error.__traceback__


@pytest.mark.parametrize("number", range(20))
def test_a_token_in_an_address_or_an_error_keeps_its_start_alone(number):
    token = secrets.token_urlsafe(32)
    for written in (
        line("Not Found: %s", f"/calendario/{token}.ics"),
        line(f"/cuentas/clave/nueva/1-d4x0ab-{token}/"),
        line("Internal Server Error", exc_info=failing(token)),
        line("token %s", f"kmq_{token}"),
    ):
        assert token not in written
        assert token[8:] not in written


def test_the_rest_stays_readable():
    written = json.loads(line("Not Found: %s", "/archivos/0192f0c1-5b1e-7c3a-9d2e-1f2a3b4c5d6e/"))
    assert written["event"] == "Not Found: /archivos/0192f0c1-5b1e-7c3a-9d2e-1f2a3b4c5d6e/"
    assert written["level"] == "warning"
    kept = json.loads(line("Traceback", exc_info=failing("x")))
    assert "ValueError: no calendar x" in kept["exception"]
