"""Whose names a table's header uses, and what its cells mean there: Google, Shopify, WooCommerce.

A row comes in as cells by the names of the tables below, and is changed in place to ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

Dialect = Literal["own", "google", "shopify", "woocommerce"]

COLUMNS: Final = (
    *("id", "item_group", "name", "category", "kind", "brand", "colour"),
    *("price", "currency", "sale_price", "sale_from", "sale_until"),
    *("stock", "status", "url", "file"),
)
"""The documented columns in the order of an export; kind is an attribute like any further one."""

# Those that an export has had from the first on.
_FIRST: Final = frozenset(COLUMNS) - {"item_group", "sale_price", "sale_from", "sale_until"}

_OWN: Mapping[str, str] = {
    "product id": "id",
    "sku": "id",
    "item group": "item_group",
    "item group id": "item_group",
    "sale price": "sale_price",
    "sale from": "sale_from",
    "sale until": "sale_until",
    "sale price effective date": "sale_dates",
    "compare at price": "compare_at",
    "title": "name",
    "product name": "name",
    "product type": "kind",
    "type": "kind",
    "color": "colour",
    "vendor": "brand",
    "link": "url",
    "availability": "stock",
    "quantity": "stock",
    "image": "file",
    "image link": "file",
    "photo": "file",
    "filename": "file",
    "file name": "file",
}
# https://support.google.com/merchants/answer/7052112
_GOOGLE: Mapping[str, str] = {
    "title": "name",
    "product type": "category",
    "google product category": "google product category",
    "color": "colour",
    "link": "url",
    "availability": "stock",
    "image link": "file",
    "additional image link": "file",
    "sale price": "sale_price",
    "sale price effective date": "sale_dates",
    "item group id": "item_group",
}
# https://help.shopify.com/en/manual/products/import-export/using-csv, old and new names
_SHOPIFY: Mapping[str, str] = {
    "handle": "id",
    "url handle": "id",
    "title": "name",
    "vendor": "brand",
    "type": "category",
    "product category": "product category",
    "variant price": "price",
    "price": "price",
    "variant inventory qty": "stock",
    "inventory quantity": "stock",
    "variant inventory tracker": "tracker",
    "inventory tracker": "tracker",
    "variant inventory policy": "policy",
    "continue selling when out of stock": "policy",
    "image src": "file",
    "product image url": "file",
    "variant image": "file",
    "variant image url": "file",
    "compare at price": "compare_at",
    "variant compare at price": "compare_at",
    "published on online store": "published",
}
# https://woocommerce.com/document/product-csv-importer-exporter/
_WOOCOMMERCE: Mapping[str, str] = {
    "name": "name",
    "categories": "category",
    "brands": "brand",
    "regular price": "price",
    "sale price": "sale_price",
    "date sale price starts": "sale_from",
    "date sale price ends": "sale_until",
    "date on sale from": "sale_from",
    "date on sale to": "sale_until",
    "parent": "item_group",
    "in stock?": "in stock",
    "backorders allowed?": "policy",
    "images": "file",
}
ALIASES: Mapping[Dialect, Mapping[str, str]] = {
    "own": _OWN,
    "google": _GOOGLE,
    "shopify": _SHOPIFY,
    "woocommerce": _WOOCOMMERCE,
}
_OPTION = re.compile(r"option\d (?:name|value)|attribute \d+ (?:name|value\(s\))")
_KEPT: Mapping[Dialect, frozenset[str]] = {
    "shopify": frozenset({"tags", "published"}),
    "woocommerce": frozenset({"tags", "published", "sku", "type", "gtin"})
    | {"gtin, upc, ean, or isbn"},
}
"""Columns of an export that describes the shop's whole workings, kept under their own names."""

_UNCOUNTED = frozenset(("instock", "available", "true", "yes", "onlineonly", "instoreonly"))
_ON_ORDER = frozenset(
    (
        *("preorder", "presale", "backorder", "onbackorder", "availablefororder", "madetoorder"),
        *("limitedavailability", "limited", "specialorder"),
    )
)
_NONE_LEFT = frozenset(
    ("outofstock", "soldout", "unavailable", "notavailable", "discontinued", "false", "no")
)


def dialect_of(names: Sequence[str]) -> Dialect:
    """Tell whose a header is by its names, in small letters and with spaces for signs."""
    if set(names) >= _FIRST:
        return "own"
    if "handle" in names or "url handle" in names:
        return "shopify"
    if "regular price" in names and {"id", "sku"} & set(names) and "name" in names:
        return "woocommerce"
    if "image link" in names or {"id", "title", "link"} <= set(names):
        return "google"
    return "own"


