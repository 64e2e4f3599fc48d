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
from PIL import Image, ImageDraw

from search.errors import MismatchError, QueryError
from search.network.extractor import Extractor
from search.network.joining import balanced
from search.network.preparation import letterbox
from search.network.registry import Network
from search.network.vectors import Cells, Feature, unit_rows
from search.photos import Box, Photo

Shares = NDArray[np.float32]

SCALE = (
    (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51), (249, 140, 10), (249, 201, 50),
    (252, 255, 164),
)  # fmt: skip
"""Colours, 0 to 255, whose lightness grows steadily: matplotlib's "inferno" from a quarter on.

The darkest quarter is left out: laid thinly over a white ground it would look like a shadow.
"""

_OPAQUE = 0.8  # opacity of the last colour: the photograph can still be made out
_FADE = 1.5  # opacity grows so many times faster than the level
_NOTHING = 1e-6  # an excess that is rounding only
_AROUND = ((0, 0), (0, 1), (1, 1), (1, 0))  # the corners of a cell, clockwise


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


def excess(share: Shares) -> Shares:
    """Give what each cell's share (h, w) has more than the mean cell's; it adds up to 0.

    Two photographs of one shop have much in common everywhere, the ground too: every cell gets some
    share of a high score. What is above the mean shows where a match comes from.
    """
    above: Shares = share - share.mean(dtype=np.float64).astype(np.float32)
    return above


def strongest_region(share: Shares) -> NDArray[np.bool_]:
    """Mark the cells (h, w) around the strongest one that have at least half of its excess.

    They touch each other by their sides; none is marked where all cells have the same share.
    """
    above = excess(share)
    region = np.zeros(share.shape, bool)
    if above.max() <= _NOTHING:
        return region
    waiting = [divmod(int(above.argmax()), share.shape[1])]
    while waiting:
        row, column = waiting.pop()
        inside = 0 <= row < share.shape[0] and 0 <= column < share.shape[1]
        if inside and not region[row, column] and above[row, column] >= above.max() / 2:
            region[row, column] = True
            waiting += [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return region


def colour(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the colours (..., 3), 0 to 255, of levels (...) from 0 to 1: the darker, the less."""
    places = np.linspace(0, 1, len(SCALE))
    bands = [np.interp(level, places, band) for band in np.array(SCALE, float).T]
    mixed: NDArray[np.float32] = np.stack(bands, axis=-1).astype(np.float32)
    return mixed


def overlay(
    photo: Photo, share: Shares, network: Network, side: int = 480, most: float | None = None
) -> Image.Image:
    """Colour the photograph by the excess of shares (h, w), its longest side `side` pixels.

    The map is laid where the network saw it: on the whole photograph, without the white bars of a
    letterbox. Cells with the mean share or less leave the photograph as it is; an excess of `most`
    (the largest there is, unless given) has the last colour of the scale.
    """
    scale = min(1.0, side / max(photo.width, photo.height))
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    picture = photo.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    above = excess(share)
    most = max(float(above.max()) if most is None else most, _NOTHING)
    heat = Image.fromarray(np.clip(above / most, 0, 1).astype(np.float32))
    rows, columns = share.shape
    left, top, right, bottom = _frame(photo.image.size, network)
    # The box is in cells: one resize both enlarges the map and cuts the bars away.
    soft = heat.resize(
        size,
        Image.Resampling.BICUBIC,
        box=(left * columns, top * rows, right * columns, bottom * rows),
    )
    level = np.clip(np.asarray(soft), 0, 1)
    opacity = _OPAQUE * np.minimum(1, _FADE * level)[..., None]
    blended = np.asarray(picture) * (1 - opacity) + colour(level) * opacity
    return Image.fromarray(np.round(blended).astype(np.uint8))


def outline(
    picture: Image.Image, region: NDArray[np.bool_], size: tuple[int, int], network: Network
) -> Image.Image:
    """Draw a line around marked cells (h, w) on a picture of a photograph of `size` pixels."""
    marked = picture.copy()
    pen = ImageDraw.Draw(marked)
    left, top, right, bottom = _frame(size, network)
    rows, columns = region.shape
    padded = np.pad(region, 1)

    def place(row: int, column: int) -> tuple[float, float]:
        x = (column / columns - left) / (right - left) * picture.width
        y = (row / rows - top) / (bottom - top) * picture.height
        return min(max(x, 1.0), picture.width - 2.0), min(max(y, 1.0), picture.height - 2.0)

    for width, shade in ((5, "black"), (3, "white")):
        for row, column in np.argwhere(region).tolist():
            corners = [place(row + down, column + across) for down, across in _AROUND]
            sides = ((0, 1), (1, 2), (2, 1), (1, 0))  # above, right, below, left; in `padded`
            for n, (down, across) in enumerate(sides):
                if not padded[row + down, column + across]:
                    pen.line([corners[n], corners[(n + 1) % 4]], shade, width)
    return marked


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
