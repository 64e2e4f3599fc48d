"""Unit rows: what every feature is, and what is done with many of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from search.errors import FeatureError
from search.progress import OnProgress, Reporter

Feature = NDArray[np.float32]
Cells = NDArray[np.float32]
Scores = NDArray[np.float32]

_BLOCK = 512  # rows compared at once


def unit_rows(features: NDArray[Any]) -> Feature:
    """Scale rows (n, d) of any float type to length 1, float32.

    :raises FeatureError: a row is all zero or not finite.
    """
    lengths = np.linalg.norm(features, axis=1)
    dead = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if dead.size:
        which = "This photograph"
        if len(features) > 1:
            which = f"Photograph {dead[0] + 1} of {len(features)}"
        raise FeatureError(
            f"{which} shows nothing that the network responds to; choose another photograph."
        )
    return cast(Feature, (features / lengths[:, None]).astype(np.float32))


def unit_rows_or_zero(rows: NDArray[Any]) -> Feature:
    """Scale rows (n, d) of any float type to length 1, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return cast(Feature, (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32))


def mean_feature(features: Feature) -> Feature:
    """Return the unit mean (d,) of unit features (n, d) of one thing.

    :raises FeatureError: they cancel out.
    """
    mean = features.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 1e-6:
        raise FeatureError("These photographs have nothing in common; search by one of them.")
    return cast(Feature, (mean / length).astype(np.float32))


def sums_by(rows: Feature, owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], Feature]:
    """Sum the rows (n, d) of each owner (n,): the owners there are, rising, and a row for each."""
    owners, group = np.unique(owner, return_inverse=True)
    sums = np.zeros((len(owners), rows.shape[1]), np.float32)
    np.add.at(sums, group, rows)
    return owners, sums


def unit_means(rows: Feature, owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], Feature]:
    """Average the unit rows (n, d) of each owner (n,): the owners, rising, and a unit row for each.

    Where an owner's rows cancel out, its row is zero.
    """
    owners, sums = sums_by(rows, owner)
    return owners, unit_rows_or_zero(sums)


def cosine_blocks(
    features: Feature,
    others: Feature,
    rows: NDArray[np.intp] | None = None,
    *,
    on_progress: OnProgress | None = None,
) -> Iterator[tuple[NDArray[np.intp], Scores]]:
    """Compare unit rows (n, d) with others (m, d), a block at a time.

    Yields the numbers (b,) of some of the rows and their cosines (b, m) with all of the others,
    a matrix that the caller may write into. `rows` compares only the rows of these numbers.

    :raises Cancelled: `on_progress`, called after every block, returned False.
    """
    numbers = np.arange(len(features)) if rows is None else rows
    if not len(numbers) or not len(others):
        return
    reporter = Reporter(on_progress, len(numbers))
    for start in range(0, len(numbers), _BLOCK):
        block = numbers[start : start + _BLOCK]
        yield block, features[block] @ others.T
        reporter.report(start + len(block))
