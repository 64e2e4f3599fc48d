"""Features in the catalogue, stored by photograph content and network fingerprint.

On disk a unit row is float16, half the size: its scores are off by some 1e-5, less than what tells
two products apart. Any other row stays float32, as do those of older files; each row says which.
All are given as float32, and what was rounded has length 1 again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from search.catalogue import queries
from search.catalogue.models import CataloguePhoto
from search.errors import FeatureError, MismatchError

_HALF, _SINGLE = np.dtype("<f2"), np.dtype("<f4")
_UNIT = 1e-3  # what the length of a unit row may be off by


def save(
    connection: sqlite3.Connection, fingerprint: str, features: Mapping[str, NDArray[np.float32]]
) -> set[int]:
    """Save features by sha256, unless stored already; return ids of the photographs that gain one.

    :raises MismatchError: when one has another size than those stored under this fingerprint.
    :raises FeatureError: when one is not a finite row of numbers.
    """
    size = _size(connection, fingerprint)
    gained: set[int] = set()
    for sha256, feature in features.items():
        row = np.ascontiguousarray(feature, dtype=_SINGLE)
        if row.ndim != 1 or not row.size or not np.isfinite(row).all():
            raise FeatureError(
                f"The feature of photograph {sha256[:12]} is not usable: encode it again."
            )
        size = size or row.size
        if row.size != size:
            raise MismatchError(
                f"A feature of {row.size} numbers does not fit the {size} of {fingerprint}: "
                "encode with the same network."
            )
        dtype = _HALF if abs(float(np.linalg.norm(row)) - 1) < _UNIT else _SINGLE
        added = connection.execute(
            "INSERT OR IGNORE INTO feature (sha256, fingerprint, vector, dtype)"
            " VALUES (?, ?, ?, ?)",
            (sha256, fingerprint, row.astype(dtype).tobytes(), dtype.str),
        ).rowcount
        if added:
            rows = connection.execute("SELECT id FROM photo WHERE sha256 = ?", (sha256,))
            gained.update(id for (id,) in rows)
    return gained


def known(
    connection: sqlite3.Connection, fingerprint: str, shas: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the stored features among `shas`, by sha256."""
    rows = connection.execute(
        "SELECT sha256, vector, dtype FROM feature WHERE fingerprint = ?"
        " AND sha256 IN (SELECT value FROM json_each(?))",
        (fingerprint, json.dumps(list(shas))),
    )
    return {sha256: _read(vector, dtype) for sha256, vector, dtype in rows}


def missing(connection: sqlite3.Connection, fingerprint: str) -> list[CataloguePhoto]:
    """Return the photographs without a feature of this fingerprint, by id."""
    rows = connection.execute(
        f"{queries.SELECT_PHOTOS} LEFT JOIN feature ON feature.sha256 = photo.sha256"
        " AND feature.fingerprint = ? WHERE feature.sha256 IS NULL ORDER BY photo.id",
        (fingerprint,),
    )
    return [CataloguePhoto(*row) for row in rows]


def coverage(connection: sqlite3.Connection) -> dict[str, int]:
    """Return for each fingerprint the number of photographs that have its feature."""
    return dict(
        connection.execute(
            "SELECT fingerprint, count(*) FROM photo JOIN feature USING (sha256)"
            " GROUP BY fingerprint ORDER BY fingerprint"
        ).fetchall()
    )


def stored_bytes(connection: sqlite3.Connection) -> dict[str, int]:
    """Return for each fingerprint the bytes that its features take on disk."""
    return dict(
        connection.execute(
            "SELECT fingerprint, sum(length(vector)) FROM feature GROUP BY fingerprint"
        ).fetchall()
    )


def matrix(
    connection: sqlite3.Connection, fingerprint: str
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return photo ids (n,) and features (n, d) of one fingerprint, by photo id; (0, 0) if none.

    Call it inside a read transaction: the rows are counted first, then filled in.
    """
    joined = "FROM photo JOIN feature ON feature.sha256 = photo.sha256 AND feature.fingerprint = ?"
    (count,) = connection.execute(f"SELECT count(*) {joined}", (fingerprint,)).fetchone()
    ids = np.empty(count, np.int64)
    rows = np.empty((count, _size(connection, fingerprint) if count else 0), np.float32)
    cursor = connection.execute(
        f"SELECT photo.id, feature.vector, feature.dtype {joined} ORDER BY photo.id", (fingerprint,)
    )
    for place, (photo_id, vector, dtype) in enumerate(cursor):
        ids[place] = photo_id
        rows[place] = _read(vector, dtype)
    return ids, rows


def delete_unused(connection: sqlite3.Connection, before: int) -> int:
    """Delete features saved before a time, in Unix seconds, that no photograph needs; count them.

    A photograph that a restore can bring back needs its feature too.
    """
    return connection.execute(
        "DELETE FROM feature WHERE kept < ?"  # when it was saved
        f" AND sha256 NOT IN ({queries.select_referenced('sha256')})",
        (before,),
    ).rowcount


def _size(connection: sqlite3.Connection, fingerprint: str) -> int:
    row = connection.execute(
        "SELECT length(vector), dtype FROM feature WHERE fingerprint = ? LIMIT 1", (fingerprint,)
    ).fetchone()
    return 0 if row is None else int(row[0]) // np.dtype(row[1]).itemsize


def _read(vector: bytes, dtype: str) -> NDArray[np.float32]:
    """Give a stored row (d,) as float32; of length 1 where it was rounded to float16."""
    row = np.frombuffer(vector, dtype).astype(np.float32)
    if dtype == _HALF.str:
        row /= np.linalg.norm(row)
    return row
