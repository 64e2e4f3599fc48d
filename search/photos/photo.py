"""A photograph that was read and passed every check; parts and thumbnails of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from PIL import Image

from search.errors import PhotoError
from search.photos.formats import Format

MIN_SIDE: Final = 16

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares 0..1 of the upright photograph."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph that was read and passed every check.

    `image` is upright, decoded, mode RGB in sRGB, and shared: never change it in place.
    `sha256` is the digest of the original bytes in hex; for a part, of the parent's and the box.
    `data` are the original bytes; for a part, the parent's. `notes` are sentences for the user.
    """

    image: Image.Image
    sha256: str
    data: bytes
    format: Format
    notes: tuple[str, ...] = ()
    is_part: bool = False

    @property
    def width(self) -> int:
        """Pixels of the upright photograph."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels of the upright photograph."""
        return self.image.height


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photograph that was read before, without its pixels: all that a catalogue stores of it.

    Whoever makes one has made sure that `sha256` is the digest of `data`.
    """

    sha256: str
    data: bytes
    format: str
    width: int
    height: int
    is_part: ClassVar[bool] = False


def crop(photo: Photo, box: Box) -> Photo:
    """Cut a part out of a photograph; the whole photograph comes back as it is.

    :raises PhotoError: when the box is empty, reaches outside 0..1, or is under 16 pixels a side.
    """
    left, top, right, bottom = box = (
        round(float(box[0]), 6),
        round(float(box[1]), 6),
        round(float(box[2]), 6),
        round(float(box[3]), 6),
    )
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise PhotoError("The chosen part lies outside the photograph or is empty: choose again.")
    pixels = (
        round(left * photo.width),
        round(top * photo.height),
        round(right * photo.width),
        round(bottom * photo.height),
    )
    if pixels == (0, 0, photo.width, photo.height):
        return photo
    if pixels[2] - pixels[0] < MIN_SIDE or pixels[3] - pixels[1] < MIN_SIDE:
        raise PhotoError(
            f"The chosen part is too small: choose one of at least {MIN_SIDE} pixels a side."
        )
    digest = hashlib.sha256(f"{photo.sha256}:{box}".encode()).hexdigest()
    return replace(photo, image=photo.image.crop(pixels), sha256=digest, is_part=True)
