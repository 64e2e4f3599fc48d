"""Drawn scenes without a product, and what a network makes of them, saved to encode them once.

A network's rows of the scenes are the same for all catalogues. Those of the bundled network come
with it (assets/networks); those of another are encoded once for a catalogue and saved with it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search import photos
from search.catalogue import Catalogue
from search.engine.no_match import laid_out
from search.network.extractor import Extractor
from search.photos import Photo

_ASSETS = Path(__file__).resolve().parents[2] / "assets"
SCENES = _ASSETS / "scenes.zip"
_BATCH = 32


def scenes(count: int | None = None, rng: np.random.Generator | None = None) -> Iterator[Photo]:
    """Read the drawn scenes that come with the program, or so many by chance, some repeatedly."""
    with zipfile.ZipFile(SCENES) as archive:
        names = archive.namelist()
        if count is not None and rng is not None:
            names = rng.choice(names, count).tolist()
        for name in names:
            yield photos.read(archive.read(name), name=name)


def shipped(network: str) -> Path:
    """Name the file of a network's rows of the scenes."""
    return _ASSETS / "networks" / f"{network}-scenes.npz"


def saved_rows(catalogue: Catalogue, extractor: Extractor) -> NDArray[np.float32] | None:
    """Give the scenes' laid out rows (s, g) if they are saved for the network, None if not."""
    file, saved = shipped(extractor.network.name), catalogue.derived(_setting(extractor))
    texts = [file.read_bytes()] if file.is_file() else []
    if saved is not None:
        with contextlib.suppress(ValueError):
            texts.append(base64.b64decode(saved, validate=True))
    found = (unpacked(text, extractor.fingerprint) for text in texts)
    return next((rows for rows in found if rows is not None), None)


def encoded_rows(
    drawn: Sequence[Photo], extractor: Extractor, on_batch: Callable[[int], None] = lambda _: None
) -> NDArray[np.float32]:
    """Encode the scenes to laid out rows (s, g); `on_batch` is called with how many are done."""
    rows = []
    for start in range(0, len(drawn), _BATCH):
        rows.append(laid_out(extractor.cells(drawn[start : start + _BATCH])))
        on_batch(min(start + _BATCH, len(drawn)))
    return np.concatenate(rows)


def save_rows(catalogue: Catalogue, extractor: Extractor, rows: NDArray[np.float32]) -> None:
    """Save the scenes' rows with the catalogue."""
    archive = packed(rows, extractor.fingerprint)
    catalogue.save_derived(_setting(extractor), base64.b64encode(archive).decode())


def packed(rows: NDArray[np.float32], fingerprint: str) -> bytes:
    """Pack unit rows (s, g) as bytes of an archive, rounded as `rounded` rounds them."""
    arrays = io.BytesIO()
    np.savez_compressed(
        arrays,
        allow_pickle=False,
        roots=_roots(rows),
        made_of=np.array([fingerprint, _digest()]),
    )
    return arrays.getvalue()


def unpacked(archive: bytes, fingerprint: str) -> NDArray[np.float32] | None:
    """Give what `packed` packed; None if it is of another network, other scenes, or damaged."""
    try:
        with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
            if arrays["made_of"].tolist() != [fingerprint, _digest()]:
                return None
            return _squares(arrays["roots"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def rounded(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round unit rows (s, g) to what is saved of them: each number a signed root in 127 steps.

    Most are nearly 0, so that a root's steps are fine where the numbers are.
    """
    return _squares(_roots(rows))


def _roots(rows: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.round(127 * np.sign(rows) * np.sqrt(np.abs(rows))).astype(np.int8)


def _squares(roots: NDArray[np.int8]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = roots.astype(np.float32) / np.float32(127)
    rows: NDArray[np.float32] = shares * np.abs(shares)
    return rows


@cache
def _digest() -> str:
    return hashlib.sha256(SCENES.read_bytes()).hexdigest()


def _setting(extractor: Extractor) -> str:
    return f"scenes:{extractor.fingerprint}"
