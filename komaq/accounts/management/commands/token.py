from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from komaq.accounts import actions, queries
from komaq.accounts.choices import KeyPurpose
from komaq.core.refusals import NotFound, Refusal

SCOPES = {"read": False, "read,write": True, "write,read": True}
DAYS = 90


class Command(BaseCommand):
    help = (
        "Makes, lists and ends the keys by which programs come in as a person. A new token is written to standard "
        "output, once, and nothing else. Example: komaq token create ana@komaq.example --scope read --days 30"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="create|list|end")
        create = deeds.add_parser("create", help="make an API token and write it to standard output")
        create.add_argument("email", metavar="EMAIL", help="the address the person signs in with")
        create.add_argument("--scope", default="read", help="read (the default) or read,write")
        create.add_argument("--days", type=int, default=DAYS, help=f"how long it lives, 1 to 730 ({DAYS})")
        create.add_argument("--name", default="komaq token", help="which program will use it")
        listing = deeds.add_parser("list", help="list the live keys of a person")
        listing.add_argument("email", metavar="EMAIL", help="the address the person signs in with")
        end = deeds.add_parser("end", help="take a key away at once")
        end.add_argument("email", metavar="EMAIL", help="the address the person signs in with")
        end.add_argument("key_id", metavar="ID", type=int, help="its number in the list")

    def handle(self, *args: object, deed: str, email: str, **given: Any) -> None:
        user = queries.user_at(email)
        if user is None:
            raise CommandError(f"Nobody signs in with {email}: check the address at /app/accesos/.")
        deeds = {"create": self.create, "list": self.show, "end": self.end}
        try:
            deeds[deed](user, **given)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal

    def create(self, user: Any, *, scope: str, days: int, name: str, **more: Any) -> None:
        if scope not in SCOPES:
            raise CommandError(f"There is no scope {scope!r}: choose read or read,write.", returncode=2)
        key, secret = actions.make_key(
            user=user, purpose=KeyPurpose.API, name=name, by=None, can_write=SCOPES[scope], days=days
        )
        until = f"{key.expires_at:%Y-%m-%d %H:%M} UTC"
        self.say(f"Key {key.pk} of {user.email} works until {until}; keep it safe, it is not shown again:")
        self.stdout.write(secret)

    def show(self, user: Any, **more: Any) -> None:
        lines = []
        for key in queries.live_keys_of(user):
            until = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "until taken away"
            used = f"used {key.used_on}" if key.used_on else "never used"
            scope = ",".join(key.scopes)
            lines.append(f"{key.pk}\t{key.purpose}\t{scope}\t{key.hint}…\t{until}\t{used}\t{key.name}")
        if lines:
            self.stdout.write("\n".join(lines))
        else:
            self.say(f"{user.email} has no live keys.")

    def end(self, user: Any, *, key_id: int, **more: Any) -> None:
        try:
            key = queries.get_key(user, key_id)
        except NotFound as error:
            listing = f"komaq token list {user.email}"
            raise CommandError(f"{user.email} has no key {key_id}: see its keys with {listing}.") from error
        actions.end_key(key=key, by=None)
        self.say(f"Key {key.pk} of {user.email} has ended.")

    def say(self, text: str) -> None:
        """Words beside the result: standard output carries the token alone."""
        self.stderr.write(text, style_func=str)
