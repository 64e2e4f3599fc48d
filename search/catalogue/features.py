"""Features in the catalogue: float32 rows kept by photograph content and network fingerprint."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from search.errors import FeatureError, MismatchError

STORED = np.dtype("<f4")


def keep(
    connection: sqlite3.Connection, fingerprint: str, features: Mapping[str, NDArray[np.float32]]
) -> int:
    """Keep features that are not kept yet, and count the photographs that gain one.

    :raises MismatchError: another size than the features kept under this fingerprint.
    :raises FeatureError: a feature is not a finite row of numbers.
    """
    size = _size(connection, fingerprint)
    gained = 0
    for sha256, feature in features.items():
        row = np.ascontiguousarray(feature, dtype=STORED)
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
        added = connection.execute(
            "INSERT OR IGNORE INTO feature (sha256, fingerprint, vector) VALUES (?, ?, ?)",
            (sha256, fingerprint, row.tobytes()),
        ).rowcount
        if added:
            gained += connection.execute(
                "SELECT count(*) FROM photo WHERE sha256 = ?", (sha256,)
            ).fetchone()[0]
    return gained


def known(
    connection: sqlite3.Connection, fingerprint: str, shas: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the kept features among ``shas``."""
    rows = connection.execute(
        "SELECT sha256, vector FROM feature WHERE fingerprint = ?"
        " AND sha256 IN (SELECT value FROM json_each(?))",
        (fingerprint, json.dumps(list(shas))),
    )
    return {sha256: np.frombuffer(vector, STORED).astype(np.float32) for sha256, vector in rows}


def coverage(connection: sqlite3.Connection) -> dict[str, int]:
    """Return for each fingerprint the number of photographs that have its feature."""
    return dict(
        connection.execute(
            "SELECT fingerprint, count(*) FROM photo JOIN feature USING (sha256)"
            " GROUP BY fingerprint ORDER BY fingerprint"
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
        f"SELECT photo.id, feature.vector {joined} ORDER BY photo.id", (fingerprint,)
    )
    for place, (photo_id, vector) in enumerate(cursor):
        ids[place] = photo_id
        rows[place] = np.frombuffer(vector, STORED)
    return ids, rows


def _size(connection: sqlite3.Connection, fingerprint: str) -> int:
    row = connection.execute(
        "SELECT length(vector) FROM feature WHERE fingerprint = ? LIMIT 1", (fingerprint,)
    ).fetchone()
    return 0 if row is None else int(row[0]) // STORED.itemsize
