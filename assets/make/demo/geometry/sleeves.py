"""Sleeves as sewn: a flat piece with a cap, set into the armhole and put round the arm."""

from __future__ import annotations

import numpy as np

from . import drape
from .bands import even
from .bodice import Bodice
from .cloth_sheet import Array, Sheet, grid_sheet, spline

ROUND = 2 * np.pi * 0.8
"""Circumference of a sleeve over its half width."""

SEEN = 0.76
"""Half of what a sleeve measures across, as seen from the front, over its half width."""


def arm_line(bodice: Bodice, side: int, length: float, below: float, count: int = 40) -> Array:
    """A line down the arm, bent a little at the elbow, `below` the sleeve's upper side."""
    cut = bodice.cut
    far = np.linspace(0, length, count)
    bent = drape.smooth(far, 0.22, 0.42) * np.radians(cut.elbow)
    lean = np.radians(cut.arm_angle) - 0.35 * bent
    axis = np.stack([side * np.sin(lean), -np.sin(bent), -np.cos(lean)], -1)
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    inwards = np.array([-side * np.cos(lean[0]), 0.0, -np.sin(lean[0])])
    tip = np.array([side * cut.shoulder, 0.004, cut.tip])
    joint = tip + inwards * below
    steps = axis[:-1] * (length / (count - 1))
    return joint + np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])


def flat_sleeve(hole: Array, part: Array, length: float, widths: Array, steps: Array) -> Array:
    """The flat piece [rows, cols, 2]: the cap is as long as the armhole."""
    bell = (1 - np.cos(part * 2 * np.pi)) / 2
    around = float(np.linalg.norm(np.diff(hole, axis=0), axis=-1).sum())
    best = (np.inf, 0.1, widths[0])
    for cap in np.linspace(0.05, 0.16, 12):
        tall = cap * (0.15 + 0.85 * min(length / 0.2, 1.0))
        for wide in np.linspace(0.6, 1.0, 41) * around:
            run = np.hypot(np.diff(part) * wide, np.diff(bell) * tall).sum()
            miss = abs(run - around * 0.97) * 4 + abs(wide - widths[0]) * 0.5
            if miss < best[0]:
                best = (miss, tall, wide)
    _, cap, wide = best
    s = steps[:, None]
    across = wide + (widths[:, None] - wide) * np.clip(s * 1.6, 0, 1)
    x = (part[None] - 0.5) * across
    y = (1 - s) * cap * bell[None] - s * (length - cap)
    return np.stack([x, np.broadcast_to(y, x.shape)], -1)


def sleeve(bodice: Bodice, side: int, *, rows: int = 90, puff: float = 0.0) -> Sheet:
    """A sleeve at its armhole, round the arm, before it is draped."""
    cut = bodice.cut
    hole = bodice.armhole(side)
    part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(hole, axis=0), axis=-1))])
    part = part / part[-1]
    steps = np.linspace(0, 1, rows)
    width = spline(
        steps * cut.sleeve,
        [
            (0.0, cut.sleeve_width),
            (min(0.12, cut.sleeve * 0.5), cut.sleeve_width * 0.98),
            (cut.sleeve, cut.cuff_width),
        ],
    )
    width = width + puff * np.sin(np.pi * steps) ** 0.8
    reach = cut.sleeve
    for _ in range(5):
        points = _round_arm(bodice, side, hole, part, width, reach)
        top = points[:, np.argmin(np.abs(part - 0.5))]
        reach *= (cut.sleeve / np.linalg.norm(np.diff(top, axis=0), axis=-1).sum()) ** 0.8
    flat = flat_sleeve(hole, part, cut.sleeve, width * ROUND, steps)
    return grid_sheet(points, flat + np.array([7.0 + side, -cut.armhole]), facing=-side)


def _round_arm(
    bodice: Bodice, side: int, hole: Array, part: Array, width: Array, length: float
) -> Array:
    """Where a sleeve of that length starts: out of the armhole and into a tube round the arm."""
    rows, turn = len(width), part * 2 * np.pi
    far = np.linspace(0, length, rows)
    centre = arm_line(bodice, side, length, bodice.cut.sleeve_width * SEEN - 0.004, rows)
    axis = np.gradient(centre, axis=0)
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    out = np.cross(axis, [0.0, side, 0.0])
    out /= np.linalg.norm(out, axis=-1, keepdims=True)
    front = np.array([0.0, -1.0, 0.0])
    ring = (
        -np.cos(turn)[None, :, None] * out[:, None] * (width * SEEN)[:, None, None]
        + np.sin(turn)[None, :, None] * front * (width * 0.84)[:, None, None]
    )
    points = centre[:, None] + ring
    reach = min(max(int(np.searchsorted(far, min(0.16, length * 0.72))), 4), rows - 1)
    s = np.clip(far / far[reach], 0, 1)[:, None, None]
    goal, ahead = points[reach], axis[reach]
    gap = np.linalg.norm(goal - hole, axis=-1, keepdims=True)
    over = (1 - np.cos(turn))[:, None] / 2
    leave = np.array([side * 0.8, 0.0, -0.4]) * over + np.array([side * 0.75, 0, -0.6]) * (1 - over)
    leave = leave + np.sin(turn)[:, None] * np.array([0, -0.35, 0])
    a, b = hole + leave * gap * 0.4, goal - ahead * gap * 0.4
    cap = (1 - s) ** 3 * hole + 3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s**2 * b + s**3 * goal
    points = np.where((far < far[reach])[:, None, None], cap, points)
    points[0] = hole
    points = np.stack([even(column, rows) for column in points.swapaxes(0, 1)], axis=1)
    points[:, -1] = points[:, 0]
    return points
