"""How long a catalogue takes to come in and how much memory: parts with models and links, in files of several sizes.

    .venv/bin/python -m bench.import_parts [--stock] [ROWS …]

Each size comes into a temporary installation of its own on SQLite and goes out again; with --stock its opening balances
come in as well. Prints one line per figure and the machine. Memory is the most the process ever held; it must not grow
with the file.
"""

import csv
import sys
import tempfile
from pathlib import Path

from bench.sheets import install, machine, run, tell

SIZES = (5_000, 20_000)
KEEPER = """
from komaq.accounts.actions import hire_employee, save_area, save_position
from komaq.accounts.models import User
from komaq.core import clock
from komaq.parts.actions import save_warehouse
admin = User.objects.get()
post = save_position(area=save_area(name="Almacén", by=admin), name="Almacén", roles=["logistics"], by=admin)
hire_employee(given_names="Nico", surnames="Arce", email="nico@komaq.example", position=post, hired_on=clock.today(),
              by=admin)
nico = User.objects.get(email="nico@komaq.example")
save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)
"""
PARTS = ("Número de parte", "Marca", "Nombre", "Categoría", "Precio", "Mínimo", "Máximo", "Reemplaza a", "Descripción")
STOCK = ("Número de parte", "Marca", "Almacén", "Cantidad", "Costo unitario")
REPLACES_EVERY = 10


def number(place: int) -> str:
    """A maker's number, as makers write them."""
    return f"{place % 10}R-{place:06d}"


def write_parts(path: Path, count: int) -> None:
    """A catalogue in which each tenth part replaces the one above it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(PARTS)
        for n in range(count):
            replaced = f"CAT {number(n - 1)}" if n % REPLACES_EVERY == REPLACES_EVERY - 1 else ""
            facts = [f"Filtro de petróleo {n}", "Filtros", f"{n % 900 + 1},50", "4", "12", replaced]
            lines.writerow([number(n), "CAT", *facts, f"Rosca 1 1/8-16 UN, pieza {n}"])


def write_stock(path: Path, count: int) -> None:
    """What the store holds of each of them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(STOCK)
        for n in range(count):
            lines.writerow([number(n), "CAT", "ALM", n % 40 + 1, f"{n % 500 + 1},25"])


def measure(count: int, *, with_stock: bool) -> None:
    """One installation, one size."""
    with tempfile.TemporaryDirectory() as folder:
        home, env = Path(folder), install(folder, KEEPER)
        parts, stock, out = home / "parts.csv", home / "stock.csv", home / "out.csv"
        write_parts(parts, count)
        write_stock(stock, count)
        tell(run(env, "import", "parts", str(parts)), f"{count:,} parts, import", count)
        tell(run(env, "export", "parts", "--output", str(out)), f"{count:,} parts, export", count)
        if with_stock:
            tell(run(env, "import", "stock", str(stock)), f"{count:,} opening balances, import", count)


def main() -> None:
    """Measure the sizes that the command names."""
    words = [each for each in sys.argv[1:] if each != "--stock"]
    print(machine())
    for count in [int(each) for each in words] or SIZES:
        measure(count, with_stock="--stock" in sys.argv)


if __name__ == "__main__":
    main()
