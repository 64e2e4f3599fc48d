"""Tailored collars: lapels that roll from the break, with notch or peak, and shawl collars.

A lapel is laid on the front between its roll line and its outer edge, free at that edge; the
collar's leaf falls from the neck over the shoulders and meets the lapel at the gorge.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from .bands import blurred, even, unit
from .bodice import Bodice
from .cloth_sheet import Array, Cloth, Face, grid_sheet, laid
from .collars import neck_width

_ROWS, _COLUMNS = 64, 20


@dataclass(frozen=True)
class Lapel:
    """A lapel's cut: metres; `gorge` is how far below the shoulder collar and lapel meet.

    `kind` is "notch", "peak" or "shawl". `beyond` is how far past the middle the upper front
    reaches (double-breasted).
    """

    kind: str = "notch"
    closing: float = -0.27
    width: float = 0.09
    gorge: float = 0.085
    beyond: float = 0.0
    thick: float = 0.004


def tailored(
    bodice: Bodice, cut: Lapel, cloth: bpy.types.Material, collar: bpy.types.Material | None = None
) -> list[bpy.types.Object]:
    """Lapels and collar; the collar may be of another cloth, as velvet collars are."""
    made = []
    for side in (-1, 1):
        if cut.kind == "shawl":
            made.append(_leaf(bodice, cut, side, *_shawl(bodice, cut), cloth))
        else:
            made.append(_lapel(bodice, cut, side, cloth))
            made.append(_leaf(bodice, cut, side, *_fall(bodice, cut), collar or cloth))
    return made


def _roll(bodice: Bodice, z: float) -> Array:
    """The roll line's point at height z, on the right-hand front."""
    return np.array([float(neck_width(bodice, z)), z])


def _tip(bodice: Bodice, cut: Lapel) -> tuple[Array, Array]:
    """Where lapel and collar part on the gorge, and the lapel's tip."""
    start = _roll(bodice, -cut.gorge)
    fall = 0.022 if cut.kind == "peak" else -0.3 * cut.width
    tip = start + np.array([cut.width * (1.06 if cut.kind == "peak" else 1.0), fall])
    low = start + np.array([cut.width * 0.55, -0.16 * cut.width])
    return low, tip


def _curve(a: Array, b: Array, c: Array, count: int) -> Array:
    t = np.linspace(0, 1, count)[:, None]
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c


def _lapel(bodice: Bodice, cut: Lapel, side: int, cloth: bpy.types.Material) -> bpy.types.Object:
    """The side x > 0 lies on top and reaches `beyond` the middle."""
    start, (part, tip) = _roll(bodice, -cut.gorge), _tip(bodice, cut)
    apex = np.array([0.0, -bodice.cut.neck_drop])
    # The lower lapel ends where the upper front crosses it.
    under = (apex - (0.0, 0.006)) if cut.beyond else np.array([0.004, cut.closing])
    low = np.array([-cut.beyond, cut.closing]) if side > 0 else under
    roll = np.stack([_roll(bodice, z) for z in np.linspace(-cut.gorge, apex[1], 40)])
    roll = np.concatenate([roll, np.linspace(apex, low, 12)[1:]]) if side > 0 else roll
    inner = even(np.pad(roll, [(0, 0), (0, 1)]), _ROWS)[:, :2]
    belly = tip + (low - tip) * 0.42 + np.array([0.3 * cut.width, 0.0])
    outer = _curve(tip, belly, low, _ROWS)
    s = np.linspace(0, 1, _COLUMNS)[None, :, None]
    grid = inner[:, None] * (1 - s) + outer[:, None] * s
    # The gorge itself is bent where the collar ends on it.
    row = np.interp(s[0, :, 0], [0, 0.55, 1], [0, 1, 2])
    gorge = np.stack([np.interp(row, [0, 1, 2], [start[k], part[k], tip[k]]) for k in (0, 1)], -1)
    fade = np.clip(1 - np.linspace(0, 1, _ROWS) * 5, 0, 1)[:, None, None]
    grid = grid + (gorge - grid[0])[None] * fade
    along = np.linspace(0, 1, _ROWS)[:, None]
    # It rolls over softly beside the roll line, most near the break.
    rolled = np.exp(-(((s[..., 0] - 0.24) / 0.36) ** 2)) + 0.4 * s[..., 0]
    bulge = rolled * (0.4 + 0.6 * np.sin(np.pi * along**1.3))
    lift = cut.thick * 1.3 + 0.013 * bulge + (0.003 if side > 0 and cut.beyond else 0.0)
    grid, lift = _rolled_under(grid, lift)
    return _laid(bodice.face(), grid * (side, 1), lift, cut, cloth, "lapel")


