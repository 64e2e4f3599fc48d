"""Weights as an archive of arrays (.npz) with a description of themselves; the bundled files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "networks"
Resize = Literal["letterbox", "squash", "squash-nearest"]

UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


def bundled_file(name: str) -> Path:
    """Give the place of a bundled network's weights."""
    return _ASSETS / f"{name}.npz"


@contextmanager
def open_arrays(path: Path) -> Iterator[Any]:
    """Open an archive of arrays; one that holds pickled objects or is none is a ValueError."""
    # Opened here, since numpy leaves a damaged file open.
    with path.open("rb") as opened:
        archive = np.load(opened, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("a single array, not an archive of arrays")
        with archive:
            yield archive


def read_meta(path: Path) -> dict[str, Any]:
    """Read `__meta__` of a weights file; empty where it has none."""
    with open_arrays(path) as file:
        if "__meta__" not in file.files:
            return {}
        meta = json.loads(np.asarray(file["__meta__"]).tobytes())
    if not isinstance(meta, dict):
        raise ValueError("the description in the file is not a JSON object")
    return meta


def resize_of(meta: Mapping[str, Any]) -> Resize:
    """Read how a photograph is made square; ValueError for a way that is not known."""
    resize: Resize = {"letterbox-white": "letterbox"}.get(meta["resize"], meta["resize"])
    if resize not in ("letterbox", "squash", "squash-nearest"):
        raise ValueError(f"unknown resize {resize}")
    return resize
