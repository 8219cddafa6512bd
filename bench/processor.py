"""What pages cost the processor, without servers: for machines that are busy with other things.

    python -m bench.processor [--subject moves] [--sizes 10000 1000000] [--engines sqlite postgresql] [--write]

Of PostgreSQL it sees the product's half alone.
"""

import argparse
import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from bench.databases import ROOT, Cache, Sample
from bench.pages import SUBJECTS
from bench.report import machine, write_into
from bench.run import SIZES


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subject", choices=SUBJECTS, default="moves")
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--cache", type=Path, default=ROOT / "var/bench")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    given = parser.parse_args(words)
    sizes = given.sizes or SIZES[given.subject]
    rows = [row for engine in given.engines for row in of_engine(given, engine, sizes)]
    heads = " | ".join(f"{size:,} {given.subject}" for size in sizes)
    table = f"| page, ms of the processor | engine | {heads} |\n| --- | --- |{' ---: |' * len(sizes)}\n" + "\n".join(
        rows
    )
    print(table)
    if given.write:
        text = f"`python -m bench.processor`. {machine()}.\n\n{table}\n"
        write_into(ROOT / "docs/performance.md", text, f"processor {given.subject}")


def of_engine(given: argparse.Namespace, engine: str, sizes: list[int]) -> list[str]:
    """A row per page, a column per size."""
    cache = Cache(given.cache, given.port)
    found: dict[str, list[float]] = {}
    with cache.postgresql() if engine == "postgresql" else nullcontext():
        for size in sizes:
            sample = Sample(given.subject, size)
            cache.prepare(engine, sample)
            for case in asked(cache.environment(engine, sample), SUBJECTS[given.subject]):
                if case["processor"]:
                    found.setdefault(case["page"], []).append(case["processor"])
    return [f"| {page} | {engine} | {' | '.join(f'{each:.1f}' for each in took)} |" for page, took in found.items()]


def asked(environment: dict[str, str], pages: tuple[str, ...]) -> list[dict]:
    command = [sys.executable, "-m", "bench.cases", *pages]
    told = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(told.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
