"""The upper part of a garment on an invisible body: front and back, armholes and sleeves.

Heights count from the highest shoulder point (z = 0) downwards; the front faces -Y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import drape
from .cloth_sheet import Array, Cloth, Sheet, grid_sheet, smooth_knots, spline
from .two_sided import TopMeasures, TwoSided


@dataclass(frozen=True)
class Cut(TopMeasures):
    """The measures of a bodice, metres; half widths as seen from the front."""

    length: float = 0.68
    shoulder: float = 0.205
    slope: float = 0.40
    armhole: float = 0.235
    chest: float = 0.225
    waist: float = 0.212
    hem: float = 0.218
    waist_at: float = 0.43
    depth: float = 0.125
    belly: float = 0.118
    neck: float = 0.083
    neck_drop: float = 0.095
    neck_back: float = 0.022
    neck_shape: str = "crew"
    tail: float = 0.0
    front_width: float = 0.0
    fold: float = 1.0
    sleeve: float = 0.22
    sleeve_width: float = 0.083
    cuff_width: float = 0.08
    arm_angle: float = 17.0
    elbow: float = 10.0

    def shoulder_line(self, x: Array) -> Array:
        """Height of the shoulder seam at x, prolonged over the neck."""
        return (
            -(np.abs(x) - self.neck) * self.slope
            - 0.25 * np.maximum(np.abs(x) - self.shoulder + 0.04, 0) ** 1.5
        )

    def half_width(self, z: Array) -> Array:
        """Half width of the front at height z: side seam, then armhole."""
        side = spline(
            z,
            smooth_knots(
                [
                    (-self.length, self.hem),
                    (-self.waist_at, self.waist),
                    (-self.armhole, self.chest),
                ],
                floor=-self.length,
            ),
        )
        s = np.clip((z + self.armhole) / (self.armhole + self.tip), 0, 1)
        inner = self.front_width or min(self.shoulder - 0.022, self.chest - 0.012)
        hole = spline(
            s,
            [
                (0.0, self.chest),
                (0.10, self.chest * 0.45 + inner * 0.55),
                (0.36, inner),
                (0.7, inner + 0.006),
                (1.0, self.shoulder),
            ],
        )
        return np.where(z < -self.armhole, side, hole)

    def neckline(self, x: Array, *, back: bool) -> Array:
        """Height of the neck edge at x within the neck."""
        t = np.clip(np.abs(x) / self.neck, 0, 1)
        if back:
            return -self.neck_back * (1 - t**2.4)
        drop = self.neck_drop
        if self.neck_shape == "v":
            return -drop * (1 - t**1.12)
        if self.neck_shape == "square":
            return -drop * (1 - t**9)
        if self.neck_shape == "boat":
            return -drop * (1 - t**2.2)
        return -drop * np.sqrt(1 - t**2.3)

    def top(self, x: Array, *, back: bool) -> Array:
        """Height of the upper edge at x: shoulder seam and neck edge."""
        return np.where(np.abs(x) < self.neck, self.neckline(x, back=back), self.shoulder_line(x))


def _columns(cut: Cut, even: float) -> Array:
    """Columns are denser where the neck's edge is steep, and at the sides, unless `even` is 1."""
    inner = cut.neck / cut.shoulder
    t, across = np.linspace(0, 1, 34), np.linspace(-1, 1, 49)
    side = inner + (1 - inner) * (even * t + (1 - even) * (1 - np.cos(np.pi * t)) / 2)
    middle = inner * (even * across + (1 - even) * np.sin(across * np.pi / 2))
    return np.concatenate([-side[:0:-1], middle, side[1:]])


