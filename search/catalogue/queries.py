"""Rows of the catalogue's tables as products and photographs."""

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
    """Make a product of a row of ``SELECT_PRODUCTS``."""
    columns = list(row)
    columns[_ATTRIBUTES] = {} if row[_ATTRIBUTES] == "{}" else json.loads(row[_ATTRIBUTES])
    return Product(*columns)


def products(connection: sqlite3.Connection) -> list[Product]:
    """Return all products by id."""
    return [product_of(row) for row in connection.execute(f"{SELECT_PRODUCTS} ORDER BY id")]


def photos(connection: sqlite3.Connection) -> list[CataloguePhoto]:
    """Return all photographs by id."""
    rows = connection.execute(f"{SELECT_PHOTOS} ORDER BY photo.id")
    return [CataloguePhoto(*row) for row in rows]


def find_product(connection: sqlite3.Connection, id: str) -> Product:
    """Return a product.

    :raises CatalogueError: there is none of that id.
    """
    row = connection.execute(f"{SELECT_PRODUCTS} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise CatalogueError(f"The catalogue has no product “{id}”: check the id.")
    return product_of(row)


def find_photo(connection: sqlite3.Connection, id: int) -> CataloguePhoto:
    """Return a photograph.

    :raises CatalogueError: there is none of that id.
    """
    row = connection.execute(f"{SELECT_PHOTOS} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise CatalogueError(f"The catalogue has no photograph number {id}: it may be deleted.")
    return CataloguePhoto(*row)
