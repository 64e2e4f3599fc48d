"""One door for all photographs, of query and catalogue: bytes or a path in, upright RGB out.

The limits on files are here; those on what a file holds are in `bounds` and `decoding`, which
processes set apart apply (see `pool`).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import Final

from PIL import Image

from search.errors import PhotoError
from search.photos import pool
from search.photos.cache import ByteCache
from search.photos.formats import sniff
from search.photos.photo import Photo, PhotoFile

MAX_BYTES: Final = 20_000_000

_MB: Final = 1_000_000
_SHOWN_NAME = 80
_UNKNOWN = re.compile("[\ud800-\udfff\uef00-\uefff]")

Source = bytes | os.PathLike[str] | str


def _bytes_of(photo: Photo) -> int:
    return 4 * photo.width * photo.height + len(photo.data)  # Pillow's RGB takes 4 bytes a pixel


_decoded: ByteCache[str, Photo] = ByteCache(256 * _MB, _bytes_of)


def read(
    source: Source,
    *,
    name: str | None = None,
    sha256: str | None = None,
    cached: bool = True,
) -> Photo:
    """Read a photograph from its bytes or from a file.

    Embedded colour profiles are converted to sRGB, transparency is laid on white, EXIF orientation
    is applied, deeper samples are scaled to 8 bits, and of several frames the first that shows
    anything is taken. Alpha that hides everything is ignored, and so is what lies damaged beside
    the picture. Over 40 megapixels, it is read at half its width and height.

    :param name: what the sentence of a refusal calls it; by default the file's own name.
    :param sha256: the digest of these bytes in hex, where the caller has computed it: trusted.
    :param cached: remember the photograph, and return one that is remembered. Only bytes are: they
        were handed in and are read several times, to check, show and search by. Say no where
        thousands of photographs are read.
    :raises PhotoError: when it is not a photograph, damaged, over 20 MB, over 64 megapixels, or a
        side is under 16 pixels.
    :raises UnreadablePhoto: when decoding it takes over 5 seconds or 1 GB, or breaks the decoder.
    """
    data, label, is_file = _content(source, name)
    cached = cached and not is_file
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    if cached and (photo := _decoded.get(sha256)):
        return photo
    photo = _decode(data, sha256, label)
    if cached:
        _decoded.put(sha256, photo)
    return photo


def check(source: Source, *, name: str | None = None) -> PhotoFile:
    """Read a photograph as `read` does and raise what it raises, where nobody needs its pixels."""
    data, label, _ = _content(source, name)
    form = sniff(data, label)
    found = pool.POOL.decode(data, form, label, side=1)
    sha256 = hashlib.sha256(data).hexdigest()
    return PhotoFile(sha256, data, form, found.width, found.height)


def reduced(source: Source, side: int, *, name: str | None = None) -> Image.Image:
    """Read a photograph as `read` does, shrunk to at most `side` pixels a side; never enlarged."""
    data, label, _ = _content(source, name)
    return pool.POOL.decode(data, sniff(data, label), label, side).image


def content(path: os.PathLike[str] | str) -> tuple[bytes, str]:
    """Return the bytes of a photograph's file and its name, to have it read by another process.

    :raises PhotoError: when it is not a file, cannot be opened, or is over 20 MB.
    """
    return _content(path, None)[0], plain_name(Path(path).name)


def warm() -> None:
    """Make ready for the first photograph, which else waits for a fraction of a second."""
    pool.POOL.warm()


def _content(source: Source, name: str | None) -> tuple[bytes, str, bool]:
    """Return the bytes of a photograph, what to call it, and whether they are a file's."""
    is_file = not isinstance(source, bytes | bytearray | memoryview)
    if isinstance(source, bytes | bytearray | memoryview):
        data, shown = bytes(source), plain_name(name or "")
    else:
        path = Path(source)
        shown = plain_name(path.name if name is None else name)
        data = _read_file(path, shown)
    label = _label(shown)
    if len(data) > MAX_BYTES:
        raise _too_heavy(label, len(data))
    return data, label, is_file


def _decode(data: bytes, sha256: str, label: str) -> Photo:
    form = sniff(data, label)
    found = pool.POOL.decode(data, form, label)
    return Photo(found.image, sha256, data, form, found.notes)


def plain_name(name: str) -> str:
    """Make a file's name fit for a sentence: no control or bidirectional marks, 80 characters."""
    shown = _UNKNOWN.sub("\ufffd", name)  # a byte that means no letter; see search.filenames
    visible = "".join(c for c in shown if unicodedata.category(c)[0] != "C").strip()
    return visible if len(visible) <= _SHOWN_NAME else visible[: _SHOWN_NAME - 1] + "…"


def _label(shown: str) -> str:
    return f"“{shown}”" if shown else "This photograph"


def _read_file(path: Path, shown: str) -> bytes:
    label = _label(shown)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device would never end
            raise PhotoError(f"{label} is not a file: choose a photograph.")
        if status.st_size > MAX_BYTES:
            raise _too_heavy(label, status.st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # it may have grown meanwhile
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoError(f"{label} is not there: check the name and the folder.") from error
    except PermissionError as error:
        raise PhotoError(
            f"{label} cannot be opened: ask for permission to read the file."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise PhotoError(f"{label} cannot be read from the disk: copy it again.") from error


def _too_heavy(label: str, size: int) -> PhotoError:
    return PhotoError(
        f"{label} is {size / _MB:.1f} MB, more than the {MAX_BYTES // _MB} MB allowed:"
        " save it at a smaller size or compress it more."
    )
