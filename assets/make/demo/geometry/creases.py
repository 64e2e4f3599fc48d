"""The folds of a flat top, each drawn as tension and weight make it: a line, a height, a width.

Lines start where cloth is strained or has to spare: at the underarm, the shoulder's end, the inner
side of an elbow, above a cuff or a drawn-in hem. Heights are over the cloth, metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from scipy.spatial import cKDTree

from . import drape
from .cloth_sheet import Array
from .flat_top import FlatTop

RELIEF = 0.35
"""How much of its material's own relief a folded top keeps."""


@dataclass(frozen=True)
class Drape:
    """How a cloth folds: how high, how wide, how crumpled, and how fine its crumples are."""

    high: float = 1.0
    wide: float = 1.0
    crumple: float = 1.0
    fine: float = 1.0


DRAPES: dict[str, Drape] = {
    "jersey": Drape(1.5, 1.0, 1.2, 1.0),
    "cotton": Drape(1.9, 0.9, 1.7, 1.8),
    "linen": Drape(2.0, 0.85, 2.2, 2.4),
    "denim": Drape(2.0, 1.2, 1.5, 1.0),
    "corduroy": Drape(1.8, 1.25, 1.3, 0.5),
    "satin": Drape(1.8, 1.1, 1.1, 0.4),
    "knit": Drape(2.1, 1.35, 1.5, 0.3),
    "sweater": Drape(2.1, 1.4, 1.5, 0.2),
}
"""By material, and jersey for T-shirts, sweater for wool jumpers."""


@dataclass(frozen=True)
class Crease:
    """One fold along a line in the plane; `free`: it fades at both ends, else it starts full."""

    path: Array
    high: float
    wide: float
    free: bool = True

    def onto(self, heights: Array, x: Array, z: Array) -> None:
        """Add how far it lifts the cloth: a rounded back, steeper to one side, a furrow there."""
        reach = 5 * self.wide
        low, high = self.path.min(axis=0) - reach, self.path.max(axis=0) + reach
        near = (x > low[0]) & (x < high[0]) & (z > low[1]) & (z < high[1])
        spot = np.stack([x[near], z[near]], -1)
        away, at = cKDTree(self.path).query(spot)
        ahead, off = np.gradient(self.path, axis=0)[at], spot - self.path[at]
        aside = ahead[:, 0] * off[:, 1] - ahead[:, 1] * off[:, 0]
        s = away * np.sign(aside) / self.wide
        t = at / (len(self.path) - 1)
        along = np.sin(np.pi * t) ** 1.2 if self.free else drape.smooth(t, 0, 0.25) * (1 - t) ** 1.1
        back = np.exp(-((s / np.where(s > 0, 1.7, 0.8)) ** 2))
        heights[near] += self.high * along * (back - 0.4 * np.exp(-((s + 1.7) ** 2)))


def line(start: tuple[float, float] | Array, turn: float, length: float, bend: float) -> Array:
    """A path from a point at `turn` degrees from the horizontal, bending by `bend` degrees."""
    steps = max(int(length / 0.0025), 12)
    angle = np.radians(turn + bend * np.linspace(0, 1, steps))
    walk = np.stack([np.cos(angle), np.sin(angle)], -1) * length / steps
    return np.asarray(start) + np.cumsum(walk, axis=0)


