"""Draw assets/scenes.zip: pictures without a product, for telling what is none.

    python -m assets.make.scenes

Grounds, patterns, horizons, hills, woods, clutter, print, diagrams, corridors, fronts and rooms,
in all colours: the catalogue's photographs are set against them when "nothing here is similar" is
calibrated (search/engine/no_match.py).
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
from PIL import Image, ImageDraw, ImageFilter, ImageFont

COUNT, SIDE, SEED = 720, 160, 20
TARGET = Path(__file__).resolve().parents[1] / "scenes.zip"

# Half of all colours are near one of these: sky at noon, in the evening and clouded, leaves, dry
# and fresh grass, earth, sand, rock, brick, plaster, concrete, asphalt, wood, water, snow.
NATURAL = np.array([
    (120, 165, 215), (235, 150, 95), (190, 198, 205), (55, 85, 45), (150, 145, 85), (95, 135, 60),
    (105, 80, 55), (205, 185, 140), (125, 120, 112), (150, 85, 65), (225, 205, 175),
    (165, 163, 158), (75, 76, 80), (130, 95, 60), (50, 95, 115), (238, 240, 245),
], np.float64)  # fmt: skip

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
    height = _fractal(rng, SIDE, 6, roughness, stretch)
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


def terrain(rng: Rng) -> Pixels:
    """Draw hills seen from above them, by casting each column's rays over a field of heights."""
    size, roughness = 256, rng.uniform(0.7, 1.2)
    height = _fractal(rng, size, 7, roughness)
    height = np.maximum(height, rng.choice([0, 0, 0.3, 0.45]))  # a lake fills what is low
    light = np.gradient(height, axis=1) * rng.uniform(4, 14) + rng.normal(0, 0.12, height.shape)
    stops = np.stack([_colour(rng) for _ in range(4)])
    level = height * 3
    low = level.astype(int).clip(0, 2)
    ground_colour = stops[low] + (stops[low + 1] - stops[low]) * (level - low)[..., None]
    colours = ground_colour * (0.9 + light)[..., None].clip(0.3, 1.5)
    clouds = _fractal(rng, SIDE, 6, 1.0)[..., None].clip(0.5, 1) * 2 - 1
    top, haze = _colour(rng), _colour(rng)
    scene = top + (haze - top) * np.linspace(0, 1.4, SIDE)[:, None, None].clip(0, 1)
    scene = scene + (245 - scene) * clouds * rng.uniform(0, 1)
    eye, tilt, scale = rng.uniform(0.5, 1.1), rng.uniform(0.3, 0.65) * SIDE, rng.uniform(2000, 9000)
    start, side = rng.uniform(0, size, 2), np.linspace(-0.6, 0.6, SIDE)
    lowest, rows = np.full(SIDE, SIDE), np.arange(SIDE)[:, None]
    for depth in np.geomspace(3, 220, 160):
        x = (start[0] + side * depth).astype(int) % size
        y = int(start[1] + depth) % size
        edge = ((eye - height[y, x]) * scale / depth + tilt).astype(int).clip(0, SIDE)
        seen = (rows >= edge) & (rows < lowest)
        far = min(1.0, depth / 220) ** 1.5 * 0.9
        scene = np.where(seen[..., None], colours[y, x] * (1 - far) + haze * far, scene)
        lowest = np.minimum(lowest, edge)
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


def wood(rng: Rng) -> Pixels:
    """Draw plants in a landscape: stems with masses of leaves, near ones larger."""
    image = _image(horizon(rng) if rng.random() < 0.5 else terrain(rng))
    pen = ImageDraw.Draw(image)
    leaf, stem = _colour(rng), _ink(rng)
    for foot in np.sort(rng.uniform(0.4, 1.1, int(rng.integers(2, 25)))) * SIDE:
        x, tall = rng.uniform(0, SIDE), (foot - 0.3 * SIDE) * rng.uniform(0.4, 1.2)
        lean, spread = rng.normal(0, tall * 0.08), tall * rng.uniform(0.08, 0.3)
        pen.line((x, foot, x + lean, foot - tall), stem, max(1, int(tall / 18)))
        size = max(1.0, tall * rng.uniform(0.03, 0.12))
        for _ in range(int(rng.integers(10, 60))):
            centre = (
                x + lean + rng.normal(0, spread),
                foot - tall * rng.uniform(0.7, 1) + rng.normal(0, spread),
            )
            shade = tuple(int(c) for c in (leaf * rng.uniform(0.5, 1.3)).clip(0, 255))
            box = [c + d * size for d in (-1, 1) for c in centre]
            pen.ellipse(box, shade)
    return np.asarray(image, dtype=np.float64)


