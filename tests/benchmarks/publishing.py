"""What publishing to Milvus takes: all of a catalogue, a change of it, and being killed on the way.

The demo's catalogue goes to milvus-lite in a folder of its own, or to the server at MILVUS_URI
(with MILVUS_TOKEN): the whole of it, then ten products that sell out, each publication timed from
the change to the state that readers see. A search by a product's feature is timed beside the exact
index's. Then a publication is killed at fifty moments and completed by the next (see
tests.unit.engine.killed_publishing), always with milvus-lite.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from search import workspace
from search.catalogue import Catalogue
from search.engine import own_network
from search.engine.exact import ExactIndex
from search.engine.filters import Where
from search.engine.index import Index
from search.engine.milvus import open_published
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from search.engine.publishing import Publisher
from search.network.extractor import extractor_for
from tests.helpers import ROOT
from tests.unit.engine import milvus_lite

MOMENTS, CHANGED, ROUNDS, K = 50, 10, 40, 12


def main(argv: list[str] | None = None) -> int:
    """Print seconds of publications, milliseconds of searches, and what became of killed ones."""
    moments = int(argv[1]) if argv and argv[0] == "--moments" else MOMENTS
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SEARCH_HOME"] = str(Path(folder) / "home")
        with workspace.open_catalogue() as catalogue:
            at = milvus_lite.address(milvus_lite.SERVERS[-1], Path(folder))
            _published(catalogue, at)
            disconnect(at)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.unit.engine.killed_publishing", folder, str(moments)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    completed = done.stdout.count("completed")
    print(f"killed at {moments} moments: {completed} completed by the next publication")
    return int(completed != moments)


def _published(catalogue: Catalogue, at: Address) -> None:
    fingerprint = extractor_for(own_network(catalogue)).fingerprint
    with Publisher(catalogue, fingerprint, at, grace=0) as publisher:
        whole, first = _timed(publisher.publish)
        print(f"{first.written} rows published in {whole:.2f} s ({at})")
        names = [product.id for product in catalogue.products()][:CHANGED]
        started = time.perf_counter()
        with catalogue.change("benchmark", "edit") as change:
            for name in names:
                change.update(name, stock=0)
        changed = publisher.publish()
        spent = time.perf_counter() - started
        print(f"{changed.written} rows of {CHANGED} changed products in {spent:.2f} s")
    snapshot = catalogue.snapshot(fingerprint)
    exact, milvus = ExactIndex.of(snapshot), open_published(at, consistency="Strong").index
    assert len(exact) == len(milvus)
    vectors = list(snapshot.features[:: max(1, len(exact) // ROUNDS)])
    times: dict[str, list[float]] = {"exact": [], "milvus": []}
    for vector in vectors:  # by turns, so that both have the same machine
        for name, index in (("exact", exact), ("milvus", milvus)):
            times[name].append(_timed(lambda i=index, v=vector: _search(i, v))[0])
    ours, theirs = (statistics.median(each) * 1000 for each in times.values())
    print(
        f"top {K} of {len(exact)}: exact index {ours:.2f} ms, Milvus {theirs:.2f} ms"
        f" ({theirs / ours:.0f} times)"
    )


def _search(index: Index, vector: object) -> object:
    return index.search(vector, K, Where())


def _timed(action: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    sys.exit(main())
