"""Jackets: denim, biker, bomber, puffer, blazer, field, windbreaker, quilted, varsity, gilet."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import blousons, collars, outer_cuts, outer_layers, puckers, stands, wadding, washes, wearing
from .bodice import Bodice, Cut
from .cloth_sheet import stand_on_ground
from .colours import shaded, tonal
from .haberdashery import (
    button,
    buttons,
    label,
    placket,
    pocket,
    welt,
)
from .lapels import Lapel, tailored

_BASE: dict[str, float | str] = {
    "length": 0.62, "chest": 0.236, "waist": 0.222, "hem": 0.226, "shoulder": 0.22, "neck": 0.082,
    "neck_drop": 0.085, "sleeve": 0.575, "sleeve_width": 0.084, "cuff_width": 0.066,
    "arm_angle": 14,
    "depth": 0.132, "belly": 0.124, "elbow": 20,
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
        "sleeve": 0.58, "sleeve_width": 0.1, "cuff_width": 0.07, "pitch": 0.085, "swell": 0.015,
        "neck": 0.09, "neck_drop": 0.06,
    },
    "light puffer": {
        **_BASE, "style": "puffer", "pitch": 0.046, "swell": 0.0085, "neck": 0.082,
        "neck_drop": 0.055,
    },
    "gilet": {
        **_BASE, "style": "puffer", "pitch": 0.07, "swell": 0.013, "sleeve": 0.0, "neck": 0.085,
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
PATTERNS: tuple[str, ...] = (
    "plain", "checks", "camouflage", "stripes", "floral", "print", "colour-block",
)  # fmt: skip
PRINTS: dict[str, tuple[str, ...]] = {
    "denim": ("plain",), "denim oversized": ("plain",), "biker": ("plain",),
    "bomber": ("camouflage", "floral", "print", "colour-block", "colour-block"),
    "varsity": ("colour-block",),
    "puffer": ("camouflage", "print", "colour-block", "checks", "floral"),
    "light puffer": ("floral", "print", "colour-block"),
    "gilet": ("camouflage", "checks", "floral", "print"),
    "quilted": ("floral", "checks", "print"),
    "blazer": ("checks", "checks", "stripes"), "blazer fitted": ("checks", "checks", "stripes"),
    "blazer double-breasted": ("checks", "stripes", "stripes"),
    "field": ("camouflage",),
    "windbreaker": ("colour-block", "colour-block", "camouflage", "print"),
    "harrington": ("checks", "colour-block"),
}  # fmt: skip
"""The patterns each silhouette is sold in besides plain."""
TRIMS: tuple[str, ...] = ("contrast lining", "chest pocket", "gold hardware")

_BANDS = {
    "denim": 0.05, "biker": 0.0, "bomber": 0.14, "varsity": 0.11, "harrington": 0.13, "wind": 0.06,
    "field": 0.0,
}  # fmt: skip
"""Jackets that crease, and how much wider they are than the band at their hem and cuffs."""


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: collar, lapels, pockets, quilting, measures."""
    return outer_cuts.jacket(SHAPES[silhouette], rng)


def build(spec: Spec) -> None:
    """Put the jacket in the scene."""
    style = str(spec.shape["style"])
    bodice = Bodice(
        Cut.of(spec.shape), spec.seed, even=0.0 if style in ("blazer", "biker") else 1.0
    )
    wearing.hang(bodice, spec)
    if style in _BANDS:
        seams = blousons.seams(bodice, spec)
        puckers.jacket(bodice, spec.material, seams, band=_BANDS[style])
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    if spec.material == "denim" and spec.pattern in ("plain", "colour-block"):
        cloth = washes.rubbed(spec.colours[0])
    blocked = spec.pattern == "colour-block" and style not in ("wind", "varsity")
    arms = spec.material if blocked else "leather"
    own = blocked or style == "varsity"
    sleeves = plain(arms, spec.colours[1]) if own else None
    made = outer_layers.shell(bodice, cloth, spec, sleeves=sleeves)
    parts = {
        "denim": blousons.denim, "biker": blousons.biker, "bomber": blousons.bomber,
        "varsity": blousons.varsity,
        "puffer": _puffer, "quilted": _quilted, "blazer": _blazer, "field": _field,
        "wind": blousons.windbreaker, "harrington": blousons.harrington,
    }  # fmt: skip
    made += parts[style](bodice, cloth, spec)
    outer_layers.creased_as_one(made, spec.seed)
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    stand_on_ground(made)


