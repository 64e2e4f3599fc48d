"""Visitors of the app over its own protocol: how long their searches take, and what they hold.

Each client opens Streamlit's websocket as a browser would, searches by one product after another,
and waits for each answer. `measure` starts a server of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.helpers import ROOT

RUN = ("-m", "streamlit", "run", "app.py")
BUSY = "before you"
_START, _PATIENCE = 120, 60  # seconds for the server to come up, and for one answer


@dataclass(slots=True)
class Figures:
    """What the clients met. Seconds; memory in MB over the server's whole life, by time."""

    clients: int
    seconds: float
    took: list[float] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)
    told: int = 0
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Give the seconds that this share of the searches took at most."""
        return sorted(self.took)[min(len(self.took) - 1, int(share * len(self.took)))]

    @property
    def growth(self) -> float:
        """How many MB the second half of the time needs more than the middle of the first half."""
        quarter = len(self.memory) // 4
        early, late = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        return statistics.median(late) - statistics.median(early) if quarter else 0.0

    def __str__(self) -> str:
        if not self.took:
            return f"{self.clients} clients: no answer; {self.errors[:3]}"
        return (
            f"{self.clients} clients for {self.seconds:.0f} s: {len(self.took)} searches, "
            f"{len(self.errors)} errors, median {statistics.median(self.took):.2f} s, "
            f"p95 {self.percentile(0.95):.2f} s; longest silence {max(self.silent):.2f} s, "
            f"{self.told} were told to wait; memory {self.memory[-1]:.0f} MB, "
            f"grown by {self.growth:+.0f} MB"
        )


@contextmanager
def server(checkout: Path = ROOT) -> Iterator[tuple[str, psutil.Process]]:
    """Start the app of a checkout on a home of its own; give its address and its process."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as home:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        log = Path(home) / "log"
        with log.open("wb") as output:
            running = subprocess.Popen(
                (sys.executable, *RUN, f"--server.port={port}", "--server.address=127.0.0.1"),
                cwd=checkout,
                env={**os.environ, "SEARCH_HOME": home},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + _START
            while not _healthy(port):
                if running.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(log.read_text(errors="replace"))
                time.sleep(0.2)
            yield f"127.0.0.1:{port}", psutil.Process(running.pid)
        finally:
            running.terminate()
            running.wait(30)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return True
    except OSError:
        return False


async def _client(host: str, number: int, until: float, figures: Figures) -> None:
    """Search until it is time to go; every search is by another product."""
    await asyncio.sleep(0.05 * number)
    try:
        async with connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            origin=f"http://{host}",
            max_size=None,
        ) as socket_:
            for turn in itertools.count():
                if time.monotonic() > until:
                    return
                product = f"P{(number * 37 + turn * 11) % 500 + 1:04d}"
                await _search(socket_, {"product": product, "k": str(6 + turn % 13)}, figures)
    except Exception as error:
        figures.errors.append(f"{type(error).__name__}: {error}")


async def _search(socket_, address: dict[str, str], figures: Figures) -> None:
    """Go to an address and wait for the whole answer."""
    message = BackMsg()
    message.rerun_script.query_string = urlencode(address)
    start = time.monotonic()
    await socket_.send(message.SerializeToString())
    spoken = 0.0
    results = 0
    async with asyncio.timeout(_PATIENCE):
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await socket_.recv())
            kind = answer.WhichOneof("type")
            element = answer.delta.new_element if kind == "delta" else None
            shown = element.WhichOneof("type") if element is not None else ""
            # Streamlit's own frame says nothing of the search.
            if shown and shown not in ("empty", "html", "bidi_component") and not spoken:
                spoken = time.monotonic() - start
            if shown == "alert" and BUSY in element.alert.body:
                figures.told += 1
            elif shown == "exception" or (shown == "alert" and element.alert.format == 1):
                figures.errors.append(str(element)[:200])
            results += shown == "imgs"
            if kind == "script_finished" and answer.script_finished in (0, 1):
                break
    if not results:
        figures.errors.append(f"no result for {address}")
    figures.took.append(time.monotonic() - start)
    figures.silent.append(spoken or figures.took[-1])


