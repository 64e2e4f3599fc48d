"""Rows of the catalogue's tables as products, photographs and settings."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from search.catalogue.models import CataloguePhoto, Product
from search.errors import CatalogueError

PRODUCT_COLUMNS = tuple(field.name for field in dataclasses.fields(Product))
PHOTO_COLUMNS = tuple(field.name for field in dataclasses.fields(CataloguePhoto))

SELECT_PRODUCTS = f"SELECT {', '.join(PRODUCT_COLUMNS)} FROM product"
SELECT_PHOTOS = f"SELECT {', '.join('photo.' + name for name in PHOTO_COLUMNS)} FROM photo"

_ATTRIBUTES = PRODUCT_COLUMNS.index("attributes")


def attributes_text(attributes: Mapping[str, str]) -> str:
    """Write attributes as JSON, always the same for the same attributes."""
    return json.dumps(dict(attributes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def product_of(row: Sequence[Any]) -> Product:
    """Make a product of a row of `SELECT_PRODUCTS`."""
    columns = list(row)
    columns[_ATTRIBUTES] = {} if row[_ATTRIBUTES] == "{}" else json.loads(row[_ATTRIBUTES])
    return Product(*columns)


def products(connection: sqlite3.Connection) -> list[Product]:
    """Return all products by id."""
    return [product_of(row) for row in connection.execute(f"{SELECT_PRODUCTS} ORDER BY id")]


def photos(connection: sqlite3.Connection, product_id: str | None = None) -> list[CataloguePhoto]:
    """Return the photographs of a product, or of all, by id."""
    chosen, values = ("", ()) if product_id is None else ("WHERE product_id = ?", (product_id,))
    rows = connection.execute(f"{SELECT_PHOTOS} {chosen} ORDER BY id", values)
    return [CataloguePhoto(*row) for row in rows]


def find_product(connection: sqlite3.Connection, id: str) -> Product:
    """Return a product.

    :raises CatalogueError: when there is none of that id.
    """
    row = connection.execute(f"{SELECT_PRODUCTS} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise CatalogueError(f"The catalogue has no product “{id}”: check the id.")
    return product_of(row)


def find_photo(connection: sqlite3.Connection, id: int) -> CataloguePhoto:
    """Return a photograph.

    :raises CatalogueError: when there is none of that id.
    """
    row = connection.execute(f"{SELECT_PHOTOS} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise CatalogueError(f"The catalogue has no photograph number {id}: it may be deleted.")
    return CataloguePhoto(*row)


def select_referenced(column: str) -> str:
    """Return SQL for a column of all photographs, also of those that a restore can bring back."""
    return (
        f"SELECT {column} FROM photo UNION"
        f" SELECT json_extract(coalesce(before, after), '$.{column}')"
        " FROM journal WHERE entity = 'photo'"
    )


def referenced(connection: sqlite3.Connection, column: str) -> set[str]:
    """Return a column of all photographs, also of those that a restore can bring back."""
    return {value for (value,) in connection.execute(select_referenced(column))}


def setting(connection: sqlite3.Connection, key: str) -> str | None:
    """Return a setting of the catalogue, or None."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Save a setting of the catalogue."""
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))
