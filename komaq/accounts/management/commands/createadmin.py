import getpass
import sys
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from komaq.accounts.actions.first_admin import create_admin
from komaq.core.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Makes a system administrator, who can make everybody else. It asks for what is not given. "
        "Example: komaq createadmin --email alex@komaq.example --name 'Alex Núñez' --password-stdin < password.txt"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="the address to sign in with")
        parser.add_argument("--name", help="given names and surnames")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: object, email: str | None, name: str | None, password_stdin: bool, **more: object) -> None:
        email = (email or input("E-mail: ")).strip()
        given_names, _space, surnames = (name or input("Name: ")).strip().partition(" ")
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else getpass.getpass()
        try:
            validate_email(email)
            validate_password(password)
            if not given_names:
                raise CommandError("Give a name, for example --name 'Alex Núñez'.")
            user = create_admin(given_names=given_names, surnames=surnames, email=email, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{user.name} can sign in with {user.email}.")
