"""What products are filtered by, as columns that are compared at once and follow a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Difference, Product
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
        self._products = products
        self._names: dict[str, NameColumn] = {}

    def followed(self, after: Sequence[Product], since: Difference) -> Columns:
        """Give the columns of the products after a change, as far as these were made."""
        columns = Columns(after)
        fresh = [after[position] for position in since.fresh.tolist()]
        for name, column in self._names.items():
            texts = [_NAMES[name](product) for product in fresh]
            columns._names[name] = column.followed(since, texts)
        for name, values in _VALUES.items():
            if name in self.__dict__:
                columns.__dict__[name] = since.carried(self.__dict__[name], values(fresh))
        return columns

    def names(self, name: str) -> NameColumn:
        """Give the column of a product's names: "category", "brand", "colour", and so on."""
        if name not in self._names:
            text = _NAMES[name]
            self._names[name] = NameColumn.of([text(product) for product in self._products])
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


def _prices(products: Sequence[Product]) -> NDArray[np.float64]:
    return np.array([np.nan if p.price is None else p.price for p in products], np.float64)


def _out_of_stock(products: Sequence[Product]) -> NDArray[np.bool_]:
    return np.array([not p.in_stock for p in products], bool)


def _withdrawn(products: Sequence[Product]) -> NDArray[np.bool_]:
    return np.array([not p.active for p in products], bool)


_VALUES: Mapping[str, Callable[[Sequence[Product]], NDArray[Any]]] = {
    "prices": _prices,
    "out_of_stock": _out_of_stock,
    "withdrawn": _withdrawn,
}
_NAMES: Mapping[str, Callable[[Product], str]] = {
    "category": lambda product: same_letters(product.category),  # however accents are written
    "brand": lambda product: same_letters(product.brand),
    "colour": lambda product: same_letters(product.colour),
    "currency": attrgetter("currency"),
    "type": type_of,
}
