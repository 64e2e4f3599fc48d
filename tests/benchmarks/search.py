"""Searching 100,000 features of 512 numbers: this index beside scikit-learn's, in one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from sklearn.neighbors import NearestNeighbors

from search.engine.index import METRICS, ExactIndex

ROWS, SIZE, K, ROUNDS = 100_000, 512, 24, 15


def _features(count: int, seed: int) -> np.ndarray:
    """Give unit rows as uneven as a ReLU network's, in clusters, so that near ones exist."""
    rng = np.random.default_rng(seed)
    centres = rng.gamma(0.5, size=(200, SIZE)).astype(np.float32)
    rows = centres[np.arange(count) % 200] + rng.gamma(0.5, 0.5, (count, SIZE)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _median(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Time the calls by turns, so that a busy moment hits all alike; seconds."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def main(argv: list[str] | None = None) -> int:
    """Print milliseconds and ratios; fail if the answers differ."""
    rows, query = _features(ROWS, 0), _features(1, 1)
    rng = np.random.default_rng(2)
    index = ExactIndex.fit(np.arange(ROWS), rows)
    sklearn = NearestNeighbors(metric="cosine", algorithm="brute").fit(rows)
    masks = {share: rng.random(ROWS) < share for share in (0.5, 0.1, 0.01)}

    distances, positions = sklearn.kneighbors(query, K)
    found = index.query(query, K)
    same = np.array_equal(np.sort(found.ids), np.sort(positions)) and np.allclose(
        found.distances, distances, atol=1e-5
    )

    calls: dict[str, Callable[[], object]] = {
        "scikit-learn, cosine": lambda: sklearn.kneighbors(query, K),
        "this index, cosine": lambda: index.query(query, K),
    }
    for share, mask in masks.items():
        calls[f"cosine, filter passing {share:.0%}"] = lambda mask=mask: index.query(query, K, mask)
    for metric in METRICS[1:]:
        other = index.with_metric(metric)
        calls[metric] = lambda other=other: other.query(query, K)
    times = _median(calls)

    base, ours = times["scikit-learn, cosine"], times["this index, cosine"]
    print(f"Search {ROWS:,} x {SIZE}, k = {K}, median of {ROUNDS}")
    for name, seconds in times.items():
        print(f"  {name:<30} {seconds * 1e3:9.2f} ms   {base / seconds:6.1f}x")
    print(f"  same answer as scikit-learn: {'yes' if same else 'NO'}")
    print(f"  faster than scikit-learn:    {base / ours:.1f}x (wanted: 10x)")
    ratio = times["cosine, filter passing 10%"] / ours
    print(f"  with a 10% filter:           {ratio:.2f} of the time without (wanted: 1 at most)")
    return 0 if same else 1
