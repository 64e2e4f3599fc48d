"""The hidden body that fills a garment while it is draped: torso, arms, legs. Never rendered.

Heights count from the highest shoulder point (z = 0) downwards; the front faces -Y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cloth_sheet import Array, spline

SIDES = 48


@dataclass(frozen=True)
class Solid:
    """A closed body part: points and faces (quads)."""

    points: Array
    faces: Array


def lofted(rings: Array) -> Solid:
    """A solid from rings [levels, sides, 3], its ends closed to their middles."""
    sides = rings.shape[1]
    caps = rings[[0, -1]].mean(axis=1, keepdims=True)
    grid = np.concatenate(
        [np.repeat(caps[:1], sides, axis=1), rings, np.repeat(caps[1:], sides, 1)]
    )
    index = np.arange(grid.shape[0] * sides).reshape(-1, sides)
    after = np.roll(index, -1, axis=1)
    faces = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1)
    flat, quads = grid.reshape(-1, 3), faces.reshape(-1, 4)
    a, b, c, d = (flat[quads[:, k]] - flat.mean(axis=0) for k in range(4))
    volume = (np.cross(b - a, c - a) * a).sum() + (np.cross(c - a, d - a) * a).sum()
    return Solid(flat, quads if volume > 0 else quads[:, ::-1])


def tube(path: Array, radii: Array, *, flat: float = 1.0) -> Solid:
    """A limb along a path of points; `flat` is its depth over its width."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    across = np.cross(ahead, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    deep = np.cross(across, ahead)
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)[None, :, None]
    wide = radii[:, None, None]
    rings = path[:, None] + wide * (
        np.cos(turn) * across[:, None] + np.sin(turn) * flat * deep[:, None]
    )
    return lofted(rings)


def torso(
    *,
    chest: float = 0.172,
    waist: float = 0.15,
    hip: float = 0.18,
    depth: float = 0.115,
    shoulder: float = 0.2,
    slope: float = 0.4,
    neck: float = 0.06,
    base: float = 0.08,
    low: float = -0.75,
) -> Solid:
    """Shoulders to hips; the measures are half widths as seen from the front.

    The shoulders lie just under a seam that falls by `slope` from z = 0 at the half width `base`.
    """
    z = np.concatenate([np.linspace(low, -0.2, 24), np.linspace(-0.18, 0.06, 30)])

    def under(x: float) -> float:
        return -(x - base) * slope - 0.013

    outer = under(shoulder - 0.02)
    wide = spline(
        z,
        [
            (-0.85, hip), (-0.62, hip), (-0.42, waist), (-0.24, chest),
            (min(-0.15, outer - 0.05), shoulder - 0.028), (outer - 0.022, shoulder - 0.01),
            (outer, shoulder - 0.02), (under((shoulder + base) / 2), (shoulder + base) / 2),
            (-0.014, base - 0.004), (0.02, neck + 0.004), (0.06, neck - 0.004),
        ],
    )  # fmt: skip
    front = spline(
        z,
        [
            (-0.85, depth * 0.9), (-0.62, depth * 0.92), (-0.42, depth * 0.85), (-0.22, depth),
            (-0.12, depth * 0.72), (-0.05, depth * 0.32), (0.0, neck * 0.5), (0.06, neck * 0.7),
        ],
    )  # fmt: skip
    rear = spline(
        z,
        [
            (-0.85, depth * 0.98), (-0.66, depth * 1.02), (-0.42, depth * 0.74),
            (-0.18, depth * 0.84), (-0.08, depth * 0.48), (-0.02, neck * 0.45), (0.06, neck * 0.6),
        ],
    )  # fmt: skip
    turn = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    cos, sin = np.cos(turn), np.sin(turn)
    round_ = 0.86
    x = wide[:, None] * np.sign(cos) * np.abs(cos) ** round_
    y = np.where(sin > 0, rear[:, None], front[:, None]) * np.sign(sin) * np.abs(sin) ** round_
    return lofted(np.stack([x, y, np.broadcast_to(z[:, None], x.shape)], -1))


def arm(
    path: Array,
    *,
    upper: float = 0.048,
    wrist: float = 0.03,
    start: float = 0.0,
    slim: float = 0.03,
) -> Solid:
    """An arm along its middle line; the arm proper begins `start` metres along, `slim` before."""
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=-1))])
    arm_radii = [(0.0, upper), (0.3, upper * 0.8), (0.36, upper * 0.8), (0.56, wrist)]
    knots = [(start + at, radius) for at, radius in arm_radii]
    return tube(path, spline(run, [(0.0, slim), *knots] if start else knots), flat=0.95)


def legs(
    *,
    waist: float = 0.15,
    hip: float = 0.178,
    depth: float = 0.11,
    crotch: float = -0.27,
    length: float = 1.0,
    apart: float = 0.088,
    knee: float = 0.058,
    ankle: float = 0.04,
    waist_z: float = 0.0,
) -> Sequence[Solid]:
    """Hips and two legs below a waist at `waist_z`; `apart` is half the distance of the feet."""
    z = np.linspace(crotch - 0.03, 0.06, 24)
    wide = spline(
        z,
        [(-0.3, hip - 0.006), (-0.2, hip), (-0.1, (hip + waist) / 2), (0.0, waist), (0.06, waist)],
    )
    rear = spline(
        z, [(-0.3, depth * 0.9), (-0.18, depth * 1.05), (0.0, depth * 0.72), (0.06, depth * 0.72)]
    )
    front = spline(
        z, [(-0.3, depth * 0.72), (-0.1, depth * 0.85), (0.0, depth * 0.78), (0.06, depth * 0.8)]
    )
    turn = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    cos, sin = np.cos(turn), np.sin(turn)
    x = wide[:, None] * np.sign(cos) * np.abs(cos) ** 0.9
    y = np.where(sin > 0, rear[:, None], front[:, None]) * sin
    height = np.broadcast_to(z[:, None] + waist_z, x.shape)
    made = [lofted(np.stack([x, y, height], -1))]
    down = np.linspace(crotch + 0.1, -length, 30)
    radii = spline(
        down,
        [
            (-length, ankle),
            (-0.55 * length - 0.05, knee),
            (crotch - 0.04, 0.078),
            (crotch + 0.1, 0.074),
        ],
    )
    for side in (-1, 1):
        t = (down - down[0]) / (down[-1] - down[0])
        middle = side * (0.09 + (apart - 0.09) * t)
        path = np.stack([middle, np.full_like(down, 0.004), down + waist_z], -1)
        made.append(tube(path, radii, flat=1.02))
    return made
