"""What a catalogue holds: products, photographs and revisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from search.catalogue import sales
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
class Cursor:
    """How far a snapshot knows the revisions and their journal; both rows by their checksums.

    A row that is not there has None.
    """

    revision: int
    revision_sum: tuple[int | None] | None
    entry: int
    entry_sum: tuple[int | None] | None


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
