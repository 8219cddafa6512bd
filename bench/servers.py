"""The product and its floor, each served as `komaq serve` does, on loopback."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench.databases import ROOT

WORKERS, THREADS = 2, 4
PRODUCT, FLOOR, FRAMED = "bench.product_settings", "bench.floor_settings", "bench.framed_settings"


@contextmanager
def serving(settings: str, port: int, environment: dict[str, str], probe: str) -> Iterator[None]:
    """A server with these settings until the block ends; `probe` is an address that answers when it is up."""
    options = [f"--port={port}", f"--workers={WORKERS}", f"--threads={THREADS}", "--no-collect"]
    command = [sys.executable, "-m", "django", "serve", *options, f"--settings={settings}"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}{probe}")
        yield
    finally:
        process.terminate()
        process.wait(40)


def _wait_for(process: subprocess.Popen, address: str) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (OSError, urllib.error.URLError):
            if process.poll() is not None:
                break
            time.sleep(0.1)  # a starting server gives no sign but by being asked again
    raise SystemExit(f"The server for {address} did not start; what it said stands above.")
