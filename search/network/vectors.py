"""Unit rows: what every feature is, and what is done with many of them."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from search.errors import FeatureError


def unit_rows(features: Feature) -> Feature:
    """Scale rows to length 1; FeatureError where one is all zero or not finite."""
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


def sums_by(rows: Feature, owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], Feature]:
    """Sum the rows (n, d) of each owner (n,): the owners there are, rising, and a row for each."""
    owners, group = np.unique(owner, return_inverse=True)
    sums = np.zeros((len(owners), rows.shape[1]), np.float32)
    np.add.at(sums, group, rows)
    return owners, sums


Feature = NDArray[np.float32]


Cells = NDArray[np.float32]
