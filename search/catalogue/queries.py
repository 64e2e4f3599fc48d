"""Rows of the catalogue's tables as products, photographs and settings."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from search.catalogue import sums
from search.catalogue.models import CataloguePhoto, Product, validate
from search.errors import CatalogueError, DamagedError

PRODUCT_COLUMNS = tuple(field.name for field in dataclasses.fields(Product) if field.name != "was")
PHOTO_COLUMNS = tuple(field.name for field in dataclasses.fields(CataloguePhoto))

SELECT_PRODUCTS = f"SELECT {', '.join(PRODUCT_COLUMNS)}, sum FROM product"
SELECT_PHOTOS = f"SELECT {', '.join('photo.' + n for n in PHOTO_COLUMNS)}, photo.sum FROM photo"

_ATTRIBUTES = PRODUCT_COLUMNS.index("attributes")
_PRODUCT_SUMMED = itemgetter(*map(PRODUCT_COLUMNS.index, sorted(PRODUCT_COLUMNS)))
_PHOTO_SUMMED = itemgetter(*map(PHOTO_COLUMNS.index, sorted(PHOTO_COLUMNS)))


def attributes_text(attributes: Mapping[str, str]) -> str:
    """Write attributes as JSON, always the same for the same attributes."""
    return json.dumps(dict(attributes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=4096)  # many products have the same
def _attributes(text: str) -> Any:
    return json.loads(text)


def product_of(values: Sequence[Any]) -> Product:
    """Make a product of the values of `PRODUCT_COLUMNS`.

    :raises ValueError: when its attributes are not JSON.
    """
    columns = list(values)
    columns[_ATTRIBUTES] = _attributes(columns[_ATTRIBUTES]).copy()
    return Product(*columns)


def products(connection: sqlite3.Connection, left_out: list[str] | None = None) -> list[Product]:
    """Return all products by id, but for those that are damaged; a sentence for each of these.

    :param left_out: gets the sentences.
    """
    found = []
    for row in sums.fetch(connection, f"{SELECT_PRODUCTS} ORDER BY id"):
        product = _sound_product(connection, row)
        if product is not None:
            found.append(product)
        elif left_out is not None:
            left_out.append(_damaged_product(row[0]))
    return found


def photos(
    connection: sqlite3.Connection,
    product_id: str | None = None,
    left_out: list[str] | None = None,
) -> list[CataloguePhoto]:
    """Return the photographs of a product, or of all, by id, but for those that are damaged.

    :param left_out: gets a sentence for each of these.
    """
    chosen, values = ("", ()) if product_id is None else ("WHERE product_id = ?", (product_id,))
    found = []
    for row in sums.fetch(connection, f"{SELECT_PHOTOS} {chosen} ORDER BY id", values):
        photo = sound_photo(connection, row)
        if photo is not None:
            found.append(photo)
        elif left_out is not None:
            left_out.append(_damaged_photo(row[0]))
    return found


def find_product(connection: sqlite3.Connection, id: str) -> Product:
    """Return a product.

    :raises CatalogueError: when there is none of that id.
    :raises DamagedError: when its row is damaged.
    """
    product = product_if_any(connection, id)
    if product is None:
        raise CatalogueError(f"The catalogue has no product “{id}”: check the id.")
    return product


def product_if_any(connection: sqlite3.Connection, id: str) -> Product | None:
    """Return a product; None when there is none of that id.

    :raises DamagedError: when its row is damaged.
    """
    row = connection.execute(f"{SELECT_PRODUCTS} WHERE id = ?", (id,)).fetchone()
    product = None if row is None else _sound_product(connection, row)
    if row is not None and product is None:
        raise DamagedError(_damaged_product(id))
    return product


def find_photo(connection: sqlite3.Connection, id: int) -> CataloguePhoto:
    """Return a photograph.

    :raises CatalogueError: when there is none of that id.
    :raises DamagedError: when its row is damaged.
    """
    photo = photo_if_any(connection, id)
    if photo is None:
        raise CatalogueError(f"The catalogue has no photograph number {id}: it may be deleted.")
    return photo


def photo_if_any(connection: sqlite3.Connection, id: int) -> CataloguePhoto | None:
    """Return a photograph; None when there is none of that number.

    :raises DamagedError: when its row is damaged.
    """
    row = connection.execute(f"{SELECT_PHOTOS} WHERE id = ?", (id,)).fetchone()
    photo = None if row is None else sound_photo(connection, row)
    if row is not None and photo is None:
        raise DamagedError(_damaged_photo(id))
    return photo


def sound_photo(connection: sqlite3.Connection, row: Sequence[Any]) -> CataloguePhoto | None:
    """Make a photograph of a row of `SELECT_PHOTOS`; None where the row is damaged."""
    photo = CataloguePhoto(*row[:-1])
    if sums.of_text(_PHOTO_SUMMED(row)) == row[-1]:
        return photo
    edited = sums.was_edited(connection, "photo", photo.id)
    return photo if edited and is_legal_photo(row) else None


def is_legal_photo(row: Sequence[Any]) -> bool:
    """Tell whether a row of `SELECT_PHOTOS` may be that of a photograph."""
    _, *texts, width, height, _ = row
    sizes = isinstance(width, int) and isinstance(height, int)
    return sizes and all(isinstance(text, str) for text in texts)


def legal_product(row: Sequence[Any]) -> Product | None:
    """Make a product of a row of `SELECT_PRODUCTS`; None where it is none that may be stored."""
    try:
        product = product_of(row[:-1])
        validate(product)
    except (CatalogueError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return product


def illegal(connection: sqlite3.Connection) -> set[int]:
    """Return the rowids of products that may not be stored."""
    query = SELECT_PRODUCTS.replace(" FROM", ", rowid FROM")
    return {row[-1] for row in connection.execute(query) if legal_product(row[:-1]) is None}


def _sound_product(connection: sqlite3.Connection, row: Sequence[Any]) -> Product | None:
    if sums.of_text(_PRODUCT_SUMMED(row)) == row[-1]:
        return product_of(row[:-1])
    return legal_product(row) if sums.was_edited(connection, "product", row[0]) else None


def _damaged_product(id: object) -> str:
    return f"The row of product “{id}” is damaged: run `python -m search doctor --repair`."


def _damaged_photo(id: object) -> str:
    return f"The row of photograph number {id} is damaged: run `python -m search doctor --repair`."


def select_referenced(column: str) -> str:
    """Return SQL for a column of all photographs, also of those that a restore can bring back."""
    return (
        f"SELECT {column} FROM photo UNION"
        f" SELECT json_extract(coalesce(before, after), '$.{column}')"
        " FROM journal WHERE entity = 'photo' AND json_valid(coalesce(before, after))"
    )


def referenced(connection: sqlite3.Connection, column: str) -> set[str]:
    """Return a column of all photographs, also of those that a restore can bring back."""
    return {value for (value,) in connection.execute(select_referenced(column))}


def setting(connection: sqlite3.Connection, key: str) -> str | None:
    """Return a setting of the catalogue, or None.

    :raises DamagedError: when it is damaged, or another program has changed it.
    """
    row = connection.execute("SELECT value, sum FROM setting WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    value, found = row
    if sums.of((key, value)) != found or not isinstance(value, str):
        raise DamagedError(
            f"The setting “{key}” of the catalogue is damaged, or another program has changed it: "
            "run `python -m search doctor --repair`, or with --accept to keep it as it is."
        )
    return value


def set_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Save a setting of the catalogue."""
    connection.execute(
        "INSERT OR REPLACE INTO setting (key, value, sum) VALUES (?, ?, ?)",
        (key, value, sums.of((key, value))),
    )
