"""The features and cells of a network's members, joined to the network's own.

A joined feature is its members' unit features, each less a stored mean where the member says so and
brought back to length 1, times the root of the member's share, put end to end. So its length is 1,
and the cosine of two of them is the sum of the members' cosines, each times its share.

Cells are joined so that their mean is still the feature, and every cell's share in a cosine exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search.network.registry import Network
from search.network.vectors import Cells, Feature, unit_rows


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A member as it is joined: its share, and the mean (d,) that its unit features are less by."""

    share: float
    mean: Feature | None = None


def joined_features(means: Sequence[Feature], parts: Sequence[Part]) -> Feature:
    """Join each member's means over its cells (n, d) to unit rows (n, sum of all d).

    :raises FeatureError: when a row is all zero or not finite.
    """
    rows = [
        _centred(unit_rows(mean), part)[0] * _root(part)
        for mean, part in zip(means, parts, strict=True)
    ]
    return np.concatenate(rows, axis=1)


def joined_cells(cells: Sequence[Cells], means: Sequence[Feature], parts: Sequence[Part]) -> Cells:
    """Join each member's cells (n, h, w, d) on the finest member's grid (n, h, w, sum of all d).

    `means` (n, d) are those over each member's cells. The mean of the result is the joined feature.

    :raises FeatureError: when a mean is all zero or not finite.
    """
    height = max(each.shape[1] for each in cells)
    width = max(each.shape[2] for each in cells)
    joined = []
    for each, mean, part in zip(cells, means, parts, strict=True):
        unit = unit_rows(mean)
        scale = np.linalg.norm(mean, axis=1)[:, None, None, None]
        _, length = _centred(unit, part)
        shift = 0.0 if part.mean is None else part.mean
        rows = (each / scale - shift) * (_root(part) / length[:, None, None, None])
        joined.append(on_grid(rows, height, width))
    return np.concatenate(joined, axis=3, dtype=np.float32)


def on_grid(cells: Cells, height: int, width: int) -> Cells:
    """Lay cells (n, h, w, d) on another grid (n, height, width, d), by the area they share.

    Both grids cover the same square, so the mean over the cells stays what it was.
    """
    if cells.shape[1:3] == (height, width):
        return cells
    down, across = _overlap(cells.shape[1], height), _overlap(cells.shape[2], width)
    return cast(Cells, np.einsum("rh,nhwd,cw->nrcd", down, cells, across, optimize=True))


def balanced(feature: Feature, network: Network) -> Feature:
    """Give a feature pooled from some of the joined cells (d,) its members' shares again.

    What is pooled from a part of the cells has members of other lengths than the whole has.

    :raises FeatureError: when a member responds to nothing there.
    """
    if not network.members:
        return feature
    ends = np.cumsum([member.network.feature_size for member in network.members])
    rows = np.split(feature[None], ends[:-1], axis=1)
    shares = [Part(member.share) for member in network.members]
    return cast(Feature, joined_features(rows, shares)[0])


def _centred(unit: Feature, part: Part) -> tuple[Feature, NDArray[np.float32]]:
    """Take a member's mean from its unit rows (n, d): unit rows again, and their lengths before."""
    if part.mean is None:
        return unit, np.ones(len(unit), np.float32)
    rows = unit - part.mean
    return unit_rows(rows), np.linalg.norm(rows, axis=1)


def _root(part: Part) -> np.float32:
    return np.float32(np.sqrt(part.share))


def _overlap(before: int, after: int) -> NDArray[np.float32]:
    """Tell what share of each of `after` equal parts of a line lies in each of `before` ones."""
    old, new = np.arange(before + 1) / before, np.arange(after + 1)[:, None] / after
    common = np.minimum(new[1:], old[1:]) - np.maximum(new[:-1], old[:-1])
    return cast(NDArray[np.float32], (np.maximum(common, 0) * after).astype(np.float32))
