"""Whether a picture shows anything like the catalogue's products at all.

A score cannot tell: a street is more like some shoe than a shoe photographed in the evening is like
its own studio picture. So a classifier learns the difference for one catalogue and network: the
catalogue's photographs, as they are and set against drawn scenes in other light, against the same
scenes without a product ("outlier exposure": Hendrycks, Mazeika and Dietterich, "Deep anomaly
detection with outlier exposure", 2019; here on features that stay as they are).

What it looks at are the cells of the last feature map, not their mean: a product lies in the middle
of its surroundings, and the mean forgets where anything was. Their principal components go to a
support vector machine with a Gaussian kernel (Cortes and Vapnik, "Support-vector networks", 1995).
"""

from __future__ import annotations

import base64
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from search import photos
from search.catalogue import Catalogue
from search.engine.derived import CHANGED_ENOUGH, share_changed
from search.errors import Cancelled, PhotoError
from search.network.extractor import Extractor
from search.network.vectors import Cells
from search.photos import Photo
from search.photos.foreground import foreground_mask
from search.progress import OnProgress, Progress

SCENES = Path(__file__).resolve().parents[2] / "assets" / "scenes.zip"
SAMPLE = 400  # photographs of the catalogue that are learnt from
VIEWS = 2  # times each is set against a scene

