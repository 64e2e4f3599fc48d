"""A photograph as a network wants it: resized to its square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.network.registry import Network
from search.photos import Photo


def prepare(photo: Photo, network: Network) -> NDArray[np.uint8]:
    """Resize a photograph to the network's input, (size, size, 3) RGB, 0 to 255."""
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
    """Where a picture of `size` (width, height) lies in its square: left, top, width, height."""
    scale = side / max(size)
    width, height = (max(1, round(length * scale)) for length in size)
    return (side - width) // 2, (side - height) // 2, width, height
