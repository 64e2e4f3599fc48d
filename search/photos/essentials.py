"""The part of a file that its first picture needs, where a decoder stumbles over what lies beside.

Texts, further frames and pages never decide whether a picture is sound; its own bytes always do, so
nothing of them is mended here.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import PngImagePlugin

from search.photos.formats import Format

MAX_PROFILE: Final = 4_000_000  # bytes of a colour profile, unpacked; those of scanners take 2 MB

_PNG_START = 8
_MAX_BESIDE = 256  # further chunks that are looked at
_PNG_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_PNG_FRAMES = (b"acTL", b"fcTL", b"fdAT")
_WEBP_PICTURE = (b"VP8 ", b"VP8L", b"ANMF")


@dataclass(frozen=True, slots=True)
class Essentials:
    """A file cut down to its first picture.

    `is_all` says that nothing but its colour profile went, which is `profile`, perhaps damaged.
    """

    data: bytes
    profile: bytes | None = None
    is_all: bool = False


def essentials(data: bytes, form: Format) -> Essentials | None:
    """Cut a file down to its first picture; None where nothing lies beside it that could go."""
    if form == "PNG":
        return _png(data)
    if form == "AVIF":
        return _avif(data)
    return _webp(data) if form == "WEBP" else None


def _png(data: bytes) -> Essentials:
    """Keep the picture's own chunks as they are, and of the others those that can be read."""
    stream, beside = PngImagePlugin.PngStream(io.BytesIO()), 0
    kept, profile, is_all, at = [data[:_PNG_START]], None, True, _PNG_START
    while len(data) - at >= 12:
        end = at + 12 + int.from_bytes(data[at : at + 4])
        kind, body, chunk = data[at + 4 : at + 8], data[at + 8 : end - 4], data[at:end]
        at = end
        if kind[:1].isupper() or kind in _PNG_PICTURE:
            kept.append(chunk)
            continue
        beside += 1
        if beside > _MAX_BESIDE:  # each may unpack to a megabyte
            is_all = False
        elif kind == b"iCCP" and profile is None:
            profile = _profile(body)
        elif _is_readable(stream, chunk):
            kept.append(chunk)
        else:
            is_all = False
    return Essentials(b"".join((*kept, data[at:])), profile, is_all)


def _is_readable(stream: PngImagePlugin.PngStream, chunk: bytes) -> bool:
    kind, body = chunk[4:8], chunk[8:-4]
    if kind in (b"iCCP", *_PNG_FRAMES):  # sound each by itself, they could still not fit together
        return False
    stream.fp = io.BytesIO(chunk[8:])
    try:
        stream.call(kind, 0, len(body))
        stream.crc(kind, body)
    except Exception:  # whatever the reader of this kind of chunk fails with
        return False
    return True


def _profile(body: bytes) -> bytes:
    """Unpack a profile; one that is damaged or over the limit becomes one that nobody can read."""
    _, _, packed = body.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        profile = b""
    return profile if unpacking.eof and profile else b"\0"


def _webp(data: bytes) -> Essentials | None:
    """Keep the whole chunks up to the first picture, and what says how to show it."""
    kept, has_picture = [], False
    for kind, chunk in _riff_chunks(data):
        if kind in _WEBP_PICTURE:
            if has_picture:
                continue
            has_picture = True
        kept.append(chunk)
    if not has_picture:
        return None
    body = b"WEBP" + b"".join(kept)
    return Essentials(b"RIFF" + len(body).to_bytes(4, "little") + body)


def _avif(data: bytes) -> Essentials | None:
    """Call a sequence a still picture, which its first frame is as well."""
    end = int.from_bytes(data[:4])
    brands = data[:end].replace(b"avis", b"avif")
    return None if brands == data[:end] else Essentials(brands + data[end:])


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while len(data) - at >= 8:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            return
        chunk = data[at : at + 8 + size]
        yield chunk[:4], chunk + bytes(size % 2)
        at += 8 + size + size % 2
