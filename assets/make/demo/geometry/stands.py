"""Standing collars that give way as worn ones do: plain, wadded, and knitted in ribs."""

from __future__ import annotations

import bpy
import numpy as np

from . import drape
from .bands import band, blurred, even, unit
from .bodice import Bodice
from .cloth_sheet import Cloth, Sheet
from .collars import levelled, open_neck_loop
from .haberdashery import strip
from .quilting import Quilt, quilt


def soft_stand(
    bodice: Bodice,
    height: float,
    material: bpy.types.Material,
    *,
    thick: float = 0.006,
    lean: float = 0.2,
    slump: float = 0.006,
) -> bpy.types.Object:
    """A standing collar of doubled cloth, its front corners rounded, its edge a little wavy."""
    sheet = _stand(bodice, height, thick, lean, slump)
    return _made(sheet, material)


def ribbed_stand(
    bodice: Bodice, height: float, material: bpy.types.Material, *, rib: float = 0.0062
) -> bpy.types.Object:
    """A knitted collar folded over double: narrow at the front ends, soft, in ribs."""
    sheet = _stand(bodice, height, 0.007, 0.42, 0.005, rib=rib, taper=0.5)
    return _made(sheet, material)


def wadded_stand(
    bodice: Bodice,
    height: float,
    swell: float,
    material: bpy.types.Material,
    teeth: bpy.types.Material,
) -> list[bpy.types.Object]:
    """A wadded collar of two channels, open a little in front, the zip running up its edges."""
    sheet = _stand(bodice, height, 0.012, 0.06, 0.012, taper=0.12, opened=0.013)
    plan = Quilt((height + 0.008) / 2, swell, gather=0.22)
    quilt(sheet, plan, bodice.seed + 77)
    made = [_made(sheet, material)]
    v = np.linspace(0.02, 0.46, 3 * int(height / 0.005))
    for u in (0.008, 0.992):
        edge = Cloth()
        keep = np.broadcast_to((np.arange(len(v) - 1) % 3 < 2)[None], (3, len(v) - 1))
        edge.add(strip(sheet, np.full_like(v, u), v, 0.004, 0.002), keep=keep)
        made.append(edge.make("zip", teeth, inside=False, weld=0))
    return made


def _stand(
    bodice: Bodice,
    height: float,
    thick: float,
    lean: float,
    slump: float,
    *,
    rib: float = 0.0,
    taper: float = 0.2,
    opened: float = 0.003,
) -> Sheet:
    """Outer side, fold and inner side in one sheet, from middle front to middle front.

    `taper` is how much lower its front ends are, `opened` how far they stand apart at the top,
    `slump` how far the edge gives way.
    """
    loop = blurred(even(open_neck_loop(bodice), 161), 7, closed=False)
    middle = (loop.min(axis=0) + loop.max(axis=0)) / 2
    out = blurred(unit((loop - middle) * np.array([1.0, 1.0, 0.0])), 10, closed=False)
    s = np.linspace(0, 1, len(loop))
    ends = np.minimum(s, 1 - s)
    scale = 1 - taper * (1 - drape.smooth(ends, 0.0, 0.11)) ** 1.5
    scale = scale - 0.25 * np.clip(1 - ends / 0.02, 0, 1) ** 2
    half = thick / 2
    profile = [
        (half, -0.008), (half + 0.001, 0.0), (half, height * 0.8), (half * 0.6, height * 0.96),
        (0.0, height), (-half * 0.6, height * 0.96), (-half, height * 0.8), (-half, -0.008),
    ]  # fmt: skip
    sheet = band(loop, np.array([0, 0, 1.0]), out, profile, rows=44, scale=scale, rib=rib, depth=0)
    base = even(loop, sheet.points.shape[1])
    share = np.clip((sheet.points[..., 2] - base[None, :, 2]) / height, 0, 1)
    around = np.broadcast_to(np.linspace(0, 1, share.shape[1])[None], share.shape)
    away = unit(sheet.points[22] - sheet.points[22].mean(axis=0))[None] * np.array([1, 1, 0])
    seed = bodice.seed + 77
    sway = drape.noise(np.stack([around * 5, share * 1.2, 0 * share], -1), seed)
    dip = drape.noise(np.stack([around * 7, 0 * share, 0 * share + 4], -1), seed + 1)
    give = slump * share * (0.4 + sway) - lean * height * share
    sheet.points = sheet.points + away * give[..., None]
    sheet.points[..., 2] -= slump * share * (0.35 + 0.6 * dip)
    sheet.points[..., 2] += 0.55 * share * levelled(base)[None]
    front = np.clip(1 - np.minimum(around, 1 - around) / 0.16, 0, 1) ** 1.5
    sheet.points[..., 0] += np.where(around < 0.5, 1, -1) * opened * front * (0.25 + share)
    sheet.points[..., 1] -= 0.5 * opened * front * share
    if rib:
        _in_ribs(sheet, rib, seed)
    sheet.displace(np.zeros(share.shape))
    return sheet


def _in_ribs(sheet: Sheet, rib: float, seed: int) -> None:
    """Knit and purl in turns, not quite evenly."""
    along = sheet.uv[..., 0]
    uneven = drape.noise(np.stack([along / 0.05, sheet.uv[..., 1] / 0.05, 0 * along], -1), seed + 3)
    wave = np.cos((along / rib + 0.12 * uneven) * 2 * np.pi)
    sheet.displace(0.0012 * np.sign(wave) * np.abs(wave) ** 0.6)


def _made(sheet: Sheet, material: bpy.types.Material) -> bpy.types.Object:
    collar = Cloth()
    collar.add(sheet)
    return collar.make("stand", material, inside=False)
