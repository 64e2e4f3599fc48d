"""Three photographs, and what a network should make of them, to see whether it does so here."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.files import write_atomically
from search.network.archive import UNREADABLE, open_arrays
from search.network.vectors import Feature
from search.network.weights import Weights

LEAST = 0.99
"""The least cosine of an answer to the one that is known."""

_MADE_OF = "made_of"  # the identity of the weights
_PIXELS = "pixels"


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """Photographs as a network sees them (n, size, size, 3) uint8, and its means of each (n, d)."""

    pixels: NDArray[np.uint8]
    means: Feature


def check_file(archive: Path) -> Path:
    """Name the file of what is known of an archive of weights."""
    return archive.with_name(f"{archive.stem}-check.npz")


def read(found: Weights, *, quantised: bool = False) -> Check | None:
    """Read what is known of weights, or of their quantised graph; None where nothing is."""
    try:
        with open_arrays(check_file(found.path)) as file:
            if str(file[_MADE_OF]) != found.identity:
                return None
            return Check(file[_PIXELS], file["int8" if quantised else "float32"])
    except UNREADABLE:
        return None


def write(found: Weights, pixels: NDArray[np.uint8], means: dict[str, Feature]) -> None:
    """Write what is known of weights; `means` (n, d) are of "float32" and of "int8".

    :raises OSError: when the folder cannot be written.
    """
    arrays = io.BytesIO()
    made_of = np.array(found.identity)
    np.savez_compressed(arrays, allow_pickle=False, **{_PIXELS: pixels, _MADE_OF: made_of}, **means)
    write_atomically(check_file(found.path), arrays.getvalue())


def least_cosine(found: Feature, known: Feature) -> float:
    """Give the least cosine of rows (n, d) to the known ones (n, d); NaN where one is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(known, axis=1)
        return float(((found * known).sum(axis=1) / lengths).min())
