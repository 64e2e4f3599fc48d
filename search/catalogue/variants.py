"""Which products are variants (sizes, colours) of one thing, and so count once.

The merchant says so with `item_group`: products of one name are one group, of two names never.
Where nothing is said, products with the very same photographs are one group if nothing known tells
them apart (category, brand, colour and such) and either

- their regular prices are equal, or one has none; or
- they state different sizes (as an attribute, or in names that are otherwise equal) and their
  prices lie close together, as those of sizes do.

So one listing at two prices stays two: a cheaper listing of the same thing is what the audit looks
for. Regular prices are compared, for a sale doesn't make another product of a size.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from search.catalogue.models import CataloguePhoto, Product
    from search.catalogue.records import Records
    from search.catalogue.snapshots import Snapshot

SIZE_NAMES = ("size", "shoe size", "sizes", "grösse", "groesse", "taille", "talla", "maat")
"""Attributes that state a size."""

_TOLD_APART = ("kind", "pattern", "material")  # attributes, besides category, brand and colour
_CLOSE = 0.7  # the cheapest size costs at least this share of the dearest

_LETTERS = r"(?:\d?x{1,4}[sl]|xx?s|[sml]|one size|os|\d{1,2}xl)"
_WORDS = r"(?:eu|uk|us|it|fr|de|w|l|gr\.?|grösse|groesse|size|taille|talla|maat)"
_NUMBERS = rf"(?:{_WORDS}\s?\d{{1,3}}(?:[.,]5)?|(?:1[6-9]|[2-6]\d)(?:[.,]5)?)"
_KIDS = r"(?:6[28]|74|8[06]|9[28]|1[0-7][0-9])"
_SIZE = re.compile(
    rf"(?<![\w.'’])(?:{_LETTERS}|{_NUMBERS}|{_KIDS})(?:\s*/\s*(?:{_LETTERS}|{_NUMBERS}|{_KIDS}))?"
    r"(?![\w%])"
)


def size_of(product: Product) -> str:
    """Give the size that a product states, in small letters: an attribute, else one in its name."""
    for name, value in product.attributes.items():
        if value and name.casefold() in SIZE_NAMES:
            return value.casefold().strip()
    return " ".join(_SIZE.findall(product.name.casefold()))


def are_stated_variants(first: Product, second: Product) -> bool:
    """Tell whether two products say that they are variants of one: by group, or by name and size.

    Unlike in a group made by photographs, their prices say nothing here.
    """
    if first.item_group or second.item_group:
        return first.item_group == second.item_group
    sizes = size_of(first), size_of(second)
    return all(sizes) and sizes[0] != sizes[1] and _stem(first) == _stem(second)


def groups(
    products: Records[Product],
    photos: Records[CataloguePhoto],
    shared: Collection[str] | None = None,
) -> NDArray[np.int64]:
    """Give each product's group, (n,): the position of the group's first product.

    :param shared: the products that share a photograph, see `sharing`, where that is known.
    """
    first = np.arange(len(products), dtype=np.int64)
    named: dict[str, int] = {}
    for position, name in enumerate(products.values("item_group")):
        if name:
            first[position] = named.setdefault(name, position)
    for alike in _one_photograph(products, photos, sharing(photos) if shared is None else shared):
        for unit in _units(products, alike):
            said = {int(first[position]) for position in unit if products[position].item_group}
            free = [position for position in unit if not products[position].item_group]
            if free:
                first[free] = said.pop() if len(said) == 1 else free[0]
    # A group that a later product joined from the front is called after that one.
    lowest = np.full(len(products), len(products), np.int64)
    np.minimum.at(lowest, first, np.arange(len(products)))
    return lowest[first]


def sharing(photos: Records[CataloguePhoto]) -> frozenset[str]:
    """Give the products, by id, that share a photograph with another one."""
    first: dict[str, str] = {}
    found: set[str] = set()
    for sha256, owner in zip(photos.values("sha256"), photos.values("product_id"), strict=True):
        other = first.setdefault(sha256, owner)
        if other != owner and sha256:
            found |= {other, owner}
    return frozenset(found)


class Owners:
    """The products, by id, that have each photograph, or had it in a snapshot before.

    Those that had it are looked at in vain, which is cheaper than to copy all for each snapshot.
    """

    def __init__(self, photos: Records[CataloguePhoto]) -> None:
        shas, owners = photos.values("sha256"), photos.values("product_id")
        self._one = dict(zip(shas, owners, strict=True))
        self._others: dict[str, frozenset[str]] = {}
        self._add((s, o) for s, o in zip(shas, owners, strict=True) if self._one[s] != o)

    def add(self, photos: Iterable[CataloguePhoto]) -> None:
        """Learn of photographs that came."""
        self._add((photo.sha256, photo.product_id) for photo in photos)

    def _add(self, owned: Iterable[tuple[str, str]]) -> None:
        for sha256, owner in owned:
            if self._one.setdefault(sha256, owner) != owner:
                self._others[sha256] = self._others.get(sha256, frozenset()) | {owner}

    def of(self, shas: Iterable[str]) -> set[str]:
        """Give the products that have one of some photographs, or had it."""
        known = [sha256 for sha256 in shas if sha256 in self._one]
        others = (self._others.get(sha256, frozenset()) for sha256 in known)
        return {self._one[sha256] for sha256 in known}.union(*others)


def fellows(after: Snapshot, ids: set[str], *, names: set[str], shas: set[str]) -> set[str]:
    """Give the products, by id, that what changed of some may bring into a group or out of one.

    These are the products `ids`, all that share an item group or a photograph with one of them or
    with what is gone, `names` and `shas`, and so on: on others their groups do not depend.
    """
    found, new = set(ids), ids
    while True:
        shas = (shas | {photo.sha256 for photo in after.photos_among(new)}) - {""}
        near = {id for id in after.owners.of(shas) if id in after.position}
        names = (names | {after.products[after.position[id]].item_group for id in new}) - {""}
        if names:
            listed = after.products
            groups = zip(listed.values("id"), listed.values("item_group"), strict=True)
            near |= {id for id, name in groups if name in names}
        new = near - found
        if not new:
            return found
        found |= new


def _one_photograph(
    products: Records[Product], photos: Records[CataloguePhoto], shared: Collection[str]
) -> Iterable[list[int]]:
    """List products, by position, that share all photographs and of which one is in no group."""
    if not shared:
        return []
    pictures: defaultdict[str, set[str]] = defaultdict(set)
    for owner, sha256 in zip(photos.values("product_id"), photos.values("sha256"), strict=True):
        if owner in shared and sha256:
            pictures[owner].add(sha256)
    classes: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for position, id in enumerate(products.values("id")):
        if id in shared:
            classes[frozenset(pictures[id])].append(position)
    return [
        alike
        for alike in classes.values()
        if len(alike) > 1 and not all(products[position].item_group for position in alike)
    ]


def _units(products: Sequence[Product], alike: Sequence[int]) -> Iterable[list[int]]:
    """Part products of the same photographs, by position, into those that are one thing."""
    by_facts: defaultdict[Hashable, list[int]] = defaultdict(list)
    for position in alike:
        by_facts[_facts(products[position])].append(position)
    for same in by_facts.values():
        by_price: defaultdict[Hashable, list[int]] = defaultdict(list)
        for position in same:
            price = products[position].regular_price
            by_price[None if price is None else (products[position].currency, price)].append(
                position
            )
        unpriced = by_price.pop(None, [])
        units = _joined_sizes(products, list(by_price.values()))
        if len(units) == 1:
            yield sorted([*units[0], *unpriced])
        else:
            yield from filter(None, [*units, unpriced])


def _joined_sizes(products: Sequence[Product], units: list[list[int]]) -> list[list[int]]:
    """Join units of one price each that together are the sizes of one thing."""
    joined: defaultdict[str, list[list[int]]] = defaultdict(list)
    alone: list[list[int]] = []
    for unit in units:
        stems = {_stem(products[position]) for position in unit}
        stated = all(size_of(products[position]) for position in unit)
        (joined[stems.pop()] if stated and len(stems) == 1 else alone).append(unit)
    for several in joined.values():
        members = [products[position] for unit in several for position in unit]
        prices = [product.regular_price or 0 for product in members]
        are_sizes = len({size_of(product) for product in members}) == len(members)
        one_currency = len({product.currency for product in members}) == 1
        if are_sizes and one_currency and min(prices) >= _CLOSE * max(prices):
            alone.append(sorted(position for unit in several for position in unit))
        else:
            alone += several
    return alone


def _facts(product: Product) -> Hashable:
    attributes: Mapping[str, str] = product.attributes
    texts = (product.category, product.brand, product.colour)
    return tuple(
        text.casefold().strip()
        for text in (*texts, *(attributes.get(name, "") for name in _TOLD_APART))
    )


def _stem(product: Product) -> str:
    """Give a product's name without sizes and signs."""
    return " ".join(re.findall(r"\w+", _SIZE.sub(" ", product.name.casefold())))
