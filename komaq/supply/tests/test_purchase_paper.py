"""The PDF of an order: the same bytes for the same order, its data never markup, its words the supplier's language."""

import json
from decimal import Decimal

import pytest
import typst
from django.conf import settings
from django.utils import translation

from komaq.core import pdf
from komaq.parts import actions as parts
from komaq.supply import actions
from komaq.supply.notices import purchase_paper
from komaq.supply.notices.purchase_paper import paper_of, unit_price


def words_on(purchase):
    """Every text of its paper, which can be typeset, in one string."""
    assert paper_of(purchase).startswith(b"%PDF-")
    with translation.override(purchase.supplier.language):
        data = purchase_paper._data(purchase)
    return json.dumps(data, ensure_ascii=False, default=str).replace("\u00a0", " ")


def test_the_same_order_is_the_same_bytes(sent, oil_filter):
    purchase = sent((oil_filter, "4", "10"))
    assert paper_of(purchase) == paper_of(purchase)


def test_it_says_what_is_bought(sent, oil_filter, seal):
    purchase = sent((oil_filter, "125", "10.555"), (seal, "2.5", "3"), note="Entregar por la puerta 2")
    told = words_on(purchase)
    wanted = (
        *(purchase.code, "Ferreparts", "1R-0750", "US$ 10.555", "US$ 1,319.38", "US$ 1,326.88", "US$ 238.84"),
        *("US$ 1,565.72", "IGV (18 %)", "Nico", "puerta 2", "Almacén central", "Factura a 30 días"),
    )
    for words in wanted:
        assert words in told, words
    assert "BORRADOR" not in told


def test_it_speaks_the_suppliers_language_and_imports_bear_no_tax(sent, oil_filter, ferreparts):
    ferreparts.language, ferreparts.country = "en", "US"
    ferreparts.save()
    told = words_on(sent((oil_filter, "4", "10")))
    assert "Deliver to" in told
    assert "IGV" not in told


def test_what_is_no_order_says_so(buy, sent, oil_filter, nico):
    assert "BORRADOR" in words_on(buy((oil_filter, "4", "10")))
    asked = actions.submit_purchase(purchase=buy((oil_filter, "100", "1000")), by=nico)
    assert "SIN APROBAR" in words_on(asked)
    dropped = actions.cancel_purchase(purchase=sent((oil_filter, "4", "10")), reason="Cambio de plan", by=nico)
    assert "ANULADA" in words_on(dropped)


@pytest.mark.parametrize("words", ['#panic("x")', "*a* _b_ $x$ <c> @d \\ #let", '"); #read("/etc/passwd")', "a" * 2000])
def test_no_word_of_a_person_is_markup(buy, oil_filter, words):
    """A panic or a broken formula would end the typesetting with an error."""
    assert paper_of(buy((oil_filter, "4", "10"), note=words)).startswith(b"%PDF-")


def compiled(purchase, **more):
    """The paper by a compiler that also tells its warnings."""
    with translation.override("es-pe"):
        data = purchase_paper._data(purchase)
    data["words"] |= {"page": "Página", "of": "de"}
    whole = {**data, "company": settings.COMPANY, "language": "es"}
    compiler = typst.Compiler(
        pdf.PACKAGE / "supply/templates/supply/purchase.typ",
        root=pdf.PACKAGE,
        font_paths=pdf._fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(whole, default=str)},
    )
    return compiler.compile_with_warnings(**more)


def test_two_hundred_lines_fill_several_pages_without_a_warning(buy, nico):
    """An unknown font or a missing glyph is only a warning: none may come."""
    many = [
        parts.create_part(brand="CAT", number=f"9X-{place:04}", name=f"Perno {place}", by=nico) for place in range(200)
    ]
    pages, warnings = compiled(buy(*((part, "2", "1.5") for part in many)), format="png", ppi=20)
    assert list(warnings) == []
    assert len(pages) > 5


@pytest.mark.parametrize(
    ("price", "shown"),
    [("10", "US$ 10.00"), ("10.5", "US$ 10.50"), ("0.0333333333", "US$ 0.0333333333"), ("1234.5678", "US$ 1,234.5678")],
)
def test_a_price_shows_the_decimals_it_has(price, shown):
    assert unit_price(Decimal(price), "USD").replace("\u00a0", " ") == shown
