"""What this room writes to people. Letters about an account; news of the work belongs to comms."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from komaq.accounts import queries
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey, User

BUTTON = re.compile(r"(?P<label>[^\n:]+):\s+(?P<url>https?://\S+)")


@dataclass(frozen=True)
class Letter:
    """An e-mail ready to be queued."""

    subject: str
    text: str
    html: str


def letter(template: str, *, language: str, **context: Any) -> Letter:
    """The letter `template` in a language. A paragraph "Deed: address" becomes a button in its HTML."""
    with translation.override(language):
        context = {**context, "site_url": settings.SITE_URL}
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = render_to_string(f"{template}_message.txt", context).strip()
        return Letter(subject, f"{text}\n", _html(subject, text))


def _html(subject: str, text: str) -> str:
    parts = []
    for paragraph in re.split(r"\n\s*\n", text):
        button = BUTTON.fullmatch(paragraph.strip())
        parts.append(button.groupdict() if button else {"text": paragraph.strip()})
    return render_to_string("accounts/letter.html", {"subject": subject, "parts": parts})


def invitation(user: User, *, by_name: str) -> Letter:
    """To somebody new: choose a password and come in."""
    return letter(
        "accounts/letters/invitation",
        language=user.person.language,
        name=user.person.given_names,
        by_name=by_name,
        email=user.email,
        url=f"{settings.SITE_URL}{queries.set_password_path(user)}",
    )


def password_reset(user: User) -> Letter:
    """To whoever forgot the password."""
    return letter(
        "accounts/letters/password_reset",
        language=user.person.language,
        name=user.person.given_names,
        url=f"{settings.SITE_URL}{queries.set_password_path(user)}",
    )


def key_made(key: AccessKey, *, by_operator: bool) -> Letter:
    """To the holder of a new key, who may not be the one that made it. It never tells the secret."""
    return letter(
        "accounts/letters/key_made",
        language=key.user.person.language,
        name=key.user.person.given_names,
        key=key,
        is_calendar=key.purpose == KeyPurpose.CALENDAR,
        by_operator=by_operator,
        url=f"{settings.SITE_URL}{reverse('accounts:keys')}",
    )