class Bodice(TwoSided):
    """Front and back sheets and the two sleeves; knows where its edges are."""

    def __init__(self, cut: Cut, seed: int, *, rows: int = 120, even: float = 0.0) -> None:
        self.cut = cut
        self.seed = seed
        self.us = _columns(cut, even)
        self.vs = np.concatenate(
            [np.linspace(0, 0.8, rows, endpoint=False), 0.8 + 0.2 * _eased(rows // 3)]
        )
        self.front = self._panel(back=False)
        self.back = self._panel(back=True)
        self.sleeves: list[Sheet] = []

    # --- shape -------------------------------------------------------------------------------

    def _bounds(self, u: Array, *, back: bool) -> tuple[Array, Array]:
        cut = self.cut
        away = np.abs(u) ** 2.5
        low = -cut.length + cut.tail * away - 0.02 * (cut.tail > 0) * back * (1 - away)
        return low, cut.top(u * cut.shoulder, back=back)

    def _panel(self, *, back: bool) -> Sheet:
        cut = self.cut
        u, v = np.meshgrid(self.us, self.vs)
        low, high = self._bounds(u, back=back)
        z = low + (high - low) * v
        x = u * cut.half_width(z)
        below = np.maximum(cut.shoulder_line(x) - z, 0)
        full = spline(
            z,
            [
                (-cut.length, cut.belly * cut.hem / cut.waist),
                (-cut.waist_at, cut.belly),
                (-cut.armhole - 0.02, cut.depth),
                (0.0, cut.depth),
            ]
            if cut.length > cut.waist_at + 0.03
            else [(-cut.length, cut.belly), (-cut.armhole - 0.02, cut.depth), (0.0, cut.depth)],
        )
        rounding = 0.78 if not back else 0.6
        roll = _rolled(below, rounding)
        open_arm = drape.smooth(z, -cut.armhole - 0.004, -cut.armhole + 0.05)
        reach = np.abs(u) * (1 - 0.24 * open_arm)
        section = np.sqrt(np.maximum(1 - reach**2.3, 0))
        y = -full * roll * section
        if back:
            y = -y * 0.92
        points = np.stack([x, y, z], axis=-1)
        facing = -1 if back else 1
        sheet = Sheet(points, self.us, self.vs, np.zeros((*u.shape, 2)), facing)
        sheet.uv = _flat(self.us, cut.half_width(z), full * roll, open_arm, below, z)
        sheet.uv = sheet.uv + np.array([3.0 if back else 0.0, 0.0])
        return sheet

    def at(self, x: Array, z: Array, *, back: bool = False) -> tuple[Array, Array]:
        """The (u, v) of the place at x, z on the front or back."""
        u = np.clip(x / self.cut.half_width(z), -1, 1)
        low, high = self._bounds(u, back=back)
        return u, (z - low) / (high - low)

    # --- folds -------------------------------------------------------------------------------

    def fold(self, height: Array | None = None, *, amount: float = 1.0) -> None:
        """Put the folds of a worn top into front and back, alike at the side seams."""
        cut, seed = self.cut, self.seed
        amount = 1.15 * amount * cut.fold
        lean = np.random.default_rng(seed).choice([-0.6, -0.35, 0.35, 0.6])
        for sheet in (self.front, self.back):
            p = sheet.points
            z = p[..., 2]
            to_hem = drape.smooth(z, -cut.armhole + 0.04, -cut.length)
            h = 0.0120 * to_hem * drape.hanging(p, 0.095, seed)
            h = h + 0.0075 * drape.slanting(p, 0.06, seed + 20, lean) * drape.smooth(
                np.abs(z + cut.waist_at), 0.22, 0.02
            )
            for side in (-1, 1):
                h = h + 0.0140 * drape.radiating(
                    p,
                    (side * cut.chest, -cut.armhole + 0.02),
                    seed + 30 + side,
                    spokes=2.6,
                    reach=0.17,
                )
            h = h + 0.0055 * drape.crumple(p, 0.085, seed + 40)
            h = h + 0.0012 * drape.crumple(p, 0.03, seed + 50)
            h = h * amount
            top = drape.smooth(cut.shoulder_line(p[..., 0]) - z, 0.0, 0.05)
            neck = np.hypot(p[..., 0] / 1.0, np.minimum(z + cut.neck_drop, 0))
            calm = 0.25 + 0.75 * drape.smooth(neck, cut.neck, cut.neck + 0.08)
            above = smooth_edge(np.abs(sheet.us))[None, :] * drape.smooth(
                z, -cut.armhole - 0.03, -cut.armhole + 0.03
            )
            h = h * top * calm
            if height is not None and sheet is self.front:
                h = h + height * drape.smooth(top, 0.1, 0.5)
            sheet.displace(h * (1 - above))
            swing = drape.noise(np.stack([p[..., 0] * 7, p[..., 1] * 7, 0 * z], -1), seed + 60)
            sheet.points[..., 2] += 0.009 * amount * to_hem**4 * swing
        mean = (self.front.points[:, [0, -1]] + self.back.points[:, [0, -1]]) / 2
        below = self.front.points[:, [0, -1], 2] < -cut.armhole
        for sheet in (self.front, self.back):
            sheet.points[:, [0, -1]] = np.where(below[..., None], mean, sheet.points[:, [0, -1]])

    # --- sleeves -----------------------------------------------------------------------------

    def add_sleeves(self, *, rows: int = 90, folds: float = 1.0, puff: float = 0.0) -> None:
        """Set sleeves into both armholes; `puff` blows them out, `folds` scales the creases."""
        self.sleeves = [self._sleeve(side, rows=rows, folds=folds, puff=puff) for side in (-1, 1)]

    def _sleeve(self, side: int, *, rows: int, folds: float, puff: float) -> Sheet:
        cut = self.cut
        hole = self.armhole(side)
        part = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(hole, axis=0), axis=-1))])
        part = part / part[-1]
        turn = part * 2 * np.pi
        lean = np.radians(cut.arm_angle)
        top = np.array([side * cut.shoulder, 0.0, cut.tip])
        length = cut.sleeve
        # the arm's middle line from the shoulder joint, with a bend at the elbow
        head = min(0.16, length * 0.72)
        rng = np.random.default_rng(self.seed + 70)
        lean = lean + np.radians(rng.uniform(-3, 3.5) + side * rng.uniform(-1.2, 1.2))
        bend = np.radians(cut.elbow)
        joint = top + np.array([-side * 0.03, 0.0, -cut.sleeve_width * 0.85])
        steps = np.linspace(0, 1, rows)
        far = steps * length
        elbow = 0.33
        angle = lean - drape.smooth(far, elbow - 0.08, elbow + 0.08) * bend * 0.35
        swing = drape.smooth(far, elbow - 0.08, elbow + 0.08) * bend
        axis = np.stack(
            [side * np.sin(angle) * np.cos(swing * 0.5), -np.sin(swing), -np.cos(angle)], -1
        )
        axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
        centre = joint + np.concatenate(
            [np.zeros((1, 3)), np.cumsum(axis[:-1] * (length / (rows - 1)), axis=0)]
        )
        out = np.stack([side * np.cos(angle), 0 * angle, np.sin(angle)], -1)
        width = spline(
            far,
            [
                (0.0, cut.sleeve_width),
                (min(0.12, length * 0.5), cut.sleeve_width * 0.98),
                (length, cut.cuff_width),
            ],
        )
        width = width + puff * np.sin(np.pi * np.clip(steps, 0, 1)) ** 0.8
        front = np.array([0.0, -1.0, 0.0])
        ring = (
            -np.cos(turn)[None, :, None] * out[:, None, :] * width[:, None, None]
            + np.sin(turn)[None, :, None] * front * (width * 0.86)[:, None, None]
        )
        tube = centre[:, None, :] + ring
        # from the armhole into the tube: one cubic per column
        s = np.clip(far / head, 0, 1)[:, None, None]
        reach = int(np.searchsorted(far, head))
        reach = min(max(reach, 4), rows - 1)
        goal, goal_axis = tube[reach], axis[reach]
        gap = np.linalg.norm(goal - hole, axis=-1, keepdims=True)
        over = (1 - np.cos(turn))[:, None] / 2
        leave = np.array([side * 0.8, 0.0, -0.62]) * over + np.array([side * 0.55, 0.0, -0.75]) * (
            1 - over
        )
        leave = leave + np.sin(turn)[:, None] * np.array([0, -0.35, 0])
        a, b = hole + leave * gap * 0.42, goal - goal_axis * gap * 0.40
        cap = (1 - s) ** 3 * hole + 3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s**2 * b + s**3 * goal
        points = np.where((far < far[reach])[:, None, None], cap, tube)
        points[0] = hole
        uv = np.stack(
            [
                np.broadcast_to((part - 0.5) * 2 * np.pi * width.mean(), points.shape[:2]),
                np.broadcast_to(-far[:, None], points.shape[:2]),
            ],
            -1,
        ) + np.array([7.0 + side, 0.0])
        sheet = grid_sheet(points, uv, facing=-side)
        self._fold_sleeve(sheet, part, far, side, folds)
        sheet.points[:, -1] = sheet.points[:, 0]
        return sheet

    def _fold_sleeve(self, sheet: Sheet, part: Array, far: Array, side: int, folds: float) -> None:
        cut, seed = self.cut, self.seed + 100 + side
        around, along = np.meshgrid(part, far)
        p = sheet.points
        length = cut.sleeve
        rise = drape.smooth(along, 0.0, 0.05)
        h = 0.0040 * drape.crumple(p, 0.07, seed + 1) + 0.0010 * drape.crumple(p, 0.024, seed + 2)
        inner = 0.5 + 0.5 * np.cos(around * 2 * np.pi)
        h = h + 0.0090 * inner * drape.stacking(around, along, 0.05, seed + 3) * drape.smooth(
            along, 0.16, 0.04
        )
        h = h + 0.0060 * drape.hanging(p, 0.06, seed + 4) * drape.smooth(along, 0.02, length)
        if length > 0.4:
            elbow = np.exp(-(((along - 0.33) / 0.10) ** 2))
            wrist = drape.smooth(along, length - 0.16, length - 0.02)
            h = h + 0.0110 * elbow * (0.45 + 0.55 * inner) * drape.stacking(
                around, along, 0.055, seed + 5
            )
            h = h + 0.0095 * wrist * drape.stacking(around, along, 0.042, seed + 6)
            twist = around + along * 1.6
            h = h + 0.0060 * drape.stacking(twist, along, 0.10, seed + 7)
        sheet.displace(h * rise * folds * cut.fold)

    def sew(self) -> Cloth:
        """Front, back and sleeves as one piece of cloth."""
        cloth = Cloth()
        cloth.add(self.front)
        cloth.add(self.back)
        for sleeve in self.sleeves:
            cloth.add(sleeve)
        return cloth


