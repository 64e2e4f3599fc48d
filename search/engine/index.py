"""What a search needs of an index: here and exact, or in a vector database on another machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, CataloguePhoto, Difference, Product, Snapshot
from search.engine.filters import ProductTable, Where
from search.engine.query import Metric
from search.network.vectors import Feature

BINS = 200  # of a histogram of scores, equal parts of -1 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The k' nearest products, each by its nearest photograph; equal ones by the photograph's id.

    Variants of one thing are one answer, that of which a photograph is nearest; of equally near
    ones the cheapest, then by id. They count as one product here.

    `ids` (k',) int64 of the photographs; `scores` (k',) float32, the cosine similarity in [-1, 1]
    whatever the metric; `distances` (k',) float32 in the metric, which with another similarity
    beside it are 1 less the mixture. Of `eligible` products, all that may be answers, `passed` have
    the minimum score and the floor, and the most similar has the score `best` (-1 where there is
    none). `histogram` (BINS,) int64 counts all eligible products by score, where it was asked for.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]
    distances: NDArray[np.float32]
    eligible: int
    passed: int
    best: float
    histogram: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Another similarity to the query, and the share from 0 to 1 that it has in the mixture.

    `scores` (n,) float32 are of all photographs, by id. An index that keeps the photographs'
    colours itself takes the query's `colours` (COLOURS,) float32 instead, a unit row.
    """

    scores: NDArray[np.float32]
    share: float
    colours: NDArray[np.float32] | None = None

    def mixed(self, cosines: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Mix the cosines (m,) of the photographs at `rows` (m,) with their other similarity."""
        mixture: NDArray[np.float32] = (1 - self.share) * cosines + self.share * self.scores[rows]
        return mixture.astype(np.float32)


class Index(Protocol):
    """Finds the nearest products by the features of their photographs; immutable."""

    def __len__(self) -> int:
        """Count the photographs."""

    @property
    def revision(self) -> int:
        """The catalogue revision it answers for."""

    def search(
        self,
        vector: Feature,
        k: int,
        where: Where,
        min_score: float | None = None,
        *,
        floor: float | None = None,
        metric: Metric = "cosine",
        histogram: bool = False,
        beside: Beside | None = None,
    ) -> Neighbours:
        """Find the k nearest products that may be answers and have the minimum score.

        The conditions are obeyed before the k best are taken, so k' is k, or all that pass. With
        another similarity `beside` the cosine, the mixture of both decides, by the minimum too; the
        `floor` is the least cosine all the same.

        :raises QueryError: the vector (d,) is of another size, not finite or all zero.
        """

    def add(
        self,
        products: Sequence[Product],
        photos: Sequence[CataloguePhoto],
        features: NDArray[np.float32],
        *,
        revision: int,
    ) -> Index:
        """Give the index with these products as they are now, and new photographs of them.

        `features` (n, d) are the photographs' unit rows.

        :raises FeatureError: a row is not finite or not of length 1, or a photograph is there
            already or of a product that is not.
        """

    def remove(
        self, photo_ids: Sequence[int], product_ids: Sequence[str], *, revision: int
    ) -> Index:
        """Give the index without these photographs, and without these products and theirs."""

    def grouped(self, group: NDArray[np.int64]) -> Index:
        """Give the index in which products of one number are variants of one thing.

        `group` (n_products,) is by the products' ids in order; see `Snapshot.group`.
        """


@runtime_checkable
class Local(Protocol):
    """An index in this process: it shares the products' columns, and follows a snapshot itself."""

    table: ProductTable

    def followed(self, after: Snapshot, since: Difference) -> Index:
        """Give the index of a snapshot that followed that of this one; see `Snapshot.since`."""


def follow(index: Index, before: Snapshot, after: Snapshot) -> Index:
    """Bring the index of one snapshot to a later one by what came, went or changed."""
    if isinstance(index, Local) and after.since is not None:
        return index.followed(after, after.since)
    gone = np.setdiff1d(before.photo_ids, after.photo_ids)
    gone_products = [id for id in before.position if id not in after.position]
    known = {product.id: product for product in before.products}
    changed = [product for product in after.products if known.get(product.id) != product]
    new = np.flatnonzero(~np.isin(after.photo_ids, before.photo_ids))
    photos = [after.photo[id] for id in after.photo_ids[new].tolist()]
    shrunk = index.remove(gone.tolist(), gone_products, revision=after.revision)
    grown = shrunk.add(changed, photos, after.vectors[new], revision=after.revision)
    return grown.grouped(after.group)


IndexFactory = Callable[[Catalogue, Snapshot], Index]
"""Opens the index of a catalogue at a snapshot; given to the engine, which lets it follow."""