def is_kept(dialect: Dialect, name: str) -> bool:
    """Whether a column that has no name of ours becomes an attribute of the product."""
    kept = _KEPT.get(dialect)
    return kept is None or name in kept or bool(_OPTION.fullmatch(name))


def understand(values: dict[str, str], dialect: Dialect) -> None:
    """Change a row's cells to our names and meanings, in place."""
    if dialect == "google":
        _read_google(values)
    elif dialect == "shopify":
        _read_shopify(values)
    elif dialect == "woocommerce":
        _read_woocommerce(values)
    if "stock" in values:
        _read_availability(values)


def _read_availability(values: dict[str, str]) -> None:
    """Read the words for stock in every spelling: "in_stock", "InStock", a schema.org address.

    What can be had is a stock nobody counted, never one of a number. How it can be had otherwise
    than from stock is kept as the attribute "availability".
    """
    given = values["stock"]
    word = re.sub(r"^https?://schema\.org/", "", given.lower())
    word = re.sub(r"[\s_\-]", "", word)
    if word in _UNCOUNTED | _ON_ORDER:
        values["stock"] = ""
    elif word in _NONE_LEFT:
        values["stock"] = "0"
    if word in _ON_ORDER or word == "discontinued":
        values.setdefault("availability", given)


def _read_google(values: dict[str, str]) -> None:
    for title in ("category", "google product category"):
        if ">" in values.get(title, ""):  # "Apparel > Dresses > Maxi": the last is the finest
            values[title] = values[title].rsplit(">", 1)[1].strip()
    if not values.get("category") and values.get("google product category"):
        values["category"] = values["google product category"]


def _read_shopify(values: dict[str, str]) -> None:
    if values.get("status"):
        values["status"] = "active" if values["status"].lower() == "active" else "withdrawn"
    elif values.get("published", "").lower() == "false":
        values["status"] = "withdrawn"
    values.pop("published", None)
    _read_options(values, "option{} name", "option{} value", "123")
    tracker, sells_on = values.pop("tracker", None), _sells_on(values)
    if tracker == "":
        values["stock"] = ""  # nobody counts it, and the export writes 0
    _read_count(values, sells_on=sells_on)


def _read_woocommerce(values: dict[str, str]) -> None:
    paths = [
        path.replace("\\,", ",").strip()
        for path in re.split(r"(?<!\\),", values.get("category", ""))
    ]
    finest = max(paths, key=lambda path: path.count(">"))  # the first of those that say most
    if ">" in finest or len(paths) > 1:
        values["categories"] = ", ".join(paths)
    if "category" in values:
        values["category"] = finest.rsplit(">", 1)[-1].strip()
    published = values.pop("published", None)
    if published is not None:  # 1, 0 for private, -1 for a draft
        values["status"] = "active" if published in ("", "1") else "withdrawn"
    numbers = [name.split()[1] for name in values if re.fullmatch(r"attribute \d+ name", name)]
    _read_options(values, "attribute {} name", "attribute {} value(s)", numbers)
    in_stock, sells_on = values.pop("in stock", "").lower(), _sells_on(values)
    if in_stock == "backorder":
        values["stock"], sells_on = values.get("stock") or "0", True
    if in_stock in ("0", "false", "no"):
        values["stock"] = "0"
    else:
        _read_count(values, sells_on=sells_on)


def _read_options(
    values: dict[str, str], name_of: str, value_of: str, numbers: Sequence[str]
) -> None:
    for number in numbers:
        name = values.pop(name_of.format(number), "")
        value = values.pop(value_of.format(number), "")
        if name.lower() in ("color", "colour"):
            values["colour"] = value
        elif name and name.lower() != "title" and name.lower() not in COLUMNS:
            values[name.lower()] = value


def _sells_on(values: dict[str, str]) -> bool:
    return values.pop("policy", "").lower() in ("continue", "true", "yes", "1", "notify")


def _read_count(values: dict[str, str], *, sells_on: bool) -> None:
    """Read a counted stock that is used up: none left, or as many as anyone orders."""
    stock = values.get("stock", "")
    if re.fullmatch(r"-\d+(?:\.0*)?|0+(?:\.0*)?", stock):
        values["stock"] = "backorder" if sells_on else "0"
