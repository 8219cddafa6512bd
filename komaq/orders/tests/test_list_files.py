"""The office's lists to take away as XLSX: the same columns and rows as the CSV, every cell text."""

import csv
import io

import pytest
from django.urls import reverse

from komaq.core import sheets
from komaq.core.lists import bare_cell

LISTS = ["customers:export", "fleet:export", "orders:export", "accounts:people-export"]


@pytest.fixture
def take(sign_in, gina, tmp_path):
    """`take(address)` gives the lines of the list as CSV and as XLSX."""

    def get(name):
        page = sign_in(gina)
        text = b"".join(page.get(reverse(name)).streaming_content).decode("utf-8-sig")
        answer = page.get(reverse(name), {"format": "xlsx"})
        assert answer["Content-Type"] == sheets.XLSX
        assert answer["Content-Disposition"].endswith('.xlsx"')
        path = tmp_path / "lista.xlsx"
        path.write_bytes(b"".join(answer.streaming_content))
        return list(csv.reader(io.StringIO(text))), [line.cells for line in sheets.lines_of(path)]

    return get


@pytest.mark.parametrize("name", LISTS)
def test_both_files_say_the_same(take, name, andinos, cat336, tito):
    text, book = take(name)
    width = len(text[0])
    assert [[*cells, *[""] * width][:width] for cells in book] == text


def test_no_cell_of_a_list_is_a_formula(take, andinos):
    andinos.name = "=1+1"
    andinos.save()
    _text, book = take("customers:export")
    assert "'=1+1" in book[1]
    assert "=1+1" in [bare_cell(cell) for cell in book[1]]
