"""Importing photographs, beside encoding the same ones and doing nothing else, in one run.

Also how soon a single new photograph is found. Photographs are drawn; the network is the bundled.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from search.catalogue import Catalogue
from search.engine import Query, SearchEngine
from search.importing.add import Upload, add_products
from search.importing.apply import apply_import
from search.importing.plan import plan_import
from search.network.extractor import NetworkExtractor
from search.network.stream import stream
from tests.benchmarks.encode import photograph

PHOTOGRAPHS = 5000
SIZE = (480, 480)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=PHOTOGRAPHS)
    count = parser.parse_args(arguments or []).count
    extractor = NetworkExtractor()
    with tempfile.TemporaryDirectory() as folder:
        photographs = Path(folder) / "photographs"
        photographs.mkdir()
        for seed in range(count):
            (photographs / f"{seed:05}.jpg").write_bytes(photograph(seed, SIZE))
        files = sorted(photographs.iterdir())
        extractor.warm()
        list(stream(extractor, files[:64]))  # every batch size is compiled before the clock runs
        with Catalogue(Path(folder) / "shop") as catalogue:
            half = count // 2
            alone = encoding(extractor, files[:half])
            checked, applied = importing(catalogue, extractor, photographs)
            alone += encoding(extractor, files[half:])
            again, _ = importing(catalogue, extractor, photographs)
            found = adding(catalogue, extractor)
    print(f"{count:,} photographs of {SIZE[0]} x {SIZE[1]}")
    print(f"  encoding alone        {alone:7.1f} s   {count / alone:6.1f} a second   1.00x")
    print(f"  import, applied       {applied:7.1f} s   {count / applied:6.1f} a second", end="")
    print(f"   {applied / alone:.2f}x the time (wanted: 1.15 at most)")
    print(f"  its dry run           {checked:7.1f} s   {checked / alone:.2f}x")
    print(f"  dry run again         {again:7.1f} s   nothing is decoded or encoded twice")
    print(f"  one photograph added and found: {found * 1000:.0f} ms (wanted: 1,000 at most)")


def encoding(extractor: NetworkExtractor, files: list[Path]) -> float:
    started = time.perf_counter()
    for _ in stream(extractor, files):
        pass
    return time.perf_counter() - started


def importing(
    catalogue: Catalogue, extractor: NetworkExtractor, photographs: Path
) -> tuple[float, float]:
    started = time.perf_counter()
    plan = plan_import(catalogue, extractor.fingerprint, photos=photographs)
    checked = time.perf_counter()
    apply_import(catalogue, extractor, plan, actor="benchmark")
    return checked - started, time.perf_counter() - checked


def adding(catalogue: Catalogue, extractor: NetworkExtractor) -> float:
    """Seconds from a photograph's bytes until a search by it finds its product first."""
    engine = SearchEngine(catalogue, extractor)
    engine.search(Query.by(photograph(0, SIZE)))
    data = photograph(10**6, SIZE)
    started = time.perf_counter()
    add_products(catalogue, extractor, [Upload("new.jpg", data)], "benchmark")
    best = engine.search(Query.by(data)).hits[0]
    seconds = time.perf_counter() - started
    if best.product.id != "new":
        raise SystemExit("The photograph just added was not found.")
    return seconds
