"""The whole catalogue as it is at one revision."""

from __future__ import annotations

import sqlite3

import numpy as np

from search.catalogue import features as stored
from search.catalogue import queries, revisions
from search.catalogue.models import Snapshot


def take(connection: sqlite3.Connection, fingerprint: str) -> Snapshot:
    """Read the whole catalogue, with its features of one network, in an open transaction.

    What is damaged is left out and named.
    """
    left_out: list[str] = []
    products = queries.products(connection, left_out)
    photos = queries.photos(connection, left_out=left_out)
    photo_ids, vectors = stored.matrix(connection, fingerprint, left_out)
    revision = revisions.newest(connection)
    known = {product.id for product in products}
    orphans = [photo for photo in photos if photo.product_id not in known]
    if left_out or orphans:  # what belongs to a damaged row goes with it
        left_out += [
            f"Photograph number {photo.id} is left out with its product “{photo.product_id}”."
            for photo in orphans
        ]
        photos = [photo for photo in photos if photo.product_id in known]
        there = np.isin(photo_ids, [photo.id for photo in photos])
        photo_ids, vectors = photo_ids[there], vectors[there]
    return Snapshot(
        revision=revision,
        fingerprint=fingerprint,
        products=tuple(products),
        photos=tuple(photos),
        photo_ids=photo_ids,
        features=vectors,
        left_out=tuple(left_out),
    )
