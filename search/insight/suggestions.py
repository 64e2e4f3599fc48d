"""Suggestions: products and price gaps to begin with, and a photograph's category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product
from search.engine import Filters, LoadedCatalogue, SearchEngine
from search.engine.filters import Where
from search.engine.votes import type_of
from search.insight.price_gaps import NEAREST, PriceGap, price_gaps
from search.network.vectors import Feature, unit_rows_or_zero

FINDS_AT_ONCE = 4000  # photographs compared with each other while a visitor waits

_VOTERS = 10


@dataclass(frozen=True, slots=True)
class CategoryVote:
    """The category most of the nearest products are of, its votes, and how many voted."""

    category: str
    votes: int
    voters: int

    @property
    def is_majority(self) -> bool:
        """Whether more than half of the voters agree."""
        return self.votes * 2 > self.voters


def showcase(
    loaded: LoadedCatalogue, filters: Filters, count: int
) -> list[tuple[Product, CataloguePhoto]]:
    """Choose products to begin with: of each type the most typical, the categories in turn.

    What greets a visitor shall be true, so of each type those come first that are of the category
    that most of it are of, and look most like the rest of it: a product in the wrong category or
    of the wrong type is not like the others there. Each type comes once before any comes again.
    Always the same for a revision. Of variants of one thing only one is shown.
    """
    main_photo = loaded.snapshot.main_photo
    mask = loaded.table.candidates(Where(filters)).mask
    typical = _typicality(loaded)
    usual = _usual_categories(loaded)
    by_type: dict[str, list[int]] = {}
    seen: set[int] = set()
    groups = loaded.snapshot.group.tolist()
    for position, product in enumerate(loaded.snapshot.products):
        if mask[position] and product.id in main_photo and groups[position] not in seen:
            seen.add(groups[position])
            by_type.setdefault(loaded.types[position], []).append(position)
    by_category: dict[str, list[list[int]]] = {}
    for name, positions in by_type.items():
        in_place = {at: loaded.categories[at] == usual.get(name, "") for at in positions}
        positions.sort(key=lambda at: (not in_place[at], -typical[at], at))
        by_category.setdefault(usual.get(name, ""), []).append(positions)
    chosen: list[int] = []
    for depth in range(max(map(len, by_type.values()), default=0)):
        shelves = [_at(types, depth) for types in by_category.values()]
        for place in range(max(map(len, shelves), default=0)):
            chosen += [shelf[place] for shelf in shelves if place < len(shelf)]
        if len(chosen) >= count:
            break
    products = [loaded.snapshot.products[position] for position in chosen[:count]]
    return [(product, main_photo[product.id]) for product in products]


def _at(types: list[list[int]], depth: int) -> list[int]:
    """Give of each type, those with most products first, the product at so many places."""
    largest = sorted(types, key=len, reverse=True)
    return [positions[depth] for positions in largest if depth < len(positions)]


def _typicality(loaded: LoadedCatalogue) -> NDArray[np.float32]:
    """Give how much each product (n,) looks like its type: the cosine with the type's mean.

    -1 for a product without a feature.
    """
    rows, owner = loaded.snapshot.features, loaded.snapshot.row_product
    typical = np.full(len(loaded.snapshot.products), -1, np.float32)
    if not len(rows):
        return typical
    names, code = np.unique(np.array(loaded.types, dtype=np.str_)[owner], return_inverse=True)
    sums = np.zeros((len(names), rows.shape[1]), np.float32)
    np.add.at(sums, code, rows)
    means = unit_rows_or_zero(sums)
    np.maximum.at(typical, owner, np.einsum("nd,nd->n", rows, means[code]))
    return typical


def _usual_categories(loaded: LoadedCatalogue) -> dict[str, str]:
    """Give for each type the category that most of its products are of."""
    counts: dict[str, Counter[str]] = {}
    for name, category in zip(loaded.types, loaded.categories, strict=True):
        counts.setdefault(name, Counter())[category] += 1
    return {name: tally.most_common(1)[0][0] for name, tally in counts.items()}


def finds(loaded: LoadedCatalogue, count: int) -> list[PriceGap]:
    """Choose the catalogue's most striking cheaper look-alikes.

    The most alike and cheapest first; no product twice, of each type only the best, and neither
    side out of stock, or of another category than most of its type. None where the catalogue is too
    large to be compared with itself at once.
    """
    if len(loaded.snapshot.photo_ids) > FINDS_AT_ONCE:
        return []
    gaps = price_gaps(loaded.snapshot, loaded.bands.same_style, in_stock=True, nearest=NEAREST)
    usual = _usual_categories(loaded)
    shown: dict[str, PriceGap] = {}
    used: set[int] = set()
    snapshot = loaded.snapshot
    for gap in sorted(gaps, key=lambda gap: -gap.score * gap.share):
        kind = type_of(gap.product) or gap.product.id
        if not gap.product.in_stock or not all(
            usual[type_of(product)] == product.category for product in (gap.product, gap.cheaper)
        ):
            continue
        both = {
            int(snapshot.group[snapshot.position[each.id]]) for each in (gap.product, gap.cheaper)
        }
        if kind not in shown and used.isdisjoint(both):
            shown[kind] = gap
            used |= both
    return list(shown.values())[:count]


def category_vote(
    engine: SearchEngine, feature: Feature, loaded: LoadedCatalogue | None = None
) -> CategoryVote | None:
    """Let the products nearest to a feature (d,) vote on its category; None where they have none.

    The newest revision is searched, unless one that was `loaded` before is given.
    """
    loaded = loaded or engine.loaded()
    if not len(loaded.snapshot.photo_ids):  # nothing is encoded by this network
        return None
    everything = Where(Filters(in_stock=False, active=False))
    found = loaded.index.search(feature, _VOTERS, everything)
    nearest = (loaded.product(loaded.snapshot.photo[id].product_id) for id in found.ids.tolist())
    votes = Counter(product.category for product in nearest if product.category)
    if not votes:
        return None
    category, count = votes.most_common(1)[0]  # of equals, the one met first
    return CategoryVote(category, count, votes.total())


def categories(
    engine: SearchEngine, photographs: Mapping[str, str], loaded: LoadedCatalogue | None = None
) -> dict[str, str]:
    """Suggest a category for products that are not in the catalogue yet.

    `photographs` gives for each product's id the sha256 of a photograph that is encoded already;
    products without a feature or without a vote are left out. `loaded` as in `category_vote`.
    """
    known = engine.catalogue.known_features(engine.extractor.fingerprint, photographs.values())
    votes = {
        product_id: category_vote(engine, known[sha256], loaded)
        for product_id, sha256 in photographs.items()
        if sha256 in known
    }
    return {product_id: vote.category for product_id, vote in votes.items() if vote is not None}
