"""Products listed twice: on one photograph, or looking the same under one name and brand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.catalogue.variants import are_stated_variants
from search.insight.rows import folded, row_codes, row_flags, row_photos
from search.network.vectors import cosine_blocks
from search.progress import OnProgress

_MOST = 24  # pairs of one product that is listed many times over, at most


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two products that may be one: they share a photograph, or look the same under one name."""

    first: Product
    second: Product
    photo: CataloguePhoto
    second_photo: CataloguePhoto
    score: float
    same_photograph: bool

    @property
    def two_prices(self) -> bool:
        """Whether both have a price in one currency and the prices differ."""
        a, b = self.first, self.second
        priced = a.price is not None and b.price is not None and a.currency == b.currency
        return priced and a.price != b.price


def duplicates(
    snapshot: Snapshot, min_score: float, *, on_progress: OnProgress | None = None
) -> list[Duplicate]:
    """Find products listed twice: on one photograph, or near-identical under one name and brand.

    `min_score` is the cosine from which two photographs are near-identical. Names are compared
    without case and spaces; two products without names are a pair only by their photograph. Those
    that say they are variants of one, by their item group or by sizes in their names, are no pair.
    Of a product listed many times over, only the first pairs are given. Order: by ids.

    :raises Cancelled: `on_progress` returned False.
    """
    pairs = _Pairs(snapshot)
    by_sha256: dict[str, list[CataloguePhoto]] = defaultdict(list)
    for photo in snapshot.photos:
        by_sha256[photo.sha256].append(photo)
    for shared in by_sha256.values():
        for a, b in islice(combinations(shared, 2), _MOST**2):
            pairs.add(a, b, 1.0)
    photos, product = row_photos(snapshot), snapshot.row_product
    titles = row_codes(snapshot, lambda p: f"{folded(p.name)}\n{folded(p.brand)}" if p.name else "")
    named = np.flatnonzero(row_flags(snapshot, lambda p: bool(p.name)))
    for block, scores in cosine_blocks(
        snapshot.features, snapshot.features_of(named), named, on_progress=on_progress
    ):
        alike = (scores >= min_score) & (titles[named] == titles[block][:, None])
        alike &= product[named] > product[block][:, None]
        for n in np.flatnonzero(alike.any(axis=1)):
            for column in np.flatnonzero(alike[n])[:_MOST]:
                other = photos[int(named[column])]
                pairs.add(photos[int(block[n])], other, float(scores[n, column]))
    return pairs.sorted()


class _Pairs:
    """Pairs of products, each with the closest photographs it was seen by."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._closest: dict[tuple[int, int], Duplicate] = {}

    def add(self, a: CataloguePhoto, b: CataloguePhoto, score: float) -> None:
        """Note two photographs that are alike, unless both are of one product."""
        position, products = self._snapshot.position, self._snapshot.products
        score = min(score, 1.0)
        first, second = sorted((a, b), key=lambda photo: position[photo.product_id])
        i, j = position[first.product_id], position[second.product_id]
        known = self._closest.get((i, j))
        closer = i != j and (known is None or score > known.score)
        if closer and not are_stated_variants(products[i], products[j]):
            same = a.sha256 == b.sha256
            self._closest[i, j] = Duplicate(products[i], products[j], first, second, score, same)

    def sorted(self) -> list[Duplicate]:
        """Return the pairs by ids."""
        return [self._closest[pair] for pair in sorted(self._closest)]
