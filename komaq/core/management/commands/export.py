import datetime
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from komaq.core import clock, operator, registry, sheets
from komaq.core.xlsx import Unreadable


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Writes customers, contacts, machines or employees as CSV, XLSX or JSON, with the columns that import takes. "
        "Example: komaq export machines --since 2026-10-01 --output maquinas.xlsx"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(registry.sheets), help="what to write")
        parser.add_argument("--format", choices=sheets.FORMATS, help="csv unless the name of --output says otherwise")
        parser.add_argument("--since", type=_day, metavar="DATE", help="only what was added or changed since that day")
        parser.add_argument("--output", type=Path, metavar="FILE", help="where to; without it, standard output")
        parser.add_argument("--by", metavar="EMAIL", help="in whose name; people are never read in nobody's")

    def handle(self, *args: object, kind: str, output: Path | None, since: datetime.date | None, **more: Any) -> None:
        sheet = registry.sheets[kind]
        form = more["format"] or _form_of(output)
        if form == "xlsx" and output is None:
            raise CommandError("XLSX needs a file: add --output FILE.", returncode=2)
        user = operator.who(more["by"], sheet.may_export, anyone=sheet.noted is None)
        if sheet.noted:
            sheet.noted(user)
        rows = sheet.rows(user, clock.lima(since) if since else None)
        try:
            if output is None:
                self._print(form, sheet.columns, rows)
                return
            count = sheets.write_file(output, form, sheet.columns, rows)
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from error
        self.stderr.write(f"{count} rows in {output}.")

    def _print(self, form: str, columns: tuple, rows: Any) -> None:
        self.stdout.ending = ""
        try:
            sheets.write_text(self.stdout, form, columns, rows)
            self.stdout.flush()
        except BrokenPipeError:
            _hush()
        except OSError as error:
            _hush()
            raise CommandError("Standard output takes no more: give --output FILE.", returncode=2) from error


def _hush() -> None:
    """Nothing more goes to an output that is gone, not even when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _form_of(output: Path | None) -> str:
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return ending if ending in sheets.FORMATS else "csv"


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date such as 2026-10-01") from error
