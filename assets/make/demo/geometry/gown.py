"""The upper part of a dress on a hidden woman's figure: front and back, neckline, armholes.

Heights count from the shoulder point beside the neck (z = 0) downwards; the front faces -Y. It
has what `collars` asks of a bodice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import drape
from .cloth_sheet import Array, Cloth, Sheet, spline
from .hanging import hips
from .two_sided import TopMeasures, TwoSided

WAIST = -0.41
"""Height of the figure's waist."""


def figure(z: Array) -> tuple[Array, Array, Array]:
    """Half width, depth in front and depth behind of the whole figure."""
    z = np.asarray(z, dtype=float)
    at = [WAIST, -0.34, -0.26, -0.2, -0.1, 0.0]
    wide = _rounded(z, at, [0.13, 0.139, 0.153, 0.152, 0.15, 0.1])
    front = _rounded(z, at, [0.088, 0.101, 0.122, 0.113, 0.085, 0.05])
    behind = _rounded(z, at, [0.085, 0.092, 0.1, 0.104, 0.1, 0.06])
    low = hips(z - WAIST)
    return tuple(np.where(z < WAIST, a, b) for a, b in zip(low, (wide, front, behind), strict=True))  # type: ignore[return-value]


def _rounded(z: Array, at: list[float], measures: list[float]) -> Array:
    return spline(z, list(zip(at, measures, strict=True)))


@dataclass(frozen=True)
class GownCut(TopMeasures):
    """The measures of a dress's upper part, metres; half widths as seen from the front."""

    bodice: float = 0.4
    shoulder: float = 0.172
    slope: float = 0.34
    armhole: float = 0.215
    room: float = 0.006
    front_width: float = 0.142
    neck: float = 0.078
    neck_drop: float = 0.1
    neck_back: float = 0.02
    neck_shape: str = "round"
    sleeve: float = 0.0
    sleeve_width: float = 0.062
    cuff_width: float = 0.056
    arm_angle: float = 17.0
    elbow: float = 12.0
    whole: float = 0.0
    ease: float = 0.03
    flare: float = 0.0
    strap: float = 0.0
    strap_at: float = 0.085
    edge: float = 0.19
    back_edge: float = 0.215

    def shoulder_line(self, x: Array) -> Array:
        """Height of the shoulder seam at x, prolonged over the neck."""
        far = np.maximum(np.abs(x) - self.shoulder + 0.045, 0)
        return -(np.abs(x) - self.neck) * self.slope - 0.5 * far**1.5

    def half_width(self, z: Array) -> Array:
        """Half width of the front at height z: side seam, then armhole."""
        side = self._loose(z) if self.whole else figure(z)[0] + self.room
        chest = float(figure(np.array(-self.armhole))[0]) + self.room
        if self.strap:
            return side
        s = np.clip((z + self.armhole) / (self.armhole + self.tip), 0, 1)
        inner = min(self.front_width, self.shoulder - 0.004)
        hole = spline(
            s,
            [
                (0.0, chest),
                (0.12, chest * 0.4 + inner * 0.6),
                (0.38, inner),
                (0.7, inner * 0.8 + self.shoulder * 0.2),
                (1.0, self.shoulder),
            ],
        )
        return np.where(z < -self.armhole, side, hole)

    def _loose(self, z: Array) -> Array:
        """The side of a dress without a waist: straight over the hips, a little flared below."""
        chest = float(figure(np.array(-self.armhole))[0]) + self.room
        hip, low = WAIST - 0.2, min(-self.bodice, WAIST - 0.25)
        wide = float(figure(np.array(hip))[0]) + self.ease / 2
        hem = wide + 1.3 * self.flare * (hip - low)
        waist = (chest + wide) / 2 - 0.008
        knots = [(low, hem), (hip, wide), (WAIST, waist), (-self.armhole, chest)]
        return spline(z, knots)

    def neckline(self, x: Array, *, back: bool) -> Array:
        """Height of the neck edge at x within the neck."""
        t = np.clip(np.abs(x) / self.neck, 0, 1)
        if back:
            return -self.neck_back * (1 - t**2.4)
        drop = self.neck_drop
        if self.neck_shape == "v":
            return -drop * (1 - t**1.08)
        if self.neck_shape == "square":
            return -drop * (1 - t**12)
        if self.neck_shape == "boat":
            return -drop * (1 - t**2.2)
        if self.neck_shape == "sweetheart":
            return -drop * (1 - t**7) - 0.03 * np.exp(-((t / 0.3) ** 2)) * (1 - t)
        return -drop * np.sqrt(1 - np.minimum(t**2.3, 1))

    def top(self, x: Array, *, back: bool) -> Array:
        """Height of the upper edge at x."""
        if self.strap:
            return self._strapped(np.abs(x), back=back)
        return np.where(np.abs(x) < self.neck, self.neckline(x, back=back), self.shoulder_line(x))

    def _strapped(self, x: Array, *, back: bool) -> Array:
        """The edge that hangs from straps: highest where they are sewn on."""
        under = -self.armhole - 0.012
        if back:
            t = np.clip(x / 0.16, 0, 1)
            return -self.back_edge + (under + self.back_edge) * t**3
        t = np.clip(x / self.strap_at, 0, 1)
        dip = {
            "v": 0.075 * (1 - t**1.05),
            "sweetheart": 0.032 * np.exp(-((t / 0.4) ** 2)) * (1 - t**4),
            "cowl": 0.085 * (1 - t**1.5) ** 1.1,
            "round": 0.05 * (1 - t**2.2),
        }.get(self.neck_shape, 0.004 * (1 - t**2))
        far = np.clip((x - self.strap_at) / (0.156 - self.strap_at), 0, 1)
        return -self.edge - dip + (under + self.edge) * far**0.8


