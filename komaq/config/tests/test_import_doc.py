"""docs/import.md lists the columns as they are."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from komaq.core import registry

PAGE = Path(__file__).parents[3] / "docs" / "import.md"
KINDS = ("customers", "contacts", "machines", "employees", "parts", "stock", "suppliers", "supplier-prices")


def row_of(column):
    values = ", ".join(str(label) for _code, label in column.choices) or (
        f"`{column.example}`" if column.example else ""
    )
    note = "; ".join(filter(None, [values, column.hint]))
    return f"| {column.label} | `{column.name}` | {'yes' if column.required else ''} | {note} |"


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_lists_the_columns_of_each_kind(kind):
    title = kind.replace("-", " ").capitalize()
    section = re.search(rf"## {title}\n(.*?)(\n## |\Z)", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    with translation.override("es-pe"):
        rows = [row_of(column) for column in registry.sheets[kind].columns]
    assert [line for line in section.splitlines() if line.startswith("|")][2:] == rows


def test_every_list_that_goes_in_and_out_is_on_the_page():
    assert set(registry.sheets) == set(KINDS)
