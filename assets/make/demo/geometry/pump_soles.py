"""Under a pump: the thin sole, a covered platform, or a wedge."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from . import soles
from .lofts import Points, Surface, grid_object, metric_uv, smoothstep
from .pump import PumpLast

Material = bpy.types.Material


def walls(
    upper: Surface,
    low: soles.Height,
    profile: Sequence[tuple[float, float]],
    bands: Sequence[tuple[float, Material]],
    *,
    relief: soles.Relief | None = None,
    rows: int = 12,
    upstand: soles.Height | None = None,
    name: str = "sole",
) -> None:
    """A sole from the feather line down to `low`, closed below.

    `profile` and `bands` as in `soles.sole`; the underside has the first band's material.
    """
    line, out = soles.footprint(upper, 480)
    at = np.unique(
        np.concatenate([np.linspace(0, 1, rows), [p[0] for p in profile], [b[0] for b in bands]])
    )
    away = np.interp(at, [p[0] for p in profile], [p[1] for p in profile])
    offset = np.repeat(away[:, None], len(line), axis=1)
    step = np.linalg.norm(np.diff(line[:, :2], axis=0), axis=1)
    length = np.concatenate([[0], np.cumsum(step)])
    if relief:
        offset = offset + relief(length[None], line[None, :, 0], at[:, None])
    points = line[None] + out[None] * offset[..., None]
    floor = low(points[..., 0])
    high = line[:, 2] + (upstand(line[:, 0]) if upstand else 0.0)
    points[..., 2] = floor + (high[None] - floor) * at[:, None]
    below = []
    for share in (0.0, 0.3, 0.7, 0.95):
        ring = points[0].copy()
        ring[:, 1] = (0.005 + (ring[:, 1] - 0.005) * share) if share else 0.005
        ring[:, 0] = ring[:, 0] + (0.1 - ring[:, 0]) * 0.03 * (1 - share)
        ring[:, 2] = low(ring[:, 0])
        below.append(ring)
    inside = points[-1:].copy()
    inside[..., 1] = 0.004 + (inside[..., 1] - 0.004) * 0.85
    inside[..., 0] += (0.1 - inside[..., 0]) * 0.04
    inside[..., 2] -= 0.0030
    points = np.concatenate([np.array(below), points, inside])
    shares = np.concatenate([[0.0] * 4, at, [1.0]])
    centre = (shares[1:] + shares[:-1]) / 2
    slot = np.minimum(np.searchsorted([b[0] for b in bands], centre), len(bands) - 1)
    slots = np.repeat(slot[:, None], len(line) - 1, axis=1)
    grid_object(name, points, [b[1] for b in bands], metric_uv(points), slots)


def _behind_breast(last: PumpLast) -> soles.Relief:
    """Draws the sole in where the heel's own cover meets the upper."""

    def inward(_: Points, x: Points, share: Points) -> Points:
        return -0.0045 * smoothstep(0.27, 0.235, x / last.length) + 0 * share

    return inward


def thin(
    last: PumpLast,
    upper: Surface,
    edge: Material,
    under: Material,
    thick: float,
    *,
    full: bool = False,
) -> None:
    """A leather sole that follows the foot.

    Behind the breast it vanishes into the heel's cover, unless it runs `full` round the seat.
    """
    # Round a seat its edge stands out a little, and hides where the upper ends.
    edged = 0.0008 if full else 0.0
    profile = [(0, -0.0026), (0.25, -0.0004), (0.5, 0.0006), (0.9, 0.0006), (1.0, -0.0002)]
    profile = [(share, out + edged * (share > 0.3)) for share, out in profile]
    bands = [(0.34, under), (1.0, edge)]
    relief = None if full else _behind_breast(last)
    walls(upper, soles.under_foot(last, thick), profile, bands, relief=relief)


def platform(last: PumpLast, upper: Surface, cover: Material, under: Material) -> None:
    """A platform in the upper's own leather: deep under the ball, drawn out towards the shank."""
    thin_at_heel = 0.003

    def low(x: Points) -> Points:
        share = np.clip(x / last.length, 0, 1)
        fade = smoothstep(0.36, 0.66, share)
        return last.feather(share) - thin_at_heel - (last.sole_ball - thin_at_heel) * fade

    profile = [
        (0, -0.0062), (0.05, -0.0050), (0.055, -0.0040), (0.12, -0.0018), (0.30, -0.0002),
        (0.7, 0.0006), (1.0, 0.0001),
    ]  # fmt: skip
    bands = [(0.052, under), (1.0, cover)]
    walls(upper, low, profile, bands, relief=_behind_breast(last), rows=26)


def waisted(last: PumpLast) -> soles.Relief:
    """The relief of a wedge that is hollowed under the arch."""

    def relief(_: Points, x: Points, share: Points) -> Points:
        waist = smoothstep(0.16, 0.36, x / last.length) * smoothstep(0.66, 0.46, x / last.length)
        return -0.005 * waist * (1 - share)

    return relief


def wedge(
    last: PumpLast, upper: Surface, cover: Material, rubber: Material, edge: Material | None
) -> None:
    """A wedge from the heel's back to the toe; `edge` is a line of leather along its top."""
    high = 0.06
    profile = [(0, -0.0035), (0.02, -0.001), (0.5, -0.0004), (1 - high, 0.0), (1.0, 0.0006)]
    bands = [(0.06, rubber), (1 - high, cover), (1.0, edge or cover)]
    walls(upper, soles.tread(last, bevel=0.003), profile, bands, relief=waisted(last), rows=30)
