import resource
import sys
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from komaq.config import sample

MOST = 1_000_000
MOST_PARTS, MOST_MOVES = 200_000, 5_000_000


class Command(BaseCommand):
    """A large history for measuring, in an empty database."""

    help = (
        "Fills an empty database with N orders and all that hangs from them; the same for a seed and a day. "
        "With --parts also a catalogue, its stock and what is bought. "
        "Example: komaq load-sample --orders 100000 --seed 7"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, required=True, help=f"how many, up to {MOST:,}")
        parser.add_argument("--parts", type=int, default=0, help=f"how many of the catalogue, up to {MOST_PARTS:,} (0)")
        parser.add_argument("--moves", type=int, default=0, help=f"how many of stock, up to {MOST_MOVES:,} (0)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another history (1)")
        parser.add_argument("--password", default="", help="of every login; without one nobody can sign in")

    def handle(
        self, *args: object, orders: int, parts: int, moves: int, seed: int, password: str, **options: object
    ) -> None:
        if not 1 <= orders <= MOST:
            raise CommandError(f"Ask for 1 to {MOST:,} orders with --orders.")
        if not 0 <= parts <= MOST_PARTS or not 0 <= moves <= (MOST_MOVES if parts else 0):
            raise CommandError(
                f"Ask for up to {MOST_PARTS:,} parts with --parts and, with them, up to {MOST_MOVES:,} --moves."
            )
        if not sample.is_empty():
            raise CommandError(
                "This database has customers or orders already: name an empty one in DATABASE_URL and run "
                "`komaq migrate` on it first."
            )
        started = time.monotonic()
        with tqdm(total=orders, unit=" orders", file=sys.stderr, disable=None, leave=False) as bar:
            rows = sample.load(orders, seed, parts=parts, moves=moves, password=password, tick=bar.update)
        seconds = time.monotonic() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(
            f"{orders:,} orders, {rows:,} rows in {seconds:.1f} s: {rows / seconds:,.0f} rows/s, peak {memory} MiB"
        )
