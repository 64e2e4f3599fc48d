"""Draw assets/scenes.zip: pictures without a product, for telling what is none.

    python -m assets.make.scenes

Grounds, patterns, horizons, clutter, rows of marks and corridors, in all colours: the catalogue's
photographs are set against them when "nothing here is similar" is calibrated (search/presence.py).
Drawn by chance from one seed; nothing in them is taken from anywhere.
"""

from __future__ import annotations

import colorsys
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

COUNT, SIDE, SEED = 360, 160, 20
TARGET = Path(__file__).resolve().parents[1] / "scenes.zip"

Rng = np.random.Generator
Pixels = NDArray[np.float64]  # (SIDE, SIDE, 3), 0..255
Point = tuple[float, float]


def main() -> None:
    """Write the archive; the same bytes of each picture whenever it is run."""
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_STORED) as archive:
        for number in range(COUNT):
            rng = np.random.default_rng([SEED, number])
            kind = KINDS[number % len(KINDS)]
            buffer = io.BytesIO()
            _photographed(rng, kind(rng)).save(buffer, "JPEG", quality=75)
            entry = zipfile.ZipInfo(f"{kind.__name__}-{number:03d}.jpg", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue())


def ground(rng: Rng) -> Pixels:
    """Draw a surface between two colours: cloud, stone, grass, wall, brushed where stretched."""
    roughness = rng.uniform(0.4, 1.2)
    stretch = int(rng.choice([1, 1, 1, 3, 6]))
    height = np.zeros((SIDE, SIDE))
    for octave in range(6):
        cells = 2 * 2**octave
        grid = rng.random((max(2, cells // stretch), cells)).astype(np.float32)
        spread = Image.fromarray(grid).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        height += np.asarray(spread) * 2 ** (-octave * roughness)
    height = (height - height.min()) / (np.ptp(height) + 1e-9)
    first, second = _colour(rng), _colour(rng)
    return first + (second - first) * rng.uniform(0.2, 1) * height[..., None]


def pattern(rng: Rng) -> Pixels:
    """Draw stripes, checks, a grid or dots, turned at any angle: tiles, fences, curtains."""
    y, x = np.mgrid[:SIDE, :SIDE]
    angle = rng.uniform(0, np.pi)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    step, share = rng.uniform(4, 40), rng.uniform(0.2, 0.8)
    shapes = (
        u % step < step * share,
        (u % step < step / 2) ^ (v % step < step / 2),
        (u % step < step * 0.12) | (v % (step * rng.uniform(0.5, 2)) < step * 0.12),
        np.hypot(u % step - step / 2, v % step - step / 2) < step * 0.3,
    )
    return np.where(shapes[rng.integers(4)][..., None], ground(rng), ground(rng))


def horizon(rng: Rng) -> Pixels:
    """Draw one ground behind another, with level, waving or jagged edges."""
    scene = ground(rng)
    layers = int(rng.integers(1, 5))
    x = np.arange(SIDE) / SIDE
    for layer in range(layers):
        edge = SIDE * (layer + rng.uniform(0.5, 1.3)) / (layers + 1) + np.zeros(SIDE)
        for wave in range(int(rng.choice([0, 3, 8]))):
            turns = 2 * np.pi * (wave + 1) * rng.uniform(0.5, 2)
            edge += rng.normal(0, 9 / (wave + 1)) * np.sin(x * turns + rng.uniform(0, 6))
        scene = np.where((np.arange(SIDE)[:, None] > edge)[..., None], ground(rng), scene)
    return scene


def clutter(rng: Rng) -> Pixels:
    """Draw blocks and discs of all sizes before a horizon, thrown about or in rows."""
    image = _image(horizon(rng) if rng.random() < 0.6 else ground(rng))
    pen = ImageDraw.Draw(image)
    size, rows = rng.uniform(5, 60), int(rng.integers(2, 9))
    in_rows = rng.random() < 0.4
    for n in range(int(rng.integers(3, 60))):
        if in_rows:
            x, y = (n % rows + 0.5) * SIDE / rows, (n // rows + 0.5) * SIDE / rows
            width = height = SIDE / rows * 0.7
        else:
            x, y = rng.uniform(0, SIDE, 2)
            width, height = rng.exponential(size, 2) + 2
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        (pen.rectangle if rng.random() < 0.75 else pen.ellipse)(box, _ink(rng))
    return np.asarray(image, dtype=np.float64)


def marks(rng: Rng) -> Pixels:
    """Draw rows of small dark marks on a pale ground: writing, print, shelves from afar."""
    image = _image(ground(rng) * 0.15 + rng.uniform(150, 255) * 0.85)
    pen = ImageDraw.Draw(image)
    step, margin = rng.uniform(4, 16), rng.uniform(2, 25)
    ink = tuple(c // 3 for c in _ink(rng))
    y = rng.uniform(2, 20)
    while y < SIDE - margin:
        x = margin
        while x < SIDE - margin:
            end = min(x + rng.exponential(step * 1.2) + 1, SIDE - margin)
            if rng.random() < 0.5:
                pen.line((x, y, end, y), ink, max(1, int(step * 0.35)))
            else:
                for stroke in np.arange(x, end, max(1.5, step * 0.4)):
                    tall = step * 0.25
                    pen.line(
                        (stroke, y - tall, stroke + rng.normal(), y + tall * rng.random()), ink
                    )
            x = end + step * 0.5
        y += step * rng.choice([1, 1, 1, 2])
    turned = image.rotate(rng.normal(0, 4), Image.Resampling.BICUBIC, fillcolor=_ink(rng))
    return np.asarray(turned, dtype=np.float64)


def corridor(rng: Rng) -> Pixels:
    """Draw a space that runs to a vanishing point: a floor, walls with openings, things in it."""
    image = _image(ground(rng))
    pen = ImageDraw.Draw(image)
    far = rng.normal(SIDE / 2, SIDE / 6), rng.normal(SIDE / 2, SIDE / 8)

    def towards(x: float, y: float, depth: float) -> Point:
        return x + (far[0] - x) * depth, y + (far[1] - y) * depth

    def fill(corners: list[Point]) -> None:
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        image.paste(_image(pattern(rng) if rng.random() < 0.3 else ground(rng)), mask=mask)

    fill([(-SIDE, SIDE), (2 * SIDE, SIDE), far])
    if rng.random() < 0.7:
        left, right = rng.uniform(-SIDE, 0.4 * SIDE), rng.uniform(0.6 * SIDE, 2 * SIDE)
        fill([(left, SIDE), (right, SIDE), far])
    if rng.random() < 0.3:
        fill([(-SIDE, 0), (2 * SIDE, 0), far])
    for side in (0, SIDE):
        if rng.random() < 0.15:
            continue
        cuts = np.sort(np.append(rng.uniform(0, 0.95, int(rng.integers(1, 7))), 0.0))
        roof = rng.uniform(-SIDE, 0.4 * SIDE)
        for near, end in zip(cuts, [*cuts[1:], 0.97], strict=True):
            top, foot = roof + rng.normal(0, SIDE * 0.15), SIDE * 1.1
            wall = [(top, near), (top, end), (foot, end), (foot, near)]
            fill([towards(side, y, depth) for y, depth in wall])
            if rng.random() < 0.7:
                _openings(rng, pen, lambda y, d, s=side: towards(s, y, d), top, near, end)
    for _ in range(int(rng.integers(0, 5))):
        x, foot = rng.normal(far[0], SIDE / 4), max(rng.uniform(far[1], SIDE), far[1] + 4)
        width = max(4.0, (foot - far[1]) * rng.uniform(0.2, 0.7))
        height = width * rng.uniform(0.3, 2.2)
        pen.rounded_rectangle(
            (x - width / 2, foot - height, x + width / 2, foot), width / 6, _ink(rng)
        )
    return np.asarray(image, dtype=np.float64)


KINDS: tuple[Callable[[Rng], Pixels], ...] = (
    corridor,
    clutter,
    horizon,
    ground,
    corridor,
    marks,
    clutter,
    horizon,
    pattern,
)


def _openings(
    rng: Rng,
    pen: ImageDraw.ImageDraw,
    at: Callable[[float, float], Point],
    top: float,
    near: float,
    end: float,
) -> None:
    """Draw a wall's windows, in rows and columns between two depths."""
    rows, columns, share = int(rng.integers(2, 9)), int(rng.integers(1, 5)), rng.uniform(0.25, 0.7)
    ink, height, depth = _ink(rng), (SIDE - top) / rows, (end - near) / columns
    for row in range(rows):
        for column in range(columns):
            y, d = top + height * (row + 0.15), near + depth * (column + 0.15)
            corners = [(y, d), (y, d + depth * share), (y + height * share, d + depth * share)]
            pen.polygon([at(*corner) for corner in [*corners, (y + height * share, d)]], ink)


def _photographed(rng: Rng, scene: Pixels) -> Image.Image:
    """Give a scene its light: dim or bright, warm or cold, some grain, not quite sharp."""
    light = rng.uniform(0.45, 1.15) * rng.uniform(0.85, 1.15, 3)
    grain = rng.normal(0, rng.uniform(0, 7), (SIDE, SIDE, 1))
    return _image(scene * light + grain).filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9)))


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _colour(rng: Rng) -> Pixels:
    hsv = rng.random(), rng.beta(1.2, 2.5), rng.uniform(0.1, 1)
    return np.array(colorsys.hsv_to_rgb(*hsv)) * 255


def _ink(rng: Rng) -> tuple[int, ...]:
    return tuple(int(c) for c in _colour(rng))


if __name__ == "__main__":
    main()
