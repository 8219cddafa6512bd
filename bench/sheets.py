"""How long lists take to come in and go out, and how much memory: customers in CSV and XLSX, and a bomb.

    .venv/bin/python bench/sheets.py [ROWS]

Works in a temporary installation of its own on SQLite; prints one line per figure and the machine.
"""

import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KOMAQ = (sys.executable, "-m", "komaq.config.cli")
WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
SELLER = """
from komaq.accounts.actions import hire_employee, save_area, save_position
from komaq.accounts.models import User
from komaq.core import clock
admin = User.objects.get()
post = save_position(area=save_area(name="Ventas", by=admin), name="Venta", roles=["sales"], by=admin)
hire_employee(given_names="Lola", surnames="Paredes", email="lola@komaq.example", position=post,
              hired_on=clock.today(), by=admin)
"""


def ruc(number: int) -> str:
    """The RUC of a company, with its check digit."""
    digits = f"20{40_000_000 + number:08d}"
    return digits + str((11 - sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11) % 10)


def write_customers(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["RUC", "Razón social", "Nombre comercial", "Correo", "Teléfono", "Dirección"])
        for n in range(count):
            name, address = f"Contratistas Generales número {n} S.A.C.", f"Av. Ejército {n}, Arequipa"
            lines.writerow([ruc(n), name, f"CG {n}", f"compras{n}@empresa.example", "987654321", address])


def write_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as part,
    ):
        for _each in range(1024):
            part.write(b" " * 2**20)


def run(env: dict[str, str], *words: str, stdin: str = "") -> tuple[float, float, int, int, str]:
    """Seconds, those of the processor, peak memory in MB, exit code and the last line a command wrote."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        given = {"env": env, "cwd": ROOT, "stdin": subprocess.PIPE, "stdout": out, "stderr": out}
        child = subprocess.Popen([*KOMAQ, *words], text=True, **given)
        child.stdin.write(stdin)
        child.stdin.close()
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        said = out.read().strip().splitlines()
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, child.returncode, said[-1] if said else ""


def install(folder: str, post: str) -> dict[str, str]:
    """An installation of its own on SQLite with an administrator and, by the code `post`, who brings lists in."""
    env = {**os.environ, "KOMAQ_VAR": folder, "KOMAQ_PROFILE": "production"}
    env.pop("DATABASE_URL", None)
    for words in (["migrate"], ["createcachetable"]):
        run(env, *words)
    made = ["createadmin", "--email", "alex@komaq.example", "--name", "Alex Núñez", "--password-stdin"]
    run(env, *made, stdin="una frase bastante larga\n")
    run(env, "shell", "-c", post)
    return env


def machine() -> str:
    """Where the figures were taken."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        home, env = Path(folder), install(folder, SELLER)
        write_customers(home / "customers.csv", count)
        write_bomb(home / "bomb.xlsx")
        tell(run(env, "help"), "komaq help, for comparison", None)
        tell(run(env, "import", "customers", f"{folder}/customers.csv", "--dry-run"), "CSV, rehearsal", count)
        tell(run(env, "import", "customers", f"{folder}/customers.csv"), "CSV, import", count)
        tell(run(env, "export", "customers", "--output", f"{folder}/out.csv"), "CSV, export", count)
        tell(run(env, "export", "customers", "--output", f"{folder}/out.xlsx"), "XLSX, export", count)
        tell(run(env, "import", "customers", f"{folder}/out.xlsx"), "XLSX, every row known already", count)
        tell(run(env, "import", "customers", f"{folder}/bomb.xlsx"), "XLSX bomb of 1 GiB", None)


def tell(answer: tuple[float, float, int, int, str], what: str, count: int | None) -> None:
    seconds, busy, megabytes, code, said = answer
    pace = f", {count / seconds:.0f} rows/s" if count else ""
    print(f"{what}: {seconds:.1f} s ({busy:.1f} s of processor), {megabytes} MB{pace}; exit {code}: {said[:120]}")


if __name__ == "__main__":
    main()
