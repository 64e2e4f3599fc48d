"""The index in Milvus: an `Index` whose products and features are on another machine.

Milvus chooses the candidates: its filters are obeyed before the best are taken. Where twice as
many rows as are asked for do not hold enough products, as with many variants, its grouping search
finds how far the k-th best is, and its range search fetches all that are as near. These few are
then measured and ordered here as the exact index does it, so that ties, groups and scores are the
same. Up to `schema.EXACT_UP_TO` photographs Milvus compares every one; above, its graph finds
nearly all (`python -m search publish --verify` tells how many).

Milvus counts rows and not groups of variants. So products that are alone in their group are
counted by it, and of the others the groups are read, page by page. What Milvus has no search for
(metrics other than the cosine's, a histogram of all scores) reads all rows that pass the filters.

The collection is one: an index made by `add`, `remove` or `grouped` has changed it, and an earlier
one answers from what is there now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, Snapshot, Vectors, sales
from search.engine.filters import Where, one_currency
from search.engine.index import Beside, Neighbours
from search.engine.milvus import expressions, rows
from search.engine.milvus.collection import PAGE, Collection, Row
from search.engine.milvus.expressions import all_of, none_of, one_of
from search.engine.milvus.measuring import MEASURED, Measure, nothing
from search.engine.milvus.schema import FIRST, TINT, size_of
from search.engine.milvus.words import Vocabulary
from search.engine.query import Metric
from search.engine.remembering import remembered
from search.engine.rows import SAME_ORDER_AS_COSINE, FeatureRows
from search.errors import QueryError
from search.network.vectors import Feature
from search.photos.palette import COLOURS

ENCODED = "encoded == true"
_ROUNDING = 1e-5  # more than a float32 score is off by
_LAST_DIGIT = 1e-6  # what two computations of one score differ by
_MORE = 16  # rows asked for beside those that are expected
_FEW = 1_000  # rows with their vectors asked for at once
_COUNTED = 256  # filters whose count is remembered


class MilvusIndex:
    """Finds the nearest products in a collection of Milvus; an `Index`, safe under threads."""

    def __init__(
        self,
        collection: Collection,
        *,
        revision: int,
        vocabulary: Vocabulary | None = None,
        moment: str = "",
    ) -> None:
        """Take a collection as it is; `of` and `search.engine.publishing` fill one.

        Prices are those of the `moment`, or of each search's own.
        """
        self.collection = collection
        self.revision = revision
        self.vocabulary = vocabulary or Vocabulary()
        self._moment = moment
        self._counted = remembered(self._count, _COUNTED)
        self._variants = remembered(self._groups_of, _COUNTED)

    @classmethod
    def of(
        cls,
        collection: Collection,
        snapshot: Snapshot,
        colours: Feature | None = None,
        *,
        moment: str = "",
    ) -> MilvusIndex:
        """Make the collection of a snapshot, as it does not exist yet.

        `colours` (n, COLOURS) are of its rows, zeros where they are not known.

        :raises FeatureError: the snapshot's features are not unit rows.
        :raises IndexUnavailable: Milvus does not answer.
        """
        words = rows.fill(collection, snapshot, colours)
        return cls(collection, revision=snapshot.revision, vocabulary=words, moment=moment)

    def __len__(self) -> int:
        return self._encoded

    @cached_property
    def _encoded(self) -> int:
        return self.collection.count(ENCODED)

    @cached_property
    def size(self) -> int:
        """Numbers in a feature."""
        return size_of(self.collection.connection, self.collection.name)

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
        """Let Milvus choose the candidates, and order them; see `Index`.

        :raises QueryError: see `Index.search`; or a similarity `beside` that has no colours.
        :raises IndexUnavailable: Milvus does not answer.
        """
        query = self._checked(vector)
        eligible = all_of(ENCODED, self.condition(where))
        count = self._counted(eligible)
        if not count:
            return nothing(histogram)
        measure = Measure(query, min_score, floor, metric, beside, self.moment)
        if histogram or metric not in SAME_ORDER_AS_COSINE:
            every = list(self.collection.every(eligible, MEASURED))
            return measure.exactly(every, k, histogram=histogram)
        if beside is not None and floor is not None:
            # Milvus bounds one score; the cosine's bound is the tighter, the rest is done here.
            near = self._within(self._query(query), eligible, floor, MEASURED, 4 * k)
            found = measure.exactly(near, k)
            return replace(found, eligible=count, best=self._best(query, eligible))
        ranked, least = self._query(query, beside), _largest(min_score, floor)
        near = self._k_best(ranked, eligible, k, least, count)
        found = measure.exactly(near, k)
        passed = count if least is None else found.passed
        if least is not None and found.passed >= k:
            passed = self._groups_within(ranked, eligible, least)
        # The most similar is among what is near, unless that was chosen by another score or bound.
        best = found.best if near and beside is None else self._best(query, eligible)
        return replace(found, eligible=count, passed=passed, best=best)

    def _best(self, query: Feature, expression: str) -> float:
        """Give the highest cosine of all rows that an expression lets through."""
        (nearest,) = self.collection.nearest(self._query(query), expression, most=1)
        return min(max(float(nearest["score"]), -1.0), 1.0)

    def condition(self, where: Where) -> str:
        """Write the conditions on products as an expression of Milvus; "" for none.

        :raises QueryError: see `ProductTable.currency`.
        """
        return expressions.condition(
            where,
            moment=self.moment,
            currency=self.currency,
            variants=self._variants,
            words=self.vocabulary.condition,
        )

    @property
    def moment(self) -> str:
        """The moment whose prices are meant."""
        return self._moment or sales.now()

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        known: list[str] = []
        while True:  # one question a currency, and there are few
            other = all_of(FIRST, "price >= 0", none_of("currency", known))
            found = self.collection.few(other, ["currency"], 1)
            if not found:
                return tuple(sorted(known))
            known.append(found[0]["currency"])

    def currency(self, code: str = "") -> str:
        """Give the currency that amounts are in; see `ProductTable.currency`.

        :raises QueryError: as there.
        """
        return one_currency(self.currencies, code)

    def groups(self, expression: str) -> int:
        """Count the groups of which a product is let through by an expression."""
        return self._counted(expression)

    def add(
        self,
        products: Sequence[Product],
        photos: Sequence[CataloguePhoto],
        features: NDArray[np.float32],
        *,
        revision: int,
    ) -> MilvusIndex:
        """Write the rows of these products; see `Index.add`.

        :raises FeatureError: see `Index.add`.
        :raises IndexUnavailable: Milvus does not answer.
        """
        rows.add(self.collection, products, photos, features)
        words = Vocabulary((*self.vocabulary.words, *rows.words_of(products)))
        return type(self)(self.collection, revision=revision, vocabulary=words)

    def remove(
        self, photo_ids: Sequence[int], product_ids: Sequence[str] = (), *, revision: int
    ) -> MilvusIndex:
        """Delete their rows; see `Index.remove`.

        :raises IndexUnavailable: Milvus does not answer.
        """
        rows.remove(self.collection, photo_ids, product_ids)
        return type(self)(self.collection, revision=revision, vocabulary=self.vocabulary)

    def grouped(self, group: NDArray[np.int64]) -> MilvusIndex:
        """Write which products are variants of one thing; see `Index.grouped`.

        :raises IndexUnavailable: Milvus does not answer.
        """
        rows.group(self.collection, group)
        return type(self)(self.collection, revision=self.revision, vocabulary=self.vocabulary)

    def _checked(self, vector: Feature) -> Feature:
        """Give a query as a unit row.

        :raises QueryError: see `Index.search`.
        """
        query = np.asarray(vector, np.float32)
        known = FeatureRows(np.zeros(1, np.int64), Vectors.of(np.zeros((1, self.size))))
        known.measured(query, np.empty(0, np.intp))  # refuses what the exact index refuses
        unit: Feature = (query / np.linalg.norm(query.astype(np.float64))).astype(np.float32)
        return unit

    def _query(self, query: Feature, beside: Beside | None = None) -> Feature:
        """Lay out a query so that the inner product is the cosine, or the mixture with colours.

        :raises QueryError: the other similarity is not that of colours.
        """
        if beside is None:
            return np.concatenate([query, np.zeros(COLOURS, np.float32)])
        if beside.colours is None:
            raise QueryError("An index in Milvus weighs nothing but colours beside the network.")
        tinted = beside.colours * np.float32(beside.share / TINT)
        return np.concatenate([query * np.float32(1 - beside.share), tinted])

    def _groups_of(self, product_ids: frozenset[str]) -> list[str]:
        """Give the groups that products are of."""
        chosen = all_of(FIRST, one_of("product", sorted(product_ids)))
        return sorted({row["variants"] for row in self.collection.every(chosen, ["variants"])})

    def _count(self, expression: str) -> int:
        alone = self.collection.count(all_of(expression, FIRST, "many == false"))
        if not self._has_variants:
            return alone
        several = all_of(expression, FIRST, "many == true")
        return alone + len(
            {row["variants"] for row in self.collection.every(several, ["variants"])}
        )

    @cached_property
    def _has_variants(self) -> bool:
        return bool(self.collection.few("many == true", ["id"], 1))

    def _k_best(
        self, query: Feature, expression: str, k: int, least: float | None, groups: int
    ) -> list[Row]:
        """Give the rows of the k best groups, and all that are as near as the last of them."""
        if k < groups:
            # Where few products have variants, some more rows than k hold k groups: one question.
            first = self.collection.nearest(query, expression, MEASURED, min(2 * k + _MORE, _FEW))
            if _hold(first, k):
                return first
            found = self.collection.nearest(query, expression, most=k, group_by="variants")
            lowest = found[-1]["score"] if len(found) == min(k, PAGE) == k else None
        else:
            lowest = None
        if lowest is None and least is None:
            return list(self.collection.every(expression, MEASURED))
        lowest = _largest(lowest, least)
        assert lowest is not None
        return self._within(query, expression, lowest, MEASURED, 2 * k)

    def _groups_within(self, query: Feature, expression: str, least: float) -> int:
        """Count the groups of the rows that have a score."""
        near = self._within(query, expression, least, ("id", "variants"), PAGE, slack=0.0)
        return len({row["variants"] for row in near})

    def _within(
        self,
        query: Feature,
        expression: str,
        least: float,
        fields: Sequence[str],
        expected: int,
        *,
        slack: float = _ROUNDING,
    ) -> list[Row]:
        """Give all rows of a score, at most so much below it, best first; asked for in few pages.

        About so many are `expected`: what is asked for costs, whether it is there or not.
        """
        above = float(np.nextafter(np.float32(least - slack), np.float32(-2)))
        largest = _FEW if "vector" in fields else PAGE
        size = min(expected + _MORE, largest)
        found: list[Row] = []
        up_to: float | None = None
        while True:
            # Of equal ones a page may end between two, and the next page's scores may differ from
            # this one's in their last digit. So they overlap, but for what is known.
            tied = [row["id"] for row in found if up_to is not None and row["score"] <= up_to]
            fresh = f"id not in {tied}" if tied else ""
            page = self.collection.nearest(
                query, all_of(expression, fresh), fields, size, above=above, up_to=up_to
            )
            found = [*found, *page] if up_to is not None else page
            if len(page) < size:
                return found
            if size < largest or self.collection.is_lite:
                # milvus-lite knows an upper bound only among the first, but no largest page.
                size = 4 * size if self.collection.is_lite else min(4 * size, largest)
            else:
                up_to = page[-1]["score"] + _LAST_DIGIT


def _hold(rows: Sequence[Row], k: int) -> bool:
    """Tell whether rows, best first, hold the k best groups and all that are as near."""
    best: dict[str, float] = {}
    for row in rows:
        best.setdefault(row["variants"], row["score"])
    return len(best) >= k and rows[-1]["score"] < list(best.values())[k - 1] - _ROUNDING


def _largest(*bounds: float | None) -> float | None:
    return max((bound for bound in bounds if bound is not None), default=None)
