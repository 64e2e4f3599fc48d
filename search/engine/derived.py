"""How much of a catalogue has changed since something was learnt from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANGED_ENOUGH = 0.1  # share of photographs added or removed before it is learnt anew


def share_changed(photo_ids: NDArray[np.int64], photos: int, last_photo: int) -> float:
    """Give the share of photographs that came or went.

    `photo_ids` (n,) are there now; `photos` of ids up to `last_photo` were there then. Ids only
    ever grow.
    """
    kept = int((photo_ids <= last_photo).sum())
    came, went = len(photo_ids) - kept, max(photos - kept, 0)
    return (came + went) / max(photos, 1)
