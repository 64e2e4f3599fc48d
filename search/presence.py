"""Whether a picture shows anything like the catalogue's products at all.

A score cannot tell: a street is more like some shoe than a shoe photographed in the evening is like
its own studio picture. So a linear classifier learns the difference for one catalogue and network:
the catalogue's photographs, as they are and set against drawn scenes in other light, against the
same scenes without a product ("outlier exposure": Hendrycks, Mazeika and Dietterich, "Deep anomaly
detection with outlier exposure", 2019; here with a linear head on features that stay as they are).
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search import photos
from search.catalogue import Catalogue
from search.errors import PhotoError
from search.features import Extractor, Feature
from search.photos import Photo

SCENES = Path(__file__).resolve().parent.parent / "assets" / "scenes.zip"
SAMPLE = 160  # photographs of the catalogue that are learnt from
VIEWS = 2  # times each is set against a scene
PASSED = 0.25  # share of scenes that may be taken for a product; sets the border

_BATCH = 32


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """A border in feature space: `weights` (d,) float32 and `bias`; above 0 there is a product."""

    weights: Feature
    bias: float

    def margin(self, features: Feature) -> NDArray[np.float32]:
        """Give each unit feature's (n, d) distance from the border, positive for a product."""
        margin: NDArray[np.float32] = np.atleast_2d(features) @ self.weights + np.float32(self.bias)
        return margin

    def to_json(self) -> str:
        """Write it down as a setting."""
        packed = base64.b64encode(self.weights.astype("<f4").tobytes()).decode()
        return json.dumps({"weights": packed, "bias": self.bias})

    @classmethod
    def from_json(cls, text: str) -> Presence:
        """Read what `to_json` wrote.

        :raises ValueError: the text is something else.
        """
        try:
            kept = json.loads(text)
            weights = np.frombuffer(base64.b64decode(kept["weights"], validate=True), "<f4")
            return cls(weights.astype(np.float32), float(kept["bias"]))
        except (KeyError, TypeError) as error:
            raise ValueError("not a kept presence") from error


def presence_of(catalogue: Catalogue, fingerprint: str) -> Presence | None:
    """Give what was learnt for a catalogue and a network, None where nothing was yet."""
    kept = catalogue.setting(_key(fingerprint))
    if kept is None:
        return None
    try:
        return Presence.from_json(kept)
    except ValueError:
        return None


def ensure_presence(catalogue: Catalogue, extractor: Extractor) -> None:
    """Learn once for a catalogue and a network; later calls cost nothing."""
    if presence_of(catalogue, extractor.fingerprint) is None:
        learn_presence(catalogue, extractor)


def learn_presence(catalogue: Catalogue, extractor: Extractor, *, seed: int = 0) -> Presence | None:
    """Learn from a sample of the catalogue's photographs and keep the result as a setting.

    Encodes about 850 small pictures. None, and nothing is kept, if fewer than 8 photographs can be
    read.
    """
    rng = np.random.default_rng(seed)
    listed = catalogue.photos()
    chosen = rng.permutation(len(listed))[:SAMPLE]
    products: list[Photo] = []
    for n in sorted(chosen.tolist()):
        try:
            products.append(photos.read(catalogue.path(listed[n])))
        except PhotoError:
            continue
    if len(products) < 8:
        return None
    presence = fit(products, list(scenes()), extractor, seed=seed)
    catalogue.set_setting(_key(extractor.fingerprint), presence.to_json())
    return presence


def fit(
    products: Sequence[Photo], backgrounds: Sequence[Photo], extractor: Extractor, *, seed: int = 0
) -> Presence:
    """Learn to tell products, alone and against the backgrounds, from the backgrounds alone.

    The border lies where the share PASSED of backgrounds would be taken for a product, judged on
    such as were not learnt from.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    rng = np.random.default_rng(seed)
    views = [
        set_against(product, backgrounds[int(rng.integers(len(backgrounds)))], rng)
        for product in products
        for _ in range(VIEWS)
    ]
    shown = _embed([*products, *views], extractor)
    empty = _embed(backgrounds, extractor)
    features = np.concatenate([shown, empty])
    there = np.arange(len(features)) < len(shown)
    model = LogisticRegression(C=1, class_weight="balanced", max_iter=2000)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    unseen = cross_val_predict(model, features, there, cv=folds, method="decision_function")
    border = float(np.quantile(unseen[~there], 1 - PASSED))
    model.fit(features, there)
    return Presence(model.coef_[0].astype(np.float32), float(model.intercept_[0]) - border)


def scenes() -> Iterator[Photo]:
    """Read the drawn scenes that come with the program."""
    with zipfile.ZipFile(SCENES) as archive:
        for name in archive.namelist():
            yield photos.read(archive.read(name), name=name)


def set_against(product: Photo, background: Photo, rng: np.random.Generator) -> Photo:
    """Cut a product out of its plain ground and put it, turned and scaled, before a scene.

    A photograph without a plain ground keeps what it has.
    """
    side = max(background.image.size)
    scene = background.image.resize((side, side))
    picture, mask = cut_out(product.image, side)
    scale, angle = int(side * rng.uniform(0.6, 1.25)), rng.normal(0, 12)
    mirror = rng.random() < 0.5
    layers = []
    for layer in (picture, mask):
        turned = layer.rotate(angle, Image.Resampling.BICUBIC).resize((scale, scale))
        layers.append(turned.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirror else turned)
    left, top = ((side - scale) // 2 + rng.normal(0, side * 0.06, 2)).astype(int).tolist()
    scene.paste(layers[0], (left, top), layers[1])
    light = rng.uniform(0.45, 1.15) * rng.uniform(0.85, 1.15, 3)
    lit = Image.fromarray((np.asarray(scene) * light).clip(0, 255).astype(np.uint8))
    return replace(product, image=lit.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9))))


def cut_out(image: Image.Image, side: int) -> tuple[Image.Image, Image.Image]:
    """Give the picture at side x side and a soft mask of what differs from its border's colour."""
    picture = image.resize((side, side))
    pixels = np.asarray(picture, dtype=np.float32)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    plain = np.median(border, axis=0)
    uneven = float(np.quantile(np.abs(border - plain).max(axis=1), 0.9))
    differs = np.abs(pixels - plain).max(axis=2) > max(18.0, 1.5 * uneven)
    mask = Image.fromarray((differs * 255).astype(np.uint8))
    closed = mask.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    return picture, closed.filter(ImageFilter.GaussianBlur(0.8))


def _embed(pictures: Sequence[Photo], extractor: Extractor) -> Feature:
    parts = [
        extractor.embed(pictures[start : start + _BATCH])
        for start in range(0, len(pictures), _BATCH)
    ]
    return np.concatenate(parts)


def _key(fingerprint: str) -> str:
    return f"presence:{fingerprint}"
