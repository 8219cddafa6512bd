"""A list comes in as a whole: every row through the form and the action of the pages, all of them or none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from komaq.core.action import action
from komaq.core.lists import bare_cell
from komaq.core.refusals import Refusal
from komaq.core.registry import Column, Sheet
from komaq.core.search import fold
from komaq.core.sheets import Line, Tell, lines_of
from komaq.core.xlsx import Flaw, Unreadable

MOST_FAULTS = 200
IGNORE = "-"
LANGUAGES = ("es-pe", "en")
SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


@dataclass
class Report:
    """What came of a file: `rows` read, the first faults in words and how many there are in all."""

    rows: int = 0
    faults: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, heading: str, reason: object) -> None:
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            words = _("line %(line)s, column %(column)s: %(reason)s") if heading else _("line %(line)s: %(reason)s")
            self.faults.append(str(words) % {"line": line, "column": heading, "reason": reason})


@dataclass(frozen=True)
class Header:
    """Which column of the file is which field; `headings` are the file's own words by field."""

    places: dict[int, Column]
    headings: dict[str, str]
    ignored: frozenset[int]
    width: int


@action
def load(*, sheet: Sheet, path: Path, by: Any, renamed: dict[str, str], dry_run: bool, tell: Tell) -> Report:
    """Add what a file lists, or nothing when a row is at fault or it is a rehearsal. Raises Unreadable."""
    report = Report()
    lines = lines_of(path, tell)
    first = next(lines, None)
    if first is None:
        raise Unreadable(_("%(path)s is empty.") % {"path": path})
    header = read_header(first, sheet.columns, renamed)
    make, seen = sheet.forms(by), {}
    for line in lines:
        report.rows += 1
        _take(sheet, make, header, line, seen, by, report)
    if not report.rows:
        raise Unreadable(_("The file has a header and nothing below it."))
    if report.count or dry_run:
        transaction.set_rollback(True)
    return report


def _take(
    sheet: Sheet, make: Callable, header: Header, line: Line, seen: dict[Any, int], by: Any, report: Report
) -> None:
    row = {}
    for name, value in _cells(header, line):
        if isinstance(value, Flaw):
            report.add(line.number, header.headings.get(name, name), value)
        row[name] = value
    if any(isinstance(value, Flaw) for value in row.values()):
        return
    form = make(row)
    if not form.is_valid():
        for name, reasons in form.errors.items():
            heading = header.headings.get(name) or next((str(c.label) for c in sheet.columns if c.name == name), "")
            report.add(line.number, heading, " ".join(map(str, reasons)))
        return
    first = seen.setdefault(sheet.key(form.cleaned_data), line.number)
    if first != line.number:
        report.add(line.number, "", _("the same as line %(first)s.") % {"first": first})
        return
    try:
        sheet.add(form, by)
    except Refusal as refusal:
        report.add(line.number, header.headings.get(refusal.field or "", ""), refusal.message)


def read_header(line: Line, columns: tuple[Column, ...], renamed: dict[str, str]) -> Header:
    """Which column is which; `renamed` says so for headings we do not know. Raises Unreadable."""
    known = {name: column for column in columns for name in names_of(column)}
    wishes = {_plain(heading): _plain(name) for heading, name in renamed.items()}
    cells = [bare_cell(str(cell)).strip() for cell in line.cells]
    while cells and not cells[-1]:
        cells.pop()
    places, headings, ignored, unknown = {}, {}, set(), []
    for place, cell in enumerate(cells):
        name = wishes.pop(_plain(cell), _plain(cell)) if cell else ""
        column = known.get(name)
        if column is None:
            ignored.add(place)
            if cell and name != IGNORE:
                unknown.append(cell)
        elif column.name in headings:
            raise Unreadable(_("The column %(column)s stands twice in the header.") % {"column": cell})
        else:
            places[place], headings[column.name] = column, cell
    _check_header(columns, headings, unknown, list(wishes))
    empty = frozenset(place for place in ignored if not cells[place])
    return Header(places, headings, frozenset(ignored - empty), len(cells))


