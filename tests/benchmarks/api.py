"""The API beside the engine it asks, on the demo catalogue: what HTTP costs, what batches gain.

With `--published` instead: two servers of the API, one beside the catalogue (SQLite, the exact
index in memory), one with nothing but the same catalogue published to Milvus, asked the same by
turns. It is published to a server of milvus-lite that is started for it, or to the address given.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
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
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from search import photos, workspace
from search.api.batching import BatchingExtractor
from search.api.sources import INDEX
from search.engine import Options, Query, SearchEngine, own_network
from search.engine.milvus import open_published
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from search.engine.publishing import publish
from search.network.extractor import extractor_for
from tests.helpers import ROOT
from tests.unit.api.published import milvus_server

CLIENTS = 16
START = 120  # seconds that the server may take to come up


def main(argv: list[str] | None = None) -> int:
    """Print requests a second, p50 and p95, and ratios; fail where an answer was refused."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=320, help="of each kind (default 320)")
    parser.add_argument(
        "--published",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="compare with an index in Milvus",
    )
    arguments = parser.parse_args(argv)
    count = arguments.requests
    with tempfile.TemporaryDirectory() as home:
        os.environ["SEARCH_HOME"] = home
        workspace.install_demo()
        pictures = [file.read_bytes() for file in sorted((workspace.DEMO / "customers").iterdir())]
        engine = _engine()
        names = [product.id for product in engine.loaded().snapshot.products if product.active]
        if arguments.published is not None:
            return _published(engine, arguments.published, home, names, count)
        print(f"Demo catalogue, {len(names)} products, {CLIENTS} clients, {count} requests a kind")
        with _server(home) as url:
            _on_top(engine, url, names)
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
def _server(home: str, **settings: str):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "search.api:app", "--port", str(port)]
    command += ["--log-level", "warning"]
    environment = {**os.environ, "SEARCH_HOME": home, **settings}
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


def _published(
    engine: SearchEngine, address: str, home: str, names: Sequence[str], count: int
) -> int:
    """One client, by turns, beside the catalogue and with the index alone; then all at once.

    Not all at once of milvus-lite, which is one process of Python.
    """
    with contextlib.ExitStack() as stack:
        lite = not address
        if lite:
            address = stack.enter_context(milvus_server(Path(home) / "milvus")).address
        started = time.perf_counter()
        done = publish(engine.catalogue, engine.extractor.fingerprint, Address.parse(address))
        print(f"{done.products} products, {done.photographs} photographs published to {address} in "
              f"{time.perf_counter() - started:.1f} s")  # fmt: skip
        # milvus-lite searches faster what it has sorted into its files; a server does so by itself.
        open_published(address).collection.flush()
        disconnect(Address.parse(address))
        empty = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {
            "SQLite and the exact index": stack.enter_context(_server(home)),
            "Milvus alone": stack.enter_context(_server(empty, **{INDEX: address})),
        }
        _by_turns(urls, names[:count])
        for way, url in [] if lite else urls.items():
            times, seconds = _in_threads(url, lambda client, n: _similar(client, names, n), count)
            print(f"{way}, {CLIENTS} clients: {count / seconds:.1f} a second, {_spread(times)}")
    return 0


def _by_turns(urls: dict[str, str], names: Sequence[str]) -> None:
    clients = {way: httpx.Client(base_url=url, timeout=60) for way, url in urls.items()}
    times: dict[str, list[float]] = {way: [] for way in urls}
    for n in range(len(names)):
        answers = []
        for way, client in clients.items():
            started = time.perf_counter()
            answer = _similar(client, names, n)
            times[way].append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise SystemExit(answer.text)
            answers.append(answer.json()["hits"])
        if answers[0] != answers[1]:
            raise SystemExit(f"{names[n]} is answered differently.")
    for way, each in times.items():
        print(f"similar by product, {way}, one client: {_spread(each)}")
    here, there = (statistics.median(each) for each in times.values())
    print(f"{len(names)} answers are the same; from Milvus in {there / here:.1f} times the time")


def _similar(client: httpx.Client, names: Sequence[str], n: int) -> httpx.Response:
    return client.get(f"/products/{names[n % len(names)]}/similar", params={"k": 12})


def _spread(times: Sequence[float]) -> str:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return f"p50 {p50 * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def _on_top(engine: SearchEngine, url: str, names: Sequence[str]) -> None:
    """One client, by turns: the engine called, then the API asked for the same, and for nothing.

    The client is the standard library's, whose own cost is small beside httpx's.
    """
    took: dict[str, list[float]] = {"engine": [], "API": [], "empty": []}
    parts = urlsplit(url)
    client = http.client.HTTPConnection(parts.netloc, timeout=60)

    def ask(place: str) -> None:
        client.request("GET", f"{parts.path}/{place}")
        with client.getresponse() as answer:
            answer.read()
            assert answer.status == 200

    for name in names[:200]:
        for what, call in (
            ("engine", lambda name=name: engine.search(Query(product=name), None, Options(k=12))),
            ("API", lambda name=name: ask(f"products/{quote(name)}/similar?k=12")),
            ("empty", lambda: ask("health")),
        ):
            started = time.perf_counter()
            call()
            took[what].append(time.perf_counter() - started)
    ms = {what: statistics.median(times) * 1000 for what, times in took.items()}
    on_top = ms["API"] - ms["engine"]
    print(f"similar by product, one client: engine {ms['engine']:.1f} ms, API {ms['API']:.1f} ms, "
          f"{on_top:.1f} ms on top; an empty answer {ms['empty']:.1f} ms")  # fmt: skip


def _many(url: str, names: Sequence[str], pictures: Sequence[bytes], count: int) -> None:
    """All clients at once."""

    def product(client: httpx.Client, n: int) -> httpx.Response:
        return _similar(client, names, n)

    def photograph(client: httpx.Client, n: int) -> httpx.Response:
        # Bytes behind the picture make it another one, which nobody has searched by before.
        files = {"photo": pictures[n % len(pictures)] + n.to_bytes(4, "big")}
        return client.post("/search", params={"k": 12}, files=files)

    for kind, ask in (("similar by product", product), ("search by photograph", photograph)):
        times, seconds = _in_threads(url, ask, count)
        print(f"{kind}, {CLIENTS} clients: {count / seconds:.1f} a second, {_spread(times)}")


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
