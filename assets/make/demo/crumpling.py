"""How cloths crease: reliefs of many small folds, drawn once and repeated over the cloth.

A fold is a ridge that rises, bends a little and runs out at both ends, steeper on one side, beside
others of nearly its direction; how long, wide, many and parallel they are tells linen from jersey.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from .tile import Array

SIDE = 0.96
"""Metres of cloth that one relief covers."""

_PIXELS = 512
_PIXEL = SIDE / _PIXELS


@dataclass(frozen=True, slots=True)
class Creasing:
    """A cloth's habit: folds a square metre, their sizes in metres, how alike their directions.

    `steep` is the slope of a fold's flank, `spread` how far folds turn from the grain (radians),
    `sway` the height of the long waves that cloth hangs in, `ripple` that of the short ones.
    """

    count: int
    length: tuple[float, float]
    width: tuple[float, float]
    steep: float
    spread: float = 0.7
    sway: float = 0.006
    ripple: float = 0.0010


CREASING = {
    "cotton": Creasing(330, (0.05, 0.17), (0.005, 0.014), 0.30),
    "jersey": Creasing(130, (0.07, 0.24), (0.010, 0.024), 0.28, ripple=0.0008),
    "linen": Creasing(640, (0.03, 0.13), (0.004, 0.011), 0.36, spread=0.9, ripple=0.0014),
    "satin": Creasing(150, (0.10, 0.34), (0.007, 0.020), 0.26, spread=0.35, ripple=0.0006),
    "denim": Creasing(170, (0.04, 0.13), (0.007, 0.017), 0.30, spread=1.1, ripple=0.0006),
    "nylon": Creasing(330, (0.04, 0.14), (0.006, 0.018), 0.32, spread=0.9, ripple=0.0014),
    "wool": Creasing(40, (0.09, 0.22), (0.016, 0.032), 0.18, spread=0.5, ripple=0.0003),
}
"""What creases how; thick knits, hides and felts don't."""


@cache
def relief(cloth: str) -> Array:
    """A cloth's relief, (rows, columns, 3): height in metres, shade in its hollows (around 1)."""
    habit = CREASING[cloth]
    rng = np.random.default_rng(sum(cloth.encode()))
    height = habit.sway * _waves(rng, 0.10, 1.8) + habit.ripple * _waves(rng, 0.035, 1.5)
    # Folds come in groups that run one way, and between them the cloth is at rest.
    where = _waves(rng, 0.12)
    turn = math.pi / 2 + habit.spread * _waves(rng, 0.2)
    for _ in range(int(habit.count * SIDE * SIDE)):
        row, column = (int(number) for number in rng.integers(0, _PIXELS, 2))
        strength = float(np.clip(0.7 + 0.45 * where[row, column], 0.1, 1.4)) * rng.uniform(0.4, 1)
        angle = turn[row, column] + rng.normal(0, 0.3)
        _fold(height, (row, column), angle, strength, habit, rng)
    height = _bent(gaussian_filter(height, 0.8, mode="wrap"), rng)
    hollow = height - gaussian_filter(height, 0.012 / _PIXEL, mode="wrap")
    shade = 1 + np.clip(hollow * 60, -0.12, 0.05)
    return np.stack([height, shade, shade], axis=2).astype(np.float32)


def _waves(rng: np.random.Generator, size: float, long: float = 1.0) -> Array:
    """Soft waves of about `size` metres, `long` times as long up the grain; a deviation of one."""
    grain = rng.standard_normal((_PIXELS, _PIXELS))
    soft = gaussian_filter(grain, (long * size / 3 / _PIXEL, size / 3 / _PIXEL), mode="wrap")
    return soft / soft.std()


def _bent(height: Array, rng: np.random.Generator) -> Array:
    """The relief with its folds bent a little: no cloth folds along a ruler."""
    rows, columns = np.mgrid[:_PIXELS, :_PIXELS].astype(float)
    for size, far in ((0.14, 0.007), (0.05, 0.0022)):
        rows += far / _PIXEL * _waves(rng, size)
        columns += far / _PIXEL * _waves(rng, size)
    return map_coordinates(height, [rows, columns], order=1, mode="grid-wrap")


def _fold(
    height: Array,
    at: tuple[int, int],
    turn: float,
    strength: float,
    habit: Creasing,
    rng: np.random.Generator,
) -> None:
    """Add one fold to the relief, in place."""
    long, wide = rng.uniform(*habit.length), rng.uniform(*habit.width)
    reach = int((long / 2 + 3 * wide) / _PIXEL)
    offset = np.arange(-reach, reach + 1)
    y, x = np.meshgrid(offset * _PIXEL, offset * _PIXEL, indexing="ij")
    along = x * math.cos(turn) + y * math.sin(turn)
    across = y * math.cos(turn) - x * math.sin(turn) + rng.normal(0, 1.2) * along * along
    run = np.clip(1 - (2 * along / long) ** 2, 0, None)
    flank = wide * np.where(across > 0, 0.55, rng.uniform(1.0, 1.8)) * (0.45 + 0.55 * run)
    ridge = wide * habit.steep * strength * np.exp(-((across / flank) ** 2)) * run**1.3
    rows, columns = ((place + offset) % _PIXELS for place in at)
    height[np.ix_(rows, columns)] += ridge
