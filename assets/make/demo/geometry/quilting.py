"""Wadded cloth between its stitches: a flat piece, longer than its seams, is blown up and settles.

The outer cloth of a down jacket is longer than what it is sewn to. Along the seams the surplus
gathers in puckers, which run into the chambers and fade there; across the chambers it arches over
the filling, which is uneven and sinks.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from . import drape, nets
from .cloth_sheet import Array, Sheet
from .kept import kept, mark_of

VERSION = 3


@dataclass(frozen=True)
class Quilt:
    """How a piece is quilted: `pitch` and `swell` in metres, in channels or in diamonds.

    `gather` is the surplus of cloth along a seam, as a share of the seam.
    """

    pitch: float
    swell: float
    diamond: bool = False
    gather: float = 0.2


def quilt(
    sheet: Sheet, plan: Quilt, seed: int, *, held: Array | None = None, step: float = 0.004
) -> None:
    """Blow the sheet up between its stitches; its borders and what is `held` (1) stay flat.

    `held` is an array [rows, cols] of the sheet.
    """
    firm = nets.border(sheet) if held is None else np.maximum(nets.border(sheet), held)
    mark = mark_of((VERSION, astuple(plan), seed, step), [sheet.uv, firm])
    (moved,) = kept(mark, lambda: [_settled(sheet, plan, seed, firm, step)])
    nets.shift(sheet, moved)


def _settled(sheet: Sheet, plan: Quilt, seed: int, firm: Array, step: float) -> Array:
    """How every point of the sheet moves: along the cloth, up the cloth, out of it."""
    per = (
        max(round(plan.pitch / step), 8)
        if plan.diamond
        else 2 * max(round(plan.pitch / step / 2), 3)
    )
    step = plan.pitch / per
    i, j, flat = nets.flat_places(sheet, step)
    if plan.diamond:
        near = np.minimum(_off(i + j, per), _off(i - j, per)) / (per / 2)
    else:
        near = _off(i, per) / (per / 2)
    fast = (near == 0) | (nets.on_net(sheet, firm, flat) > 0.5)
    moved = _net(flat, fast, near, step, plan, seed).settle()
    free = (1 - firm) * nets.inwards(sheet, step)
    return nets.taken(moved, _swayed(sheet, plan, seed), flat[0, 0], step) * free[..., None]


def _off(number: Array, per: int) -> Array:
    """How many threads away the nearest seam is."""
    return np.minimum(number % per, -number % per)


def _swayed(sheet: Sheet, plan: Quilt, seed: int) -> Array:
    """Places on the flat piece; no seam is sewn quite straight, none hangs quite level."""
    u, v = sheet.uv[..., 0], sheet.uv[..., 1]
    sway = drape.noise(np.stack([u / 0.16, v / 0.4, 0 * u], -1), seed + 7)
    fine = drape.noise(np.stack([u / 0.05, v / 0.2, 0 * u], -1), seed + 8)
    return np.stack([u, v + min(plan.pitch * 0.08, 0.005) * (sway + 0.3 * fine)], -1)


def _net(flat: Array, fast: Array, near: Array, step: float, plan: Quilt, seed: int) -> nets.Net:
    """The piece with uneven surplus and uneven filling."""
    x, y = flat[..., 0], flat[..., 1]
    chamber = np.floor(y / plan.pitch + 0.01)
    lump = drape.noise(np.stack([x / 0.07, chamber * 3.7, y / 0.12], -1), seed + 1)
    rough = drape.noise(np.stack([x / 0.02, y / 0.02, 0 * x], -1), seed)
    uneven = drape.noise(np.stack([x / 0.09, y / (0.5 * plan.pitch), 0 * x], -1), seed + 2)
    broad = drape.noise(np.stack([x / 0.2, y / 0.2, 0 * x + 0.5], -1), seed + 3)
    surplus = plan.gather * np.clip(1 + 1.1 * uneven + 0.7 * broad, 0.05, 2.4)
    surplus = surplus * (0.3 + 0.7 * (1 - near))
    arch = 8 / 3 * (plan.swell / plan.pitch) ** 2 * np.clip(0.75 + 0.5 * lump, 0.3, 1.3)
    if plan.diamond:
        surplus = arch + surplus * (1 - near) ** 2
    grain = np.random.default_rng(seed).normal(size=x.shape)
    return nets.Net(
        flat, step, fast, 1 + surplus, 1 + (surplus if plan.diamond else arch),
        filling=np.clip(1 + 0.8 * lump + 0.25 * rough, 0.15, 2.2),
        start=0.3 * plan.swell * np.sqrt(near) + 0.0008 * grain,
    )  # fmt: skip
