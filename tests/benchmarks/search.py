"""Searching 100,000 features of 512 numbers: this index beside scikit-learn's, in one run."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable

import numpy as np
from sklearn.neighbors import NearestNeighbors

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Where
from search.engine.query import METRICS

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
    rows, queries = _features(ROWS, 0), _features(64, 1)
    query, another = queries[0], itertools.cycle(queries)  # no query is asked twice in a row
    rng = np.random.default_rng(2)
    shares = {0.5: 200, 0.1: 100, 0.01: 0}  # a filter passing this share: prices up to
    price = rng.choice([0, 100, 200, 300], ROWS, p=[0.01, 0.09, 0.4, 0.5])
    index = ExactIndex.of(_snapshot(rows, price))
    grouped = ExactIndex.of(_snapshot(rows, price, variants=4))
    everything = Where(Filters(in_stock=False, active=False))
    estimators = {
        metric: NearestNeighbors(metric=metric, algorithm="brute").fit(rows)
        for metric in ("cosine", "euclidean")
    }
    found = index.search(query, K, everything)
    same = all(
        np.array_equal(np.sort(found.ids), np.sort(estimator.kneighbors(query[None], K)[1][0]))
        for estimator in estimators.values()
    )

    calls: dict[str, Callable[[], object]] = {
        f"scikit-learn, {metric}": lambda estimator=estimator: estimator.kneighbors(query[None], K)
        for metric, estimator in estimators.items()
    }
    calls["this index, cosine"] = lambda: index.search(next(another), K, everything)
    calls["with all scores counted"] = lambda: index.search(
        next(another), K, everything, histogram=True
    )
    for share, highest in shares.items():
        where = Where(Filters(price_max=highest, currency="EUR", in_stock=False, active=False))
        calls[f"filter passing {share:.0%}"] = lambda where=where: index.search(
            next(another), K, where
        )
    calls["four variants of each thing"] = lambda: grouped.search(next(another), K, everything)
    for metric in METRICS[1:]:
        calls[metric] = lambda metric=metric: index.search(
            next(another), K, everything, metric=metric
        )
    times = _median(calls)

    base, ours = times["scikit-learn, cosine"], times["this index, cosine"]
    print(f"Search {ROWS:,} x {SIZE}, k = {K}, median of {ROUNDS}")
    for name, seconds in times.items():
        print(f"  {name:<30} {seconds * 1e3:9.2f} ms   {base / seconds:6.1f}x")
    print(f"  same answer as scikit-learn: {'yes' if same else 'NO'}")
    print(f"  faster than scikit-learn:    {base / ours:.1f}x (wanted: 8x)")
    ratio = times["filter passing 10%"] / ours
    several = times["four variants of each thing"] / ours
    print(f"  with four variants of each:  {several:.2f} of the time without")
    print(f"  with a 10% filter:           {ratio:.2f} of the time without (wanted: 1 at most)")
    return 0 if same else 1


def _snapshot(rows: np.ndarray, price: np.ndarray, variants: int = 1) -> Snapshot:
    """Give a catalogue of one photograph a product, of these prices, in groups of so many."""
    products = tuple(
        Product(f"{n:06}", price=amount, currency="EUR", item_group=f"{n // variants}")
        for n, amount in enumerate(price.tolist())
    )
    photos = tuple(
        CataloguePhoto(n, product.id, "", "", "", 1, 1) for n, product in enumerate(products)
    )
    return Snapshot(1, "drawn-000000000000", products, photos, np.arange(len(rows)), rows)
