"""The app as a server of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers import ROOT

START = 90  # seconds the server may take to come up on a busy machine


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], log: Path, ready: str, **environment: str) -> Iterator[None]:
    """Run a server until it is no longer needed; it is up when it answers at `ready`."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(ready, server, log)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def served(home: Path, log: Path, *options: str, port: int = 0) -> Iterator[str]:
    """Serve the app with a home folder; gives its address at this machine."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["streamlit", "run", "app.py", f"--server.port={port}", "--server.address=127.0.0.1"]
    with started([*command, *options], log, f"{url}/_stcore/health", SEARCH_HOME=str(home)):
        yield url


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')}")
