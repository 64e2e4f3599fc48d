"""What a telephone makes of a scene: its lens, its white balance, its noise, a messenger's JPEG."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter
from scipy.ndimage import gaussian_filter, map_coordinates

Picture = np.ndarray

DARK = frozenset(("dim evening", "warm lamp", "flash", "mixed light", "ceiling lamp"))


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone in one hand."""

    cast: tuple[float, float, float]
    barrel: float
    rim: float
    blur: float
    noise: float
    sharpness: float
    messenger: int
    brightness: float
    contrast: float


def handed(lamp: str, rng: random.Random) -> Phone:
    """A telephone and how well it copes with the light."""
    warm = {
        "warm lamp": rng.uniform(0.1, 0.9),
        "dim evening": rng.uniform(0.1, 0.9),
        "ceiling lamp": rng.uniform(-0.4, 0.6),
        "mixed light": rng.uniform(-0.6, 0.5),
        "window": rng.uniform(-1.0, 0.2),
        "overcast": rng.uniform(-0.7, 0.0),
    }.get(lamp, rng.uniform(-0.3, 0.3))
    green = rng.gauss(0, 0.012)
    dim = lamp == "dim evening"
    return Phone(
        cast=(1 + 0.06 * warm, 1 + green, 1 - 0.075 * warm),
        barrel=rng.uniform(0.0, 0.045),
        rim=rng.uniform(0.05, 0.24),
        blur=rng.choice([0.0, 0.0, 0.0, 0.3, 0.55, 0.9 if lamp in DARK else 0.4]),
        noise=(5.5 if dim else 3.4 if lamp in DARK else 1.8) * rng.uniform(0.7, 1.4),
        sharpness=rng.choice([0.0, 0.4, 0.7, 1.1]),
        messenger=rng.choice([52, 62, 72, 90]),
        brightness=(0.36 if dim else 0.445) * rng.uniform(0.88, 1.12),
        contrast=rng.uniform(0.9, 1.25),
    )


def pictured(scene: Picture, phone: Phone, seed: int) -> Picture:
    """The telephone's picture (bytes) of a scene, given as linear light."""
    source = np.random.default_rng(seed)
    light = _bent(scene, phone.barrel)
    height, width = light.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light *= (1 - phone.rim * ((x**2 + y**2) / 2) ** 1.4)[..., None]
    light *= np.array(phone.cast, dtype=np.float32) ** 2
    values = _exposed(light, phone)
    if phone.blur:
        values = gaussian_filter(values, (phone.blur, phone.blur * 0.8, 0))
    values = values + _grain(values, phone.noise / 255, source)
    if phone.sharpness:
        soft = gaussian_filter(values, (1.0, 1.0, 0))
        values = values + phone.sharpness * np.clip(values - soft, -0.045, 0.045)
    whole = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.asarray(_sent(Image.fromarray(whole), phone.messenger), dtype=np.float32)


def _bent(values: Picture, barrel: float) -> Picture:
    """Straight lines bow outwards, as behind a wide lens."""
    height, width = values.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    ratio = height / width
    spread = (1 + barrel * (x**2 + (ratio * y) ** 2)) / (1 + barrel * (1 + ratio**2))
    at = [(y * spread + 1) * (height - 1) / 2, (x * spread + 1) * (width - 1) / 2]
    return np.stack([map_coordinates(values[..., c], at, order=1) for c in range(3)], axis=2)


def _exposed(light: Picture, phone: Phone) -> Picture:
    """Metered mostly for the middle of the frame; highlights roll off, shadows are lifted."""
    height, width = light.shape[:2]
    middle = light[height // 5 : -height // 5, width // 5 : -width // 5].mean(axis=2)
    metered = np.exp(np.log(middle + 1e-3).mean()) * 0.6 + 0.4 * float(np.median(light))
    wanted = phone.brightness**2.2
    light = light * (wanted / max(float(metered), 1e-3)) ** 0.8
    rolled = light * (1 + light / 2.2) / (1 + 0.9 * light)
    shown = np.clip(rolled, 0, None) ** (1 / 2.2)
    return np.clip((shown - 0.45) * phone.contrast + 0.46, 0, 1.05)


def _grain(values: Picture, strength: float, source: np.random.Generator) -> Picture:
    """Noise stronger in the shadows, half smeared by the telephone's own noise reduction."""
    shape = values.shape[:2]
    fine = source.normal(0, 1, shape)
    coarse = gaussian_filter(source.normal(0, 1, shape), 1.1) * 3.2
    tint = gaussian_filter(source.normal(0, 1, (*shape, 3)), (1.8, 1.8, 0)) * 4.5
    dark = 1.35 - values.mean(axis=2)
    grain = (0.45 * fine + 0.6 * coarse)[..., None] + 0.45 * tint
    return (strength * dark[..., None] * grain).astype(np.float32)


def _sent(image: Image.Image, quality: int) -> Image.Image:
    """As a messenger passes it on: sharpened and compressed once already."""
    if quality > 80:
        return image
    image = image.filter(ImageFilter.UnsharpMask(0.8, 25, 2))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality, subsampling=2)
    return Image.open(kept).convert("RGB")
