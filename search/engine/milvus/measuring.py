"""Candidates that Milvus chose, measured and ordered as the exact index does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.catalogue import Product, Vectors
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Where
from search.engine.index import BINS, Beside, Neighbours
from search.engine.milvus.collection import Row
from search.engine.milvus.schema import NO_PRICE, TINT, as_number
from search.engine.query import Metric
from search.engine.rows import FeatureRows
from search.network.vectors import Feature
from search.photos.palette import COLOURS

MEASURED = (
    *("id", "vector", "product", "variants"),
    *("price", "sale_price", "sale_from", "sale_until"),
)
"""The fields of a row that it takes."""

_ALL = Where(Filters(in_stock=False, active=False))


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Measures and orders candidates as the exact index does."""

    query: Feature
    min_score: float | None
    floor: float | None
    metric: Metric
    beside: Beside | None
    moment: str

    def exactly(self, near: Sequence[Row], k: int, *, histogram: bool = False) -> Neighbours:
        """Give the k best groups of these rows; see `Index.search`."""
        if not near:
            return nothing(histogram)
        vectors = np.array([row["vector"] for row in near], np.float32)
        size = vectors.shape[1] - COLOURS
        names = sorted({row["product"] for row in near})
        position = {name: n for n, name in enumerate(names)}
        owner = np.array([position[row["product"]] for row in near], np.int64)
        of = {row["product"]: row for row in near}
        products = tuple(Product(name, price=price_at(of[name], self.moment)) for name in names)
        group = np.unique([of[name]["variants"] for name in names], return_inverse=True)[1]
        ids = np.array([row["id"] for row in near], np.int64)
        exact = ExactIndex(
            FeatureRows(ids, Vectors.of(vectors[:, :size])),
            products,
            owner,
            fingerprint="",
            revision=0,
            group=group.astype(np.int64),
        )
        beside = self.beside
        if beside is not None and beside.colours is not None:
            beside = replace(beside, scores=vectors[:, size:] @ beside.colours / np.float32(TINT))
        return exact.search(
            self.query,
            k,
            _ALL,
            self.min_score,
            floor=self.floor,
            metric=self.metric,
            histogram=histogram,
            beside=beside,
        )


def price_at(row: Row, moment: str) -> int | None:
    """Give what a row's product costs at a moment, minor units; None where it has no price."""
    on_sale = row["sale_from"] <= as_number(moment) < row["sale_until"]
    price = int(row["sale_price"] if on_sale else row["price"])
    return None if price == NO_PRICE else price


def nothing(histogram: bool) -> Neighbours:
    """Give the answer where no product passes."""
    none = np.empty(0, np.float32)
    counts = np.zeros(BINS, np.int64) if histogram else None
    return Neighbours(np.empty(0, np.int64), none, none, 0, 0, -1.0, counts)
