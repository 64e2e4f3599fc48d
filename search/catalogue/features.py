"""Features in the catalogue, stored by photograph content and network fingerprint.

On disk a unit row is float16, half the size: its scores are off by some 1e-5, less than what tells
two products apart. Any other row stays float32, as do those of older files; each row says which.
All are given as float32, and what was rounded has length 1 again.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.catalogue import queries, sums
from search.catalogue.models import CataloguePhoto
from search.catalogue.vectors import BLOCK, Block, Vectors, compacted
from search.errors import FeatureError, MismatchError

_HALF, _SINGLE = np.dtype("<f2"), np.dtype("<f4")
_UNIT = 1e-3  # what the length of a unit row may be off by
_COLUMNS = "feature.dtype, fingerprint, kept, feature.sha256, vector, feature.sum"
_CHUNK = 1000  # rows looked at together; some 2 MB


@dataclass(frozen=True, slots=True)
class Damaged:
    """A feature that is damaged: its checksum does not hold, or it is no row of numbers."""

    rowid: int
    sha256: str
    fingerprint: str


def save(
    connection: sqlite3.Connection, fingerprint: str, features: Mapping[str, NDArray[np.float32]]
) -> set[int]:
    """Save features by sha256, unless stored already; return ids of the photographs that gain one.

    :raises MismatchError: when one has another size than those stored under this fingerprint.
    :raises FeatureError: when one is not a finite row of numbers, or all zero.
    """
    stored = known(connection, fingerprint, features)
    size = next((row.size for row in stored.values()), 0) or _size(connection, fingerprint)
    gained: set[int] = set()
    for sha256, feature in features.items():
        row = np.ascontiguousarray(feature, dtype=_SINGLE)
        with np.errstate(all="ignore"):
            usable = row.ndim == 1 and 0 < float(np.linalg.norm(row)) < np.inf
        if not usable:
            raise FeatureError(
                f"The feature of photograph {sha256[:12]} is not usable: encode it again."
            )
        size = size or row.size
        if row.size != size:
            raise MismatchError(
                f"A feature of {row.size} numbers does not fit the {size} of {fingerprint}: "
                "encode with the same network."
            )
        if sha256 not in stored:
            _write(connection, fingerprint, sha256, row)
            rows = connection.execute("SELECT id FROM photo WHERE sha256 = ?", (sha256,))
            gained.update(id for (id,) in rows)
    return gained


def _write(
    connection: sqlite3.Connection, fingerprint: str, sha256: str, row: NDArray[np.float32]
) -> None:
    dtype = _HALF if abs(float(np.linalg.norm(row)) - 1) < _UNIT else _SINGLE
    values = (dtype.str, fingerprint, int(time.time()), sha256, row.astype(dtype).tobytes())
    connection.execute(
        "INSERT OR REPLACE INTO feature (dtype, fingerprint, kept, sha256, vector, sum)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*values, sums.of(values)),
    )


def known(
    connection: sqlite3.Connection, fingerprint: str, shas: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the stored features among `shas`, by sha256; a damaged one is not known."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM feature WHERE fingerprint = ?"
        " AND sha256 IN (SELECT value FROM json_each(?))",
        (fingerprint, json.dumps(list(shas))),
    ).fetchall()
    read, sound = _read(rows, _size(connection, fingerprint) if rows else 0)
    return {row[3]: feature for row, feature, good in zip(rows, read, sound, strict=True) if good}


def missing(connection: sqlite3.Connection, fingerprint: str) -> list[CataloguePhoto]:
    """Return the photographs without a feature of this fingerprint, by id.

    A damaged one counts as there until it is deleted; see `delete_damaged`.
    """
    rows = connection.execute(
        f"{queries.SELECT_PHOTOS} LEFT JOIN feature ON feature.sha256 = photo.sha256"
        " AND feature.fingerprint = ? WHERE feature.sha256 IS NULL ORDER BY photo.id",
        (fingerprint,),
    ).fetchall()
    found = (queries.sound_photo(connection, row) for row in rows)
    return [photo for photo in found if photo is not None]


def damaged(connection: sqlite3.Connection, fingerprint: str | None = None) -> list[Damaged]:
    """Return the features of one network, or of all, that are damaged."""
    chosen = [fingerprint] if fingerprint is not None else stored_bytes(connection)
    found = []
    for each in chosen:
        size = _size(connection, each)
        cursor = connection.execute(
            f"SELECT {_COLUMNS}, rowid FROM feature WHERE fingerprint = ?", (each,)
        )
        while rows := cursor.fetchmany(_CHUNK):
            _, sound = _read(rows, size)
            found += [
                Damaged(row[-1], str(row[3]), str(row[1]))
                for row, good in zip(rows, sound.tolist(), strict=True)
                if not good
            ]
    return found


def delete_damaged(connection: sqlite3.Connection, damaged: Iterable[Damaged]) -> None:
    """Delete damaged features, so that their photographs are encoded anew."""
    connection.executemany("DELETE FROM feature WHERE rowid = ?", [(f.rowid,) for f in damaged])


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
    connection: sqlite3.Connection, fingerprint: str, left_out: list[str] | None = None
) -> tuple[NDArray[np.int64], Vectors]:
    """Return photo ids (n,) and features (n, d) of one fingerprint, by photo id; (0, 0) if none.

    A damaged feature costs its photograph's row.

    :param left_out: gets a sentence for each of these.
    """
    query = (
        f"SELECT {_COLUMNS}, photo.id FROM photo JOIN feature ON feature.sha256 = photo.sha256"
        " AND feature.fingerprint = ? ORDER BY photo.id"
    )
    ids, vectors = _held(connection, query, (fingerprint,), fingerprint, left_out, size=0)
    return np.array(ids, np.int64), vectors


def some(
    connection: sqlite3.Connection,
    fingerprint: str,
    shas: Collection[str],
    left_out: list[str] | None = None,
    *,
    size: int = 0,
) -> tuple[list[str], Vectors]:
    """Return the sha256 (m) and features (m, d) of those photographs that have one.

    :param left_out: gets a sentence for each that is damaged, and so not among these.
    :param size: how many numbers a feature has, where that is known.
    """
    if not shas:
        return [], Vectors([], size)
    query = (
        f"SELECT {_COLUMNS}, feature.sha256 FROM feature WHERE fingerprint = ?"
        " AND sha256 IN (SELECT value FROM json_each(?))"
    )
    values = (fingerprint, json.dumps(list(shas)))
    return _held(connection, query, values, fingerprint, left_out, size=size)


def _held(
    connection: sqlite3.Connection,
    query: str,
    values: tuple[Any, ...],
    fingerprint: str,
    left_out: list[str] | None,
    *,
    size: int,
) -> tuple[list[Any], Vectors]:
    """Read features, some at a time; give the query's last column of each, and the features."""
    keys: list[Any] = []
    blocks: list[Block] = []
    for rows in sums.fetched(connection, query, values, BLOCK):
        size = size or _size(connection, fingerprint)
        read, sound = _read(rows, size)
        if not sound.all():
            if left_out is not None:
                left_out += [
                    sentence(fingerprint, row[3])
                    for row, s in zip(rows, sound, strict=True)
                    if not s
                ]
            rows, read = [row for row, s in zip(rows, sound, strict=True) if s], read[sound]
        keys += [row[-1] for row in rows]
        blocks.append(_block(rows, read))
    return keys, Vectors(blocks, size)


