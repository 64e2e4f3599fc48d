"""The inside of a heeled shoe: the padded sock with its stitched edge and stamped mark."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np

from .lofts import Points, Surface, grid_object, grids_object, smoothstep, tube
from .uppers import stitches

Material = bpy.types.Material
Flat = Callable[[Points, Points], Points]


def sock(
    upper: Surface,
    material: Material,
    stamp: Material,
    *,
    lift: float = 0.002,
    inset: float = 0.001,
    thread: Material | None = None,
    mark: str = "oval",
) -> None:
    """A padded insole over the footprint, marked under the heel."""
    s = np.linspace(0.075, 0.98, 140)
    across = np.linspace(0, 1, 25)[None, :]

    def at(s: Points, across: Points, rise: float) -> Points:
        outer, inner = upper.at(s, 0.0), upper.at(-s, 0.0)
        wide = np.maximum(np.linalg.norm(outer - inner, axis=-1), 1e-4)
        keep = np.clip(inset / wide, 0, 0.5)[..., None]
        share = keep + (1 - 2 * keep) * across[..., None]
        points = outer * (1 - share) + inner * share
        length = np.clip(points[..., 0] / upper.points[0, :, 0].max(), 0, 1)
        ball = smoothstep(0.5, 0.7, length) * smoothstep(1.0, 0.9, length)
        swell = 0.0022 * smoothstep(0.36, 0.2, length) + 0.0018 * ball
        edge = 1 - np.abs(2 * across - 1) ** 6
        points[..., 2] += lift + rise + swell * edge - 0.0006 * (1 - edge)
        return points

    points = at(s[:, None] + 0 * across, across + 0 * s[:, None], 0.0)
    grid_object("sock", points, material, points[..., :2].copy())
    if thread:
        for side in (0.05, 0.95):
            line = at(s[8:-8], np.full(len(s) - 16, side), 0.0003)
            stitches(line, thread, pitch=0.0040, radius=0.0003)
    back, front = upper.points[0, :, 0].min(), upper.points[0, :, 0].max()
    size = front - back

    def flat(x: Points, y: Points) -> Points:
        """The sock's point at x (share of the length) and y (share of the width)."""
        place = np.clip(x, 0.02, 0.98)
        return at(np.arccos(2 * place - 1) / np.pi, 0.5 + y, 0.00035)

    stamped(flat, mark, size, stamp)


def stamped(flat: Flat, mark: str, size: float, stamp: Material) -> None:
    """A brand's mark under the heel; `flat` gives points of the bed by shares of its measures."""
    grids_object("stamp", _mark(flat, mark, size), stamp)


def _mark(flat: Flat, mark: str, size: float) -> list[Points]:
    """A mark that reads the same mirrored: an oval or bars round a monogram."""
    turn = np.linspace(0, 2 * np.pi, 49)
    centre, long, wide = 0.19, 0.062, 0.26
    lines = []
    if mark == "oval":
        lines.append((centre + long * np.cos(turn), wide * np.sin(turn)))
        lines.append((centre + long * 0.86 * np.cos(turn), wide * 0.86 * np.sin(turn)))
    else:
        for x in (centre - long * 0.7, centre + long * 0.7):
            lines.append((np.full(20, x), np.linspace(-wide, wide, 20)))
    strokes = {
        "A": [((0, 0), (0.5, 1)), ((0.5, 1), (1, 0)), ((0.22, 0.4), (0.78, 0.4))],
        "V": [((0, 1), (0.5, 0)), ((0.5, 0), (1, 1))],
        "M": [((0, 0), (0, 1)), ((0, 1), (0.5, 0.3)), ((0.5, 0.3), (1, 1)), ((1, 1), (1, 0))],
        "O": [((0.5 + 0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)),
               (0.5 + 0.5 * np.cos(a + 0.7), 0.5 + 0.5 * np.sin(a + 0.7)))
              for a in np.arange(0, 6.3, 0.7)],
    }  # fmt: skip
    word = {"oval": "AVA", "bars": "MOVOM"}.get(mark, "OVO")
    pitch = 2 * wide * 0.74 / len(word)
    for k, letter in enumerate(word):
        left = (k - len(word) / 2 + 0.12) * pitch
        for a, b in strokes[letter]:
            f = np.linspace(0, 1, 5)
            y = left + (a[0] + (b[0] - a[0]) * f) * pitch * 0.76
            x = centre + ((a[1] + (b[1] - a[1]) * f) - 0.5) * long * 0.62
            lines.append((x, y))
    wire = 0.0017 * size
    return [tube(flat(x, y), wire, flat=0.25, sides=5) for x, y in lines]
