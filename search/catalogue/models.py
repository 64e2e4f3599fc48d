"""What a catalogue holds: products, photographs, revisions and a snapshot of them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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

    `price` is in minor units of `currency` (ISO 4217); a `stock` of None is unknown and
    counts as in stock. `created` and `updated` are ISO 8601 UTC and set by the catalogue.
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
        """Give it as plain values; a price is in whole units of its currency, as text."""
        return {
            "table": self.table,
            "key": self.key,
            "before": _with_decimal_price(self.before),
            "after": _with_decimal_price(self.after),
        }


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The catalogue at one revision, read in a single transaction.

    `products` are ordered by id and `photos` by id; `photo_ids` (n,) int64 and `features`
    (n, d) float32 belong to those photographs that have a feature of `fingerprint`, by photo id.
    A row is a photograph that has a feature; a position is a product's place in `products`.
    `left_out` has a sentence for each row of the database that is damaged and so not among these.
    """

    revision: int
    fingerprint: str
    products: tuple[Product, ...]
    photos: tuple[CataloguePhoto, ...]
    photo_ids: NDArray[np.int64]
    features: NDArray[np.float32]
    left_out: tuple[str, ...] = ()

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Return each product's position, by its id."""
        return {product.id: n for n, product in enumerate(self.products)}

    @cached_property
    def photo(self) -> Mapping[int, CataloguePhoto]:
        """Return each photograph by its id."""
        return {photo.id: photo for photo in self.photos}

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


def _with_decimal_price(row: Mapping[str, object] | None) -> Mapping[str, object] | None:
    price = None if row is None else row.get("price")
    if row is None or not isinstance(price, int):
        return row
    return {**row, "price": decimal_text(price, str(row["currency"]))}


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
        for title in ("id", "name", "category", "brand", "colour", "currency", "url")
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