def _rolled_under(grid: Array, lift: Array) -> tuple[Array, Array]:
    """The outer edge turned under, so that it casts a shadow on the front."""
    edge = grid[:, -1:]
    inwards = grid[:, -3:-2] - edge
    inwards = inwards / (np.linalg.norm(inwards, axis=-1, keepdims=True) + 1e-9)
    more = [edge + inwards * far for far in (-0.0004, 0.002, 0.006)]
    under = [lift[:, -1:] * share for share in (0.55, 0.2, 0.12)]
    return np.concatenate([grid, *more], axis=1), np.concatenate([lift, *under], axis=1)


def _laid(
    face: Face, grid: Array, lift: Array, cut: Lapel, cloth: bpy.types.Material, name: str
) -> bpy.types.Object:
    """A piece over the front with free edges; its own grain runs along the roll line."""
    if grid[0, ..., 1].mean() > grid[-1, ..., 1].mean():
        grid, lift = grid[::-1], lift[::-1]
    if grid[:, 0, 0].mean() > grid[:, -1, 0].mean():
        grid, lift = grid[:, ::-1], lift[:, ::-1]
    x, z = grid[..., 0], grid[..., 1]
    sheet = laid(face.sheet, *face.at(x, z), lift, edge=max(cut.thick * 0.25, 0.0008))
    turn = 0.32 * np.sign(x.mean())
    flat = np.stack([x * np.cos(turn) + z * np.sin(turn), z * np.cos(turn) - x * np.sin(turn)], -1)
    sheet.uv = np.pad(flat, [(1, 1), (1, 1), (0, 0)], mode="edge") + np.array([11.0, 0.0])
    piece = Cloth()
    piece.add(sheet)
    return piece.make(name, cloth, inside=False)


# the collar ------------------------------------------------------------------------------------

_BACK = 26


def _fall(bodice: Bodice, cut: Lapel) -> tuple[float, Array]:
    """How low the collar begins, and its outer edge on the front, from the notch upwards."""
    part, tip = _tip(bodice, cut)
    point = (
        part + (0.024, 0.028) if cut.kind == "notch" else part + (tip - part) * 0.62 + (0, 0.004)
    )
    shoulder = np.array([max(bodice.cut.neck + 0.042, point[0] + 0.004), -0.03])
    corner = np.linspace(part, point, 8)
    over = _curve(point, (point + shoulder) / 2 + (0.006, 0.0), shoulder, 27)[1:]
    return -cut.gorge, np.concatenate([corner, over])


def _shawl(bodice: Bodice, cut: Lapel) -> tuple[float, Array]:
    low = np.array([0.004, cut.closing])
    shoulder = np.array([bodice.cut.neck + 0.045, -0.03])
    widest = np.array(
        [float(neck_width(bodice, cut.closing * 0.5)) + cut.width * 1.7, cut.closing * 0.5]
    )
    return cut.closing + 0.002, _curve(low, widest, shoulder, 34)


def _leaf(
    bodice: Bodice, cut: Lapel, side: int, low: float, edge: Array, cloth: bpy.types.Material
) -> bpy.types.Object:
    """The turned-down leaf: from the neck's edge over the shoulder to the middle of the back."""
    front, back = bodice.neck_loop()
    half, rise = len(front) // 2, 0.026
    foot = front[half:] if side > 0 else front[half::-1]
    foot = even(foot[foot[:, 2] >= low - 0.004], len(edge))
    rear = back[: len(back) // 2 + 1] if side > 0 else back[: len(back) // 2 - 1 : -1]
    foot = np.concatenate([foot, even(rear, _BACK)[1:]])
    middle = np.array([0.0, foot[:, 1].mean(), 0.0])
    out = unit((foot - middle) * np.array([1.0, 1.0, 0.0]))
    up = np.clip(np.linspace(0, 2.2, len(foot)), 0.12, 1)[:, None]
    top = foot + (np.array([0, 0, rise]) - out * rise * 0.25) * up
    ez = np.minimum(edge[:, 1], bodice.cut.shoulder_line(edge[:, 0]) - 0.003)
    lower = bodice.face().points(side * edge[:, 0], ez, cut.thick * 1.6)
    q = np.linspace(0, 1, _BACK)[1:]
    bx = edge[-1, 0] * np.cos(q * np.pi / 2)
    bz = -0.03 - (0.035 + bodice.cut.neck_back) * q**0.8
    bz = np.minimum(bz, bodice.cut.shoulder_line(bx) - 0.004)
    behind = bodice.face(back=True).points(side * bx, bz, cut.thick * 1.6)
    lower = np.concatenate([lower, behind])
    lower[10:] = blurred(lower, 2, closed=False)[10:]
    t = np.linspace(0, 1, 22)[:, None, None]
    bulge = (top * 0.6 + lower * 0.4) + (out * 0.012 + np.array([0, 0, 0.008])) * up
    sheet = grid_sheet((1 - t) ** 2 * top + 2 * t * (1 - t) * bulge + t**2 * lower, facing=-side)
    sheet.uv = sheet.uv + np.array([14.0, 0.0])
    piece = Cloth()
    piece.add(sheet)
    return piece.make("collar", cloth, thickness=cut.thick)
