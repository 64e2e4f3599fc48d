"""What a published row holds, and how products become rows and rows products again.

One row is one encoded photograph with all facts of its product, so that one search answers and one
upsert changes them together. A product without an encoded photograph has one row too, which no
search by similarity finds. Rows of negative ids say what the whole is (see `state`).

The `vector` (d + COLOURS,) is the photograph's unit feature followed by its colours times `TINT`.
Its inner product with a query's feature followed by zeros is their cosine; with (1 - share) of the
feature followed by share / `TINT` of the query's colours it is the mixture of both (see
`search.engine.index.Beside`). The small weight leaves an approximate index to the features.

A sale begins and ends by the clock, so a row has both prices and when the lower one holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from search.catalogue import CataloguePhoto, Product
from search.engine.milvus.client import Connection
from search.engine.milvus.collection import Row
from search.engine.votes import type_of
from search.errors import IndexUnavailable, SearchError
from search.filenames import same_letters
from search.network.vectors import Feature
from search.photos.palette import COLOURS

VERSION: Final = 1
"""Of this schema; rows of another are published anew."""

FIRST: Final = "first == true"
"""The expression that one row of each product passes."""

TINT: Final = 0.3
NO_PRICE: Final = -1
ALWAYS: Final = 10**15
"""A moment after all others, as a number; 0 is before all."""

LONGEST: Final = 65_000  # bytes of a text or of a row's facts, just below what Milvus takes
MOST_WORDS: Final = 4_096  # different words of one product that it is found by
EXACT_UP_TO: Final = 200_000
"""Photographs that are compared one by one; from there on by a graph (HNSW)."""

_NAMES = ("product", "variants", "category", "brand", "colour", "kind", "currency", "sha256")
_NUMBERS = ("price", "sale_price", "sale_from", "sale_until")
_FLAGS = ("in_stock", "active", "encoded", "first", "many")
FIELDS: Final = ("id", "vector", *_NAMES, *_NUMBERS, *_FLAGS, "words", "facts", "digest")

_LOOKED_UP = ("product", "variants", "category", "brand", "colour", "kind", "sha256")
_HNSW = {"M": 32, "efConstruction": 200}


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A product with all that its rows are made of.

    `vectors` are its encoded photographs' by id, `variants` the id of its group's first product.
    """

    product: Product
    photos: tuple[CataloguePhoto, ...]
    vectors: Mapping[int, Feature]
    variants: str
    many: bool = False

    @property
    def ids(self) -> list[int]:
        """The ids of its rows."""
        return sorted(self.vectors) or [place_of(self.product.id)]


class TooLong(SearchError):
    """A product's facts are more than a row may hold."""


def create(connection: Connection, collection: str, size: int, photographs: int) -> None:
    """Make a collection for features of so many numbers, of about so many photographs.

    One that is there already gets what it lacks: its making may have been broken off.

    :raises IndexUnavailable: Milvus does not answer or refuses.
    """
    from pymilvus import DataType

    client = connection.client
    with connection.explained("written"):
        if not client.has_collection(collection):
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=size + COLOURS)
            for name in (*_NAMES, "digest"):
                schema.add_field(name, DataType.VARCHAR, max_length=65_535)
            for name in _NUMBERS:
                schema.add_field(name, DataType.INT64)
            for name in _FLAGS:
                schema.add_field(name, DataType.BOOL)
            schema.add_field(
                "words",
                DataType.ARRAY,
                element_type=DataType.VARCHAR,
                max_capacity=MOST_WORDS,
                max_length=1_024,
            )
            schema.add_field("facts", DataType.JSON)
            connection.clear(collection)
            client.create_collection(collection, schema=schema)
        indexed = set(client.list_indexes(collection))
        made = client.prepare_index_params()
        if "vector" not in indexed:
            kind = "FLAT" if photographs <= EXACT_UP_TO else "HNSW"
            made.add_index(
                "vector",
                index_name="vector",
                index_type=kind,
                metric_type="IP",
                params=_HNSW if kind == "HNSW" else {},
            )
        # milvus-lite looks at every row all the same.
        for name in () if connection.address.lite else _LOOKED_UP:
            if name not in indexed:
                made.add_index(name, index_name=name, index_type="INVERTED")
        if len(made):
            client.create_index(collection, made, sync=False)  # loading waits
    connection.load(collection)


