"""Figures as a table, targets as a verdict."""

import datetime
import os
import platform
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

MOST_RATIO = {"API orders": 2.0}
RATIO = 2.5
GROWTH = 1.3


def header(subject: str) -> str:
    """The head of a table whose sizes are numbers of orders, or of moves."""
    return (
        f"| page | engine | {subject} | clients | median ms | p95 ms | requests/s | floor ms | × floor | framed ms "
        "| × framed | statements | bytes |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )


@dataclass
class Line:
    page: str
    engine: str
    subject: str
    size: int
    clients: int
    median: float
    p95: float
    rate: float
    floor: float
    framed: float | None
    queries: int
    bytes: int

    @property
    def ratio(self) -> float:
        return self.median / self.floor

    def row(self) -> str:
        return (
            f"| {self.page} | {self.engine} | {self.size:,} | {self.clients} | {self.median:.1f} | {self.p95:.1f} | "
            f"{self.rate:.0f} | {self.floor:.1f} | {self.ratio:.2f} | {self.framed_words()} | "
            f"{self.queries} | {self.bytes:,} |"
        )

    def framed_words(self) -> str:
        return f"{self.framed:.1f} | {self.median / self.framed:.2f}" if self.framed else "– | –"

    def facts(self) -> dict:
        return asdict(self)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today = datetime.datetime.now(datetime.UTC)
    return (
        f"{today:%d/%m/%Y}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def verdict(lines: list[Line]) -> list[str]:
    """One sentence per target: how many lines keep it and which do not."""

    def share(what: str, bad: list[str], of: int) -> list[str]:
        return [f"{what}: {of - len(bad)} of {of} lines keep it." + "".join(f"\n  - {each}" for each in bad)]

    told = []
    for most in sorted({RATIO, *MOST_RATIO.values()}):
        mine = [line for line in lines if MOST_RATIO.get(line.page, RATIO) == most]
        bad = [f"{_name(line)}: {line.ratio:.2f} × floor" for line in mine if line.ratio > most]
        what = "API" if most != RATIO else "Pages"
        told += share(f"{what} within {most:g} × floor", bad, len(mine)) if mine else []
    return told + _growth(lines, share)


def _growth(lines: list[Line], share: Callable) -> list[str]:
    smallest, largest = min(line.size for line in lines), max(line.size for line in lines)
    if smallest == largest:
        return []
    first = {(line.page, line.engine, line.clients): line for line in lines if line.size == smallest}
    pairs = [(first.get((x.page, x.engine, x.clients)), x) for x in lines if x.size == largest]
    pairs = [(one, other) for one, other in pairs if one]
    bad = [f"{_name(x)}: {x.median / one.median:.2f} ×" for one, x in pairs if x.median > GROWTH * one.median]
    return share(f"Time at {largest:,} {lines[0].subject} within {GROWTH:g} × that at {smallest:,}", bad, len(pairs))


def _name(line: Line) -> str:
    return f"{line.page}, {line.engine}, {line.size:,} {line.subject}, {line.clients} clients"


def document(lines: list[Line], command: str, note: str = "") -> str:
    rows = "\n".join(line.row() for line in lines)
    judged = "\n".join(f"- {each}" for each in verdict(lines))
    beside = f" {note}" if note else ""
    return f"`{command}`. {machine()}.{beside}\n\n{header(lines[0].subject)}\n{rows}\n\n{judged}\n"


def write_into(path: Path, text: str, subject: str) -> None:
    """Put the text between the subject's markers of a file, or at its end with markers around it."""
    start, end = (f"<!-- bench {subject}: {which} -->" for which in ("begin", "end"))
    page = path.read_text(encoding="utf-8")
    if start not in page:
        page = f"{page.rstrip()}\n\n## Time per request, by {subject}\n\n{start}\n{end}\n"
    before, rest = page.split(start)
    path.write_text(f"{before}{start}\n{text}{end}{rest.split(end)[1]}", encoding="utf-8")
