"""The body of a bag: rings from its bottom to its mouth, and places on it in metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .drape import noise
from .lofts import Points, Surface, even_path, grid_normals, grid_object, metric_uv

COLUMNS = 128
LEVELS = 46

Profile = Callable[[Points], Points]
Slots = NDArray[np.int64]


@dataclass(frozen=True)
class Body:
    """A bag's shell; x across, z up, the front faces -Y."""

    skin: Surface
    open: bool

    def find(self, x: ArrayLike, z: ArrayLike) -> tuple[Points, Points]:
        """(s, t) of the place on the front at x and height z."""
        x, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(z, float))
        middle = self.skin.points.shape[1] // 2
        heights = np.maximum.accumulate(self.skin.points[:, middle, 2])
        levels = np.linspace(0, 1, len(heights))
        t = np.interp(z, heights + np.arange(len(heights)) * 1e-9, levels)
        across = np.linspace(-0.499, 0.499, 81)
        rings = np.stack([-self.skin.at(across, level)[:, 0] for level in levels])
        place = np.minimum(t * (len(levels) - 1), len(levels) - 1 - 1e-9)
        low = place.astype(int)
        share = (place - low)[..., None]
        ring = np.maximum.accumulate(rings[low] * (1 - share) + rings[low + 1] * share, axis=-1)
        after = np.clip(np.sum(ring < -x[..., None], axis=-1), 1, len(across) - 1)
        start = np.take_along_axis(ring, after[..., None] - 1, -1)[..., 0]
        end = np.take_along_axis(ring, after[..., None], -1)[..., 0]
        part = np.clip((-x - start) / np.maximum(end - start, 1e-12), 0, 1)
        s = across[after - 1] + part * (across[after] - across[after - 1])
        return s, t

    def front(self, x: ArrayLike, z: ArrayLike, lift: ArrayLike = 0.0) -> Points:
        """Points on the front panel, lifted off it."""
        return self.skin.at(*self.find(x, z), lift)

    def top(self) -> float:
        """Height of the mouth."""
        return float(self.skin.points[-1, :, 2].max())

    def half_width(self, z: float) -> float:
        """Half the body's width at height z."""
        t = self.find(0.0, z)[1]
        return float(np.abs(self.skin.at(np.linspace(-1, 1, 65), t)[:, 0]).max())


def body(
    half_width: Profile,
    half_depth: Profile,
    height: float,
    *,
    square: float = 5.0,
    corner: float = 0.02,
    slouch: float = 0.002,
    seed: int = 0,
    opened: bool = False,
) -> Body:
    """A shell of superellipse rings.

    Profiles take t (0 bottom, 1 mouth) and return metres; `square` makes rings boxy, `corner` is
    the radius at the bottom's edge, `slouch` the height of soft dents.
    """
    angle = np.linspace(-np.pi, np.pi, 721)
    power = 2 / square
    ring = np.stack(
        [
            -np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power,
            -np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power,
        ],
        axis=1,
    )
    mid_w, mid_d = half_width(np.array([0.5]))[0], half_depth(np.array([0.5]))[0]
    ring = even_path(ring * [mid_w, mid_d], COLUMNS + 1) / [mid_w, mid_d]

    base = np.concatenate([np.linspace(0.02, 0.9, 5), np.full(7, 1.0)])
    turn = np.linspace(0, np.pi / 2, 7)
    shrink = np.concatenate([np.zeros(5), np.sin(turn)])
    rise = np.concatenate([np.zeros(5), 1 - np.cos(turn)])
    low = corner / height
    t = np.concatenate([rise * low, np.linspace(low, 1, LEVELS)[1:]])
    wide, deep = half_width(t), half_depth(t)
    count = len(base)
    inset = corner * (1 - shrink)
    wide[:count] = np.maximum((half_width(t[:count]) - inset) * base, 1e-4)
    deep[:count] = np.maximum((half_depth(t[:count]) - inset) * base, 1e-4)
    points = np.empty((len(t), COLUMNS + 1, 3))
    points[..., 0] = ring[:, 0] * wide[:, None]
    points[..., 1] = ring[:, 1] * deep[:, None]
    points[..., 2] = (t * height)[:, None]
    shell = skin(points)
    near = np.clip(points[..., 2] / height, 0, 1)
    dents = noise(points * 9.0 + seed % 97, seed) + 0.5 * noise(points * 21.0 + seed % 89, seed + 1)
    shell = skin(points + shell.normals * (dents * slouch * near**0.7)[..., None])
    return Body(shell, opened)


def skin(points: Points) -> Surface:
    """The surface through rings; the cloth runs on unbroken across the front."""
    uv = metric_uv(points)
    middle, walls = points.shape[1] // 2, len(points) - LEVELS
    uv[..., 0] = uv[:, middle : middle + 1, 0] - uv[..., 0]
    uv[..., 1] -= uv[walls, :, 1]
    return Surface(points, grid_normals(points, closed=True), uv)


def blocks(shell: Body, way: str) -> Slots:
    """Which faces of the body are of the second colour: its base, top, one half or the middle."""
    points = shell.skin.points
    high = points[..., 2].mean(axis=1)
    rise = ((high[1:] + high[:-1]) / 2 / high.max())[:, None]
    wide = points[-12, :, 0]
    across = ((wide[1:] + wide[:-1]) / 2 / np.abs(wide).max())[None]
    chosen = {
        "base": rise < 0.36,
        "top": rise > 0.62,
        "half": across < 0,
        "middle": np.abs(across) < 0.36,
    }[way]
    return np.broadcast_to(chosen, (len(points) - 1, points.shape[1] - 1)).astype(np.int64)


def show(
    shell: Body,
    outside: bpy.types.Material | Sequence[bpy.types.Material],
    lining: bpy.types.Material,
    *,
    slots: Slots | None = None,
    thick: float = 0.004,
) -> None:
    """Put the shell in the scene; an open one with its lining. `slots` as `blocks` gives them."""
    points, uv = shell.skin.points, shell.skin.uv
    grid_object("body", points, outside, uv, slots)
    if not shell.open:
        return
    levels = np.concatenate([[1.0, 1.0, 0.995], np.linspace(0.97, 0.12, 14)])
    lifts = np.concatenate([[0.0, -thick * 0.5, -thick], np.full(14, -thick)])
    around = np.linspace(-1, 1, COLUMNS + 1) * (1 - 1e-9)
    inner = np.stack(
        [
            shell.skin.at(around, level, np.full(COLUMNS + 1, lift))
            for level, lift in zip(levels, lifts, strict=True)
        ]
    )
    inner[1, :, 2] += thick * 0.35
    rim = None if slots is None else np.broadcast_to(slots[-1], (2, slots.shape[1]))
    grid_object("rim", inner[:3], outside, metric_uv(inner[:3]), rim)
    grid_object("lining", inner[2:], lining, metric_uv(inner[2:]))
