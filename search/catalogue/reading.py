"""A snapshot taken from a catalogue's database: by what was changed since another, or whole."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.catalogue import features as stored
from search.catalogue import queries, revisions, sales
from search.catalogue.following import follow
from search.catalogue.models import CataloguePhoto, Cursor, Product
from search.catalogue.records import Records
from search.catalogue.snapshots import Snapshot
from search.catalogue.vectors import Vectors

_COUNTS = "SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM photo)"


@dataclass(frozen=True, slots=True)
class Listed:
    """Products and photographs by id, and up to where they know the catalogue's journal."""

    products: Records[Product]
    photos: Records[CataloguePhoto]
    cursor: Cursor


class Saved(Protocol):
    """What was saved of a catalogue, maybe at another revision; None where nothing of use was."""

    def features(self, photos: int) -> tuple[list[str], Vectors] | None:
        """Give features (n, d), and the sha256 of the photograph of each, for so many of these."""

    def listed(self, rows: int) -> Listed | None:
        """Give products and photographs, for so many of both together."""


def snapshot(
    connection: sqlite3.Connection,
    fingerprint: str,
    before: Snapshot | None = None,
    saved: Saved | None = None,
) -> Snapshot:
    """Give the catalogue as it is, with its features of one network, in an open transaction."""
    moment = sales.now()
    if before is not None and before.fingerprint == fingerprint:
        followed = follow(connection, before, moment)
        if followed is not None:
            return followed
    with _without_collecting():
        return take(connection, fingerprint, moment, saved)


def take(
    connection: sqlite3.Connection, fingerprint: str, moment: str, saved: Saved | None = None
) -> Snapshot:
    """Read the catalogue, with its features of one network, in an open transaction.

    What was saved is followed, like a snapshot before. Without it all is read: what is damaged is
    left out and named.
    """
    products, photos = connection.execute(_COUNTS).fetchone()
    left_out: list[str] = []
    with ThreadPoolExecutor(1, "saved") as beside:
        loading = beside.submit(saved.features, photos) if saved else None
        older = saved.listed(products + photos) if saved else None
        listed = older or _listed(connection, left_out)
        kept = loading.result() if loading else None
    if older is not None:
        before = _built(connection, fingerprint, older, kept, left_out)
        followed = follow(connection, before, moment)
        if followed is not None:
            return followed
        left_out = []
        kept, listed = before.by_content(), _listed(connection, left_out)
    built = _built(connection, fingerprint, listed, kept, left_out)
    return replace(built.at(moment), since=None)


def _listed(connection: sqlite3.Connection, left_out: list[str]) -> Listed:
    """Read all products, and all photographs of these; a sentence for each that is damaged."""
    products = queries.products(connection, left_out)
    photos = queries.photos(connection, left_out=left_out)
    known = {product.id for product in products}
    orphans = [photo for photo in photos if photo.product_id not in known]
    if orphans:  # what belongs to a damaged row goes with it
        left_out += [
            f"Photograph number {photo.id} is left out with its product “{photo.product_id}”."
            for photo in orphans
        ]
        photos = [photo for photo in photos if photo.product_id in known]
    return Listed(Records(products), Records(photos), revisions.cursor(connection))


def _built(
    connection: sqlite3.Connection,
    fingerprint: str,
    listed: Listed,
    kept: tuple[list[str], Vectors] | None,
    left_out: list[str],
) -> Snapshot:
    """Join products and photographs with their features, kept elsewhere or from the database."""
    photo_ids, vectors, fetched = _rows(connection, fingerprint, listed.photos, left_out, kept)
    return Snapshot(
        revision=listed.cursor.revision,
        fingerprint=fingerprint,
        products=listed.products,
        photos=listed.photos,
        photo_ids=photo_ids,
        vectors=vectors,
        left_out=tuple(left_out),
        cursor=listed.cursor,
        fetched=fetched,
    )


def _rows(
    connection: sqlite3.Connection,
    fingerprint: str,
    photos: Records[CataloguePhoto],
    left_out: list[str],
    kept: tuple[list[str], Vectors] | None,
) -> tuple[NDArray[np.int64], Vectors, int]:
    """Give the ids (n,) and features of the photographs that have one; how many were not kept."""
    all_ids, wanted = np.array(photos.values("id"), np.int64), list(photos.values("sha256"))
    if kept is not None and wanted == kept[0]:
        return all_ids, kept[1], 0
    place = {} if kept is None else {sha256: n for n, sha256 in enumerate(kept[0])}
    lacking = {sha256 for sha256 in wanted if sha256 not in place}
    if kept is None or 2 * len(lacking) > len(photos):
        ids, vectors = stored.matrix(connection, fingerprint, left_out)
        there = np.flatnonzero(np.isin(ids, all_ids))
        return ids[there], vectors if len(there) == len(ids) else vectors.taken(there), len(there)
    shas, more = stored.some(connection, fingerprint, lacking, left_out, size=kept[1].size)
    place |= {sha256: len(kept[1]) + n for n, sha256 in enumerate(shas)}
    rows = [n for n, sha256 in enumerate(wanted) if sha256 in place]
    vectors = Vectors.joined([kept[1], more], kept[1].size)
    if [wanted[n] for n in rows] != [*kept[0], *shas]:
        vectors = vectors.taken(np.array([place[wanted[n]] for n in rows], np.int64))
    return all_ids[rows], vectors, len(more)


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Make very many values: looking for cycles among them again and again takes half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
