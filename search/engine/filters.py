"""Which products may be found: filters turned into candidates before the k best are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Difference, Product, Snapshot
from search.engine.columns import Columns
from search.engine.query import Price
from search.engine.remembering import remembered
from search.engine.text import LONGEST_WORDS, TextIndex
from search.errors import QueryError

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
    them; without it every product is one of its own. `position` is each product's, by its id.
    """

    def __init__(
        self,
        products: Sequence[Product],
        group: NDArray[np.int64] | None = None,
        position: Mapping[str, int] | None = None,
    ) -> None:
        self.products = products
        self._columns = Columns(products)
        if position is not None:
            self.__dict__["_position"] = position
        self.group = np.arange(len(products), dtype=np.int64) if group is None else group
        # The index and the answer ask for the same candidates, and so does every move of a slider.
        self._remembered = remembered(self._candidates, 16)

    def followed(self, after: Snapshot, since: Difference) -> ProductTable:
        """Give the table of a snapshot that followed that of this one; see `Snapshot.since`."""
        table = ProductTable(after.products, after.group, after.position)
        table._columns = self._columns.followed(after.products, since)
        if "text" in self.__dict__:
            table.__dict__["text"] = self.text.followed(self.products, after.products, since)
        return table

    @cached_property
    def text(self) -> TextIndex:
        """The products' words."""
        return TextIndex(self.products)

    def cheapest_first(self, positions: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
        """Give keys (m,) of products that sort them by price, least important first.

        Those without a price are last, equal ones by id.
        """
        return positions, self._columns.prices[positions]  # NaN is last

    @cached_property
    def _side_by_side(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """The positions of all products by group, and the group of each."""
        order = np.argsort(self.group, kind="stable")
        return order, self.group[order]

    def variants(self, position: int) -> NDArray[np.intp]:
        """Give the positions of all variants of a product, (m,), its own among them."""
        order, groups = self._side_by_side
        first, last = np.searchsorted(groups, self.group[position] + np.array([0, 1]))
        return order[first:last]

    def count(self, mask: Mask) -> int:
        """Count the groups of which a product is in the mask (n,)."""
        there = np.zeros(len(self.products), bool)
        there[self.group[mask]] = True
        return int(there.sum())

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of the products that have a price, sorted."""
        return tuple(sorted(self._columns.names("currency").among(~np.isnan(self._columns.prices))))

    def currency(self, code: str = "") -> str:
        """Give the currency that amounts are in: the one named, else the catalogue's only one.

        :raises QueryError: when none is named and the catalogue has several, or no product has a
            price in the one named.
        """
        return one_currency(self.currencies, code)

    def price_range(self, currency: str) -> tuple[int, int] | None:
        """Lowest and highest price in one currency, minor units; None where nothing has a price."""
        in_currency = self._columns.names("currency").is_in((currency,))
        prices = self._columns.prices[in_currency & ~np.isnan(self._columns.prices)]
        return (int(prices.min()), int(prices.max())) if len(prices) else None

    def check(self, filters: Filters) -> None:
        """Refuse what can find nothing: names and currencies that no product has, crossed bounds.

        :raises QueryError: naming what is known instead.
        """
        check(filters, self.currencies, self._names)

    def _names(self, facet: str) -> Sequence[str]:
        """Give all names of a facet, sorted."""
        return sorted(self._columns.names(FACETS[facet]).among() - {""})

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
            same_currency = self._columns.names("currency").is_in((currency,))
            without_price = np.isnan(self._columns.prices)
            mask = mask & ~(same_currency & self._outside(bounds))
            hide("without a price", without_price)
            hide("in another currency", ~same_currency)
        if filters.active:
            hide("withdrawn", self._columns.withdrawn)
        if filters.in_stock:
            hide("out of stock", self._columns.out_of_stock)
        if where.without:
            mask = mask & ~np.isin(self.group, self.group[self._positions(where.without)])
        if where.types is not None:
            hide("of another or unsure type", ~self._of(where.types))
        if where.below is not None and where.min_saving:
            most = round(where.below.amount * (1 - where.min_saving), 6)  # 0.9 is 0.1 short of 1
            hide(SAVES_TOO_LITTLE, np.greater(self._columns.prices, most))
        mask.flags.writeable = False
        return Candidates(mask, hidden)

    def facets(self, filters: Filters) -> Mapping[str, Mapping[str, int]]:
        """Count what each name of each facet would leave, with all other filters; variants once."""
        counts: dict[str, Mapping[str, int]] = {}
        for facet, column in FACETS.items():
            anything: dict[str, Any] = {facet: frozenset()}
            mask = self.candidates(Where(replace(filters, **anything))).mask
            names, codes = (
                self._columns.names(column).names,
                self._columns.names(column).codes[mask],
            )
            once = np.unique(codes * len(mask) + self.group[mask]) // max(len(mask), 1)
            tally = np.bincount(once, minlength=len(names)).tolist()
            counts[facet] = {n: c for n, c in sorted(zip(names, tally, strict=True)) if n and c}
        return counts

    def _chosen(self, filters: Filters) -> Mask:
        mask = np.ones(len(self.products), bool)
        for facet, column in FACETS.items():
            names = getattr(filters, facet)
            if names:
                mask &= self._columns.names(column).is_in(names)
        return mask & self.text.mask(filters.words) if filters.words else mask

    def _of(self, types: Types) -> Mask:
        of_type = self._columns.names("type").is_in(types.names)
        of_type[self._positions(types.but)] = False
        of_type[self._positions(types.also)] = True
        return of_type

    def _positions(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Give the positions of products, of those that are there."""
        known = self._position
        return np.array([known[id] for id in ids if id in known], np.int64)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {product.id: n for n, product in enumerate(self.products)}

    def _outside(self, bounds: Sequence[tuple[float, Beyond]]) -> Mask:
        """Tell which products' prices are beyond a bound; a missing one (NaN) never is."""
        outside = np.zeros(len(self.products), bool)
        for bound, beyond in bounds:
            outside |= beyond(self._columns.prices, bound)
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
