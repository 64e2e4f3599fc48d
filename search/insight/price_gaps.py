"""Expensive products that have a near twin at a much lower price.

Variants of one thing are one product here: never each other's twins, never in each other's way.
The catalogue is compared with itself a block of rows at a time, and only the best of each row are
remembered: memory grows with the number of products, not with its square.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.bands import Bands
from search.engine.query import check_score
from search.errors import QueryError
from search.insight.rows import (
    folded,
    row_codes,
    row_flags,
    row_photos,
    row_pictures,
    row_things,
    row_values,
)
from search.money import decimal_text, share_saved
from search.network.vectors import Scores, cosine_blocks
from search.progress import OnProgress
from search.spreadsheet import write_table

MIN_GAP = 0.3  # of the higher price: what counts as "much" cheaper
NEAREST = 2  # twins are each among the other's so many nearest, unless asked otherwise
TWINS = 24  # cheaper look-alikes of one photograph, at most
FACTS = ("colour", "kind", "pattern", "material")  # what twins must not contradict each other in

COLUMNS = (
    *("product", "name", "brand", "price", "stock"),
    *("cheaper", "cheaper_name", "cheaper_brand", "cheaper_price", "cheaper_stock"),
    *("currency", "gap", "share", "score", "band"),
)
"""The keys of a price gap, in JSON and in CSV."""

_ROUNDING = np.float32(1e-6)  # of a float32 cosine


@dataclass(frozen=True, slots=True)
class PriceGap:
    """A product and a look-alike that costs much less; prices in minor units of one currency.

    `score` is the cosine similarity of the two photographs shown, the closest of the pair's.
    """

    product: Product
    cheaper: Product
    photo: CataloguePhoto
    cheaper_photo: CataloguePhoto
    score: float

    @property
    def gap(self) -> int:
        """The difference in price, minor units."""
        return (self.product.price or 0) - (self.cheaper.price or 0)

    @property
    def share(self) -> float:
        """The difference as a share of the higher price, 0 to 1."""
        return self.gap / self.product.price if self.product.price else 0.0

    @property
    def percent(self) -> int:
        """The same in whole per cent, as it is shown."""
        return share_saved(self.gap, self.product.price or 0)

    @property
    def currency(self) -> str:
        """The currency of both prices."""
        return self.product.currency


def price_gaps(
    snapshot: Snapshot,
    min_score: float,
    *,
    min_gap: float = MIN_GAP,
    facts: Sequence[str] = FACTS,
    nearest: int = 0,
    in_stock: bool = False,
    active: bool = True,
    on_progress: OnProgress | None = None,
) -> list[PriceGap]:
    """Find products with a near twin at a much lower price, the largest gap in money first.

    A twin's closest photographs have a cosine of at least `min_score`, and it costs at least the
    share `min_gap` (0 to 1) less, in the same currency; without a price, a product is in no pair.
    Of two groups of variants one pair is given: the most alike, then that of the largest gap.
    Two products that both state one of the `facts` (fields or attributes) and state it differently
    are not twins: a photograph may not show what a fact says. With `nearest`, each of the two
    photographs must be among the other's so many nearest of other products, of which those on one
    and the same photograph count once: scores are crowded for
    some kinds of products and sparse for others, ranks are not (k-reciprocal neighbours; Qin et
    al., "Hello neighbor: accurate object retrieval with k-reciprocal nearest neighbors", 2011).
    With `in_stock`, twins can be bought now; `active` leaves withdrawn products out. A photograph
    has at most TWINS twins, the most similar. Order: currency, gap, ids.

    :raises QueryError: `min_gap` is not a share, `min_score` not a similarity, `nearest` below 0.
    :raises Cancelled: `on_progress` returned False.
    """
    if not 0 <= min_gap <= 1:
        raise QueryError(f"The smallest gap must be a share from 0 to 1, not {min_gap}.")
    if nearest < 0:
        raise QueryError(f"The number of nearest products must be 0 or more, not {nearest}.")
    check_score(min_score)
    rows = _Rows(snapshot, facts, active=active)
    reach = _reach(snapshot, np.flatnonzero(rows.usable), nearest)
    cheap = np.flatnonzero(rows.usable & rows.in_stock if in_stock else rows.usable)
    expensive = np.flatnonzero(rows.usable & (rows.price > 0))
    best: dict[tuple[int, int], tuple[tuple[float, float], int, int]] = {}
    for block, scores in cosine_blocks(
        snapshot.features, snapshot.features_of(cheap), expensive, on_progress=on_progress
    ):
        limit = np.round(rows.price[block] * (1 - min_gap), 6)  # 0.9 is 0.1 short of 1
        fits = (scores >= min_score) & (rows.price[cheap] <= limit[:, None])
        fits &= scores >= np.maximum(reach[block][:, None], reach[cheap])
        for n in np.flatnonzero(fits.any(axis=1)):
            row, found = int(block[n]), np.flatnonzero(fits[n])
            found = found[rows.are_twins(row, cheap[found])]
            for column in _most_similar(found, scores[n]):
                other = int(cheap[column])
                pair = (int(rows.group[row]), int(rows.group[other]))
                closer = (float(scores[n, column]), float(rows.price[row] - rows.price[other]))
                if pair not in best or closer > best[pair][0]:
                    best[pair] = (closer, row, other)
    photos = row_photos(snapshot)
    owners = [snapshot.products[position] for position in snapshot.row_product.tolist()]
    gaps = [
        PriceGap(owners[row], owners[other], photos[row], photos[other], min(score, 1.0))
        for (score, _), row, other in best.values()
    ]
    return sorted(gaps, key=lambda g: (g.currency, -g.gap, g.product.id, g.cheaper.id))


def gap_row(gap: PriceGap, bands: Bands) -> dict[str, object]:
    """Give a price gap as plain values; prices in whole units of their currency, as text."""
    expensive, cheaper = gap.product, gap.cheaper
    values = (
        *(expensive.id, expensive.name, expensive.brand),
        *(decimal_text(expensive.price, gap.currency), expensive.stock),
        *(cheaper.id, cheaper.name, cheaper.brand),
        *(decimal_text(cheaper.price, gap.currency), cheaper.stock),
        *(gap.currency, decimal_text(gap.gap, gap.currency), round(gap.share, 4)),
        *(round(gap.score, 6), bands.of(gap.score)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def gaps_table(gaps: Iterable[PriceGap], bands: Bands) -> bytes:
    """Write price gaps as a table for a spreadsheet, UTF-8 CSV."""
    return write_table(COLUMNS, (gap_row(gap, bands).values() for gap in gaps))


class _Rows:
    """Prices, currencies and facts of the rows, each (n,), and which rows may be in a pair."""

    def __init__(self, snapshot: Snapshot, facts: Sequence[str], *, active: bool) -> None:
        self.group = snapshot.row_group
        self.price = row_values(snapshot, lambda p: np.nan if p.price is None else p.price)
        self.in_stock = row_flags(snapshot, lambda p: p.in_stock)
        self.usable = np.isfinite(self.price)
        if active:
            self.usable &= row_flags(snapshot, lambda p: p.active)
        self._currency = row_codes(snapshot, lambda p: p.currency)
        self._facts = [row_codes(snapshot, partial(_fact, name=name)) for name in facts]
        self.usable &= self._first_of_equals(snapshot)

    def are_twins(self, row: int, others: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say which of the others are cheaper products that nothing known tells from this row."""
        twins: NDArray[np.bool_] = self.group[others] != self.group[row]
        twins &= self.price[others] < self.price[row]
        twins &= self._currency[others] == self._currency[row]
        for fact in self._facts:
            twins &= (fact[others] == fact[row]) | (fact[others] < 0) | (fact[row] < 0)
        return twins

    def _first_of_equals(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        """Mark of rows that differ in nothing asked here, as sizes of one thing do, the first."""
        columns = (self.usable, self.price, self.in_stock, self._currency, *self._facts)
        known = zip(row_pictures(snapshot), *(column.tolist() for column in columns), strict=True)
        first: dict[Hashable, int] = {}
        for row, values in enumerate(known):
            first.setdefault(values, row)
        marked = np.zeros(len(self.group), bool)
        marked[list(first.values())] = True
        return marked


def _fact(product: Product, name: str) -> str:
    value = getattr(product, name, None)
    return folded(value if isinstance(value, str) else product.attributes.get(name, ""))


def _most_similar(columns: NDArray[np.intp], scores: Scores) -> NDArray[np.intp]:
    """Return the TWINS of the columns that have the highest scores, in no order."""
    if len(columns) <= TWINS:
        return columns
    return columns[np.argpartition(-scores[columns], TWINS)[:TWINS]]


def _reach(snapshot: Snapshot, rows: NDArray[np.intp], nearest: int) -> Scores:
    """Return for each row the score of its so many nearest of other products, all (n,).

    Looked for among `rows`; -1 where there are fewer, or where `nearest` is 0. What is of one group
    or on one photograph is one neighbour, by its best score, and none of its own.
    """
    reach = np.full(len(snapshot.photo_ids), -1, np.float32)
    thing = row_things(snapshot)
    order = rows[np.argsort(thing[rows], kind="stable")]  # columns of one thing side by side
    things, starts = np.unique(thing[order], return_index=True)
    if 0 < nearest < len(things):
        for block, scores in cosine_blocks(snapshot.features, snapshot.vectors[order], rows):
            if len(things) < len(order):
                scores = np.maximum.reduceat(scores, starts, axis=1)
            scores[np.arange(len(block)), np.searchsorted(things, thing[block])] = -1
            reach[block] = -np.partition(-scores, nearest - 1, axis=1)[:, nearest - 1]
    return reach - _ROUNDING
