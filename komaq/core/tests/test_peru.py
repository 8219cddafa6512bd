"""Peruvian documents, phones and business days."""

import contextlib
import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from komaq.core.peru import (
    DocumentType,
    add_business_days,
    clean_document,
    clean_phone,
    clean_ruc,
    is_business_day,
    show_phone,
)

VALID = ["20131312955", "20100047218", "20512333797", "20990000019", "20990000027", "10990000013", "10990000021"]


@pytest.mark.parametrize("ruc", VALID)
def test_a_real_ruc_is_taken(ruc):
    assert clean_ruc(ruc) == ruc


@pytest.mark.parametrize("ruc", ["20123456789", "10054052523"])
def test_a_wrong_check_digit_is_found(ruc):
    with pytest.raises(ValidationError, match="último dígito"):
        clean_ruc(ruc)


@pytest.mark.parametrize("ruc", VALID)
def test_each_wrong_last_digit_is_found(ruc):
    for digit in set("0123456789") - {ruc[-1]}:
        with pytest.raises(ValidationError):
            clean_ruc(ruc[:-1] + digit)


@pytest.mark.parametrize(
    "ruc", ["", "2013131295", "201313129555", "2013131295A", "30131312955", "²0131312955", "٢0131312955"]
)
def test_a_wrong_shape_is_refused(ruc):
    with pytest.raises(ValidationError):
        clean_ruc(ruc)


def test_spaces_and_hyphens_are_forgiven():
    assert clean_ruc(" 20-131312955 ") == "20131312955"


@given(st.text(max_size=30))
def test_any_text_is_a_ruc_or_refused(text):
    with contextlib.suppress(ValidationError):
        assert len(clean_ruc(text)) == 11


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (DocumentType.DNI, "10 117 410", "10117410"),
        (DocumentType.CE, "001-234567", "001234567"),
        (DocumentType.PASSPORT, "ab12345", "AB12345"),
        (DocumentType.RUC, "20131312955", "20131312955"),
    ],
)
def test_documents_are_kept_in_one_shape(kind, typed, kept):
    assert clean_document(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (DocumentType.DNI, "1011741"),
        (DocumentType.DNI, "1011741A"),
        (DocumentType.CE, "1234567"),
        (DocumentType.PASSPORT, "1234"),
    ],
)
def test_documents_of_a_wrong_shape_are_refused(kind, typed):
    with pytest.raises(ValidationError):
        clean_document(kind, typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("987654321", "+51987654321"),
        ("+51 987 654 321", "+51987654321"),
        ("(01) 205-4000", "+5112054000"),
        ("054 205118", "+5154205118"),
        ("+56 2 2345 6789", "+56223456789"),
    ],
)
def test_phones_are_kept_in_one_shape(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345", "887654321", "98765432", "call me", "+51 98765432109"])
def test_phones_that_do_not_exist_are_refused(typed):
    with pytest.raises(ValidationError):
        clean_phone(typed)


def test_a_phone_is_shown_in_groups():
    assert show_phone("+51987654321") == "+51 987 654 321"
    assert show_phone("anexo 4") == "anexo 4"
    assert show_phone("12") == "12", "what was typed stays as typed"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (datetime.date(2026, 11, 24), True),
        (datetime.date(2026, 11, 28), False),
        (datetime.date(2026, 7, 28), False),
        (datetime.date(2026, 12, 8), False),
        (datetime.date(2026, 4, 2), False),
        (datetime.date(2026, 12, 9), False),
    ],
)
def test_business_days(day, works):
    assert is_business_day(day) is works


def test_counting_begins_the_day_after_and_leaps_over_holidays():
    """Friday 4 December 2026 + 3: Monday 7, Thursday 10 (8 and 9 are holidays), Friday 11."""
    assert add_business_days(datetime.date(2026, 12, 4), 3) == datetime.date(2026, 12, 11)
    assert add_business_days(datetime.date(2026, 12, 4), 0) == datetime.date(2026, 12, 4)
