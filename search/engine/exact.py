"""The index on this machine: exact, in memory, over one revision of the catalogue."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Catalogue, CataloguePhoto, Difference, Product, Snapshot, Vectors
from search.engine import saved_rows, saved_tables
from search.engine.derived import CHANGED_ENOUGH
from search.engine.filters import ProductTable, Where
from search.engine.index import BINS, Beside, Neighbours
from search.engine.query import Metric
from search.engine.remembering import remembered
from search.engine.rows import SAME_ORDER_AS_COSINE, FeatureRows, Nearest
from search.errors import CatalogueError, FeatureError
from search.network.vectors import Feature

_SCORED = 8  # queries whose scores are remembered, 0.4 MB each at 100,000 photographs
_ROUNDING = 1e-5  # more than a float32 score is off by

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


class ExactIndex:
    """Compares a query with every photograph; an `Index`, safe under threads.

    `rows` are the photographs' features, `owner` (n,) int64 the place in `products`, which are
    ordered by id, of each row's product. `group` (n_products,) int64 tells variants of one thing,
    see `ProductTable`.
    """

    def __init__(
        self,
        rows: FeatureRows,
        products: Sequence[Product],
        owner: NDArray[np.int64],
        *,
        fingerprint: str,
        revision: int,
        group: NDArray[np.int64] | None = None,
        table: ProductTable | None = None,
    ) -> None:
        """Take arrays that agree with each other; `of` makes them from a snapshot."""
        self.rows = rows
        self.table = ProductTable(products, group) if table is None else table
        self.owner = owner
        self.fingerprint = fingerprint
        self.revision = revision
        self._row_group = self.table.group[owner]
        self._one_each = bool(np.bincount(self._row_group).max(initial=0) <= 1)
        # A search and the words about it ask by one query, and so does every move of a filter.
        self._scored = remembered(self._score, _SCORED)
        self._ranked: dict[Metric, FeatureRows] = {rows.metric: rows}

    @classmethod
    def of(cls, snapshot: Snapshot) -> ExactIndex:
        """Build the index of a snapshot, whose features it shares.

        :raises FeatureError: the snapshot's features are not unit rows.
        """
        return cls(
            FeatureRows.fit(snapshot.photo_ids, snapshot.vectors),
            snapshot.products,
            snapshot.row_product,
            fingerprint=snapshot.fingerprint,
            revision=snapshot.revision,
            table=ProductTable(snapshot.products, snapshot.group, snapshot.position),
        )

    def followed(self, after: Snapshot, since: Difference) -> ExactIndex:
        """Give the index of a snapshot that followed that of this one; see `Snapshot.since`.

        :raises FeatureError: a new feature is not a unit row.
        """
        came = since.came_rows
        FeatureRows.fit(after.photo_ids[came], after.vectors.taken(came))
        return type(self)(
            FeatureRows(after.photo_ids, after.vectors),
            after.products,
            after.row_product,
            fingerprint=after.fingerprint,
            revision=after.revision,
            table=self.table.followed(after, since),
        )

    def __len__(self) -> int:
        return len(self.rows)

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
        """Choose among the products that pass, by scores multiplied once a query; see `Index`.

        :raises QueryError: see `Index.search`.
        """
        mask = self.table.candidates(where).mask[self.owner]
        rows = np.flatnonzero(mask)
        cosines = self._scored(np.asarray(vector, np.float32).tobytes())[rows]
        scores = cosines if beside is None else beside.mixed(cosines, rows)
        best = self._best_of_groups(rows, scores)
        passes = np.ones(len(rows), bool) if min_score is None else scores >= min_score
        if floor is not None:
            passes &= cosines >= floor
        near, alike = rows[passes], scores[passes]
        passing = self._best_of_groups(near, alike)
        if metric in SAME_ORDER_AS_COSINE:
            found = self._most_similar(vector, k, near, alike, passing, metric, beside)
        else:
            mask[rows] = passes
            found = self._nearest(vector, min(k, len(passing)), mask, metric)
        return Neighbours(
            *found,
            eligible=len(best),
            passed=len(passing),
            best=float(cosines.max(initial=-1.0)),
            histogram=_histogram(best) if histogram else None,
        )

    def add(
        self,
        products: Sequence[Product],
        photos: Sequence[CataloguePhoto],
        features: NDArray[np.float32],
        *,
        revision: int,
    ) -> Self:
        """Copy the rows with the new ones behind them; see `Index.add`.

        :raises FeatureError: see `Index.add`.
        """
        merged = {product.id: product for product in (*self.table.products, *products)}
        if missing := sorted({photo.product_id for photo in photos} - merged.keys()):
            raise FeatureError(
                f"A photograph is of the product “{missing[0]}”, which the index does not have: "
                "add the product first."
            )
        new = np.array([photo.id for photo in photos], np.int64)
        owners = [*self._owners(), *(photo.product_id for photo in photos)]
        ids = np.concatenate([self.rows.ids, new])
        FeatureRows.fit(new, features)
        at = np.arange(len(self), len(ids))
        rows = self.rows.rows.changed(np.empty(0, np.int64), at, Vectors.of(features))
        return self._with(FeatureRows.fit(ids, rows), merged, owners, revision)

    def remove(
        self, photo_ids: Sequence[int], product_ids: Sequence[str] = (), *, revision: int
    ) -> Self:
        """Copy the rows that stay; see `Index.remove`."""
        gone = set(product_ids)
        owners = self._owners()
        stays = ~np.isin(self.rows.ids, np.asarray(photo_ids, np.int64))
        stays &= np.array([owner not in gone for owner in owners], bool)
        products = {p.id: p for p in self.table.products if p.id not in gone}
        rows = FeatureRows(self.rows.ids[stays], self.rows.rows.taken(np.flatnonzero(stays)))
        left = [owner for owner, there in zip(owners, stays, strict=True) if there]
        return self._with(rows, products, left, revision)

    def grouped(self, group: NDArray[np.int64]) -> Self:
        """Take the same rows; see `Index.grouped`."""
        return type(self)(
            self.rows,
            self.table.products,
            self.owner,
            fingerprint=self.fingerprint,
            revision=self.revision,
            group=group,
        )

    @cached_property
    def _row(self) -> Mapping[int, int]:
        """Give each photograph's row, by its id."""
        return {id: n for n, id in enumerate(self.rows.ids.tolist())}

    def _owners(self) -> list[str]:
        return [self.table.products[position].id for position in self.owner]

    def _with(
        self, rows: FeatureRows, products: dict[str, Product], owners: list[str], revision: int
    ) -> Self:
        order = tuple(products[id] for id in sorted(products))
        position = {product.id: n for n, product in enumerate(order)}
        owner = np.array([position[id] for id in owners], np.int64)
        return type(self)(rows, order, owner, fingerprint=self.fingerprint, revision=revision)

    def _score(self, vector: bytes) -> Scores:
        """Give the score of every row with a query (d,) float32."""
        scores = self.rows.scores(np.frombuffer(vector, np.float32))[1]
        scores.flags.writeable = False
        return scores

    def _best_of_groups(self, rows: NDArray[np.intp], scores: Scores) -> Scores:
        """Give the best score of each group that has a row, unsorted."""
        if self._one_each:
            return scores
        every = np.full(len(self), -np.inf, np.float32)
        every[rows] = scores
        order, starts = self._side_by_side
        best: Scores = np.maximum.reduceat(every[order], starts)
        return best[np.isfinite(best)]

    @cached_property
    def _side_by_side(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Give the rows ordered by group (n,), and where each group starts."""
        order = np.argsort(self._row_group, kind="stable")
        return order, np.unique(self._row_group[order], return_index=True)[1]

    def _most_similar(
        self,
        vector: Feature,
        k: int,
        rows: NDArray[np.intp],
        scores: Scores,
        passing: Scores,
        metric: Metric,
        beside: Beside | None,
    ) -> Nearest:
        """Choose the k best groups by scores that are known already."""
        near = rows
        if k < len(passing):
            # No row below the k-th best group's score can be shown.
            near = rows[scores >= float(np.partition(passing, -k)[-k]) - _ROUNDING]
        found = self._by(metric).measured(vector, near)
        if beside is not None:
            found = found._replace(distances=1 - beside.mixed(found.scores, near))
        return self._one_of_each(found, near, k)

    def _nearest(self, vector: Feature, k: int, mask: Mask, metric: Metric) -> Nearest:
        """Choose the k best groups by another metric, which measures every row itself."""
        ranked, wanted = self._by(metric), k
        while True:
            block = ranked.query(vector, max(wanted, 1), mask)
            rows = np.array([self._row[id] for id in block.ids[0].tolist()], np.intp)
            first = Nearest(block.ids[0], block.scores[0], block.distances[0])
            found = self._one_of_each(first, rows, k)
            # Several photographs of one group take one tile, so k tiles may need more rows; and
            # all that are as near as the last tile, for the cheapest of a group is shown.
            whole = self._one_each or found.distances[k - 1 : k] < first.distances[-1:]
            if len(rows) < wanted or (len(found.ids) >= k and np.all(whole)):
                return found
            wanted *= 2

    def _one_of_each(self, found: Nearest, rows: NDArray[np.intp], k: int) -> Nearest:
        """Keep the nearest photograph of each group, nearest first, equal ones by id.

        Within a group equally near ones are by price: it is shown by its cheapest.
        """
        if self._one_each:
            chosen = np.lexsort((found.ids, found.distances))[:k]
        else:
            price = self.table.cheapest_first(self.owner[rows])
            order = np.lexsort((found.ids, *price, found.distances))
            first = order[np.unique(self._row_group[rows[order]], return_index=True)[1]]
            chosen = first[np.lexsort((found.ids[first], found.distances[first]))][:k]
        return Nearest(found.ids[chosen], found.scores[chosen], found.distances[chosen])

    def _by(self, metric: Metric) -> FeatureRows:
        if metric not in self._ranked:
            self._ranked[metric] = self.rows.with_metric(metric)
        return self._ranked[metric]


def open_index(catalogue: Catalogue, snapshot: Snapshot) -> ExactIndex:
    """Build the index of a snapshot; save it, but for what came from there.

    A folder that cannot be written costs reading them from the database each time, nothing else.

    :raises FeatureError: the snapshot's features are not unit rows.
    """
    index = ExactIndex.of(snapshot)
    with contextlib.suppress(OSError, CatalogueError):
        if snapshot.fetched > CHANGED_ENOUGH * len(index):
            saved_rows.save(snapshot, catalogue.folder)
        if _is_news(snapshot):
            saved_tables.save(snapshot, catalogue.folder)
    return index


def _is_news(snapshot: Snapshot) -> bool:
    """Tell whether products and photographs are worth saving: not those of a damaged catalogue."""
    if snapshot.since is None:
        return len(snapshot.photo_ids) > 0 and not snapshot.left_out
    return len(snapshot.since.fresh) > CHANGED_ENOUGH * len(snapshot.products)


def _histogram(scores: Scores) -> NDArray[np.int64]:
    return np.histogram(scores, bins=BINS, range=(-1.0, 1.0))[0].astype(np.int64)
