"""Wadded cloth between its stitches: a flat piece, longer than its seams, is blown up and settles.

The outer cloth of a down jacket is longer than what it is sewn to. Along the seams the surplus
gathers in puckers, which run into the chambers and fade there; across the chambers it arches over
the filling, which is uneven and sinks. Both come out of a small simulation of the piece as a net of
threads, laid flat: what it moves is then put on the garment.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from scipy.interpolate import LinearNDInterpolator
from scipy.ndimage import map_coordinates

from . import drape
from .bands import unit
from .cloth_sheet import Array, Sheet
from .kept import kept, mark_of

VERSION = 1


@dataclass(frozen=True)
class Quilt:
    """How a piece is quilted: `pitch` and `swell` in metres, in channels or in diamonds.

    `gather` is the surplus of cloth along a seam, as a share of the seam.
    """

    pitch: float
    swell: float
    diamond: bool = False
    gather: float = 0.2
    phase: float = 0.0


def quilt(
    sheet: Sheet, plan: Quilt, seed: int, *, held: Array | None = None, step: float = 0.004
) -> None:
    """Blow the sheet up between its stitches; its borders and what is `held` (1) stay flat.

    `held` is an array [rows, cols] of the sheet.
    """
    rows = sheet.points.shape[:2]
    firm = np.zeros(rows) if held is None else held
    mark = mark_of((VERSION, astuple(plan), seed, step), [sheet.uv, firm])
    (moved,) = kept(mark, lambda: [_settled(sheet, plan, seed, firm, step)])
    across = unit(np.gradient(sheet.points, axis=1))
    up = np.cross(sheet.normals, across) * sheet.facing
    axes = np.stack([across, up, sheet.normals], axis=-2)
    sheet.points = sheet.points + (moved[..., None] * axes).sum(axis=-2)
    sheet.displace(np.zeros(rows))


def _settled(sheet: Sheet, plan: Quilt, seed: int, firm: Array, step: float) -> Array:
    """How every point of the sheet moves: along the cloth, up the cloth, out of it."""
    per = max(round(plan.pitch / step / 2) * 2, 6) if not plan.diamond else 0
    if plan.diamond:
        per = max(round(plan.pitch / step), 8)
    step = plan.pitch / per
    low, high = sheet.uv.reshape(-1, 2).min(axis=0), sheet.uv.reshape(-1, 2).max(axis=0)
    first = np.floor((low - plan.phase * plan.pitch) / step).astype(int) - 1
    size = np.ceil((high - low) / step).astype(int) + 4
    i, j = np.meshgrid(np.arange(size[1]) + first[1], np.arange(size[0]) + first[0], indexing="ij")
    flat = np.stack([j, i], -1) * step + plan.phase * plan.pitch
    if plan.diamond:
        sewn = ((i + j) % per == 0) | ((i - j) % per == 0)
        near = np.minimum(_off(i + j, per), _off(i - j, per)) / (per / 2)
    else:
        sewn = i % per == 0
        near = _off(i, per) / (per / 2)
    held = _held(sheet, firm, flat)
    moved = _Net(flat, sewn | (held > 0.5), near, step, plan, seed).settle()
    at = np.moveaxis((_swayed(sheet, plan, seed) - flat[0, 0]) / step, -1, 0)[::-1]
    taken = [map_coordinates(moved[..., k], at, order=1, mode="nearest") for k in range(3)]
    return np.stack(taken, axis=-1) * (1 - np.maximum(_border(firm.shape), firm))[..., None]


def _swayed(sheet: Sheet, plan: Quilt, seed: int) -> Array:
    """Places on the flat piece; no seam is sewn quite straight, none hangs quite level."""
    u, v = sheet.uv[..., 0], sheet.uv[..., 1]
    sway = drape.noise(np.stack([u / 0.16, v / 0.4, 0 * u], -1), seed + 7)
    fine = drape.noise(np.stack([u / 0.05, v / 0.2, 0 * u], -1), seed + 8)
    return np.stack([u, v + min(plan.pitch * 0.08, 0.005) * (sway + 0.3 * fine)], -1)


def _border(shape: tuple[int, ...]) -> Array:
    edge = np.zeros(shape)
    edge[[0, -1]] = edge[:, [0, -1]] = 1.0
    return edge


def _off(number: Array, per: int) -> Array:
    """How many threads away the nearest seam is."""
    return np.minimum(number % per, -number % per)


def _held(sheet: Sheet, firm: Array, flat: Array) -> Array:
    """1 where the piece ends or is held, 0 inside it, for every place of the net."""
    rows = np.unique([*range(0, firm.shape[0], 2), firm.shape[0] - 1])
    cols = np.unique([*range(0, firm.shape[1], 2), firm.shape[1] - 1])
    grid = np.ix_(rows, cols)
    known = LinearNDInterpolator(
        sheet.uv[grid].reshape(-1, 2),
        np.maximum(_border(firm.shape), firm)[grid].ravel(),
        fill_value=1.0,
    )
    return known(flat)


class _Net:
    """Threads both ways and aslant; knots that are `fast` are sewn down."""

    def __init__(
        self, flat: Array, fast: Array, near: Array, step: float, plan: Quilt, seed: int
    ) -> None:
        x, y = flat[..., 0], flat[..., 1]
        chamber = np.floor(y / plan.pitch - plan.phase + 0.01)
        self.free = (~fast).astype(np.float32)
        lump = drape.noise(np.stack([x / 0.07, chamber * 3.7, y / 0.12], -1), seed + 1)
        rough = drape.noise(np.stack([x / 0.02, y / 0.02, 0 * x], -1), seed)
        self.filling = np.clip(1 + 0.8 * lump + 0.25 * rough, 0.15, 2.2).astype(np.float32)
        uneven = drape.noise(np.stack([x / 0.09, y / (0.5 * plan.pitch), 0 * x], -1), seed + 2)
        broad = drape.noise(np.stack([x / 0.2, y / 0.2, 0 * x + 0.5], -1), seed + 3)
        surplus = plan.gather * np.clip(1 + 1.1 * uneven + 0.7 * broad, 0.05, 2.4)
        surplus = surplus * (0.3 + 0.7 * (1 - near))
        sag = 8 / 3 * (plan.swell / plan.pitch) ** 2 * np.clip(0.75 + 0.5 * lump, 0.3, 1.3)
        if plan.diamond:
            surplus = sag + surplus * (1 - near) ** 2
        self.long_u = (step * (1 + surplus)).astype(np.float32)
        self.long_v = (step * (1 + (surplus if plan.diamond else sag))).astype(np.float32)
        self.step = np.float32(step)
        self.home = np.stack([x, y, 0 * x]).astype(np.float32)
        self.at = self.home.copy()
        grain = np.random.default_rng(seed).normal(size=x.shape)
        self.at[2] = (0.3 * plan.swell * np.sqrt(near) + 0.0008 * grain) * self.free

    def settle(self, rounds: int = 110) -> Array:
        """Where the knots move to, against where they lie flat: [rows, cols, 3]."""
        before = self.at.copy()
        push = 0.02 * self.step * self.filling * self.free
        for turn in range(rounds):
            kept_speed = np.float32(0.9 if turn < rounds - 20 else 0.6)
            speed = (self.at - before) * (kept_speed * self.free)
            before = self.at.copy()
            self.at += speed + self._out() * push
            self.at[1] -= 0.15 * push
            self._pull()
            np.maximum(self.at[2], 0, out=self.at[2])
        return np.moveaxis(self.at - self.home, 0, -1).astype(float)

    def _out(self) -> Array:
        """The direction in which the filling pushes: out of the cloth."""
        n = np.cross(np.gradient(self.at, axis=2), np.gradient(self.at, axis=1), axis=0)
        return n / (np.sqrt((n**2).sum(axis=0)) + np.float32(1e-9))

    def _pull(self) -> None:
        """Bring every thread to its length, one after the other; aslant ones give a little."""
        u, v = self.long_u, self.long_v
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
