"""Soles and heels: everything between the feather line and the ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bpy
import numpy as np

from .. import materials
from .last import Last
from .lofts import Points, Surface, even_path, grid_object, grids_object, metric_uv, smoothstep

AROUND = 420
Height = Callable[[Points], Points]
# (length along the outline, x, share of the height) -> metres added to the wall
Relief = Callable[[Points, Points, Points], Points]


def footprint(upper: Surface, count: int = AROUND) -> tuple[Points, Points]:
    """The feather line at equal steps (x, y, z; first point repeated last), and its normals."""
    line = even_path(upper.points[0], count + 1)
    ahead = np.roll(line[:-1], -1, axis=0) - np.roll(line[:-1], 1, axis=0)
    out = np.stack([-ahead[:, 1], ahead[:, 0], np.zeros(count)], axis=1)
    out /= np.linalg.norm(out, axis=1, keepdims=True) + 1e-12
    kernel = np.hanning(9)
    kernel /= kernel.sum()
    out = np.stack(
        [np.convolve(np.pad(out[:, k], 4, mode="wrap"), kernel, "valid") for k in range(3)], axis=1
    )
    out /= np.linalg.norm(out, axis=1, keepdims=True) + 1e-12
    if np.sum((line[:-1, :2] - line[:-1, :2].mean(0)) * out[:, :2]) < 0:
        out = -out
    return line, np.concatenate([out, out[:1]])


def tread(last: Last, *, bevel: float = 0.004, step: float = 0.0) -> Height:
    """Height of a sole's underside: it rolls up at the toe and a little at the heel.

    `step` lifts it between heel and ball, as under a boot's waist.
    """

    def height(x: Points) -> Points:
        share = np.clip(x / last.length, 0, 1)
        front = np.clip((share - 0.66) / 0.34, 0, 1)
        back = np.clip((0.10 - share) / 0.10, 0, 1)
        waist = smoothstep(0.275, 0.285, share) * smoothstep(0.56, 0.44, share)
        return last.toe_spring * front**2 + bevel * back**2 + step * waist

    return height


def under_foot(last: Last, thickness: float) -> Height:
    """Height of the underside of a thin sole that follows a heeled last."""

    def height(x: Points) -> Points:
        return last.feather(np.clip(x / last.length, 0, 1)) - thickness

    return height


def sole(
    last: Last,
    upper: Surface,
    profile: Sequence[tuple[float, float]],
    bands: Sequence[tuple[float, bpy.types.Material]],
    *,
    low: Height | None = None,
    high: Height | None = None,
    upstand: float = 0.0,
    relief: Relief | None = None,
    rows: int = 22,
    name: str = "sole",
) -> bpy.types.Object:
    """A sole drawn out of the footprint.

    `profile` gives, from the ground (0) to the upper edge (1), how far the wall stands out of the
    footprint; `bands` are materials up to a share of the height; `relief(length, x, share)` adds
    to the profile (ribs, lugs, sculpted foam).
    """
    line, out = footprint(upper)
    x = line[:, 0]
    low_z = (low or tread(last))(x)
    high_z = (high(x) if high else line[:, 2]) + upstand
    at = np.unique(np.concatenate([np.linspace(0, 1, rows), [p[0] for p in profile]]))
    for edge in [band[0] for band in bands[:-1]]:
        at = np.unique(np.concatenate([at, [edge]]))
    away = np.interp(at, [p[0] for p in profile], [p[1] for p in profile])
    step = np.linalg.norm(np.diff(line[:, :2], axis=0), axis=1)
    length = np.concatenate([[0], np.cumsum(step)])
    offset = np.repeat(away[:, None], len(x), axis=1)
    if relief:
        offset = offset + relief(length[None, :], x[None, :], at[:, None])
    points = line[None] + out[None] * offset[..., None]
    points[..., 2] = low_z[None] + (high_z - low_z)[None] * at[:, None]
    flange_top = points[-1] - out * 0.006
    flange_low = points[0] - out * 0.008
    points = np.concatenate([flange_low[None], points, flange_top[None]])
    shares = np.concatenate([[0.0], at, [1.0]])
    centre = (shares[1:] + shares[:-1]) / 2
    edges = [band[0] for band in bands]
    slot = np.minimum(np.searchsorted(edges, centre), len(bands) - 1)
    slots = np.repeat(slot[:, None], len(x) - 1, axis=1)
    floor(upper, bands[0][1], lambda px: (low or tread(last))(px) + 0.0005)
    return grid_object(name, points, [band[1] for band in bands], metric_uv(points), slots)


def floor(
    upper: Surface,
    material: bpy.types.Material,
    height: Height | None = None,
    *,
    inset: float = 0.002,
    lift: float = 0.0,
    shares: tuple[float, float] = (0.004, 0.996),
    name: str = "insole",
) -> bpy.types.Object:
    """A sheet over the footprint: an insole, or the underside of a sole."""
    s = np.linspace(*sorted(np.arccos(2 * c - 1) / np.pi for c in shares), 120)
    outer, inner = upper.at(s, 0.0), upper.at(-s, 0.0)
    wide = np.maximum(np.abs(outer[:, 1] - inner[:, 1]), 1e-4)
    keep = np.clip(inset / wide, 0, 0.5)
    across = np.linspace(0, 1, 14)[None, :]
    across = keep[:, None] + (1 - 2 * keep[:, None]) * across
    points = outer[:, None] * (1 - across[..., None]) + inner[:, None] * across[..., None]
    if height:
        points[..., 2] = height(points[..., 0])
    points[..., 2] += lift
    return grid_object(name, points, material, points[..., :2].copy())


def ribs(pitch: float, depth: float, low: float, high: float, lean: float = 0.0) -> Relief:
    """Relief of upright ribs between two shares of the height."""

    def relief(length: Points, _: Points, share: Points) -> Points:
        wave = np.sin(2 * np.pi * (length / pitch + lean * share))
        mask = smoothstep(low - 0.04, low + 0.04, share) * smoothstep(high + 0.04, high, share)
        return -depth * smoothstep(-0.4, 0.4, wave) * mask

    return relief


def lugs(pitch: float, depth: float, high: float) -> Relief:
    """Relief of a cleated edge: deep gaps below a share of the height."""

    def relief(length: Points, _: Points, share: Points) -> Points:
        wave = np.sin(2 * np.pi * length / pitch)
        return -depth * smoothstep(0.15, 0.35, wave) * smoothstep(high, high - 0.06, share)

    return relief


def sculpted(amount: float, seed: int) -> Relief:
    """Relief of a running shoe's foam: long slanting swells with a groove along the middle."""
    draw = np.random.default_rng(seed)
    pitch, lean, phase = draw.uniform(0.035, 0.085), draw.uniform(-0.9, 0.9), draw.uniform(0, 6)
    groove = draw.uniform(0.4, 0.62)
    slope = draw.uniform(-0.9, 0.9)

    def relief(length: Points, x: Points, share: Points) -> Points:
        wave = np.sin(2 * np.pi * (length / pitch + lean * share) + phase)
        mask = np.sin(np.pi * np.clip(share, 0, 1)) ** 0.7
        middle = groove + slope * (x - 0.13)
        line = np.exp(-(((share - middle) / 0.06) ** 2))
        flare = 0.006 * smoothstep(0.09, 0.0, x) * smoothstep(0.9, 0.2, share)
        return amount * (wave * mask - 1.3 * line) + flare

    return relief


