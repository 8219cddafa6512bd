"""The first sheet of an XLSX file from anywhere, row by row: bounded before it is unpacked, never evaluated.

Only the five parts that hold cells are opened; links, macros, drawings and other sheets are left alone.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

MOST_COLUMNS = 200
LONGEST_CELL = 32_767
MOST_UNPACKED = 64 * 2**20
MOST_RATIO = 100
SUSPICIOUS = 2**20
MOST_DIRECTORY = 2**18
MOST_STRINGS = 1_000_000
MOST_STYLES = 65_490
BLOCK = 2**16
BROKEN = (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


class Unreadable(Exception):
    """The file as a whole cannot be taken; the message says what to do."""


class Flaw(str):
    """A cell that cannot be taken; its text is the reason."""

    __slots__ = ()


class _Part:
    """One part of the archive: `opened` and `closed` hear of its elements by their local names."""

    def __init__(self) -> None:
        self.text: list[str] | None = None
        self.length = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None: ...

    def closed(self, tag: str) -> None: ...

    def listen(self) -> None:
        self.text, self.length = [], 0

    def heard(self) -> str:
        said, self.text = "".join(self.text or ()), None
        return said

    def _said(self, data: str) -> None:
        if self.text is None:
            return
        self.length += len(data)
        if self.length > LONGEST_CELL:
            raise Unreadable(_("A cell holds more than %(most)s characters.") % {"most": LONGEST_CELL})
        self.text.append(data)

    def feed(self, archive: zipfile.ZipFile, name: str, tell: Callable[[int], None] | None = None) -> Iterator[None]:
        """Hear the part block by block. Raises Unreadable."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda tag, facts: self.opened(
            _local(tag), {_local(k): v for k, v in facts.items()}
        )
        parser.EndElementHandler = lambda tag: self.closed(_local(tag))
        parser.CharacterDataHandler = self._said
        with archive.open(name) as part:
            while block := part.read(BLOCK):
                parser.Parse(block, False)
                if tell:
                    tell(part.tell())
                yield
            parser.Parse(b"", True)
            yield

    def hear(self, archive: zipfile.ZipFile, name: str) -> None:
        for _block in self.feed(archive, name):
            pass


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(*_facts: Any) -> None:
    raise Unreadable(
        _("The file holds a document type declaration, which no spreadsheet needs. Save it again as XLSX.")
    )


class _Workbook(_Part):
    """Which sheets there are, and from which year days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.epoch = CALENDAR_WINDOWS_1900

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            self.sheets.append(attributes.get("id", ""))
        elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.epoch = CALENDAR_MAC_1904


class _Relations(_Part):
    """Where the parts of a workbook lie inside the archive."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
        self.targets[attributes.get("Id", "")] = target
        self.kinds[attributes.get("Type", "").rpartition("/")[2]] = target


class _Strings(_Part):
    """The texts that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self.pieces: list[str] = []
        self.spoken = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.pieces = []
        elif tag == "rPh":
            self.spoken = True
        elif tag == "t" and not self.spoken:
            self.listen()

    def closed(self, tag: str) -> None:
        if tag == "t" and not self.spoken:
            self.pieces.append(self.heard())
        elif tag == "rPh":
            self.spoken = False
        elif tag == "si":
            if len(self.strings) >= MOST_STRINGS:
                raise Unreadable(_("The file holds too many texts. Divide it."))
            self.strings.append(unescape("".join(self.pieces)))


class _Styles(_Part):
    """Which styles show a number as a date."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = dict(BUILTIN_FORMATS)
        self.inside = False
        self.days: list[bool] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:255]
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            if len(self.days) >= MOST_STYLES:
                raise Unreadable(_("The file holds too many cell styles. Copy the values to a new file."))
            self.days.append(is_date_format(self.formats.get(int(attributes.get("numFmtId", 0)))))

    def closed(self, tag: str) -> None:
        self.inside = self.inside and tag != "cellXfs"


