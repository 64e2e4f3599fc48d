"""Tops as they lie or hang nearly flat: front on back, the sleeves beside them, seam on seam.

Everything is drawn in the plane first, as one outline, and then given its loft, the thickness of
the filling, by the distance to that outline: so shoulders run into sleeves without a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from . import drape
from .bands import even
from .bodice import Bodice, Cut
from .cloth_sheet import Array, Sheet, grid_sheet

ROLL = 0.06
"""How far from a folded edge the cloth has reached its full loft, metres."""

FINE = 0.0045
"""How far columns of the front may be apart, metres: folds are narrow."""

CAP = 0.13
"""How far down a sleeve the armhole's curve is felt, metres."""


class SleeveLines:
    """The four edges of a sleeve on the right, in the plane (x, z), `count` points each."""

    def __init__(self, cut: Cut, hole: Array, seed: int, side: int, puff: float) -> None:
        rng = np.random.default_rng(seed * 2 + (side > 0))
        pose = np.random.default_rng(seed).uniform()
        long = cut.sleeve > 0.4
        near, far = (55, 13 + 12 * pose) if long else (57, 86 - 1.5 * cut.arm_angle + 8 * pose)
        near, far = np.radians(max(near, far)), np.radians(far + rng.uniform(-2.5, 2.5))
        count = 120
        s = np.linspace(0, cut.sleeve, count)
        reach = 0.15 if long else 0.1
        angle = near + (far - near) * drape.smooth(s, -0.05, reach)
        if long:
            bend = np.radians(rng.uniform(-7, 9))
            angle = angle + bend * drape.smooth(s, 0.26, 0.42)
        self.top = hole[-1] + _walked(angle, cut.sleeve)
        self.end = angle[-1] - np.radians(0 if long else rng.uniform(3, 8))
        across = np.array([-np.cos(self.end), -np.sin(self.end)])
        t = np.linspace(0, 1, count)[:, None]
        wide = 2 * (cut.cuff_width + puff * 0.2)
        self.cuff = self.top[-1] + across * wide * (1 - t)
        self.hole = even2(hole, count)
        self.bottom = self._under(cut, angle, s, wide, puff)
        self.grain = np.array([np.sin(far), -np.cos(far)])

    def _under(self, cut: Cut, angle: Array, s: Array, wide: float, puff: float) -> Array:
        """From the underarm to the cuff: a curve into the arm's lower side."""
        count = len(s)
        full = 2 * cut.sleeve_width * 0.98
        t = s / cut.sleeve
        width = full + (wide - full) * t + 2 * puff * np.sin(np.pi * t) ** 0.8
        lower = self.top + np.stack([-np.cos(angle), -np.sin(angle)], -1) * width[:, None]
        start, along = self.hole[0], np.stack([np.sin(angle), -np.cos(angle)], -1)
        run = ((lower - start) * along).sum(axis=-1)
        join = int(np.searchsorted(run, min(0.16, 0.55 * cut.sleeve)))
        join = min(max(join, 1), count - 1)
        goal = self.cuff[0] if join == count - 1 else lower[join]
        gap = np.linalg.norm(goal - start)
        turn = np.radians(24)
        leave = along[join] @ np.array(
            [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        )
        a, b = start + leave * gap * 0.35, goal - along[join] * gap * 0.35
        u = np.linspace(0, 1, 60)[:, None]
        curve = (
            (1 - u) ** 3 * start + 3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u**2 * b + u**3 * goal
        )
        rest = lower[join + 1 :]
        if len(rest):
            rest = rest + (self.cuff[0] - rest[-1]) * np.linspace(0, 1, len(rest))[:, None] ** 2
        under = even2(np.concatenate([curve, rest]), count)
        # beside the body, not on it
        beside = cut.half_width(np.maximum(under[:, 1], -cut.length)) + 0.018 * drape.smooth(
            t, 0, 0.12
        )
        under[:, 0] += np.maximum(beside - under[:, 0], 0)
        return under

    def filled(self, rows: int, cols: int) -> Array:
        """The half sleeve [rows, cols, 2]: from armhole to cuff, from underarm to top."""
        t, f = np.linspace(0, 1, rows)[:, None, None], np.linspace(0, 1, cols)[None, :, None]
        bottom, top = even2(self.bottom, rows)[:, None], even2(self.top, rows)[:, None]
        hole, cuff = even2(self.hole, cols)[None], even2(self.cuff, cols)[None]
        along = t * np.linalg.norm(np.diff(self.top, axis=0), axis=-1).sum()
        curve = (1 - np.clip(along / CAP, 0, 1)) ** 2
        hollow = hole - ((1 - f) * hole[:, :1] + f * hole[:, -1:])
        mouth = cuff - ((1 - f) * cuff[:, :1] + f * cuff[:, -1:])
        return (1 - f) * bottom + f * top + curve * hollow + t * mouth


def even2(line: Array, count: int) -> Array:
    """A plane line's points again, evenly."""
    return even(np.pad(line, [(0, 0), (0, 1)]), count)[:, :2]


def _walked(angle: Array, length: float) -> Array:
    """A line of that length whose direction leans by `angle` from straight down."""
    step = length / (len(angle) - 1)
    middle = (angle[1:] + angle[:-1]) / 2
    steps = np.stack([np.sin(middle), -np.cos(middle)], -1) * step
    return np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])


