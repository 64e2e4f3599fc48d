"""What a search answers, and the one way in which it is written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product
from search.catalogue.variants import size_of
from search.engine.bands import Band
from search.engine.query import Metric, Order, Price
from search.filenames import restored, system_path
from search.money import decimal_text, format_price
from search.network.vectors import Feature
from search.spreadsheet import write_table


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of a product found that may be answers too, as a rule itself among them.

    `group` is the merchant's name for them, else the first one's id; `ids` are theirs. `lowest` and
    `highest` are their prices in the currency of the product found, None where none has one.
    """

    group: str
    ids: tuple[str, ...]
    kind: Literal["sizes", "colours", "variants"]
    currency: str
    lowest: int | None
    highest: int | None

    @classmethod
    def of(cls, product: Product, members: Sequence[Product]) -> Variants:
        """Take the variants of a product; where some have a price, the others are not for sale."""
        members = [each for each in members if each.price is not None] or members
        prices = [
            each.price
            for each in members
            if each.price is not None and each.currency == product.currency
        ]
        return cls(
            product.item_group or members[0].id,
            tuple(each.id for each in members),
            _kind(members),
            product.currency,
            min(prices, default=None),
            max(prices, default=None),
        )

    @property
    def words(self) -> str:
        """Word them for a customer: “4 sizes, from €49.00”, “4 sizes” where all cost the same."""
        if len(self.ids) < 2:
            return ""
        number = f"{len(self.ids):,} {self.kind}"
        if self.lowest is None or self.lowest == self.highest:
            return number
        return f"{number}, from {format_price(self.lowest, self.currency)}"


def _kind(members: Sequence[Product]) -> Literal["sizes", "colours", "variants"]:
    """Name what tells variants apart: all have sizes of their own, or colours, or it is mixed."""
    if len({size_of(each) for each in members} - {""}) > 1:
        return "sizes" if len({each.colour for each in members}) == 1 else "variants"
    return "colours" if len({each.colour for each in members} - {""}) > 1 else "variants"


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found, or several that are variants of one thing, by one of them.

    `score` is the cosine similarity in [-1, 1] of its best photograph; `distance` is the chosen
    metric's own; `rank` counts from 1 by similarity, whatever the order shown. `saving` is against
    the search's reference price, minor units, None where either has no price or the currencies
    differ. `band` says in a word what the product is to the query, None where that isn't sure.
    `variants` are those of the product that may be answers; None where it is the only one.
    """

    product: Product
    photo: CataloguePhoto
    score: float
    distance: float
    rank: int
    saving: int | None = None
    band: Band | None = None
    variants: Variants | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search answers.

    `hits` are in the order asked for. Variants of one thing are one hit and count as one product
    but in `products`, which are all the catalogue has. `eligible` products may be answers, `passed`
    of them have the minimum score `least` too, None where there was none; with `look_alike` they
    are called that or better. `hidden` says how many are not shown and why. Times are milliseconds;
    `encode_ms` is what encoding took when the photograph was first searched by, 0 for a query
    without one. With `nothing_similar` the hits are only the least unlike; `looks_like` is the
    category of what a photograph shows, where that is sure. `reference` is the price that savings
    are against. `histogram` (BINS,) int64 counts all eligible products by score in equal parts of
    -1 to 1, where it was asked for.
    """

    hits: tuple[Hit, ...]
    eligible: int
    passed: int
    hidden: Mapping[str, int]
    products: int
    encode_ms: float
    search_ms: float
    revision: int
    fingerprint: str
    metric: Metric
    nothing_similar: bool
    looks_like: str | None
    feature: Feature = field(repr=False)
    least: float | None = None
    look_alike: Band | None = None
    reference: Price | None = None
    histogram: NDArray[np.int64] | None = field(default=None, repr=False)

    def paths(self) -> list[str]:
        """Give the found photographs' paths, relative to the folder they were imported from.

        They open the very files: a name that is no text is as Python has it (PEP 383), while the
        hits, JSON and CSV have it as `search.filenames.stored` writes it.
        """
        return [system_path(restored(hit.photo.source)) for hit in self.hits]

    def rows(self) -> list[dict[str, Any]]:
        """Give one plain mapping a hit; prices in whole units of their currency, as text."""
        return [self._row(hit) for hit in self.hits]

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as plain values, with all it takes to trace it."""
        reference = self.reference
        return {
            "revision": self.revision,
            "network": self.fingerprint,
            "metric": self.metric,
            "products": self.products,
            "eligible": self.eligible,
            "passed": self.passed,
            "min_score": None if self.least is None else round(self.least, 6),
            "look_alike": self.look_alike,
            "nothing_similar": self.nothing_similar,
            "looks_like": self.looks_like,
            "hidden": dict(self.hidden),
            "reference_price": reference and decimal_text(reference.amount, reference.currency),
            "reference_currency": reference and reference.currency,
            "encode_ms": round(self.encode_ms, 3),
            "search_ms": round(self.search_ms, 3),
            "hits": self.rows(),
        }

    def to_json(self) -> str:
        """Write the whole answer as JSON, for people to read too."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)

    def to_csv(self) -> bytes:
        """Write the hits as a table for a spreadsheet, UTF-8 CSV."""
        return write_table(COLUMNS, (row.values() for row in self.rows()))

    def _row(self, hit: Hit) -> dict[str, Any]:
        reference = self.reference
        values = {
            **facts_of(hit.product, hit.variants),
            "rank": hit.rank,
            "saving": "" if reference is None else decimal_text(hit.saving, reference.currency),
            "score": round(hit.score, 6),
            "band": hit.band,
            "distance": round(hit.distance, 6),
            "path": hit.photo.source,
        }
        return {name: values[name] for name in COLUMNS}


COLUMNS = (
    *("rank", "id", "name", "category", "brand", "colour"),
    *("price", "currency", "saving", "score", "band", "distance", "path"),
    *("regular_price", "sale_until", "item_group", "variants", "price_from", "variants_in_words"),
)
"""The keys of a hit, in JSON and in CSV.

`price` is what it costs now; `regular_price` is empty unless a sale is on. `variants` are the ids
of its variants that may be answers, itself among them, separated by a vertical bar, `price_from`
the lowest of their prices, `variants_in_words` such as “4 sizes, from €49.00”.
"""


def facts_of(product: Product, variants: Variants | None) -> dict[str, Any]:
    """Give those of `COLUMNS` that a product found has, whatever it was found by."""
    return {
        "id": product.id,
        "name": product.name,
        "category": product.category,
        "brand": product.brand,
        "colour": product.colour,
        "price": decimal_text(product.price, product.currency),
        "currency": product.currency,
        "regular_price": decimal_text(product.was, product.currency),
        "sale_until": product.sale_until if product.was is not None else "",
        "item_group": variants.group if variants else product.item_group,
        "variants": "|".join(variants.ids) if variants else product.id,
        "price_from": decimal_text(
            variants.lowest if variants else product.price, product.currency
        ),
        "variants_in_words": variants.words if variants else "",
    }


def in_order(hits: Sequence[Hit], order: Order) -> tuple[Hit, ...]:
    """Sort hits; what has no price or no saving comes last, equal ones by rank."""

    def place(hit: Hit) -> tuple[bool, float, int]:
        if order == "price":
            return hit.product.price is None, hit.product.price or 0, hit.rank
        if order == "saving":
            return hit.saving is None, -(hit.saving or 0), hit.rank
        return False, 0, hit.rank

    return tuple(sorted(hits, key=place))
