"""`komaq import suppliers` and `supplier-prices`: lists come in whole, in somebody's name, and go out again."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from komaq.core import clock
from komaq.parts import actions as parts
from komaq.supply.models import PriceRecord, Supplier, SupplierPart

pytestmark = pytest.mark.db

SUPPLIERS = (
    "RUC;Razón social;País;Moneda;Correo;Plazo usual en días\r\n"
    "20990001023;Hidráulica del Centro S.A.C.;;Soles;ventas@hidro.test;4\r\n"
    "91-1144442;Tracto Parts Inc.;Estados Unidos;Dólares;sales@tracto.test;21\r\n"
)
PRICES = (
    "Proveedor;Marca;Número de parte;Su propio número;Precio;Moneda;Días hasta la entrega;Cantidad mínima\r\n"
    '20990001007;cat;1r 0750;FP-77;"38,40";Dólares;3;6\r\n'
    "20990001007;ESCO;V61TYL;;12.5;;;\r\n"
)
FIRST_PRICE = "".join(PRICES.splitlines(keepends=True)[:2])


@pytest.fixture
def run(tmp_path):
    """`run(command, kind, text, …)` gives the exit code, what went to standard output and what to standard error."""

    def call(command, kind, text=None, *args):
        if text is not None:
            (tmp_path / "lista.csv").write_text(text, encoding="utf-8")
            args = (str(tmp_path / "lista.csv"), *args)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(command, kind, *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
        return code, out.getvalue(), err.getvalue()

    return call


def test_suppliers_come_in_and_go_out_and_in_again(run, nico, tmp_path):
    code, out, err = run("import", "suppliers", SUPPLIERS, "--by", nico.email)
    assert (code, err) == (0, "")
    assert out == "Filas agregadas: 2, a nombre de Nico Arce.\n"
    peruvian, foreign = Supplier.objects.order_by("pk")
    assert (peruvian.tax_id_type, peruvian.country, peruvian.currency, peruvian.lead_days) == ("6", "PE", "PEN", 4)
    assert (foreign.tax_id_type, foreign.tax_id, foreign.country) == ("0", "911144442", "US")
    code, text, _err = run("export", "suppliers", None, "--by", nico.email)
    assert code == 0
    Supplier.objects.all().delete()
    assert run("import", "suppliers", text, "--by", nico.email)[0] == 0
    assert {each.tax_id for each in Supplier.objects.all()} == {"20990001023", "911144442"}


def test_a_row_at_fault_writes_nothing(run, nico, ferreycorp):
    bad = SUPPLIERS + "20990001024;Dígito S.A.;;;;\r\n20990001007;Repetida S.A.;;;;\r\nABC;Corto;;;;\r\n"
    code, _out, err = run("import", "suppliers", bad, "--by", nico.email)
    assert code == 1
    for words in ("línea 4", "El último dígito no corresponde", "línea 5", "línea 6"):
        assert words in err
    assert list(Supplier.objects.all()) == [ferreycorp]


def test_a_price_list_comes_in_and_is_noted_as_of_today(run, nico, ferreycorp, oil_filter, tooth):
    code, _out, err = run("import", "supplier-prices", PRICES, "--by", nico.email)
    assert (code, err) == (0, "")
    first, second = SupplierPart.objects.order_by("pk")
    assert (first.part, first.price, first.their_number) == (oil_filter, Decimal("38.4"), "FP-77")
    assert (first.lead_days, first.least, first.priced_on) == (3, Decimal(6), clock.today())
    assert (second.part, second.price, second.currency) == (tooth, Decimal("12.5"), "USD")
    code, text, _err = run("export", "supplier-prices", None, "--by", nico.email)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row["Número de parte"], row["Precio por unidad, sin impuestos"]) for row in rows] == [
        ("1R-0750", "38.4"),
        ("V61TYL", "12.5"),
    ]
    assert run("import", "supplier-prices", text, "--by", nico.email)[0] == 0
    assert PriceRecord.objects.count() == 2


def test_numbers_that_look_like_powers_are_numbers(run, nico, ferreycorp):
    parts.create_part(brand="CAT", number="8E4267", name="Punta", by=nico)
    row = "20990001007;CAT;8E4267;4E1200;1;;;\r\n"
    assert run("import", "supplier-prices", PRICES.splitlines(keepends=True)[0] + row, "--by", nico.email)[0] == 0
    sold = SupplierPart.objects.get()
    assert (sold.part.number, sold.their_number) == ("8E4267", "4E1200")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("20990001015;CAT;1R-0750;;1;;;", "No hay ningún proveedor con el número 20990001015."),
        ("20990001007;CAT;9X-9999;;1;;;", "No hay ningún repuesto CAT 9X-9999 en el catálogo."),
        ("20990001007;Volvo;1R-0750;;1;;;", "No hay ningún repuesto Volvo 1R-0750 en el catálogo."),
        ("20990001007;CAT;1R-0750;;caro;;;", "línea 3"),
        ("20990001007;CAT;1R-0750;;-1;;;", "línea 3"),
        ("20990001007;ESCO;V61TYL;;1;;;0", "Escriba una cantidad mayor que cero."),
        ("20990001007;cat;1R0750;;2;;;", "línea 3: es lo mismo que la línea 2"),
        ("20990001007;CAT;1R-0750;;1;Euros;;", "Euros"),
        ("20990001007;;1R-0750;;1;;;", "línea 3, columna Marca"),
    ],
)
def test_a_price_at_fault_writes_nothing(run, nico, ferreycorp, oil_filter, tooth, row, words):
    code, _out, err = run("import", "supplier-prices", f"{FIRST_PRICE}{row}\r\n", "--by", nico.email)
    assert code == 1
    assert words in err
    assert not PriceRecord.objects.exists()
    assert not SupplierPart.objects.exists()


@pytest.mark.parametrize("kind", ["suppliers", "supplier-prices"])
def test_who_may_not_brings_in_or_takes_out_nothing(run, kind, lola, ana, nico):
    for user in (lola, ana):
        assert run("import", kind, SUPPLIERS, "--by", user.email)[0] == 1
    assert run("export", kind, None, "--by", ana.email)[0] == 1
    assert run("export", kind, None, "--by", lola.email)[0] == 0
    assert not Supplier.objects.exists()
