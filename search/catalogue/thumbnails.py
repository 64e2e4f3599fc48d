"""Thumbnails of a catalogue's photographs: small JPEGs that know whether they are whole."""

from __future__ import annotations

import zlib
from pathlib import Path

from search.catalogue.files import THUMBS, inside, is_inside, listing, thumb_file
from search.files import write_atomically

_MARK = b"VPS1"  # behind the end of the JPEG, where its readers do not look; the CRC-32 follows
_END = len(_MARK) + 4
_JPEG_ENDS = b"\xff\xd9"


def thumbnail(folder: Path, sha256: str, original: Path) -> Path:
    """Return the thumbnail of a photograph, made when first asked for, or when it is damaged.

    Where the disk refuses to store it, the original serves.

    :raises PhotoError: when the original is gone or damaged, or one of both lies outside.
    """
    from search import photos

    place = inside(folder, thumb_file(sha256))
    if _is_sound(_content(place)):
        return place
    small = photos.make_thumbnail(original)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        drafts = folder / THUMBS
        # Not durable: it can be made again.
        write_atomically(place, _marked(small), durable=False, drafts=drafts)
    except OSError:
        return original
    return place


def damaged(folder: Path) -> list[str]:
    """Return the thumbnails that are damaged; one of an older version says nothing of itself."""
    return [
        file
        for file in listing(folder, THUMBS)
        if is_inside(folder, file, THUMBS) and _is_damaged(_content(folder / file))
    ]


def _marked(jpeg: bytes) -> bytes:
    return jpeg + _MARK + zlib.crc32(jpeg).to_bytes(4, "big")


def _is_sound(data: bytes) -> bool:
    jpeg, end = data[:-_END], data[-_END:]
    return bool(jpeg) and end == _MARK + zlib.crc32(jpeg).to_bytes(4, "big")


def _is_damaged(data: bytes) -> bool:
    return not _is_sound(data) and not (len(data) > _END and data.endswith(_JPEG_ENDS))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
