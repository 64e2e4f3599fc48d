"""One repeat of a cloth's design, painted or woven as a picture that meets itself at every edge."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

Array = np.ndarray
Point = tuple[float, float]
Rgb = tuple[int, int, int]

TEXELS = 512
_FINER = 2


@dataclass(frozen=True, slots=True)
class Design:
    """A repeat: sRGB from 0 to 1, first row lowest, with its width and height in metres of cloth.

    `upright` designs have a way up of their own and are never laid sideways.
    """

    picture: Array
    size: tuple[float, float]
    upright: bool = False


def rgb(colour: str) -> Rgb:
    """The bytes of an sRGB hex string."""
    digits = colour.lstrip("#")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def blend(one: str, other: str, share: float) -> str:
    """`one` moved towards `other` by `share`."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightness(colour: str) -> float:
    """Roughly how light a colour is, 0 to 1."""
    r, g, b = rgb(colour)
    return (0.3 * r + 0.59 * g + 0.11 * b) / 255


class Tile:
    """A square of cloth to paint on, in units of its side; what leaves one edge enters opposite."""

    def __init__(self, ground: str) -> None:
        side = TEXELS * _FINER
        self._image = Image.new("RGB", (side, side), rgb(ground))
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, outline: Array, colour: str) -> None:
        """Fill a closed outline of points (n, 2)."""
        low, high = outline.min(axis=0), outline.max(axis=0)
        for dx in range(-math.floor(high[0]), 1 - math.floor(low[0])):
            for dy in range(-math.floor(high[1]), 1 - math.floor(low[1])):
                moved = (outline + (dx, dy)) * TEXELS * _FINER
                self._draw.polygon([tuple(p) for p in moved.tolist()], fill=rgb(colour))

    def design(self, metres: float) -> Design:
        """What was painted, `metres` wide."""
        small = self._image.resize((TEXELS, TEXELS), Image.Resampling.BOX)
        return Design(np.asarray(small, dtype=np.float32) / 255, (metres, metres))


def scattered(rng: random.Random, count: int, apart: list[Point] | None = None) -> list[Point]:
    """Places spread over the tile, far from one another and from those in `apart`."""
    found: list[Point] = list(apart or [])
    for _ in range(count):
        tries = [(rng.random(), rng.random()) for _ in range(24)]
        found.append(max(tries, key=lambda p: _room(p, found)))
    return found[len(apart or []) :]


def _room(place: Point, others: list[Point]) -> float:
    def gap(a: float, b: float) -> float:
        return abs((a - b + 0.5) % 1 - 0.5)

    return min((math.hypot(gap(place[0], x), gap(place[1], y)) for x, y in others), default=1.0)


def clouds(rng: random.Random, size: float, *, stretch: float = 1.0, rough: float = 0.0) -> Array:
    """Seamless noise of mean 0 and spread 1 with blots of about `size` of the tile.

    `stretch` lengthens them sideways; `rough` (0 to 1) adds finer blots to their edges.
    """
    white = np.random.default_rng(rng.randrange(2**32)).standard_normal((TEXELS, TEXELS))
    fy = np.fft.fftfreq(TEXELS)[:, None] * TEXELS
    fx = np.fft.fftfreq(TEXELS)[None] * TEXELS * stretch
    far = np.hypot(fx, fy) * size
    keep = np.exp(-((far * 1.6) ** 2)) + rough * 0.18 * np.exp(-((far * 0.5) ** 2))
    soft = np.fft.ifft2(np.fft.fft2(white) * keep).real
    return (soft - soft.mean()) / soft.std()


def layered(ground: str, layers: list[tuple[Array, str]]) -> Array:
    """Colours laid over one another, each where its mask (0 to 1) lets it."""
    picture = np.broadcast_to(np.array(rgb(ground)) / 255.0, (TEXELS, TEXELS, 3))
    for mask, colour in layers:
        picture = picture + (np.array(rgb(colour)) / 255.0 - picture) * mask[..., None]
    return picture.astype(np.float32)


def edge(height: Array, at: float, soft: float = 0.03) -> Array:
    """1 where `height` is above `at`, 0 below, with a narrow slope between."""
    return np.clip((height - at) / soft + 0.5, 0, 1)
