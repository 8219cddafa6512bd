"""Keyset lists: stable while rows are added, deaf to hostile addresses, exported without formulas."""

import base64
import json

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from komaq.core.lists import FORMULA, Sort, csv_response, page_of, safe_cell
from komaq.core.models import Sequence

pytestmark = pytest.mark.db

SORTS = {"name": Sort("prefix"), "newest": Sort("id", descending=True), "last": Sort("last")}


@pytest.fixture
def rows(db):
    Sequence.objects.bulk_create(Sequence(prefix=f"P{n:02d}", year=2026, last=n // 3) for n in range(10))
    return Sequence.objects.all()


def page(rows, query="", size=4):
    return page_of(rows, RequestFactory().get(f"/?{query}"), sorts=SORTS, size=size)


def walk(rows, sort, size=4, between=None):
    """The prefixes of all pages, with something happening between two pages."""
    seen, cursor = [], ""
    while True:
        found = page(rows, f"sort={sort}{cursor}", size)
        seen += [row.prefix for row in found.items]
        if not found.next:
            return seen
        cursor = f"&cursor={found.next}"
        if between:
            between()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 3, 4, 10, 50])
def test_each_row_comes_once_in_order(rows, sort, size):
    """Ties in the sort column are broken by the key."""
    column = SORTS[sort].column
    expected = rows.order_by(f"-{column}" if SORTS[sort].descending else column, "-id" if sort == "newest" else "id")
    assert walk(rows, sort, size) == [row.prefix for row in expected]


@pytest.mark.parametrize("sort", SORTS)
def test_rows_added_meanwhile_move_nothing(rows, sort):
    before = walk(rows, sort)
    count = iter(range(90))

    def add():
        Sequence.objects.create(prefix=f"N{next(count):02d}", year=2026, last=1)

    during = walk(rows, sort, between=add)
    assert [prefix for prefix in during if prefix.startswith("P")] == before
    assert len(set(during)) == len(during)


def test_the_first_sort_is_the_default(rows):
    assert page(rows).sort == "name"


def test_the_last_page_has_no_next(rows):
    assert page(rows, size=10).next is None
    assert page(rows, size=9).next


def cursor_of(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "sort=-id",
        "cursor=x",
        "cursor=%F0%9F%92%A5",
        "cursor=" + "A" * 5000,
        "cursor=" + cursor_of([]),
        "cursor=" + cursor_of(["a"]),
        "cursor=" + cursor_of(["a", 1, 2]),
        "cursor=" + cursor_of({"a": 1}),
        "cursor=" + cursor_of(None),
        "cursor=" + cursor_of([["a"], 1]),
        "cursor=" + cursor_of([{"a": 1}, 1]),
        "cursor=" + cursor_of(["a", "b"]),
        "cursor=" + cursor_of(["a", 10**30]),
        "cursor=" + cursor_of(["a" * 500, 1]),
        "cursor=" + cursor_of(["a", 1.5]),
        "sort=newest&cursor=" + cursor_of(["x", 1]),
        "sort=newest&cursor=" + cursor_of([10**30, 1]),
    ],
)
def test_an_address_we_never_gave_is_not_found(rows, query):
    with pytest.raises(Http404):
        page(rows, query)


@given(st.text(max_size=60))
def test_any_cursor_is_read_or_not_found(text):
    request = RequestFactory().get("/", {"cursor": text})
    try:
        page_of(Sequence.objects.none(), request, sorts=SORTS)
    except Http404:
        return


def test_a_page_costs_one_query(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        page(rows)


@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_becomes_a_formula(start):
    assert safe_cell(f"{start}SUMA(A1)") == f"'{start}SUMA(A1)"


@given(st.text())
def test_a_cell_keeps_its_text(text):
    assert safe_cell(text).removeprefix("'") == text or safe_cell(text) == text


def test_csv_is_quoted_marked_and_streamed():
    response = csv_response(
        "ordenes", ["Código", 'Nombre "corto"'], iter([["OS-1", '=HYPERLINK("x")'], [None, "ñ, y\nz"]])
    )
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert text[1:].splitlines() == [
        '"Código","Nombre ""corto"""',
        '"OS-1","\'=HYPERLINK(""x"")"',
        '"","ñ, y',
        'z"',
    ]
    assert response["Content-Disposition"] == 'attachment; filename="ordenes.csv"'
