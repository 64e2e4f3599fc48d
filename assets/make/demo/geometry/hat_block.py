"""A hat on the block: its materials, the head under it, and what every hat is made with."""

from __future__ import annotations

import random
from dataclasses import dataclass

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from .colours import tonal
from .designed import Designed
from .drape import noise
from .lofts import Points, grid_object, grids_object, tube, unit

AROUND = 168


@dataclass(frozen=True)
class Block(Designed):
    """A hat on the block: its spec, materials and random source.

    `second` is the cloth of the other blocks of a colour-blocked hat; the same cloth on others.
    """

    spec: Spec
    rng: random.Random
    cloth: bpy.types.Material
    second: bpy.types.Material
    trim: bpy.types.Material
    thread: bpy.types.Material
    lining: bpy.types.Material


def on_block(spec: Spec) -> Block:
    """Choose the materials of a hat."""
    main, second, trim = spec.colours
    band = second if second.lower() != main.lower() else trim
    cloth = fabric(spec.material, spec.pattern, spec.colours, scale=0.8, seed=spec.seed)
    return Block(
        spec,
        random.Random(spec.seed),
        cloth,
        plain(spec.material, second) if spec.pattern == "colour-block" else cloth,
        plain("satin" if spec.shape["style"] == "brim" else "cotton", band),
        plain("thread", trim if "stitching" in spec.trims else tonal(main)),
        plain("cotton", tonal(main)),
    )


def angles() -> Points:
    """Angles round the head, 0 at the brow (-Y), growing towards the wearer's left (+X)."""
    return np.linspace(-np.pi, np.pi, AROUND + 1)


def head(angle: Points, scale: float = 1.0) -> tuple[Points, Points]:
    """The head's outline: an oval, longer than wide."""
    return np.sin(angle) * 0.079 * scale, -np.cos(angle) * 0.097 * scale


def dome(
    height: float, *, square: float, rows: int = 44, taper: float = 0.06, swell: float = 0.0
) -> Points:
    """Rings from the head's edge to the crown; `square` 2 is round, more is boxier."""
    angle = angles()
    turn = np.linspace(0, np.pi / 2, rows)
    share = np.sin(turn) ** (2 / square)
    out = np.maximum(np.cos(turn), 1e-3) ** (2 / square)
    x, y = head(angle)
    rings = np.empty((rows, AROUND + 1, 3))
    out[-1] = 1e-4
    grow = out * (1 - taper * share) + swell * np.sin(np.pi * share)
    rings[..., 0] = x * grow[:, None]
    rings[..., 1] = y * grow[:, None]
    rings[..., 2] = (share * height)[:, None]
    return rings


def round_uv(rings: Points, radius: float = 0.088) -> Points:
    """Cloth laid round the head and over the crown."""
    step = np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(axis=1)
    v = np.concatenate([[0.0], np.cumsum(step)])
    u = angles() * radius
    return np.stack(np.broadcast_arrays(u[None, :], v[:, None]), axis=-1)


def draped_uv(points: Points) -> Points:
    """Cloth seen from above and unrolled down the sides: keeps prints whole over a crown."""
    slope = points[..., 2].max() - points[..., 2]
    x, y = points[..., 0], points[..., 1]
    away = np.hypot(x, y) + 1e-9
    factor = (away + 0.75 * slope) / away
    return np.stack([x * factor, y * factor], axis=-1)


def rough(points: Points, amount: float, seed: int, size: float = 0.05) -> Points:
    """Soft dents, none at the crown's pole."""
    bumps = noise(points / size + seed % 83, seed)
    centre = points.mean(axis=(0, 1))
    return points + unit(points - centre) * (bumps * amount)[..., None]


def ring_tube(path: Points, radius: float, material: bpy.types.Material, flat: float = 1.0) -> None:
    """A cord round a closed path."""
    grids_object("edge", [tube(path, radius, flat=flat, sides=8, caps=False)], material)


def button(block: Block, top: Points) -> None:
    """The covered button on the crown."""
    angle = np.linspace(0, 2 * np.pi, 21)
    rings = [
        top + np.stack([np.cos(angle) * r, np.sin(angle) * r, np.full(21, z)], axis=1)
        for r, z in ((0.0072, -0.002), (0.0068, 0.0015), (0.004, 0.0034), (0.0002, 0.004))
    ]
    grid_object("button", np.stack(rings), block.cloth)


def eyelet(crown: Points, angle: float, share: float, block: Block) -> None:
    """A sewn air hole."""
    column = int(((angle + np.pi) % (2 * np.pi)) / (2 * np.pi) * AROUND)
    row = int(share * (len(crown) - 1) * 0.78)
    centre = crown[row, column]
    rise = unit(crown[row + 1, column] - centre)
    side = unit(crown[row, (column + 1) % AROUND] - centre)
    turn = np.linspace(0, 2 * np.pi, 17)
    loop = centre + 0.0034 * (np.cos(turn)[:, None] * rise + np.sin(turn)[:, None] * side)
    grids_object("eyelet", [tube(loop, 0.0012, sides=6, caps=False)], block.thread)
