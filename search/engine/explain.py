"""Why two photographs match: the exact share of every cell in their cosine, and search by a region.

A feature is the mean of the cells of the last feature map, scaled to length 1, so the cosine of two
photographs is a sum over the cells of either one (as in Zhou et al., "Learning deep features for
discriminative localization", 2016, with the other photograph's feature in place of a class's
weights). A cell sees more of the photograph than its own square: the shares say where in the map
the score comes from, which is a soft place in the picture.

A region pools cells the network has computed already; a crop (photos.crop) encodes its part afresh,
larger and without its surroundings. Both are searches by a part, and give different answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.errors import MismatchError, QueryError
from search.network.extractor import Extractor
from search.network.joining import balanced
from search.network.preparation import letterbox
from search.network.registry import Network
from search.network.vectors import Cells, Feature, unit_rows
from search.photos import Box, Photo

Shares = NDArray[np.float32]

_SHADE = (
    28,
    32,
    46,
)  # over what matches least: seen on white and on dark, no product's colour lost
_DEEPEST = 0.68  # opacity of the shade where a cell has no share


@dataclass(frozen=True, slots=True)
class Explanation:
    """The shares (h, w) of the query's and of the result's cells; each adds up to `score`."""

    score: float
    query: Shares
    result: Shares


def explain(extractor: Extractor, query: Photo, result: Photo) -> Explanation:
    """Give every cell's share in the cosine of two photographs.

    :raises FeatureError: when one of them has no usable feature.
    """
    query_cells, result_cells = extractor.cells([query, result])
    query_feature, result_feature = (pooled(cells) for cells in (query_cells, result_cells))
    return Explanation(
        score=float(query_feature @ result_feature),
        query=shares(query_cells, result_feature),
        result=shares(result_cells, query_feature),
    )


def shares(cells: Cells, other: Feature) -> Shares:
    """Give the share (h, w) of each cell (h, w, d) in the cosine with a unit feature (d,).

    They add up to the cosine; a negative share speaks against the match.

    :raises MismatchError: when the feature is of another size.
    :raises FeatureError: when the cells have no usable mean.
    """
    if other.shape != cells.shape[2:]:
        raise MismatchError(
            f"This photograph has cells of {cells.shape[-1]} numbers, but the other's feature has "
            f"{other.size}; encode both with the same network."
        )
    wide = cells.astype(np.float64)
    length = np.linalg.norm(wide.mean(axis=(0, 1)))
    pooled(cells)  # refuses a dead photograph
    height, width = cells.shape[:2]
    share: Shares = (wide @ other / (length * height * width)).astype(np.float32)
    return share


def pooled(cells: Cells, weights: NDArray[np.float32] | None = None) -> Feature:
    """Pool cells (h, w, d) to a unit feature (d,), each cell with its weight (h, w).

    :raises FeatureError: when nothing is left to pool.
    """
    weights = np.ones(cells.shape[:2], np.float32) if weights is None else weights
    mean = np.tensordot(weights / weights.sum(), cells, axes=2)
    feature: Feature = unit_rows(mean[None].astype(np.float32))[0]
    return feature


def region_feature(cells: Cells, size: tuple[int, int], box: Box, network: Network) -> Feature:
    """Pool the cells (h, w, d) under a region of the photograph to a unit feature (d,).

    Nothing is encoded again. `size` is the photograph's (width, height), `box` in shares of it; a
    cell counts by how much of it the region covers.

    :raises QueryError: when the region is empty or outside the photograph.
    :raises FeatureError: when the network responds to nothing in it.
    """
    left, top, right, bottom = box
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise QueryError("The region must lie within the photograph; draw it again.")
    frame_left, frame_top, frame_right, frame_bottom = _frame(size, network)
    wide, high = frame_right - frame_left, frame_bottom - frame_top
    columns = _covered(cells.shape[1], frame_left + left * wide, frame_left + right * wide)
    rows = _covered(cells.shape[0], frame_top + top * high, frame_top + bottom * high)
    return balanced(pooled(cells, np.outer(rows, columns).astype(np.float32)), network)


def overlay(photo: Photo, share: Shares, network: Network, side: int = 480) -> Image.Image:
    """Draw shares (h, w) softly over the photograph they belong to, its longest side `side` pixels.

    The map is laid where the network saw it: on the whole photograph, without the white bars of a
    letterbox. The strongest cell stays in full light; the others are shaded by what they lack.
    """
    scale = min(1.0, side / max(photo.width, photo.height))
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    picture = photo.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    strongest = max(float(share.max()), float(np.finfo(np.float32).tiny))
    heat = Image.fromarray(np.clip(share / strongest, 0, 1).astype(np.float32))
    rows, columns = share.shape
    left, top, right, bottom = _frame(photo.image.size, network)
    # The box is in cells: one resize both enlarges the map and cuts the bars away.
    soft = heat.resize(
        size,
        Image.Resampling.BICUBIC,
        box=(left * columns, top * rows, right * columns, bottom * rows),
    )
    opacity = _DEEPEST * (1 - np.clip(np.asarray(soft), 0, 1)[..., None])
    blended = np.asarray(picture) * (1 - opacity) + np.array(_SHADE) * opacity
    return Image.fromarray(np.round(blended).astype(np.uint8))


def _frame(size: tuple[int, int], network: Network) -> Box:
    """Where a photograph of `size` lies in the square the network sees, in shares of its side."""
    if network.resize != "letterbox":
        return 0.0, 0.0, 1.0, 1.0
    side = network.input_size
    left, top, width, height = letterbox(size, side)
    return left / side, top / side, (left + width) / side, (top + height) / side


def _covered(count: int, start: float, end: float) -> NDArray[np.float64]:
    """Tell how much of each of `count` equal parts of 0..1 lies between start and end."""
    edges = np.arange(count) / count
    common = np.minimum(edges + 1 / count, end) - np.maximum(edges, start)
    covered: NDArray[np.float64] = np.maximum(common, 0) * count
    return covered
