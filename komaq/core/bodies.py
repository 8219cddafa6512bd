"""A request's body arrives whole or counts as broken: a line that goes dead in the middle must not shorten a letter.

Without this a form cut off after some of its fields, or a file cut off in its middle, would be read as sent.
"""

from collections.abc import Callable, Iterable
from typing import Any


class WholeBody:
    """The body of a request as bytes to read; ending before its announced length raises OSError, `is_cut_off` tells."""

    def __init__(self, source: Any, length: int) -> None:
        self.source, self.missing = source, length
        self.is_cut_off = False

    def read(self, size: int = -1) -> bytes:
        wanted = self._wanted(size)
        return self._checked(self.source.read(wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        wanted = self._wanted(size)
        data = self.source.readline(wanted)
        return self._checked(data, len(data) if data.endswith(b"\n") else wanted)

    def _wanted(self, size: int | None) -> int:
        return self.missing if size is None or size < 0 else min(size, self.missing)

    def _checked(self, data: bytes, wanted: int) -> bytes:
        self.missing -= len(data)
        if len(data) < wanted:
            self.is_cut_off = True
            raise OSError(f"the request ended {self.missing} bytes early")
        return data


def whole_bodies(application: Callable) -> Callable:
    """The WSGI application, reading bodies as WholeBody."""

    def run(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return run