class Folding:
    """Draws the creases of a top."""

    def __init__(self, top: FlatTop, cloth: Drape) -> None:
        self.top, self.cloth = top, cloth
        self.rng = np.random.default_rng(top.seed + 11)
        self.worn = self.rng.uniform(0.8, 1.3) * min(top.cut.fold, 1.3)
        self.made: list[Crease] = []
        twist = self.rng.choice([-1, 1])
        self._body(twist)
        for side in (-1, 1):
            self._underarm(side)
            if top.sleeves:
                self._sleeve(side)

    def height(self, x: Array, z: Array) -> Array:
        """All folds and crumples at points of the front."""
        cloth, seed = self.cloth, self.top.seed
        p = np.stack([x, 0 * x, z], -1)
        sway = [0.011 * drape.noise(p / 0.07, seed + k) for k in (1, 2)]
        wx, wz = x + sway[0], z + sway[1]
        total = np.zeros_like(x)
        for crease in self.made:
            crease.onto(total, wx, wz)
        p = np.stack([x + 3 * sway[0], 0 * x, z + 3 * sway[1]], -1)
        total = total + cloth.crumple * 0.0035 * drape.noise(p / 0.1, seed + 3)
        total = total + cloth.crumple * 0.0017 * drape.noise(p / 0.042, seed + 4)
        return total + cloth.fine * 0.0005 * drape.noise(p / 0.017, seed + 5)

    def _add(self, path: Array, high: float, wide: float, *, free: bool = True) -> None:
        rng, cloth = self.rng, self.cloth
        high = high * cloth.high * self.worn * rng.uniform(0.7, 1.25)
        self.made.append(Crease(path, high, wide * cloth.wide * rng.uniform(0.75, 1.3), free))

    def _body(self, twist: int) -> None:
        """Long soft folds that fall to the hem, and drag lines across the waist."""
        rng, cut = self.rng, self.top.cut
        low = -cut.length
        count = rng.integers(3, 7)
        for x in np.linspace(-0.8, 0.8, count) + rng.uniform(-0.15, 0.15, count):
            start = (x * cut.waist, rng.uniform(-0.75, -0.45) * cut.length)
            length = start[1] - low + 0.03
            self._add(
                line(start, -90 + 8 * x + rng.uniform(-8, 8), length * 1.4, 8 * twist),
                0.0045,
                0.017,
            )
        for _ in range(rng.integers(2, 8)):
            z = rng.uniform(-0.85, -0.4) * cut.length
            x = rng.uniform(0.0, 0.85) * rng.choice([-1, 1])
            turn = -90 + twist * rng.uniform(28, 62) + (180 if rng.random() < 0.5 else 0)
            self._add(
                line((x * cut.waist, z), turn, rng.uniform(0.1, 0.24), rng.uniform(-25, 25)),
                0.0032,
                0.011,
            )
        for side in (-1, 1):
            for _ in range(2):
                start = (side * (cut.waist - 0.004), rng.uniform(-0.8, -0.42) * cut.length)
                turn = 90 + side * (90 + rng.uniform(-35, 35))
                self._add(
                    line(start, turn, rng.uniform(0.06, 0.13), rng.uniform(-30, 30)),
                    0.0035,
                    0.009,
                    free=False,
                )

    def _underarm(self, side: int) -> None:
        """Folds that run in from the underarm, and one from the shoulder's end."""
        rng, cut = self.rng, self.top.cut
        turns = np.array([58, 22, -12, -48, -76]) + rng.uniform(-9, 9, 5)
        for turn in turns:
            start = (
                side * (cut.chest - rng.uniform(0.0, 0.02)),
                -cut.armhole + rng.uniform(-0.02, 0.03),
            )
            turn = turn if side < 0 else 180 - turn
            self._add(
                line(start, turn, rng.uniform(0.09, 0.21), rng.uniform(-22, 22)),
                0.0052,
                0.0105,
                free=False,
            )
        start = (side * (cut.shoulder - 0.015), cut.tip - 0.015)
        turn = -72 + rng.uniform(-12, 12)
        self._add(
            line(start, turn if side < 0 else 180 - turn, rng.uniform(0.14, 0.26), 14 * side),
            0.0042,
            0.016,
        )

    def _sleeve(self, side: int) -> None:
        """Folds from the underarm up the sleeve; on long ones at the elbow and the cuff too."""
        rng, cut = self.rng, self.top.cut
        lines = self.top.lines[(side + 1) // 2]
        mirror = np.array([side, 1])
        under = lines.hole[0] * mirror
        for goal in (0.25, 0.5, 0.8):
            end = lines.top[int(len(lines.top) * goal * min(0.24 / cut.sleeve, 1)) - 1] * mirror
            reach = end - under
            turn = np.degrees(np.arctan2(reach[1], reach[0])) + rng.uniform(-8, 8)
            self._add(
                line(
                    under, turn, np.linalg.norm(reach) * rng.uniform(0.6, 0.9), rng.uniform(-20, 20)
                ),
                0.005,
                0.010,
                free=False,
            )
        if cut.sleeve > 0.4:
            self._arm(lines.top, lines.bottom, mirror)
        else:
            end = (lines.top[-1] + lines.bottom[-1]) / 2 * mirror
            back = np.degrees(np.arctan2(-lines.grain[1], -lines.grain[0] * side))
            self._add(
                line(end, back + rng.uniform(-25, 25), 0.14, rng.uniform(-15, 15)),
                0.003,
                0.013,
                free=False,
            )

    def _arm(self, top: Array, bottom: Array, mirror: Array) -> None:
        rng = self.rng
        count = len(top)
        for at in rng.uniform(0.42, 0.66, 5):
            k = int(at * count)
            inner, outer = (
                bottom[k] * mirror,
                top[min(k + rng.integers(-14, 10), count - 1)] * mirror,
            )
            reach = outer - inner
            turn = np.degrees(np.arctan2(reach[1], reach[0]))
            self._add(
                line(
                    inner, turn, np.linalg.norm(reach) * rng.uniform(0.5, 0.9), rng.uniform(-30, 30)
                ),
                0.0046,
                0.0085,
                free=False,
            )
        for at in (0.72, 0.8, 0.87, 0.92, 0.96):
            k = int((at + rng.uniform(-0.03, 0.02)) * count)
            a, b = (top[k], bottom[k]) if rng.random() < 0.5 else (bottom[k], top[k])
            reach = (b - a) * mirror
            turn = np.degrees(np.arctan2(reach[1], reach[0])) + rng.uniform(-25, 25)
            self._add(
                line(
                    a * mirror,
                    turn,
                    np.linalg.norm(reach) * rng.uniform(0.6, 0.95),
                    rng.uniform(-25, 25),
                ),
                0.0042,
                0.0075,
                free=False,
            )
        for at in (0.2, 0.55):
            k = int(at * count)
            start = (top[k] * 0.5 + bottom[k] * 0.5) * mirror
            ahead = (top[k + 5] - top[k]) * mirror
            turn = np.degrees(np.arctan2(ahead[1], ahead[0])) + rng.uniform(-14, 14)
            self._add(line(start, turn, 0.2, rng.uniform(-12, 12)), 0.0035, 0.013)


def fold(top: FlatTop, cloth: Drape) -> None:
    """Put the folds into front and sleeves, and let all of it lie a little uneven.

    Edges stay together where they are sewn.
    """
    folding = Folding(top, cloth)
    cut = top.cut
    for sheet in (top.front, *top.sleeves):
        p = sheet.points
        x, z = p[..., 0], p[..., 2]
        loose = np.clip(np.abs(p[..., 1]) / (0.5 * top.loft), 0, 1)
        under_neck = np.hypot(x, np.minimum(z + cut.neck_drop, 0))
        calm = 0.2 + 0.8 * drape.smooth(under_neck, cut.neck, cut.neck + 0.08)
        rise = folding.height(x, z) * loose * calm * np.sign(p[..., 1])
        sheet.points = p + np.stack([0 * x, rise, 0 * x], -1)
    for sheet in (top.front, top.back, *top.sleeves):
        sheet.points = sheet.points + _uneven(sheet.points, top.seed)
        sheet._normals = None


def _uneven(p: Array, seed: int) -> Array:
    """How nothing that hangs or lies is quite straight: shifts in the plane, none in the middle."""
    q = p * np.array([1.0, 0.0, 1.0])
    share = 0.25 + 0.75 * drape.smooth(np.abs(p[..., 0]), 0.02, 0.16)
    shifts = [
        0.007 * drape.noise(q / 0.24, seed + k) + 0.0026 * drape.noise(q / 0.075, seed + 3 + k)
        for k in (61, 62)
    ]
    return np.stack([shifts[0] * share, 0 * share, 0.8 * shifts[1] * share], -1)


def spare(made: Sequence[bpy.types.Object]) -> None:
    """Leave what is made of folded cloth little of its material's own relief."""
    for item in made:
        item.color[3] = min(item.color[3], RELIEF)
