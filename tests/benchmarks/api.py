"""The API beside the engine it asks, on the demo catalogue: what HTTP costs, what batches gain."""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from search import photos, workspace
from search.api.batching import BatchingExtractor
from search.engine import Options, Query, SearchEngine, own_network
from search.network.extractor import extractor_for
from tests.helpers import ROOT

CLIENTS = 16
START = 120  # seconds that the server may take to come up


def main(argv: list[str] | None = None) -> int:
    """Print requests a second, p50 and p95, and ratios; fail where an answer was refused."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=320, help="of each kind (default 320)")
    count = parser.parse_args(argv).requests
    with tempfile.TemporaryDirectory() as home:
        os.environ["SEARCH_HOME"] = home
        workspace.install_demo()
        pictures = [file.read_bytes() for file in sorted((workspace.DEMO / "customers").iterdir())]
        engine = _engine()
        names = [product.id for product in engine.loaded().snapshot.products if product.active]
        print(f"Demo catalogue, {len(names)} products, {CLIENTS} clients, {count} requests a kind")
        with _server(home) as url, httpx.Client(base_url=url, timeout=60) as client:
            _on_top(engine, client, names)
            _many(url, names, pictures, count)
        _batches(pictures, count)
    return 0


def _engine() -> SearchEngine:
    catalogue = workspace.open_catalogue()
    engine = SearchEngine(catalogue, extractor_for(own_network(catalogue)))
    engine.extractor.warm()
    engine.loaded()
    return engine


@contextmanager
def _server(home: str):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "search.api:app", "--port", str(port)]
    command += ["--log-level", "warning"]
    environment = {**os.environ, "SEARCH_HOME": home}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        url = f"http://127.0.0.1:{port}/api/v1"
        try:
            until = time.monotonic() + START
            while time.monotonic() < until:
                try:
                    if httpx.get(f"{url}/ready", timeout=10).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                time.sleep(0.3)
            yield url
        finally:
            server.terminate()


def _on_top(engine: SearchEngine, client: httpx.Client, names: Sequence[str]) -> None:
    """One client, by turns: the engine called, then the API asked for the same."""
    direct, asked = [], []
    for name in names[:200]:
        started = time.perf_counter()
        engine.search(Query(product=name), None, Options(k=12))
        direct.append(time.perf_counter() - started)
        started = time.perf_counter()
        client.get(f"/products/{name}/similar", params={"k": 12}).raise_for_status()
        asked.append(time.perf_counter() - started)
    ours, theirs = statistics.median(asked) * 1000, statistics.median(direct) * 1000
    print(f"similar by product, one client: engine {theirs:.1f} ms, API {ours:.1f} ms, "
          f"{ours - theirs:.1f} ms on top")  # fmt: skip


def _many(url: str, names: Sequence[str], pictures: Sequence[bytes], count: int) -> None:
    """All clients at once."""

    def product(client: httpx.Client, n: int) -> httpx.Response:
        return client.get(f"/products/{names[n % len(names)]}/similar", params={"k": 12})

    def photograph(client: httpx.Client, n: int) -> httpx.Response:
        # Bytes behind the picture make it another one, which nobody has searched by before.
        files = {"photo": pictures[n % len(pictures)] + n.to_bytes(4, "big")}
        return client.post("/search", params={"k": 12}, files=files)

    for kind, ask in (("similar by product", product), ("search by photograph", photograph)):
        times, seconds = _in_threads(url, ask, count)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{kind}, {CLIENTS} clients: {count / seconds:.1f} a second, "
              f"p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")  # fmt: skip


def _in_threads(
    url: str, ask: Callable[[httpx.Client, int], httpx.Response], count: int
) -> tuple[list[float], float]:
    def client(first: int) -> list[float]:
        times = []
        with httpx.Client(base_url=url, timeout=60) as opened:
            for n in range(first, count, CLIENTS):
                started = time.perf_counter()
                ask(opened, n).raise_for_status()
                times.append(time.perf_counter() - started)
        return times

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = [each for times in pool.map(client, range(CLIENTS)) for each in times]
    return found, time.perf_counter() - started


def _batches(pictures: Sequence[bytes], count: int) -> None:
    """The network alone, asked by all clients: one by one, and together; by turns."""
    read = [photos.read(data) for data in pictures]
    extractor = extractor_for()
    ways = {"one by one": 1, "together": 8}
    seconds = dict.fromkeys(ways, 0.0)
    for _ in range(3):
        for way, together in ways.items():
            batching = BatchingExtractor(extractor, together=together)
            started = time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as pool:
                asked = [[read[n % len(read)]] for n in range(count // 3)]
                list(pool.map(batching.cells, asked))
            seconds[way] += time.perf_counter() - started
            batching.close()
    rates = {way: 3 * (count // 3) / each for way, each in seconds.items()}
    print(f"photographs encoded, {CLIENTS} waiting: one by one {rates['one by one']:.1f} a second, "
          f"up to 8 together {rates['together']:.1f}, "
          f"{rates['together'] / rates['one by one']:.2f} times")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
