"""What a customer does to a photograph: turned, cropped, lit otherwise, before something else.

Colours stay what they are (a red shoe must find red shoes), but for a light that is slightly warm
or cold. All of a batch is altered at once, on the device; every function takes the generator, so
that a seed and a step give the same pictures again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad

from training.pictures import Frame, Pictures

if TYPE_CHECKING:
    from training import data

NONE, DRAWN = -1, -2  # instead of the photograph that a piece of is behind a product
_WHITE, _GREY = 255.0, 128.0
_BLUR = 0.4  # share of the views whose focus is changed
_JPEG = 0.5  # share of the views that are compressed


@dataclass(frozen=True, slots=True)
class Strength:
    """How far photographs are altered; angles in degrees, the rest as shares."""

    angle: float = 15.0
    crop: float = 0.6  # the smallest share of a side that is kept
    margin: float = 0.3  # the largest share of a side that is left white around
    light: float = 0.35
    quality: int = 40  # the lowest JPEG quality
    background: float = 0.5  # share of the shop photographs put before something else
    drawn: float = 0.4  # share of what is behind them that is drawn, not cut from a photograph
    mild: float = 0.35  # share of the first views that are hardly altered


def fit(image: Image.Image, side: int) -> Image.Image:
    """Letterbox to a white square, as search.network.registry.fit does for this network."""
    if image.size == (side, side):
        return image
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    smaller = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3)
    square = Image.new("RGB", (side, side), (255, 255, 255))
    square.paste(smaller, ((side - width) // 2, (side - height) // 2))
    return square


def views(
    pictures: Pictures, batch: data.Batch, side: int, strength: Strength, generator: Generator
) -> Tensor:
    """Give a batch's views, (n, 3, side, side) from 0 to 255."""
    rows, scenes = batch.rows, batch.scenes
    found = torch.empty(len(rows), 3, side, side, device=pictures.device)
    mirrored = torch.rand(len(rows), generator=generator, device=pictures.device) < 0.5
    kept, altered = np.flatnonzero(batch.mild), np.flatnonzero(~batch.mild)
    if kept.size:
        found[kept] = mild(pictures, rows[kept], side, mirrored[kept])
    if altered.size:
        found[altered] = strong(pictures, rows[altered], scenes[altered], side, strength, generator)
    return found


def mosaics(views: Tensor, count: int) -> Tensor:
    """Put four views each into one of half their size, (count, 3, side, side).

    The shop's photographs are sharp then, which they aren't where 60 pixels fill a view.
    """
    if not count:
        return views[:0]
    smaller = avg_pool2d(views, 2)
    four = [smaller.roll(17 * n, 0)[torch.arange(count) * 7 % len(views)] for n in range(4)]
    return torch.cat([torch.cat(four[:2], dim=3), torch.cat(four[2:], dim=3)], dim=2)


def mild(
    pictures: Pictures, rows: NDArray[np.int64], side: int, mirrored: Tensor | None = None
) -> Tensor:
    """Alter hardly, (n, 3, side, side) from 0 to 255: letterboxed, as it is or mirrored."""
    half = pictures.sizes[rows] / 2
    reach = half.amax(dim=1, keepdim=True).expand(-1, 2)
    straight = torch.zeros(len(rows), device=pictures.device)
    frame = Frame(half, reach, straight, straight.bool() if mirrored is None else mirrored)
    views = pictures.shown(rows, frame, side)[:, :3]
    return _over(views, _WHITE, _window(half, reach, side))


