"""Skirts: pencil, A-line, circle, pleated, tiered, wrap, slip; denim and leather minis."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import bows, waist
from .cloth_sheet import Array, Cloth, Sheet, stand_on_ground
from .colours import belt_leather, thread_for
from .haberdashery import buttons, patch, placket, pocket, sheet_stitches, stitches
from .skirting import Skirt, SkirtCut
from .washes import washed

SHAPES: dict[str, dict[str, float | str]] = {
    "pencil midi": {
        "style": "plain", "skirt_length": 0.66, "flare": -0.03, "ease": 0.008, "panels": 2,
    },
    "A-line mini": {"style": "plain", "skirt_length": 0.42, "flare": 0.26, "panels": 2},
    "A-line midi": {"style": "plain", "skirt_length": 0.68, "flare": 0.32, "panels": 4},
    "circle": {"style": "plain", "skirt_length": 0.6, "flare": 0.8, "panels": 2},
    "maxi": {"style": "plain", "skirt_length": 0.94, "flare": 0.32, "panels": 6, "fullness": 1.15},
    "pleated midi": {
        "style": "plain", "skirt_length": 0.72, "flare": 0.1, "pleats": 40, "pleat": "knife",
    },
    "pleated mini": {
        "style": "plain", "skirt_length": 0.4, "flare": 0.16, "pleats": 22, "pleat": "box",
    },
    "tiered maxi": {
        "style": "elastic", "skirt_length": 0.9, "flare": 0.34, "tiers": 3, "fullness": 1.6,
    },
    "ruffled mini": {
        "style": "elastic", "skirt_length": 0.42, "flare": 0.36, "tiers": 2, "fullness": 1.4,
    },
    "slip midi": {
        "style": "elastic", "skirt_length": 0.74, "flare": 0.2, "ease": 0.015, "band": 0.02,
    },
    "denim mini": {
        "style": "jeans", "skirt_length": 0.4, "flare": 0.06, "ease": 0.015, "rise": 0.02,
    },
    "button midi": {"style": "buttoned", "skirt_length": 0.68, "flare": 0.17},
    "wrap midi": {"style": "wrap", "skirt_length": 0.68, "flare": 0.12, "ease": 0.02},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "denim", "satin", "wool", "leather", "linen", "corduroy")
PATTERNS: tuple[str, ...] = ("plain", "checks", "floral", "dots", "stripes", "print")
TRIMS: tuple[str, ...] = ("belt", "patch pockets", "contrast band")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of a silhouette has of its own."""
    base = SHAPES[silhouette]
    long, flare = float(base["skirt_length"]), float(base["flare"])
    own: dict[str, float | str] = {
        "skirt_length": long * rng.uniform(0.9, 1.12),
        "flare": flare * rng.uniform(0.75, 1.3),
        "band": float(base.get("band", rng.choice([0.026, 0.036, 0.05, 0.07]))),
        "fall": rng.randrange(10**6),
        "hem": rng.choice(["stitched", "stitched", "blind"]),
    }
    if base["style"] == "plain" and not base.get("pleats") and flare > 0.1:
        own["panels"] = rng.choice([2, 2, 4, 6, 8])
        own["fullness"] = rng.choice([1.0, 1.0, 1.15, 1.5])
        own["high_low"] = rng.choice([0.0, 0.0, 0.0, 0.16])
        own["front"] = rng.choice(["", "", "buttons", "tie"])
    if base.get("pleats"):
        own["pleat"] = rng.choice(["knife", "knife", "box"])
        widest = 24 if own["pleat"] == "box" else 44
        own["pleats"] = rng.randrange(widest - 10, widest + 1, 2)
    if base.get("tiers"):
        own["tiers"] = rng.choice([2, 3, 4]) if long > 0.6 else rng.choice([2, 3])
        own["front"] = rng.choice(["", "tie"])
    if silhouette == "pencil midi":
        own["front"] = rng.choice(["", "", "buttons"])
    if base["style"] == "buttoned":
        own["spacing"] = rng.uniform(0.06, 0.11)
    return own


def build(spec: Spec) -> None:
    """Put the skirt in the scene."""
    shape = spec.shape
    style = str(shape.get("style", "plain"))
    own: dict[str, float] = {"turned": 0.0 if shape.get("pleats") else 0.026}
    if style != "elastic":
        own["band"] = min(float(shape.get("band", 0.036)), 0.044)
    cut = SkirtCut.of({**shape, **own})
    skirt = Skirt(cut, int(shape.get("fall", spec.seed)), spec.material)
    turned = spec.pattern == "stripes" and not cut.tiers
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)
    main, _, trim = spec.colours
    sewn = washed(main, "faded", 0.02, spec.seed) if style == "jeans" else cloth
    thread = plain("thread", thread_for(spec.material, main))
    made = [skirt.sew().make("skirt", sewn, thickness=skirt.hand.thickness)]
    band, pieces = _waistband(spec, skirt, cloth)
    made += pieces
    if style == "jeans":
        made += _jeans(skirt, band, cloth, thread)
    elif style == "buttoned" or shape.get("front") == "buttons":
        made += _buttoned(spec, skirt, band, cloth, plain("plastic", trim), thread)
    elif style == "wrap":
        made += _wrap(skirt, band, cloth, spec.seed)
    elif shape.get("front") == "tie":
        knot = band.sample(np.array([0.25]), np.array([0.5]), 0.004)[0]
        made += bows.tied(knot, skirt.face(), cloth, spec.seed, width=0.022, loop=0.05, tail=0.16)
    if "patch pockets" in spec.trims and style in ("buttoned", "jeans"):
        for side in (-1, 1):
            made += pocket(
                skirt.face(), side * 0.115, -0.13 - cut.rise, 0.12, 0.14, cloth, shape="round",
                thread=thread,
            )  # fmt: skip
    if style == "jeans" or spec.material == "denim":
        made.append(_hem(skirt, thread))
    stand_on_ground(made)


