"""Heeled shoes: pumps, slingbacks, Mary Janes, ankle straps, platforms, wedges and mules."""

from __future__ import annotations

import random
from dataclasses import replace

import bpy

from .. import materials
from ..spec import Spec
from . import (
    findings,
    heel_forms,
    hides,
    ornaments,
    pump_soles,
    pump_straps,
    shoe_display,
    toplines,
    uppers,
    wear,
)
from .colours import lightness, shaded, tonal
from .foot import foot as foot_on
from .lofts import Surface
from .pump import PumpLast, Topline
from .pump import upper as draw_upper
from .pump_straps import Stuff
from .sock import sock

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "stiletto": {"toe": "pointed", "heel": "stiletto", "heel_height": 0.100},
    "platform": {
        "toe": "round",
        "heel": "stiletto",
        "heel_height": 0.135,
        "platform": 0.034,
        "back_height": 0.062,
    },
    "kitten": {"toe": "pointed", "heel": "kitten", "heel_height": 0.045},
    "block": {"toe": "almond", "heel": "block", "heel_height": 0.065},
    "mary_jane": {"toe": "round", "heel": "block", "heel_height": 0.060, "strap": "instep"},
    "slingback": {"toe": "pointed", "heel": "kitten", "heel_height": 0.055, "back": "sling"},
    "dorsay": {"toe": "pointed", "heel": "stiletto", "heel_height": 0.085, "back": "dorsay"},
    "ankle_strap": {"toe": "almond", "heel": "stiletto", "heel_height": 0.090, "strap": "ankle"},
    "platform_strap": {
        "toe": "peep",
        "heel": "flared",
        "heel_height": 0.120,
        "platform": 0.032,
        "strap": "ankle",
    },
    "peep_toe": {"toe": "peep", "heel": "stiletto", "heel_height": 0.095},
    "wedge": {"toe": "round", "heel": "wedge", "heel_height": 0.075, "platform": 0.012},
    "mule": {"toe": "square", "heel": "flared", "heel_height": 0.060, "back": "mule"},
    "t_strap": {"toe": "round", "heel": "cone", "heel_height": 0.070, "strap": "t"},
    "square_block": {"toe": "square", "heel": "block", "heel_height": 0.055, "back": "sling"},
}
MATERIALS = ("leather", "patent", "suede", "satin")
PATTERNS = ("plain", "dots", "floral", "stripes", "leopard", "snake", "glitter", "colour-block")
SUITS = {
    "wedge": ("leather", "suede", "canvas"),
    "ankle_strap": ("satin", "leather", "suede", "patent"),
    "platform": ("patent", "suede"),
    "platform_strap": ("patent", "suede", "satin"),
}
THICK = 0.0022
"""The upper with its lining, in metres."""

EDGE = 0.0012
"""Height of what is left of the upper where a shoe is open: the covered edge of its insole."""

TRIMS = ("contrast_heel", "red_sole", "contrast_strap", "piping")

