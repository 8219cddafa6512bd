"""How long a page takes, beside the thinnest view that fetches the same rows, on both engines and at several sizes.

    python -m bench.run [--quick] [--subjects orders moves] [--sizes 1000 100000] [--engines sqlite] [--pages order]
                        [--clients 1 8] [--write]

Prints a line as soon as it is known and keeps it in results.jsonl of the cache folder; nothing is judged by tests.
Sample databases are made once (a million orders: minutes) and used again for a week.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from bench.client import Call, Figures, run
from bench.databases import ROOT, Cache, Sample
from bench.pages import SUBJECTS
from bench.report import Line, document, header, verdict, write_into
from bench.servers import FLOOR, FRAMED, PRODUCT, serving

ROUNDS = 3
SIZES = {"orders": [1_000, 100_000, 1_000_000], "moves": [10_000, 1_000_000]}
ALL = [page for pages in SUBJECTS.values() for page in pages]


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", nargs="+", choices=SUBJECTS, default=list(SUBJECTS), help="orders, moves")
    parser.add_argument("--sizes", type=int, nargs="+", help="how many of the subject; each has its own")
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--pages", nargs="+", choices=ALL, default=ALL, metavar="PAGE", help=", ".join(ALL))
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--quick", action="store_true", help="the smallest size, a moment for each page")
    parser.add_argument("--seconds", type=float, default=4.0, help="longest time of a page with so many clients (4)")
    parser.add_argument("--requests", type=int, default=600, help="most requests of the same (600)")
    parser.add_argument("--cache", type=Path, default=ROOT / "var/bench", help="folder of the databases (var/bench)")
    parser.add_argument("--port", type=int, default=8440, help="the first of four ports on loopback (8440)")
    parser.add_argument("--note", default="", help="what stood beside the run, for the table")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    given = parser.parse_args(words)
    if given.quick:
        given.sizes, given.seconds, given.requests = [1_000], 0.5, 60
    return given


def main(words: list[str]) -> None:
    given = arguments(words)
    cache = Cache(given.cache, given.port + 3)
    with (given.cache / "results.jsonl").open("w") as kept:
        for subject in given.subjects:
            lines = list(of_subject(cache, subject, given, kept))
            print("\n" + "\n".join(verdict(lines)) + "\n")
            if given.write:
                write_into(ROOT / "docs/performance.md", document(lines, "make bench", given.note), subject)


def of_subject(cache: Cache, subject: str, given: argparse.Namespace, kept: TextIO) -> Iterator[Line]:
    """Its pages on every engine and at every size, told as they come."""
    print(header(subject))
    for engine in given.engines:
        with cache.postgresql() if engine == "postgresql" else nullcontext():
            for size in given.sizes or SIZES[subject]:
                for line in measure(cache, engine, Sample(subject, size), given):
                    print(line.row(), flush=True)
                    kept.write(json.dumps(line.facts()) + "\n")
                    kept.flush()
                    yield line


def measure(cache: Cache, engine: str, sample: Sample, given: argparse.Namespace) -> Iterator[Line]:
    """Every page of one database."""
    cache.prepare(engine, sample)
    environment = cache.environment(engine, sample)
    pages = [page for page in given.pages if page in SUBJECTS[sample.subject]]
    told = subprocess.run(
        [sys.executable, "-m", "bench.cases", *pages],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    with (
        serving(PRODUCT, given.port, environment, "/healthz"),
        serving(FLOOR, given.port + 1, environment, "/sign-in"),
        serving(FRAMED, given.port + 2, environment, "/sign-in"),
    ):
        for case in json.loads(told.stdout):
            asked = {given.port + place: Call(**call) for place, call in enumerate(case["calls"]) if call}
            for port, call in asked.items():
                run(port, call, 8, most=40, seconds=3)
            for clients in given.clients:
                page, floor, framed = beside(given, asked, clients)
                facts = (page.median, page.p95, page.rate, floor.median, framed.median if framed else None)
                yield Line(
                    case["page"], engine, sample.subject, sample.size, clients, *facts, case["queries"], page.size
                )


def beside(given: argparse.Namespace, asked: dict[int, Call], clients: int) -> list[Figures | None]:
    """Page and floors in turns, so that whatever else the machine does falls on all of them."""
    bounds = {"most": given.requests // ROUNDS, "seconds": given.seconds / ROUNDS / len(asked)}
    got = {port: [] for port in asked}
    for _round in range(ROUNDS):
        for port, call in asked.items():
            got[port].append(run(port, call, clients, **bounds))
    figures = {port: sum(runs[1:], runs[0]) for port, runs in got.items()}
    return [figures.get(given.port + place) for place in range(3)]


if __name__ == "__main__":
    main(sys.argv[1:])
