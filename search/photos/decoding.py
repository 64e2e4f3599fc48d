"""Bytes of a photograph to upright RGB: what the process set apart for it does.

What a photograph claims in its header (format, width, height) is checked before a single pixel is
decoded; only the format that its first bytes show is tried, whatever the file's name says.
"""

from __future__ import annotations

import io

from PIL import Image

from search.errors import PhotoError, UnreadablePhoto
from search.photos.bounds import (
    MAX_PIXELS,
    MAX_SCANNED,
    WHOLE_PIXELS,
    count_scans,
    too_many_scans,
)
from search.photos.colour import to_srgb
from search.photos.essentials import essentials
from search.photos.formats import OPENERS, Format
from search.photos.frames import BESIDE, load_shown
from search.photos.photo import MIN_SIDE
from search.photos.tiff_pages import first_page

_MB = 1_000_000
_HALVED = ("L", "RGB", "RGBA", "CMYK")  # the modes of phones' photographs, which Pillow can halve


def decode(data: bytes, form: Format, label: str) -> tuple[Image.Image, tuple[str, ...]]:
    """Decode the bytes of one format to upright RGB in sRGB, and sentences for the user.

    :param label: what the sentence of a refusal calls the photograph.
    :raises PhotoError: when it is damaged, outside the limits, or needs too much memory.
    """
    try:
        return _picture(data, form, label)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(label) from error
    except MemoryError as error:
        raise UnreadablePhoto(
            f"{label} takes more memory than a photograph should: save it at a smaller size."
        ) from error
    # Decoders meet hostile bytes here and fail with whatever they have, from SyntaxError to
    # struct.error: all of it means the same to the user.
    except Exception as error:
        raise PhotoError(
            f"{label} is damaged or cut off: copy or download it again, or save it again as a JPEG."
        ) from error


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
    scans = count_scans(data, label) if form == "JPEG" else 1
    with OPENERS[form](io.BytesIO(first_page(data) if form == "TIFF" else data)) as opened:
        most = MAX_PIXELS if opened.mode in _HALVED and form != "TIFF" else WHOLE_PIXELS
        _check_size(opened.size, label, most)
        if opened.width * opened.height * scans > MAX_SCANNED:
            raise too_many_scans(label)
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
