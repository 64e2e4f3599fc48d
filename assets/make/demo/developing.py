"""From what stands before the camera to the finished photograph: product over paper, a JPEG."""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np
from PIL import Image, ImageFilter
from scipy.ndimage import gaussian_filter, minimum_filter

from .studio import View, shown

WHITE_POINT = 247
"""The grey of the paper where no shadow falls, in every photograph (of 255)."""

JPEG_QUALITY = 84

_RIM = 1.0  # pixels

_FUZZ = {"knit": 0.05, "wool": 0.025, "tweed": 0.03, "felt": 0.025, "suede": 0.02}
"""How far a material's fibres stand out of its outline."""


def photograph(
    path: Path,
    view: View,
    *,
    material: str,
    size: int,
    samples: int,
    threads: int = 1,
    note: str = "",
) -> None:
    """Take the shop's photograph: product and backdrop apart, then one over the other.

    The backdrop is smooth, so it is rendered at half size with few samples, and once more without
    the product: their ratio is the product's shadow alone, on paper that is even and near-white
    whatever the light's falloff. Most of the time goes to the product.
    """
    _show(product=False)
    paper = developed(size=size // 2, samples=max(samples // 2, 4), threads=threads)
    _show(product=True)
    product = developed(size=size, samples=samples, threads=threads, cut_out=True)
    _show(product=False)
    for item in shown():
        item.hide_render = True
    bare = developed(size=size // 8, samples=6, threads=threads)
    ground = _ground(paper[..., :3], bare[..., :3], size, depth=0.5 if view.hanging else 0.9)
    colour, cover = _smooth_outline(product, _FUZZ.get(material, 0.0))
    save(_sharpened(colour + ground * (1 - cover), cover), path, note=note)


def _smooth_outline(product: np.ndarray, fuzz: float) -> tuple[np.ndarray, np.ndarray]:
    """Colours times coverage (h, w, 3), and coverage (h, w, 1) from 0 to 1, its rim smoothed.

    Coverage is the share of a pixel's few samples that met the product, which no denoiser mends:
    left alone, the outline looks sawn. Fibres then blur it, unevenly.
    """
    cover = product[..., 3:].astype(np.float32) / 255
    sharp = np.concatenate([product[..., :3] * cover, cover], axis=2)
    soft = gaussian_filter(sharp, (_RIM, _RIM, 0))
    fibres = np.random.default_rng(1).standard_normal(cover.shape)
    fibres = gaussian_filter(fibres, (0.7, 0.7, 0)) * 2.5
    edge = np.clip((soft[..., 3:] - 0.5 + fuzz * fibres) * (1.5 - 5 * fuzz) + 0.5, 0, 1)
    edge = np.where(soft[..., 3:] > 0.02, edge, 0)
    rim = minimum_filter(cover, (3, 3, 1)) < 0.999
    colour = np.where(rim, soft[..., :3] * edge / np.maximum(soft[..., 3:], 1e-3), sharp[..., :3])
    return colour, np.where(rim, edge, cover)


def _sharpened(picture: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Local contrast as a shop's retoucher gives it, on the product alone, and its fine grain."""
    grey = picture.mean(axis=2, keepdims=True)
    near = grey - gaussian_filter(grey, (0.9, 0.9, 0))
    weight = gaussian_filter(cover, (10, 10, 0))
    around = gaussian_filter(grey * cover, (10, 10, 0)) / np.maximum(weight, 1e-3)
    inside = minimum_filter(cover, (3, 3, 1))
    grain = np.random.default_rng(2).standard_normal(grey.shape)
    grain = gaussian_filter(grain, (0.5, 0.5, 0)) * 1.8
    return picture + inside * (0.32 * near + 0.16 * (grey - around) + grain)


def _show(*, product: bool) -> None:
    """Let the camera see the product alone, or the paper alone; light still meets both."""
    for item in bpy.context.scene.objects:
        item.visible_camera = ("studio" not in item) == product


def developed(*, size: int, samples: int, threads: int, cut_out: bool = False) -> np.ndarray:
    """The scene as the camera sees it, bytes (size, size, 4); `cut_out` leaves blanks clear."""
    scene = bpy.context.scene
    scene.render.film_transparent = cut_out
    _film(size, size, samples, threads)
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "raw.png")
        bpy.ops.render.render(write_still=True)
        with Image.open(scene.render.filepath) as raw:
            return np.asarray(raw.convert("RGBA"))


def exposed(width: int, height: int, *, samples: int, threads: int) -> np.ndarray:
    """The scene's light as the camera receives it, linear and unclipped: (height, width, 3)."""
    scene = bpy.context.scene
    _film(width, height, samples, threads)
    scene.render.image_settings.file_format = "OPEN_EXR"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "raw.exr")
        bpy.ops.render.render(write_still=True)
        raw = bpy.data.images.load(scene.render.filepath)
        flat = np.empty(width * height * 4, dtype=np.float32)
        raw.pixels.foreach_get(flat)
        bpy.data.images.remove(raw)
    return flat.reshape(height, width, 4)[::-1, :, :3]


def _film(width: int, height: int, samples: int, threads: int) -> None:
    scene = bpy.context.scene
    scene.cycles.samples = samples
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.threads_mode = "FIXED"
    scene.render.threads = threads


def save(picture: np.ndarray, path: Path, *, quality: int = JPEG_QUALITY, note: str = "") -> None:
    """Write a small JPEG with `note` as its comment; a stopped run never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    whole = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
    Image.fromarray(whole).save(
        unfinished, "JPEG", quality=quality, optimize=True, progressive=True, comment=note
    )
    unfinished.replace(path)


def _ground(paper: np.ndarray, bare: np.ndarray, size: int, *, depth: float) -> np.ndarray:
    """White paper with the shadow that `paper` has over `bare`, `depth` of it, nearly grey."""
    seen, empty = _grown(paper, size), _grown(bare, size, blur=3)
    grey = seen.mean(axis=2, keepdims=True)
    falloff = empty.mean(axis=2, keepdims=True)
    # A little more than the ratio: what noise and far shadows leave on the paper goes to white.
    shadow = np.clip(1.045 * grey / np.maximum(falloff, 1.0), 0, 1)
    tint = (seen + 1) / (grey + 1)
    light = WHITE_POINT * np.clip(falloff / np.median(falloff), 0.9, 1.1) ** 0.3
    ground = light * (1 - depth * (1 - shadow)) * (1 + 0.3 * (tint - 1))
    return np.clip(ground, 0, 252)


def _grown(picture: np.ndarray, size: int, *, blur: float = 0) -> np.ndarray:
    image = Image.fromarray(np.ascontiguousarray(picture))
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    smooth = image.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float32)
