from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from komaq.core.backup.archive import BadArchive
from komaq.core.backup.write import write


class Command(BaseCommand):
    help = (
        "Writes database and private files into one checked archive while the system runs. "
        "Example: komaq backup /srv/backups/komaq-2026-11-28.tar"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write")
        parser.add_argument("--force", action="store_true", help="replace the archive if there is one")

    def handle(self, *args: object, file: Path, force: bool, **options: object) -> None:
        if file.exists() and not force:
            raise CommandError(f"{file} exists: choose another name or add --force.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.absolute().parent}: make it first.")
        try:
            manifest = write(file)
        except BadArchive as error:
            raise CommandError(f"No backup was written. {error}") from error
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(f"No backup was written, {file.parent} does not take it: {reason}.") from error
        except DatabaseError as error:
            raise CommandError(f"No backup was written, the database does not answer: {error}") from error
        self.report(file, manifest)

    def report(self, file: Path, manifest: dict[str, Any]) -> None:
        rows = sum(entry["rows"] for entry in manifest["tables"].values())
        files, history = manifest["files"], manifest["audit"]
        self.stdout.write(
            f"{file}: {file.stat().st_size / 1e6:.1f} MB, {rows} rows, {files['number']} files, "
            f"{history['events']} events in {history['chains']} chains.\nAudit head: {history['head']}"
        )
        if files["wrong"]:
            raise CommandError(
                f"The backup was written, but {files['wrong']} files are not as their rows say, for example "
                f"{files['examples'][0]}. Look for them in an older backup."
            )
