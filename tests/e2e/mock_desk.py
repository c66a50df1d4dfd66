"""The pages over a desk in memory (web/mock): for what is about the pages alone, such as how they hold up at 20,000 tickets."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.desk import ROOT

_PATIENCE_SECONDS = 60


@contextmanager
def mock_desk(tickets: int) -> Iterator[str]:
    """Builds the pages if they have changed, and serves them with so many tickets; gives the address."""
    subprocess.run([sys.executable, "-m", "local.build", "pages"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        ["node", str(ROOT / "web" / "mock" / "server.mjs")],
        env={**os.environ, "PORT": str(port), "COUNT": str(tickets)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{url}/config.json", server)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the desk in memory did not start")