def _check_header(columns: tuple[Column, ...], headings: dict, unknown: list[str], left: list[str]) -> None:
    if left:
        raise Unreadable(_("There is no column %(columns)s in the file.") % {"columns": ", ".join(left)})
    if unknown:
        words = _(
            "Unknown columns: %(unknown)s. Known are: %(known)s. "
            "Name them with --map 'COLUMN=FIELD', or leave them out: 'COLUMN=-'."
        )
        names = ", ".join(str(column.label) for column in columns)
        raise Unreadable(words % {"unknown": ", ".join(each[:60] for each in unknown[:20]), "known": names})
    missing = [str(column.label) for column in columns if column.required and column.name not in headings]
    if missing:
        raise Unreadable(_("Missing columns: %(columns)s.") % {"columns": ", ".join(missing)})


def names_of(column: Column) -> set[str]:
    """What may head a column: its field, its label in every language, and other words for it."""
    return {_plain(text) for text in (column.name, *column.also, *_in_every_language(column.label))}


def _plain(text: str) -> str:
    return IGNORE if text.strip() == IGNORE else re.sub(r"[\W_]+", " ", fold(text).replace("ñ", "n")).strip()


def _in_every_language(label: object) -> Iterator[str]:
    for language in LANGUAGES:
        with translation.override(language):
            yield str(label)


def _cells(header: Header, line: Line) -> Iterator[tuple[str, str]]:
    """The texts of a row by field, each as forms expect it, or a Flaw."""
    for place, cell in enumerate(line.cells):
        if place in header.places:
            column = header.places[place]
            yield column.name, cell if isinstance(cell, Flaw) else clean(column, bare_cell(cell))
        elif cell.strip() and place not in header.ignored:
            yield "", Flaw(_("“%(cell)s” stands under no heading.") % {"cell": cell[:40]})


def clean(column: Column, text: str) -> str:
    """A cell as a form reads it: what spreadsheets do to numbers undone, labels as codes. A Flaw says why not."""
    text = text.strip(" \t\u00a0") if column.kind != "text" else text
    if column.choices and text.strip():
        return _code(column, text)
    if column.kind == "code":
        if SCIENTIFIC.fullmatch(text):
            return Flaw(_("the spreadsheet cut the number %(text)s: make the column text.") % {"text": text[:40]})
        return re.sub(r"^([0-9]{6,})[.,]0+$", r"\1", text)
    if column.kind == "number":
        return _number(text)
    return text


def _number(text: str) -> str:
    """1.234,5 and 1,234.5 as 1234.5; with one sign alone it is the decimal one."""
    if "," in text and "." in text:
        thousands = "," if text.rindex(",") < text.rindex(".") else "."
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    return re.sub(r"^(-?[0-9]+)\.0+$", r"\1", text)


def _code(column: Column, text: str) -> str:
    codes = {_plain(name): code for code, label in column.choices for name in (code, *_in_every_language(label))}
    known = codes.get(_plain(text))
    if known is None:
        labels = ", ".join(str(label) for _code, label in column.choices)
        return Flaw(_("“%(text)s” is none of: %(labels)s.") % {"text": text[:40], "labels": labels})
    return known


def and_more(report: Report) -> str:
    """The line after the last fault that is told."""
    return str(_("and %(count)s more") % {"count": report.count - len(report.faults)})


def nothing_written(report: Report) -> str:
    """The last line about a file with faults."""
    words = _("Rows read: %(rows)s. Faults: %(count)s. Nothing was written: correct them and import the file again.")
    return str(words % {"rows": report.rows, "count": report.count})


def done(report: Report, user: Any, *, dry_run: bool) -> str:
    """The last line about a sound file."""
    words = _("Rows read: %(rows)s. All are sound; nothing was written, because this is a rehearsal.")
    words = words if dry_run else _("Rows added: %(rows)s, in the name of %(name)s.")
    return str(words % {"rows": report.rows, "name": user.name})
