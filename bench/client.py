"""A client that costs next to nothing: prepared bytes down a kept socket, the answer read by its Content-Length."""

import re
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Call:
    """A request as it goes over the wire; `%KEY%` in the body becomes a fresh key each time."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    expect: tuple[int, ...] = (200,)

    def wire(self, port: int, key: str) -> bytes:
        body = self.body.replace("%KEY%", key).encode()
        head = {"Host": f"127.0.0.1:{port}", **self.headers}
        if self.method == "POST":
            head |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass
class Figures:
    """What a run of one page by so many clients gave; times in milliseconds."""

    times: list[float]
    seconds: float
    size: int

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, round(len(self.times) * 0.95) - 1)]

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.times + other.times, self.seconds + other.seconds, self.size)


class Connection:
    """One kept connection; opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self.port, self.socket = port, None

    def ask(self, data: bytes) -> tuple[int, int]:
        """Status and length of the answer."""
        for attempt in (1, 2):
            try:
                return self._ask(data)
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _ask(self, data: bytes) -> tuple[int, int]:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(data)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end]
        match = LENGTH.search(head)
        if not match:
            raise SystemExit(f"An answer without Content-Length:\n{head.decode(errors='replace')}")
        length, have = int(match[1]), len(got) - end - 4
        while have < length:
            have += len(self._more())
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), length

    def _more(self) -> bytes:
        part = self.socket.recv(262_144)
        if not part:
            raise EOFError
        return part

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


class Keys:
    """Keys that no run before and no thread beside gives again."""

    def __init__(self) -> None:
        self.next, self.lock = time.time_ns(), threading.Lock()

    def take(self) -> str:
        with self.lock:
            self.next += 1
            return f"{self.next:032x}"


KEYS = Keys()


def run(port: int, call: Call, clients: int, *, most: int, seconds: float) -> Figures:
    """`clients` at once, each asking again as soon as it is answered, until `most` answers or `seconds` are over."""
    times: list[list[float]] = [[] for _ in range(clients)]
    sizes, faults = [0], []
    until = time.perf_counter() + seconds

    def loop(place: int) -> None:
        connection, mine = Connection(port), times[place]
        try:
            while not mine or (len(mine) * clients < most and time.perf_counter() < until and not faults):
                data = call.wire(port, KEYS.take())
                started = time.perf_counter()
                status, size = connection.ask(data)
                mine.append((time.perf_counter() - started) * 1000)
                if status not in call.expect:
                    faults.append(f"{call.method} {call.path} answered {status}")
                sizes[0] = size
        except (OSError, EOFError) as error:
            faults.append(f"{call.method} {call.path}: {error!r}")
        finally:
            connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=loop, args=[place]) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(faults[0])
    return Figures([each for mine in times for each in mine], time.perf_counter() - started, sizes[0])
