"""What the app proposes by itself: products and finds to open with, and a query's category."""

from __future__ import annotations

from search.catalogue import CataloguePhoto, Product
from search.engine.filters import Filters
from search.insight import audit
from search.network.vectors import Feature
from search.ui import resources

FINDS_AT_ONCE = 4000  # photographs compared with each other while a visitor waits

_VOTERS = 10


def showcase(name: str, filters: Filters, count: int) -> list[tuple[Product, CataloguePhoto]]:
    """Products to open with: spread over the categories, always the same for a revision."""
    table = resources.loaded(name)
    mask = table.table.candidates(filters).mask
    by_category: dict[str, list[Product]] = {}
    for product, passes in zip(table.snapshot.products, mask, strict=True):
        if passes and product.id in table.main_photo:
            by_category.setdefault(product.category, []).append(product)
    chosen: list[Product] = []
    shelves = [_spread(shelf, count) for shelf in by_category.values()]
    for place in range(max(map(len, shelves), default=0)):
        chosen += [shelf[place] for shelf in shelves if place < len(shelf)]
    return [(product, table.main_photo[product.id]) for product in chosen[:count]]


def _spread(shelf: list[Product], count: int) -> list[Product]:
    """Up to `count` of a shelf at equal distances, for neighbours on it are often variants."""
    step = max(1, len(shelf) // count)
    return shelf[::step][:count]


def finds(name: str, count: int) -> list[audit.PriceGap]:
    """The catalogue's most striking cheaper look-alikes; none where it is too large to ask now.

    The most alike and cheapest first; no product twice, and of each kind only the best.
    """
    if len(resources.loaded(name).index) > FINDS_AT_ONCE:
        return []
    least = resources.bands(name).same_style
    gaps = resources.price_gaps(name, least, audit.MIN_GAP, in_stock=True, nearest=audit.NEAREST)
    shown: dict[str, audit.PriceGap] = {}
    used: set[str] = set()
    for gap in sorted(gaps, key=lambda gap: -gap.score * gap.share):
        kind = gap.product.attributes.get("kind") or gap.product.category or gap.product.id
        if kind not in shown and used.isdisjoint({gap.product.id, gap.cheaper.id}):
            shown[kind] = gap
            used |= {gap.product.id, gap.cheaper.id}
    return list(shown.values())[:count]


def category(name: str, feature: Feature) -> tuple[str, int, int] | None:
    """What most of the nearest products are: the category, its votes, and how many voted."""
    opened = resources.engine(name)
    everything = Filters(in_stock=False, active=False)
    nearest = opened.search(feature=feature, k=_VOTERS, filters=everything).hits
    votes = [hit.product.category for hit in nearest if hit.product.category]
    if not votes:
        return None
    winner = max(dict.fromkeys(votes), key=votes.count)
    return winner, votes.count(winner), len(votes)
