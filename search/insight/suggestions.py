"""Suggestions: products and price gaps to begin with, and a photograph's category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from search.catalogue import CataloguePhoto, Product
from search.engine import Filters, LoadedCatalogue, SearchEngine
from search.engine.filters import Where
from search.engine.votes import type_of
from search.insight.price_gaps import NEAREST, PriceGap, price_gaps
from search.network.vectors import Feature

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
    """Choose products to begin with: spread over the categories, always the same for a revision.

    Of variants of one thing only the first that may be shown.
    """
    main_photo = loaded.snapshot.main_photo
    mask = loaded.table.candidates(Where(filters)).mask
    by_category: dict[str, list[Product]] = {}
    seen: set[int] = set()
    groups = loaded.snapshot.group.tolist()
    for product, group, passes in zip(loaded.snapshot.products, groups, mask, strict=True):
        if passes and group not in seen and product.id in main_photo:
            seen.add(group)
            by_category.setdefault(product.category, []).append(product)
    shelves = [_spread(shelf, count) for shelf in by_category.values()]
    chosen: list[Product] = []
    for place in range(max(map(len, shelves), default=0)):
        chosen += [shelf[place] for shelf in shelves if place < len(shelf)]
    return [(product, main_photo[product.id]) for product in chosen[:count]]


def _spread(shelf: list[Product], count: int) -> list[Product]:
    """Take up to `count` of a shelf at equal distances, for neighbours on it are often variants."""
    step = max(1, len(shelf) // count)
    return shelf[::step][:count]


def finds(loaded: LoadedCatalogue, count: int) -> list[PriceGap]:
    """Choose the catalogue's most striking cheaper look-alikes.

    The most alike and cheapest first; no product twice, and of each kind only the best. None where
    the catalogue is too large to be compared with itself at once.
    """
    if len(loaded.snapshot.photo_ids) > FINDS_AT_ONCE:
        return []
    gaps = price_gaps(loaded.snapshot, loaded.bands.same_style, in_stock=True, nearest=NEAREST)
    shown: dict[str, PriceGap] = {}
    used: set[int] = set()
    snapshot = loaded.snapshot
    for gap in sorted(gaps, key=lambda gap: -gap.score * gap.share):
        kind = type_of(gap.product) or gap.product.id
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
