"""Trousers and shorts on hidden hips and legs: two legs, seat, waistband.

Heights count from the waist seam (z = 0) downwards; the front faces -Y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import bpy
import numpy as np

from . import drape, draping, mannequin
from .bands import band
from .cloth_sheet import Array, Cloth, Face, Sheet, spline


@dataclass(frozen=True)
class LegCut:
    """The measures of trousers, metres; leg widths as seen from the front.

    `cuffed` trousers end in a cuff of that height, over which cloth longer than the leg by the
    share `slack` blouses; `breaks` is how deep the folds are where a leg meets the shoe, `flute`
    those in which wide legs hang, and `phase` where they are; `gather` those under elastic.
    """

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
    pleats: float = 0.0
    flare: float = 0.0
    slack: float = 0.0
    breaks: float = 0.004
    cuffed: float = 0.0
    flute: float = 0.0
    phase: float = 0.0
    gather: float = 0.0

    @classmethod
    def of(cls, shape: Mapping[str, float | str]) -> LegCut:
        """The cut in a silhouette's mapping; other keys of the mapping are not ours."""
        ours = {f.name for f in fields(cls)}
        return cls(**{k: float(v) for k, v in shape.items() if k in ours})

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
        low = -1.02 if self.length > 0.8 else -self.length
        knots = [
            (0.0, self.waist),
            (-0.1, self.waist * 0.42 + self.hip * 0.58),
            (-0.2, self.hip),
        ]
        legs = [(-self.rise - 0.05, self.thigh), (self.knee_at, self.knee)]
        if self.length < 0.8:  # straight from hip or thigh to the hem
            legs = legs[:1] if low < -self.rise - 0.2 and self.hem < self.thigh else []
        legs.append((low, self.hem + self.flare))
        if self.cuffed:
            legs[-1:] = [(low + 0.1, self.hem * 1.42), (low + 0.03, self.hem * 1.24)]
            legs.append((low, self.hem))
        for at, wide in legs:
            knots.append((at, wide + float(self.inner(np.array(at)))))
        return spline(z, knots)


