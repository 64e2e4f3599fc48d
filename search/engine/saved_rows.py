"""Features saved beside the catalogue, so that a new process need not read them from SQLite.

Two files, the fitted NearestNeighbors taken apart: its rows as a plain array, and a description:
its parameters, the photographs' ids, the catalogue's revision and the rows' sha256. For brute force
the rows are all that fitting learns, and nothing in either file can be run, as a pickled estimator
could. They are read, not mapped into memory: a mapped file that somebody cuts ends the process.
"""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Snapshot
from search.engine.rows import ESTIMATOR, FeatureRows
from search.files import atomic_file, write_atomically

_HEADER = 4096  # bytes of a .npy besides its numbers, at most
_DESCRIBED = 24  # bytes of the description for each photograph, at most


def save(rows: FeatureRows, folder: Path, *, fingerprint: str, revision: int) -> None:
    """Write both files, the rows first; each is seen whole or not at all.

    :raises OSError: the folder cannot be written; what was saved before is then still whole.
    """
    array, description = _files(folder, fingerprint)
    digest = _write_array(array, rows)
    written = {
        "revision": revision,
        "sha256": digest,
        "nearest_neighbors": ESTIMATOR,
        "ids": rows.ids.tolist(),
    }
    write_atomically(description, json.dumps(written).encode())


def load(folder: Path, snapshot: Snapshot) -> FeatureRows | None:
    """Read what was saved; None if it is missing, damaged or of another revision."""
    array, description = _files(folder, snapshot.fingerprint)
    try:
        known = json.loads(_bytes(description, _DESCRIBED * (len(snapshot.photo_ids) + 100)))
        if known["revision"] != snapshot.revision or known["ids"] != snapshot.photo_ids.tolist():
            return None
        data = _bytes(array, snapshot.features.nbytes + _HEADER)
        # Hashed where it is used: nobody can change it in between.
        if hashlib.sha256(data).hexdigest() != known["sha256"]:
            return None
        rows = _rows(data, snapshot.features.shape)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # gone, or something else
        return None
    return FeatureRows(snapshot.photo_ids, rows)


def _files(folder: Path, fingerprint: str) -> tuple[Path, Path]:
    name = f"neighbours-{fingerprint}"
    return folder / f"{name}.npy", folder / f"{name}.json"


def _write_array(path: Path, rows: FeatureRows) -> str:
    """Write the rows as .npy, atomically, and give the file's sha256."""
    with atomic_file(path) as file:
        np.save(file, np.ascontiguousarray(rows.rows), allow_pickle=False)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bytes(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes; ValueError for a larger one, a link or a pipe."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > most:
        raise ValueError("not a file that was saved here")
    with path.open("rb") as file:
        return file.read(most)


def _rows(data: bytes, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Take the bytes of a .npy as its rows; ValueError for any but a plain one of that shape."""
    file = BytesIO(data)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("not a plain .npy file")
    if np.lib.format.read_array_header_1_0(file) != (shape, False, np.dtype(np.float32)):
        raise ValueError("not these rows of float32")
    return np.frombuffer(data, np.float32, offset=file.tell()).reshape(shape)