def _waistband(
    spec: Spec, skirt: Skirt, cloth: bpy.types.Material
) -> tuple[Sheet, list[bpy.types.Object]]:
    style = str(spec.shape.get("style", "plain"))
    elastic = style == "elastic"
    band = skirt.waistband(rib=0.008 if elastic else 0.0, tuck=0.002 if elastic else 0.0)
    sash = Cloth()
    sash.add(band)
    contrast = "contrast band" in spec.trims and not elastic
    own = plain(spec.material, spec.colours[1]) if contrast else cloth
    made = [sash.make("waistband", own, thickness=0.0026)]
    belted = "belt" in spec.trims and not elastic and style != "wrap"
    belted = belted and spec.shape.get("front") != "tie"
    if style == "jeans" or belted:
        made.append(waist.belt_loops(band, cloth))
    if belted:
        made += waist.belt(
            band, plain("leather", belt_leather(spec.seed)), plain("metal", "#c9c3b4")
        )
    return band, made


def _hem(skirt: Skirt, thread: bpy.types.Material) -> bpy.types.Object:
    """The stitches of the turned hem, round the front."""
    u = np.linspace(0.0, 1.0, 480)
    v = 1 - 0.022 / skirt.length(u)
    return sheet_stitches(skirt.sheet, u, v, thread)


def _buttoned(
    spec: Spec,
    skirt: Skirt,
    band: Sheet,
    cloth: bpy.types.Material,
    button: bpy.types.Material,
    thread: bpy.types.Material,
) -> list[bpy.types.Object]:
    face, long = skirt.face(), skirt.cut.skirt_length
    top = skirt.top
    made = placket(face, top - 0.004, top - long + 0.004, 0.042, cloth, thread=thread)
    heights = np.arange(top - 0.05, top - long + 0.07, -float(spec.shape.get("spacing", 0.085)))
    places = np.stack([0 * heights, heights], -1)
    made += buttons(face, places, button, radius=0.0085, high=0.004)
    if "belt" not in spec.trims:
        made.append(waist.waist_button(band, button))
    return made


def _jeans(
    skirt: Skirt, band: Sheet, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    face = skirt.face()
    made = waist.fly(face, skirt.top - 0.13, cloth, thread)
    for side in (-1, 1):
        edge = float(skirt.width(np.array(0.075))) - 0.004
        made += waist.scoop_pocket(face, 0.075, (edge, skirt.top - 0.085), cloth, thread, side)
    z = skirt.top - np.linspace(0.13, skirt.cut.skirt_length - 0.006, 90)
    for x in (0.0015, 0.008):
        made.append(stitches(face, np.stack([0 * z + x, z], -1), thread, width=0.0013))
    made.append(waist.waist_button(band, plain("metal", "#b08a5a")))
    return made


def overlap(skirt: Skirt, cloth: bpy.types.Material, start: float, end: float) -> bpy.types.Object:
    """The upper layer of a wrapped skirt: its free edge runs from `start` to `end` at the hem."""
    cut = skirt.cut
    v = np.linspace(0.0, 1.0, 130)
    s = np.linspace(0, 1, 50)
    down = 0.001 + v * (cut.skirt_length - 0.001)
    edge = start + (end - start) * v**1.5
    far = -0.985 * skirt.width(down)
    x = far[:, None] * (1 - s) + edge[:, None] * s
    lift: Array = 0.0012 + 0.0045 * s[None] ** 6 * (0.3 + v[:, None])
    z = np.broadcast_to(skirt.top - down[:, None], x.shape)
    return patch(skirt.face(), x, z, lift, cloth, "wrap")


def _wrap(
    skirt: Skirt, band: Sheet, cloth: bpy.types.Material, seed: int
) -> list[bpy.types.Object]:
    """The upper layer of a wrap skirt and the bow at its side."""
    made = [overlap(skirt, cloth, 0.07, -0.05)]
    knot = band.sample(np.array([0.35]), np.array([0.5]), 0.004)[0]
    return made + bows.tied(knot, skirt.face(), cloth, seed, width=0.026, loop=0.06, tail=0.24)
