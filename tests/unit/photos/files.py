"""Files of every format, made from drawings, and what was read of them."""

import struct
import zlib

import numpy as np
import pillow_heif
from PIL import Image

from search import photos
from tests.helpers import encode


def encode_any(image: Image.Image, form: str, **options: object) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()  # to write them; photos.read needs no registration
        options = {"quality": 90, **options}
    return encode(image, form, **options)


def pixels(photo: photos.Photo) -> np.ndarray:
    return np.asarray(photo.image).astype(int)


def flat(colour: object, mode: str = "RGB", side: int = 32) -> Image.Image:
    return Image.new(mode, (side, side), colour)


def centre(photo: photos.Photo) -> tuple[int, ...]:
    return tuple(int(v) for v in pixels(photo)[photo.height // 2, photo.width // 2])


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A whole chunk with its checksum."""
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
