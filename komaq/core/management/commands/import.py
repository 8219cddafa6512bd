from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from komaq.core import exchange, operator, registry
from komaq.core.xlsx import Unreadable


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Adds what a CSV or XLSX file lists, customers, machines, parts or suppliers for example: all rows or, when "
        "one is at fault, none. docs/import.md lists the columns. "
        "Example: komaq import customers clientes.xlsx --by ana@komaq.example --dry-run"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(registry.sheets), help="what the file lists")
        parser.add_argument("file", type=Path, help="a .csv or .xlsx file")
        parser.add_argument("--by", metavar="EMAIL", help="in whose name; needed when several people may do it")
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="which field a column of the file is, for example 'Nombre del cliente=name'; 'Notas=-' leaves it out",
        )

    def handle(self, *args: object, kind: str, file: Path, by: str | None, dry_run: bool, **more: Any) -> None:
        sheet = registry.sheets[kind]
        user = operator.who(by, sheet.may_import)
        renamed = dict(_pair(each) for each in more["map"])
        with tqdm(desc=kind, unit="B", unit_scale=True, disable=None, leave=False) as bar:

            def tell(done: int, size: int) -> None:
                bar.total = size
                bar.update(done - bar.n)

            try:
                report = exchange.load(sheet=sheet, path=file, by=user, renamed=renamed, dry_run=dry_run, tell=tell)
            except Unreadable as error:
                raise CommandError(str(error), returncode=2) from error
        self._tell(report, user, dry_run)

    def _tell(self, report: exchange.Report, user: Any, dry_run: bool) -> None:
        for fault in report.faults:
            self.stderr.write(fault)
        if report.count > len(report.faults):
            self.stderr.write(exchange.and_more(report))
        if report.count:
            raise CommandError(exchange.nothing_written(report), returncode=1)
        self.stdout.write(exchange.done(report, user, dry_run=dry_run))


def _pair(text: str) -> tuple[str, str]:
    column, sign, name = text.rpartition("=")
    if not (sign and column.strip() and name.strip()):
        raise CommandError(f"--map wants COLUMN=FIELD, not {text!r}.", returncode=2)
    return column, name