_GRID = 3  # the cells are looked at as so many rows and columns
_COMPONENTS = 128
_COST, _GAMMA = 3.0, 4.5  # of the support vector machine
_BATCH = 32
_SIDE = 320  # pixels that a photograph is shrunk to before it is learnt from
_ARRAYS = ("mean", "components", "vectors", "weights")
_LEARNING = threading.Lock()  # what one thread learns, another need not


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """A border in the space of cells, at c components and v support vectors.

    `mean` (g,) float32 and `components` (c, g) float16 of the laid out cells, `vectors` (v, c) and
    `weights` (v,) float32, and `bias`. Learnt when the catalogue had so many `photos`, the newest
    of them with the id `last_photo`.
    """

    mean: NDArray[np.float32]
    components: NDArray[np.float16]
    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    photos: int = 0
    last_photo: int = 0

    def margin(self, cells: Cells) -> NDArray[np.float32]:
        """Give each picture's distance from the border, positive for a product; cells (n, h, w, d).

        The support vector machine's decision function, as in scikit-learn's user guide, 1.4.7.
        """
        rows = (laid_out(cells) - self.mean) @ self.components.T.astype(np.float32)
        apart = ((rows[:, None] - self.vectors) ** 2).sum(axis=2)
        margin: NDArray[np.float32] = np.exp(-_GAMMA * apart) @ self.weights + np.float32(self.bias)
        return margin

    def to_text(self) -> str:
        """Write it down as a setting."""
        arrays = io.BytesIO()
        kept = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(arrays, allow_pickle=False, **kept)
        numbers = {"bias": self.bias, "photos": self.photos, "last_photo": self.last_photo}
        return json.dumps(numbers | {"arrays": base64.b64encode(arrays.getvalue()).decode()})

    @classmethod
    def from_text(cls, text: str) -> Presence:
        """Read what `to_text` wrote.

        :raises ValueError: the text is something else.
        """
        try:
            kept = json.loads(text)
            packed = io.BytesIO(base64.b64decode(kept["arrays"], validate=True))
            with np.load(packed, allow_pickle=False) as arrays:
                found = {name: arrays[name] for name in _ARRAYS}
            bias, count, last = float(kept["bias"]), int(kept["photos"]), int(kept["last_photo"])
            return cls(**found, bias=bias, photos=count, last_photo=last)
        except (KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError("not a kept presence") from error


def laid_out(cells: Cells) -> NDArray[np.float32]:
    """Give cells (n, h, w, d) as unit rows (n, 9 d): the means over a grid of three by three."""
    rows, columns = (_parts(length) for length in cells.shape[1:3])
    grid = [cells[:, row][:, :, column].mean(axis=(1, 2)) for row in rows for column in columns]
    flat = np.concatenate(grid, axis=1, dtype=np.float32)
    unit: NDArray[np.float32] = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    return unit


def presence_of(catalogue: Catalogue, fingerprint: str) -> Presence | None:
    """Give what was learnt for a catalogue and a network, None where nothing was yet."""
    kept = catalogue.setting(_key(fingerprint))
    if kept is None:
        return None
    try:
        return Presence.from_text(kept)
    except ValueError:
        return None


def ensure_presence(
    catalogue: Catalogue, extractor: Extractor, *, on_progress: OnProgress | None = None
) -> None:
    """Learn for a catalogue and a network, unless that was done and little has changed since.

    :raises Cancelled: `on_progress` returned False.
    """
    with _LEARNING:
        kept = presence_of(catalogue, extractor.fingerprint)
        if kept is not None:
            ids = np.array([photo.id for photo in catalogue.photos()], np.int64)
            if share_changed(ids, kept.photos, kept.last_photo) <= CHANGED_ENOUGH:
                return
        learn_presence(catalogue, extractor, on_progress=on_progress)


def learn_presence(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Presence | None:
    """Learn from a sample of the catalogue's photographs and keep the result as a setting.

    Encodes up to about 1,900 small pictures. None, and nothing is kept, if fewer than 8 photographs
    can be read.
    :raises Cancelled: `on_progress` returned False.
    """
    rng = np.random.default_rng(seed)
    listed = catalogue.photos()
    chosen = rng.permutation(len(listed))[:SAMPLE]
    products: list[Photo] = []
    for n in sorted(chosen.tolist()):
        try:
            products.append(small(photos.read(catalogue.path(listed[n]))))
        except PhotoError:
            continue
    if len(products) < 8:
        return None
    learnt = fit(products, list(scenes()), extractor, seed=seed, on_progress=on_progress)
    presence = replace(learnt, photos=len(listed), last_photo=max(photo.id for photo in listed))
    catalogue.set_setting(_key(extractor.fingerprint), presence.to_text())
    return presence


def fit(
    products: Sequence[Photo],
    backgrounds: Sequence[Photo],
    extractor: Extractor,
    *,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Presence:
    """Learn to tell products, alone and against the backgrounds, from the backgrounds alone."""
    from sklearn.decomposition import PCA
    from sklearn.svm import SVC

    rng = np.random.default_rng(seed)
    views: list[Photo] = []
    for product in products:
        mask = foreground_mask(product.image)
        for _ in range(VIEWS):
            background = backgrounds[int(rng.integers(len(backgrounds)))]
            views.append(set_against(product, mask, background, rng))
    rows = _rows([*products, *views, *backgrounds], extractor, on_progress)
    there = np.arange(len(rows)) < len(rows) - len(backgrounds)
    parts = PCA(min(_COMPONENTS, len(rows) - 1), svd_solver="randomized", random_state=seed)
    parts.fit(rows)
    components = parts.components_.astype(np.float16)
    placed = (rows - parts.mean_) @ components.T.astype(np.float32)
    machine = SVC(C=_COST, gamma=_GAMMA, class_weight="balanced").fit(placed, there)
    return Presence(
        mean=parts.mean_.astype(np.float32),
        components=components,
        vectors=machine.support_vectors_.astype(np.float32),
        weights=machine.dual_coef_[0].astype(np.float32),
        bias=float(machine.intercept_[0]),
    )


def scenes() -> Iterator[Photo]:
    """Read the drawn scenes that come with the program."""
    with zipfile.ZipFile(SCENES) as archive:
        for name in archive.namelist():
            yield photos.read(archive.read(name), name=name)


def set_against(
    product: Photo, mask: Image.Image | None, background: Photo, rng: np.random.Generator
) -> Photo:
    """Put what a product's mask shows of it, turned and scaled, before a scene.

    Without a mask (there is no plain ground) the photograph keeps what it has.
    """
    scene = background.image.copy()
    side = max(scene.size)
    scale, angle = int(side * rng.uniform(0.6, 1.25)), rng.normal(0, 12)
    mask = mask or Image.new("L", product.image.size, 255)
    layers = []
    for layer in (product.image, mask):
        turned = layer.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        layers.append(ImageOps.contain(turned, (scale, scale)))
    if rng.random() < 0.5:
        layers = [ImageOps.mirror(layer) for layer in layers]
    shift = rng.normal(0, side * 0.06, 2)
    left, top = ((np.array(scene.size) - layers[0].size) / 2 + shift).astype(int).tolist()
    scene.paste(layers[0], (left, top), layers[1])
    light = rng.uniform(0.45, 1.15) * rng.uniform(0.85, 1.15, 3)
    lit = Image.fromarray((np.asarray(scene) * light).clip(0, 255).astype(np.uint8))
    return replace(product, image=lit.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9))))


def _rows(
    pictures: Sequence[Photo], extractor: Extractor, on_progress: OnProgress | None
) -> NDArray[np.float32]:
    found, started = [], time.perf_counter()
    for start in range(0, len(pictures), _BATCH):
        found.append(laid_out(extractor.cells(pictures[start : start + _BATCH])))
        done, spent = min(start + _BATCH, len(pictures)), time.perf_counter() - started
        left = spent / done * (len(pictures) - done)
        if on_progress and on_progress(Progress(done, len(pictures), left, 0)) is False:
            raise Cancelled("Stopped; what is no product was not learnt.")
    return np.concatenate(found)


def small(photo: Photo) -> Photo:
    """Shrink a photograph to what its views need, so that hundreds fit into memory."""
    image = photo.image.copy()
    image.thumbnail((_SIDE, _SIDE))
    return replace(photo, image=image)


def _parts(length: int) -> list[slice]:
    """Part so many rows or columns into three, which overlap where they can't be even."""
    return [slice(n * length // _GRID, -(-(n + 1) * length // _GRID)) for n in range(_GRID)]


def _key(fingerprint: str) -> str:
    return f"presence:{fingerprint}"
