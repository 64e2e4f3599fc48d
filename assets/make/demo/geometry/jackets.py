"""Jackets: denim, biker, bomber, puffer, blazer, field, windbreaker, quilted, varsity, gilet."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars, outer_layers
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, stand_on_ground
from .colours import shaded, thread_for, tonal
from .haberdashery import (
    button,
    buttons,
    hem_stitches,
    label,
    patch,
    pocket,
    stitches,
    welt,
    zip_line,
)

_BASE: dict[str, float | str] = {
    "length": 0.62, "chest": 0.236, "waist": 0.222, "hem": 0.226, "shoulder": 0.22, "neck": 0.082,
    "neck_drop": 0.085, "sleeve": 0.575, "sleeve_width": 0.084, "cuff_width": 0.066,
    "arm_angle": 14,
    "depth": 0.132, "belly": 0.124,
}  # fmt: skip
_TAILORED: dict[str, float | str] = {
    **_BASE, "style": "blazer", "length": 0.74, "neck": 0.078, "neck_shape": "v",
    "neck_drop": 0.33, "waist": 0.205, "hem": 0.226, "fold": 0.45, "arm_angle": 11,
    "cuff_width": 0.064,
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "denim": {**_BASE, "style": "denim", "length": 0.56, "hem": 0.205, "waist": 0.215},
    "denim oversized": {
        **_BASE, "style": "denim", "length": 0.62, "chest": 0.265, "waist": 0.252, "hem": 0.238,
        "shoulder": 0.245, "sleeve_width": 0.104,
    },
    "biker": {
        **_BASE, "style": "biker", "length": 0.56, "neck_shape": "v", "neck_drop": 0.17,
        "waist": 0.205, "hem": 0.205, "chest": 0.222, "shoulder": 0.208, "fold": 0.9,
        "sleeve_width": 0.08, "cuff_width": 0.054,
    },
    "bomber": {
        **_BASE, "style": "bomber", "length": 0.56, "waist": 0.24, "hem": 0.235, "fold": 1.5,
        "sleeve": 0.55, "sleeve_width": 0.1, "cuff_width": 0.074,
    },
    "varsity": {
        **_BASE, "style": "varsity", "length": 0.57, "waist": 0.236, "hem": 0.232, "sleeve": 0.55,
        "sleeve_width": 0.1, "cuff_width": 0.072,
    },
    "puffer": {
        **_BASE, "style": "puffer", "length": 0.6, "chest": 0.245, "waist": 0.238, "hem": 0.232,
        "sleeve": 0.58, "sleeve_width": 0.1, "cuff_width": 0.07, "pitch": 0.085, "swell": 0.026,
        "neck": 0.09, "neck_drop": 0.06,
    },
    "light puffer": {
        **_BASE, "style": "puffer", "pitch": 0.046, "swell": 0.011, "neck": 0.082,
        "neck_drop": 0.055,
    },
    "gilet": {
        **_BASE, "style": "puffer", "pitch": 0.07, "swell": 0.02, "sleeve": 0.0, "neck": 0.085,
        "neck_drop": 0.055, "shoulder": 0.2, "front_width": 0.182,
    },
    "quilted": {
        **_BASE, "style": "quilted", "length": 0.7, "waist": 0.232, "hem": 0.236, "pitch": 0.075,
        "swell": 0.006, "neck": 0.076,
    },
    "blazer": {**_TAILORED},
    "blazer fitted": {
        **_TAILORED, "length": 0.66, "chest": 0.208, "waist": 0.178, "hem": 0.208,
        "shoulder": 0.196, "sleeve_width": 0.074, "cuff_width": 0.056, "neck_drop": 0.36,
    },
    "blazer double-breasted": {**_TAILORED, "double": 0.075, "neck_drop": 0.31},
    "field": {
        **_BASE, "style": "field", "length": 0.72, "waist": 0.225, "hem": 0.24, "neck": 0.076,
        "fold": 1.2,
    },
    "windbreaker": {
        **_BASE, "style": "wind", "length": 0.68, "chest": 0.25, "waist": 0.246, "hem": 0.24,
        "fold": 1.6, "neck": 0.088, "neck_drop": 0.09,
    },
    "harrington": {
        **_BASE, "style": "harrington", "length": 0.6, "fold": 1.2, "neck": 0.078,
        "sleeve_width": 0.092,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = (
    "denim", "leather", "nylon", "wool", "suede", "cotton", "corduroy", "tweed", "linen",
)  # fmt: skip
PATTERNS: tuple[str, ...] = ("plain", "checks", "camouflage", "stripes")
TRIMS: tuple[str, ...] = ("contrast lining", "chest pocket", "gold hardware")


def build(spec: Spec) -> None:
    """Put the jacket in the scene."""
    cut = Cut.of(spec.shape)
    style = str(spec.shape["style"])
    bodice = Bodice(cut, spec.seed)
    quilted = style in ("puffer", "quilted")
    if quilted:
        pitch, swell = float(spec.shape["pitch"]), float(spec.shape["swell"])
        bodice.fold(amount=0.5)
        outer_layers.puff(bodice, pitch, swell, diamond=style == "quilted")
        if cut.sleeve:
            bodice.add_sleeves(folds=0.4, rows=120)
            outer_layers.puff_sleeves(bodice, pitch, swell, diamond=style == "quilted")
    else:
        bodice.fold()
        bodice.add_sleeves(folds=0.6 if style == "blazer" else 1.1)
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    made = [_shell(bodice, cloth, style, spec)]
    parts = {
        "denim": _denim, "biker": _biker, "bomber": _bomber, "varsity": _varsity,
        "puffer": _puffer, "quilted": _quilted, "blazer": _blazer, "field": _field,
        "wind": _windbreaker, "harrington": _harrington,
    }  # fmt: skip
    made += parts[style](bodice, cloth, spec)
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    stand_on_ground(made)


def _shell(bodice: Bodice, cloth: bpy.types.Material, style: str, spec: Spec) -> bpy.types.Object:
    if style != "varsity":
        return bodice.sew().make("jacket", cloth, thickness=0.004)
    sleeves, bodice.sleeves = bodice.sleeves, []
    made = bodice.sew().make("jacket", cloth, thickness=0.004)

    arms = Cloth()
    for sleeve in sleeves:
        arms.add(sleeve)
    arms.make("sleeves", plain("leather", spec.colours[1]), thickness=0.004)
    bpy.data.objects["sleeves"]["of"] = made.name
    bodice.sleeves = sleeves
    return made


def _metal(spec: Spec) -> bpy.types.Material:
    return plain("metal", "#c9a45c" if "gold hardware" in spec.trims else "#b4b3b0")


def _thread(spec: Spec) -> bpy.types.Material:
    return plain("thread", thread_for(spec.material, spec.colours[0]))


def _denim(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face, thread = bodice.cut, bodice.face(), _thread(spec)
    made = collars.turned_collar(
        bodice, cloth, point=(0.062, -0.145), shoulder=(0.118, -0.034), thread=thread,
        thickness=0.0035,
    )  # fmt: skip
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.02, cloth, thread=thread, lift=0.0035)
    yoke = -0.175
    for side in (-1, 1):
        edge = float(cut.half_width(np.array(yoke))) - 0.008
        made += outer_layers.seam(face, [(side * 0.024, yoke), (side * edge, yoke)], thread)
        for start, end in ((0.062, 0.045), (0.122, 0.085)):
            made += outer_layers.seam(
                face, [(side * start, yoke - 0.002), (side * end, -cut.length + 0.004)], thread
            )
        made += pocket(
            face, side * 0.094, yoke + 0.002, 0.105, 0.05, cloth, shape="point", flap=0.055,
            thread=thread, puff=0.001,
        )  # fmt: skip
    button = plain("metal", "#b3854e" if "gold hardware" in spec.trims else "#a9a6a0")
    heights = np.arange(-cut.neck_drop - 0.025, -cut.length, -0.088)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), button, radius=0.0082, high=0.004, lift=0.0045
    )
    made += buttons(
        face, np.array([[s * 0.094, yoke - 0.045] for s in (-1, 1)]), button, radius=0.0072,
        high=0.004, lift=0.0085,
    )  # fmt: skip
    made.append(outer_layers.waist_hem(bodice, 0.042, cloth, tuck=0.002))
    made += outer_layers.cuff_band(bodice, 0.052, cloth)
    return made


def _biker(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    metal, tape = _metal(spec), plain("cotton", "#1c1b1b")
    button = metal
    made = outer_layers.overlap(
        bodice, -0.165, -0.03, cloth, slant=-0.065, lift=0.005, thread=plain(
            "thread", tonal(spec.colours[0])),
    )  # fmt: skip
    z = np.linspace(-cut.length + 0.01, -0.175, 80)
    t = (z + cut.length) / (cut.length - 0.165)
    path = np.stack([-0.037 - 0.065 * t**1.2, z], -1)
    made += zip_line(face.raised(0.001), 0, 0, metal, tape, path=path)
    made += collars.lapels(bodice, cloth, closing=-0.2, width=0.105, notch=0.1)
    made += collars.turned_collar(
        bodice, cloth, rise=0.02, point=(0.118, -0.1), shoulder=(0.128, -0.038), back_drop=0.055,
        skip=0.16, start=0.03, thickness=0.0035,
    )  # fmt: skip
    made += buttons(
        face, np.array([[-0.125, -0.118], [0.125, -0.118]]), button, radius=0.006, lift=0.0145
    )
    for side in (-1, 1):
        a, b = (side * 0.165, -0.44), (side * 0.095, -0.34)
        line = np.linspace(a, b, 30)
        made += zip_line(face, 0, 0, metal, tape, path=line)
    chest = np.linspace((0.175, -0.21), (0.085, -0.26), 30)
    made += zip_line(face, 0, 0, metal, tape, path=chest[::-1])
    made += outer_layers.epaulettes(bodice, cloth, button)
    made += outer_layers.waist_belt(
        bodice, -cut.length + 0.026, 0.036, cloth, buckle=metal, middle=0.05
    )
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=True):
        made.append(outer_layers.sleeve_strap(sleeve, 0.975, cloth, width=0.02, lift=0.0022))
        del side
    return made


def _bomber(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    main, second, _ = spec.colours
    rib = plain("knit", second if "contrast lining" in spec.trims else shaded(main, 0.8))
    metal = _metal(spec)
    made = [collars.stand(bodice, 0.042, rib, lean=0.25, thickness=0.005)]
    made += zip_line(face, -cut.neck_drop, -cut.length, metal, plain("cotton", shaded(main, 0.6)))
    for side in (-1, 1):
        made.append(
            welt(face, (side * 0.17, -0.47), (side * 0.115, -0.34), 0.02, cloth, lift=0.005)
        )
    made.append(outer_layers.waist_hem(bodice, 0.06, rib, rib=0.008, tuck=0.016))
    made += outer_layers.cuff_band(bodice, 0.06, rib, rib=0.008, tuck=0.014)
    if "chest pocket" in spec.trims and bodice.sleeves:
        made += zip_line(
            face, 0, 0, metal, plain("cotton", shaded(main, 0.6)),
            path=np.linspace((0.16, -0.19), (0.075, -0.19), 20),
        )  # fmt: skip
    return made


def _varsity(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    rib = plain("knit", spec.colours[1])
    made = [bpy.data.objects["sleeves"]]
    made.append(collars.stand(bodice, 0.04, rib, lean=0.25, thickness=0.005))
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.016, cloth, lift=0.003)
    heights = np.linspace(-cut.neck_drop - 0.03, -cut.length + 0.02, 6)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), _metal(spec), radius=0.0085, high=0.005
    )
    for side in (-1, 1):
        made.append(
            welt(
                face,
                (side * 0.17, -0.47),
                (side * 0.12, -0.35),
                0.022,
                plain("leather", spec.colours[1]),
                lift=0.004,
            )
        )
    made.append(outer_layers.waist_hem(bodice, 0.06, rib, rib=0.008, tuck=0.016))
    made += outer_layers.cuff_band(bodice, 0.06, rib, rib=0.008, tuck=0.014)
    return made


def _puffer(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    main = spec.colours[0]
    made = [collars.stand(bodice, 0.07, cloth, lean=0.05, thickness=0.016)]
    made += zip_line(
        face, -cut.neck_drop + 0.0, -cut.length, _metal(spec), plain("nylon", shaded(main, 0.6)),
        width=0.008,
    )  # fmt: skip
    for side in (-1, 1):
        line = np.linspace((side * 0.15, -0.5), (side * 0.125, -0.36), 20)
        made += zip_line(face, 0, 0, _metal(spec), plain("nylon", shaded(main, 0.6)), path=line)
    if cut.sleeve:
        made += outer_layers.cuff_band(bodice, 0.022, cloth, tuck=0.012)
    made.append(outer_layers.waist_hem(bodice, 0.022, cloth, tuck=0.01))
    return made


def _quilted(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    cord = plain("corduroy", spec.colours[2])
    made = collars.turned_collar(
        bodice, cord, point=(0.06, -0.14), shoulder=(0.118, -0.034), thickness=0.0035
    )
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.022, cloth, lift=0.004)
    heights = np.arange(-cut.neck_drop - 0.04, -cut.length + 0.06, -0.11)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), _metal(spec), radius=0.008, high=0.004,
        lift=0.008,
    )  # fmt: skip
    for side in (-1, 1):
        made += pocket(
            face, side * 0.12, -cut.length + 0.22, 0.14, 0.16, cloth, shape="round", flap=0.055,
            lift=0.006,
        )  # fmt: skip
    return made


def _blazer(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    double = float(spec.shape.get("double", 0.0))
    closing = -cut.neck_drop
    edge = -double if double else -0.018
    made = outer_layers.overlap(bodice, closing + 0.008, edge, cloth, lift=0.004)
    made += collars.lapels(
        bodice, cloth, closing=closing, width=0.09 if double else 0.078, notch=0.115,
        peak=0.018 if double else 0.0,
    )  # fmt: skip
    made += collars.turned_collar(
        bodice, cloth, rise=0.022, point=(0.098, -0.098), shoulder=(0.118, -0.034),
        back_drop=0.045, skip=0.34, start=0.03, thickness=0.003,
    )  # fmt: skip
    horn = plain("plastic", spec.colours[2])
    rows = [closing - 0.015, closing - 0.12]
    columns = (-double + 0.022, double - 0.022) if double else (0.0,)
    places = np.array([[x, z] for z in rows for x in columns])
    made += buttons(face, places, horn, radius=0.0105, high=0.0045, lift=0.005)
    for side in (-1, 1):
        made += pocket(
            face, side * 0.13, -cut.length + 0.21, 0.135, 0.055, cloth, flap=0.052, puff=0.0005,
            lift=0.0006,
        )  # fmt: skip
    made.append(welt(face, (0.085, -0.232), (0.175, -0.218), 0.021, cloth, lift=0.003))
    for sleeve in bodice.sleeves:
        u = np.array([0.40, 0.40, 0.40])
        v = np.array([0.975, 0.95, 0.925])
        spots, normals = sleeve.sample(u, v, 0.001), sleeve.mixed(sleeve.normals, u, v)

        made += [
            button(a, b, horn, radius=0.007, high=0.003)
            for a, b in zip(spots, normals, strict=True)
        ]
    return made


def _field(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face, thread = bodice.cut, bodice.face(), _thread(spec)
    made = collars.turned_collar(
        bodice, cloth, rise=0.036, point=(0.06, -0.14), shoulder=(0.118, -0.034), thread=thread,
        thickness=0.003,
    )  # fmt: skip
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.03, cloth, thread=thread)
    for side in (-1, 1):
        made += pocket(
            face, side * 0.115, -0.2, 0.12, 0.14, cloth, flap=0.055, shape="point", thread=thread,
            puff=0.006,
        )  # fmt: skip
        made += pocket(
            face, side * 0.125, -0.49, 0.15, 0.18, cloth, flap=0.06, shape="point", thread=thread,
            puff=0.008,
        )  # fmt: skip
    snap = _metal(spec)
    heights = np.arange(-cut.neck_drop - 0.03, -cut.length + 0.05, -0.11)
    made += buttons(
        face, np.stack([0 * heights - 0.008, heights], -1), snap, radius=0.0075, high=0.004,
        lift=0.005,
    )  # fmt: skip
    half = float(cut.half_width(np.array(-cut.waist_at)))
    line = [(-half + 0.004, -cut.waist_at), (half - 0.004, -cut.waist_at)]
    made += outer_layers.seam(face, line, thread)
    made += outer_layers.epaulettes(bodice, cloth, snap)
    made += outer_layers.cuff_band(bodice, 0.045, cloth)
    return made


def _windbreaker(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    main, second, _ = spec.colours
    thread = plain("thread", tonal(main))
    made = collars.hood(bodice, cloth, thread)
    if "contrast lining" in spec.trims and spec.pattern == "plain":
        block = plain(spec.material, second)
        z = np.linspace(-cut.armhole - 0.07, -0.001, 70)[:, None]
        half = cut.half_width(z) * 0.999
        s = np.sin(np.linspace(-1, 1, 90) * np.pi / 2)[None]
        x = s * half
        top = cut.top(x, back=False) - 0.002
        made.append(patch(face, x, np.minimum(z, top), 0.0008, block, "colour block"))
    made += zip_line(
        face.raised(0.001), -cut.neck_drop, -cut.length, plain("plastic", second),
        plain("nylon", shaded(main, 0.7)), width=0.009,
    )  # fmt: skip
    for side in (-1, 1):
        line = np.linspace((side * 0.17, -0.55), (side * 0.13, -0.41), 20)
        made.append(welt(face, tuple(line[0]), tuple(line[-1]), 0.014, cloth, lift=0.003))
    made += outer_layers.cuff_band(bodice, 0.025, cloth, rib=0.009, tuck=0.012)
    made.append(hem_stitches(bodice.front, 0.025, thread))
    return made


def _harrington(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    main = spec.colours[0]
    made = collars.turned_collar(
        bodice, cloth, rise=0.036, point=(0.056, -0.13), shoulder=(0.116, -0.034), thickness=0.003
    )
    made += zip_line(
        face, -cut.neck_drop + 0.004, -cut.length, _metal(spec), plain("cotton", shaded(main, 0.6))
    )
    for side in (-1, 1):
        made.append(
            welt(face, (side * 0.175, -0.49), (side * 0.115, -0.36), 0.022, cloth, lift=0.004)
        )
    rib = plain("knit", shaded(main, 0.85))
    made.append(outer_layers.waist_hem(bodice, 0.055, rib, rib=0.008, tuck=0.014))
    made += outer_layers.cuff_band(bodice, 0.055, rib, rib=0.008, tuck=0.014)
    thread = plain("thread", tonal(main))
    edge = float(cut.half_width(np.array(-0.17))) - 0.006
    for side in (-1, 1):
        made.append(
            stitches(face, np.array([[side * 0.02, -0.185], [side * edge, -0.165]]), thread)
        )
    return made
