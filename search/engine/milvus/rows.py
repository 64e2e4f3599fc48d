"""The rows of a collection made of a snapshot, and changed product by product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.milvus.collection import Collection, Row
from search.engine.milvus.expressions import one_of
from search.engine.milvus.schema import (
    FIRST,
    Held,
    TooLong,
    create,
    photos_of,
    place_of,
    product_of,
    rows_of,
    size_of,
    vector_of,
)
from search.engine.milvus.words import Vocabulary
from search.engine.rows import FeatureRows
from search.engine.text import TextIndex
from search.errors import FeatureError
from search.network.vectors import Feature

Item = TypeVar("Item")

_AT_ONCE = 1_000  # products whose rows are made or read at once
_HELD = ("id", "vector", "variants", "many", "encoded", "facts")


def of_snapshot(snapshot: Snapshot, colours: Feature | None = None) -> Iterator[Held]:
    """Yield a snapshot's products; `colours` (n, COLOURS) are of its rows."""
    firsts = snapshot.group.tolist()
    sizes = np.bincount(snapshot.group, minlength=len(firsts))
    rows: dict[str, list[int]] = {}
    for row, position in enumerate(snapshot.row_product.tolist()):
        rows.setdefault(snapshot.products[position].id, []).append(row)
    ids = snapshot.photo_ids.tolist()
    for position, product in enumerate(snapshot.products):
        yield Held(
            product,
            snapshot.photos_of.get(product.id, ()),
            {
                ids[row]: vector_of(
                    snapshot.vectors[row], None if colours is None else colours[row]
                )
                for row in rows.get(product.id, ())
            },
            snapshot.products[firsts[position]].id,
            bool(sizes[firsts[position]] > 1),
        )


def made(
    held: Iterable[Held], size: int, left_out: list[str] | None = None
) -> Iterator[tuple[Held, list[Row]]]:
    """Make the rows of products, whose features have so many numbers.

    Into `left_out` goes a sentence for each product that is more than a row may hold; without it
    that is an error.

    :raises TooLong: a product's facts are more than a row may hold.
    """
    for batch in _batches(held):
        stems = TextIndex([each.product for each in batch]).stems()
        for each, words in zip(batch, stems, strict=True):
            try:
                yield each, rows_of(each, words, size)
            except TooLong as error:
                if left_out is None:
                    raise
                left_out.append(str(error))


def fill(collection: Collection, snapshot: Snapshot, colours: Feature | None = None) -> Vocabulary:
    """Create a collection of a snapshot's products; give their words.

    `colours` (n, COLOURS) are of its rows, zeros where they are not known.

    :raises FeatureError: the snapshot's features are not unit rows.
    :raises IndexUnavailable: Milvus does not answer.
    """
    FeatureRows.fit(snapshot.photo_ids, snapshot.features)
    size = int(snapshot.features.shape[1])
    create(collection.connection, collection.name, size, len(snapshot.photo_ids))
    _write(collection, of_snapshot(snapshot, colours), size)
    return Vocabulary(words_of(snapshot.products))


def words_of(products: Sequence[Product]) -> list[str]:
    """Give the words of products, sorted."""
    return TextIndex(products).vocabulary


def add(
    collection: Collection,
    products: Sequence[Product],
    photos: Sequence[CataloguePhoto],
    features: NDArray[np.float32],
) -> None:
    """Write products as they are now, with new photographs of them; see `Index.add`.

    :raises FeatureError: see `Index.add`.
    :raises IndexUnavailable: Milvus does not answer.
    """
    size = size_of(collection.connection, collection.name)
    new = FeatureRows.fit([photo.id for photo in photos], features) if photos else None
    if new is not None and new.size != size:
        raise FeatureError(
            f"The index has features of {size} numbers, the photographs' have {new.size}: encode "
            "them with the index's network."
        )
    if collection.get([photo.id for photo in photos], ["id"]):
        raise FeatureError("A photograph is listed twice: each needs an id of its own.")
    named = {product.id: product for product in products}
    touched = {*named, *(photo.product_id for photo in photos)}
    known = _read(collection, touched)
    if missing := sorted(touched - known.keys() - named.keys()):
        raise FeatureError(
            f"A photograph is of the product “{missing[0]}”, which the index does not have: "
            "add the product first."
        )
    changed = {
        id: replace(known[id], product=named.get(id, known[id].product))
        if id in known
        else Held(named[id], (), {}, id)
        for id in sorted(touched)
    }
    for n, photo in enumerate(photos):
        held = changed[photo.product_id]
        vectors = {**held.vectors, photo.id: vector_of(np.asarray(features[n], np.float32))}
        listed = {each.id: each for each in (*held.photos, photo)}
        ordered = tuple(listed[id] for id in sorted(listed))
        changed[photo.product_id] = replace(held, photos=ordered, vectors=vectors)
    _write(collection, changed.values(), size)
    encoded = [place_of(id) for id, held in changed.items() if held.vectors]
    collection.delete(encoded)


def remove(collection: Collection, photo_ids: Sequence[int], product_ids: Sequence[str]) -> None:
    """Delete photographs, and products with theirs; see `Index.remove`.

    :raises IndexUnavailable: Milvus does not answer.
    """
    gone, leaving = set(photo_ids), set(product_ids)
    owners = {row["product"] for row in collection.get(list(photo_ids), ["product"])}
    known = _read(collection, owners | leaving)
    left = [
        replace(
            held,
            photos=tuple(photo for photo in held.photos if photo.id not in gone),
            vectors={id: vector for id, vector in held.vectors.items() if id not in gone},
        )
        for id, held in known.items()
        if id not in leaving
    ]
    _write(collection, left, size_of(collection.connection, collection.name))
    for id in leaving & known.keys():
        gone |= {*known[id].vectors, place_of(id)}
    collection.delete(sorted(gone))


def group(collection: Collection, numbers: NDArray[np.int64]) -> None:
    """Write which products, in the order of their ids, are variants of one thing.

    :raises IndexUnavailable: Milvus does not answer.
    """
    firsts = collection.every(FIRST, ["product", "variants", "many"])
    present = {row["product"]: (row["variants"], row["many"]) for row in firsts}
    ids = sorted(present)
    counts = np.bincount(numbers, minlength=len(ids))
    wanted = {
        id: (ids[number], bool(counts[number] > 1))
        for id, number in zip(ids, numbers.tolist(), strict=True)
    }
    changed = {id for id in ids if wanted[id] != present[id]}
    held = (
        replace(each, variants=wanted[id][0], many=wanted[id][1])
        for id, each in _read(collection, changed).items()
    )
    _write(collection, held, size_of(collection.connection, collection.name))


def _write(collection: Collection, held: Iterable[Held], size: int) -> None:
    rows: list[Row] = []
    for _, its in made(held, size):
        rows += its
        if len(rows) >= _AT_ONCE:
            collection.write(rows)
            rows = []
    collection.write(rows)


def _read(collection: Collection, product_ids: Iterable[str]) -> dict[str, Held]:
    """Read products with all that their rows are made of."""
    found: dict[str, Held] = {}
    for batch in _batches(sorted(product_ids)):
        for row in collection.every(one_of("product", batch), _HELD):
            product = product_of(row["facts"])
            known = found.get(product.id) or Held(
                product, photos_of(row["facts"]), {}, row["variants"], row["many"]
            )
            vectors = dict(known.vectors)
            if row["encoded"]:
                vectors[row["id"]] = np.asarray(row["vector"], np.float32)
            found[product.id] = replace(known, vectors=vectors)
    return found


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
