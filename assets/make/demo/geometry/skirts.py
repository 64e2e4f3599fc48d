"""Skirts: pencil, A-line, circle, pleated, tiered, wrap, slip; denim and leather minis."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import waist
from .cloth_sheet import Cloth, stand_on_ground
from .colours import belt_leather, thread_for
from .haberdashery import buttons, patch, placket, pocket, rod, stitches
from .skirting import Skirt, SkirtCut

SHAPES: dict[str, dict[str, float | str]] = {
    "pencil midi": {
        "style": "plain", "skirt_length": 0.66, "skirt_hem": 0.188, "wave": 0.003, "waves": 4,
        "skirt_hip": 0.208,
    },
    "A-line mini": {
        "style": "plain", "skirt_length": 0.42, "skirt_hem": 0.262, "wave": 0.014, "waves": 7,
    },
    "A-line midi": {
        "style": "plain", "skirt_length": 0.7, "skirt_hem": 0.32, "wave": 0.032, "waves": 9,
        "skirt_hip": 0.225,
    },
    "circle": {
        "style": "plain", "skirt_length": 0.62, "skirt_hem": 0.36, "wave": 0.055, "waves": 11,
        "skirt_hip": 0.25,
    },
    "maxi": {
        "style": "plain", "skirt_length": 0.98, "skirt_hem": 0.34, "wave": 0.042, "waves": 9,
        "skirt_hip": 0.22,
    },
    "pleated midi": {
        "style": "plain", "skirt_length": 0.74, "skirt_hem": 0.3, "pleats": 46, "pleat": 0.011,
        "wave": 0.008, "skirt_hip": 0.222, "skirt_fold": 0.3,
    },
    "pleated mini": {
        "style": "plain", "skirt_length": 0.4, "skirt_hem": 0.285, "pleats": 30, "pleat": 0.016,
        "wave": 0.004, "skirt_hip": 0.23, "skirt_fold": 0.3,
    },
    "tiered maxi": {
        "style": "elastic", "skirt_length": 0.92, "skirt_hem": 0.34, "tiers": 3, "gather": 0.012,
        "wave": 0.014, "waves": 8, "skirt_hip": 0.22,
    },
    "ruffled mini": {
        "style": "elastic", "skirt_length": 0.42, "skirt_hem": 0.27, "tiers": 2, "gather": 0.012,
        "wave": 0.01, "waves": 9,
    },
    "slip midi": {
        "style": "elastic", "skirt_length": 0.76, "skirt_hem": 0.255, "wave": 0.022, "waves": 6,
        "slip": 0.013, "skirt_hip": 0.21, "band": 0.022,
    },
    "denim mini": {
        "style": "jeans", "skirt_length": 0.42, "skirt_hem": 0.228, "wave": 0.003, "waves": 5,
        "skirt_waist": 0.176,
    },
    "button midi": {
        "style": "buttoned", "skirt_length": 0.7, "skirt_hem": 0.285, "wave": 0.024, "waves": 7,
    },
    "wrap midi": {
        "style": "wrap", "skirt_length": 0.7, "skirt_hem": 0.26, "wave": 0.01, "waves": 6,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "denim", "satin", "wool", "leather", "linen", "corduroy")
PATTERNS: tuple[str, ...] = ("plain", "checks", "floral", "dots", "stripes", "print")
TRIMS: tuple[str, ...] = ("belt", "patch pockets", "contrast band")


def build(spec: Spec) -> None:
    """Put the skirt in the scene."""
    cut = SkirtCut.of(spec.shape)
    style = str(spec.shape.get("style", "plain"))
    skirt = Skirt(cut, spec.seed)
    skirt.fold()
    turned = spec.pattern == "stripes" and not cut.tiers
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)
    main, second, trim = spec.colours
    thread = plain("thread", thread_for(spec.material, main))
    made = [skirt.sew().make("skirt", cloth, thickness=0.002)]

    elastic = style == "elastic"
    band = skirt.waistband(rib=0.009 if elastic else 0.0, tuck=0.003 if elastic else 0.0)
    sash = Cloth()
    sash.add(band)
    contrast = "contrast band" in spec.trims and not elastic
    made.append(
        sash.make("waistband", plain(spec.material, second) if contrast else cloth, thickness=0.003)
    )
    if style in ("jeans", "buttoned") or ("belt" in spec.trims and not elastic):
        made.append(waist.belt_loops(band, cloth))
    if "belt" in spec.trims and not elastic and style != "wrap":
        made += waist.belt(
            band, plain("leather", belt_leather(spec.seed)), plain("metal", "#c9c3b4")
        )
    if style == "jeans":
        made += _jeans(skirt, band, cloth, thread)
    elif style == "buttoned":
        face = skirt.face()
        made += placket(face, -0.004, -cut.skirt_length + 0.004, 0.042, cloth, thread=thread)
        heights = np.arange(-0.06, -cut.skirt_length + 0.08, -0.085)
        button = plain("plastic", trim)
        places = np.stack([0 * heights, heights], -1)
        made += buttons(face, places, button, radius=0.009, high=0.004)
        if "belt" not in spec.trims:
            made.append(waist.waist_button(band, button))
    elif style == "wrap":
        made += _wrap(skirt, band, cloth)
    if "patch pockets" in spec.trims and style in ("buttoned", "jeans"):
        for side in (-1, 1):
            made += pocket(
                skirt.face(), side * 0.125, -0.15, 0.13, 0.15, cloth, shape="round", thread=thread
            )
    for height in (0.025,):
        _hem(skirt, height, made, thread, style)
    stand_on_ground(made)


def _hem(
    skirt: Skirt,
    height: float,
    made: list[bpy.types.Object],
    thread: bpy.types.Material,
    style: str,
) -> None:
    if skirt.cut.pleats or style == "elastic":
        return
    x = np.linspace(-0.97, 0.97, 200) * float(skirt.width(np.array(skirt.cut.skirt_length)))
    z = np.full_like(x, skirt.loop[:, 2].mean() - skirt.cut.skirt_length + height)
    path = np.stack([x, z], -1)
    made.append(stitches(skirt.face(), path, thread, whole=style != "jeans", width=0.0016))


def _jeans(
    skirt: Skirt, band: object, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    face = skirt.face()
    made = waist.fly(face, -0.15, cloth, thread)
    for side in (-1, 1):
        edge = float(skirt.width(np.array(0.075))) - 0.004
        made += waist.scoop_pocket(face, 0.085, (edge, -0.085), cloth, thread, side)
    z = np.linspace(-0.15, -skirt.cut.skirt_length + 0.01, 90)
    for x in (0.0015, 0.008):
        made.append(stitches(face, np.stack([0 * z + x, z], -1), thread))
    made.append(waist.waist_button(band, plain("metal", "#b08a5a")))
    return made


def _wrap(skirt: Skirt, band: object, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    """The upper layer of a wrap skirt: its free edge runs aslant down to the hem, and a tie."""
    cut = skirt.cut
    v = np.linspace(0.0, 1.0, 120)
    s = np.linspace(0, 1, 40)
    z = -0.002 - v * (cut.skirt_length - 0.003)
    edge = 0.055 - 0.1 * v**1.6
    far = -0.93 * skirt.width(v * cut.skirt_length)
    x = far[:, None] * (1 - s) + edge[:, None] * s
    lift = 0.0004 + 0.0065 * s[None] ** 3 * np.ones_like(x)
    made = [patch(skirt.face(), x, np.broadcast_to(z[:, None], x.shape), lift, cloth, "wrap")]
    start = band.sample(np.array([0.34]), np.array([0.5]), 0.006)[0]  # type: ignore[attr-defined]
    for side, long in ((-1, 0.2), (1, 0.26)):
        t = np.linspace(0, 1, 20)[:, None]
        path = start + np.concatenate(
            [side * 0.02 * np.sin(t * 1.6), -0.012 * t**0.4, -long * t], axis=1
        )
        made.append(rod(path, 0.0055, cloth, "tie"))
    made.append(
        rod(start + np.linspace(-1, 1, 6)[:, None] * [0.012, 0, 0.004], 0.011, cloth, "knot")
    )
    return made