class _Cells(_Part):
    """The rows of a sheet as they come."""

    def __init__(self, strings: list[str], days: list[bool], epoch: Any) -> None:
        super().__init__()
        self.strings, self.days, self.epoch = strings, days, epoch
        self.ready: list[tuple[int, list[str]]] = []
        self.number = 0
        self.row: list[str] = []
        self.kind, self.style, self.column = "n", 0, 0
        self.value: str | None = None
        self.pieces: list[str] = []
        self.formula = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.row = []
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else len(self.row)
            if self.column >= MOST_COLUMNS:
                words = _("The sheet has more than %(most)s columns. Delete those that are not needed.")
                raise Unreadable(words % {"most": MOST_COLUMNS})
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.value, self.pieces, self.formula = None, [], False
        elif tag == "f":
            self.formula = True
        elif tag in {"v", "t"}:
            self.listen()

    def closed(self, tag: str) -> None:
        if tag == "v":
            self.value = self.heard()
        elif tag == "t":
            self.pieces.append(self.heard())
        elif tag == "c":
            self.row.extend([""] * (self.column - len(self.row)))
            self.row.append(self._cell())
        elif tag == "row":
            self.ready.append((self.number, self.row))

    def _cell(self) -> str:
        if self.formula:
            return Flaw(_("The cell holds a formula. Paste its value instead."))
        if self.kind == "inlineStr":
            return unescape("".join(self.pieces))
        if not self.value:
            return ""
        return self._typed(self.value)

    def _typed(self, value: str) -> str:
        if self.kind == "s":
            return self.strings[int(value)] if int(value) < len(self.strings) else Flaw(_("The cell is broken."))
        if self.kind == "e":
            return Flaw(_("The cell holds an error: %(error)s.") % {"error": value[:20]})
        if self.kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self.kind == "n":
            return self._number(value)
        return unescape(value)

    def _number(self, value: str) -> str:
        number = float(value)
        if self.style < len(self.days) and self.days[self.style]:
            return _moment(number, self.epoch)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)

    def take(self) -> list[tuple[int, list[str]]]:
        rows, self.ready = self.ready, []
        return rows


def _moment(number: float, epoch: Any) -> str:
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError):
        return Flaw(_("The cell holds a date that does not exist."))
    text = moment.isoformat()
    return text.removesuffix("T00:00:00")


def _column(reference: str) -> int:
    index = 0
    for letter in re.sub("[^A-Z]", "", reference[:10].upper()):
        index = index * 26 + ord(letter) - 64
    return index - 1


def unescape(text: str) -> str:
    """Characters that XML cannot hold, as the format writes them: _x000D_."""
    return re.sub("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def escape(text: str) -> str:
    """The other way: what XML cannot hold, and what looks like such a sign."""
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


def rows_of(path: Path, tell: Callable[[int, int], None]) -> Iterator[tuple[int, list[str]]]:
    """The number and cells of each row of the first visible sheet; `tell(done, all)` hears of bytes.

    Cells are texts: whole numbers without a point, dates as ISO, a Flaw for a formula or an error. Raises Unreadable.
    """
    try:
        with path.open("rb") as file:
            _check_directory(file, path.stat().st_size)
            with zipfile.ZipFile(file) as archive:
                _check_parts(archive)
                yield from _rows(archive, tell)
    except BROKEN as error:
        raise Unreadable(_("This is not a sound XLSX file. Open it in your spreadsheet and save it again.")) from error


def _rows(archive: zipfile.ZipFile, tell: Callable[[int, int], None]) -> Iterator[tuple[int, list[str]]]:
    book, relations, strings, styles = _Workbook(), _Relations(), _Strings(), _Styles()
    book.hear(archive, "xl/workbook.xml")
    relations.hear(archive, "xl/_rels/workbook.xml.rels")
    if "sharedStrings" in relations.kinds:
        strings.hear(archive, relations.kinds["sharedStrings"])
    if "styles" in relations.kinds:
        styles.hear(archive, relations.kinds["styles"])
    if not book.sheets:
        raise Unreadable(_("The file has no sheet."))
    name = relations.targets[book.sheets[0]]
    size = archive.getinfo(name).file_size
    cells = _Cells(strings.strings, styles.days, book.epoch)
    for _block in cells.feed(archive, name, lambda done: tell(done, size)):
        yield from cells.take()


def _check_directory(file: io.BufferedReader, size: int) -> None:
    """The list of parts is read as a whole: bound it before."""
    tail = min(size, 65_557)
    file.seek(size - tail)
    end = file.read(tail)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) - at < 22:
        raise zipfile.BadZipFile
    if (
        end[max(at - 20, 0) : at].startswith(b"PK\x06\x07")
        or struct.unpack_from("<L", end, at + 12)[0] > MOST_DIRECTORY
    ):
        raise Unreadable(_("The file holds too many parts to be a spreadsheet."))
    file.seek(0)


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    packed_tight = any(
        part.file_size > SUSPICIOUS and part.file_size > MOST_RATIO * part.compress_size for part in parts
    )
    if packed_tight or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(_("Unpacked, the file would be too large. Divide it, or save it as CSV."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The file is protected by a password. Save it without one."))
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise zipfile.BadZipFile
