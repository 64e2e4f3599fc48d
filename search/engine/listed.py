"""Products found by words and filters alone: what the words fit best comes first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search.catalogue import CataloguePhoto, Product
from search.engine.filters import Filters, Where
from search.engine.query import Order
from search.engine.results import COLUMNS, Variants, facts_of
from search.engine.revision import LoadedRevision
from search.errors import QueryError
from search.filenames import restored, system_path


@dataclass(frozen=True, slots=True)
class Listed:
    """One product found, or several that are variants of one thing, by one of them.

    `rank` counts from 1 in the order asked for; `photo` is its first, None where it has none.
    `variants` are as those of a `Hit`.
    """

    product: Product
    photo: CataloguePhoto | None
    rank: int
    variants: Variants | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What words and filters find.

    `hits` are in the order asked for. Of all `products` of the catalogue `passed` are found,
    variants of one thing as one; `hidden` says how many are not and why.
    """

    hits: tuple[Listed, ...]
    passed: int
    hidden: Mapping[str, int]
    products: int
    revision: int
    search_ms: float

    def paths(self) -> list[str]:
        """Give the paths of the products' first photographs, see `SearchResult.paths`."""
        return [system_path(restored(hit.photo.source)) for hit in self.hits if hit.photo]

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as plain values, with the keys of a `SearchResult` that apply."""
        return {
            "revision": self.revision,
            "products": self.products,
            "passed": self.passed,
            "hidden": dict(self.hidden),
            "search_ms": round(self.search_ms, 3),
            "hits": [_row(hit) for hit in self.hits],
        }


def list_by_words(
    loaded: LoadedRevision, filters: Filters, k: int = 12, order: Order = "similarity"
) -> Listing:
    """Find the k products that have all the words and pass the filters.

    The order is by how well the words fit, without words by id, or by price. Of variants of one
    thing the first in that order stands for them.

    :raises QueryError: a filter can find nothing, the number is not 1 or more, or there is nothing
        that the order asked for could go by.
    """
    if k < 1:
        raise QueryError(f"The number of results is a whole number, 1 or more, not {k!r}.")
    if order == "saving":
        raise QueryError(
            "There is no price to compare with, so nothing can be sorted by what it saves: choose "
            "another order."
        )
    loaded.table.check(filters)
    started = time.perf_counter()
    found, passed = loaded.listed(filters, k, order)
    hits = [Listed(f.product, f.photo, rank, f.variants) for rank, f in enumerate(found, 1)]
    return Listing(
        tuple(hits),
        passed,
        loaded.hidden(Where(filters)),
        loaded.held.products,
        loaded.revision,
        (time.perf_counter() - started) * 1000,
    )


def _row(hit: Listed) -> dict[str, Any]:
    values = {
        **facts_of(hit.product, hit.variants),
        "rank": hit.rank,
        "path": hit.photo.source if hit.photo else "",
    }
    return {name: values[name] for name in COLUMNS if name in values}
