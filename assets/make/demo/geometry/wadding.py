"""Wadded and quilted garments: channels or diamonds, a wadded collar, what closes a puffer."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np

from ..materials import plain
from ..spec import Spec
from . import drape
from .bodice import Bodice
from .cloth_sheet import Array
from .colours import shaded, tonal
from .haberdashery import zip_line
from .hoods import hood
from .outer_layers import cuff_band, hardware, waist_hem
from .puckers import pucker
from .quilting import Quilt, quilt
from .stands import wadded_stand


def puff(bodice: Bodice, shape: Mapping[str, float | str]) -> None:
    """Quilt the body: channels around (pitch, swell), or small diamonds; a yoke stays plain."""
    plan = _plan(shape)
    for number, sheet in enumerate((bodice.front, bodice.back)):
        x, z = sheet.points[..., 0], sheet.points[..., 2]
        held = np.zeros(z.shape)
        if sheet is bodice.front:
            held = np.maximum(held, np.abs(x) < (0.022 if plan.diamond else 0.007))
            for side in (-1, 1) if not plan.diamond else ():
                held = np.maximum(held, _beside(x, z, pocket_line(bodice, side)))
        if shape.get("belt") == "buckle":
            held = np.maximum(held, np.abs(z + bodice.cut.waist_at) < 0.022)
        if shape.get("yoke"):
            held = np.maximum(held, drape.smooth(z, -0.186, -0.176))
        quilt(sheet, plan, bodice.seed + 60 + number, held=held)
        if shape.get("yoke"):
            below = drape.smooth(z, -0.168, -0.178)
            pucker(sheet, 0.03 * (1 - below), 0.03 * (1 - below), bodice.seed + 70, held=below)


def puff_sleeves(bodice: Bodice, shape: Mapping[str, float | str]) -> None:
    """Quilt the sleeves likewise; after they are set in."""
    for number, sleeve in enumerate(bodice.sleeves):
        quilt(sleeve, _plan(shape, 0.65), bodice.seed + 90 + number)
        sleeve.points[:, -1] = sleeve.points[:, 0]


def _plan(shape: Mapping[str, float | str], full: float = 1.0) -> Quilt:
    pitch, swell = float(shape["pitch"]), float(shape["swell"]) * full
    if shape["style"] == "quilted":
        return Quilt(0.7 * pitch, 0.3 * swell, True, gather=0.05)
    return Quilt(pitch, swell, gather=0.22)


def pocket_line(bodice: Bodice, side: int) -> Array:
    """A slanting zipped pocket, as a line of (x, z), from below upwards."""
    low = -0.5 if bodice.cut.length < 0.8 else -0.62
    x = 0.66 * float(bodice.cut.half_width(np.array(low)))
    return np.linspace((side * (x + 0.012), low), (side * (x - 0.014), low + 0.14), 20)


def _beside(x: Array, z: Array, line: Array) -> Array:
    """1 within a seam's width of a line of (x, z)."""
    far = np.hypot(x[..., None] - line[:, 0], z[..., None] - line[:, 1]).min(axis=-1)
    return (far < 0.007).astype(float)


def wadded_front(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """What closes a puffer: stand or hood, zip, zipped pockets, bound edges."""
    cut, face = bodice.cut, bodice.face()
    main, high = spec.colours[0], float(spec.shape["swell"])
    metal, tape = hardware(spec), plain("nylon", shaded(main, 0.55))
    made = wadded_stand(bodice, 0.075, high * 0.8, cloth, metal)
    if spec.shape.get("collar") == "hood":
        made += hood(bodice, cloth, plain("thread", tonal(main)), thickness=0.01)
    made += zip_line(face, -cut.neck_drop, -cut.length, metal, tape, width=0.005)
    for side in (-1, 1):
        made += zip_line(face, 0, 0, metal, tape, path=pocket_line(bodice, side), width=0.004)
    if bodice.sleeves:
        made += cuff_band(bodice, 0.02, cloth, tuck=0.012)
    made.append(waist_hem(bodice, 0.02, cloth, tuck=0.01))
    return made