def heel(
    last: Last,
    upper: Surface,
    material: bpy.types.Material,
    top_piece: bpy.types.Material,
    *,
    form: str,
    ground: float = 0.0,
    drop: float = 0.004,
    breast: float = 0.24,
    name: str = "heel",
) -> None:
    """A heel from seat to ground: block, flared, stiletto, kitten, cone, cuban or stacked."""
    count = 96
    reach = breast * last.length
    s = float(upper.s_at_x(reach, 0.0))
    arc = np.linspace(s, 2 - s, count * 2 // 3)
    seat = upper.at(arc, 0.0)
    front = np.linspace(seat[-1], seat[0], count - len(arc) + 2)[1:-1]
    front[:, 0] -= 0.004 * np.sin(np.linspace(0, np.pi, len(front)))
    loop = np.concatenate([seat, front, seat[:1]])
    loop[:, 2] -= drop
    centre_y = loop[:, 1].mean()
    tall = float(loop[:, 2].mean() - ground)
    # (share of the width at the ground, share of the length, x of the foot's back, curve)
    forms = {
        "block": (0.90, 0.84, 0.006, 1.0),
        "stacked": (0.97, 0.97, 0.001, 1.0),
        "flared": (1.06, 1.0, -0.003, 1.0),
        "stiletto": (0.14, 0.145, 0.017, 5.5),
        "kitten": (0.22, 0.20, 0.018, 4.2),
        "cone": (0.42, 0.40, 0.010, 1.9),
        "cuban": (0.84, 0.70, 0.013, 1.0),
    }
    width, depth, back, curve = forms[form]
    levels = np.concatenate([[0.0, 0.012], np.linspace(0.04, 1, 26)])
    rings = []
    for level in levels:
        fall = 0.9 * (1 - (1 - level) ** curve) + 0.1 * level
        grow_y, grow_x = 1 + (width - 1) * fall, 1 + (depth - 1) * fall
        ring = loop.copy()
        ring[:, 1] = centre_y + (loop[:, 1] - centre_y) * grow_y
        rear = loop[:, 0].min()
        set_back = (back - rear) * (fall if curve > 1.7 else level)
        ring[:, 0] = rear + (loop[:, 0] - rear) * grow_x + set_back
        ring[:, 2] = loop[:, 2] * (1 - level) + ground * level
        rings.append(ring)
    points = np.array(rings)
    cut = max(1, int(np.argmin(np.abs(levels * tall - (tall - 0.004)))))
    body = points[: cut + 1]
    grid_object(name, body, material)
    lid = points[cut:]
    low = lid[-1:].mean(axis=1, keepdims=True).repeat(lid.shape[1], 1)
    grid_object(name + "_top_piece", np.concatenate([lid, low]), top_piece)
    if form == "stacked":
        lines = [points[k] + (points[k] - points[k].mean(0)) * 0.004 for k in range(4, cut, 4)]
        lines = [np.stack([r, r + np.array([0, 0, 0.0006])]) for r in lines]
        grids_object(name + "_layers", lines, materials.plain("leather", "#2c1b12"))