def strong(
    pictures: Pictures,
    rows: NDArray[np.int64],
    scenes: NDArray[np.int64],
    side: int,
    strength: Strength,
    generator: Generator,
) -> Tensor:
    """Alter as customers do, (n, 3, side, side) from 0 to 255.

    `scenes` (n,) are rows of photographs of whose border a piece is put behind the product, or
    something drawn in its place (`DRAWN`), or nothing (`NONE`).
    """
    device = pictures.device
    before = torch.from_numpy(scenes != NONE).to(device)

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        draws = torch.rand(len(rows), *shape, generator=generator, device=device)
        return low + (high - low) * draws

    size, box = pictures.sizes[rows], pictures.products[rows]
    # Without a scene: a window of the photograph, mostly near its middle, and white around it.
    share = (uniform(strength.crop, 1, 1) * uniform(0.9, 1.1, 2)).clamp_max(1)
    lean = (uniform(-1, 1, 2) + uniform(-1, 1, 2)) / 2
    window = size * share / 2
    centre = size / 2 + lean * (size / 2 - window)
    white = uniform(0, strength.margin, 1) * (uniform(0, 1, 1) < 0.5)
    reach = window.amax(dim=1, keepdim=True) / (1 - white)
    # With one: the product somewhere on it, and a window of that.
    extent = (box[:, 2:] - box[:, :2]) / 2
    covered = uniform(0.55, 1, 1)
    square = extent.amax(dim=1, keepdim=True) / covered
    cut = uniform(strength.crop, 1, 1)
    shift = uniform(-1, 1, 2) * (square - extent).clamp_min(0) + lean * square * (1 - cut)
    middle = (box[:, 2:] + box[:, :2]) / 2
    mirrored = uniform(0, 1) < 0.5
    frame = Frame(
        _where(before, middle + shift, centre),
        _where(before, square * cut, reach).expand(-1, 2),
        uniform(-1, 1) * math.radians(strength.angle), mirrored,
    )  # fmt: skip
    shown = pictures.shown(rows, frame, side)
    product, mask = shown[:, :3], shown[:, 3:] / 255
    views = _over(product, _WHITE, _window(window, frame.reach, side))
    if (scenes != NONE).any():
        behind = _lit(_behind(pictures, scenes, side, generator), strength, generator)
        views = _where(before, _over(product, behind, mask), views)
    views = _focused(views, generator)
    views = _lit(views, strength, generator)
    pressed = jpeg(views, uniform(strength.quality, 96))
    return _where(uniform(0, 1) < _JPEG, pressed, views)


def jpeg(views: Tensor, quality: Tensor) -> Tensor:
    """Give what is left of views (n, 3, h, w; multiples of 16) after JPEG of a quality (n,).

    ITU-T T.81, annex K, with colours at half the resolution, as Pillow writes it.
    """
    planes = torch.einsum("ij,njhw->nihw", _YCC.to(views), views - _GREY)
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    tables = ((_TABLES.to(views)[:, None] * scale + 50) / 100).floor().clamp(1, 255)
    light = _quantised(planes[:, :1], tables[0])
    colours = interpolate(_quantised(avg_pool2d(planes[:, 1:], 2), tables[1]), scale_factor=2.0)
    planes = torch.cat([light, colours], dim=1)
    pixels = torch.einsum("ij,njhw->nihw", _YCC.inverse().to(views), planes)
    return (pixels + _GREY).clamp(0, 255)


