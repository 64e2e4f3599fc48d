"""What is known of the photographs that have a feature, one value for each row of a snapshot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from search.catalogue import CataloguePhoto, Product, Snapshot


def row_photos(snapshot: Snapshot) -> list[CataloguePhoto]:
    """List the photograph of each row."""
    return [snapshot.photo[int(i)] for i in snapshot.photo_ids]


def row_pictures(snapshot: Snapshot) -> list[tuple[int, str | int]]:
    """Tell of each row its group and which photograph it is."""
    groups = snapshot.row_group.tolist()
    photos = row_photos(snapshot)
    return [(group, photo.sha256 or photo.id) for group, photo in zip(groups, photos, strict=True)]


def row_things(snapshot: Snapshot) -> NDArray[np.int64]:
    """Give the rows numbers, (n,), one for all that are of one group or on one photograph."""
    parent: dict[int, int] = {}

    def root(group: int) -> int:
        while (above := parent.get(group, group)) != group:
            group = above
        return group

    first: dict[str | int, int] = {}
    for group, picture in row_pictures(snapshot):
        one, other = sorted((root(group), root(first.setdefault(picture, group))))
        if one != other:
            parent[other] = one
    return np.array([root(group) for group in snapshot.row_group.tolist()], np.int64)


def row_values(snapshot: Snapshot, value: Callable[[Product], float | bool]) -> NDArray[np.float64]:
    """Return a number of each row's product, (n,) float64."""
    if not len(snapshot.row_product):
        return np.empty(0)
    return np.array([value(p) for p in snapshot.products], np.float64)[snapshot.row_product]


def row_flags(snapshot: Snapshot, holds: Callable[[Product], bool]) -> NDArray[np.bool_]:
    """Return whether something holds of each row's product, (n,)."""
    return row_values(snapshot, holds).astype(bool)


def row_codes(snapshot: Snapshot, text: Callable[[Product], str]) -> NDArray[np.int64]:
    """Return a number for each different text of the rows' products, (n,); -1 for no text."""
    if not len(snapshot.row_product):
        return np.empty(0, np.int64)
    texts = [text(p) for p in snapshot.products]
    code = np.unique(texts, return_inverse=True)[1].astype(np.int64)
    code[np.array([not t for t in texts])] = -1
    return code[snapshot.row_product]


def folded(text: str) -> str:
    """Return a text without case and spaces, to compare it with another."""
    return "".join(text.casefold().split())
