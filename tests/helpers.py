"""What tests share: drawn photographs, an extractor that needs no network, where things lie."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from search.engine import Cheaper, Filters, Options, Price, Query, SearchEngine, SearchResult
from search.engine.query import PhotoSource
from search.network.preparation import Prepared
from search.network.registry import NETWORKS
from search.photos import Box, Photo

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared")


class FakeExtractor:
    """Features (n, 48) from a photograph's 4x4 mean colours: similar pictures, similar features."""

    fingerprint = "fake-000000000000"
    size = 48
    network = NETWORKS["vgg16-imagenet"]  # it too sees the photograph squashed to a square

    def __init__(self) -> None:
        self.encoded = 0

    def recipe(self):
        return type(self), ()

    def warm(self) -> None:
        """Nothing to load."""

    def prepare(self, photo: Photo) -> Prepared:
        grid = np.asarray(photo.image.resize((4, 4), Image.Resampling.BOX))
        return Prepared(photo.sha256, photo.width, photo.height, (grid,))

    def cells(self, photos: Sequence[Photo | Prepared]) -> np.ndarray:
        self.encoded += len(photos)
        seen = [(p if isinstance(p, Prepared) else self.prepare(p)).pixels[0] for p in photos]
        grids = [np.asarray(Image.fromarray(p).resize((4, 4), Image.Resampling.BOX)) for p in seen]
        cells = np.zeros((len(photos), 4, 4, self.size), np.float32)
        for n, grid in enumerate(grids):
            for place, colour in enumerate(grid.reshape(16, 3)):
                cells[n, place // 4, place % 4, 3 * place : 3 * place + 3] = colour / 255 + 0.01
        return cells

    def embed(self, photos: Sequence[Photo | Prepared]) -> np.ndarray:
        means = self.cells(photos).mean(axis=(1, 2))
        return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)


def draw(seed: int | str, size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    """A picture of a few coloured shapes, always the same for a seed."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    rng = np.random.default_rng(list(digest))
    image = Image.new("RGB", size, tuple(int(c) for c in rng.integers(160, 256, 3)))
    pen = ImageDraw.Draw(image)
    for _ in range(4):
        left, top = (int(rng.integers(0, side * 3 // 4)) for side in size)
        right, bottom = left + size[0] // 3, top + size[1] // 3
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        (pen.ellipse if rng.random() < 0.5 else pen.rectangle)((left, top, right, bottom), colour)
    return image.convert(mode)


def encode(image: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    """A picture's bytes in a file format."""
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def ask(
    engine: SearchEngine,
    photo: PhotoSource | Sequence[PhotoSource] | None = None,
    *,
    product: str | None = None,
    feature: np.ndarray | None = None,
    crop: Box | None = None,
    region: Box | None = None,
    filters: Filters | None = None,
    cheaper: Cheaper | None = None,
    histogram: bool = False,
    **options: object,
) -> SearchResult:
    """Search by a photograph, several of one thing, a product or a feature, in one line."""
    several = () if photo is None else (photo,)
    if isinstance(photo, list | tuple):
        several = tuple(photo)
    query = Query(several, product, feature, crop, region)
    return engine.search(query, filters, Options(**options), cheaper, histogram=histogram)


def ask_cheaper(
    engine: SearchEngine,
    photo: PhotoSource | None = None,
    *,
    price: Price | None = None,
    min_saving: float = 0.0,
    floor: float | None = -1.0,
    **asked: object,
) -> SearchResult:
    """Ask for what costs less, however unlike unless a floor is given."""
    return ask(engine, photo, cheaper=Cheaper(price, min_saving, floor), **asked)