def letters(rng: Rng) -> Pixels:
    """Draw print: headings, lines and columns of made-up words, pale on dark at times."""
    paper, ink = np.sort(rng.uniform(0, 255, 2))[::-1] if rng.random() < 0.2 else (245, 30)
    if rng.random() < 0.1:
        paper, ink = ink, paper
    image = _image(ground(rng) * 0.08 + paper * 0.92)
    pen = ImageDraw.Draw(image)
    colour = tuple(int(c) for c in (_colour(rng) * 0.2 + ink * 0.8).clip(0, 255))
    size, margin = rng.uniform(4, 18), rng.uniform(2, 22)
    columns = int(rng.choice([1, 1, 2, 3])) if size < 9 else 1
    width = (SIDE - 2 * margin) / columns
    y = rng.uniform(-size, 20)
    for column in range(columns):
        line = y
        while line < SIDE - margin * rng.uniform(0, 1):
            heading = rng.random() < 0.06
            font = ImageFont.load_default(size * (1.6 if heading else 1.0))
            words = ["".join(rng.choice(list("aeilnorstcdhmpu"), rng.integers(2, 9)))
                     for _ in range(int(width / size / (4 if heading else 1.5)))]  # fmt: skip
            text = " ".join(words)
            while text and pen.textlength(text, font) > width - size:
                text = text[:-1]
            if rng.random() < 0.9:
                pen.text((margin + column * width, line), text, colour, font)
            line += size * (2.4 if heading else 1.3)
    if rng.random() < 0.4:
        return _on_a_table(rng, image)
    return np.asarray(image, dtype=np.float64)


def diagram(rng: Rng) -> Pixels:
    """Draw bars, curves or boxes joined by lines, with words: charts, maps, screens."""
    image = _image(ground(rng) * 0.1 + rng.uniform(0, 255) * 0.9)
    pen = ImageDraw.Draw(image)
    for n in range(int(rng.integers(3, 14))):
        x, y = rng.uniform(0, SIDE, 2)
        form = rng.integers(4)
        if form == 0:
            pen.rectangle((n * 14, min(y, SIDE - 9), n * 14 + 9, SIDE - 8), _ink(rng))
        elif form == 1:
            walk = np.cumsum(rng.normal(0, 6, 24)) + y
            points = [(i * SIDE / 23, float(v)) for i, v in enumerate(walk)]
            pen.line(points, _ink(rng), int(rng.integers(1, 4)))
        elif form == 2:
            pen.rounded_rectangle((x, y, x + rng.uniform(10, 60), y + rng.uniform(8, 30)), 3,
                                  _ink(rng), _ink(rng))  # fmt: skip
            pen.line((x, y, *rng.uniform(0, SIDE, 2)), _ink(rng), 1)
        else:
            font = ImageFont.load_default(rng.uniform(5, 14))
            pen.text((x, y), "".join(rng.choice(list("aeilnorst "), 10)), _ink(rng), font)
    return np.asarray(image, dtype=np.float64)


def front(rng: Rng) -> Pixels:
    """Draw buildings seen from across a street or from afar, with rows of windows."""
    image = _image(ground(rng) if rng.random() < 0.5 else horizon(rng))
    pen = ImageDraw.Draw(image)
    foot, x = rng.uniform(0.55, 1.0) * SIDE, -rng.uniform(0, 30)
    while x < SIDE:
        width = rng.uniform(12, 90)
        top = foot - rng.uniform(0.15, 1.0) * SIDE
        pen.rectangle((x, top, x + width, foot), _ink(rng))
        rows, columns = int(rng.integers(1, 12)), int(rng.integers(1, 8))
        share, glass = rng.uniform(0.3, 0.8), _ink(rng)
        for row in range(rows):
            for column in range(columns):
                left = x + width * (column + 0.5 - share / 2) / columns
                upper = top + (foot - top) * (row + 0.5 - share / 2) / rows
                box = (left, upper, left + width * share / columns,
                       upper + (foot - top) * share / rows)  # fmt: skip
                pen.rectangle(box, glass if rng.random() < 0.85 else _ink(rng))
        if rng.random() < 0.4:
            pen.polygon([(x, top), (x + width, top), (x + width / 2, top - width * 0.4)], _ink(rng))
        x += width * rng.uniform(0.9, 1.3)
    pen.rectangle((0, foot, SIDE, SIDE), _ink(rng))
    for _ in range(int(rng.integers(0, 6))):
        left, width = rng.uniform(0, SIDE), rng.uniform(4, 40)
        pen.rounded_rectangle((left, foot - width * 0.4, left + width, foot + 3), 3, _ink(rng))
    return np.asarray(image, dtype=np.float64)


