"""Features saved beside the catalogue, so that a new process need not read them from SQLite.

Two files, the fitted NearestNeighbors taken apart: its rows as a plain array, and a description:
its parameters, the photographs by number and sha256, the catalogue's revision and the array's
sha256. For brute force the rows are all that fitting learns, and nothing in either file can be run,
as a pickled estimator could. Whole numbers are the rows before they are brought to length 1, see
`search.catalogue.vectors`. The files are read, not mapped into memory: a mapped file that somebody
cuts ends the process. A feature belongs to a photograph's content, so that what is saved stays true
at later revisions, of the photographs that are still there.
"""

from __future__ import annotations

import hashlib
import json
from io import BufferedReader
from pathlib import Path
from tokenize import TokenError

import numpy as np

from search.catalogue import Snapshot, Vectors
from search.catalogue.vectors import BLOCK
from search.engine.rows import ESTIMATOR
from search.files import atomic_file, write_atomically

_HEADER = 4096  # bytes of a .npy besides its numbers, at most
_DESCRIBED = 100  # bytes of the description for each photograph, at most
_WIDEST = 4096  # numbers of a feature, at most
_OTHER = (OSError, ValueError, KeyError, TypeError, RecursionError, SyntaxError, TokenError)
"""What reading a file may raise that is gone, or something else than what was saved."""

_GONE = 2  # times as many photographs may once have been there, and some


def save(snapshot: Snapshot, folder: Path) -> None:
    """Write both files, the rows first; each is seen whole or not at all.

    :raises OSError: the folder cannot be written; what was saved before is then still whole.
    """
    array, description = _files(folder, snapshot.fingerprint)
    shas, vectors = snapshot.by_content()
    digest = _write_array(array, vectors)
    written = {
        "revision": snapshot.revision,
        "sha256": digest,
        "nearest_neighbors": ESTIMATOR,
        "ids": snapshot.photo_ids.tolist(),
        "photographs": shas,
    }
    write_atomically(description, json.dumps(written).encode())


def load(folder: Path, fingerprint: str, photos: int) -> tuple[list[str], Vectors] | None:
    """Read what was saved: the photographs' sha256 (n,) and their features (n, d).

    None if it is missing, damaged, or more than so many photographs can need.
    """
    array, description = _files(folder, fingerprint)
    most = _GONE * photos + 100
    try:
        known = json.loads(read_ours(description, _DESCRIBED * most))
        shas = known["photographs"]
        if not isinstance(shas, list) or not all(isinstance(sha256, str) for sha256 in shas):
            return None
        vectors, digest = _read(array, len(shas), 4 * _WIDEST * most + _HEADER)
        return (shas, vectors) if digest == known["sha256"] else None
    except _OTHER:
        return None


def _files(folder: Path, fingerprint: str) -> tuple[Path, Path]:
    name = f"neighbours-{fingerprint}"
    return folder / f"{name}.npy", folder / f"{name}.json"


def _write_array(path: Path, rows: Vectors) -> str:
    """Write the rows as .npy, atomically, and give the file's sha256."""
    dtype = np.dtype(np.int16 if rows.is_compact else np.float32)
    header = {"descr": dtype.str, "fortran_order": False, "shape": rows.shape}
    with atomic_file(path) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in rows.numbers() if rows.is_compact else rows.parts():
            file.write(np.ascontiguousarray(part).data)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_ours(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes; ValueError for a larger one, a link or a pipe."""
    with open_ours(path, most) as file:
        return file.read(most)


def open_ours(path: Path, most: int) -> BufferedReader:
    """Open a file of at most so many bytes; ValueError for a larger one, a link or a pipe."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > most:
        raise ValueError("not a file that was saved here")
    return path.open("rb")


def _read(path: Path, count: int, most: int) -> tuple[Vectors, str]:
    """Read a plain .npy of so many rows, and its sha256; ValueError for any other file.

    What is hashed is what is used: nobody can change it in between. Each block has memory of its
    own, which is free once it is replaced.
    """
    digest = hashlib.sha256()
    with open_ours(path, most) as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("not a plain .npy file")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
        if len(shape) != 2 or shape[0] != count or is_fortran:
            raise ValueError("not these rows")
        if dtype not in (np.int16, np.float32) or shape[1] > _WIDEST:
            raise ValueError("not numbers that were saved here")
        begins = file.tell()
        file.seek(0)
        digest.update(file.read(begins))
        parts = []
        for start in range(0, count, BLOCK):
            part = np.empty((min(BLOCK, count - start), shape[1]), dtype)
            if file.readinto(part.data) != part.nbytes:
                raise ValueError("cut off")
            digest.update(part.data)
            part.flags.writeable = False
            parts.append(part)
        digest.update(file.read(1))  # nothing
    if dtype == np.int16:
        return Vectors.of_numbers(parts, shape[1]), digest.hexdigest()
    return Vectors.joined(list(map(Vectors.of, parts)), shape[1]), digest.hexdigest()
