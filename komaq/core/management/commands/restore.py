from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from komaq.core import mail, mute
from komaq.core.action import action
from komaq.core.backup import restore as restoring
from komaq.core.backup.archive import BadArchive


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of database and private files, once it is proved whole; whatever fails, the old "
        "state stands. The copy sends no e-mail until --unmute. Stop serve and worker first. "
        "Example: komaq restore /srv/backups/komaq-2026-11-28.tar --replace"
    )
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the archive to restore")
        parser.add_argument("--replace", action="store_true", help="replace what database and folder hold now")
        parser.add_argument("--verify", action="store_true", help="only check the archive")
        parser.add_argument("--unmute", action="store_true", help="let a restored copy send its e-mails")
        parser.add_argument(
            "--accept-broken-audit", action="store_true", help="restore although the backed-up history did not hold"
        )

    def handle(self, *args: object, file: Path | None, unmute: bool, **options: bool) -> None:
        if unmute == bool(file):
            raise CommandError("Give either an archive or --unmute.", returncode=2)
        try:
            if file:
                self.restore(file, **options)
            else:
                self.stdout.write(f"This copy sends e-mails again; {speak()} wait for the worker.")
        except BadArchive as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        except restoring.NotRestored as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}") from error

    def restore(self, file: Path, *, replace: bool, verify: bool, accept_broken_audit: bool, **more: object) -> None:
        with restoring.proved(file) as backup:
            taken = f"taken {backup.manifest['created_at']} by version {backup.manifest['product']}"
            rows = sum(entry["rows"] for entry in backup.manifest["tables"].values())
            holds = f"{rows} rows, {backup.manifest['files']['number']} files"
            if verify:
                self.stdout.write(f"{file} is whole: {taken}, {holds}.")
                return
            if not replace and not restoring.is_empty():
                raise CommandError("Database or folder hold data already: add --replace to give them up.")
            finding = restoring.restore(backup, broken_audit=accept_broken_audit)
        self.stdout.write(f"Restored what was {taken}: {holds}, {finding.summary['events']} events.")
        self.stdout.write("This copy is mute: it sends no e-mail until komaq restore --unmute.")
        if finding.broken:
            raise CommandError("Restored with a broken history: komaq audit verify says where.")


@action
def speak() -> int:
    """Lift the silence and take up what waited; the number of e-mails that wait."""
    mute.unmute()
    return mail.send_waiting()