def _puffer(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    return wadding.wadded_front(bodice, cloth, spec)


def _quilted(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    cut, face = bodice.cut, bodice.face()
    kind = str(spec.shape.get("collar", "cord"))
    cord = plain("corduroy", shaded(spec.colours[0], 0.55)) if kind == "cord" else cloth
    if kind == "stand":
        made = [stands.soft_stand(bodice, 0.05, cloth)]
    else:
        made = collars.turned_collar(
            bodice,
            cord,
            point=(0.06, -0.14),
            shoulder=(0.118, -0.034),
            thickness=0.0035,
            level=0.4,
            soft=0.006,
        )
    made += placket(
        face, -cut.neck_drop + 0.004, -cut.length + 0.002, 0.044, cloth, lift=0.004,
        thread=plain("thread", tonal(spec.colours[0])),
    )  # fmt: skip
    heights = np.arange(-cut.neck_drop - 0.04, -cut.length + 0.06, -0.11)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), outer_layers.hardware(spec), radius=0.008,
        high=0.004, lift=0.004,
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
    made += tailored(
        bodice,
        Lapel(
            kind=str(spec.shape.get("lapel", "peak" if double else "notch")),
            closing=closing - (0.04 if double else 0.0),
            width=float(spec.shape.get("lapel_width", 0.085 if double else 0.074)),
            gorge=float(spec.shape.get("gorge", 0.078)),
            beyond=double,
            thick=0.003,
        ),
        cloth,
    )
    horn = plain("plastic", spec.colours[2])
    count = int(spec.shape.get("buttons", 2))
    rows = [closing - (0.05 if double else 0.015) - 0.105 * n for n in range(count)]
    columns = (-double + 0.022, double - 0.022) if double else (0.0,)
    places = np.array([[x, z] for z in rows for x in columns])
    made += buttons(face, places, horn, radius=0.0105, high=0.0045, lift=0.005)
    kind = str(spec.shape.get("pocket", "flap"))
    for side in (-1, 1):
        x, z = side * 0.13, -cut.length + 0.21
        if kind == "welt":
            a, b = (x - 0.066, z - side * 0.004), (x + 0.066, z + side * 0.004)
            made.append(welt(face, a, b, 0.012, cloth, lift=0.003))
        elif kind == "patch":
            made += pocket(face, x, z, 0.145, 0.165, cloth, shape="round", lift=0.003, puff=0.002)
        else:
            made += pocket(face, x, z, 0.135, 0.055, cloth, flap=0.052, puff=0.0005, lift=0.0006)
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
    cut, face, thread = bodice.cut, bodice.face(), outer_layers.thread(spec)
    made = collars.turned_collar(
        bodice, cloth, rise=0.036, point=(0.06, -0.14), shoulder=(0.118, -0.034), thread=thread,
        thickness=0.003, level=0.4, soft=0.006,
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
    snap = outer_layers.hardware(spec)
    heights = np.arange(-cut.neck_drop - 0.03, -cut.length + 0.05, -0.11)
    made += buttons(
        face, np.stack([0 * heights - 0.008, heights], -1), snap, radius=0.0075, high=0.004,
        lift=0.005,
    )  # fmt: skip
    half = float(cut.half_width(np.array(-cut.waist_at)))
    line = [(-half + 0.004, -cut.waist_at), (half - 0.004, -cut.waist_at)]
    made += outer_layers.seam(face, line, thread)
    if spec.shape.get("epaulettes", 1):
        made += outer_layers.epaulettes(bodice, cloth, snap)
    made += outer_layers.cuff_band(bodice, 0.045, cloth)
    return made