def room(rng: Rng) -> Pixels:
    """Draw walls and a floor with what stands there: frames, windows, tables, shelves."""
    image = _image(pattern(rng) * 0.3 + ground(rng) * 0.7)
    pen = ImageDraw.Draw(image)
    corner, edge = rng.uniform(0, SIDE), rng.uniform(0.45, 0.85) * SIDE
    slope = rng.normal(0, 0.25, 2)
    floor = [(0, edge + slope[0] * corner), (corner, edge),
             (SIDE, edge + slope[1] * (SIDE - corner)), (SIDE, SIDE), (0, SIDE)]  # fmt: skip
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon(floor, fill=255)
    image.paste(_image(pattern(rng) if rng.random() < 0.5 else ground(rng)), mask=mask)
    if rng.random() < 0.7:
        pen.line((corner, 0, corner, edge), _ink(rng), 1)
    for _ in range(int(rng.integers(1, 6))):
        x, y, width, height = rng.uniform(0, SIDE), rng.uniform(0, edge), *rng.uniform(10, 60, 2)
        pen.rectangle((x, y, x + width, y + height), _ink(rng), _ink(rng), int(rng.integers(1, 5)))
        if rng.random() < 0.4:
            pen.line((x + width / 2, y, x + width / 2, y + height), _ink(rng), 2)
    for _ in range(int(rng.integers(0, 3))):
        x, y = rng.uniform(0, SIDE), rng.uniform(edge * 0.8, SIDE)
        width, wood_colour = rng.uniform(20, 90), _ink(rng)
        pen.rectangle((x, y, x + width, y + 5), wood_colour)
        for leg in (x, x + width - 4):
            pen.rectangle((leg, y, leg + 4, y + rng.uniform(15, 60)), wood_colour)
    return np.asarray(image, dtype=np.float64)


def _on_a_table(rng: Rng, page: Image.Image) -> Pixels:
    table = _image(ground(rng))
    side = int(SIDE * rng.uniform(0.7, 1.1))
    angle = rng.normal(0, 8)
    turned, mask = (
        layer.resize((side, side)).rotate(angle, Image.Resampling.BICUBIC)
        for layer in (page, Image.new("L", page.size, 255))
    )
    place = rng.normal((SIDE - side) / 2, 8, 2).astype(int).tolist()
    table.paste(turned, (place[0], place[1]), mask)
    return np.asarray(table, dtype=np.float64)


KINDS: tuple[Callable[[Rng], Pixels], ...] = (
    corridor,
    clutter,
    horizon,
    wood,
    terrain,
    ground,
    letters,
    corridor,
    front,
    marks,
    room,
    terrain,
    pattern,
    diagram,
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


def _fractal(
    rng: Rng, side: int, octaves: int, roughness: float, stretch: int = 1
) -> NDArray[np.float64]:
    """Give noise (side, side) from 0 to 1; the larger `roughness`, the weaker its finer parts."""
    total = np.zeros((side, side))
    for octave in range(octaves):
        cells = 2 * 2**octave
        grid = rng.random((max(2, cells // stretch), cells)).astype(np.float32)
        spread = Image.fromarray(grid).resize((side, side), Image.Resampling.BICUBIC)
        total += np.asarray(spread) * 2 ** (-octave * roughness)
    noise: NDArray[np.float64] = (total - total.min()) / (np.ptp(total) + 1e-9)
    return noise


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _colour(rng: Rng) -> Pixels:
    if rng.random() < 0.5:
        near = NATURAL[rng.integers(len(NATURAL))] * rng.uniform(0.6, 1.15) + rng.normal(0, 10, 3)
        return near.clip(0, 255)
    hsv = rng.random(), rng.beta(1.2, 2.5), rng.uniform(0.1, 1)
    return np.array(colorsys.hsv_to_rgb(*hsv)) * 255


def _ink(rng: Rng) -> tuple[int, ...]:
    return tuple(int(c) for c in _colour(rng))


if __name__ == "__main__":
    main()
