"""Lists as files: CSV and XLSX read line by line within bounds, written as plain text, whatever their size."""

import codecs
import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from komaq.core import xlsx
from komaq.core.lists import csv_response, safe_cell
from komaq.core.registry import Column
from komaq.core.xlsx import MOST_COLUMNS, Unreadable

TEXT_ENDINGS = {".csv", ".tsv", ".txt"}
FORMATS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 100 * 2**20
LONGEST_LINE = 2**20
BLOCK = 2**16
HEAD = 2**16
SEPARATORS = ",;\t"
ENCODINGS = ("utf-8-sig", "cp1252")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Line:
    """A line of a file: where it begins, counted from 1, and its cells."""

    number: int
    cells: list[str]


def lines_of(path: Path, tell: Tell = lambda done, size: None) -> Iterator[Line]:
    """The lines of a CSV or XLSX that hold something; `tell(done, all)` hears of bytes. Raises Unreadable."""
    _check(path)
    try:
        rows = xlsx.rows_of(path, tell) if path.suffix.lower() == ".xlsx" else _csv_rows(path, tell)
        for number, cells in rows:
            if any(cell.strip() for cell in cells):
                yield Line(number, cells)
    except OSError as error:
        raise Unreadable(_("%(path)s cannot be read.") % {"path": path}) from error


def _check(path: Path) -> None:
    try:
        found, size = path.is_file(), path.stat().st_size if path.exists() else 0
    except (OSError, ValueError) as error:
        raise Unreadable(_("%(path)s cannot be read.") % {"path": path}) from error
    ending = path.suffix.lower()
    if not found:
        raise Unreadable(_("There is no file %(path)s.") % {"path": path})
    if ending not in {*TEXT_ENDINGS, ".xlsx"}:
        raise Unreadable(_("%(path)s is neither CSV nor XLSX. Save it as one of them.") % {"path": path})
    if size == 0:
        raise Unreadable(_("%(path)s is empty.") % {"path": path})
    if size > LARGEST:
        raise Unreadable(_("%(path)s is larger than %(most)s MB. Divide it.") % {"path": path, "most": LARGEST >> 20})


def _csv_rows(path: Path, tell: Tell) -> Iterator[tuple[int, list[str]]]:
    encoding, size = _encoding(path), path.stat().st_size
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        skipped = _skip_hint(text)
        start = text.tell()
        separator = _separator(text.read(HEAD))
        text.seek(start)
        reader = csv.reader(_bounded(text, lambda: tell(raw.tell(), size)), delimiter=separator, strict=True)
        before = 0
        try:
            for cells in reader:
                if len(cells) > MOST_COLUMNS:
                    words = _("The sheet has more than %(most)s columns. Delete those that are not needed.")
                    raise Unreadable(words % {"most": MOST_COLUMNS})
                yield skipped + before + 1, cells
                before = reader.line_num
        except csv.Error as error:
            words = _("Line %(line)s cannot be read: its quotation marks do not close, or a cell is too long.")
            raise Unreadable(words % {"line": skipped + before + 1}) from error


def _encoding(path: Path) -> str:
    """UTF-8, or what Windows writes in western Europe and America. Raises Unreadable for anything else."""
    with path.open("rb") as file:
        foreign = file.read(4).startswith((*UTF_16, b"PK\x03\x04"))
    found = next((name for name in ENCODINGS if not foreign and _reads(path, name)), None)
    if found is None:
        raise Unreadable(_("%(path)s is no CSV in UTF-8 or Latin 1. Save it as “CSV UTF-8”.") % {"path": path})
    return found


def _reads(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                if b"\0" in block:
                    return False
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _skip_hint(text: io.TextIOWrapper) -> int:
    """How many lines say only which separator follows: some spreadsheets write `sep=;`."""
    if re.fullmatch(r"sep=.\r?\n?", text.readline(20), re.IGNORECASE):
        return 1
    text.seek(0)
    return 0


def _separator(head: str) -> str:
    """What stands most often in the header, outside of quotation marks."""
    header = re.sub(r'"[^"]*"', "", head).lstrip("\r\n").partition("\n")[0]
    return max(SEPARATORS, key=header.count)


def _bounded(text: TextIO, tell: Callable[[], None]) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Unreadable(_("Line %(line)s is too long.") % {"line": number})
        if number % 50 == 0:
            tell()
        yield line


@contextmanager
def _in_place_of(path: Path) -> Iterator[Any]:
    """A file beside `path` that takes its place when all went well; only its owner may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_file(path: Path, form: str, columns: tuple[Column, ...], rows: Iterable[dict]) -> int:
    """Write things to a file, whole or not at all; how many. Raises Unreadable where it cannot be written."""
    try:
        with _in_place_of(path) as file:
            if form == "xlsx":
                return write_xlsx(file, *_table(columns, rows))
            with io.TextIOWrapper(file, "utf-8", newline="", write_through=True) as text:
                return write_text(text, form, columns, rows)
    except OSError as error:
        raise Unreadable(_("%(path)s cannot be written.") % {"path": path}) from error


def write_text(file: TextIO, form: str, columns: tuple[Column, ...], rows: Iterable[dict]) -> int:
    """Write things as CSV with labels, or as a JSON list of objects with codes; how many."""
    return _write_json(file, columns, rows) if form == "json" else _write_csv(file, *_table(columns, rows))


def _table(columns: tuple[Column, ...], rows: Iterable[dict]) -> tuple[list[str], Iterator[list]]:
    words = {column.name: dict(column.choices) for column in columns}
    lines = ([words[each.name].get(row[each.name], row[each.name]) for each in columns] for row in rows)
    return [str(column.label) for column in columns], lines


def _write_csv(file: TextIO, header: list[str], lines: Iterable[list]) -> int:
    file.write("\ufeff")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(cell) for cell in header])
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007  the count is what is given back
        writer.writerow([safe_cell(cell) for cell in line])
    return count


def write_xlsx(file: Any, header: list[str], lines: Iterable[list]) -> int:
    """Write a table whose every cell is text; how many lines."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"

    def cell(value: object) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, xlsx.escape(safe_cell(value)))
        made.data_type = "s"
        return made

    sheet.append([cell(each) for each in header])
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007  the count is what is given back
        sheet.append([cell(each) for each in line])
    book.save(file)
    return count


def table_response(http: HttpRequest, name: str, header: list[str], lines: Iterator[list]) -> HttpResponseBase:
    """A list to take away: CSV as it is read or, with `?format=xlsx`, XLSX from a file that goes with the answer."""
    if http.GET.get("format") != "xlsx":
        return csv_response(name, header, lines)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    write_xlsx(file, header, lines)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _write_json(file: TextIO, columns: tuple[Column, ...], rows: Iterable[dict]) -> int:
    count = 0
    file.write("[")
    for row in rows:
        facts = {column.name: row[column.name] for column in columns}
        file.write(",\n" if count else "\n")
        file.write(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False))
        count += 1
    file.write("\n]\n")
    return count
