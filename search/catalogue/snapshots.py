"""The whole catalogue as it is at one revision, and what one snapshot differs in from another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.catalogue import sales, variants
from search.catalogue.models import CataloguePhoto, Cursor, Product
from search.catalogue.positions import Positions
from search.catalogue.records import ById, Records
from search.catalogue.vectors import Vectors

Places = NDArray[np.int64]
Column = TypeVar("Column", bound=NDArray[Any])
_NONE: Places = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What a snapshot differs in from the one that it followed; all places rise.

    Of products `gone` (m,) are positions in the one before, `came` and `changed` in this one; of
    rows `gone_rows` are places in the one before, `came_rows` in this one. There are `count`
    products and `rows` rows by now.
    """

    count: int
    rows: int
    gone: Places = field(default_factory=_NONE.copy)
    came: Places = field(default_factory=_NONE.copy)
    changed: Places = field(default_factory=_NONE.copy)
    gone_rows: Places = field(default_factory=_NONE.copy)
    came_rows: Places = field(default_factory=_NONE.copy)

    @property
    def fresh(self) -> Places:
        """The positions of the products that came or changed."""
        return np.union1d(self.came, self.changed)

    def carried(self, column: Column, values: Sequence[Any] | NDArray[Any]) -> Column:
        """Bring a value for each product up to date; `values` are of those that are fresh."""
        after = self.aligned(column)
        after[self.fresh] = values
        return after

    def aligned(self, column: Column) -> Column:
        """Give each product the value it had before; that of one that came means nothing."""
        return _carried(column, self.gone, self.came, self.count)

    def carried_rows(self, column: Column, values: Sequence[Any] | NDArray[Any]) -> Column:
        """Bring a value for each row up to date; `values` are of those that came."""
        after = _carried(column, self.gone_rows, self.came_rows, self.rows)
        after[self.came_rows] = values
        return after

    def moved(self, before: int) -> Places:
        """Give where each of so many products from before is now; -1 for one that is gone."""
        now = np.full(before, -1, np.int64)
        now[np.delete(np.arange(before), self.gone)] = np.delete(np.arange(self.count), self.came)
        return now


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The catalogue at one revision, read in a single transaction.

    `products` are ordered by id and `photos` by id; `photo_ids` (n,) int64 and `vectors` (n, d)
    belong to those photographs that have a feature of `fingerprint`, by photo id. A row is a
    photograph that has a feature; a position is a product's place in `products`, which are as they
    are sold at the `moment`. A group's number is the position of its first product.
    `left_out` has a sentence for each row of the database that is damaged and so not among these.
    `since` says what differs from the snapshot that this one followed, None where all was read.
    `fetched` counts the features that came from the database and not from what was saved.
    """

    revision: int
    fingerprint: str
    products: Records[Product]
    photos: Records[CataloguePhoto]
    photo_ids: NDArray[np.int64]
    vectors: Vectors
    left_out: tuple[str, ...] = ()
    moment: str = ""
    cursor: Cursor | None = None
    since: Difference | None = None
    fetched: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.vectors, Vectors):  # an array, taken as it is
            object.__setattr__(self, "vectors", Vectors.of(self.vectors))
        object.__setattr__(self, "products", Records.of(self.products))
        object.__setattr__(self, "photos", Records.of(self.photos))

    def at(self, moment: str) -> Snapshot:
        """Give the same revision with the products as they are sold at another moment.

        It follows this one: only what costs another price differs.
        """
        sold = priced(self.products, map(self.position.__getitem__, self.on_sale), moment)
        changed = np.array(sorted(sold), np.int64)
        since = Difference(len(self.products), len(self.photo_ids), changed=changed)
        after = replace(self, products=self.products.edited(sold), moment=moment, since=since)
        # Neither places nor groups depend on the price of the day.
        after.keep({name: self.__dict__[name] for name in _KEPT & self.__dict__.keys()})
        return after

    def keep(self, known: Mapping[str, Any]) -> None:
        """Remember properties that are known already, before anybody asks for them."""
        self.__dict__.update(known)

    def is_over(self, moment: str) -> bool:
        """Tell whether a price has changed since, or the clock was put back."""
        return moment < self.moment or (self._until != "" and self._until <= moment)

    @cached_property
    def _until(self) -> str:
        """The first moment after this one at which a price changes; "" for never."""
        selling = (self.products[self.position[id]] for id in self.on_sale)
        return sales.next_change(selling, self.moment)

    @cached_property
    def on_sale(self) -> frozenset[str]:
        """Return the products, by id, that have a sale, over or not."""
        prices = self.products.values("sale_price")
        on_sale = np.flatnonzero([price is not None for price in prices])
        return frozenset(self.products[n].id for n in on_sale.tolist())

    @property
    def features(self) -> NDArray[np.float32]:
        """The features (n, d) as one array, made for the time being; `vectors` need half of it."""
        return self.vectors[:]

    @cached_property
    def position(self) -> Positions:
        """Return each product's position, by its id."""
        return Positions(self.products.values("id"))

    @cached_property
    def photo(self) -> Mapping[int, CataloguePhoto]:
        """Return each photograph by its id."""
        return ById(self.photos)

    @cached_property
    def photos_of(self) -> Mapping[str, tuple[CataloguePhoto, ...]]:
        """Return the photographs of each product that has any, by the product's id."""
        found: dict[str, list[CataloguePhoto]] = {}
        for photo in self.photos:
            found.setdefault(photo.product_id, []).append(photo)
        return {product: tuple(photos) for product, photos in found.items()}

    def photos_among(self, product_ids: Collection[str]) -> list[CataloguePhoto]:
        """Return the photographs of some products, by id."""
        if "photos_of" in self.__dict__:
            found = [photo for id in product_ids for photo in self.photos_of.get(id, ())]
        else:
            products = [n for id in product_ids if (n := self.position.get(id)) is not None]
            rows = np.flatnonzero(np.isin(self.row_product, products))
            found = [self.photo[id] for id in self.photo_ids[rows].tolist()]
            found += (photo for photo in self.without_row if photo.product_id in product_ids)
        return sorted(found, key=attrgetter("id"))

    @cached_property
    def main_photo(self) -> Mapping[str, CataloguePhoto]:
        """Return each product's first photograph, by the product's id."""
        return {photo.product_id: photo for photo in reversed(self.photos)}

    @cached_property
    def without_row(self) -> tuple[CataloguePhoto, ...]:
        """Return the photographs that have no feature, by id."""
        if len(self.photo_ids) == len(self.photos):
            return ()
        known = np.isin(self.photos.values("id"), self.photo_ids)
        return tuple(self.photos[n] for n in np.flatnonzero(~known).tolist())

    @cached_property
    def row_product(self) -> NDArray[np.int64]:
        """Return the position of each row's product, (n,)."""
        return self.position.several(self._of_rows("product_id"))

    def _of_rows(self, field: str) -> Sequence[Any]:
        """Return a field of each row's photograph, (n,)."""
        values = self.photos.values(field)
        if len(self.photo_ids) == len(self.photos):
            return values
        places = np.searchsorted(self.photos.values("id"), self.photo_ids)
        return [values[place] for place in places.tolist()]

    def by_content(self) -> tuple[list[str], Vectors]:
        """Return the sha256 (n,) of the rows' photographs, and their features, which go by it."""
        return [*self._of_rows("sha256")], self.vectors

    @cached_property
    def group(self) -> NDArray[np.int64]:
        """Return each product's group, (n_products,)."""
        return variants.groups(self.products, self.photos, self.sharing)

    @cached_property
    def sharing(self) -> frozenset[str]:
        """Return the products, by id, that share a photograph with another one."""
        return variants.sharing(self.photos)

    @cached_property
    def owners(self) -> variants.Owners:
        """Return which products have, or had, each photograph."""
        return variants.Owners(self.photos)

    @cached_property
    def row_group(self) -> NDArray[np.int64]:
        """Return the group of each row's product, (n,)."""
        return self.group[self.row_product]

    @cached_property
    def distinct_rows(self) -> NDArray[np.int64]:
        """Return the first row of each photograph of each group, (m,), rising.

        What is counted over these does not depend on how many sizes a thing is listed in.
        """
        first: dict[tuple[int, str | int], int] = {}
        each = zip(
            self.row_group.tolist(), self._of_rows("sha256"), self.photo_ids.tolist(), strict=True
        )
        for row, (group, sha256, id) in enumerate(each):
            first.setdefault((group, sha256 or id), row)
        return np.fromiter(first.values(), np.int64, len(first))

    def features_of(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the features of some rows (rising), float32."""
        return self.features if len(rows) == len(self.photo_ids) else self.vectors[rows]


_KEPT = frozenset(
    ("position", "photos_of", "main_photo", "without_row", "row_product", "group")
) | {"sharing", "on_sale"}


def priced(
    products: Sequence[Product], positions: Iterable[int], moment: str
) -> dict[int, Product]:
    """Give those among some products, by position, that cost something else at a moment."""
    sold = {position: sales.sold_at(products[position], moment) for position in positions}
    return {
        position: product
        for position, product in sold.items()
        if (product.price, product.was) != (products[position].price, products[position].was)
    }


def _carried(column: Column, gone: Places, came: Places, count: int) -> Column:
    after = np.empty(count, column.dtype)
    stays = np.ones(count, bool)
    stays[came] = False
    after[stays] = np.delete(column, gone) if len(gone) else column
    return after  # type: ignore[return-value]
