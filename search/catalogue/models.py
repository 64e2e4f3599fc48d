"""What a catalogue holds: products, photographs, revisions and a snapshot of them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from search.catalogue import sales, variants
from search.errors import CatalogueError
from search.money import decimal_text

Status = Literal["active", "withdrawn"]
STATUSES: tuple[Status, ...] = ("active", "withdrawn")
LONGEST_ID = 200
LARGEST_NUMBER = 10**15
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Product:
    """One product as the merchandiser knows it.

    Prices are in minor units of `currency` (ISO 4217); a `stock` of None is unknown and counts as
    in stock. `created` and `updated` are ISO 8601 UTC and set by the catalogue. `sale_price` is
    the price from `sale_from` to `sale_until`, moments (see search.catalogue.sales) or "" for no
    such end. As stored, `price` is the regular price; in a snapshot it is what the product costs at
    that moment, and while a sale is on `was` is the regular price. Products of one `item_group` are
    variants of one thing (see search.catalogue.variants).
    """

    id: str
    name: str = ""
    category: str = ""
    brand: str = ""
    colour: str = ""
    price: int | None = None
    currency: str = ""
    stock: int | None = None
    status: Status = "active"
    url: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    created: str = ""
    updated: str = ""
    sale_price: int | None = None
    sale_from: str = ""
    sale_until: str = ""
    item_group: str = ""
    was: int | None = None

    @property
    def regular_price(self) -> int | None:
        """What it costs without a sale."""
        return self.price if self.was is None else self.was

    def regular(self) -> Product:
        """Give it as it is stored, with its regular price."""
        return self if self.was is None else replace(self, price=self.was, was=None)

    @property
    def in_stock(self) -> bool:
        """Whether it can be bought as far as anybody knows: unknown stock is in stock."""
        return self.stock is None or self.stock > 0

    @property
    def active(self) -> bool:
        """Whether it is sold at all, that is, not withdrawn."""
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class CataloguePhoto:
    """One photograph of one product; `file` is posix, relative to the catalogue's folder."""

    id: int
    product_id: str
    sha256: str
    file: str
    source: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Revision:
    """Who did what, when, and to how many products and photographs.

    `restored` is the revision whose state an undo or a restore brought back.
    """

    number: int
    at: str
    actor: str
    action: str
    detail: str
    products: int
    photos: int
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row a revision touched; `before` is None for a new row, `after` for a deleted one."""

    table: str
    key: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None

    @property
    def kind(self) -> Literal["added", "deleted", "changed"]:
        """What happened to the row."""
        return "added" if self.before is None else "deleted" if self.after is None else "changed"

    def to_dict(self) -> dict[str, object]:
        """Give it as plain values; prices are in whole units of their currency, as text."""
        return {
            "table": self.table,
            "key": self.key,
            "before": _with_decimal_prices(self.before),
            "after": _with_decimal_prices(self.after),
        }


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The catalogue at one revision, read in a single transaction.

    `products` are ordered by id and `photos` by id; `photo_ids` (n,) int64 and `features`
    (n, d) float32 belong to those photographs that have a feature of `fingerprint`, by photo id.
    A row is a photograph that has a feature; a position is a product's place in `products`, which
    are as they are sold at the `moment`. A group's number is the position of its first product.
    `left_out` has a sentence for each row of the database that is damaged and so not among these.
    """

    revision: int
    fingerprint: str
    products: tuple[Product, ...]
    photos: tuple[CataloguePhoto, ...]
    photo_ids: NDArray[np.int64]
    features: NDArray[np.float32]
    left_out: tuple[str, ...] = ()
    moment: str = ""

    def at(self, moment: str) -> Snapshot:
        """Give the same revision with the products as they are sold at another moment."""
        products = tuple(sales.sold_at(product, moment) for product in self.products)
        return replace(self, products=products, moment=moment)

    def is_over(self, moment: str) -> bool:
        """Tell whether a price has changed since, or the clock was put back."""
        return moment < self.moment or (self._until != "" and self._until <= moment)

    @cached_property
    def _until(self) -> str:
        """The first moment after this one at which a price changes; "" for never."""
        return sales.next_change(self.products, self.moment)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Return each product's position, by its id."""
        return {product.id: n for n, product in enumerate(self.products)}

    @cached_property
    def photo(self) -> Mapping[int, CataloguePhoto]:
        """Return each photograph by its id."""
        return {photo.id: photo for photo in self.photos}

    @cached_property
    def photos_of(self) -> Mapping[str, tuple[CataloguePhoto, ...]]:
        """Return the photographs of each product that has any, by the product's id."""
        found: dict[str, list[CataloguePhoto]] = {}
        for photo in self.photos:
            found.setdefault(photo.product_id, []).append(photo)
        return {product: tuple(photos) for product, photos in found.items()}

    @cached_property
    def main_photo(self) -> Mapping[str, CataloguePhoto]:
        """Return each product's first photograph, by the product's id."""
        return {photo.product_id: photo for photo in reversed(self.photos)}

    @cached_property
    def row_product(self) -> NDArray[np.int64]:
        """Return the position of each row's product, (n,)."""
        return np.array(
            [self.position[self.photo[int(i)].product_id] for i in self.photo_ids], np.int64
        )

    @cached_property
    def group(self) -> NDArray[np.int64]:
        """Return each product's group, (n_products,)."""
        return variants.groups(self.products, self.photos)

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
        for row, (group, id) in enumerate(
            zip(self.row_group.tolist(), self.photo_ids.tolist(), strict=True)
        ):
            first.setdefault((group, self.photo[id].sha256 or id), row)
        return np.fromiter(first.values(), np.int64, len(first))

    def features_of(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the features of some rows (rising), without a copy where these are all."""
        return self.features if len(rows) == len(self.features) else self.features[rows]


def _with_decimal_prices(row: Mapping[str, object] | None) -> Mapping[str, object] | None:
    if row is None:
        return None
    prices = {
        name: decimal_text(amount, str(row["currency"]))
        for name in ("price", "sale_price")
        if isinstance(amount := row.get(name), int)
    }
    return {**row, **prices}


def validate(product: Product) -> None:
    """Refuse a product that the catalogue cannot store.

    :raises CatalogueError: when a field is not legal; the sentence names the product and the field.
    """
    if not product.id.strip():
        raise CatalogueError("A product needs an id: give it a number or a name of its own.")
    if len(product.id) > LONGEST_ID:
        raise CatalogueError(
            f"The product id “{product.id[:40]}…” is longer than {LONGEST_ID} characters: "
            "shorten it."
        )
    if any(unicodedata.category(letter) == "Cc" for letter in product.id):
        raise CatalogueError(
            f"The product id {product.id!r} contains control characters: take them out."
        )
    for title, text in _texts(product):
        if not isinstance(text, str) or "\0" in text or not _is_unicode(text):
            raise CatalogueError(
                f"The {title} of product {product.id!r} is not readable text: type it again."
            )
    _validate_number(product, "price", product.price)
    _validate_number(product, "stock", product.stock)
    _validate_sale(product)
    if product.price is not None and not CURRENCY.fullmatch(product.currency):
        raise CatalogueError(
            f"The price of product “{product.id}” needs a currency of three capital letters, "
            f"such as EUR, not “{product.currency}”."
        )
    if product.status not in STATUSES:
        raise CatalogueError(
            f"The status of product “{product.id}” must be active or withdrawn, "
            f"not “{product.status}”."
        )


def _texts(product: Product) -> list[tuple[str, object]]:
    texts: list[tuple[str, object]] = [
        (title, getattr(product, title))
        for title in ("id", "name", "category", "brand", "colour", "currency", "url", "item_group")
    ]
    for title, text in product.attributes.items():
        texts += [("attributes", title), (f"field “{title}”", text)]
    return texts


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _validate_number(product: Product, title: str, number: object) -> None:
    if number is None:
        return
    if isinstance(number, bool) or not isinstance(number, int):
        raise CatalogueError(
            f"The {title} of product “{product.id}” must be a whole number, not “{number}”."
        )
    if not 0 <= number <= LARGEST_NUMBER:
        raise CatalogueError(
            f"The {title} of product “{product.id}” must be between 0 and {LARGEST_NUMBER}, "
            f"not {number}."
        )


def _validate_sale(product: Product) -> None:
    """Refuse a sale that isn't one; dates without a price are none either."""
    _validate_number(product, "sale price", product.sale_price)
    dates = product.sale_from, product.sale_until
    if product.sale_price is None:
        if any(dates):
            raise CatalogueError(
                f"The sale of product “{product.id}” has dates but no price: give it one, or take "
                "the dates away."
            )
        return
    if not product.sale_price:
        raise CatalogueError(
            f"The sale price of product “{product.id}” is nothing: leave it empty where there is "
            "no sale."
        )
    if product.price is None or product.sale_price >= product.price:
        raise CatalogueError(
            f"The sale price of product “{product.id}” is not below its regular price: correct one "
            "of the two, or take the sale away."
        )
    if not all(sales.is_moment(date) for date in dates):
        raise CatalogueError(
            f"The dates of the sale of product “{product.id}” are not such as "
            "2026-01-31T08:00:00Z: type them again."
        )
    if all(dates) and dates[0] >= dates[1]:
        raise CatalogueError(
            f"The sale of product “{product.id}” ends before it starts: exchange its dates."
        )