class Gown(TwoSided):
    """Front and back sheets; knows where its edges are."""

    def __init__(self, cut: GownCut, seed: int) -> None:
        self.cut, self.seed = cut, seed
        rows = 160 if cut.whole else 96
        inner = 0.45 if cut.strap else cut.neck / cut.shoulder
        side = inner + (1 - inner) * (1 - np.cos(np.linspace(0, np.pi, 30))) / 2
        middle = inner * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 61))
        self.us = np.concatenate([-side[:0:-1], middle, side[1:]])
        t = np.linspace(0, 1, rows)
        self.vs = 1 - (1 - t) ** 1.25
        self.front = self._panel(back=False)
        self.back = self._panel(back=True)
        # rows below the armhole: side seams
        self.under = int(np.searchsorted(self.front.points[:, 0, 2], 0.002 - cut.armhole))
        if cut.strap:
            self.under = rows
        self.join()

    # --- shape -------------------------------------------------------------------------------

    def _bounds(self, u: Array, *, back: bool) -> tuple[Array, Array]:
        cut = self.cut
        wide = cut.half_width(np.array(-cut.armhole)) if cut.strap else cut.shoulder
        return np.full_like(u, -cut.bodice), cut.top(u * wide, back=back)

    def _panel(self, *, back: bool) -> Sheet:
        cut = self.cut
        u, v = np.meshgrid(self.us, self.vs)
        low, high = self._bounds(u, back=back)
        z = low + (high - low) * v
        x = u * cut.half_width(z)
        y = self._depth(x, z, back=back)
        sheet = Sheet(np.stack([x, y, z], -1), self.us, self.vs, np.zeros((*u.shape, 2)))
        sheet.facing = -1 if back else 1
        across = np.linalg.norm(np.diff(sheet.points[..., :2], axis=1), axis=-1)
        run = np.concatenate([np.zeros((len(across), 1)), np.cumsum(across, axis=1)], axis=1)
        run = run - run[:, len(self.us) // 2][:, None]
        sheet.uv = np.stack([run + (3.3 if back else 0.0), z + 0.15 * np.abs(y)], -1)
        return sheet

    def _depth(self, x: Array, z: Array, *, back: bool) -> Array:
        """How far the cloth stands off the middle plane."""
        cut = self.cut
        wide, front, behind = figure(np.maximum(z, WAIST - 0.2) if cut.whole else z)
        if cut.whole:
            front, behind = np.maximum(front, 0.106), np.maximum(behind, 0.098)
        full = (behind if back else front) + cut.room
        below = np.maximum(cut.shoulder_line(x) - z, 0)
        roll = (1 - (1 - np.clip(below / (0.16 if back else 0.24), 0, 1)) ** 2) ** 0.62
        body = np.maximum(wide + cut.room, cut.half_width(z))
        open_arm = drape.smooth(z, -cut.armhole - 0.01, -cut.armhole + 0.06)
        reach = np.abs(x) / body * (1 - 0.1 * open_arm * (not cut.strap))
        section = np.sqrt(np.maximum(1 - np.minimum(reach, 1) ** 2.2, 0))
        if back:
            return full * roll * section
        bust = sum(
            np.exp(-(((x - s * 0.078) / 0.052) ** 2) - ((z + 0.262) / 0.056) ** 2) for s in (-1, 1)
        )
        return -(full * roll * section + (0.009 if cut.whole else 0.02) * bust * section)

    def join(self) -> None:
        """The side seams: front and back end at the same points."""
        for k in (0, -1):
            mean = (self.front.points[:, k] + self.back.points[:, k]) / 2
            for sheet in (self.front, self.back):
                sheet.points[: self.under, k] = mean[: self.under]
                sheet._normals = None

    # --- where things are --------------------------------------------------------------------

    def at(self, x: Array, z: Array, *, back: bool = False) -> tuple[Array, Array]:
        """The (u, v) of the place at x, z on the front or back."""
        u = np.clip(x / self.cut.half_width(np.asarray(z)), -1, 1)
        low, high = self._bounds(u, back=back)
        return u, (z - low) / (high - low)

    def armhole(self, side: int) -> Array:
        """Closed loop: underarm, up the front edge, over the shoulder, down the back."""
        column = -1 if side > 0 else 0
        front, back = (s.points[self.under - 1 :, column] for s in (self.front, self.back))
        return np.concatenate([front, back[-2::-1]])

    def top_loop(self) -> Array:
        """Closed loop along the upper edge of a dress that hangs from straps."""
        return np.concatenate([self.front.points[-1], self.back.points[-1, -2::-1]])

    def sew(self) -> Cloth:
        """Front and back as one piece of cloth."""
        cloth = Cloth()
        cloth.add(self.front)
        cloth.add(self.back)
        return cloth
