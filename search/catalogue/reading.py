"""A snapshot taken from a catalogue's database: by what was changed since another, or whole."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search.catalogue import features as stored
from search.catalogue import queries, revisions, sales
from search.catalogue.following import follow
from search.catalogue.models import CataloguePhoto
from search.catalogue.snapshots import Snapshot
from search.catalogue.vectors import Vectors

Saved = Callable[[int], tuple[list[str], Vectors] | None]
"""Gives features saved elsewhere, (n, d), and the sha256 of the photograph of each.

It is told how many photographs there are; None where nothing of use was saved.
"""


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
        return replace(take(connection, fingerprint, saved).at(moment), since=None)


def take(connection: sqlite3.Connection, fingerprint: str, saved: Saved | None = None) -> Snapshot:
    """Read the whole catalogue, with its features of one network, in an open transaction.

    What is damaged is left out and named.
    """
    left_out: list[str] = []
    (count,) = connection.execute("SELECT count(*) FROM photo").fetchone()
    with ThreadPoolExecutor(1, "saved") as beside:
        kept = beside.submit(saved, count) if saved else None
        products = queries.products(connection, left_out)
        photos = queries.photos(connection, left_out=left_out)
        rows = kept.result() if kept else None
    photo_ids, vectors, fetched = _rows(connection, fingerprint, photos, left_out, rows)
    known = {product.id for product in products}
    orphans = [photo for photo in photos if photo.product_id not in known]
    if left_out or orphans:  # what belongs to a damaged row goes with it
        left_out += [
            f"Photograph number {photo.id} is left out with its product “{photo.product_id}”."
            for photo in orphans
        ]
        photos = [photo for photo in photos if photo.product_id in known]
        there = np.flatnonzero(np.isin(photo_ids, [photo.id for photo in photos]))
        photo_ids, vectors = photo_ids[there], vectors.taken(there)
    cursor = revisions.cursor(connection)
    return Snapshot(
        revision=cursor.revision,
        fingerprint=fingerprint,
        products=tuple(products),
        photos=tuple(photos),
        photo_ids=photo_ids,
        vectors=vectors,
        left_out=tuple(left_out),
        cursor=cursor,
        fetched=fetched,
    )


def _rows(
    connection: sqlite3.Connection,
    fingerprint: str,
    photos: Sequence[CataloguePhoto],
    left_out: list[str],
    kept: tuple[list[str], Vectors] | None,
) -> tuple[NDArray[np.int64], Vectors, int]:
    """Give the ids (n,) and features of the photographs that have one; how many were not kept."""
    if kept is not None and [photo.sha256 for photo in photos] == kept[0]:
        return np.array([photo.id for photo in photos], np.int64), kept[1], 0
    place = {} if kept is None else {sha256: n for n, sha256 in enumerate(kept[0])}
    lacking = {photo.sha256 for photo in photos if photo.sha256 not in place}
    if kept is None or 2 * len(lacking) > len(photos):
        ids, vectors = stored.matrix(connection, fingerprint, left_out)
        return ids, vectors, len(ids)
    shas, more = stored.some(connection, fingerprint, lacking, left_out, size=kept[1].size)
    place |= {sha256: len(kept[1]) + n for n, sha256 in enumerate(shas)}
    rows = [photo for photo in photos if photo.sha256 in place]
    vectors = Vectors.joined([kept[1], more], kept[1].size)
    if [photo.sha256 for photo in rows] != [*kept[0], *shas]:
        vectors = vectors.taken(np.array([place[photo.sha256] for photo in rows], np.int64))
    return np.array([photo.id for photo in rows], np.int64), vectors, len(more)


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
