"""Which products may be found: filters turned into candidates before the k best are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Product
from search.engine.query import Price
from search.engine.text import LONGEST_WORDS, TextIndex
from search.engine.votes import type_of
from search.errors import QueryError
from search.filenames import same_letters

Mask = NDArray[np.bool_]
Beyond = Callable[[NDArray[np.float64], float], Mask]

_NAMED = 12  # known names that a refusal lists, at most

FACETS: Mapping[str, str] = {"categories": "category", "brands": "brand", "colours": "colour"}
"""Fields of `Filters` that hold sets of names, and the product's field each one looks at."""


SAVES_TOO_LITTLE = "saving less than asked"
"""Why a cheaper product is hidden by the smallest saving."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a user asks of the products; an empty set means any.

    Each of the `words` must be in a product (see `search.engine.text`). Prices are minor units
    (cents) of `currency`; where it is empty, the catalogue's only currency is meant. A product
    without a price never passes a price bound. Unknown stock is in stock.
    """

    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    price_min: int | None = None
    price_max: int | None = None
    currency: str = ""
    in_stock: bool = True
    active: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True)
class Types:
    """What products may be (see `search.engine.votes.type_of`): of one of the names.

    `also` are ids of products that may be of any type, `but` of those whose type is in doubt.
    """

    names: frozenset[str]
    also: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Where:
    """Which products may be answers: the filters, and what a look-alike may cost.

    With `below`, a product must cost strictly less than that price, by at least the share
    `min_saving` of it. `without` are ids of products that are left out, with all variants of them.
    """

    filters: Filters = field(default_factory=Filters)
    below: Price | None = None
    min_saving: float = 0.0
    without: frozenset[str] = frozenset()
    types: Types | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products that pass, as a mask (n_products,), and why how many others are hidden.

    Hidden are only products that pass the chosen categories, brands, colours and price bounds, or
    that a price bound cannot judge; of what costs less also what is of another type, or saves less
    than asked. Each counts once, and variants count as one: they are hidden where none of them
    passes.
    """

    mask: Mask
    hidden: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.mask.sum())


class ProductTable:
    """The products' filterable fields as columns, in the order given.

    `group` (n,) int64 has one number for the variants of one thing, the position of the first of
    them; without it every product is one of its own.
    """

    def __init__(
        self, products: tuple[Product, ...], group: NDArray[np.int64] | None = None
    ) -> None:
        self.products = products
        self.group = np.arange(len(products), dtype=np.int64) if group is None else group
        # The index and the answer ask for the same candidates, and so does every move of a slider.
        self._remembered = lru_cache(maxsize=16)(self._candidates)

    @cached_property
    def _columns(self) -> Mapping[str, NDArray[np.str_]]:
        columns = {
            name: [getattr(p, name) for p in self.products]
            for name in ("id", "category", "brand", "colour", "currency")
        }
        for name in FACETS.values():  # one category, however its accents are written
            columns[name] = [same_letters(text) for text in columns[name]]
        columns["type"] = [type_of(product) for product in self.products]
        return {name: np.array(texts, dtype=np.str_) for name, texts in columns.items()}

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
    def text(self) -> TextIndex:
        """The products' words."""
        return TextIndex(self.products)

    @cached_property
    def cheapest_first(self) -> NDArray[np.int64]:
        """Each product's place by price, (n,), those without one last; equal ones by id."""
        order = np.lexsort((np.arange(len(self.products)), self._prices))  # NaN is last
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return place

    @cached_property
    def _variants(self) -> Mapping[int, NDArray[np.int64]]:
        """The positions of the groups of several products, by the group's number."""
        order = np.argsort(self.group, kind="stable")
        numbers, starts, counts = np.unique(
            self.group[order], return_index=True, return_counts=True
        )
        return {
            int(numbers[n]): order[starts[n] : starts[n] + counts[n]]
            for n in np.flatnonzero(counts > 1)
        }

    def variants(self, position: int) -> NDArray[np.int64]:
        """Give the positions of all variants of a product, (m,), its own among them."""
        own = np.array([position], np.int64)
        return self._variants.get(int(self.group[position]), own)

    def count(self, mask: Mask) -> int:
        """Count the groups of which a product is in the mask (n,)."""
        there = np.zeros(len(self.products), bool)
        there[self.group[mask]] = True
        return int(there.sum())

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        priced = ~np.isnan(self._prices)
        return tuple(sorted({str(c) for c in self._columns["currency"][priced]}))

    def currency(self, code: str = "") -> str:
        """Give the currency that amounts are in: the one named, else the catalogue's only one.

        :raises QueryError: when none is named and the catalogue has several, or no product has a
            price in the one named.
        """
        return one_currency(self.currencies, code)

    def price_range(self, currency: str) -> tuple[int, int] | None:
        """Lowest and highest price in one currency, minor units; None where nothing has a price."""
        prices = self._prices[(self._columns["currency"] == currency) & ~np.isnan(self._prices)]
        return (int(prices.min()), int(prices.max())) if len(prices) else None

    def check(self, filters: Filters) -> None:
        """Refuse what can find nothing: names and currencies that no product has, crossed bounds.

        :raises QueryError: naming what is known instead.
        """
        check(filters, self.currencies, self._names)

    def _names(self, facet: str) -> Sequence[str]:
        """Give all names of a facet, sorted."""
        return sorted({str(name) for name in self._columns[FACETS[facet]] if name})

    def candidates(self, where: Where) -> Candidates:
        """Give the products that may be answers.

        :raises QueryError: see `currency`.
        """
        return self._remembered(where)

    def _candidates(self, where: Where) -> Candidates:
        filters = where.filters
        mask = self._chosen(filters)
        hidden: dict[str, int] = {}

        def hide(reason: str, which: Mask) -> None:
            nonlocal mask
            left = mask & ~which
            if count := self.count(mask) - self.count(left):
                hidden[reason] = count
            mask = left

        bounds = _bounds(where)
        if bounds:
            currency = where.below.currency if where.below else self.currency(filters.currency)
            same_currency = self._columns["currency"] == currency
            without_price = np.isnan(self._prices)
            mask = mask & ~(same_currency & self._outside(bounds))
            hide("without a price", without_price)
            hide("in another currency", ~same_currency)
        if filters.active:
            hide("withdrawn", self._withdrawn)
        if filters.in_stock:
            hide("out of stock", self._out_of_stock)
        if where.without:
            named = np.isin(self._columns["id"], sorted(where.without))
            mask = mask & ~np.isin(self.group, self.group[named])
        if where.types is not None:
            hide("of another or unsure type", ~self._of(where.types))
        if where.below is not None and where.min_saving:
            most = round(where.below.amount * (1 - where.min_saving), 6)  # 0.9 is 0.1 short of 1
            hide(SAVES_TOO_LITTLE, np.greater(self._prices, most))
        mask.flags.writeable = False
        return Candidates(mask, hidden)

    def facets(self, filters: Filters) -> Mapping[str, Mapping[str, int]]:
        """Count what each name of each facet would leave, with all other filters; variants once."""
        counts: dict[str, Mapping[str, int]] = {}
        for facet, column in FACETS.items():
            anything: dict[str, Any] = {facet: frozenset()}
            mask = self.candidates(Where(replace(filters, **anything))).mask
            names, code = np.unique(self._columns[column][mask], return_inverse=True)
            once = np.unique(np.stack([code, self.group[mask]]), axis=1)[0]
            tally = np.bincount(once, minlength=len(names))
            counts[facet] = {str(n): int(c) for n, c in zip(names, tally, strict=True) if n}
        return counts

    def _chosen(self, filters: Filters) -> Mask:
        mask = np.ones(len(self.products), bool)
        for facet, column in FACETS.items():
            names = getattr(filters, facet)
            if names:
                mask &= np.isin(self._columns[column], list(names))
        return mask & self.text.mask(filters.words) if filters.words else mask

    def _of(self, types: Types) -> Mask:
        ids = self._columns["id"]
        of_type: Mask = np.isin(self._columns["type"], sorted(types.names))
        return (of_type & ~np.isin(ids, sorted(types.but))) | np.isin(ids, sorted(types.also))

    def _outside(self, bounds: Sequence[tuple[float, Beyond]]) -> Mask:
        """Tell which products' prices are beyond a bound; a missing one (NaN) never is."""
        outside = np.zeros(len(self.products), bool)
        for bound, beyond in bounds:
            outside |= beyond(self._prices, bound)
        return outside