async def _visit(host: str, process: psutil.Process, figures: Figures) -> None:
    until = time.monotonic() + figures.seconds

    async def watch() -> None:
        while True:
            figures.memory.append(process.memory_info().rss / 1e6)
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(_client(host, n, until, figures) for n in range(figures.clients)))
    watching.cancel()


def measure(clients: int = 20, seconds: float = 600, checkout: Path = ROOT) -> Figures:
    """Let so many clients search for so long at a server of its own."""
    with server(checkout) as (host, process):
        warm = Figures(1, 5)
        asyncio.run(_visit(host, process, warm))
        figures = Figures(clients, seconds)
        asyncio.run(_visit(host, process, figures))
    return figures


@dataclass(slots=True)
class Uploaded:
    """What one visitor could upload, and the MB of it that the server kept, then and after."""

    taken: float
    refusal: str
    kept: float
    after: float

    def __str__(self) -> str:
        return (
            f"one visitor put {self.taken:.0f} MB, then: {self.refusal} Kept of it: "
            f"{self.kept:.0f} MB, and {self.after:.0f} MB a minute after the visit"
        )


def _kept(host: str) -> float:
    """Ask the server's own figures for the MB of uploads that it holds."""
    with urllib.request.urlopen(f"http://{host}/_stcore/metrics", timeout=_PATIENCE) as answer:
        lines = answer.read().decode().splitlines()
    held = [line for line in lines if "UploadedFileManager" in line]
    return sum(float(line.split()[-1]) for line in held) / 1e6


async def _upload(host: str) -> Uploaded:
    """Upload photographs of 19 MB until they are refused, then go."""

    async with (
        httpx.AsyncClient(base_url=f"http://{host}", timeout=_PATIENCE) as web,
        connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            origin=f"http://{host}",
            max_size=None,
        ) as socket_,
    ):
        await _search(socket_, {"product": "P0001"}, Figures(1, 0))
        message = BackMsg()
        message.rerun_script.query_string = ""
        await socket_.send(message.SerializeToString())
        answer = ForwardMsg()
        while answer.WhichOneof("type") != "new_session":
            answer.ParseFromString(await socket_.recv())
        session = answer.new_session.initialize.session_id
        await web.get("/_stcore/health")
        token = web.cookies.get("_streamlit_xsrf", "")
        for taken in range(100):
            answered = await web.put(
                f"/_stcore/upload_file/{session}/file{taken}",
                files={"file": ("a.jpg", bytes(19_000_000))},
                headers={"X-Xsrftoken": token},
            )
            if answered.status_code != 204:
                break
        kept = await asyncio.to_thread(_kept, host)
    await asyncio.sleep(60)
    return Uploaded(19.0 * taken, answered.text, kept, await asyncio.to_thread(_kept, host))


def measure_uploads(checkout: Path = ROOT) -> Uploaded:
    """Let one visitor upload as much as the server takes."""
    with server(checkout) as (host, _):
        return asyncio.run(_upload(host))


def main(argv: list[str] | None = None) -> int:
    """Measure this checkout, and another beside it where one is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks._web", description=__doc__)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--beside", type=Path, help="another checkout, measured by turns")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(argv)
    failed = 0
    for _ in range(options.rounds):
        for checkout in filter(None, (options.beside, ROOT)):
            figures = measure(options.clients, options.seconds, checkout)
            failed += checkout == ROOT and bool(figures.errors)
            print(f"{'here' if checkout == ROOT else 'beside'}: {figures}", flush=True)
            for error in sorted(set(figures.errors))[:5]:
                print(f"  {error}")
    print(measure_uploads())
    return failed


if __name__ == "__main__":
    sys.exit(main())
