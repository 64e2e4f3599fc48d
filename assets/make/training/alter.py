"""What a customer does to a photograph: turned, cropped, lit otherwise, before something else.

Colours stay what they are (a red shoe must find red shoes), but for a light that is slightly warm
or cold. Every function takes the random generator, so that a seed and a step give the same picture.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_WHITE = 236  # a background pixel of a shop photograph is at least this light in each channel


@dataclass(frozen=True, slots=True)
class Strength:
    """How far photographs are altered; angles in degrees, the rest as shares."""

    angle: float = 15.0
    crop: float = 0.6  # the smallest share of a side that is kept
    light: float = 0.35
    quality: int = 40  # the lowest JPEG quality
    background: float = 0.5  # share of the shop photographs put before something else
    mild: float = 0.35  # share of the first views that are hardly altered


def fit(image: Image.Image, side: int, fill: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    """Letterbox to a square, as search.networks.fit does for this network."""
    if image.size == (side, side):
        return image
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    smaller = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3)
    square = Image.new("RGB", (side, side), fill)
    square.paste(smaller, ((side - width) // 2, (side - height) // 2))
    return square


def mild(image: Image.Image, side: int, *, mirrored: bool) -> Image.Image:
    """Alter hardly: as it is, or mirrored."""
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return fit(image, side)


def strong(
    image: Image.Image,
    side: int,
    rng: Generator,
    strength: Strength,
    scene: Image.Image | None = None,
) -> Image.Image:
    """Alter as customers do; with a `scene`, the product of a shop photograph is put before it."""
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if scene is not None:
        image = _before(image, scene, side, rng, strength)
    else:
        image = _turned(image, rng, strength)
    image = _cropped(image, rng, strength)
    if rng.random() < 0.2:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.2))))
    image = _lit(fit(image, side), rng, strength)
    return _compressed(image, rng, strength)


def patch(image: Image.Image, rng: Generator) -> Image.Image:
    """Cut a piece out of a home photograph's border, where the surroundings are."""
    width, height = image.size
    share = rng.uniform(0.3, 0.6)
    across, down = max(8, int(width * share)), max(8, int(height * share))
    left, top = (rng.choice([0, width - across]), rng.integers(0, height - down + 1))
    if rng.random() < 0.5:
        left, top = (rng.integers(0, width - across + 1), rng.choice([0, height - down]))
    return image.crop((int(left), int(top), int(left) + across, int(top) + down))


def product_mask(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell the product from a white background: what no straight line of white reaches.

    Lines come from the four borders, so a white print inside a product stays with it.
    """
    white = pixels.min(axis=2) >= _WHITE
    reached = np.zeros_like(white)
    for axis in (0, 1):
        reached |= np.logical_and.accumulate(white, axis=axis)
        reached |= np.flip(np.logical_and.accumulate(np.flip(white, axis), axis=axis), axis)
    return ~reached


def _before(
    image: Image.Image, scene: Image.Image, side: int, rng: Generator, strength: Strength
) -> Image.Image:
    mask = product_mask(np.asarray(image))
    if not 0.05 < mask.mean() < 0.85:  # no white background, or hardly a product
        return _turned(image, rng, strength)
    cut = image.convert("RGBA")
    soft = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.5))
    cut.putalpha(soft)
    angle = float(rng.uniform(-strength.angle, strength.angle))
    cut = cut.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    box = cut.getchannel("A").getbbox()
    if box:
        cut = cut.crop(box)
    scale = side * rng.uniform(0.55, 1.0) / max(cut.size)
    cut = cut.resize([max(1, round(length * scale)) for length in cut.size],
                     Image.Resampling.BILINEAR)  # fmt: skip
    square = scene.resize((side, side), Image.Resampling.BILINEAR)
    square = _lit(square, rng, strength)
    place = [int(rng.integers(0, max(0, side - length) + 1)) for length in cut.size]
    square.paste(cut, (place[0], place[1]), cut.getchannel("A"))
    return square


def _turned(image: Image.Image, rng: Generator, strength: Strength) -> Image.Image:
    angle = float(rng.uniform(-strength.angle, strength.angle))
    fill = tuple(int(v) for v in np.asarray(image)[0].mean(axis=0))
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=fill)


def _cropped(image: Image.Image, rng: Generator, strength: Strength) -> Image.Image:
    width, height = image.size
    share = rng.uniform(strength.crop, 1.0)
    across, down = (max(8, int(n * min(1, share * rng.uniform(0.9, 1.1)))) for n in image.size)
    across, down = min(across, width), min(down, height)
    # Mostly near the middle, since what is looked for lies there.
    left = int((width - across) * rng.beta(2, 2))
    top = int((height - down) * rng.beta(2, 2))
    return image.crop((left, top, left + across, top + down))


def _lit(image: Image.Image, rng: Generator, strength: Strength) -> Image.Image:
    gain = rng.uniform(1 - strength.light, 1 + strength.light)
    warmth = rng.uniform(-0.07, 0.07)
    contrast = rng.uniform(0.85, 1.15)
    pixels = np.asarray(image, np.float32)
    pixels = (pixels - 128) * contrast + 128
    pixels = pixels * gain * np.array([1 + warmth, 1, 1 - warmth], np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _compressed(image: Image.Image, rng: Generator, strength: Strength) -> Image.Image:
    if rng.random() < 0.5:
        return image
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(strength.quality, 96)))
    return Image.open(buffer).convert("RGB")
