"""Trousers and shorts on an invisible body: two legs, seat, waistband.

Heights count from the waist seam (z = 0) downwards; the front faces -Y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import bpy
import numpy as np

from . import drape
from .bands import band, hem_band
from .cloth_sheet import Array, Cloth, Face, Sheet, spline


@dataclass(frozen=True)
class LegCut:
    """The measures of trousers, metres; leg widths as seen from the front."""

    length: float = 1.02
    rise: float = 0.26
    waist: float = 0.185
    hip: float = 0.214
    thigh: float = 0.202
    knee: float = 0.168
    hem: float = 0.145
    stance: float = 0.028
    depth: float = 0.115
    band: float = 0.04
    crease: float = 0.0
    fold: float = 1.0
    pleats: float = 0.0
    flare: float = 0.0

    @classmethod
    def of(cls, shape: Mapping[str, float | str], **more: float | str) -> LegCut:
        """The cut in a silhouette's mapping; other keys of the mapping are not ours."""
        ours = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in {**more, **shape}.items() if k in ours})

    @property
    def knee_at(self) -> float:
        """Height of the knee."""
        return -self.rise - 0.34

    def inner(self, z: Array) -> Array:
        """Distance of a leg's inner edge from the middle."""
        t = np.clip((-self.rise - z) / 0.76, 0, 1)
        return self.stance * t + 0.004 * drape.smooth(z, -self.rise, -self.rise - 0.03)

    def outer(self, z: Array) -> Array:
        """Distance of the outer edge from the middle."""
        knots = [
            (0.0, self.waist),
            (-0.1, self.waist * 0.42 + self.hip * 0.58),
            (-0.2, self.hip),
        ]
        legs = [(-self.rise - 0.05, self.thigh), (self.knee_at, self.knee), (-1.02, self.hem)]
        if self.flare:
            legs[-1] = (-1.02, self.hem + self.flare)
        for at, wide in legs:
            knots.append((at, wide + float(self.inner(np.array(at)))))
        return spline(z, knots)


