"""Files of lists: CSV and XLSX from anywhere are read within bounds, and what we write comes back as it was."""

import datetime
import resource
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from komaq.core import sheets, xlsx
from komaq.core.lists import FORMULA, bare_cell, safe_cell
from komaq.core.registry import Column
from komaq.core.xlsx import Flaw, Unreadable

COLUMNS = (Column("a", "A"), Column("b", "B"), Column("c", "C"))
WRITABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NASTY = st.one_of(WRITABLE, st.builds("{}{}".format, st.sampled_from(["'", "''", *FORMULA]), WRITABLE))
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>'
    '<Relationship Id="rId3" Type="http://x/externalLink" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
    "</Relationships>"
)
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>uno</t></si></sst>'


def cells_of(path):
    return [line.cells for line in sheets.lines_of(path)]


@pytest.fixture
def csv_file(tmp_path):
    def write(content, name="lista.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def xlsx_file(tmp_path):
    """An archive with hand-written parts; `cells` are the rows' XML."""

    def write(cells="", **parts):
        path = tmp_path / "lista.xlsx"
        whole = {
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELATIONS,
            "xl/sharedStrings.xml": STRINGS,
            "xl/worksheets/sheet1.xml": SHEET.format(cells),
            **parts,
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in whole.items():
                if text is not None:
                    archive.writestr(name, text)
        return path

    return write


@pytest.fixture
def book_file(tmp_path):
    """A file as a spreadsheet saves it."""

    def write(*rows):
        path = tmp_path / "libro.xlsx"
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path

    return write


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_is_understood(csv_file, separator):
    path = csv_file(f'RUC{separator}"Nombre, o razón; social"\r\n1{separator}"ñ"\r\n')
    assert cells_of(path) == [["RUC", "Nombre, o razón; social"], ["1", "ñ"]]


def test_the_hint_of_a_separator_is_no_line(csv_file):
    assert [(line.number, line.cells) for line in sheets.lines_of(csv_file("sep=;\r\na;b\r\n1;2\r\n"))] == [
        (2, ["a", "b"]),
        (3, ["1", "2"]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_accents_survive_each_encoding(csv_file, encoding):
    assert cells_of(csv_file("Razón,Año\nMuñoz,2024\n".encode(encoding))) == [["Razón", "Año"], ["Muñoz", "2024"]]


@pytest.mark.parametrize(
    "content",
    ["Razón\nx\n".encode("utf-16"), "Razón\nx\n".encode("utf-16-le"), b"a\nb\0c\n", b"PK\x03\x04zip", b"a\n\x81\n"],
    ids=["utf-16", "utf-16 without mark", "nul", "a zip named csv", "no text"],
)
def test_what_is_no_text_is_refused(csv_file, content):
    with pytest.raises(Unreadable):
        cells_of(csv_file(content))


def test_lines_are_counted_as_they_begin_in_the_file(csv_file):
    path = csv_file('a,b\n"dos\nlíneas",1\n\n,,\nc,2\n')
    assert [line.number for line in sheets.lines_of(path)] == [1, 2, 6]
    assert cells_of(path)[1] == ["dos\nlíneas", "1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('a,b\n1,2\n"nunca cierra,2\n', "3"),
        ('a,b\n"x"y,2\n', "2"),
        ("a,b\n" + "x" * 200_000 + ",1\n", "2"),
        ("a,b\n" + "x" * 10_000_000 + ",1\n", "2"),
        (",".join(["a"] * 1_000_000) + "\n", "1"),
        (",".join(["a"] * 300) + "\n", "200"),
    ],
    ids=["open quote", "text after a quote", "long cell", "ten megabytes", "a million columns", "300 columns"],
)
def test_hostile_csv_is_refused_in_a_sentence(csv_file, content, said):
    with pytest.raises(Unreadable, match=said):
        cells_of(csv_file(content))


def test_what_is_no_file_is_refused(tmp_path, csv_file):
    for path in (
        tmp_path,
        tmp_path / "no.csv",
        Path("/dev/zero"),
        Path("a\0b.csv"),
        csv_file("a\n", "x.xls"),
        csv_file(""),
    ):
        with pytest.raises(Unreadable):
            cells_of(path)


def test_a_spreadsheet_gives_its_values_as_texts(book_file):
    day, moment = datetime.date(2026, 12, 1), datetime.datetime(2026, 11, 24, 7, 42)  # noqa: DTZ001
    path = book_file(["x", None, 20131312955, 12486.5, day, moment, True, " y\nz "])
    assert cells_of(path) == [
        ["x", "", "20131312955", "12486.5", "2026-12-01", "2026-11-24T07:42:00", "TRUE", " y\nz "]
    ]


def test_formulas_and_errors_are_named_and_never_read(book_file):
    (cells,) = cells_of(book_file(["=1+1", "#N/A", '=HYPERLINK("http://127.0.0.1:9")', "texto"]))
    assert [isinstance(cell, Flaw) for cell in cells] == [True, True, True, False]


@pytest.mark.parametrize(
    "parts",
    [
        {
            "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]>'
            + SHEET.format("<row><c t='str'><v>&a;</v></c></row>")
        },
        {"xl/sharedStrings.xml": '<?xml version="1.0"?><!DOCTYPE sst SYSTEM "file:///etc/passwd">' + STRINGS},
        {"xl/workbook.xml": ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w>' + BOOK).encode("utf-16")},
        {"xl/_rels/workbook.xml.rels": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>' + RELATIONS},
    ],
    ids=["entity", "external", "utf-16", "parameter entity"],
)
def test_a_document_type_is_refused_in_every_part(xlsx_file, parts):
    with pytest.raises(Unreadable, match=r"DTD|document type|tipo de documento"):
        cells_of(xlsx_file("<row><c t='s'><v>0</v></c></row>", **parts))


@pytest.mark.parametrize(
    "cells",
    [
        "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>",
        "<row><c r='XFD1'><v>1</v></c></row>",
        "<row><c t='str'><v>" + "x" * 10_000_000 + "</v></c></row>",
        "<row><c t='inlineStr'><is><t>" + "x" * 40_000 + "</t></is></c></row>",
        "<row><c t='s'><v>no</v></c></row>",
        "<row><c t='n'><v>no</v></c></row>",
        "<row><c r='A1",
        "<row r='x'><c/></row>",
    ],
    ids=["a million columns", "far right", "ten megabytes", "long", "no string", "no number", "cut off", "no row"],
)
def test_hostile_cells_are_refused_in_a_sentence(xlsx_file, cells):
    with pytest.raises(Unreadable):
        cells_of(xlsx_file(cells))


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_file_without_its_parts_is_refused(xlsx_file, missing):
    with pytest.raises(Unreadable):
        cells_of(xlsx_file(**{missing: None}))


def test_a_broken_reference_is_a_flaw_of_its_cell(xlsx_file):
    (cells,) = cells_of(xlsx_file("<row><c t='s'><v>0</v></c><c t='s'><v>7</v></c></row>"))
    assert cells[0] == "uno"
    assert isinstance(cells[1], Flaw)


def bomb(path, size, packing):
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _each in range(size):
                part.write(b" " * 2**20)


@pytest.mark.parametrize(
    ("megabytes", "packing"), [(30, zipfile.ZIP_DEFLATED), (65, zipfile.ZIP_STORED)], ids=["tight", "large"]
)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, megabytes, packing):
    path = tmp_path / "bomba.xlsx"
    bomb(path, megabytes, packing)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(Unreadable, match=r"[Uu]npacked|Descomprimido"):
        cells_of(path)
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_a_directory_of_endless_parts_is_refused_unread(tmp_path):
    path = tmp_path / "muchas.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"{number}", "")
    with pytest.raises(Unreadable, match=r"parts|partes"):
        cells_of(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_spreadsheet_never_breaks_us(xlsx_file, damage):
    path = xlsx_file("<row r='1'><c r='A1' t='s'><v>0</v></c><c><v>12.5</v></c></row>")
    content = bytearray(path.read_bytes())
    for place, byte in damage:
        content[int(place * len(content))] = byte
    path.write_bytes(content)
    try:
        cells_of(path)
    except Unreadable:
        return


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(NASTY, NASTY), max_size=4))
@example(rows=[(f"{sign}1+1", f"'{sign}1") for sign in FORMULA])
@example(rows=[("_x000D_", "a\rb\x07_x005F_")])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_we_write_comes_back_as_it_was(tmp_path, form, rows):
    path = tmp_path / f"ida.{form}"
    sheets.write_file(path, form, COLUMNS, [{"a": "fila", "b": b, "c": c} for b, c in rows])
    lines = [[*line.cells, "", ""][:3] for line in sheets.lines_of(path)][1:]
    assert [tuple(map(bare_cell, cells[1:])) for cells in lines] == rows
    assert not any(cell.startswith(FORMULA) for cells in lines for cell in cells)


@given(NASTY)
def test_a_cell_made_safe_and_bare_again_is_the_same(text):
    assert bare_cell(safe_cell(text)) == text


def test_a_file_is_whole_or_the_one_before(tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text("antes")

    def rows():
        yield {"a": 1, "b": 2, "c": 3}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sheets.write_file(path, "csv", COLUMNS, rows())
    assert path.read_text() == "antes"
    assert [each.name for each in tmp_path.iterdir()] == ["lista.csv"]


def test_only_its_owner_reads_what_was_written(tmp_path):
    path = tmp_path / "lista.json"
    sheets.write_file(path, "json", COLUMNS, [{"a": "=1", "b": None, "c": "ñ"}])
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_text() == '[\n{"a": "=1", "b": null, "c": "ñ"}\n]\n'


@pytest.mark.parametrize("where", ["no/such/folder.csv", "."])
def test_where_nothing_can_be_written_is_said(tmp_path, where):
    with pytest.raises(Unreadable):
        sheets.write_file(tmp_path / where, "csv", COLUMNS, [])


def test_signs_xml_cannot_hold_come_back():
    assert xlsx.unescape(xlsx.escape("a\r\x00_x0041_\x1f")) == "a\r\x00_x0041_\x1f"
    assert xlsx.unescape("_xD800_") == "_xD800_"