class FlatTop(Bodice):
    """Front, back and sleeves of a top, nearly flat."""

    def __init__(
        self, cut: Cut, seed: int, *, rows: int = 120, loft: float = 0.03, puff: float = 0.0
    ) -> None:
        super().__init__(cut, seed, rows=rows)
        wide = np.diff(self.us) * cut.chest > FINE
        between = (self.us[1:] + self.us[:-1]) / 2
        self.us = np.sort(np.concatenate([self.us, between[wide]]))
        self.front, self.back = self._panel(back=False), self._panel(back=True)
        self.loft = loft
        plans = [self._sleeve_plan(side, puff) for side in (-1, 1)] if cut.sleeve else []
        self.lines = [lines for lines, _ in plans]
        self._outline = cKDTree(self._edge(self.lines))
        for sheet in (self.front, self.back):
            self._lay(sheet, -1.0 if sheet is self.front else 1.0)
        self.sleeves = [
            self._sleeve(side, lines, grid)
            for side, (lines, grid) in zip((-1, 1), plans, strict=False)
        ]

    # --- plane -------------------------------------------------------------------------------

    def _sleeve_plan(self, side: int, puff: float) -> tuple[SleeveLines, Array]:
        hole = self.armhole(side)
        half = (len(hole) + 1) // 2
        edge = hole[:half, [0, 2]] * np.array([side, 1])
        lines = SleeveLines(self.cut, edge, self.seed, side, puff)
        rows = max(int(self.cut.sleeve / 0.0055), 30)
        grid = lines.filled(rows, half)
        grid[0] = edge
        return lines, grid

    def _edge(self, sleeves: list[SleeveLines]) -> Array:
        """Points of the folded edges: shoulders, sleeves above and below, sides."""
        cut = self.cut
        x = np.linspace(0, cut.shoulder, 300)
        z = np.linspace(-cut.armhole, -cut.length - 0.1, 500)
        across = np.stack([x, cut.shoulder_line(x)], -1)
        down = np.stack([cut.half_width(np.maximum(z, -cut.length)), z], -1)
        lines = []
        for number, side in enumerate((-1, 1)):
            own = [across, down]
            if sleeves:
                beyond = sleeves[number]
                own += [_prolonged(beyond.top), _prolonged(beyond.bottom)]
            lines += [line * np.array([side, 1]) for line in own]
        return np.concatenate(lines)

    def thickness(self, x: Array, z: Array) -> Array:
        """How far the cloth stands off the middle plane."""
        cut = self.cut
        away = self._outline.query(np.stack([x, z], -1))[0]
        part = np.clip((away - 0.0006) / ROLL, 0, 1)
        round_ = (1 - (1 - part) ** 2.2) ** 0.6
        neck = np.exp(-((x / (cut.neck + 0.03)) ** 4) - ((z + 0.03) / 0.11) ** 2)
        chest = np.exp(-((x / 0.16) ** 2) - ((z + 0.2) / 0.12) ** 2)
        low = drape.smooth(z, -cut.armhole, -cut.length)
        return self.loft * round_ * (1 + 0.55 * neck + 0.25 * chest - 0.25 * low)

    def _lay(self, sheet: Sheet, toward: float) -> None:
        """Give a panel its loft, and its flat piece the plane's measures."""
        cut = self.cut
        x, z = sheet.points[..., 0], sheet.points[..., 2]
        deep = self.thickness(x, z)
        deep[-1, np.abs(self.us) >= cut.neck / cut.shoulder - 1e-9] = 0.0
        below = z[:, 0] <= -cut.armhole
        if not below.any():
            below[:1] = True
        deep[below, 0] = deep[below, -1] = 0.0
        first = int(np.searchsorted(z[:, 0], -cut.armhole))
        deep[first, [0, -1]] = 0.0
        sheet.points = np.stack([x, toward * deep, z], -1)
        sheet.uv = np.stack([x, z], -1) + np.array([3.0 if toward > 0 else 0.0, 0.0])
        sheet._normals = None

    def _sleeve(self, side: int, lines: SleeveLines, grid: Array) -> Sheet:
        """The sleeve as a tube pressed flat: underarm, front, top, back, underarm."""
        x, z = side * grid[..., 0], grid[..., 1]
        thin = 1 - 0.4 * drape.smooth(np.linspace(0, 1, len(grid)), 0.1, 1)
        deep = self.thickness(x, z) * thin[:, None]
        deep[:, [0, -1]] = 0.0
        front = np.stack([x, -deep, z], -1)
        points = np.concatenate([front, (front * np.array([1, -1, 1]))[:, -2::-1]], axis=1)
        points[0] = self.armhole(side)
        along = grid @ lines.grain
        beside = (grid - grid[0, -1]) @ np.array([lines.grain[1], -lines.grain[0]])
        fold = beside[:, -1:]
        u = np.concatenate([beside, (2 * fold - beside)[:, -2::-1]], axis=1)
        v = np.concatenate([along, along[:, -2::-1]], axis=1)
        return grid_sheet(points, np.stack([side * u, v], -1) + np.array([7.0 + side, 0.0]), -side)