def _quantised(planes: Tensor, tables: Tensor) -> Tensor:
    n, channels, height, width = planes.shape
    wave = _DCT.to(planes)
    blocks = planes.reshape(n, channels, height // 8, 8, width // 8, 8)
    blocks = blocks.permute(0, 1, 2, 4, 3, 5)
    table = tables[:, None, None, None]
    values = torch.round(wave @ blocks @ wave.T / table) * table
    blocks = wave.T @ values @ wave
    return blocks.permute(0, 1, 2, 4, 3, 5).reshape(n, channels, height, width)


def _over(front: Tensor, behind: Tensor | float, mask: Tensor) -> Tensor:
    return behind + (front - behind) * mask


def _where(chosen: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Take the rows of `first` that are chosen (n,), else those of `second`."""
    return torch.where(chosen.view(-1, *[1] * (first.ndim - 1)), first, second)


def _window(half: Tensor, reach: Tensor, side: int) -> Tensor:
    """Tell where a window (n, 2) lies in its square, (n, 1, side, side), with soft borders."""
    steps = (torch.arange(side, device=half.device) + 0.5) * (2 / side) - 1
    inside = half[:, :, None] - steps.abs() * reach[:, :, None]
    inside = (inside / (reach[:, :, None] * (2 / side)) + 0.5).clamp(0, 1)
    return inside[:, None, 1, :, None] * inside[:, None, 0, None, :]


def _behind(
    pictures: Pictures, scenes: NDArray[np.int64], side: int, generator: Generator
) -> Tensor:
    """Give what is behind the products, (n, 3, side, side): pieces of photographs, or drawn."""
    drawn = _drawn(len(scenes), side, generator)
    cut = _pieces(pictures, np.maximum(scenes, 0), side, generator)
    return _where(torch.from_numpy(scenes == DRAWN).to(pictures.device), drawn, cut)


def _pieces(pictures: Pictures, rows: NDArray[np.int64], side: int, generator: Generator) -> Tensor:
    """Cut pieces out of photographs' borders, where the surroundings are."""
    size = pictures.sizes[rows]
    draws = torch.rand(len(rows), 5, generator=generator, device=pictures.device)
    half = size * (0.3 + 0.3 * draws[:, :1]) / 2
    place = draws[:, 1:3]
    at_border = torch.stack([draws[:, 3] < 0.5, draws[:, 3] >= 0.5], dim=1)
    place = torch.where(at_border, place.round(), place)
    frame = Frame(half + place * (size - 2 * half), half, torch.zeros_like(draws[:, 0]),
                  draws[:, 4] < 0.5)  # fmt: skip
    return pictures.shown(rows, frame, side)[:, :3]


def _drawn(count: int, side: int, generator: Generator) -> Tensor:
    """Draw surroundings: colours that run into each other, grain of any coarseness, stripes."""
    device = generator.device

    def draw(*shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=generator, device=device)

    coarse = interpolate(255 * draw(3, 3, 3), (side, side), mode="bicubic")
    plain = coarse.mean(dim=(2, 3), keepdim=True)
    scene = plain + (coarse - plain) * draw(1, 1, 1)
    for cells in (6, 16, side // 2):
        grain = interpolate(draw(1, cells, cells) - 0.5, (side, side), mode="bilinear")
        scene = scene + 160 * draw(1, 1, 1) ** 3 * grain
    steps = torch.linspace(-1, 1, side, device=device)
    waves = 40 * (draw(2, 1, 1) - 0.5)
    phase = waves[:, :1] * steps[:, None] + waves[:, 1:] * steps + 6.3 * draw(1, 1, 1)
    stripes = (phase.sin() * (1 + 9 * draw(1, 1, 1))).clamp(-1, 1)
    scene = scene + 60 * draw(3, 1, 1) * (draw(1, 1, 1) < 0.4) * stripes
    return scene.clamp(0, 255)


def _focused(views: Tensor, generator: Generator) -> Tensor:
    """Blur some, and sharpen some: shop photographs of 60 x 80 pixels are blurred as they are."""
    draws = torch.rand(len(views), 2, generator=generator, device=views.device)
    blurred = views
    for _ in range(2):
        blurred = avg_pool2d(pad(blurred, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    amount = (draws[:, 0] * 1.8 - 0.8) * (draws[:, 1] < _BLUR)
    return (views + (blurred - views) * amount[:, None, None, None]).clamp(0, 255)


def _lit(views: Tensor, strength: Strength, generator: Generator) -> Tensor:
    draws = torch.rand(len(views), 3, generator=generator, device=views.device) * 2 - 1
    gain, warmth, contrast = (draws * draws.new_tensor([strength.light, 0.07, 0.15])).unbind(1)
    lamp = torch.stack([1 + warmth, torch.ones_like(warmth), 1 - warmth], dim=1)
    lamp = (lamp * (1 + gain)[:, None])[:, :, None, None]
    contrasted = (views - _GREY) * (1 + contrast)[:, None, None, None] + _GREY
    return (contrasted * lamp).clamp(0, 255)


def _cosines() -> Tensor:
    places = torch.arange(8.0)
    wave = torch.cos((2 * places + 1) * places[:, None] * math.pi / 16) / 2
    wave[0] /= math.sqrt(2)
    return wave


_DCT = _cosines()
_YCC = torch.tensor([
    [0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312],
])  # fmt: skip
_TABLES = torch.tensor([
    [[16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
     [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
     [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
     [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]],
    [[17, 18, 24, 47, 99, 99, 99, 99], [18, 21, 26, 66, 99, 99, 99, 99],
     [24, 26, 56, 99, 99, 99, 99, 99], [47, 66, 99, 99, 99, 99, 99, 99],
     *[[99] * 8] * 4],
], dtype=torch.float32)  # fmt: skip
