"""Hoods: two halves sewn along the crown, fastened at the neck, fallen back over the shoulders."""

from __future__ import annotations

import bpy
import numpy as np

from . import drape, mannequin
from .bands import even
from .bodice import Bodice
from .cloth_sheet import Cloth, Sheet
from .draping import Fabric
from .draping import drape as settle
from .haberdashery import rod, sheet_stitches, strip

_ROWS, _COLUMNS = 64, 44
_HANGS = Fabric(0.3, 25, 10, 3.0)
"""A hood is doubled, or lined."""


def hood(
    bodice: Bodice,
    material: bpy.types.Material,
    thread: bpy.types.Material,
    *,
    high: float = 0.34,
    thickness: float = 0.005,
    lining: bpy.types.Material | None = None,
    cord: bpy.types.Material | None = None,
) -> list[bpy.types.Object]:
    """A hood that lies back; its hem stitched, perhaps lined, perhaps with a drawcord."""
    halves = [_half(bodice, side, high) for side in (1, -1)]
    _fall(bodice, halves)
    cloth = Cloth()
    for half in halves:
        cloth.add(half)
    made = [cloth.make("hood", material, thickness=thickness, weld=0.0001, lining=lining)]
    for half in halves:
        v = np.full(90, 0.09)
        made.append(sheet_stitches(half, np.linspace(0.03, 0.99, 90), v, thread))
        edge = Cloth()
        u = np.linspace(0.0, 1.0, 90)
        edge.add(strip(half, u, np.full(90, 0.012), 0.008, 0.002))
        made.append(edge.make("binding", material, inside=False, weld=0))
    if cord is not None:
        made += [_cord(bodice, half, cord) for half in halves]
    return made


def _half(bodice: Bodice, side: int, high: float) -> Sheet:
    """One half, standing and tilted back; rows go from the rim to the nape, columns to the crown.

    The flat piece is a tall rectangle, its upper back corner rounded.
    """
    front, back = bodice.neck_loop()
    half = len(front) // 2
    edge = front[half:] if side > 0 else front[half::-1]
    rear = back[: len(back) // 2 + 1] if side > 0 else back[: len(back) // 2 - 1 : -1]
    foot = even(np.concatenate([edge, rear[1:]]), _ROWS)
    foot[-1, 0] = 0.0
    t = np.linspace(0, 1, _ROWS)
    long = float(np.linalg.norm(np.diff(foot, axis=0), axis=-1).sum())
    turn = t * np.pi / 2
    crown = np.stack([1.02 * long * np.sin(turn) ** 0.75, high * np.cos(turn) ** 0.6], -1)
    crown[:, 1] = np.maximum(crown[:, 1], 0.05)
    base = np.stack([long * t, 0 * t], -1)
    a = np.linspace(0, 1, _COLUMNS)[None, :, None]
    flat = base[:, None] * (1 - a) + crown[:, None] * a
    nape, chin = foot[-1], foot[0]
    share = crown[:, 0] / long
    dy = (chin[1] - nape[1]) * (1 - share)
    dz = crown[:, 1] + (chin[2] - nape[2]) * (1 - share)
    tilt = np.radians(36)
    ridge = np.stack(
        [0 * t, nape[1] + dy * np.cos(tilt) + dz * np.sin(tilt),
         nape[2] + dz * np.cos(tilt) - dy * np.sin(tilt)], -1,
    )  # fmt: skip
    points = foot[:, None] * (1 - a) + ridge[:, None] * a
    bulge = np.sin(np.pi * a[..., 0] ** 0.8) * (0.10 * np.sin(np.pi * (0.12 + 0.75 * t)))[:, None]
    points[..., 0] += side * bulge
    uv = np.stack([flat[..., 0] * side, flat[..., 1]], -1) + np.array([16.0 + side, 0.0])
    sheet = Sheet(points, np.linspace(0, 1, _COLUMNS), np.linspace(0, 1, _ROWS), uv, -side)
    rough = drape.noise(points / 0.08, bodice.seed + 5)
    sheet.displace(0.012 * rough * np.sin(np.pi * a[..., 0]) * np.sin(np.pi * t)[:, None])
    return sheet


def _fall(bodice: Bodice, halves: list[Sheet]) -> None:
    """Let it fall back on neck and shoulders; it is held at the neck."""
    cut = bodice.cut
    body = mannequin.torso(
        chest=cut.chest - 0.01, waist=cut.waist, hip=cut.waist, depth=cut.depth + 0.004,
        shoulder=cut.shoulder, slope=cut.slope, neck=min(0.06, cut.neck - 0.02), base=cut.neck,
        low=-0.5,
    )  # fmt: skip
    pins = np.zeros((_ROWS, _COLUMNS))
    pins[:, 0] = 1.0
    firm = np.zeros((_ROWS, _COLUMNS))
    firm[:5] = 0.6
    settle(
        halves, [body], _HANGS, pins=[pins, pins], stiff=[firm, firm], spacing=0.022, frames=32,
        touching=True,
    )  # fmt: skip


def _cord(bodice: Bodice, half: Sheet, material: bpy.types.Material) -> bpy.types.Object:
    """A drawcord that comes out of the rim beside the chin and hangs down the front."""
    place = half.sample(np.array([0.12]), np.array([0.07]), 0.004)[0]
    rng = np.random.default_rng(bodice.seed + int(place[0] > 0))
    t = np.linspace(0, 1, 30)
    x = place[0] * (1 + 0.25 * np.sin(2 * t)) + 0.003 * np.sin(5 * t + rng.uniform(0, 6))
    z = place[2] - rng.uniform(0.13, 0.17) * t
    hung = bodice.face().points(x, z, 0.005)
    hung[:, 1] = np.minimum(hung[:, 1], place[1] - 0.004)
    near = drape.smooth(t, 0.0, 0.12)[:, None]
    path = place * (1 - near) + hung * near
    return rod(path, 0.0024, material, "drawcord")
