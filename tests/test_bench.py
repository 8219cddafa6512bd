"""The measuring tools tell the truth about a server they know."""

import socket
import threading

import pytest

from bench.client import Call, run
from bench.report import Line, verdict, write_into


@pytest.fixture
def echo():
    """A server that answers everything with five bytes and keeps what it was asked; it closes each fourth answer."""
    asked = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        with connection:
            for turn in range(4):
                data = connection.recv(65_536)
                if not data:
                    return
                asked.append(data)
                close = b"Connection: close\r\n" if turn == 3 else b""
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + close + b"\r\nhello")

    def accept():
        while True:
            try:
                connection, _peer = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listening.getsockname()[1], asked
    listening.close()


@pytest.mark.parametrize("clients", [1, 3])
def test_a_run_counts_what_was_answered(echo, clients):
    port, asked = echo
    figures = run(port, Call("/page"), clients, most=12, seconds=5)
    assert len(figures.times) == len(asked) == 12
    assert figures.size == 5
    assert all(data.startswith(b"GET /page HTTP/1.1\r\n") for data in asked)


def test_every_form_has_a_key_of_its_own(echo):
    port, asked = echo
    run(port, Call("/ask", "POST", {}, "key=%KEY%"), 2, most=8, seconds=5)
    assert len({data.rpartition(b"key=")[2] for data in asked}) == 8


def test_an_unexpected_answer_stops_the_run(echo):
    with pytest.raises(SystemExit, match="answered 200"):
        run(echo[0], Call("/page", expect=(302,)), 1, most=4, seconds=5)


def line(page="order", size=1_000, median=2.0, floor=1.0):
    return Line(page, "sqlite", "orders", size, 1, median, median, 500.0, floor, None, 9, 1000)


def test_the_verdict_names_what_misses_a_target():
    told = verdict([line(), line(size=1_000_000, median=2.7), line("API orders", median=2.1)])
    assert (
        told[0]
        == "API within 2 × floor: 0 of 1 lines keep it.\n  - API orders, sqlite, 1,000 orders, 1 clients: 2.10 × floor"
    )
    assert told[1].startswith("Pages within 2.5 × floor: 1 of 2 lines keep it.")
    assert told[2].startswith("Time at 1,000,000 orders within 1.3 × that at 1,000: 0 of 1 lines keep it.")


def test_the_table_is_written_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nText.\n")
    for text in ("old\n", "new\n"):
        write_into(page, text, "moves")
    write_into(page, "other\n", "orders")
    assert page.read_text() == (
        "# Title\n\nText.\n"
        "\n## Time per request, by moves\n\n<!-- bench moves: begin -->\nnew\n<!-- bench moves: end -->\n"
        "\n## Time per request, by orders\n\n<!-- bench orders: begin -->\nother\n<!-- bench orders: end -->\n"
    )
