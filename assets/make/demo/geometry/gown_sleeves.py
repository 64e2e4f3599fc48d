"""Sleeves of dresses: set into the armhole, puffed, bishop or plain, and what ends them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import drape, pleating
from .bands import hem_band
from .cloth_sheet import Array, Cloth, Sheet, grid_sheet, spline
from .gown import Gown

CAP = 0.12
"""A sleeve shorter than this, metres, ends at the armhole below."""


@dataclass(frozen=True)
class SleeveCut:
    """The measures of a sleeve, metres; `puff` and `bell` are what it has of cloth too much."""

    sleeve: float = 0.2
    sleeve_width: float = 0.062
    cuff_width: float = 0.056
    puff: float = 0.0
    bishop: float = 0.0
    cuff: float = 0.0
    lean: float = 11.0


def sleeve(gown: Gown, cut: SleeveCut, side: int, crease: float) -> Sheet:
    """A sleeve from the armhole to its end."""
    hole = gown.armhole(side)
    part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(hole, axis=0), axis=-1))])
    part = part / part[-1]
    fine = np.linspace(0, 1, 97)
    hole = np.stack([np.interp(fine, part, hole[:, k]) for k in range(3)], -1)
    part = fine
    rows = 26 + int(130 * cut.sleeve)
    far = np.linspace(0, 1, rows) * cut.sleeve
    centre, axis, out = _middle_line(gown, cut, side, far)
    width = _width(cut, far)
    turn = part * 2 * np.pi
    front = np.array([0.0, -1.0, 0.0])
    ring = (
        -np.cos(turn)[None, :, None] * out[:, None, :] * width[:, None, None]
        + np.sin(turn)[None, :, None] * front * (width * 0.9)[:, None, None]
    )
    tube = centre[:, None, :] + ring
    points = _into_hole(hole, tube, axis, far, turn, side, cut)
    if cut.sleeve < CAP:
        over = 0.12 + 0.44 * (1 - np.cos(turn))
        points = hole + (points - hole) * over[None, :, None]
    round_it = (part - 0.5) * 2 * np.pi * cut.sleeve_width
    uv = np.stack(np.broadcast_arrays(round_it[None] + 7.0 + side, -far[:, None]), -1)
    sheet = grid_sheet(points, uv.astype(float), facing=-side)
    fold(sheet, gown.seed + 100 + side, cut, part, far, crease)
    sheet.points[:, -1] = sheet.points[:, 0]
    return sheet


def _middle_line(gown: Gown, cut: SleeveCut, side: int, far: Array) -> tuple[Array, Array, Array]:
    """The arm's middle from the shoulder, bent a little at the elbow; its direction; outwards."""
    rng = np.random.default_rng(gown.seed + 70 + side)
    lean = np.radians(cut.lean + rng.uniform(-2, 2))
    joint = np.array([side * (gown.cut.shoulder - 0.032), 0.012, gown.cut.tip - 0.052])
    bend = drape.smooth(far, 0.22, 0.4)
    angle = lean * (1 - 0.45 * bend)
    swing = np.radians(13) * bend
    axis = np.stack([side * np.sin(angle), -np.sin(swing), -np.cos(angle)], -1)
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    step = np.diff(far, prepend=0.0)[:, None]
    centre = joint + np.cumsum(axis * step, axis=0)
    out = np.stack([side * np.cos(angle), 0 * angle, np.sin(angle)], -1)
    return centre, axis, out


def _width(cut: SleeveCut, far: Array) -> Array:
    long = cut.sleeve
    width = spline(
        far,
        [(0.0, cut.sleeve_width), (long * 0.5, cut.sleeve_width * 0.97), (long, cut.cuff_width)],
    )
    t = far / long
    if cut.puff:
        width = width + cut.puff * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.6
    if cut.bishop:
        width = width + cut.bishop * drape.smooth(t, 0.2, 0.85) * np.sqrt(
            np.clip((1 - t) / 0.12, 0, 1)
        )
    return width


def _into_hole(
    hole: Array, tube: Array, axis: Array, far: Array, turn: Array, side: int, cut: SleeveCut
) -> Array:
    """The tube's upper end bent into the armhole, one cubic a column."""
    head = min(0.14, cut.sleeve * 0.75)
    reach = min(max(int(np.searchsorted(far, head)), 4), len(far) - 1)
    s = np.clip(far / far[reach], 0, 1)[:, None, None]
    goal = tube[reach]
    gap = np.linalg.norm(goal - hole, axis=-1, keepdims=True)
    over = ((1 - np.cos(turn)) / 2)[:, None]
    puffed = 1.0 if cut.puff else 0.0
    upper = np.array([side * 0.9, 0.0, -0.34 + 0.5 * puffed])
    lower = np.array([side * 0.35, 0.0, -0.9])
    leave = upper * over + lower * (1 - over)
    leave = leave + np.sin(turn)[:, None] * np.array([0, -0.25, 0])
    a = hole + leave * gap * (0.3 + 0.18 * puffed)
    b = goal - axis[reach] * gap * 0.42
    cap = (1 - s) ** 3 * hole + 3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s**2 * b + s**3 * goal
    points = np.where((far < far[reach])[:, None, None], cap, tube)
    points[0] = hole
    return points


def fold(sheet: Sheet, seed: int, cut: SleeveCut, part: Array, far: Array, crease: float) -> None:
    """Creases of a worn sleeve, and its gathers."""
    around, along = np.meshgrid(part, far)
    p, long = sheet.points, cut.sleeve
    inner = 0.5 + 0.5 * np.cos(around * 2 * np.pi)
    h = 0.0022 * drape.crumple(p, 0.06, seed + 1) + 0.0007 * drape.crumple(p, 0.024, seed + 2)
    h = h + 0.0042 * drape.hanging(p, 0.045, seed + 4)
    h = h + 0.0055 * inner * drape.stacking(around, along, 0.045, seed + 3) * drape.smooth(
        along, 0.16, 0.03
    )
    if long > 0.4:
        elbow = np.exp(-(((along - 0.31) / 0.09) ** 2))
        h = h + 0.007 * elbow * (0.4 + 0.6 * inner) * drape.stacking(around, along, 0.05, seed + 5)
        h = h + 0.005 * drape.smooth(along, long - 0.15, long) * drape.stacking(
            around, along, 0.038, seed + 6
        )
    h = h * crease
    girth = 2 * np.pi * cut.sleeve_width
    if cut.puff:
        top = pleating.gathers(part, far[:, None], girth, seed + 8, reach=0.09)
        h = h + 0.016 * top * (0.25 + 0.75 * (1 - inner))
    if cut.puff or cut.bishop:
        end = pleating.gathers(part, long - far[:, None], girth, seed + 9, reach=0.09)
        h = h + 0.015 * end
    h[:, -1] = h[:, 0]
    rise = drape.smooth(along, 0.0, 0.02)
    if cut.cuff:
        rise = rise * drape.smooth(along, long, long - 0.008)
    else:
        h = h + pleating.turned_hem(long - along, around * girth, min(0.018, long / 5), seed + 10)
    sheet.displace(h * rise)


def cuff(sheet: Sheet, side: int, height: float) -> Cloth:
    """The band at the end of a sleeve."""
    end = sheet.points[-1]
    axis = end[:-1].mean(axis=0) - sheet.points[-6][:-1].mean(axis=0)
    piece = Cloth()
    piece.add(hem_band(end, height, rib=0.0, tuck=0.002, facing=-side, down=axis))
    return piece
