"""How long a backup, its proof, a restoration and an audit take, per gigabyte of database and files.

    .venv/bin/python bench/backup_times.py [--orders 20000] [--files 500]

Fills a fresh database with a sample, adds files of half a megabyte that do not compress, and runs the commands as an
operator does. The engine is that of DATABASE_URL (an empty PostgreSQL database), else SQLite in a passing folder.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILE_SIZE = 512 * 1024
FILL = f"""
import os
from django.core.files.uploadedfile import SimpleUploadedFile
from komaq.core import files
from komaq.core.action import action
from komaq.core.models import Sequence
@action
def keep():
    for each in range(int(os.environ["FILES"])):
        upload = SimpleUploadedFile("a.pdf", b"%PDF-" + os.urandom({FILE_SIZE}))
        files.attach([upload], Sequence.objects.first(), by=None)
keep()
"""
SIZE = """
from django.db import connection
from pathlib import Path
if connection.vendor == "postgresql":
    cursor = connection.cursor()
    cursor.execute("SELECT pg_database_size(current_database())")
    print(cursor.fetchone()[0])
else:
    print(Path(connection.settings_dict["NAME"]).stat().st_size)
"""


def komaq(*words: str, env: dict[str, str]) -> tuple[float, str]:
    """Seconds and output of a command; the bench ends with it when it fails."""
    started = time.monotonic()
    command = [sys.executable, "-m", "komaq.config.cli", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"komaq {' '.join(words)}:\n{done.stderr}")
    return time.monotonic() - started, done.stdout


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--orders", default="20000", help="orders of the sample (20000)")
    wishes.add_argument("--files", default="500", help="files of half a megabyte (500)")
    wished = wishes.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "komaq.tar")
        env = {**os.environ, "KOMAQ_PROFILE": "production", "KOMAQ_VAR": f"{folder}/var", "FILES": wished.files}
        komaq("migrate", env=env)
        komaq("load-sample", "--orders", wished.orders, env=env)
        komaq("shell", "--no-imports", "-c", FILL, env=env)
        size = int(komaq("shell", "--no-imports", "-c", SIZE, env=env)[1])
        gigabytes = (size + int(wished.files) * FILE_SIZE) / 1e9
        engine = "PostgreSQL" if env.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
        print(
            f"{time.strftime('%d/%m/%Y')}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {engine}"
        )
        print(f"{wished.orders} orders: database {size / 1e6:.0f} MB; {wished.files} files; {gigabytes:.2f} GB in all")
        idle = komaq("help", "backup", env=env)[0]
        print(f"starting a command: {idle:.1f} s, taken off the figures below")
        for words in (("backup", archive), ("restore", archive, "--verify"), ("restore", archive, "--replace")):
            seconds = komaq(*words, env=env)[0] - idle
            print(f"{words[0]} {' '.join(words[2:])}: {seconds:.1f} s, {seconds / gigabytes:.1f} s/GB")
        print(f"archive: {Path(archive).stat().st_size / 1e6:.0f} MB")
        seconds, told = komaq("audit", "verify", env=env)
        events = int(re.match(r"\d+", told)[0])
        print(f"audit verify: {events} events, {events / (seconds - idle):.0f} events/s")


if __name__ == "__main__":
    main()
