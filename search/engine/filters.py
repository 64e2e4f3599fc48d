"""Which products may be found: filters turned into candidates before the k best are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Product
from search.errors import QueryError

Mask = NDArray[np.bool_]

FACETS: Mapping[str, str] = {"categories": "category", "brands": "brand", "colours": "colour"}
"""Fields of `Filters` that hold sets of names, and the product's field each one looks at."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a user asks of the products; an empty set means any.

    Prices are minor units (cents) of `currency`; where it is empty, the catalogue's only currency
    is meant. A product without a price never passes a price bound. Unknown stock is in stock.
    `cheaper_than` is strict, and a saving below `min_saving` (a share of it, 0 to 1) does not pass.
    """

    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    price_min: int | None = None
    price_max: int | None = None
    cheaper_than: int | None = None
    min_saving: float = 0.0
    currency: str = ""
    in_stock: bool = True
    active: bool = True

    @property
    def bounds_price(self) -> bool:
        """Whether any bound on the price is set."""
        return not (self.price_min is self.price_max is self.cheaper_than is None)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products that pass, as a mask (n_products,), and why how many others are hidden.

    Hidden are only products that pass the chosen categories, brands, colours and price bounds, or
    that a price bound cannot judge; each counts once.
    """

    mask: Mask
    hidden: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.mask.sum())

    def without(self, position: int) -> Candidates:
        """The same without one product (the query's own)."""
        mask = self.mask.copy()
        mask[position] = False
        return replace(self, mask=mask)


class ProductTable:
    """The products' filterable fields as columns, in the order given."""

    def __init__(self, products: tuple[Product, ...]) -> None:
        self.products = products

    @cached_property
    def _columns(self) -> Mapping[str, NDArray[np.str_]]:
        return {
            name: np.array([getattr(p, name) for p in self.products], dtype=np.str_)
            for name in ("category", "brand", "colour", "currency")
        }

    @cached_property
    def _prices(self) -> NDArray[np.float64]:
        """Prices in minor units; NaN where there is none, which no comparison passes."""
        return np.array([np.nan if p.price is None else p.price for p in self.products], np.float64)

    @cached_property
    def _out_of_stock(self) -> Mask:
        return np.array([not p.in_stock for p in self.products], bool)

    @cached_property
    def _withdrawn(self) -> Mask:
        return np.array([not p.active for p in self.products], bool)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        priced = ~np.isnan(self._prices)
        return tuple(sorted({str(c) for c in self._columns["currency"][priced]}))

    def currency(self, asked: str = "") -> str:
        """The currency that price bounds mean.

        :raises QueryError: when none is asked for and the catalogue has several.
        """
        if asked or not self.currencies:
            return asked
        if len(self.currencies) > 1:
            raise QueryError(
                f"This catalogue has prices in {', '.join(self.currencies)}; choose a currency, "
                "because prices are never compared across currencies."
            )
        return self.currencies[0]

    def price_range(self, currency: str) -> tuple[int, int] | None:
        """Lowest and highest price in one currency, minor units; None where nothing has a price."""
        prices = self._prices[(self._columns["currency"] == currency) & ~np.isnan(self._prices)]
        return (int(prices.min()), int(prices.max())) if len(prices) else None

    def candidates(self, filters: Filters) -> Candidates:
        """Products that pass every filter.

        :raises QueryError: see `currency`.
        """
        mask = self._chosen(filters)
        hidden: dict[str, int] = {}

        def hide(reason: str, which: Mask) -> None:
            nonlocal mask
            if count := int((mask & which).sum()):
                hidden[reason] = count
            mask = mask & ~which

        if filters.bounds_price:
            same_currency = self._columns["currency"] == self.currency(filters.currency)
            without_price = np.isnan(self._prices)
            mask = mask & ~(same_currency & self._outside_price(filters))
            hide("without a price", without_price)
            hide("in another currency", ~same_currency)
        if filters.active:
            hide("withdrawn", self._withdrawn)
        if filters.in_stock:
            hide("out of stock", self._out_of_stock)
        return Candidates(mask, hidden)

    def facets(self, filters: Filters) -> Mapping[str, Mapping[str, int]]:
        """How many products each name of each facet would leave, all other filters obeyed."""
        counts: dict[str, Mapping[str, int]] = {}
        for facet, column in FACETS.items():
            anything: dict[str, Any] = {facet: frozenset()}
            mask = self.candidates(replace(filters, **anything)).mask
            names, tally = np.unique(self._columns[column][mask], return_counts=True)
            counts[facet] = {str(n): int(c) for n, c in zip(names, tally, strict=True) if n}
        return counts

    def _chosen(self, filters: Filters) -> Mask:
        mask = np.ones(len(self.products), bool)
        for facet, column in FACETS.items():
            names = getattr(filters, facet)
            if names:
                mask &= np.isin(self._columns[column], list(names))
        return mask

    def _outside_price(self, filters: Filters) -> Mask:
        """Products whose amount is beyond a bound; without a price none is (NaN compares so)."""
        outside = np.zeros(len(self.products), bool)
        bounds: list[tuple[float | None, Callable[[NDArray[np.float64], float], Mask]]] = [
            (filters.price_min, np.less),
            (filters.price_max, np.greater),
            (filters.cheaper_than, np.greater_equal),
        ]
        if filters.cheaper_than is not None and filters.min_saving:
            bounds.append((filters.cheaper_than * (1 - filters.min_saving), np.greater))
        for bound, beyond in bounds:
            if bound is not None:
                outside |= beyond(self._prices, bound)
        return outside
