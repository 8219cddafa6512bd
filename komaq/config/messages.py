"""Keeps the Spanish files of the rooms complete, and compiles them, without GNU gettext.

python -m komaq.config.messages orders fleet   adds the strings that are missing in these rooms' files
python -m komaq.config.messages --compile      writes the binary files of all rooms
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOMS = Path(__file__).resolve().parents[1]
LANGUAGE = "es"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
HEADER = """msgid ""
msgstr ""
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CALL = re.compile(rf"\b(_|n?p?gettext)\(({STRING}(?:,\s*{STRING})*)(?:,\s*count)?\)")


@dataclass(frozen=True)
class Text:
    """A string to translate: its identity, its context and where it stands."""

    id: str | tuple[str, str]
    context: str | None
    place: str


def texts_of(room: str) -> Iterator[Text]:
    """Every string that a room's code and pages show to people."""
    folder = ROOMS / room
    for path in sorted(folder.rglob("*.py")):
        if not {"migrations", "tests"} & set(path.relative_to(folder).parts):
            yield from _of_python(path)
    for path in sorted((folder / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from _of_template(path)


def _of_python(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
            yield Text(message, context, f"{path.relative_to(ROOMS)}:{line}")


def _of_template(path: Path) -> Iterator[Text]:
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in CALL.finditer(source):
        parts = [ast.literal_eval(part) for part in re.findall(STRING, found[2])]
        context = parts.pop(0) if "p" in found[1].removesuffix("gettext") else None
        line = source.count("\n", 0, found.start()) + 1
        yield Text(tuple(parts) if len(parts) == 2 else parts[0], context, f"{path.relative_to(ROOMS)}:{line}")


def rooms() -> list[str]:
    return sorted(path.parent.name for path in ROOMS.glob("*/apps.py"))


def file_of(room: str) -> Path:
    return ROOMS / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalog_of(room: str) -> Catalog:
    path = file_of(room)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def gaps_in(room: str) -> list[str]:
    """The strings of a room without a sound Spanish text, with their place."""
    catalog = catalog_of(room)
    faults = []
    for text in texts_of(room):
        if not text.id:
            continue
        message = catalog.get(text.id, context=text.context)
        if message is None or not _is_translated(message):
            faults.append(f"{text.place}: {text.id}")
        elif not _keeps_placeholders(message):
            faults.append(f"{text.place}: {text.id}: other placeholders")
    return faults


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts) and not message.fuzzy and message.pluralizable == isinstance(message.string, tuple)


def _keeps_placeholders(message: Message) -> bool:
    """The Spanish text names what the English one does; a plural form may leave its number out."""
    if isinstance(message.string, tuple):
        return all(set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(message.id[1])) for text in message.string)
    return set(PLACEHOLDER.findall(message.id)) == set(PLACEHOLDER.findall(message.string))


def add_missing(room: str) -> int:
    """Write a room's file anew with its missing strings; what is used no more is kept aside. How many lack a text."""
    catalog = catalog_of(room)
    wanted = {(text.context, _key(text.id)): text for text in texts_of(room) if text.id}
    known = {(message.context, _key(message.id)): message for message in [*catalog.obsolete.values(), *catalog]}
    fresh = Catalog(locale=LANGUAGE)
    for identity, text in wanted.items():
        old = known.get(identity)
        keep = old.string if old and old.pluralizable == isinstance(text.id, tuple) else None
        fresh.add(text.id, keep, flags=old.flags if old else (), context=text.context)
    for identity, old in known.items():
        if old.id and identity not in wanted and (old.string if isinstance(old.string, str) else any(old.string)):
            fresh.obsolete[old.id if old.context is None else (old.id, old.context)] = old
    out = BytesIO()
    write_po(out, fresh, width=110, omit_header=True)
    file_of(room).parent.mkdir(parents=True, exist_ok=True)
    file_of(room).write_bytes(HEADER.encode() + out.getvalue())
    return sum(not _is_translated(message) for message in fresh if message.id)


def _key(identity: str | tuple[str, str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def compile_all() -> int:
    """Write the binary file of each room whose text file is newer; how many were written."""
    count = 0
    for room in rooms():
        source, target = file_of(room), file_of(room).with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            out = BytesIO()
            write_mo(out, catalog_of(room))
            beside = target.with_suffix(f".{os.getpid()}")
            beside.write_bytes(out.getvalue())
            beside.replace(target)
            count += 1
    return count


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m komaq.config.messages", description=__doc__)
    parser.add_argument("rooms", nargs="*", choices=[[], *rooms()], metavar="ROOM", help="for example: orders")
    parser.add_argument("--compile", action="store_true", help="write the binary files of all rooms")
    given = parser.parse_args(arguments)
    for room in given.rooms:
        lacking = add_missing(room)
        sys.stdout.write(f"{file_of(room).relative_to(ROOMS.parent)}: {lacking} without Spanish text\n")
    if given.compile:
        sys.stdout.write(f"{compile_all()} translation files compiled\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
