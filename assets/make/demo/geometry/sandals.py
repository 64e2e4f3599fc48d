"""Sandals: slides, footbeds, sport, gladiator, heeled, wedge, thong, woven and fisherman."""

from __future__ import annotations

import random
from dataclasses import replace

import bpy

from .. import materials
from ..spec import Spec
from . import beds, findings, hides, shoe_display
from .colours import tonal
from .foot import foot as foot_on
from .pump import PumpLast, Topline
from .pump import upper as draw_upper
from .sandal_layouts import LAYOUTS
from .sandal_parts import Work

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "slide": {"sole": "footbed", "straps": "slide", "toe": "round"},
    "two_strap": {"sole": "footbed", "straps": "two", "toe": "round"},
    "cross_slide": {"sole": "footbed", "straps": "cross", "toe": "round"},
    "sport": {"sole": "sport", "straps": "sport", "toe": "round"},
    "gladiator": {"sole": "flat", "straps": "gladiator", "toe": "almond"},
    "thong": {"sole": "flat", "straps": "thong", "toe": "almond"},
    "flip_flop": {"sole": "foam", "straps": "flip", "toe": "round"},
    "t_bar": {"sole": "flat", "straps": "t_bar", "toe": "almond"},
    "crossed_wedge": {
        "sole": "wedge",
        "straps": "crossed",
        "heel_height": 0.055,
        "toe": "round",
    },
    "espadrille": {"sole": "rope", "straps": "wide", "heel_height": 0.045, "toe": "round"},
    "block_heel": {
        "sole": "heeled",
        "straps": "one",
        "heel_height": 0.070,
        "toe": "square",
        "heel": "block",
    },
    "stiletto": {
        "sole": "heeled",
        "straps": "thin",
        "heel_height": 0.095,
        "toe": "almond",
        "heel": "stiletto",
    },
    "platform": {"sole": "platform", "straps": "wide", "toe": "round"},
    "fisherman": {"sole": "sport", "straps": "fisherman", "toe": "round"},
    "woven": {"sole": "flat", "straps": "woven", "toe": "round"},
}
MATERIALS = ("leather", "suede", "patent", "nylon", "satin", "straw")
PATTERNS = ("plain", "stripes", "floral", "print", "leopard", "snake", "glitter", "colour-block")
SUITS = {
    "sport": ("nylon",),
    "gladiator": ("leather", "suede"),
    "two_strap": ("leather", "suede", "patent"),
    "espadrille": ("canvas", "suede", "leather"),
    "fisherman": ("leather",),
    "stiletto": ("satin", "leather", "patent", "suede"),
    "block_heel": ("leather", "suede", "patent", "satin"),
    "flip_flop": ("nylon",),
    "woven": ("leather", "straw"),
    "slide": ("leather", "suede", "patent", "canvas"),
    "cross_slide": ("leather", "straw"),
}
TRIMS = ("contrast_footbed", "dark_sole", "stitching", "gold_buckle")

