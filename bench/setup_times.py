"""How long a newcomer waits: `make demo` cold and warm and `make test`, from a fresh clone with an empty HOME.

    python3 bench/setup_times.py [--test]

Prints one line per figure, in seconds, and the machine. Nothing but the clone's own folder is written.
"""

import argparse
import os
import platform
import signal
import subprocess
import tempfile
import time
from pathlib import Path

READY = "Komaq Service: http"
PORT = "8399"


def demo_ready_after(clone: Path, env: dict[str, str]) -> float:
    """Seconds from the command to the printed address; the demo is stopped afterwards."""
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "demo", f"PORT={PORT}"],
        cwd=clone,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    seen = []
    for line in process.stdout:
        seen.append(line)
        if READY in line:
            break
    else:
        raise SystemExit("The demo did not start:\n" + "".join(seen[-30:]))
    seconds = time.monotonic() - started
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate()
    return seconds


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--test", action="store_true", help="time `make test` too")
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder) / "komaq", Path(folder) / "home"
        home.mkdir()
        root = Path(__file__).resolve().parents[1]
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
        env = {**os.environ, "HOME": str(home)}
        print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"make demo, cold: {demo_ready_after(clone, env):.1f} s")
        print(f"make demo, warm: {demo_ready_after(clone, env):.1f} s")
        if wishes.parse_args().test:
            started = time.monotonic()
            done = subprocess.run(["make", "test"], cwd=clone, env=env, capture_output=True, text=True)
            print(f"make test: {time.monotonic() - started:.1f} s; {done.stdout.strip().splitlines()[-1]}")
            raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
