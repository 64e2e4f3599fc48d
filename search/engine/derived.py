"""What is derived from a catalogue: loaded where it was saved and is still true, else made."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.errors import CatalogueError

Artefact = TypeVar("Artefact")

CHANGED_ENOUGH = 0.1  # share of photographs added or removed before it is learnt anew


def load_or_make(
    load: Callable[[], Artefact | None],
    make: Callable[[], Artefact],
    save: Callable[[Artefact], None],
) -> Artefact:
    """Give what was saved, or make it and save it.

    `load` gives None for what is missing, damaged or no longer true of the catalogue. Where nothing
    can be written, because the disk is full or read-only, it is made each time and
    nothing else is lost.
    """
    found = load()
    if found is None:
        found = make()
        with contextlib.suppress(OSError, CatalogueError):
            save(found)
    return found


def share_changed(photo_ids: NDArray[np.int64], photos: int, last_photo: int) -> float:
    """Give the share of photographs that came or went.

    `photo_ids` (n,) are there now; `photos` of ids up to `last_photo` were there then. Ids only
    ever grow.
    """
    stayed = int((photo_ids <= last_photo).sum())
    came, went = len(photo_ids) - stayed, max(photos - stayed, 0)
    return (came + went) / max(photos, 1)
