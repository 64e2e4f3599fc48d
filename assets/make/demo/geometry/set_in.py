"""Tailored sleeves: set into the armhole with a rounded head, hanging down a bent arm."""

from __future__ import annotations

import numpy as np

from . import drape, folds
from .bands import even
from .bodice import Bodice
from .cloth_sheet import Array, Sheet, grid_sheet, spline
from .folds import Fold
from .sleeves import ROUND, SEEN, flat_sleeve

_HEAD = 0.17
"""How far down the arm the sleeve's head reaches, metres."""


def set_in(bodice: Bodice, side: int, *, creased: float, rows: int = 120) -> Sheet:
    """The sleeve of a coat or jacket; `creased` is how much its cloth folds at the elbow."""
    cut = bodice.cut
    hole = bodice.armhole(side)
    part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(hole, axis=0), axis=-1))])
    part = part / part[-1]
    steps = np.linspace(0, 1, rows)
    width = spline(
        steps * cut.sleeve,
        [
            (0.0, cut.sleeve_width * 1.04),
            (0.18, cut.sleeve_width),
            (0.36, cut.sleeve_width * 0.45 + cut.cuff_width * 0.55),
            (cut.sleeve, cut.cuff_width),
        ],
    )
    points = _hung(bodice, side, hole, part, width)
    flat = flat_sleeve(hole, part, cut.sleeve, width * ROUND, steps)
    sheet = grid_sheet(points, flat + np.array([7.0 + side, -cut.armhole]), facing=-side)
    _crease(sheet, bodice, side, part, creased)
    return sheet


def _outer_line(bodice: Bodice, side: int, rows: int) -> tuple[Array, Array]:
    """The sleeve's upper side from the shoulder's end to the wrist, and its directions."""
    cut = bodice.cut
    rng = np.random.default_rng(bodice.seed + 70 + side)
    lean = np.radians(cut.arm_angle + rng.uniform(-1.2, 1.2))
    bend = np.radians(cut.elbow)
    fine = np.linspace(0, cut.sleeve, 400)
    bent = drape.smooth(fine, 0.24, 0.42) * bend
    start = np.radians(58)
    # Over the head the line turns from the shoulder's slope into the arm's.
    fall = lean + (start - lean) * np.exp(-((fine / 0.055) ** 1.3)) - 0.45 * bent
    ahead = np.radians(2) + 0.6 * bent
    line = np.stack([side * np.sin(fall), -np.sin(ahead), -np.cos(fall)], -1)
    line /= np.linalg.norm(line, axis=-1, keepdims=True)
    tip = np.array([side * cut.shoulder, 0.004, cut.tip])
    run = tip + np.concatenate([[[0, 0, 0]], np.cumsum(line[:-1], 0) * (fine[1] - fine[0])])
    at = np.linspace(0, cut.sleeve, rows)
    places = np.stack([np.interp(at, fine, run[:, k]) for k in range(3)], -1)
    axis = np.stack([np.interp(at, fine, line[:, k]) for k in range(3)], -1)
    return places, axis / np.linalg.norm(axis, axis=-1, keepdims=True)


def _hung(bodice: Bodice, side: int, hole: Array, part: Array, width: Array) -> Array:
    rows, turn = len(width), part * 2 * np.pi
    upper, axis = _outer_line(bodice, side, rows)
    out = np.cross(axis, [0.0, side, 0.0])
    out /= np.linalg.norm(out, axis=-1, keepdims=True)
    seen = (width * SEEN)[:, None, None]
    centre = upper - out * seen[:, 0]
    ahead = np.cross(out, axis) * side
    ring = (
        -np.cos(turn)[None, :, None] * out[:, None] * seen
        - np.sin(turn)[None, :, None] * ahead[:, None] * (width * 0.82)[:, None, None]
    )
    points = centre[:, None] + ring
    far = np.linspace(0, bodice.cut.sleeve, rows)
    reach = int(np.searchsorted(far, _HEAD))
    goal, down = points[reach], axis[reach]
    gap = np.linalg.norm(goal - hole, axis=-1, keepdims=True)
    over = (1 - np.cos(turn))[:, None] / 2
    top = np.array([side * np.sin(np.radians(60)), 0.0, -np.cos(np.radians(60))])
    leave = top * over + np.array([side * 0.5, 0, -0.8]) * (1 - over)
    leave = leave + np.sin(turn)[:, None] * np.array([0, -0.22, 0])
    s = np.clip(far / far[reach], 0, 1)[:, None, None]
    a, b = hole + leave * gap * 0.36, goal - down * gap * 0.42
    cap = (1 - s) ** 3 * hole + 3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s**2 * b + s**3 * goal
    points = np.where((far < far[reach])[:, None, None], cap, points)
    points[0] = hole
    points = np.stack([even(column, rows) for column in points.swapaxes(0, 1)], axis=1)
    points[:, -1] = points[:, 0]
    return points


def _crease(sheet: Sheet, bodice: Bodice, side: int, part: Array, creased: float) -> None:
    """Folds across the elbow's inside, drag lines from the armhole, a break over the cuff."""
    cut = bodice.cut
    rng = np.random.default_rng(bodice.seed + 170 + side)
    girth = 2 * np.pi * cut.sleeve_width * 0.8
    far = np.linspace(0, cut.sleeve, len(sheet.points))
    # Across the sleeve from its inner side (0) over the front and outside to the back.
    across, along = np.meshgrid(part * girth, far)
    laid = []
    for k, at in enumerate((0.25, 0.30, 0.345, 0.40)):
        z = at + rng.uniform(-0.012, 0.012)
        reach = girth * rng.uniform(0.3, 0.52)
        tilt = rng.uniform(-0.02, 0.05) * (1 if k < 2 else -1)
        laid.append(Fold((-0.06, z), (reach, z + tilt), rng.uniform(0.011, 0.017), 0.0145, 0.008))
        laid.append(
            Fold((girth + 0.05, z + 0.01), (girth - reach * 0.7, z + tilt), 0.014, 0.012, -0.008)
        )
    for _ in range(2):
        a = rng.uniform(0.02, 0.16) * girth
        laid.append(Fold((a, 0.02), (a + 0.3 * girth, 0.24), 0.018, 0.011, 0.012))
    for _ in range(3):
        a, z = rng.uniform(0.05, 0.6) * girth, cut.sleeve - rng.uniform(0.05, 0.17)
        turn = rng.uniform(-0.05, 0.05)
        laid.append(Fold((a, z), (a + 0.35 * girth, z + turn), 0.014, 0.0095, 0.01))
    height = folds.raised(across, along, laid, bodice.seed + side)
    calm = drape.smooth(along, 0.0, 0.05) * drape.smooth(along, cut.sleeve, cut.sleeve - 0.03)
    seam = drape.smooth(np.minimum(part, 1 - part), 0.0, 0.05)[None]
    height = height * calm
    height = height * seam + height[:, :1] * (1 - seam)
    # The head is eased in: it swells a little behind its seam.
    head = np.exp(-(((along - 0.014) / 0.012) ** 2)) * drape.smooth(np.sin(part * np.pi), 0.4, 0.9)
    soft = 0.005 * drape.noise(sheet.points / 0.11, bodice.seed + 171 + side)
    sheet.displace(creased * (height + soft * calm) + 0.0018 * head)
    sheet.points[:, -1] = sheet.points[:, 0]
