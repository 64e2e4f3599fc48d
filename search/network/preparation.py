"""A photograph as a network wants it: resized to its square, at once or ahead of the encoding."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.network import registry
from search.network.registry import Network, Preprocess
from search.photos import Box, Photo
from search.photos.cache import ByteCache

SCALE_AND_MEAN: dict[Preprocess, tuple[Any, Any]] = {
    "caffe": (1.0, (103.939, 116.779, 123.68)),  # after the channels are turned to BGR
    "tf": (1 / 127.5, 1.0),
    "torch": (
        (1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)),
        (0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225),
    ),
    "none": (1.0, 0.0),
}
"""Multiplied and then subtracted, on RGB from 0 to 255; the modes of Keras's preprocess_input."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A photograph reduced to what a network sees of it: (size, size, 3) uint8 RGB for each part.

    `sha256`, `width` and `height` are of the upright photograph.
    """

    sha256: str
    width: int
    height: int
    pixels: tuple[NDArray[np.uint8], ...]

    @classmethod
    def of(cls, photo: Photo, network: Network) -> Prepared:
        """Prepare a photograph for a network."""
        pixels = tuple(prepare(photo, part.network) for part in network.parts)
        return cls(photo.sha256, photo.width, photo.height, pixels)


def picture(prepared: Prepared, network: Network, part: Box | None = None) -> Image.Image:
    """Give what was prepared of a photograph as a picture, or a part of it, without any bars.

    It is as small as the network's input, and stretched where that stretches photographs.
    """
    network = network.parts[0].network
    pixels = Image.fromarray(prepared.pixels[0])
    left, top, width, height = 0, 0, pixels.width, pixels.height
    if network.resize == "letterbox":
        left, top, width, height = letterbox((prepared.width, prepared.height), pixels.width)
    start, upper, end, lower = part or (0.0, 0.0, 1.0, 1.0)
    return pixels.crop(
        (
            left + math.floor(start * width),
            top + math.floor(upper * height),
            left + math.ceil(end * width),
            top + math.ceil(lower * height),
        )
    )


_ahead: ByteCache[tuple[str, str], Prepared] = ByteCache(
    256_000_000, lambda prepared: sum(each.nbytes for each in prepared.pixels)
)


def prepare_ahead(photo: Photo, fingerprint: str) -> None:
    """Prepare a photograph that is decoded now and will be encoded later, as an import's are.

    It is stored until `prepared_ahead` takes it, or others need its place. Where the registry has
    no network that makes such features, nothing is done.
    """
    network = registry.named_in(fingerprint)
    if network is not None:
        _ahead.put((photo.sha256, network.name), Prepared.of(photo, network))


def prepared_ahead(sha256: str, fingerprint: str) -> Prepared | None:
    """Take what was prepared of a photograph ahead, if it is there."""
    network = registry.named_in(fingerprint)
    return None if network is None else _ahead.pop((sha256, network.name))


def prepare(photo: Photo, network: Network) -> NDArray[np.uint8]:
    """Resize a photograph to the input of a network without members, (size, size, 3) RGB."""
    return np.asarray(fit(photo.image, network))


def fit(image: Image.Image, network: Network) -> Image.Image:
    """Resize a picture to the network's square; one that has its size already stays as it is."""
    side = network.input_size
    if image.size == (side, side):
        return image
    if network.resize == "squash-nearest":
        return image.resize((side, side), Image.Resampling.NEAREST)
    if network.resize == "squash":
        return image.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=3)
    left, top, width, height = letterbox(image.size, side)
    smaller = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3)
    square = Image.new("RGB", (side, side), "white")
    square.paste(smaller, (left, top))
    return square


def letterbox(size: tuple[int, int], side: int) -> tuple[int, int, int, int]:
    """Place a picture of `size` (width, height) in its square: left, top, width, height."""
    scale = side / max(size)
    width, height = (max(1, round(length * scale)) for length in size)
    return (side - width) // 2, (side - height) // 2, width, height
