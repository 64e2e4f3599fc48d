"""How coats and jackets hang: a shaped body with the folds of its cloth, sleeves set in."""

from __future__ import annotations

import numpy as np

from ..spec import Spec
from . import drape, folds, set_in, wadding
from .bodice import Bodice, smooth_edge
from .cloth_sheet import Array
from .folds import Fold

_CREASED = {
    "nylon": 1.25, "cotton": 1.1, "leather": 1.15, "linen": 1.2, "denim": 1.0, "suede": 0.9,
    "wool": 0.75, "tweed": 0.75, "felt": 0.6, "corduroy": 0.85,
}  # fmt: skip
"""How much a cloth folds: the heavier and softer, the less."""

_BANDED = ("bomber", "varsity", "harrington", "denim", "biker")
"""Styles whose hem is held by a band."""

_GATHERED = {"trench": 1.0, "wrap": 1.0, "parka": 0.55}
"""How far a belt or a cord draws the waist in."""


def hang(bodice: Bodice, spec: Spec) -> None:
    """Let the coat or jacket hang on a body.

    Wadded ones keep their own shape: folds under the channels would tear them apart.
    """
    if "swell" in spec.shape:
        bodice.fold(amount=0.7)
        wadding.puff(bodice, spec.shape)
        if bodice.cut.sleeve:
            bodice.add_sleeves(folds=1.0, rows=120)
            wadding.puff_sleeves(bodice, spec.shape)
        return
    amount = _CREASED.get(spec.material, 0.8)
    style = str(spec.shape["style"])
    _fold_body(bodice, amount, banded=style in _BANDED, gathered=_GATHERED.get(style, 0.0))
    _tuck(bodice)
    bodice.sleeves = [set_in.set_in(bodice, side, creased=amount) for side in (-1, 1)]


def _tuck(bodice: Bodice) -> None:
    """Draw the underarm's corner in, so that it lies behind the sleeve that is set in there."""
    side = drape.smooth(np.abs(bodice.us), 0.75, 1.0)[None]
    for sheet in (bodice.front, bodice.back):
        near = np.exp(-(((sheet.points[..., 2] + bodice.cut.armhole) / 0.06) ** 2))
        sheet.points[..., 0] *= 1 - 0.13 * near * side
        sheet.displace(np.zeros(near.shape))


def _fold_body(bodice: Bodice, amount: float, *, banded: bool, gathered: float) -> None:
    cut = bodice.cut
    for number, sheet in enumerate((bodice.front, bodice.back)):
        rng = np.random.default_rng(bodice.seed + 300 + number)
        points = sheet.points
        x, z = points[..., 0], points[..., 2]
        laid = _strained(bodice, rng)
        height = amount * folds.raised(x, z, laid, bodice.seed + number)
        height = height + 0.005 * amount * drape.noise(points / 0.13, bodice.seed + 310)
        if gathered:
            height = height + gathered * _gathered(bodice, x, z, rng)
        if cut.length > 0.7 and not banded:
            skirt = _flutes(bodice, rng, belted=gathered > 0.7)
            height = height + folds.raised(x, z, skirt, bodice.seed + 320 + number)
        sheet.displace(height * _inside(bodice))
        low = drape.smooth(z, -cut.length + 0.2, -cut.length) * (not banded)
        sheet.points[..., 2] -= 0.3 * height * low * drape.smooth(np.abs(bodice.us), 1.0, 0.85)
    _join_sides(bodice, amount)


def _join_sides(bodice: Bodice, amount: float) -> None:
    """Front and back meet at side seams that are not quite straight."""
    mean = (bodice.front.points[:, [0, -1]] + bodice.back.points[:, [0, -1]]) / 2
    z = mean[..., 2]
    run = np.stack([z / 0.075, np.broadcast_to([3.0, 9.0], z.shape), 0 * z], -1)
    sway = 0.006 * amount * drape.noise(run, bodice.seed + 340)
    mean[..., 0] += sway * np.array([-1, 1]) * drape.smooth(z, -bodice.cut.armhole, -0.32)
    below = bodice.front.points[:, [0, -1], 2] < -bodice.cut.armhole
    for sheet in (bodice.front, bodice.back):
        shift = np.where(below[..., None], mean - sheet.points[:, [0, -1]], 0.0)
        for column, side in ((0, -1), (1, 1)):
            near = drape.smooth(side * bodice.us, 0.86, 1.0)[None, :, None]
            sheet.points = sheet.points + shift[:, column : column + 1] * near
        sheet.displace(np.zeros(sheet.points.shape[:2]))


