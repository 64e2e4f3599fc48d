"""Unit features compared exactly: one matrix product, a partial sort, and the few left measured.

A query has two steps. A fast one, in float32, finds everything that could be among the k best: for
cosine, euclidean and correlation that is one matrix product and a partial sort. Then the few found
are measured again in float64, so that equal photographs get equal distances wherever they lie in
the matrix, and ties are settled by id: the same question always gives the same answer.

scikit-learn's NearestNeighbors over the same rows gives the same answers (`estimator`, tested). The
search doesn't ask it: `kneighbors` turns all rows into float64 at every call, which takes several
times as long (`python -m tests.benchmarks search`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search.catalogue import Vectors
from search.engine.query import METRICS, Metric
from search.errors import FeatureError, QueryError

METRIC_NOTES: dict[Metric, str] = {
    "cosine": "The angle between two features: the usual choice, and the score shown on each tile.",
    "euclidean": "The straight-line distance; as every feature has length 1, it ranks exactly as "
    "cosine does.",
    "manhattan": "The sum of all differences; many small ones weigh more here than with cosine.",
    "chebyshev": "The largest single difference only; rarely a good ranking, offered to compare.",
    "correlation": "The cosine after each feature's own mean is taken off; close to cosine, but "
    "not the same order.",
}
"""One sentence on each metric, to choose by."""

SAME_ORDER_AS_COSINE = frozenset({"cosine", "euclidean"})

_PRODUCT_METRICS = frozenset({"cosine", "euclidean", "correlation"})  # one matrix product each
_BLOCK = 1 << 24  # float32 numbers a block of distances may hold: 64 MB
_ROWS = 4096  # rows turned into float64 at once
_GATHER_BELOW = 0.12  # copying the eligible rows out beats multiplying all of them below this share
_SLACK = {"cosine": 4e-6, "euclidean": 4e-6, "correlation": 4e-6, "manhattan": 2e-5}
_DEFAULT_SLACK = 1e-6  # what float32 may be off by, for the metrics not named above

ESTIMATOR = {"metric": "euclidean", "algorithm": "brute"}
"""The parameters of the NearestNeighbors that is saved with the rows."""

Ids = NDArray[np.int64]


class Nearest(NamedTuple):
    """The k' nearest photographs of each of q queries, nearest first, equal ones by id.

    `ids` (q, k') int64; `scores` (q, k') float32, the cosine similarity in [-1, 1] whatever the
    metric; `distances` (q, k') float32 in the metric.
    """

    ids: Ids
    scores: NDArray[np.float32]
    distances: NDArray[np.float32]


class FeatureRows:
    """Compares a query with every row. `rows` (n, d) have length 1; `ids` (n,) int64.

    Safe under threads: nothing changes after construction.
    """

    def __init__(self, ids: Ids, rows: Vectors, metric: Metric = "cosine") -> None:
        """Take checked rows as they are; `fit` checks them first."""
        if metric not in METRICS:
            raise QueryError(f"There is no metric “{metric}”: choose one of {', '.join(METRICS)}.")
        self.ids = ids
        self.rows = rows
        self.metric = metric
        if metric == "correlation":
            self._mean, self._spread = np.hstack([np.empty((2, 0)), *map(_moments, rows.parts())])

    @classmethod
    def fit(
        cls, ids: ArrayLike, rows: ArrayLike | Vectors, metric: Metric = "cosine"
    ) -> FeatureRows:
        """Build an index of photograph ids (n,) and their unit features (n, d).

        :raises FeatureError: a row is not finite or not of length 1, or the shapes do not agree.
        :raises QueryError: the metric is unknown.
        """
        photo_ids = np.ascontiguousarray(ids, dtype=np.int64)
        shape = rows.shape if isinstance(rows, Vectors) else np.shape(rows)
        if len(shape) != 2 or photo_ids.shape != shape[:1]:
            raise FeatureError(
                f"{photo_ids.size} photographs came with features of shape {shape}: "
                "encode the catalogue again."
            )
        features = rows if isinstance(rows, Vectors) else Vectors.of(rows)
        if np.unique(photo_ids).size != photo_ids.size:
            raise FeatureError("A photograph is listed twice: each needs an id of its own.")
        wrong = features.not_unit()
        if wrong.size:
            raise FeatureError(
                f"The feature of photograph {photo_ids[wrong[0]]} is not finite or not of length 1 "
                f"({wrong.size} in all): encode these photographs again."
            )
        return cls(photo_ids, features, metric)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """Numbers in a feature."""
        return self.rows.size

    def estimator(self) -> Any:
        """Fit scikit-learn's NearestNeighbors on these rows, brute force.

        On unit rows the Euclidean distance ranks as the cosine does, and unlike metric="cosine" it
        doesn't scale all rows to length 1 again at every call.
        """
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors(**ESTIMATOR).fit(self.rows[:])

    def with_metric(self, metric: Metric) -> FeatureRows:
        """Give an index that ranks by another metric over the same rows, without a copy."""
        return self if metric == self.metric else FeatureRows(self.ids, self.rows, metric)

    def query(
        self, vectors: ArrayLike, k: int, candidates: NDArray[np.bool_] | None = None
    ) -> Nearest:
        """Find the k nearest candidates of each vector.

        `vectors` (q, d) or (d,) may have any length but 0. `candidates` (n,) bool says which rows
        may be answers; it is applied before the k best are taken, so k' = min(k, eligible).
        :raises QueryError: k below 1, a vector of another size, not finite or all zero, or
            candidates of another length.
        """
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
            raise QueryError(f"The number of results is a whole number, 1 or more, not {k!r}.")
        queries = self._unit(vectors)
        positions = self._positions(candidates)
        eligible = len(self) if positions is None else len(positions)
        k = min(int(k), eligible)
        shape = (len(queries), k)
        found = Nearest(
            np.empty(shape, np.int64), np.empty(shape, np.float32), np.empty(shape, np.float32)
        )
        if k == 0:
            return found
        done = 0
        for coarse in self._coarse(queries, positions):
            for row in coarse:
                self._best(queries[done], row, positions, found, done)
                done += 1
        return found

    def scores(
        self, vector: ArrayLike, candidates: NDArray[np.bool_] | None = None
    ) -> tuple[Ids, NDArray[np.float32]]:
        """Give the ids and the cosine similarities of all candidates, in the order of the rows.

        :raises QueryError: as `query`.
        """
        queries = self._unit(vector)
        if len(queries) != 1:
            raise QueryError(f"Scores are for one feature at a time, not {len(queries)}.")
        positions = self._positions(candidates)
        ids = self.ids if positions is None else self.ids[positions]
        if not ids.size:
            return ids, np.empty(0, np.float32)
        return ids, np.clip(self._products(queries, positions)[0], -1, 1)

    def measured(self, vector: ArrayLike, near: NDArray[np.intp]) -> Nearest:
        """Measure the rows of the positions `near` (m,) in float64, in that order; arrays (m,).

        :raises QueryError: as `query`.
        """
        (query,) = self._unit(vector)
        return Nearest(self.ids[near], *measure(query, self.rows, near, self.metric))

    def _unit(self, vectors: ArrayLike) -> NDArray[np.float64]:
        """Bring queries to (q, d), float64, length 1."""
        try:
            queries = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise QueryError("A query must be a feature: an array of numbers.") from error
        if queries.ndim != 2 or (len(self) and queries.shape[1] != self.size):
            raise QueryError(
                f"The catalogue's features have {self.size} numbers, the query's shape is "
                f"{np.shape(vectors)}: encode the query with the catalogue's network."
            )
        lengths = np.linalg.norm(queries, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise QueryError("The query's feature is empty or not finite: try another photograph.")
        unit: NDArray[np.float64] = queries / lengths
        return unit

    def _positions(self, candidates: NDArray[np.bool_] | None) -> NDArray[np.intp] | None:
        """Turn a mask into row numbers; None stands for all rows."""
        if candidates is None:
            return None
        mask = np.asarray(candidates)
        if mask.shape != (len(self),) or mask.dtype != np.bool_:
            raise QueryError(
                f"The filter covers {mask.shape} as {mask.dtype}, the index has {len(self)} rows: "
                "open the catalogue again."
            )
        return None if mask.all() else np.flatnonzero(mask)

    def _products(
        self, queries: NDArray[np.float64], positions: NDArray[np.intp] | None
    ) -> NDArray[np.float32]:
        """Multiply queries (q, d) with the eligible rows: (q, eligible) float32."""
        narrow = queries.astype(np.float32)
        if positions is not None and len(positions) < _GATHER_BELOW * len(self):
            return narrow @ self.rows[positions].T
        product = self.rows.products(narrow)
        return product if positions is None else product[:, positions]

    def _coarse(
        self, queries: NDArray[np.float64], positions: NDArray[np.intp] | None
    ) -> Iterator[NDArray[np.float32]]:
        """Yield blocks (some q, eligible) of float32 numbers that rank as the metric does."""
        step = max(1, _BLOCK // len(self))
        for start in range(0, len(queries), step):
            block = queries[start : start + step]
            if self.metric not in _PRODUCT_METRICS:
                yield self._pairwise(block, positions)
                continue
            product = self._products(block, positions)
            if self.metric == "correlation":
                take = slice(None) if positions is None else positions
                mean, spread = _moments(block)
                product -= (self.size * mean[:, None] * self._mean[take]).astype(np.float32)
                with np.errstate(divide="ignore", invalid="ignore"):
                    product /= (spread[:, None] * self._spread[take]).astype(np.float32)
                product[~np.isfinite(product)] = 0  # a constant feature correlates with none
            yield np.negative(product, out=product)

    def _pairwise(
        self, queries: NDArray[np.float64], positions: NDArray[np.intp] | None
    ) -> NDArray[np.float32]:
        """Give scikit-learn's distances; a few rows at a time, as it turns them into float64."""
        from sklearn.metrics import pairwise_distances

        count = len(self) if positions is None else len(positions)
        distances = np.empty((len(queries), count), np.float32)
        for start in range(0, count, _ROWS):
            part = slice(start, start + _ROWS)
            rows = self.rows[part if positions is None else positions[part]]
            distances[:, part] = pairwise_distances(queries, rows, metric=self.metric)
        return distances

    def _best(
        self,
        query: NDArray[np.float64],
        coarse: NDArray[np.float32],
        positions: NDArray[np.intp] | None,
        found: Nearest,
        at: int,
    ) -> None:
        """Choose the k best of one query among all that the coarse distances cannot tell apart."""
        k = found.ids.shape[1]
        slack = _SLACK.get(self.metric, _DEFAULT_SLACK)
        if self.metric == "correlation":
            tightest = float(self._spread.min(where=self._spread > 0, initial=1))
            slack /= max(float(_moments(query[None])[1][0]) * tightest, 1e-4)
        limit = np.partition(coarse, k - 1)[k - 1] + slack
        near = np.flatnonzero(coarse <= limit)
        if positions is not None:
            near = positions[near]
        scores, distances = measure(query, self.rows, near, self.metric)
        ids = self.ids[near]
        order = np.lexsort((ids, distances))[:k]
        found.ids[at] = ids[order]
        found.scores[at] = scores[order]
        found.distances[at] = distances[order]


def measure(
    query: NDArray[np.float64], rows: Vectors, near: NDArray[np.intp], metric: Metric
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the cosine similarities and the distances of the rows `near`, float64 inside."""
    scores = np.empty(len(near))
    distances = np.empty(len(near))
    for start in range(0, len(near), _ROWS):
        part = slice(start, start + _ROWS)
        unit = rows[near[part]].astype(np.float64)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        scores[part] = (unit * query).sum(axis=1)
        distances[part] = _distance(unit, query, scores[part], metric)
    np.clip(scores, -1, 1, out=scores)
    return scores.astype(np.float32), distances.astype(np.float32)


def _distance(
    unit: NDArray[np.float64],
    query: NDArray[np.float64],
    cosine: NDArray[np.float64],
    metric: Metric,
) -> NDArray[np.float64]:
    distance: Any
    if metric == "cosine":
        distance = 1 - np.clip(cosine, -1, 1)
    elif metric == "correlation":
        mean, spread = _moments(unit)
        query_mean, query_spread = _moments(query[None])
        both = spread * query_spread
        shared = cosine - query.size * mean * query_mean
        distance = 1 - np.divide(shared, both, out=np.zeros_like(both), where=both > 0)
        np.clip(distance, 0, 2, out=distance)
    else:
        order = {"euclidean": 2, "manhattan": 1, "chebyshev": np.inf}[metric]
        distance = np.linalg.norm(unit - query, ord=order, axis=1)
    result: NDArray[np.float64] = distance
    return result


def _moments(rows: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each row's mean and the length it has once that mean is taken off (0 if constant)."""
    mean = rows.mean(axis=1, dtype=np.float64) if rows.shape[1] else np.zeros(len(rows))
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    spread = np.sqrt(np.maximum(squares - rows.shape[1] * mean**2, 0))
    spread[spread < 1e-4] = 0  # below this it is rounding, not structure
    return mean, spread
