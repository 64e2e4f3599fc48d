"""The edge of a low shoe's mouth: folded and stitched, bound with a strip, or piped."""

from __future__ import annotations

import bpy
import numpy as np

from .lofts import Points, Surface, grid_object, tube, unit
from .uppers import stitches

Material = bpy.types.Material

LOWEST = 0.006
"""Where the topline sinks below this height the shoe is open and has no edge to finish."""


def heights(surface: Surface) -> Points:
    """How far each column of the upper climbs from the sole to the topline."""
    return np.linalg.norm(np.diff(surface.points, axis=0), axis=2).sum(axis=0)


def runs(surface: Surface, low: float = LOWEST) -> list[Points]:
    """The stretches of s along which the upper stands, each as columns of its grid."""
    stands = surface.points[-1, :, 2] - surface.points[0, :, 2] > low
    columns = np.arange(len(stands))
    breaks = np.flatnonzero(np.diff(stands.astype(int))) + 1
    pieces = np.split(columns, breaks)
    return [piece for piece in pieces if stands[piece[0]] and len(piece) > 8]


def bound(surface: Surface, strip: Material, *, thick: float, proud: float = 0.0003) -> None:
    """A strip of leather folded over the edge; `thick` is the upper's own thickness."""
    rise = unit(surface.points[-1] - surface.points[-3])
    for piece in runs(surface):
        inside = surface.points[-1, piece] - surface.normals[-1, piece] * thick / 2
        path = inside - rise[piece] * (0.0009 - proud)
        across = thick / 2 + proud
        ring = tube(
            path, across, flat=0.0015 / across, up=rise[piece], sides=14, caps=len(piece) < 200
        )
        grid_object("binding", ring, strip)


def stitched(surface: Surface, thread: Material, *, below: float = 0.0034) -> None:
    """A row of stitches a little below the edge."""
    tall = heights(surface)
    columns = surface.points.shape[1] - 1
    for piece in runs(surface, 0.012):
        s = piece * 2.0 / columns - 1
        line = surface.at(s, 1 - below / tall[piece], 0.0002)
        stitches(line, thread, pitch=0.0034, radius=0.00030)


def side_seam(surface: Surface, x: float, thread: Material, groove: Material) -> None:
    """The seams at the waist, where the vamp is sewn to the quarters: a joint, and its stitches."""
    for side in (1.0, -1.0):
        t = np.linspace(0.02, 0.99, 40)
        s = surface.s_at_x(x + 0.006 * t, t, side)
        grid_object("joint", tube(surface.at(s, t, -0.0001), 0.0004, sides=6), groove)
        ahead = surface.s_at_x(x + 0.006 * t + 0.0022, t, side)
        stitches(surface.at(ahead, t, 0.0002), thread, pitch=0.0034, radius=0.00028)
