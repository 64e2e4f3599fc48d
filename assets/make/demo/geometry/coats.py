"""Coats: overcoats, trench, pea, duffle, wrap, parka, long puffer, mac, teddy."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars, outer_layers
from .bodice import Bodice, Cut
from .cloth_sheet import stand_on_ground
from .colours import shaded, tonal
from .haberdashery import (
    button,
    buttons,
    hem_stitches,
    label,
    patch,
    pocket,
    rod,
    stitches,
    welt,
    zip_line,
)

_BASE: dict[str, float | str] = {
    "length": 1.02, "chest": 0.242, "waist": 0.232, "hem": 0.265, "waist_at": 0.45, "neck": 0.08,
    "shoulder": 0.222, "neck_shape": "v", "neck_drop": 0.27, "sleeve": 0.6, "depth": 0.138,
    "belly": 0.13, "sleeve_width": 0.094, "cuff_width": 0.074, "arm_angle": 10, "fold": 0.75,
    "style": "over",
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "overcoat": {**_BASE},
    "overcoat long": {**_BASE, "length": 1.2, "hem": 0.285, "neck_drop": 0.33},
    "overcoat fitted": {
        **_BASE, "chest": 0.214, "waist": 0.188, "hem": 0.262, "shoulder": 0.198,
        "sleeve_width": 0.078, "cuff_width": 0.06, "length": 0.98,
    },
    "double-breasted": {**_BASE, "double": 0.085, "neck_drop": 0.25},
    "double-breasted long": {**_BASE, "double": 0.09, "length": 1.18, "hem": 0.29, "chest": 0.25,
                             "waist": 0.245},
    "pea coat": {
        **_BASE, "style": "pea", "double": 0.085, "length": 0.76, "hem": 0.245, "neck_drop": 0.2,
    },
    "trench": {
        **_BASE, "style": "trench", "double": 0.085, "neck_drop": 0.2, "waist": 0.2, "hem": 0.292,
        "length": 1.06, "fold": 1.1,
    },
    "trench short": {
        **_BASE, "style": "trench", "double": 0.08, "neck_drop": 0.2, "waist": 0.195,
        "hem": 0.255, "length": 0.82, "fold": 1.1, "shoulder": 0.206, "chest": 0.22,
        "sleeve_width": 0.084,
    },
    "wrap": {
        **_BASE, "style": "wrap", "neck_drop": 0.38, "waist": 0.2, "hem": 0.285, "length": 1.12,
        "fold": 1.1,
    },
    "duffle": {
        **_BASE, "style": "duffle", "neck_shape": "crew", "neck_drop": 0.09, "neck": 0.088,
        "length": 0.92, "hem": 0.258,
    },
    "parka": {
        **_BASE, "style": "parka", "neck_shape": "crew", "neck_drop": 0.09, "neck": 0.088,
        "length": 0.9, "hem": 0.256, "fold": 1.5, "waist": 0.226,
    },
    "long puffer": {
        **_BASE, "style": "puffer", "neck_shape": "crew", "neck_drop": 0.06, "neck": 0.09,
        "length": 1.05, "hem": 0.25, "pitch": 0.095, "swell": 0.025,
    },
    "mac": {
        **_BASE, "style": "mac", "neck_shape": "crew", "neck_drop": 0.085, "neck": 0.076,
        "length": 0.98, "hem": 0.285, "fold": 1.1,
    },
    "teddy": {
        **_BASE, "style": "over", "length": 0.92, "chest": 0.262, "waist": 0.26, "hem": 0.27,
        "shoulder": 0.24, "sleeve_width": 0.112, "cuff_width": 0.092, "neck_drop": 0.24,
        "broad": 0.03,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("wool", "tweed", "cotton", "nylon", "leather", "suede", "felt")
PATTERNS: tuple[str, ...] = ("plain", "checks")
TRIMS: tuple[str, ...] = ("contrast lining", "chest pocket", "gold hardware")


def build(spec: Spec) -> None:
    """Put the coat in the scene."""
    cut = Cut.of(spec.shape)
    style = str(spec.shape["style"])
    bodice = Bodice(cut, spec.seed, rows=int(60 + 90 * cut.length))
    puffer = style == "puffer"
    if puffer:
        pitch, swell = float(spec.shape["pitch"]), float(spec.shape["swell"])
        bodice.fold(amount=0.5)
        outer_layers.puff(bodice, pitch, swell)
        bodice.add_sleeves(folds=0.4, rows=120)
        outer_layers.puff_sleeves(bodice, pitch, swell)
    else:
        bodice.fold(amount=1.25)
        bodice.add_sleeves(folds=0.9)
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    made = [bodice.sew().make("coat", cloth, thickness=0.005)]
    parts = {
        "over": _overcoat, "pea": _overcoat, "trench": _trench, "wrap": _wrap, "duffle": _duffle,
        "parka": _parka, "puffer": _puffer, "mac": _mac,
    }  # fmt: skip
    made += parts[style](bodice, cloth, spec)
    if not puffer:
        made.append(hem_stitches(bodice.front, 0.03, plain("thread", tonal(spec.colours[0]))))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    stand_on_ground(made)


def _horn(spec: Spec) -> bpy.types.Material:
    if "gold hardware" in spec.trims:
        return plain("metal", "#c2a05e")
    return plain("plastic", shaded(spec.colours[0], 0.45))


def _rows(bodice: Bodice, spec: Spec, material: bpy.types.Material, *, step: float = 0.115) -> list:
    closing = -bodice.cut.neck_drop
    double = float(spec.shape.get("double", 0.0))
    rows = [closing - 0.02 - step * k for k in range(3)]
    columns = (-double + 0.024, double - 0.024) if double else (0.0,)
    places = np.array([[x, z] for z in rows for x in columns])
    return buttons(bodice.face(), places, material, radius=0.0125, high=0.005, lift=0.0055)


def _collar(
    bodice: Bodice, cloth: bpy.types.Material, *, broad: float = 0.0, gorge: float = 0.1
) -> list:
    return collars.turned_collar(
        bodice, cloth, rise=0.026, point=(0.108 + broad, -gorge), shoulder=(0.128, -0.04),
        back_drop=0.06, skip=0.28, start=0.03, thickness=0.0045, lift=0.009,
    )  # fmt: skip


def _overcoat(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    double = float(spec.shape.get("double", 0.0))
    broad = float(spec.shape.get("broad", 0.0))
    closing = -cut.neck_drop
    made = outer_layers.overlap(bodice, closing + 0.01, -double or -0.024, cloth, lift=0.0055)
    made += collars.lapels(
        bodice, cloth, closing=closing, width=(0.112 if double else 0.092) + broad,
        notch=0.12, peak=0.02 if double else 0.0,
    )  # fmt: skip
    made += _collar(bodice, cloth, broad=broad)
    made += _rows(bodice, spec, _horn(spec))
    for side in (-1, 1):
        if spec.shape["style"] == "pea" or broad:
            made.append(
                welt(face, (side * 0.175, -0.55), (side * 0.135, -0.4), 0.03, cloth, lift=0.005)
            )
        else:
            made += pocket(
                face, side * 0.145, -0.55, 0.155, 0.06, cloth, flap=0.062, puff=0.0005, lift=0.0008
            )
    if "chest pocket" in spec.trims and not double:
        made.append(welt(face, (0.09, -0.25), (0.185, -0.235), 0.024, cloth, lift=0.004))
    for sleeve in bodice.sleeves:
        u, v = np.full(3, 0.40), np.array([0.97, 0.94, 0.91])
        spots, normals = sleeve.sample(u, v, 0.001), sleeve.mixed(sleeve.normals, u, v)
        made += [
            button(a, b, _horn(spec), radius=0.0085, high=0.004)
            for a, b in zip(spots, normals, strict=True)
        ]
    return made


def _trench(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    horn = plain("plastic", spec.colours[2])
    double = float(spec.shape["double"])
    closing = -cut.neck_drop
    made = outer_layers.overlap(
        bodice, closing + 0.01, -double, cloth, lift=0.004, thread=thread, inset=0.012
    )
    made += _storm_flap(bodice, cloth, thread)
    made += collars.lapels(bodice, cloth, closing=closing, width=0.115, notch=0.105)
    made += _collar(bodice, cloth, broad=0.018, gorge=0.112)
    z = -cut.waist_at
    rows = [closing - 0.02, closing - 0.125, z - 0.11, z - 0.22]
    places = np.array([[x, k] for k in rows for x in (-double + 0.026, double - 0.026)])
    made += buttons(face, places, horn, radius=0.012, high=0.005, lift=0.005)
    made += outer_layers.waist_belt(
        bodice, z, 0.042, cloth, buckle=horn, tie=False, middle=0.03, snug=0.009
    )
    for side in (-1, 1):
        made.append(
            welt(face, (side * 0.185, z - 0.19), (side * 0.15, z - 0.05), 0.03, cloth, lift=0.005)
        )
    made += outer_layers.epaulettes(bodice, cloth, horn)
    for sleeve in bodice.sleeves:
        made.append(outer_layers.sleeve_strap(sleeve, 0.88, cloth))
    return made


def _storm_flap(
    bodice: Bodice, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    """The extra layer over one shoulder of a trench coat."""
    cut = bodice.cut
    s = np.linspace(0, 1, 40)[None]
    t = np.linspace(0, 1, 50)[:, None]
    inner, outer = 0.03, cut.shoulder - 0.028
    x = inner + (outer - inner) * s + 0 * t
    top = np.minimum(cut.shoulder_line(x), 0.0) - 0.004
    low = -0.265 + 0.05 * s**2 - 0.02 * np.sin(np.pi * s)
    z = top + (low - top) * t
    made = [patch(bodice.face(), x, z, 0.0045 + 0.002 * t + 0 * s, cloth, "storm flap")]
    line = np.stack([x[-4, 2:-2], z[-4, 2:-2]], -1)
    made.append(stitches(bodice.face().raised(0.0065), line, thread))
    return made


def _wrap(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    closing = -cut.neck_drop
    made = outer_layers.overlap(bodice, closing + 0.01, -0.07, cloth, lift=0.006, slant=0.02)
    made += collars.lapels(bodice, cloth, closing=closing, width=0.105, notch=0.13)
    made += _collar(bodice, cloth, broad=0.012)
    made += outer_layers.waist_belt(
        bodice, -cut.waist_at, 0.055, cloth, tie=True, middle=0.06, snug=0.010
    )
    for side in (-1, 1):
        made += pocket(
            face, side * 0.155, -0.56, 0.16, 0.19, cloth, lift=0.005, puff=0.006, shape="round"
        )
    del spec
    return made


def _duffle(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    made = collars.hood(bodice, cloth, thread, thickness=0.007, high=0.22)
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.035, cloth, lift=0.006, thread=thread)
    cord, horn = plain("leather", spec.colours[2]), plain("wood", "#8a6238")
    for z in np.arange(-0.19, -0.62, -0.135):
        for side in (-1, 1):
            anchor = side * 0.098
            s, t = np.meshgrid(np.linspace(-0.5, 0.5, 10), np.linspace(-0.5, 0.5, 10))
            x = anchor + s * 0.045
            taper = np.clip(1 - (s * side + 0.0) * 0.9, 0.4, 1.3)
            made.append(patch(face, x, z + t * 0.036 * taper, 0.009, cord, "patch"))
            line = np.linspace(anchor, side * 0.022, 14)
            for k in (-0.004, 0.004):
                path = face.points(line, np.full(14, z + k), 0.010)
                made.append(rod(path, 0.0022, cord, "loop"))
        line = np.linspace(-0.030, 0.030, 9)
        path = face.points(line, np.full(9, z), 0.014)
        made.append(rod(path, 0.0068, horn, "toggle"))
    for side in (-1, 1):
        made += pocket(
            face, side * 0.145, -0.56, 0.165, 0.19, cloth, flap=0.06, lift=0.005, thread=thread
        )
    return made


def _parka(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    main, second, _ = spec.colours
    thread = plain("thread", tonal(main))
    made = collars.hood(bodice, cloth, thread, thickness=0.012, high=0.26)
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.032, cloth, thread=thread, lift=0.005)
    snap = plain("metal", "#c2a05e" if "gold hardware" in spec.trims else "#8f8d88")
    heights = np.arange(-cut.neck_drop - 0.04, -cut.length + 0.06, -0.13)
    made += buttons(
        face, np.stack([0 * heights - 0.006, heights], -1), snap, radius=0.0085, high=0.004,
        lift=0.006,
    )  # fmt: skip
    for side in (-1, 1):
        made += pocket(
            face, side * 0.15, -0.55, 0.165, 0.2, cloth, flap=0.07, lift=0.005, puff=0.012,
            thread=thread,
        )  # fmt: skip
    if "chest pocket" in spec.trims:
        for side in (-1, 1):
            made.append(
                welt(face, (side * 0.15, -0.3), (side * 0.11, -0.2), 0.018, cloth, lift=0.004)
            )
    half = float(cut.half_width(np.array(-cut.waist_at))) - 0.004
    line = [(-half, -cut.waist_at), (half, -cut.waist_at)]
    made += outer_layers.seam(face, line, thread)
    made += outer_layers.cuff_band(bodice, 0.035, cloth)
    del second
    return made


def _puffer(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    tape = plain("nylon", shaded(spec.colours[0], 0.6))
    metal = plain("metal", "#c2a05e" if "gold hardware" in spec.trims else "#b4b3b0")
    if "chest pocket" in spec.trims:
        made = collars.hood(bodice, cloth, plain("thread", tonal(spec.colours[0])), thickness=0.02)
    else:
        made = [collars.stand(bodice, 0.08, cloth, lean=0.03, thickness=0.02)]
    made += zip_line(face, -cut.neck_drop, -cut.length, metal, tape, width=0.009)
    for side in (-1, 1):
        line = np.linspace((side * 0.165, -0.62), (side * 0.135, -0.46), 20)
        made += zip_line(face, 0, 0, metal, tape, path=line)
    made += outer_layers.cuff_band(bodice, 0.02, cloth, tuck=0.012)
    made.append(outer_layers.waist_hem(bodice, 0.02, cloth, tuck=0.008))
    return made


def _mac(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    made = collars.turned_collar(
        bodice, cloth, rise=0.036, point=(0.066, -0.15), shoulder=(0.122, -0.036), thread=thread,
        thickness=0.0035,
    )  # fmt: skip
    made += outer_layers.overlap(
        bodice, -cut.neck_drop, -0.03, cloth, thread=thread, lift=0.0045, inset=0.045
    )
    heights = np.arange(-cut.neck_drop - 0.05, -cut.length + 0.25, -0.135)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), _horn(spec), radius=0.011, high=0.005,
        lift=0.005,
    )  # fmt: skip
    for side in (-1, 1):
        made.append(welt(face, (side * 0.18, -0.6), (side * 0.14, -0.44), 0.032, cloth, lift=0.005))
    for sleeve in bodice.sleeves:
        made.append(outer_layers.sleeve_strap(sleeve, 0.9, cloth, width=0.032))
    return made