class Legs:
    """Front and back sheets of both legs, sewn at side seams, inseams and seat."""

    def __init__(self, cut: LegCut, seed: int, *, rows: int = 0) -> None:
        self.cut = cut
        self.seed = seed
        rows = rows or int(30 + 130 * cut.length)
        half = np.linspace(0, np.pi, 56)
        self.us = (1 - np.cos(half)) / 2
        self.vs = np.linspace(0, 1, rows)
        self.sheets = {
            (side, back): self._panel(side, back=back) for side in (-1, 1) for back in (False, True)
        }

    def _top(self, x: Array, *, back: bool) -> Array:
        t = np.clip(np.abs(x) / self.cut.waist, 0, 1)
        return (0.012 if back else -0.016) * (1 - t**2)

    def _panel(self, side: int, *, back: bool) -> Sheet:
        cut = self.cut
        u, v = np.meshgrid(self.us, self.vs)
        top = self._top(u * cut.waist, back=back)
        z = -cut.length + (cut.length + top) * v
        low, high = cut.inner(z), cut.outer(z)
        x = low + (high - low) * u
        trunk = np.sqrt(np.maximum(1 - (np.minimum(x / high, 1)) ** 2.4, 0))
        trunk_depth = spline(
            z,
            [(0.02, cut.depth * 0.84), (-0.12, cut.depth * (1.12 if back else 1.0)),
             (-cut.rise, cut.depth)],
        )  # fmt: skip
        leg = np.sqrt(np.maximum(1 - np.abs(2 * u - 1) ** 2.3, 0))
        leg_depth = (high - low) * 0.5 * 0.92
        joined = drape.smooth(z, -cut.rise - 0.01, -cut.rise + 0.11)
        y = -(trunk * trunk_depth * joined + leg * leg_depth * (1 - joined))
        y = -y if back else y
        points = np.stack([side * x, y, z], -1)
        across = np.linalg.norm(np.diff(points, axis=1), axis=-1)
        run = np.concatenate([np.zeros((len(across), 1)), np.cumsum(across, axis=1)], axis=1)
        # The grain runs down the middle of the leg: measure from there, not from the inseam.
        middle = run[:, len(self.us) // 2][:, None]
        cloth_u = side * (run - middle) + side * 0.12 + (3.0 if back else 0.0)
        facing = side * (-1 if back else 1)
        return Sheet(points, self.us, self.vs, np.stack([cloth_u, z], -1), facing)

    def at(self, x: Array, z: Array, *, back: bool = False) -> tuple[Array, Array]:
        """The (u, v) of a place on a leg; x counts outwards from the middle."""
        cut = self.cut
        low, high = cut.inner(z), cut.outer(z)
        u = np.clip((np.abs(x) - low) / (high - low), 0, 1)
        top = self._top(u * cut.waist, back=back)
        return u, (z + cut.length) / (cut.length + top)

    def face(self, side: int, *, back: bool = False) -> Face:
        """One side's front (or back) for placing pockets and the like; x has the side's sign."""
        return Face(self.sheets[side, back], lambda x, z: self.at(x, z, back=back))

    def fold(self, *, amount: float = 1.0, hems: float = 1.0) -> None:
        """The folds of worn trousers: crotch whiskers, knees, stacked hems; ironed creases."""
        cut, seed = self.cut, self.seed
        amount = 1.35 * amount * cut.fold
        for (side, _), sheet in self.sheets.items():
            p = sheet.points
            x, z = np.abs(p[..., 0]), p[..., 2]
            low, high = cut.inner(z), cut.outer(z)
            part = (x - low) / (high - low)
            span = -z
            h = 0.0075 * drape.radiating(
                p, (0.0, -cut.rise + 0.02), seed + 1 + side, spokes=2.8, reach=0.19
            )
            h = h + 0.0042 * drape.crumple(p, 0.085, seed + 5)
            h = h + 0.0012 * drape.crumple(p, 0.03, seed + 6)
            knee = np.exp(-(((z - cut.knee_at) / 0.14) ** 2))
            ankle = drape.smooth(z, -cut.length + 0.22, -cut.length + 0.02) * (cut.length > 0.8)
            around = part * 0.5 + 0.25 * (p[..., 1] > 0)
            if cut.length > 0.7:
                h = h + 0.0062 * knee * drape.stacking(around + 7 * side, span, 0.085, seed + 7)
                h = h + 0.0065 * hems * ankle * drape.stacking(
                    around + 9 * side, span, 0.055, seed + 8
                )
            wide = np.clip((high - low - 0.15) / 0.08, 0, 1)
            h = h + (0.004 + 0.012 * wide) * drape.hanging(p, 0.085, seed + 9) * drape.smooth(
                z, -cut.rise * 0.8, -cut.rise - 0.35
            )
            h = h * amount * drape.smooth(z, 0.0, -0.05)
            if cut.crease:
                ridge = np.exp(-(((part - 0.5) * (high - low) / 0.011) ** 2))
                h = h + cut.crease * ridge * drape.smooth(z, -0.1, -0.3)
            if cut.pleats:
                for place in (0.42, 0.62):
                    fold = np.exp(-(((part - place) * (high - low) / 0.012) ** 2))
                    h = h + cut.pleats * fold * drape.smooth(z, -0.32, -0.02)
            sheet.displace(h)
        self._close()

    def _close(self) -> None:
        cut = self.cut
        for back in (False, True):
            left, right = self.sheets[-1, back].points, self.sheets[1, back].points
            mean = (left[:, 0] * np.array([-1, 1, 1]) + right[:, 0]) / 2
            above = self.vs * cut.length - cut.length >= -cut.rise - 0.012
            mean[:, 0] = 0.0
            right[above, 0] = mean[above]
            left[above, 0] = mean[above]
        for side in (-1, 1):
            front, back = self.sheets[side, False].points, self.sheets[side, True].points
            below = self.vs * cut.length - cut.length < -cut.rise - 0.004
            for column, rows in ((-1, np.ones_like(below)), (0, below)):
                mean = (front[rows, column] + back[rows, column]) / 2
                front[rows, column] = mean
                back[rows, column] = mean

    def waist_loop(self) -> Array:
        """Closed loop along the waist: front from left to right, back from right to left."""
        s = self.sheets
        return np.concatenate(
            [
                s[-1, False].points[-1][::-1],
                s[1, False].points[-1][1:],
                s[1, True].points[-1][::-1][1:],
                s[-1, True].points[-1][1:],
            ]
        )

    def hem_loop(self, side: int) -> Array:
        """Closed loop round a leg's end: front from left to right, back from right to left."""
        front, back = self.sheets[side, False].points[0], self.sheets[side, True].points[0]
        if side < 0:
            front, back = front[::-1], back[::-1]
        return np.concatenate([front, back[-2::-1]])

    def sew(self) -> Cloth:
        """All four sheets as one piece of cloth."""
        cloth = Cloth()
        for sheet in self.sheets.values():
            cloth.add(sheet)
        return cloth

    def waistband(self, *, rib: float = 0.0, tuck: float = 0.0) -> Sheet:
        """The band above the waist seam; `rib` gathers it over elastic."""
        loop = self.waist_loop()
        out = (loop - loop.mean(axis=0)) * np.array([1.0, 1.6, 0.0])
        high = self.cut.band
        profile = [
            (0.0, -0.003),
            (0.003, -0.001),
            (0.0032 - tuck, high * 0.2),
            (0.001 - tuck, high * 0.95),
            (-0.002 - tuck, high),
        ]
        return band(
            loop, np.array([0, 0, 1.0]), out, profile, rib=rib, depth=0.0016, rows=12, facing=1
        )

    def cuffs(self, height: float, material: bpy.types.Material) -> list[bpy.types.Object]:
        """Ribbed cuffs at the ankles."""
        made = []
        for side in (-1, 1):
            cuff = Cloth()
            cuff.add(hem_band(self.hem_loop(side), height, tuck=0.02, facing=-1))
            made.append(cuff.make("cuff", material, thickness=0.003))
        return made
