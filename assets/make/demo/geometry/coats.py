"""Coats: overcoats, trench, pea, duffle, wrap, parka, long puffer, mac, teddy."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars, hoods, outer_cuts, outer_layers, wadding, wearing
from .bodice import Bodice, Cut
from .cloth_sheet import stand_on_ground
from .colours import shaded, tonal
from .haberdashery import (
    button,
    buttons,
    hem_stitches,
    label,
    pocket,
    welt,
)
from .lapels import Lapel, tailored
from .pile import curled

_BASE: dict[str, float | str] = {
    "length": 1.02, "chest": 0.222, "waist": 0.204, "hem": 0.25, "waist_at": 0.45, "neck": 0.078,
    "shoulder": 0.21, "neck_shape": "v", "neck_drop": 0.27, "sleeve": 0.665, "depth": 0.136,
    "belly": 0.122, "sleeve_width": 0.092, "cuff_width": 0.074, "arm_angle": 12, "fold": 0.75,
    "style": "over", "elbow": 20,
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
        **_BASE, "style": "trench", "double": 0.085, "neck_drop": 0.2, "waist": 0.182, "hem": 0.28,
        "length": 1.06, "fold": 1.1,
    },
    "trench short": {
        **_BASE, "style": "trench", "double": 0.08, "neck_drop": 0.2, "waist": 0.176,
        "hem": 0.245, "length": 0.82, "fold": 1.1, "shoulder": 0.2, "chest": 0.21,
        "sleeve_width": 0.084,
    },
    "wrap": {
        **_BASE, "style": "wrap", "neck_drop": 0.38, "waist": 0.184, "hem": 0.272, "length": 1.12,
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
        "length": 1.05, "hem": 0.25, "pitch": 0.095, "swell": 0.016,
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
PATTERNS: tuple[str, ...] = ("plain", "checks", "stripes", "camouflage", "print", "floral")
TRIMS: tuple[str, ...] = ("contrast lining", "chest pocket", "gold hardware")
_TAILORED = ("checks", "checks", "stripes")
PRINTS: dict[str, tuple[str, ...]] = {
    "overcoat": ("checks",), "overcoat long": ("checks",), "overcoat fitted": ("checks",),
    "double-breasted": _TAILORED, "double-breasted long": _TAILORED, "pea coat": ("checks",),
    "trench": ("checks",), "trench short": ("checks", "floral"), "wrap": ("checks",),
    "duffle": ("checks",), "parka": ("camouflage",),
    "long puffer": ("print", "camouflage", "floral", "checks"), "mac": ("checks", "print"),
    "teddy": ("checks", "print"),
}  # fmt: skip


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: lapels, pockets, buttons, cuffs, belt, measures."""
    return outer_cuts.coat(SHAPES[silhouette], rng)


def build(spec: Spec) -> None:
    """Put the coat in the scene."""
    cut = Cut.of(spec.shape)
    style = str(spec.shape["style"])
    bodice = Bodice(
        cut, spec.seed, rows=int(60 + 90 * cut.length), even=1.0 if "swell" in spec.shape else 0.0
    )
    wearing.hang(bodice, spec)
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    if "broad" in spec.shape:
        cloth = curled(cloth)
    made = outer_layers.shell(bodice, cloth, spec)
    parts = {
        "over": _overcoat, "pea": _overcoat, "trench": _trench, "wrap": _wrap, "duffle": _duffle,
        "parka": _parka, "puffer": _puffer, "mac": _mac,
    }  # fmt: skip
    made += parts[style](bodice, cloth, spec)
    outer_layers.creased_as_one(made, spec.seed)
    if style in ("trench", "parka", "mac"):
        made.append(hem_stitches(bodice.front, 0.03, plain("thread", tonal(spec.colours[0]))))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    stand_on_ground(made)


def _rows(bodice: Bodice, spec: Spec, *, step: float = 0.115) -> list[bpy.types.Object]:
    """Buttons from the break downwards, in one row or two."""
    double = float(spec.shape.get("double", 0.0))
    first = -bodice.cut.neck_drop - (0.045 if double else 0.02)
    count = int(spec.shape.get("buttons", 3))
    rows = [first - step * (1.3 if count < 3 else 1.0) * k for k in range(count)]
    columns = (-double + 0.024, double - 0.024) if double else (0.0,)
    places = np.array([[x, z] for z in rows for x in columns])
    return buttons(
        bodice.face(), places, outer_layers.horn(spec), radius=0.0125, high=0.005, lift=0.0055
    )


