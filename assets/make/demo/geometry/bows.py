"""Cloth that is tied: bows of two loops, two tails and a knot; a half knot of two tails."""

from __future__ import annotations

import bpy
import numpy as np

from . import drape
from .cloth_sheet import Array, Cloth, Face, grid_sheet


def tied(
    knot: Array,
    face: Face,
    cloth: bpy.types.Material,
    seed: int,
    *,
    width: float = 0.03,
    loop: float = 0.075,
    tail: float = 0.22,
) -> list[bpy.types.Object]:
    """A bow at a place; its tails hang over `face`. Without a `loop` it is tied once."""
    rng = np.random.default_rng(seed + 5)
    piece = Cloth()
    for side in (-1, 1):
        if loop:
            droop = rng.uniform(0.12, 0.34)
            piece.add(grid_sheet(_loop(knot, side, loop * rng.uniform(0.92, 1.08), width, droop)))
        long = tail * rng.uniform(0.85, 1.1)
        piece.add(grid_sheet(_tail(knot, face, side, long, width, rng)))
    piece.add(grid_sheet(_knot(knot, width)))
    return [piece.make("bow", cloth, thickness=0.0012, weld=0)]


def _pinched(s: Array, width: float, reach: float) -> Array:
    """The ribbon's width: gathered at the knot, whole after `reach`."""
    return width * (0.34 + 0.66 * drape.smooth(s, 0.0, reach))


def _loop(knot: Array, side: int, long: float, width: float, droop: float) -> Array:
    """Out in front, round the end, back behind; creases run out from the knot."""
    t = np.linspace(0, 1, 44)
    half = 0.5
    out = np.where(t < half, np.sin(t / half * np.pi / 2), np.sin((1 - t) / half * np.pi / 2))
    depth = -0.004 - 0.014 * np.cos(t * np.pi) * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.4
    depth = depth - 0.008
    wide = _pinched(out, width, 0.85)[:, None]
    s = np.linspace(-1, 1, 15)[None]
    x = side * long * out[:, None] * np.ones_like(s)
    drop = -droop * long * out[:, None] ** 1.6
    z = drop + wide / 2 * s - 0.004 * (1 - s**2) * out[:, None]
    crease = 0.0022 * np.cos(s * 7.5) * (1 - out[:, None] ** 1.2)
    y = depth[:, None] + crease - 0.004 * (1 - s**2) * np.sin(np.pi * out[:, None] * 0.8)
    return knot + np.stack([x, y, z], -1)


def _tail(
    knot: Array, face: Face, side: int, long: float, width: float, rng: np.random.Generator
) -> Array:
    """A falling end: pinched at the knot, turned a little, cut aslant."""
    t = np.linspace(0, 1, 50)
    s = np.linspace(-1, 1, 13)[None]
    lean, sway = rng.uniform(0.1, 0.24), rng.uniform(0.002, 0.006)
    middle = side * (0.006 + long * lean * t**0.8) + sway * np.sin(t * 6 + side)
    turn = rng.uniform(0.25, 0.6) * np.sin(t * rng.uniform(2, 4) + side)
    wide = _pinched(t, width, 0.3)[:, None] / 2
    slope = np.gradient(middle, t)[:, None] / long
    x = middle[:, None] + wide * s * np.cos(turn)[:, None]
    z = -long * (t[:, None] * (1 + 0.05 * side * s)) + slope * wide * s
    crease = 0.0018 * np.cos(s * 6) * (1 - t[:, None]) ** 2
    under = face.points(knot[0] + middle, np.minimum(knot[2] - long * t, knot[2] - 0.01), 0.006)
    lie = np.minimum(knot[1] - 0.003 - 0.006 * np.sin(np.pi * np.minimum(t * 3, 1)), under[:, 1])
    lie = np.minimum.accumulate(lie * 0.5 + np.minimum.accumulate(lie) * 0.5)
    y = lie[:, None] - knot[1] + wide * s * np.sin(turn)[:, None] * side + crease
    return knot + np.stack([x, y - 0.004, z], -1)


def _knot(knot: Array, width: float) -> Array:
    """The short piece of ribbon that goes round the middle."""
    turn = np.linspace(0, 2 * np.pi, 33)[:, None]
    s = np.linspace(-1, 1, 13)[None]
    waist = 0.36 * width * (1 + 0.22 * s**2)
    ring = 0.44 * width * (1 + 0.05 * np.cos(2 * turn))
    x = waist * s * 0.9 + 0.06 * width * np.sin(turn)
    crease = 0.0012 * np.cos(s * 8 + np.sin(turn))
    y = -(ring * 0.62 + crease) * np.cos(turn) - 0.011
    z = (ring + crease) * np.sin(turn)
    return knot + np.stack([x, y, z], -1)[:, ::-1]
