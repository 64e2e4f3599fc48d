"""Altered copies of the catalogue's photographs: what a customer's photograph of them is like.

There are no customers' photographs of a catalogue that was built a minute ago. So its own products
are set against drawn scenes, turned, scaled, cropped and lit otherwise. One set of copies, encoded
once, serves twice: what a score and a vote mean for a photograph is calibrated on it, and what
shows a product at all is learnt from it (see search.engine.no_match).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from search import photos
from search.catalogue import Catalogue, CataloguePhoto, Snapshot
from search.engine.bands import Bands, from_which, least_agreement
from search.engine.explain import pooled
from search.engine.no_match import laid_out
from search.engine.scenes import scenes
from search.engine.votes import SAME, VOTERS, Voters, type_of, voters
from search.errors import PhotoError
from search.network.extractor import Extractor
from search.network.vectors import Feature
from search.photos import Photo
from search.photos.foreground import foreground_mask
from search.progress import Reporter

# How many copies are encoded: so many for a photograph, but not fewer and not more. With 60 to 400
# everything that is learnt here holds its bars; learning costs less than half of encoding then.
SHARE, FEWEST, MOST = 0.2, 64, 400

_LEAST = 8  # photographs; fewer teach nothing
_SIDE = 320  # pixels that a photograph is shrunk to before it is altered
_BATCH = 32
_FARTHEST = 0.03  # share of the copies that are too far from the catalogue for a type to be named
_SAID = 0.85  # share of what is called of a band by its score that is of it
# Share of the categories named that are right. Photographs are harder than altered copies: 0.95 of
# those were 0.89 of the demo's customers' photographs, 0.97 were 0.91.
_CATEGORY = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Altered copies: features (v, d), cells laid out as rows (v, g), and whose they are (v,)."""

    features: Feature
    rows: NDArray[np.float32]
    photo_ids: NDArray[np.int64]


def how_many(photographs: int) -> int:
    """Tell how many altered copies are made for so many photographs."""
    return min(max(round(SHARE * photographs), FEWEST), MOST)


def make_copies(
    catalogue: Catalogue,
    listed: Sequence[CataloguePhoto],
    extractor: Extractor,
    *,
    seed: int = 0,
    reporter: Reporter,
) -> Copies | None:
    """Alter and encode a sample of a catalogue's photographs; None if fewer than 8 can be read.

    :raises Cancelled: the reporter's callback returned False.
    """
    distinct = list({photo.sha256: photo for photo in listed}.values())
    if len(distinct) < _LEAST:
        return None
    wanted, rng = how_many(len(distinct)), np.random.default_rng(seed)
    altered = (
        (photo_id, set_against(product, foreground_mask(product.image), scene, rng))
        for scene, (photo_id, product) in zip(
            scenes(wanted, rng), _readable(catalogue, distinct, rng), strict=False
        )
    )
    features: list[Feature] = []
    rows: list[NDArray[np.float32]] = []
    ids: list[int] = []
    while batch := list(islice(altered, _BATCH)):
        cells = extractor.cells([photo for _, photo in batch])
        # A network may respond to nothing in the dark.
        seen = np.flatnonzero(cells.reshape(len(cells), -1).any(axis=1))
        features += [pooled(each) for each in cells[seen]]
        rows.append(laid_out(cells[seen]))
        ids += [batch[n][0] for n in seen.tolist()]
        reporter.report(len(ids))
    if len(set(ids)) < _LEAST:
        return None
    return Copies(np.stack(features), np.concatenate(rows), np.array(ids, np.int64))


def _readable(
    catalogue: Catalogue, listed: Sequence[CataloguePhoto], rng: np.random.Generator
) -> Iterator[tuple[int, Photo]]:
    """Give ids and small photographs by chance, all of them and then again, while there are any."""
    found = True
    while found:
        found = False
        for n in rng.permutation(len(listed)).tolist():
            with contextlib.suppress(PhotoError):
                product = small(photos.read(catalogue.path(listed[n])))
                found = True
                yield listed[n].id, product


def calibrate_photographs(snapshot: Snapshot, products: Bands, copies: Copies) -> Bands:
    """Calibrate what is said of a product that is found by a photograph.

    `products` are the bands of pairs of products. A copy's score is enough for a band where most of
    the products with such a score are of that band or a better one to the product photographed. Its
    type and its category are voted on as if the catalogue didn't have it.
    """
    row_of = {int(id): row for row, id in enumerate(snapshot.photo_ids)}
    known = np.array([int(id) in row_of for id in copies.photo_ids], bool)
    own = np.array([row_of[int(id)] for id in copies.photo_ids[known]], np.int64)
    if products.method == "too few products" or not len(own):
        return replace(products, method="too few products", agreement=None)
    rows = snapshot.distinct_rows
    group = snapshot.row_group[rows]
    own_group = snapshot.row_group[own]
    scores = snapshot.vectors.products(copies.features[known])[:, rows]
    between = snapshot.vectors.products(snapshot.vectors[own])[:, rows]
    nearest = np.argsort(-scores, axis=1, kind="stable")[:, :VOTERS]
    found = list(
        zip(
            np.take_along_axis(scores, nearest, axis=1).ravel().tolist(),
            np.take_along_axis(between, nearest, axis=1).ravel().tolist(),
            strict=True,
        )
    )
    near_identical, same_style = (
        from_which([(score, pair >= border - SAME) for score, pair in found], _SAID)
        for border in (products.near_identical, products.same_style)
    )
    itself = (own_group[:, None] == group) | (between >= 1 - SAME)
    others = [voters(row, group) for row in np.where(itself, -np.inf, scores)]
    types = [type_of(product) for product in snapshot.products]
    categories = [product.category for product in snapshot.products]
    return Bands(
        min(near_identical or 1.0, products.near_identical),
        min(same_style or 1.0, products.same_style),
        float(np.quantile([near.scores[0] for near in others if len(near.scores)], _FARTHEST)),
        "altered copies",
        products.photos,
        products.last_photo,
        agreement=least_agreement(others, types, own_group),
        category=_least_category(others, categories, own_group),
    )


def _least_category(
    nearest_of: Sequence[Voters], categories: Sequence[str], own: NDArray[np.int64]
) -> float | None:
    """Give the least share of the votes that names the right category; `own` as of the bands."""
    if len(set(filter(None, categories))) < 2:
        return None
    votes = [
        (*nearest.winner(categories), categories[position])
        for nearest, position in zip(nearest_of, own.tolist(), strict=True)
    ]
    return from_which([(share, name == true) for name, share, true in votes if true], _CATEGORY)


def set_against(
    product: Photo, mask: Image.Image | None, background: Photo, rng: np.random.Generator
) -> Photo:
    """Put what a product's mask shows of it, turned and scaled, before a scene.

    Without a mask (there is no plain ground) the photograph stays as it is.
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


def small(photo: Photo) -> Photo:
    """Shrink a photograph to what its views need, so that hundreds fit into memory."""
    image = photo.image.copy()
    image.thumbnail((_SIDE, _SIDE))
    return replace(photo, image=image)
