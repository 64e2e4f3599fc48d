"""Pictures of what no shop sells: landscapes, streets without faces, pages of text, blank ones and
test patterns; all drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_TEXT = """the of and a to in is was for on that with as by at from it an be this are or which one
river market letter harbour winter evening council railway garden method chapter figure
between several during quantity population northern agreement temperature history"""
_WORDS = _TEXT.split()


def non_products(count: int = 50, seed: int = 0) -> Iterator[tuple[str, Image.Image]]:
    """Yield (kind, picture), the kinds by turns; the same for the same seed."""
    kinds = {"landscape": _landscape, "street": _street, "page": _page}
    for n in range(count):
        kind = list(kinds)[n % len(kinds)]
        rng = np.random.default_rng([seed, n])
        yield kind, kinds[kind](rng, (640, 480) if rng.random() < 0.6 else (480, 640))


def plain_pictures() -> Iterator[tuple[str, Image.Image]]:
    """Yield (kind, picture) of what isn't even a photograph: blank, graded, test patterns."""
    side = 480
    for colour in ("white", "black", "gray", "linen", "crimson", "navy", "seagreen", "gold", "tan"):
        yield "blank", Image.new("RGB", (side, side), colour)
    steps = np.linspace(0, 1, side)[:, None, None] * np.ones((side, side, 1))
    for seed in range(6):
        first, last = np.random.default_rng([7, seed]).integers(0, 256, (2, 3))
        graded = _blend(first, last, steps[..., 0] if seed % 2 else steps[..., 0].T)
        yield "gradient", Image.fromarray(graded.astype(np.uint8))
    bars = Image.new("RGB", (640, side))
    pen = ImageDraw.Draw(bars)
    for n, colour in enumerate(("silver", "#c0c000", "#00c0c0", "#00c000", "#c000c0", "#c00000")):
        pen.rectangle((n * 107, 0, n * 107 + 107, 360), colour)
        pen.rectangle((n * 107, 360, n * 107 + 107, side), (n * 51,) * 3)
    yield "test pattern", bars
    for squares in (8, 16, 40):
        board = (np.indices((side, side)) // (side // squares)).sum(0) % 2
        yield "test pattern", _grey(board * 255)
    y, x = np.mgrid[:side, :side] - side / 2
    yield "test pattern", _grey((np.cos(40 * np.arctan2(y, x)) > 0) * 255)
    yield (
        "test pattern",
        _grey(np.repeat(np.linspace(0, 255, 16), side // 16)[None].repeat(side, 0)),
    )
    lines = Image.new("RGB", (side, side), "gray")
    pen = ImageDraw.Draw(lines)
    for place in range(0, side, 40):
        pen.line((place, 0, place, side), "white", 2)
        pen.line((0, place, side, place), "white", 2)
    pen.ellipse((40, 40, 440, 440), outline="white", width=4)
    yield "test pattern", lines
    for channels in (1, 3):
        noise = np.random.default_rng(channels).integers(0, 256, (side, side, channels))
        grain = np.broadcast_to(noise, (side, side, 3)).astype(np.uint8)
        yield "test pattern", Image.fromarray(grain)


def _grey(levels: np.ndarray) -> Image.Image:
    return Image.fromarray(levels.astype(np.uint8)).convert("RGB")


def _noise(rng: np.random.Generator, size: tuple[int, int], coarse: int = 4) -> np.ndarray:
    """Give fractal noise (height, width) in 0..1: clouds, grass, asphalt."""
    total = np.zeros(size[::-1])
    for octave in range(6):
        cells = coarse * 2**octave
        grid = Image.fromarray(rng.random((cells, cells)).astype(np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC)) / 2**octave
    return np.clip((total - total.min()) / (np.ptp(total) + 1e-9), 0, 1)


def _blend(low: np.ndarray, high: np.ndarray, share: np.ndarray) -> np.ndarray:
    return low + (high - low) * share[..., None]


def _landscape(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    down = np.linspace(0, 1, height)[:, None] * np.ones(width)
    hour = rng.choice(3)
    top = np.array([[70, 130, 200], [40, 50, 100], [150, 165, 180]][hour]) + rng.normal(0, 12, 3)
    low = np.array([[190, 220, 240], [240, 150, 90], [205, 210, 212]][hour]) + rng.normal(0, 8, 3)
    picture = _blend(top, low, down)
    clouds = np.clip(_noise(rng, size, 3) * 2 - 1, 0, 1) * (1 - down)
    picture = _blend(picture, np.array([250, 250, 250]), clouds * rng.uniform(0.3, 1))
    layers = rng.integers(2, 5)
    for layer in range(layers):
        base = height * (0.4 + 0.4 * (layer + rng.uniform(-0.3, 0.3)) / layers)
        ridge = _noise(rng, (width, 8), 3)[4] - 0.5
        line = base - ridge * height * rng.uniform(0.1, 0.5) / (layer + 1)
        green = np.array([60, 100, 50]) + rng.normal(0, 25, 3)
        far = np.array([130, 150, 175]) + rng.normal(0, 10, 3)
        colour = far + (green - far) * (layer + 1) / layers
        grain = _noise(rng, size, 24)
        mask = np.arange(height)[:, None] > line
        ground = np.clip(colour + (grain[..., None] - 0.5) * 90, 0, 255)
        picture = np.where(mask[..., None], ground, picture)
    if rng.random() < 0.4:  # a lake or the sea, with waves
        shore = height * rng.uniform(0.65, 0.85)
        waves = _noise(rng, (width // 4, height), 12)
        waves = np.asarray(Image.fromarray(waves.astype(np.float32)).resize(size))
        water = _blend(top * 0.8, low, waves)
        picture = np.where((np.arange(height) > shore)[:, None, None], water, picture)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.integers(0, 14)):  # trees, larger when nearer
        foot = rng.uniform(0.6, 0.98) * height
        tall = (foot / height - 0.45) * height * rng.uniform(0.4, 0.9)
        x = rng.uniform(0, width)
        pen.rectangle((x - tall / 30, foot - tall / 2, x + tall / 30, foot), (70, 50, 35))
        for _ in range(40):
            dx, dy = rng.normal(0, tall / 6, 2)
            r = tall / 14
            shade = int(rng.integers(-25, 25))
            centre = (x + dx, foot - tall * 0.75 + dy)
            box = (centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r)
            pen.ellipse(box, (45 + shade, 85 + shade, 40 + shade))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1)))


def _street(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    sky = _blend(np.array([140, 175, 215.0]), np.array([235, 235, 235.0]), _noise(rng, size, 3))
    image = Image.fromarray(sky.astype(np.uint8))
    pen = ImageDraw.Draw(image)
    vanish = (width * rng.uniform(0.35, 0.65), height * rng.uniform(0.45, 0.6))

    def along(x: float, y: float, depth: float) -> tuple[float, float]:
        """Move a point of the front edge towards the vanishing point; depth 0 is here, 1 there."""
        return x + (vanish[0] - x) * depth, y + (vanish[1] - y) * depth

    for side in (0, width):
        depth = 0.0
        while depth < 0.85:
            end = min(depth + rng.uniform(0.1, 0.3), 0.9)
            roof = -height * rng.uniform(0.1, 0.9)
            wall = np.array([165, 140, 120]) + rng.normal(0, 35) + rng.normal(0, 10, 3)
            foot = height * 1.05
            pen.polygon(
                [along(side, roof, depth), along(side, roof, end),
                 along(side, foot, end), along(side, foot, depth)],
                tuple(int(c) for c in wall.clip(30, 240)),
            )  # fmt: skip
            rows, columns = int(rng.integers(4, 9)), int(rng.integers(2, 5))
            glass = tuple(int(c) for c in rng.normal([70, 85, 100], 20).clip(10, 200))
            for row in range(rows):
                for column in range(columns):
                    near = depth + (end - depth) * (column + 0.25) / columns
                    far = depth + (end - depth) * (column + 0.75) / columns
                    upper = roof + (foot - roof) * (row + 0.25) / (rows + 1)
                    lower = roof + (foot - roof) * (row + 0.75) / (rows + 1)
                    pen.polygon(
                        [along(side, upper, near), along(side, upper, far),
                         along(side, lower, far), along(side, lower, near)], glass,
                    )  # fmt: skip
            depth = end
    left, right = width * rng.uniform(0, 0.25), width * rng.uniform(0.75, 1)
    pen.polygon([(-width, height), (2 * width, height), vanish], (150, 148, 145))
    pen.polygon([(left, height), (right, height), vanish], (85, 85, 88))
    for depth in np.arange(0, 0.9, 0.15):
        middle = (left + right) / 2
        pen.polygon(
            [along(middle - 6, height, depth), along(middle + 6, height, depth),
             along(middle + 6, height, depth + 0.07), along(middle - 6, height, depth + 0.07)],
            (230, 230, 225),
        )  # fmt: skip
    for _ in range(rng.integers(1, 6)):  # cars
        depth = rng.uniform(0.2, 0.8)
        x, y = along(rng.uniform(left, right), height, depth)
        w = (1 - depth) * width * 0.3
        colour = tuple(int(c) for c in rng.integers(20, 230, 3))
        pen.rounded_rectangle((x - w / 2, y - w * 0.45, x + w / 2, y - w * 0.1), w / 10, colour)
        pen.rounded_rectangle(
            (x - w * 0.35, y - w * 0.68, x + w * 0.35, y - w * 0.4), w / 9, (50, 60, 70)
        )
        for wheel in (-0.32, 0.32):
            cx, cy, r = x + wheel * w, y - w * 0.1, w * 0.09
            pen.ellipse((cx - r, cy - r, cx + r, cy + r), (25, 25, 25))
    grain = (_noise(rng, size, 40)[..., None] - 0.5) * 40
    noisy = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(0.6))


def _page(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    paper = tuple(int(c) for c in rng.normal([246, 243, 234], 6).clip(200, 255))
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    points = int(rng.integers(9, 20))
    font = ImageFont.load_default(points)
    ink = tuple(int(c) for c in rng.integers(10, 70, 3))
    margin = int(width * rng.uniform(0.06, 0.14))
    y = margin
    if rng.random() < 0.6:
        heading = " ".join(rng.choice(_WORDS, 3)).title()
        pen.text((margin, y), heading, ink, ImageFont.load_default(points * 2))
        y += points * 3
    columns = int(rng.choice([1, 1, 2]))
    gap = margin // 2
    wide = (width - 2 * margin - gap * (columns - 1)) / columns
    top = y
    for column in range(columns):
        x, y = margin + column * (wide + gap), top
        while y < height - margin:
            if rng.random() < 0.04:
                y += points
                continue
            line = ""
            last = rng.random() < 0.1
            while pen.textlength(line, font) < wide * (rng.uniform(0.2, 0.7) if last else 0.93):
                line += str(rng.choice(_WORDS)) + " "
            pen.text((x, y), line.strip(), ink, font)
            y += points * 1.35
    if rng.random() < 0.5:  # photographed, not scanned: turned a little, uneven light
        angle = rng.uniform(-8, 8)
        image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(120, 100, 80))
        light = 0.7 + 0.3 * _noise(rng, size, 2)[..., None]
        image = Image.fromarray((np.asarray(image) * light).astype(np.uint8))
    return image
