"""Features saved beside the catalogue, so that a new process need not read them from SQLite.

Two files, the fitted NearestNeighbors taken apart: its rows as a plain array, which is mapped into
memory, and a description: its parameters, the photographs' ids, the catalogue's revision and the
rows' sha256. For brute force the rows are all that fitting learns, and nothing in either file can
be run, as a pickled estimator could.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from search.catalogue import Snapshot
from search.engine.rows import ESTIMATOR, FeatureRows
from search.files import atomic_file, write_atomically


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
    """Open what was saved, memory-mapped; None if it is missing, damaged or of another revision."""
    array, description = _files(folder, snapshot.fingerprint)
    try:
        known = json.loads(description.read_bytes())
        if known["revision"] != snapshot.revision or known["ids"] != snapshot.photo_ids.tolist():
            return None
        with array.open("rb") as file:
            # Hashed and mapped through one open file: another process may replace it meanwhile.
            if hashlib.file_digest(file, "sha256").hexdigest() != known["sha256"]:
                return None
            file.seek(0)
            rows = _mapped(file)
    except (OSError, ValueError, KeyError, TypeError):  # nothing there, or something else
        return None
    if rows.shape != snapshot.features.shape:
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


def _mapped(file: BinaryIO) -> NDArray[np.float32]:
    """Map a .npy into memory; ValueError for anything but a plain array of version 1.0."""
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("not a plain .npy file")
    shape, by_columns, kind = np.lib.format.read_array_header_1_0(file)
    if by_columns or kind != np.float32:
        raise ValueError("not rows of float32")
    return np.memmap(file, kind, "r", file.tell(), shape)
