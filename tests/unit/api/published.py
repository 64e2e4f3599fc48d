"""A published index to serve from: milvus-lite as a server of its own, and the API in processes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from search.api.sources import INDEX
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from tests.helpers import ROOT, FakeExtractor

PATIENCE = 60  # seconds that a process may take to come up


class MilvusServer:
    """A server of milvus-lite in a process of its own, which can be away for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self._process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"milvus://127.0.0.1:{self.port}/shop"

    def start(self) -> None:
        command = [sys.executable, "-m", "milvus_lite", "server"]
        command += ["--data-dir", str(self._folder), "--port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, **quiet)
        wait_until(lambda: answers(self.port))

    def pause(self) -> None:
        """Let it answer nothing, as if the line to it was cut."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def milvus_server(folder: Path) -> Iterator[MilvusServer]:
    server = MilvusServer(folder)
    server.start()
    try:
        yield server
    finally:
        disconnect(Address.parse(server.address))
        server.stop()


@contextlib.contextmanager
def api_processes(address: str, home: Path, count: int) -> Iterator[list[httpx.Client]]:
    """Serve the API from an index in so many processes at once; give a client of each."""
    ports = [free_port() for _ in range(count)]
    environment = {**os.environ, INDEX: address, "SEARCH_HOME": str(home)}
    command = [sys.executable, "-m", "uvicorn", "tests.unit.api.published:app", "--factory"]
    with contextlib.ExitStack() as stack:
        for port in ports:
            process = subprocess.Popen(
                [*command, "--port", str(port), "--log-level", "warning"],
                cwd=ROOT,
                env=environment,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        urls = [f"http://127.0.0.1:{port}/api/v1/" for port in ports]
        clients = [stack.enter_context(httpx.Client(base_url=url, timeout=30)) for url in urls]
        for client in clients:
            wait_until(lambda client=client: is_ready(client))
        yield clients


def app():
    """The API with an extractor that needs no network, for a server's process."""
    from search.api import shop
    from search.api.application import create_app

    extractor = FakeExtractor()
    shop.extractor_for = lambda name: extractor
    return create_app()


def is_ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("ready").status_code == 200
    return False


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_until(done, patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not done():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
