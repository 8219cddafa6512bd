"""A human becomes known, and perhaps somebody who may sign in."""

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person, User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.refusals import Refusal, require
from komaq.core.search import search_text, sort_key


class EmailTaken(Refusal):
    """Somebody signs in with that address already."""

    message = _("Somebody already signs in with that address.")
    field = "email"


def fill_search(person: Person) -> None:
    """Write what a person is found and sorted by."""
    person.search = search_text(person.given_names, person.surnames, person.email, person.phone, person.document_number)
    person.sort_key = sort_key(f"{person.surnames} {person.given_names}")


@action
def register_person(
    *,
    given_names: str,
    surnames: str = "",
    email: str = "",
    phone: str = "",
    document_type: str = "",
    document_number: str = "",
    language: str = "es-pe",
    by: User | None = None,
) -> Person:
    """Make a person known. `by` is None when the person registers itself."""
    person = Person(
        given_names=given_names.strip(),
        surnames=surnames.strip(),
        email=email.strip().lower(),
        phone=phone,
        document_type=document_type if document_number else "",
        document_number=document_number,
        language=language,
        created_at=clock.now(),
    )
    fill_search(person)
    person.save(force_insert=True)
    trail.record("accounts.person_registered", person, by=by, name=person.name)
    return person


@action
def create_user(
    *, person: Person, email: str, password: str | None = None, verified: bool = False, by: User | None = None
) -> User:
    """Let a person sign in with `email`; without a password it must be invited to choose one.

    Raises EmailTaken. `verified` only when somebody has proved that the address is the person's.
    """
    address = email.strip().lower()
    taken = User.objects.filter(email=address).exists()
    taken = taken or EmailAddress.objects.filter(email=address, verified=True).exists()
    require(not taken, else_=EmailTaken())
    user = User(person=person, email=address, created_at=clock.now())
    user.set_password(password)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    trail.record("accounts.user_created", user, by=by, email=address)
    return user