def _prolonged(line: Array) -> Array:
    """A line with 10 cm more at its end, finely sampled."""
    ahead = line[-1] - line[-4]
    ahead = ahead / np.linalg.norm(ahead)
    return even2(np.concatenate([line, line[-1:] + ahead * 0.1]), 600)


def gather(top: FlatTop, hem: float, cuffs: float) -> None:
    """Draw in hem and sleeve ends by these shares, as ribs and cuffs do: the cloth blouses there.

    Small upright folds run up from the edge.
    """
    if hem:
        for sheet in (top.front, top.back):
            above = sheet.points[..., 2] - sheet.points[:1, :, 2]
            gathers = _Gathers(np.zeros(3), np.array([1.0, 0.0, 0.0]), hem, top.seed)
            sheet.points = gathers.drawn(sheet.points, above)
            sheet._normals = None
    for sleeve in top.sleeves:
        steps = np.linalg.norm(np.diff(sleeve.points, axis=0), axis=-1).mean(axis=1)
        above = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])[:, None]
        middle = sleeve.points[:, :-1].mean(axis=1, keepdims=True)
        across = sleeve.points[-1, sleeve.points.shape[1] // 2] - sleeve.points[-1, 0]
        gathers = _Gathers(middle, across / np.linalg.norm(across), cuffs, top.seed + 5)
        sleeve.points = gathers.drawn(sleeve.points, above)
        sleeve._normals = None


@dataclass(frozen=True)
class _Gathers:
    """How cloth is drawn in across a direction, towards a middle."""

    middle: Array
    across: Array
    share: float
    seed: int

    def drawn(self, p: Array, above: Array) -> Array:
        """The points, those at the edge drawn in; `above` is how far they are from it."""
        near = drape.smooth(above, 0.045, 0.0)
        swell = np.exp(-(((above - 0.03) / 0.02) ** 2))
        away = (p - self.middle) @ self.across
        where = np.stack(np.broadcast_arrays(away / 0.013, above / 0.09, 0 * away), -1)
        ripple = 0.035 * self.share * drape.noise(where, self.seed) * drape.smooth(above, 0.075, 0)
        deep = p[..., 1]
        thick = deep * (0.22 * swell - 0.3 * near)
        thick = thick + np.sign(deep) * ripple * np.clip(np.abs(deep) / 0.012, 0, 1)
        shift = away * self.share * (0.25 * swell - near**1.5)
        return p + shift[..., None] * self.across + thick[..., None] * np.array([0.0, 1.0, 0.0])