def _hip_pockets(
    bodice: Bodice, cloth: bpy.types.Material, spec: Spec, kind: str, *, z: float = -0.55
) -> list[bpy.types.Object]:
    face, made = bodice.face(), []
    for side in (-1, 1):
        x = side * (0.62 * float(bodice.cut.half_width(np.array(z))))
        if kind == "welt":
            a, b = (x + side * 0.022, z - 0.02), (x - side * 0.02, z + 0.135)
            made.append(welt(face, a, b, 0.03, cloth, lift=0.005))
        elif kind == "patch":
            made += pocket(
                face, x, z + 0.02, 0.165, 0.19, cloth, lift=0.004, puff=0.004, shape="round"
            )
        else:
            made += pocket(face, x, z, 0.155, 0.06, cloth, flap=0.062, puff=0.0005, lift=0.0008)
    return made


def _cuffs(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """Three buttons, a strap or a turned-up cuff at the wrists."""
    kind, made = str(spec.shape.get("cuff", "buttons")), []
    for sleeve in bodice.sleeves:
        if kind == "strap":
            made.append(outer_layers.sleeve_strap(sleeve, 0.9, cloth, width=0.034))
        elif kind == "turned":
            made.append(outer_layers.sleeve_strap(sleeve, 0.935, cloth, width=0.075))
        elif kind == "buttons":
            u, v = np.full(3, 0.40), np.array([0.97, 0.94, 0.91])
            spots, normals = sleeve.sample(u, v, 0.001), sleeve.mixed(sleeve.normals, u, v)
            made += [
                button(a, b, outer_layers.horn(spec), radius=0.0085, high=0.004)
                for a, b in zip(spots, normals, strict=True)
            ]
    return made


def _lapels(bodice: Bodice, cloth: bpy.types.Material, spec: Spec, kind: str) -> list:
    shape = spec.shape
    double, broad = float(shape.get("double", 0.0)), float(shape.get("broad", 0.0))
    velvet = (
        plain("suede", shaded(spec.colours[0], 0.45)) if shape.get("collar") == "velvet" else None
    )
    cut = Lapel(
        kind=str(shape.get("lapel", kind)),
        closing=-bodice.cut.neck_drop - (0.05 if double else 0.0),
        width=float(shape.get("lapel_width", 0.105 if double else 0.088)) + broad,
        gorge=float(shape.get("gorge", 0.082)),
        beyond=double,
        thick=0.004 + broad * 0.1,
    )
    return tailored(bodice, cut, cloth, velvet)


def _overcoat(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    double, broad = float(spec.shape.get("double", 0.0)), float(spec.shape.get("broad", 0.0))
    closing = -cut.neck_drop - (0.05 if double else 0.0)
    thread = plain("thread", tonal(spec.colours[0]))
    made = outer_layers.overlap(
        bodice, closing + 0.01, -double or -0.024, cloth, lift=0.009, thread=thread
    )
    made += _lapels(bodice, cloth, spec, "peak" if double else "notch")
    made += _rows(bodice, spec)
    pea = spec.shape["style"] == "pea" or broad
    kind = str(spec.shape.get("pocket", "welt" if pea else "flap"))
    made += _hip_pockets(bodice, cloth, spec, kind, z=-min(0.55, cut.length - 0.24))
    if "chest pocket" in spec.trims and not double:
        made.append(welt(face, (0.09, -0.25), (0.185, -0.235), 0.024, cloth, lift=0.004))
    return made + _cuffs(bodice, cloth, spec)


def _trench(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    horn = plain("plastic", spec.colours[2])
    double = float(spec.shape["double"])
    closing = -cut.neck_drop - 0.05
    made = outer_layers.overlap(
        bodice, closing + 0.01, -double, cloth, lift=0.004, thread=thread, inset=0.012
    )
    if spec.shape.get("flap", 1):
        made += outer_layers.storm_flap(bodice, cloth, thread)
    made += _lapels(bodice, cloth, spec, "notch")
    z = -cut.waist_at
    rows = [closing + 0.005, closing - 0.1, z - 0.11, z - 0.22]
    places = np.array([[x, k] for k in rows for x in (-double + 0.026, double - 0.026)])
    made += buttons(face, places, horn, radius=0.012, high=0.005, lift=0.005)
    tied = spec.shape.get("belt") == "tie"
    made += outer_layers.waist_belt(
        bodice, z, 0.042, cloth, buckle=None if tied else horn, tie=tied, middle=0.03, snug=0.009
    )
    for side in (-1, 1):
        a, b = (side * 0.185, z - 0.19), (side * 0.15, z - 0.05)
        made.append(welt(face, a, b, 0.03, cloth, lift=0.005))
    if spec.shape.get("epaulettes", 1):
        made += outer_layers.epaulettes(bodice, cloth, horn)
    for sleeve in bodice.sleeves:
        made.append(outer_layers.sleeve_strap(sleeve, 0.88, cloth))
    return made


def _wrap(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut = bodice.cut
    closing = -cut.neck_drop
    made = outer_layers.overlap(bodice, closing + 0.01, -0.07, cloth, lift=0.006, slant=0.02)
    made += _lapels(bodice, cloth, spec, "shawl")
    width = float(spec.shape.get("belt_width", 0.055))
    made += outer_layers.waist_belt(
        bodice, -cut.waist_at, width, cloth, tie=True, middle=0.06, snug=0.010
    )
    return made + _hip_pockets(bodice, cloth, spec, str(spec.shape.get("pocket", "patch")), z=-0.6)


def _duffle(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut = bodice.cut
    thread = plain("thread", tonal(spec.colours[0]))
    made = hoods.hood(bodice, cloth, thread, thickness=0.006, lining=outer_layers.lining(spec))
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.035, cloth, lift=0.006, thread=thread)
    count = int(spec.shape.get("toggles", 4))
    for z in -0.19 - np.arange(count) * 0.405 / (count - 1):
        made += outer_layers.toggle(bodice, float(z), spec)
    flap = 0.06 if spec.shape.get("pocket", "flap") == "flap" else 0.0
    for side in (-1, 1):
        made += pocket(
            bodice.face(), side * 0.145, -0.56, 0.165, 0.19, cloth, flap=flap, lift=0.005,
            thread=thread,
        )  # fmt: skip
    return made


def _parka(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    if spec.shape.get("collar", "hood") == "hood":
        made = hoods.hood(
            bodice, cloth, thread, lining=outer_layers.lining(spec), cord=plain("cord", "#e3dccb")
        )
    else:
        made = [collars.stand(bodice, 0.07, cloth, lean=0.05, thickness=0.008)]
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.032, cloth, thread=thread, lift=0.005)
    snap = outer_layers.hardware(spec)
    heights = np.arange(-cut.neck_drop - 0.04, -cut.length + 0.06, -0.13)
    places = np.stack([0 * heights - 0.006, heights], -1)
    made += buttons(face, places, snap, radius=0.0085, high=0.004, lift=0.006)
    if spec.shape.get("pocket", "flap") == "flap":
        for side in (-1, 1):
            made += pocket(
                face, side * 0.15, -0.55, 0.165, 0.2, cloth, flap=0.07, lift=0.005, puff=0.012,
                thread=thread,
            )  # fmt: skip
    else:
        made += _hip_pockets(bodice, cloth, spec, "welt")
    if "chest pocket" in spec.trims:
        for side in (-1, 1):
            a, b = (side * 0.15, -0.3), (side * 0.11, -0.2)
            made.append(welt(face, a, b, 0.018, cloth, lift=0.004))
    if spec.shape.get("cord", 1):
        half = float(cut.half_width(np.array(-cut.waist_at))) - 0.004
        made += outer_layers.seam(face, [(-half, -cut.waist_at), (half, -cut.waist_at)], thread)
    return made + outer_layers.cuff_band(bodice, 0.035, cloth)


def _puffer(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    made = wadding.wadded_front(bodice, cloth, spec)
    if spec.shape.get("belt") == "buckle":
        metal = outer_layers.hardware(spec)
        made += outer_layers.waist_belt(
            bodice, -bodice.cut.waist_at, 0.04, cloth, buckle=metal, middle=0.03, snug=0.006
        )
    return made


def _mac(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    thread = plain("thread", tonal(spec.colours[0]))
    point = (float(spec.shape.get("point", 0.066)), -0.15)
    made = collars.turned_collar(
        bodice, cloth, rise=0.036, point=point, shoulder=(0.122, -0.036), thread=thread,
        thickness=0.0035,
    )  # fmt: skip
    made += outer_layers.overlap(
        bodice, -cut.neck_drop, -0.03, cloth, thread=thread, lift=0.0045, inset=0.045
    )
    heights = np.arange(-cut.neck_drop - 0.05, -cut.length + 0.25, -0.135)
    if spec.shape.get("hidden"):
        heights = heights[:1]
    places = np.stack([0 * heights, heights], -1)
    made += buttons(face, places, outer_layers.horn(spec), radius=0.011, high=0.005, lift=0.005)
    made += _hip_pockets(bodice, cloth, spec, "welt", z=-0.56)
    return made + (
        _cuffs(bodice, cloth, spec) if spec.shape.get("cuff", "strap") == "strap" else []
    )
