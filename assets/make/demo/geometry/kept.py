"""Results of simulations, kept on disk under a digest of all that they depend on.

They lie in $DRAPING_CACHE or the system's temporary folder, as plain arrays.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import bpy
import numpy as np

Array = np.ndarray


def mark_of(settings: object, arrays: Iterable[Array]) -> str:
    """The digest of a simulation: settings, Blender's version, arrays to 0.1 micrometres."""
    mark = hashlib.sha256(repr((bpy.app.version_string, settings)).encode())
    for values in arrays:
        taken = np.round(values, 7)
        mark.update(repr(taken.shape).encode() + np.ascontiguousarray(taken).tobytes())
    return mark.hexdigest()[:32]


def kept(mark: str, make: Callable[[], Sequence[Array]]) -> list[Array]:
    """The arrays that were kept under a mark, else those that `make` gives, from now on kept."""
    folder = os.environ.get("DRAPING_CACHE") or str(Path(tempfile.gettempdir()) / "draped-garments")
    file = Path(folder) / f"{mark}.npz"
    if not file.exists():
        arrays = [made.astype(np.float32) for made in make()]
        file.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may make the same: each writes its own, and the last one stays.
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as draft:
            np.savez_compressed(draft, *arrays)
        Path(draft.name).replace(file)
    with np.load(file, allow_pickle=False) as found:
        return [found[name].astype(float) for name in found.files]
