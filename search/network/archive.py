"""Weights as an archive of arrays (.npz), with a description of themselves."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

META = "__meta__"  # the description, JSON as bytes
MEAN = "__mean__"  # the mean of unit features (d,) float32, for a member that is centred

UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)
"""What reading a damaged archive, or one of something else, may raise."""


@contextmanager
def open_arrays(path: Path) -> Iterator[Any]:
    """Open an archive of arrays.

    :raises ValueError: when it holds pickled objects, or is not an archive of arrays.
    """
    # Opened here, since numpy leaves a damaged file open.
    with path.open("rb") as opened:
        archive = np.load(opened, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("a single array, not an archive of arrays")
        with archive:
            yield archive


def array_names(path: Path) -> set[str]:
    """List the arrays in an archive, META and MEAN among them.

    :raises ValueError: as `open_arrays`.
    """
    with open_arrays(path) as file:
        return set(file.files)


def read_meta(path: Path) -> dict[str, Any]:
    """Read the description (JSON) in a weights file; empty where it has none.

    :raises ValueError: when the description is not a JSON object, or as `open_arrays`.
    """
    with open_arrays(path) as file:
        if META not in file.files:
            return {}
        meta = json.loads(np.asarray(file[META]).tobytes())
    if not isinstance(meta, dict):
        raise ValueError("the description in the file is not a JSON object")
    return meta