def check(
    filters: Filters, currencies: Sequence[str], names: Callable[[str], Sequence[str]]
) -> None:
    """Refuse what can find nothing, where these currencies are, and these names of a facet.

    :raises QueryError: see `ProductTable.check`.
    """
    if filters.currency:
        one_currency(currencies, filters.currency)
    if len(filters.words) > LONGEST_WORDS:
        raise QueryError(f"Search by fewer words: at most {LONGEST_WORDS} letters.")
    low, high = filters.price_min, filters.price_max
    if low is not None and high is not None and low > high:
        raise QueryError("The lowest price is above the highest: exchange the two.")
    for facet, column in FACETS.items():
        asked = getattr(filters, facet)
        known = names(facet) if asked else ()
        unknown = sorted(asked - set(known))
        if unknown:
            raise QueryError(
                f"The catalogue has no {column} “{unknown[0]}”; "
                + (f"it has {_listed(known)}." if known else f"no product has a {column}.")
            )


def one_currency(currencies: Sequence[str], code: str = "") -> str:
    """Give the currency that amounts are in, of those (sorted) that products have prices in.

    :raises QueryError: see `ProductTable.currency`.
    """
    if code and code not in currencies:
        present = ", ".join(currencies)
        raise QueryError(
            f"No product has a price in “{code}”; this catalogue has "
            + (f"prices in {present}." if present else "no prices.")
        )
    if code or not currencies:
        return code
    if len(currencies) > 1:
        raise QueryError(
            f"This catalogue has prices in {', '.join(currencies)}; choose a currency, "
            "because prices are never compared across currencies."
        )
    return currencies[0]


def _bounds(where: Where) -> list[tuple[float, Beyond]]:
    """Give the bounds on the price in minor units, each with what is beyond it."""
    filters, below = where.filters, where.below
    bounds: list[tuple[float | None, Beyond]] = [
        (filters.price_min, np.less),
        (filters.price_max, np.greater),
    ]
    if below is not None:
        bounds.append((below.amount, np.greater_equal))
    return [(bound, beyond) for bound, beyond in bounds if bound is not None]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