def _flat(us: Array, half: Array, deep: Array, open_arm: Array, below: Array, z: Array) -> Array:
    """The flat piece of a panel: round the body from its middle, and down over the chest.

    `deep` is how far the middle stands out at each point's level.
    """
    steep = np.linspace(0, 1.2, 25)
    ratio = np.clip(deep / half, 0, 1.2)
    arcs = []
    for reach in (1.0, 0.76):
        rise = np.sqrt(np.maximum(1 - (reach * np.abs(us)) ** 2.3, 0))
        across = np.hypot(np.diff(us), steep[:, None] * np.diff(rise))
        run = np.concatenate([np.zeros((len(steep), 1)), np.cumsum(across, axis=1)], axis=1)
        run = run - run[:, len(us) // 2][:, None]
        arcs.append(
            np.stack([np.interp(ratio[:, k], steep, run[:, k]) for k in range(len(us))], axis=-1)
        )
    arc = arcs[0] * (1 - open_arm) + arcs[1] * open_arm
    depth = np.linspace(0, 2, 401)
    out = 0.8 * deep.max() * _rolled(depth, 0.7)
    over = np.cumsum(np.hypot(np.diff(depth, prepend=0), np.diff(out, prepend=0)))
    up = z - (np.interp(below, depth, over) - below)
    return np.stack([half * arc, up + over[-1] - depth[-1]], axis=-1)


def _rolled(below: Array, rounding: float) -> Array:
    """How far the body stands out below the shoulder line, as a share of all."""
    return (1 - (1 - np.clip(below / 0.31, 0, 1)) ** 2) ** rounding


def _eased(count: int) -> Array:
    t = np.linspace(0, 1, count)
    return 1 - (1 - t) ** 2.0


def smooth_edge(u: Array) -> Array:
    """1 at the armhole edge, 0 some way in."""
    return drape.smooth(u, 0.72, 0.97)
