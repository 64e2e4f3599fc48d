"""Wadded and quilted garments: channels or diamonds, a wadded collar, what closes a puffer."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np

from ..materials import plain
from ..spec import Spec
from . import drape
from .bands import band, even, unit
from .bodice import Bodice, smooth_edge
from .cloth_sheet import Array, Cloth, Sheet
from .collars import hood, open_neck_loop
from .colours import shaded, tonal
from .haberdashery import zip_line
from .outer_layers import cuff_band, hardware, waist_hem


def puff(bodice: Bodice, shape: Mapping[str, float | str]) -> None:
    """Quilt the body: channels around (pitch, swell), or small diamonds; a yoke stays plain."""
    pitch, high = float(shape["pitch"]), float(shape["swell"])
    diamond = shape["style"] == "quilted"
    for sheet in (bodice.front, bodice.back):
        h = _quilting(sheet, pitch, high, bodice.seed + 60, diamond)
        z = sheet.points[..., 2]
        if shape.get("yoke"):
            h = h * drape.smooth(z, -0.17, -0.19)
        arm = smooth_edge(np.abs(sheet.us))[None] * drape.smooth(z, -bodice.cut.armhole, -0.16)
        sheet.displace(h * (1 - 0.85 * arm))
    below = bodice.front.points[:, [0, -1], 2] < -bodice.cut.armhole
    mean = (bodice.front.points[:, [0, -1]] + bodice.back.points[:, [0, -1]]) / 2
    for sheet in (bodice.front, bodice.back):
        sheet.points[:, [0, -1]] = np.where(below[..., None], mean, sheet.points[:, [0, -1]])


def puff_sleeves(bodice: Bodice, shape: Mapping[str, float | str]) -> None:
    """Quilt the sleeves likewise; after they are set in."""
    pitch, high = float(shape["pitch"]), float(shape["swell"])
    for sleeve in bodice.sleeves:
        h = _quilting(sleeve, pitch, high * 0.85, bodice.seed + 90, shape["style"] == "quilted")
        sleeve.displace(h * drape.smooth(sleeve.vs, 0.0, 0.1)[:, None])
        sleeve.points[:, -1] = sleeve.points[:, 0]


def _quilting(sheet: Sheet, pitch: float, high: float, seed: int, diamond: bool) -> Array:
    """Height of the wadding: it sags in its channel, and the stitches pucker the cloth."""
    points, u, v = sheet.points, sheet.uv[..., 0], sheet.uv[..., 1]
    if diamond:
        a, b = (u + v) / pitch, (u - v) / pitch
        pillow = (np.abs(np.sin(np.pi * a)) * np.abs(np.sin(np.pi * b))) ** 0.45
        return high * pillow * (0.9 + 0.25 * drape.crumple(points, 0.05, seed))
    sway = 0.005 * drape.noise(np.stack([u / 0.16, v / 0.5, 0 * u], -1), seed + 3)
    along = (v + sway) / pitch
    channel, inside = np.floor(along), along % 1
    full = np.sin(np.pi * inside**0.78) ** 0.7
    far = np.minimum(inside, 1 - inside) * pitch
    dents = 0.0
    for width, reach, depth in ((0.05, 0.035, 0.5), (0.026, 0.022, 0.55), (0.014, 0.012, 0.35)):
        lines = drape.noise(
            np.stack([u / width, v / (width * 4), channel * 3.7], -1), seed + int(width * 999)
        )
        dents = dents + depth * np.exp(-((lines / 0.2) ** 2)) * np.exp(-((far / reach) ** 2))
    filling = 0.9 + 0.4 * drape.noise(np.stack([u / 0.1, v / 0.2, channel * 5.3], -1), seed + 5)
    return high * full * filling * np.clip(1 - dents, 0.15, 1)


def puffed_stand(
    bodice: Bodice, height: float, high: float, material: bpy.types.Material
) -> bpy.types.Object:
    """A wadded collar of two channels."""
    loop = even(open_neck_loop(bodice), 160)
    middle = (loop.min(axis=0) + loop.max(axis=0)) / 2
    out = unit((loop - middle) * np.array([1.0, 1.0, 0.0]))
    t = np.linspace(0, 1, 33)
    swell = high * np.abs(np.sin(2 * np.pi * t)) ** 0.7
    front = list(zip(0.004 + swell - 0.008 * t, height * t, strict=True))
    inner = list(zip(-0.012 - 0.6 * swell - 0.008 * t, height * t, strict=True))[::-1]
    sheet = band(loop, np.array([0, 0, 1.0]), out, [(0.0, -0.006), *front, *inner], rows=70)
    dents = drape.noise(sheet.points / np.array([0.018, 0.018, 0.05]), bodice.seed + 77)
    sheet.displace(-0.3 * high * np.exp(-((dents / 0.25) ** 2)))
    collar = Cloth()
    collar.add(sheet)
    return collar.make("stand", material, inside=False)


def wadded_front(
    bodice: Bodice, cloth: bpy.types.Material, spec: Spec, *, pockets: tuple[float, float]
) -> list[bpy.types.Object]:
    """What closes a puffer: stand or hood, zip, zipped pockets between two heights, bound edges."""
    cut, face = bodice.cut, bodice.face()
    main, high = spec.colours[0], float(spec.shape["swell"])
    metal, tape = hardware(spec), plain("nylon", shaded(main, 0.55))
    made = [puffed_stand(bodice, 0.085, high * 0.75, cloth)]
    if spec.shape.get("collar") == "hood":
        made += hood(bodice, cloth, plain("thread", tonal(main)), thickness=0.014)
    made += zip_line(face, -cut.neck_drop, -cut.length, metal, tape, width=0.005)
    for side in (-1, 1):
        x = 0.66 * float(cut.half_width(np.array(pockets[0])))
        line = np.linspace((side * (x + 0.012), pockets[0]), (side * (x - 0.014), pockets[1]), 20)
        made += zip_line(face, 0, 0, metal, tape, path=line, width=0.004)
    if bodice.sleeves:
        made += cuff_band(bodice, 0.02, cloth, tuck=0.012)
    made.append(waist_hem(bodice, 0.02, cloth, tuck=0.01))
    return made