_HEELS = {
    "stiletto": ("stiletto", "stiletto", "cone"),
    "kitten": ("kitten", "kitten", "cone", "spool"),
    "block": ("block", "flared", "column", "stacked"),
    "cone": ("cone", "spool", "column"),
    "flared": ("flared", "block", "spool", "column"),
}
_TOES = {
    "pointed": ("pointed", "pointed", "almond"),
    "almond": ("almond", "round", "pointed"),
    "round": ("round", "almond", "peep"),
    "square": ("square",),
    "peep": ("peep",),
}
_ORNAMENTS = ("bow", "flat_bow", "flower", "brooch", "crystals", "pompon")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of a silhouette: its toe, heel, topline, ornament, strap and lining."""
    shape = SHAPES[silhouette]
    toe = rng.choice(_TOES[str(shape["toe"])])
    heel = rng.choice(_HEELS.get(str(shape["heel"]), (str(shape["heel"]),)))
    drawn: dict[str, float | str] = {
        "toe": toe,
        "heel": heel,
        "heel_height": round(float(shape["heel_height"]) * rng.uniform(0.86, 1.10), 4),
        "sweep": round(rng.choice([1.1, 1.8, 2.4, 2.4, 4.0]), 2),
        "throat": round(rng.uniform(-0.02, 0.02), 4),
        "lining": rng.choice(["#dcc7a6", "#cda97d", "#e9dccb", "#2a2624", "#d9b8a8"]),
        "edge": rng.choice(["tan", "black", "own"]),
        "ornament": "",
        "cap": "",
    }
    if "platform" in shape:
        drawn["platform"] = round(float(shape["platform"]) * rng.uniform(0.75, 1.2), 4)
    if shape.get("strap"):
        drawn["strap_width"] = round(rng.uniform(0.007, 0.013), 4)
        drawn["buckle"] = rng.choice(["square", "square", "oval"])
        if shape["strap"] == "instep":
            drawn["strap"] = rng.choice(["instep", "instep", "double", "crossed"])
        if shape["strap"] == "ankle":
            drawn["strap"] = rng.choice(["ankle", "ankle", "ankle_twice"])
    elif shape.get("back", "closed") != "mule" and toe != "peep" and rng.random() < 0.18:
        drawn["cap"] = "cap"
    if not drawn["cap"] and shape.get("strap") != "t" and rng.random() < 0.42:
        drawn["ornament"] = rng.choice(_ORNAMENTS)
    return drawn


def last_of(spec: Spec) -> PumpLast:
    """The last of a silhouette."""
    shape = spec.shape
    tall, under = float(shape.get("heel_height", 0.08)), float(shape.get("platform", 0.0))
    toe = str(shape.get("toe", "pointed"))
    lift = max(tall - under, 0.012)
    return PumpLast(
        length=0.250 - 0.42 * lift + {"pointed": 0.016, "almond": 0.005}.get(toe, 0.0),
        ball=0.0385,
        waist=0.0245,
        heel=0.0270,
        toe=toe,
        sole_ball=0.0034 + under,
        sole_heel=0.0034 + under,
        heel_height=lift,
        toe_spring=0.004 + 0.1 * under,
    )


def topline_of(spec: Spec) -> Topline:
    """Where the upper ends."""
    shape = spec.shape
    back, strap = str(shape.get("back", "closed")), str(shape.get("strap", ""))
    sweep = float(shape.get("sweep", 2.3))
    throat = {"pointed": 0.69, "almond": 0.675}.get(str(shape.get("toe")), 0.665)
    throat += float(shape.get("throat", 0.0))
    opening = 0.021 if shape.get("toe") == "peep" else 0.0
    if back == "mule":
        return Topline(EDGE, EDGE, 0.032, throat - 0.10, sweep, opening)
    if back == "sling":
        return Topline(EDGE, EDGE, 0.030, throat, sweep, opening)
    if back == "dorsay":
        return Topline(0.062, EDGE, 0.030, throat, sweep, opening)
    height = float(shape.get("back_height", 0.058))
    if strap in ("ankle", "ankle_twice", "t"):
        return Topline(0.070, 0.032, 0.033, throat, sweep, opening)
    return Topline(height, 0.034, 0.034, throat, sweep, opening)


def stuff_of(spec: Spec) -> Stuff:
    """What a shoe is made of; the accent is the second colour of the same material."""
    draw = random.Random(f"{spec.seed} stuff")
    block = spec.pattern == "colour-block"
    pattern = "plain" if block else spec.pattern
    cloth = hides.hide(replace(spec, pattern=pattern), scale=0.42)
    patterned = pattern != "plain"
    plain = hides.bare(spec, spec.colours[0])
    accent = hides.bare(spec, spec.colours[1])
    contrast = block or "contrast_strap" in spec.trims
    dark = lightness(spec.colours[0]) < 0.3
    metal = draw.choice(["#d6b25e", "#d6b25e", "#cfcfd2"] if dark else ["#cfcfd2", "#d6b25e"])
    return Stuff(
        cloth,
        cloth if patterned else plain,
        accent,
        accent if contrast else cloth,
        findings.kid(str(spec.shape.get("lining", "#dcc7a6"))),
        materials.plain("metal", metal),
        materials.plain("thread", tonal(spec.colours[1 if contrast else 0])),
    )


def build(spec: Spec) -> None:
    """Builds one heeled shoe, or a pair, in the current scene."""
    before = shoe_display.present()
    last = last_of(spec)
    top = topline_of(spec)
    surface = wear.dented(draw_upper(last, top), spec.seed, 0.0005)
    stuff = stuff_of(spec)
    whole = draw_upper(last, Topline()) if top.opening else surface
    uppers.shell(surface, stuff.cloth, stuff.lining, thickness=THICK, depth=0.03)
    _edged(spec, last, surface, stuff)
    lined = str(spec.shape.get("lining", "#dcc7a6"))
    gold = lightness(lined) < 0.3
    stamp = materials.plain("metal", "#c9a659") if gold else materials.plain("leather", "#80603f")
    mark = "oval" if spec.seed % 2 else "bars"
    sewn = materials.plain("thread", tonal(lined))
    sock(whole, stuff.lining, stamp, thread=sewn, mark=mark)
    _under(spec, last, whole, stuff)
    _decorated(spec, last, surface, stuff)
    foot = foot_on(last, surface)
    pump_straps.strapped(spec, last, surface, foot, stuff)
    # Straps round the ankles of a pair are kept apart in the picture, too.
    high = str(spec.shape.get("strap", "")) in ("ankle", "ankle_twice", "t")
    gap, ahead = (0.135, (0.03, 0.07)) if high else (0.105, (-0.04, 0.05))
    shoe_display.stand(spec, shoe_display.built(before), gap=gap, ahead=ahead)


def _edged(spec: Spec, last: PumpLast, surface: Surface, stuff: Stuff) -> None:
    """The finish of the mouth, and the seams at the waist."""
    draw = random.Random(f"{spec.seed} edge")
    smooth = spec.material in ("patent", "satin")
    sewn = materials.plain("thread", tonal(spec.colours[0]))
    if "piping" in spec.trims:
        toplines.bound(surface, stuff.accent, thick=THICK)
    elif draw.random() < 0.45:
        toplines.bound(surface, stuff.plain, thick=THICK, proud=0.0002)
    if not smooth:
        toplines.stitched(surface, sewn)
    if draw.random() < 0.5 and spec.shape.get("back", "closed") == "closed":
        dark = materials.plain("rubber", shaded(spec.colours[0], 0.45))
        toplines.side_seam(surface, 0.43 * last.length, sewn, dark)


def _under(spec: Spec, last: PumpLast, surface: Surface, stuff: Stuff) -> None:
    """Sole and heel."""
    shape = spec.shape
    tan = {"tan": "#b98f63", "black": "#211d1b"}.get(str(shape.get("edge", "tan")))
    red = "red_sole" in spec.trims
    under = materials.plain("patent", "#b3101c") if red else materials.plain("leather", "#b98f63")
    edge = materials.plain("leather", tan) if tan else stuff.plain
    rubber = materials.plain("rubber", "#1d1a18")
    block = spec.pattern == "colour-block"
    cover = stuff.accent if block or "contrast_heel" in spec.trims else stuff.cloth
    form = str(shape.get("heel", "stiletto"))
    if form == "wedge":
        cork = materials.plain("cork", "#c69c6d")
        pump_soles.wedge(last, surface, cover if cover is stuff.accent else cork, rubber, edge)
        return
    # A heel of leather is built under the sole; a covered one meets the upper.
    seated = form == "stacked" or shape.get("back") in ("sling", "mule", "dorsay")
    drop = 0.003 if seated else 0.0
    if float(shape.get("platform", 0.0)) > 0.012:
        pump_soles.platform(last, surface, stuff.cloth, under)
    else:
        pump_soles.thin(last, surface, edge, under, 0.0034, full=seated)
    if form == "stacked":
        cover = findings.stacked("#7d5536")
    heel_forms.heel(last, surface, cover, rubber, form=form, drop=drop)


def _decorated(spec: Spec, last: PumpLast, surface: Surface, stuff: Stuff) -> None:
    """Toe cap and ornament."""
    if spec.shape.get("cap") or (
        spec.pattern == "colour-block" and spec.shape.get("toe") != "peep"
    ):
        uppers.toe_cap(surface, stuff.accent, last.length * 0.86, bow=0.012, lift=0.0006)
    if spec.shape.get("strap") in ("double", "crossed"):
        return  # their straps and buckles are ornament enough, and lie where it would
    centre, out = surface.at(0.0, 0.97, 0.0008), surface.normal(0.0, 0.95)
    ahead = surface.at(0.0, 0.8) - surface.at(0.0, 0.97)
    place = ornaments.Place(centre + ahead * 0.15, out, ahead)
    contrast = "contrast_strap" in spec.trims or spec.pattern == "colour-block"
    cloth = stuff.accent if contrast else stuff.plain
    match spec.shape.get("ornament"):
        case "bow":
            ornaments.bow(place, cloth, size=0.054)
        case "flat_bow":
            ornaments.flat_bow(place, cloth)
        case "flower":
            ornaments.flower(place, cloth, stuff.metal)
        case "brooch":
            ornaments.brooch(place, stuff.metal)
        case "crystals":
            ornaments.crystals(place, stuff.metal)
        case "pompon":
            ornaments.pompon(place, cloth, seed=spec.seed)
