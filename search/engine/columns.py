"""What products are filtered by, as columns that are compared at once and follow a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Difference, Product
from search.catalogue.records import Records
from search.engine.votes import type_of
from search.filenames import same_letters


class NameColumn:
    """A name for each of n products: `codes` (n,) int64 count in `names`. Immutable.

    A name may be there that no product has any more.
    """

    def __init__(self, names: tuple[str, ...], codes: NDArray[np.int64]) -> None:
        self.names = names
        self.codes = codes
        self._code = {name: n for n, name in enumerate(names)}

    @classmethod
    def of(cls, texts: Sequence[str]) -> NameColumn:
        """Make a column of the products' names (n,)."""
        return cls((), np.empty(0, np.int64))._extended(texts)

    def followed(self, since: Difference, texts: Sequence[str]) -> NameColumn:
        """Give the column after a change; `texts` are of the products that came or changed."""
        fresh = self._extended(texts)
        return NameColumn(fresh.names, since.carried(self.codes, fresh.codes))

    def is_in(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Tell which products (n,) have one of the names."""
        chosen = np.zeros(len(self.names), bool)
        chosen[[self._code[name] for name in names if name in self._code]] = True
        return chosen[self.codes]

    def among(self, mask: NDArray[np.bool_] | None = None) -> set[str]:
        """Give the names that products have, or those of a mask (n,)."""
        codes = self.codes if mask is None else self.codes[mask]
        return {self.names[code] for code in np.flatnonzero(np.bincount(codes)).tolist()}

    def _extended(self, texts: Sequence[str]) -> NameColumn:
        """Make a column of texts, whose names begin with those that are known here."""
        code = dict(self._code)
        codes = [code.setdefault(text, len(code)) for text in texts]
        return NameColumn(tuple(code), np.array(codes, np.int64))


class Columns:
    """The fields of n products that filters look at, in the order given; made once asked for."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = Records.of(products)
        self._names: dict[str, NameColumn] = {}

    def followed(self, after: Sequence[Product], since: Difference) -> Columns:
        """Give the columns of the products after a change, as far as these were made."""
        columns = Columns(after)
        fresh = Records(after[position] for position in since.fresh.tolist())
        for name, column in self._names.items():
            columns._names[name] = column.followed(since, _NAMES[name](fresh))
        for name, values in _VALUES.items():
            if name in self.__dict__:
                columns.__dict__[name] = since.carried(self.__dict__[name], values(fresh))
        return columns

    def names(self, name: str) -> NameColumn:
        """Give the column of a product's names: "category", "brand", "colour", and so on."""
        if name not in self._names:
            self._names[name] = NameColumn.of(_NAMES[name](self._products))
        return self._names[name]

    @cached_property
    def prices(self) -> NDArray[np.float64]:
        """Prices in minor units; NaN where there is none, which no comparison passes."""
        return _prices(self._products)

    @cached_property
    def out_of_stock(self) -> NDArray[np.bool_]:
        """Whether a product is known to be out of stock."""
        return _out_of_stock(self._products)

    @cached_property
    def withdrawn(self) -> NDArray[np.bool_]:
        """Whether a product is not sold."""
        return _withdrawn(self._products)


def _prices(products: Records[Product]) -> NDArray[np.float64]:
    prices = products.values("price")
    return np.array([np.nan if price is None else price for price in prices], np.float64)


def _out_of_stock(products: Records[Product]) -> NDArray[np.bool_]:
    stocks = products.values("stock")
    return np.array([stock is not None and stock <= 0 for stock in stocks], bool)


def _withdrawn(products: Records[Product]) -> NDArray[np.bool_]:
    return np.array([status != "active" for status in products.values("status")], bool)


def _spelt(field: str) -> Callable[[Records[Product]], list[str]]:
    """Give a field of each product, however its accents are written."""
    return lambda products: [same_letters(text) for text in products.values(field)]


_VALUES: Mapping[str, Callable[[Records[Product]], NDArray[Any]]] = {
    "prices": _prices,
    "out_of_stock": _out_of_stock,
    "withdrawn": _withdrawn,
}
_NAMES: Mapping[str, Callable[[Records[Product]], Sequence[str]]] = {
    "category": _spelt("category"),
    "brand": _spelt("brand"),
    "colour": _spelt("colour"),
    "currency": lambda products: products.values("currency"),
    "type": lambda products: [type_of(product) for product in products],
}