def _strained(bodice: Bodice, rng: np.random.Generator) -> list[Fold]:
    """Drag lines from armhole and shoulder, and short folds at the waist's side seams."""
    cut = bodice.cut
    waist = float(cut.half_width(np.array(-cut.waist_at)))
    laid = []
    for side in (-1, 1):
        edge = side * (cut.shoulder - 0.03)
        for _ in range(2):
            z = -cut.armhole + rng.uniform(-0.01, 0.08)
            end = (side * rng.uniform(0.07, 0.12), z - rng.uniform(0.05, 0.14))
            laid.append(Fold((edge, z), end, rng.uniform(0.011, 0.016), 0.009, 0.01 * side))
        top = side * (cut.shoulder - rng.uniform(0.035, 0.05))
        laid.append(Fold((top, -0.12), (top - side * 0.02, -0.36), 0.018, 0.012, 0.01 * side, 0.9))
        for _ in range(3):
            z = -cut.waist_at + rng.uniform(-0.05, 0.07)
            end = (side * (waist - rng.uniform(0.08, 0.13)), z + rng.uniform(-0.035, 0.05))
            laid.append(Fold((side * (waist + 0.02), z), end, 0.012, 0.010, 0.008 * side))
    return laid


def _flutes(bodice: Bodice, rng: np.random.Generator, *, belted: bool) -> list[Fold]:
    """Long folds in which the skirt of a coat falls, deepest at the hem."""
    cut = bodice.cut
    places = (0.3, 0.56, 0.84) if belted else (0.46, 0.8)[: int(rng.integers(1, 3))]
    laid = []
    for side in (-1, 1):
        for at in places:
            at = at + rng.uniform(-0.1, 0.07)
            top = -cut.waist_at - rng.uniform(0.0, 0.14)
            start = (side * at * cut.waist, top)
            end = (side * (at + 0.04) * cut.hem, -cut.length - 0.02)
            high = rng.uniform(0.014, 0.034) * (1.25 if belted else 0.85)
            wide = rng.uniform(0.018, 0.032)
            laid.append(Fold(start, end, wide, high, 0, 0.8, open_end=True))
    return laid


def _gathered(bodice: Bodice, x: Array, z: Array, rng: np.random.Generator) -> Array:
    """The folds that a belt draws in, above and below it."""
    cut = bodice.cut
    laid = []
    for side in (-1, 1):
        for at in np.arange(0.22, 0.98, 0.13):
            at = at + rng.uniform(-0.05, 0.05)
            start = (side * at * cut.waist, -cut.waist_at)
            down = rng.uniform(0.07, 0.2)
            laid.append(
                Fold(start, (start[0] * 1.12, start[1] - down), rng.uniform(0.008, 0.014), 0.015)
            )
            up = rng.uniform(0.06, 0.13)
            laid.append(
                Fold(start, (start[0] * 1.05, start[1] + up), rng.uniform(0.008, 0.014), 0.012)
            )
    return folds.raised(x, z, laid, bodice.seed + 330)


def _inside(bodice: Bodice) -> Array:
    """1 within a panel and at its side seams, 0 at neck, shoulder and armhole."""
    z = bodice.front.points[..., 2]
    hole = smooth_edge(np.abs(bodice.us))[None] * drape.smooth(
        z, -bodice.cut.armhole - 0.04, -bodice.cut.armhole + 0.02
    )
    return (1 - hole) * drape.smooth(bodice.vs, 1.0, 0.9)[:, None]