_STRAPS = {
    "slide": ("slide", "slide", "slide_buckle", "cross"),
    "two": ("two", "two", "three", "two_wide"),
    "gladiator": ("gladiator", "gladiator", "gladiator_high"),
    "thong": ("thong", "thong_t"),
    "t_bar": ("t_bar", "strappy"),
    "crossed": ("crossed", "wide", "strappy"),
    "wide": ("wide", "crossed", "one"),
    "one": ("one", "thin", "crossed"),
    "thin": ("thin", "one", "strappy"),
    "sport": ("sport", "sport_cross"),
}


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of a silhouette: straps, back, heel, body of the sole, bed, ornament."""
    shape = SHAPES[silhouette]
    kind = str(shape["straps"])
    drawn: dict[str, float | str] = {
        "straps": rng.choice(_STRAPS.get(kind, (kind,))),
        "wide": round(rng.uniform(0.82, 1.22), 3),
        "place": round(rng.uniform(-0.015, 0.015), 4),
        "back": rng.choice(["counter", "counter", "sling"]),
        "bed": rng.choice(["#b58b62", "#c9a57a", "#8a6244", "#2b2725", "#d9c3a2"]),
        "edge": rng.choice(["#7a5436", "#2b2019", "#b08a5c"]),
        "tread": rng.choice(["#4a3626", "#221f1d", "#d3c6b0"]),
        "midsole": rng.choice(["#3a3b3f", "#77787a", "#262629", "#c9c3b4"]),
        "buckle": rng.choice(["square", "square", "oval"]),
        "ornament": "",
    }
    if shape["sole"] in ("footbed", "platform"):
        drawn["body"] = rng.choice(["cork", "cork", "white", "own"])
    if shape["sole"] == "wedge":
        drawn["body"] = rng.choice(["cork", "own", "wood"])
    if "heel_height" in shape:
        drawn["heel_height"] = round(float(shape["heel_height"]) * rng.uniform(0.8, 1.12), 4)
    if shape["sole"] == "heeled":
        fine = ("stiletto", "stiletto", "cone", "spool")
        solid = ("block", "flared", "stacked", "column")
        drawn["heel"] = rng.choice(fine if shape["heel"] == "stiletto" else solid)
        drawn["toe"] = rng.choice(["square", "almond", "round"])
    if drawn["straps"] in ("slide", "wide", "one") and rng.random() < 0.4:
        drawn["ornament"] = rng.choice(["bow", "flat_bow", "flower", "brooch", "crystals"])
    return drawn


def last_of(spec: Spec) -> PumpLast:
    """The sole's own last."""
    shape = spec.shape
    sole = str(shape.get("sole", "flat"))
    lift = float(shape.get("heel_height", 0.0))
    ball, heel = beds.BASES[sole]
    lift = max(lift - (heel - 0.0045 if sole != "heeled" else 0.0), 0.0) + heel - ball
    if sole == "flat":
        lift = 0.009
    slim = min(lift / 0.09, 1.0)
    return PumpLast(
        length=0.258 - 0.40 * lift,
        ball=0.0475 - 0.0075 * slim,
        waist=0.0365 - 0.0085 * slim,
        heel=0.0330 - 0.0050 * slim,
        toe=str(shape.get("toe", "round")),
        sole_ball=ball,
        sole_heel=ball,
        heel_height=lift,
        toe_spring=0.005 if sole in ("heeled", "flat") else 0.008,
    )


def build(spec: Spec) -> None:
    """Builds one sandal, or a pair, in the current scene."""
    before = shoe_display.present()
    last = last_of(spec)
    whole = draw_upper(last, Topline())
    work = _work(spec, last)
    covered = spec.material if spec.material not in ("nylon", "straw") else "leather"
    colour = spec.colours[1 if spec.pattern == "colour-block" else 0]
    plain = hides.bare(spec, colour, material=covered)
    beds.build(spec, last, whole, plain)
    LAYOUTS[str(spec.shape.get("straps", "two"))](work)
    shoe_display.stand(spec, shoe_display.built(before), gap=0.13, ahead=(0.0, 0.06))


def _work(spec: Spec, last: PumpLast) -> Work:
    sole = str(spec.shape.get("sole", "flat"))
    solid = sole in ("footbed", "sport", "foam", "platform", "wedge", "rope")
    slim = replace(last, ball=last.ball - 0.003, waist=last.waist - 0.003, heel=last.heel - 0.003)
    counter = None
    backed = str(spec.shape["straps"]) in ("crossed", "wide", "one", "thin", "fisherman")
    if backed and spec.shape.get("back", "counter") == "counter":
        counter = draw_upper(slim, Topline(0.070, -0.004, -0.004, 0.96, vamp=False))
    block = spec.pattern == "colour-block"
    cloth = hides.hide(replace(spec, pattern="plain" if block else spec.pattern), scale=0.42)
    hide = "leather" if spec.material in ("nylon", "straw", "canvas") else spec.material
    sewn = spec.colours[2] if "stitching" in spec.trims else tonal(spec.colours[0])
    gold = "gold_buckle" in spec.trims
    return Work(
        spec,
        last,
        foot_on(last, counter, bare=slim),
        cloth,
        hides.bare(spec, spec.colours[1], material=hide),
        findings.kid("#c9a57a"),
        materials.plain("thread", sewn) if spec.material != "straw" else None,
        materials.plain("metal", "#d6b25e" if gold else "#cfcfd2"),
        counter,
        -0.0016 if solid else 0.0025,
        0.007 if solid else 0.004,
    )