def _block(rows: Sequence[tuple[Any, ...]], features: NDArray[np.float32]) -> Block:
    """Hold what was read as compactly as it was stored; a row is the same whatever is beside it."""
    rounded = np.array([row[0] == _HALF.str for row in rows], bool)
    compact = compacted(features)
    if rounded.all():
        return compact
    return Block(np.where(rounded[:, None], compact.rows(), features))


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
    """Return how many numbers a network's features have, by the first that is sound; 0 if none."""
    for dtype, *rest, vector, found in connection.execute(
        f"SELECT {_COLUMNS} FROM feature WHERE fingerprint = ?", (fingerprint,)
    ):
        if sums.of((dtype, *rest, vector)) == found:
            return int(len(vector) // np.dtype(dtype).itemsize)
    return 0


def _read(
    rows: Sequence[tuple[Any, ...]], size: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Give stored rows, which begin with `_COLUMNS`, as features (n, d) and whether each is sound.

    What was rounded to float16 has length 1 again.
    """
    sound = np.array([sums.of(row[:5]) == row[5] for row in rows], bool)
    rounded = np.array([row[0] == _HALF.str for row in rows], bool)
    features = np.zeros((len(rows), size), np.float32)
    for dtype, of_type in ((_HALF, rounded), (_SINGLE, ~rounded)):
        length = size * dtype.itemsize
        fits = [isinstance(row[4], bytes) and len(row[4]) == length for row in rows]
        chosen = np.flatnonzero(of_type & np.array(fits, bool))
        data = b"".join([rows[n][4] for n in chosen.tolist()])
        numbers = np.frombuffer(data, dtype).reshape(len(chosen), size)
        features[chosen if len(chosen) < len(rows) else slice(None)] = numbers
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(features, axis=1)
        sound &= np.isfinite(lengths) & (lengths > 0)
        features /= np.where(rounded & sound, lengths, 1)[:, None]
    return features, sound


def sentence(fingerprint: str, sha256: object) -> str:
    """Say that a feature is damaged, and what to do."""
    return (
        f"The feature of photograph {str(sha256)[:12]} by {fingerprint} is damaged: run "
        "`python -m search doctor --repair`, which encodes it anew."
    )
