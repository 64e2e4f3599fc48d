"""A piece of cloth as a net of threads, laid flat: some longer than their place, some sewn down.

It settles by bringing thread after thread to its length. Where threads are too long it puckers,
where something fills it from behind it swells. What it moves is then put on the garment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from . import drape
from .bands import unit
from .cloth_sheet import Array, Sheet


@dataclass
class Net:
    """Knots in rows and columns, `step` metres apart, lying at `flat` [rows, cols, 2].

    `fast` knots are sewn down; `long_u` and `long_v` are the lengths of the threads that begin at
    a knot, as a share of the step; `filling` pushes out, `start` is how high the knots begin.
    """

    flat: Array
    step: float
    fast: Array
    long_u: Array
    long_v: Array
    filling: Array
    start: Array
    sinking: float = 0.15

    def settle(self, rounds: int = 110) -> Array:
        """Where the knots move to, against where they lie flat: [rows, cols, 3]."""
        home = np.stack([self.flat[..., 0], self.flat[..., 1], 0 * self.start]).astype(np.float32)
        self.free = (~self.fast).astype(np.float32)
        self.at = home.copy()
        self.at[2] = self.start * self.free
        before = self.at.copy()
        push = (0.02 * self.step * self.filling * self.free).astype(np.float32)
        u, v = ((self.step * long).astype(np.float32) for long in (self.long_u, self.long_v))
        for turn in range(rounds):
            kept_speed = np.float32(0.9 if turn < rounds - 20 else 0.6)
            speed = (self.at - before) * (kept_speed * self.free)
            before = self.at.copy()
            self.at += speed + self._out() * push
            self.at[1] -= self.sinking * push
            self._pull(u, v)
            np.maximum(self.at[2], 0, out=self.at[2])
        return np.moveaxis(self.at - home, 0, -1).astype(float)

    def _out(self) -> Array:
        """The direction in which the filling pushes: out of the cloth."""
        n = np.cross(np.gradient(self.at, axis=2), np.gradient(self.at, axis=1), axis=0)
        return n / (np.sqrt((n**2).sum(axis=0)) + np.float32(1e-9))

    def _pull(self, u: Array, v: Array) -> None:
        """Bring every thread to its length, one after the other; aslant ones give a little."""
        both = np.hypot(u, v)
        for odd in (0, 1):
            self._thread((0, odd), (0, 1), (1, 2), u, 1.0)
            self._thread((odd, 0), (1, 0), (2, 1), v, 1.0)
            self._thread((odd, 0), (1, 1), (2, 1), both, 0.25)
            self._thread((odd, 0), (1, -1), (2, 1), both, 0.25)
        for k in range(4):
            self._thread((0, k), (0, 2), (1, 4), 2 * u, 0.3)
            self._thread((k, 0), (2, 0), (4, 1), 2 * v, 0.3)

    def _thread(
        self,
        start: tuple[int, int],
        reach: tuple[int, int],
        stride: tuple[int, int],
        length: Array,
        firm: float,
    ) -> None:
        """Threads from every `stride`-th knot to the one `reach` rows and columns on."""
        rows, cols = self.free.shape
        (r, c), (dr, dc), (sr, sc) = start, reach, stride
        c += max(-dc, 0)
        one = (slice(r, rows - dr, sr), slice(c, cols - max(dc, 0), sc))
        two = (slice(r + dr, rows, sr), slice(c + dc, cols - max(-dc, 0), sc))
        a, b = self.at[:, *one], self.at[:, *two]
        p, q = self.free[one], self.free[two]
        way = b - a
        now = np.sqrt((way**2).sum(axis=0))
        part = np.float32(firm) * (1 - length[one] / (now + np.float32(1e-9)))
        way *= part / np.maximum(p + q, np.float32(1e-6))
        a += way * p
        b -= way * q


def flat_places(sheet: Sheet, step: float, phase: float = 0.0) -> tuple[Array, Array, Array]:
    """A net's knots over the sheet's flat piece: numbers of rows and columns, and places."""
    corners = sheet.uv.reshape(-1, 2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    first = np.floor((low - phase) / step).astype(int) - 1
    size = np.ceil((high - low) / step).astype(int) + 4
    i, j = np.meshgrid(np.arange(size[1]) + first[1], np.arange(size[0]) + first[0], indexing="ij")
    return i, j, np.stack([j, i], -1) * step + phase


def on_net(sheet: Sheet, values: Array, flat: Array) -> Array:
    """Values [rows, cols, ...] of the sheet at places of its flat piece, or of its next border."""
    _, nearest = cKDTree(sheet.uv.reshape(-1, 2)).query(flat)
    return values.reshape(-1, *values.shape[2:])[nearest]


def border(sheet: Sheet) -> Array:
    """1 at the sheet's edges, 0 inside."""
    edge = np.zeros(sheet.points.shape[:2])
    edge[[0, -1]] = edge[:, [0, -1]] = 1.0
    return edge


def inwards(sheet: Sheet, width: float) -> Array:
    """0 at the sheet's edges, 1 from `width` metres of cloth on.

    A net meets a slanting edge in steps; they are not to be seen.
    """
    edge = border(sheet) > 0
    far, _ = cKDTree(sheet.uv[edge]).query(sheet.uv)
    return drape.smooth(far, 0.0, width)


def taken(moved: Array, places: Array, origin: Array, step: float) -> Array:
    """How a net's movement takes the places [rows, cols, 2] along."""
    at = np.moveaxis((places - origin) / step, -1, 0)[::-1]
    return np.stack(
        [map_coordinates(moved[..., k], at, order=1, mode="nearest") for k in range(3)], axis=-1
    )


def shift(sheet: Sheet, moved: Array) -> None:
    """Move the sheet's points along the cloth, up the cloth and out of it."""
    axes = _axes(sheet)
    sheet.points = sheet.points + (moved[..., None] * axes).sum(axis=-2)
    sheet.displace(np.zeros(moved.shape[:2]))


def _axes(sheet: Sheet) -> Array:
    """Directions along the flat piece's level and upright threads, and out: [rows, cols, 3, 3].

    Not those of rows and columns, which may lie aslant: beside a neck, rows rise steeply. Places
    near count by their area, so that slivers of the grid don't decide.
    """
    pc, pr = np.gradient(sheet.points, axis=1), np.gradient(sheet.points, axis=0)
    uc, ur = np.gradient(sheet.uv, axis=1), np.gradient(sheet.uv, axis=0)
    turned = np.sign(uc[..., 0] * ur[..., 1] - ur[..., 0] * uc[..., 1])[..., None]
    level = (pc * ur[..., 1:] - pr * uc[..., 1:]) * turned
    blur = (1.5, 1.5, 0)
    out = unit(gaussian_filter(np.cross(pc, pr) * sheet.facing, blur, mode="nearest"))
    across = gaussian_filter(level, blur, mode="nearest")
    across = unit(across - (across * out).sum(axis=-1, keepdims=True) * out)
    return np.stack([across, np.cross(out, across) * sheet.facing, out], axis=-2)
