"""Sleeves as sewn: a flat piece with a cap, set into the armhole and put round the arm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import drape, mannequin
from .bands import blurred, even
from .bodice import Bodice
from .cloth_sheet import Array, Sheet, grid_sheet, spline
from .draping import Fabric
from .draping import drape as settle

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


def body_in(bodice: Bodice) -> Sequence[mannequin.Solid]:
    """The hidden body that a bodice's cut was made for."""
    cut = bodice.cut
    solids = [
        mannequin.torso(
            chest=min(0.19, cut.chest - 0.03),
            waist=min(0.19, cut.waist - 0.014),
            hip=min(0.205, cut.hem - 0.01),
            depth=min(0.116, cut.depth - 0.01),
            shoulder=min(0.202, cut.shoulder - 0.003),
            slope=cut.slope,
            neck=min(0.06, cut.neck - 0.016),
            base=cut.neck,
            low=-max(cut.length + 0.05, 0.7),
        )
    ]
    if cut.sleeve:
        solids += [_shoulder_and_arm(bodice, side) for side in (-1, 1)]
    return solids


def _shoulder_and_arm(bodice: Bodice, side: int) -> mannequin.Solid:
    """One limb from near the neck along under the shoulder seam and down the arm."""
    cut = bodice.cut
    upper = min(0.047, cut.sleeve_width - 0.02)
    down = arm_line(bodice, side, max(cut.sleeve + 0.02, 0.12), upper + 0.01)
    x = np.linspace(cut.neck + 0.01, max(abs(down[0, 0]), cut.neck + 0.02), 8)[:-1]
    slim = 0.03 + (upper - 0.03) * np.linspace(0, 1, 7) ** 2
    along = np.stack([side * x, 0 * x + 0.003, cut.shoulder_line(x) - slim - 0.009], -1)
    path = blurred(even(np.concatenate([along, down]), 48), 1, closed=False)
    return mannequin.arm(
        path, upper=upper, wrist=min(0.03, cut.cuff_width - 0.015), start=x[-1] - x[0]
    )


def hang(
    bodice: Bodice,
    fabric: str | Fabric,
    *,
    rows: int = 90,
    puff: float = 0.0,
    pins: Sequence[Array | None] | None = None,
    stiff: Sequence[Array | None] | None = None,
    body: Sequence[mannequin.Solid] | None = None,
    frames: int = 26,
) -> None:
    """Set in the sleeves and let front, back and sleeves settle on the hidden body."""
    if bodice.cut.sleeve:
        bodice.sleeves = [sleeve(bodice, side, rows=rows, puff=puff) for side in (-1, 1)]
    settle(
        [bodice.front, bodice.back, *bodice.sleeves],
        body_in(bodice) if body is None else body,
        fabric,
        pins=pins,
        stiff=stiff,
        frames=frames,
    )


def neck_pins(bodice: Bodice) -> list[Array | None]:
    """The neck edge stays where it is cut, so that the collar stands even."""
    inside = np.abs(bodice.us) <= bodice.cut.neck / bodice.cut.shoulder + 1e-9
    pins = np.zeros(bodice.front.points.shape[:2])
    pins[-1, inside] = 1.0
    return [pins, pins, *([None, None] if bodice.cut.sleeve else [])]
