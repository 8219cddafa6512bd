"""The one place that reads the environment. Every name is described in docs/environment.md."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
NAMES = {}


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default its absence stops the start."""
    NAMES[name] = default
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name}; docs/environment.md says what it is.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value in {"yes", "true", "1"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path, *, private: bool = False) -> Path:
    """A folder, made when it is missing; a private one for its owner alone."""
    path = Path(text(name, str(default))).expanduser()
    path.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
    return path


def secret(name: str, keep_in: Path) -> str:
    """The value of `name`, else one made at the first start and kept in a file only its owner reads."""
    NAMES[name] = ""
    if value := os.environ.get(name):
        return value
    if not keep_in.exists():
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(keep_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return keep_in.read_text().strip()