def size_of(connection: Connection, collection: str) -> int:
    """Give how many numbers the features of a collection have.

    :raises IndexUnavailable: Milvus does not answer, or the collection is another program's.
    """
    with connection.explained("read"):
        fields = connection.client.describe_collection(collection)["fields"]
    if {field["name"] for field in fields} != set(FIELDS):
        raise IndexUnavailable(
            f"The collection “{collection}” was published by another version or program: publish "
            "the catalogue again with `python -m search publish --rebuild`."
        )
    sizes = {field["name"]: field.get("params", {}).get("dim", 0) for field in fields}
    return int(sizes["vector"]) - COLOURS


def rows_of(held: Held, words: Iterable[str], size: int) -> list[Row]:
    """Make a product's rows; `words` are the stems it is found by, `size` that of a feature.

    :raises TooLong: its facts are more than a row may hold.
    """
    product, photos, vectors = held.product, held.photos, held.vectors
    regular = product.regular()
    sale = regular.sale_price is not None
    shared: Row = {
        "product": product.id,
        "variants": held.variants,
        "category": same_letters(product.category),
        "brand": same_letters(product.brand),
        "colour": same_letters(product.colour),
        "kind": type_of(product),
        "currency": product.currency,
        "price": NO_PRICE if regular.price is None else regular.price,
        "sale_price": regular.sale_price if sale else NO_PRICE,
        "sale_from": as_number(regular.sale_from) if sale else ALWAYS,
        "sale_until": as_number(regular.sale_until, ALWAYS) if sale else ALWAYS,
        "in_stock": product.in_stock,
        "active": product.active,
        "many": held.many,
        "words": sorted(words)[:MOST_WORDS],
        "facts": _facts(regular, photos),
    }
    texts = [*(shared[name] for name in _NAMES if name in shared), json.dumps(shared["facts"])]
    if max(len(text.encode()) for text in texts) > LONGEST:
        raise TooLong(
            f"Product “{product.id}” is left out: its texts or photographs are more than "
            f"{LONGEST:,} bytes, all that a row of Milvus takes; shorten them."
        )
    encoded = [photo for photo in photos if photo.id in vectors]
    rows = [
        {"id": photo.id, "vector": vectors[photo.id], "sha256": photo.sha256, "encoded": True}
        for photo in encoded
    ] or [
        {"id": place_of(product.id), "vector": nowhere(size), "sha256": "", "encoded": False},
    ]
    made = [{**shared, **row, "first": n == 0} for n, row in enumerate(rows)]
    for row in made:
        row["digest"] = _digest(row)
    return made


def vector_of(feature: Feature, colours: Feature | None = None) -> Feature:
    """Lay a unit feature (d,) and a photograph's colours (COLOURS,) side by side; see above."""
    tinted = np.zeros(COLOURS, np.float32) if colours is None else colours * np.float32(TINT)
    return np.concatenate([feature, tinted], dtype=np.float32)


def nowhere(size: int) -> Feature:
    """Give the vector of a row that stands for no photograph."""
    vector = np.zeros(size + COLOURS, np.float32)
    vector[-1] = 1
    return vector


def place_of(product_id: str) -> int:
    """Give the id of a product's row that stands for no photograph: below those of `state`."""
    digest = hashlib.sha256(product_id.encode()).digest()
    return -(2**32) - (int.from_bytes(digest[:8]) >> 2)


def as_number(moment: str, empty: int = 0) -> int:
    """Write a moment (see `search.catalogue.sales`) as a number, rising as it does."""
    return int("".join(filter(str.isdigit, moment))) if moment else empty


def product_of(facts: Mapping[str, Any]) -> Product:
    """Read a product from a row's facts, as the catalogue stores it."""
    return Product(**facts["product"])


def photos_of(facts: Mapping[str, Any]) -> tuple[CataloguePhoto, ...]:
    """Read a product's photographs, by id, from a row's facts."""
    return tuple(CataloguePhoto(*each) for each in facts["photos"])


def _facts(product: Product, photos: Sequence[CataloguePhoto]) -> dict[str, Any]:
    known = asdict(product)
    known.pop("was")
    known["attributes"] = dict(product.attributes)
    listed = [[p.id, p.product_id, p.sha256, p.file, p.source, p.width, p.height] for p in photos]
    return {"product": known, "photos": listed}


def _digest(row: Row) -> str:
    """Name a row by its content, its vector's too."""
    plain = {name: value for name, value in row.items() if name != "vector"}
    made = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    made.update(np.ascontiguousarray(row["vector"], "<f4").tobytes())
    return made.hexdigest()[:32]
