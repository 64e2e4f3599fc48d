"""One door for all photographs, of query and catalogue: bytes or a path in, upright RGB out.

What a photograph claims in its header (format, width, height) is checked before a single pixel is
decoded; only the formats listed are ever tried, whatever the file's name says.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import Final

from PIL import Image

from search.errors import PhotoError
from search.photos.cache import ByteCache
from search.photos.colour import to_srgb
from search.photos.essentials import essentials
from search.photos.formats import OPENERS, Format, sniff
from search.photos.frames import BESIDE, load_shown
from search.photos.photo import MIN_SIDE, Photo

MAX_PIXELS: Final = 64_000_000
"""Pixels of a photograph at most; one of more than `WHOLE_PIXELS` is read at half its sides."""
WHOLE_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 20_000_000

_MB: Final = 1_000_000
_SHOWN_NAME = 80
_UNKNOWN = re.compile("[\ud800-\udfff\uef00-\uefff]")
_HALVED = ("L", "RGB", "RGBA", "CMYK")  # the modes of phones' photographs, which Pillow can halve


def _bytes_of(photo: Photo) -> int:
    return 4 * photo.width * photo.height + len(photo.data)  # Pillow's RGB takes 4 bytes a pixel


_decoded: ByteCache[str, Photo] = ByteCache(256 * _MB, _bytes_of)


def read(
    source: bytes | os.PathLike[str] | str,
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
    """
    if isinstance(source, bytes | bytearray | memoryview):
        data, shown = bytes(source), plain_name(name or "")
    else:
        path = Path(source)
        shown = plain_name(path.name if name is None else name)
        data, cached = _read_file(path, shown), False
    label = _label(shown)
    if len(data) > MAX_BYTES:
        raise _too_heavy(label, len(data))
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    if cached and (photo := _decoded.get(sha256)):
        return photo
    photo = _decode(data, sha256, label)
    if cached:
        _decoded.put(sha256, photo)
    return photo


def plain_name(name: str) -> str:
    """Make a file's name fit for a sentence: no control or bidirectional marks, 80 characters."""
    shown = _UNKNOWN.sub("\ufffd", name)  # a byte that means no letter; see search.filenames
    visible = "".join(c for c in shown if unicodedata.category(c)[0] != "C").strip()
    return visible if len(visible) <= _SHOWN_NAME else visible[: _SHOWN_NAME - 1] + "…"


def _label(shown: str) -> str:
    return f"“{shown}”" if shown else "This photograph"


def _decode(data: bytes, sha256: str, label: str) -> Photo:
    form = sniff(data, label)
    try:
        image, notes = _picture(data, form, label)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(label) from error
    except MemoryError as error:
        raise PhotoError(
            f"{label} needs more memory than there is: save it at a smaller size and try again."
        ) from error
    # Decoders meet hostile bytes here and fail with whatever they have, from SyntaxError to
    # struct.error: all of it means the same to the user.
    except Exception as error:
        raise PhotoError(
            f"{label} is damaged or cut off: copy or download it again, or save it again as a JPEG."
        ) from error
    return Photo(image, sha256, data, form, notes)


def _picture(data: bytes, form: Format, label: str) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode the whole file, or where that fails its first picture alone."""
    try:
        return _read_as(data, form, label)
    except (PhotoError, Image.DecompressionBombError, MemoryError):
        raise
    except Exception:
        rest = essentials(data, form)
        if rest is None:
            raise
    image, notes = _read_as(rest.data, form, label, rest.profile)
    return image, notes if rest.is_all else (BESIDE, *notes)


def _read_as(
    data: bytes, form: Format, label: str, profile: bytes | None = None
) -> tuple[Image.Image, tuple[str, ...]]:
    with OPENERS[form](io.BytesIO(data)) as opened:
        most = MAX_PIXELS if opened.mode in _HALVED and form != "TIFF" else WHOLE_PIXELS
        _check_size(opened.size, label, most)
        is_large = opened.width * opened.height > WHOLE_PIXELS
        if is_large:  # a JPEG then never unfolds to its full size
            opened.draft(None, (opened.width // 2, opened.height // 2))
        notes = load_shown(opened, form, data)
        _check_size(opened.size, label, most)
        if profile is not None:
            opened.info["icc_profile"] = profile
        is_still_large = opened.width * opened.height > WHOLE_PIXELS
        image, colour_notes = to_srgb(opened.reduce(2) if is_still_large else opened)
    halved = ("It is very large and is read at half its width and height.",) if is_large else ()
    return image, (*notes, *halved, *colour_notes)


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


def _too_large(
    label: str, size: tuple[int, int] | None = None, most: int = MAX_PIXELS
) -> PhotoError:
    measured = f"{size[0]} × {size[1]} pixels" if size else "too many pixels"
    return PhotoError(
        f"{label} has {measured}, more than the {most // _MB} megapixels allowed:"
        " save it at a smaller size."
    )


def _check_size(size: tuple[int, int], label: str, most: int) -> None:
    if size[0] * size[1] > most:
        raise _too_large(label, size, most)
    if min(size) < MIN_SIDE:
        raise PhotoError(
            f"{label} has only {size[0]} × {size[1]} pixels: choose one of at least"
            f" {MIN_SIDE} pixels a side."
        )
