"""Makers' marks of no real brand on the sides of sport shoes, and holes punched for air."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from . import uppers
from .last import Last
from .lofts import Surface, grids_object, tube

Material = bpy.types.Material
Stroke = Sequence[tuple[float, float, float]]

MARKS: dict[str, tuple[Stroke, ...]] = {
    "wing": (((0.24, 0.16, 0.003), (0.36, 0.30, 0.019), (0.50, 0.44, 0.011), (0.60, 0.54, 0.002)),),
    "bolt": (((0.32, 0.72, 0.004), (0.42, 0.44, 0.013), (0.37, 0.36, 0.013), (0.48, 0.08, 0.003)),),
    "arc": (((0.24, 0.58, 0.003), (0.34, 0.26, 0.010), (0.48, 0.20, 0.011), (0.60, 0.46, 0.003)),),
    "peaks": (
        ((0.28, 0.10, 0.006), (0.36, 0.52, 0.006), (0.37, 0.53, 0.006), (0.45, 0.10, 0.006)),
        ((0.38, 0.10, 0.006), (0.46, 0.66, 0.006), (0.47, 0.67, 0.006), (0.55, 0.10, 0.006)),
    ),
    "swept": (
        ((0.16, 0.50, 0.003), (0.32, 0.40, 0.009), (0.50, 0.22, 0.007), (0.62, 0.06, 0.002)),
        ((0.24, 0.62, 0.002), (0.38, 0.52, 0.007), (0.54, 0.34, 0.005), (0.66, 0.14, 0.002)),
    ),
    "leaf": (((0.28, 0.20, 0.002), (0.38, 0.34, 0.024), (0.48, 0.46, 0.016), (0.56, 0.54, 0.002)),),
    "bars": tuple(
        ((0.30 + 0.05 * k, 0.10, 0.0045), (0.32 + 0.05 * k, 0.26, 0.0045),
         (0.345 + 0.05 * k, 0.40 + 0.12 * k, 0.003))
        for k in range(4)
    ),
    "pair": tuple(
        ((0.36 + 0.07 * k, 0.04, 0.010), (0.39 + 0.07 * k, 0.40, 0.009),
         (0.46 + 0.07 * k, 0.80, 0.007))
        for k in range(2)
    ),
    "chevrons": tuple(
        ((0.32 + 0.075 * k, 0.10, 0.006), (0.275 + 0.075 * k, 0.36, 0.008),
         (0.35 + 0.075 * k, 0.66, 0.005))
        for k in range(3)
    ),
    "slash": (((0.40, 0.05, 0.014), (0.45, 0.40, 0.016), (0.53, 0.76, 0.012)),),
    "ring": (
        ((0.33, 0.34, 0.005), (0.37, 0.52, 0.005), (0.45, 0.56, 0.005), (0.50, 0.40, 0.005),
         (0.46, 0.22, 0.005), (0.38, 0.18, 0.005), (0.33, 0.34, 0.005)),
    ),
    "hook": (
        ((0.56, 0.62, 0.003), (0.46, 0.50, 0.009), (0.34, 0.40, 0.011), (0.29, 0.26, 0.009),
         (0.35, 0.14, 0.004)),
    ),
}  # fmt: skip
"""Strokes of each mark: (share of the length, t, width in metres)."""


def mark(
    surface: Surface, last: Last, name: str, material: Material, *, lift: float = 0.0021
) -> None:
    """A maker's mark on both quarters."""
    for stroke in MARKS.get(name, ()):
        knots = [(x * last.length, t, wide) for x, t, wide in stroke]
        uppers.stripe(surface, material, knots, lift=lift)


def punched(surface: Surface, last: Last, dark: Material, where: str, lift: float) -> None:
    """Rows of small holes over the toes, or a cluster on each side."""
    places = []
    if where in ("toe", "both"):
        for row, x in enumerate(np.linspace(0.70, 0.80, 5)):
            wide = 0.13 - 0.016 * row
            for share in np.linspace(-wide, wide, 7 - row):
                places.append(surface.over(x * last.length, 0.5 + share))
    if where in ("side", "both"):
        for side in (1.0, -1.0):
            for row, t in enumerate((0.26, 0.34, 0.42)):
                for x in np.linspace(0.52, 0.60, 5) - 0.012 * row:
                    places.append((surface.s_at_x(x * last.length, t, side), np.asarray(t)))
    grids = []
    for s, t in places:
        point, normal = surface.at(s, t, lift).reshape(3), surface.normal(s, t).reshape(3)
        grids.append(
            tube(np.stack([point, point + normal * 0.0003]), 0.0011, up=np.array([0.3, 0.5, 0.8]))
        )
    grids_object("holes", grids, dark)


def block(
    surface: Surface, last: Last, material: Material, x: float, top: float, lean: float
) -> None:
    """The whole rear of the upper behind x in another colour."""
    uppers.heel_counter(surface, material, x * last.length, top, lean=lean, lift=0.0009)
