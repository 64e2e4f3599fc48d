"""Single folds, each with a beginning, a direction and a soft back: what draped cloth shows.

A fold rises as a rounded ridge with a hollow beside it, as cloth that is pushed aside does. A
handful of them, each where the body or a seam strains the cloth, reads as cloth; noise all over
reads as clay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import drape
from .cloth_sheet import Array


@dataclass(frozen=True)
class Fold:
    """A ridge from `start` to `end` (metres on the cloth), `width` wide and `height` high.

    `bow` bends its line sideways. `spread` is how much wider its far end is. `open_end`: it
    grows from start to end and runs on over it, as flutes run out at a hem.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    height: float
    bow: float = 0.0
    spread: float = 0.5
    open_end: bool = False


def raised(x: Array, z: Array, folds: Iterable[Fold], seed: int) -> Array:
    """How far all folds lift the cloth at places x, z."""
    sway = drape.noise(np.stack([x / 0.09, z / 0.09, 0 * x], -1), seed)
    height = np.zeros(x.shape)
    for fold in folds:
        height += _ridge(x, z, sway, fold)
    return height


def _ridge(x: Array, z: Array, sway: Array, fold: Fold) -> Array:
    ahead = np.array(fold.end) - fold.start
    long = float(np.hypot(*ahead))
    ahead = ahead / long
    dx, dz = x - fold.start[0], z - fold.start[1]
    t = (dx * ahead[0] + dz * ahead[1]) / long
    inside = np.clip(t, 0, 1)
    away = dz * ahead[0] - dx * ahead[1] - fold.bow * 4 * inside * (1 - inside)
    wide = fold.width * (1 + fold.spread * inside)
    away = (away + 0.35 * fold.width * sway) / wide
    ridge = np.exp(-(away**2)) - 0.6 * np.exp(-(((away - 1.6) / 1.25) ** 2))
    if fold.open_end:
        return fold.height * ridge * drape.smooth(t, -0.05, 0.95)
    return fold.height * ridge * drape.smooth(t, -0.08, 0.22) * drape.smooth(t, 1.08, 0.45)
