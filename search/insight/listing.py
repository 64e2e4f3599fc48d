"""The catalogue as a list of products: searched by words, narrowed, sorted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, get_args

import numpy as np

from search.catalogue import Product, Snapshot
from search.engine import LoadedCatalogue

State = Literal["withdrawn", "out of stock", "no price", "no photograph"]
Sort = Literal["name", "newest", "price, low first", "price, high first", "stock, low first"]
STATES: tuple[State, ...] = get_args(State)
SORTS: tuple[Sort, ...] = get_args(Sort)

_KEYS: Mapping[Sort, Callable[[Product], Any]] = {
    "name": lambda p: ((p.name or p.id).lower(), p.id),
    "price, low first": lambda p: (p.price is None, p.price or 0),
    "price, high first": lambda p: (p.price is None, -(p.price or 0)),
    "stock, low first": lambda p: (p.stock is None, p.stock or 0),
}


def list_products(
    loaded: LoadedCatalogue,
    *,
    words: str = "",
    categories: Collection[str] = (),
    state: State | None = None,
    sort: Sort = "name",
) -> list[Product]:
    """List the products that hold all the words and are of the categories and in the state.

    Words are found as a search finds them, see `search.engine.text`; no category means any. Equals
    in the order asked for follow by name, else by id; products without a price or a stock figure
    come last where that is sorted by.
    """
    snapshot, table = loaded.snapshot, loaded.table
    # Without words the index need not be made.
    has = table.text.mask(words) if words.strip() else np.ones(len(table.products), bool)
    found = [
        product
        for product, there in zip(table.products, has.tolist(), strict=True)
        if there
        and (not categories or product.category in categories)
        and (state is None or _is(product, state, snapshot))
    ]
    found.sort(key=_KEYS["name"])
    if sort == "newest":
        return sorted(found, key=lambda p: p.created, reverse=True)
    return sorted(found, key=_KEYS[sort])


def _is(product: Product, state: State, snapshot: Snapshot) -> bool:
    match state:
        case "withdrawn":
            return not product.active
        case "out of stock":
            return not product.in_stock
        case "no price":
            return product.price is None
        case "no photograph":
            return product.id not in snapshot.main_photo
