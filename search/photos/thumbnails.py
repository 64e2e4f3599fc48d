"""Thumbnails: small JPEGs in sRGB without metadata, made of photographs and opened again."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

from PIL import Image, JpegImagePlugin

from search.photos.bounds import count_scans
from search.photos.photo import Photo
from search.photos.reading import Source, reduced

SIDE: Final = 320
"""Pixels of a stored thumbnail's longest side."""

# What opening one here, outside the processes set apart, may cost: milliseconds.
_LARGEST = 2 * SIDE
_MAX_BYTES = 1_000_000
_MAX_SCANS = 20


def thumbnail(photo: Photo, side: int = SIDE) -> bytes:
    """Make a JPEG of a photograph, its longest side at most `side` pixels."""
    small = photo.image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _jpeg(small)


def make_thumbnail(source: Source, side: int = SIDE) -> bytes:
    """Read a photograph and make that JPEG, without its pixels ever being here in full.

    :raises PhotoError: it cannot be read, see `read`.
    """
    return _jpeg(reduced(source, side))


def open_thumbnail(file: str | os.PathLike[str], side: int = SIDE) -> Image.Image:
    """Open a stored thumbnail as RGB; whatever else the file is, is read with all care.

    :param side: pixels that are needed; the picture is no smaller than that, if the file is not.
    :raises PhotoError: it cannot be read.
    :raises OSError: it is not there.
    """
    path = Path(file)
    if path.stat().st_size <= _MAX_BYTES and (small := _small_jpeg(path.read_bytes(), side)):
        return small
    return reduced(path, max(side, SIDE))


def _small_jpeg(data: bytes, side: int) -> Image.Image | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    try:
        if count_scans(data, "") > _MAX_SCANS:
            return None
        with JpegImagePlugin.JpegImageFile(io.BytesIO(data)) as opened:
            if max(opened.size) > _LARGEST:
                return None
            opened.draft("RGB", (side, side))
            return opened.convert("RGB")
    except Exception:  # decoders fail with whatever they have
        return None


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