class Legs:
    """Front and back sheets of both legs, sewn at side seams, inseams and seat."""

    def __init__(self, cut: LegCut, seed: int) -> None:
        self.cut = cut
        self.seed = seed
        half = np.linspace(0, np.pi, 56)
        self.us = (1 - np.cos(half)) / 2
        self.vs = np.linspace(0, 1, int(30 + 130 * cut.length))
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
        points = np.stack([side * x, -y if back else y, z], -1)
        points = self._fluted(points, u, side, back=back)
        return self._piece(points, z, side, back=back)

    def _fluted(self, points: Array, u: Array, side: int, *, back: bool) -> Array:
        """Legs that hang free start in soft upright folds."""
        cut = self.cut
        if not cut.flute:
            return points
        turn = np.pi * (2 - u if back else u)
        z = points[..., 2]
        middle = side * (cut.inner(z) + cut.outer(z)) / 2
        wave = np.sin(5 * turn + cut.phase + 2.1 * side) + 0.6 * np.sin(3 * turn - cut.phase)
        grow = 1 + cut.flute * wave * drape.smooth(z, -cut.rise - 0.02, -cut.length)
        points = points.copy()
        points[..., 0] = middle + (points[..., 0] - middle) * grow
        points[..., 1] *= grow
        return points

    def _piece(self, points: Array, z: Array, side: int, *, back: bool) -> Sheet:
        """The sheet with its flat piece: arc lengths across, heights along."""
        cut = self.cut
        across = np.linalg.norm(np.diff(points, axis=1), axis=-1)
        run = np.concatenate([np.zeros((len(across), 1)), np.cumsum(across, axis=1)], axis=1)
        # The grain runs down the middle of the leg: measure from there, not from the inseam.
        middle = run[:, len(self.us) // 2][:, None]
        cloth_u = side * (run - middle) + side * 0.12 + (3.0 if back else 0.0)
        slack = cut.slack * drape.smooth(z, -cut.rise, -cut.length + 0.1)
        facing = side * (-1 if back else 1)
        uv = np.stack([cloth_u, z + slack * (z + cut.rise)], -1)
        return Sheet(points, self.us, self.vs, uv, facing)

    # places on the legs ------------------------------------------------------------------------

    def at(self, x: Array, z: Array, *, back: bool = False) -> tuple[Array, Array]:
        """The (u, v) of a place on a leg as cut; x counts outwards from the middle."""
        cut = self.cut
        low, high = cut.inner(z), cut.outer(z)
        u = np.clip((np.abs(x) - low) / (high - low), 0, 1)
        top = self._top(u * cut.waist, back=back)
        return u, (z + cut.length) / (cut.length + top)

    def face(self, side: int, *, back: bool = False) -> Face:
        """One side's front (or back) for placing pockets and the like; x has the side's sign."""
        return Face(self.sheets[side, back], lambda x, z: self.at(x, z, back=back))

    def piece(self, side: int) -> Face:
        """One leg's front in metres of cloth: x counts outwards from the side seam (negative)."""
        sheet = self.sheets[side, False]
        run = side * (sheet.uv[..., 0] - sheet.uv[:, -1:, 0])

        def at(x: Array, z: Array) -> tuple[Array, Array]:
            x, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(z, float))
            v = (z + self.cut.length) / self.cut.length
            rows = np.clip(np.rint(v * (len(self.vs) - 1)), 0, len(self.vs) - 1).astype(int)
            u = np.empty_like(x)
            for row in np.unique(rows):
                here = rows == row
                u[here] = np.interp(x[here], run[row], self.us)
            return u, v

        return Face(sheet, at)

    def ring(self, side: int, vs: Array, lift: Array, *, shift: float = 0.0) -> Sheet:
        """A layer round a leg at heights v, raised by `lift`; its print is shifted upwards."""
        front, back = self.sheets[side, False], self.sheets[side, True]
        u, v = np.meshgrid(self.us, vs)
        points = np.concatenate([front.sample(u, v), back.sample(u, v)[:, -2::-1]], axis=1)
        out = np.concatenate(
            [front.mixed(front.normals, u, v), back.mixed(back.normals, u, v)[:, -2::-1]], axis=1
        )
        out[:, 0] = out[:, -1] = out[:, 0] + out[:, -1]
        # At the side seams both sheets' normals count, or the layer would gape there.
        seam = len(self.us) - 1
        out[:, seam] = out[:, seam - 1] + out[:, seam + 1]
        out /= np.linalg.norm(out, axis=-1, keepdims=True) + 1e-12
        points = points + out * lift[:, None, None]
        uv = np.concatenate([front.cloth(u, v), back.cloth(u, v)[:, -2::-1]], axis=1)
        uv = uv + [0.0, shift]
        us = np.linspace(0, 1, points.shape[1])
        return Sheet(points, us, np.linspace(0, 1, len(vs)), uv, side)

    # settling ----------------------------------------------------------------------------------

    def settle(self, material: str) -> None:
        """Let the cloth hang on hidden hips and legs, then press and gather it."""
        self._close()
        cut = self.cut
        pins = []
        for sheet in self.sheets.values():
            held = np.zeros(sheet.points.shape[:2])
            held[-1] = 1.0
            if cut.cuffed:
                held[0] = 1.0
            # The seat's seam is taped: it keeps its curve.
            z = sheet.points[:, 0, 2]
            held[:, 0] = np.maximum(held[:, 0], 0.92 * (z > -cut.rise - 0.012))
            pins.append(held)
        draping.drape(list(self.sheets.values()), self._body(), material, pins=pins)
        self._press()

    def _body(self) -> list[mannequin.Solid]:
        """Hips and legs that fill the cut."""
        cut = self.cut
        hips = mannequin.legs(
            waist=cut.waist - 0.008, hip=cut.hip - 0.012, depth=cut.depth - 0.006,
            crotch=0.13 - cut.rise,
        )[0]  # fmt: skip
        # Longer than legs that hang free, so that their hems don't catch on its end.
        down = np.linspace(-cut.rise + 0.15, -cut.length - (0.0 if cut.cuffed else 0.08), 30)
        low = np.clip(down, -cut.length, -cut.rise - 0.05)
        inner, outer = cut.inner(low), cut.outer(low)
        usual = spline(down, [(-1.0, 0.05), (-0.62, 0.066), (-0.3, 0.092), (0.0, 0.085)])
        radii = np.minimum((outer - inner) / 2 * 0.78 - 0.004, usual)
        middle = np.minimum((inner + outer) / 2, inner + radii + 0.03)
        middle = np.minimum(middle, cut.outer(np.maximum(down, -cut.length)) - radii - 0.014)
        made = [hips]
        for side in (-1, 1):
            path = np.stack([side * middle, np.zeros_like(down), down], -1)
            made.append(mannequin.tube(path, radii, flat=0.9))
        return made

    def _press(self) -> None:
        """What iron and needle do after hanging: creases, pleats, gathers, a crumpled hand."""
        cut, seed = self.cut, self.seed
        for sheet in self.sheets.values():
            p = sheet.points
            u, v = np.meshgrid(sheet.us, sheet.vs)
            z = -cut.length * (1 - v)
            wide = cut.outer(z) - cut.inner(z)
            h = 0.0014 * drape.crumple(p, 0.06, seed + 5) + 0.0006 * drape.crumple(p, 0.02, seed)
            h = h + 0.0045 * drape.radiating(
                p, (0.0, -cut.rise + 0.02), seed + 1, spokes=2.8, reach=0.17
            )
            if cut.length > 0.8:
                knee = np.exp(-(((z - cut.knee_at) / 0.13) ** 2))
                around = u * 0.5 + 0.25 * (p[..., 1] > 0)
                h = h + 0.0034 * knee * drape.stacking(around, -z, 0.085, seed + 7)
                ankle = drape.smooth(z, -cut.length + 0.2, -cut.length + 0.05)
                ankle = ankle * drape.smooth(z, -cut.length, -cut.length + 0.03)
                h = h + cut.breaks * ankle * drape.stacking(around, -z, 0.06, seed + 8)
            h = h * drape.smooth(z, -0.01, -0.06)
            if cut.crease:
                ridge = np.exp(-np.abs(u - 0.5) * wide / 0.009)
                h = h + cut.crease * ridge * drape.smooth(z, -0.05, -0.2)
            if cut.pleats:
                for place in (0.44, 0.66):
                    step = (u - place) * wide
                    fold = np.where(step > 0, np.exp(-step / 0.016), np.exp(step / 0.002))
                    h = h + cut.pleats * fold * drape.smooth(z, -0.26, -0.04)
            if cut.gather:
                pucker = np.sin(u * 52 + 2 * np.sin(u * 9)) + 0.5 * np.sin(u * 87 + 1.0)
                h = h + cut.gather * pucker * drape.smooth(z, -0.05, -0.005)
                if cut.cuffed:
                    h = h + cut.gather * pucker * drape.smooth(v * cut.length, 0.07, 0.005)
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

    # what is made of them ----------------------------------------------------------------------

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

    def sew(
        self, cloth: bpy.types.Material, other: bpy.types.Material, block: str
    ) -> list[bpy.types.Object]:
        """The legs; `block` says which part is of the other cloth ("" for none)."""
        main, second = Cloth(), Cloth()
        u, v = np.meshgrid((self.us[1:] + self.us[:-1]) / 2, (self.vs[1:] + self.vs[:-1]) / 2)
        for (side, _), sheet in self.sheets.items():
            chosen = {
                "legs": np.full(u.shape, side < 0),
                "sides": u > 0.74,
                "lower": v * self.cut.length < self.cut.length * 0.42,
            }.get(block, np.zeros(u.shape, dtype=bool))
            if chosen.any():
                second.add(sheet, keep=chosen)
            if not chosen.all():
                main.add(sheet, keep=~chosen)
        made = [main.make("trousers", cloth)]
        if block:
            made.append(second.make("other cloth", other))
        return made

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

    def hem_loop(self, side: int) -> Array:
        """Closed loop round a leg's end: front from left to right, back from right to left."""
        front, back = self.sheets[side, False].points[0], self.sheets[side, True].points[0]
        if side < 0:
            front, back = front[::-1], back[::-1]
        return np.concatenate([front, back[-2::-1]])
