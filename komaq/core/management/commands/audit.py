import datetime
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from komaq.core import audit, clock


def day(text: str) -> datetime.datetime:
    try:
        return clock.lima(datetime.date.fromisoformat(text))
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date like 2026-11-28") from error


class Command(BaseCommand):
    help = (
        "Walks the chained history and names the first link that does not hold. The audit head binds all chains: "
        "note it outside, and compare it with the one a backup of that moment gives. "
        "Example: komaq audit verify --since 2026-11-01"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["verify"], help="verify: walk the chains")
        parser.add_argument("--since", type=day, help="only from the first event of this day on (Lima)")

    def handle(self, *args: object, deed: str, since: datetime.datetime | None, **options: object) -> None:
        try:
            finding = audit.verify(since=since)
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        if finding.broken:
            link = finding.broken
            raise CommandError(
                f"Broken at {link.subject_kind} {link.subject_id}, number {link.number} (event {link.id}, "
                f"{link.kind}): {finding.reason}. {finding.summary['events']} events before it hold."
            )
        summary = finding.summary
        self.stdout.write(f"{summary['events']} events in {summary['chains']} chains hold.")
        self.stdout.write(f"Audit head: {summary['head']}")
