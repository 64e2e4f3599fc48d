"""Heeled shoes: pumps, slingbacks, Mary Janes, ankle straps, platforms, wedges and mules."""

from __future__ import annotations

import random
from dataclasses import dataclass

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import heel_forms, ornaments, pump_soles, shoe_display, straps, uppers
from .colours import lightness, tonal
from .foot import Foot
from .foot import foot as foot_on
from .lofts import Points, Surface
from .pump import PumpLast, Topline
from .pump import upper as draw_upper
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
    throat = {"pointed": 0.715, "almond": 0.70}.get(str(shape.get("toe")), 0.705)
    throat += float(shape.get("throat", 0.0))
    opening = 0.021 if shape.get("toe") == "peep" else 0.0
    if back == "mule":
        return Topline(-0.003, -0.003, 0.030, throat - 0.10, sweep, opening)
    if back == "sling":
        return Topline(-0.003, -0.003, 0.027, throat, sweep, opening)
    if back == "dorsay":
        return Topline(0.058, -0.002, 0.027, throat, sweep, opening)
    height = float(shape.get("back_height", 0.052))
    if strap in ("ankle", "ankle_twice", "t"):
        return Topline(0.070, 0.026, 0.028, throat, sweep, opening)
    return Topline(height, 0.026, 0.028, throat, sweep, opening)


@dataclass(frozen=True)
class Stuff:
    """The materials of one shoe."""

    cloth: Material
    plain: Material
    accent: Material
    strap: Material
    lining: Material
    metal: Material
    thread: Material | None


def stuff_of(spec: Spec) -> Stuff:
    """What a shoe is made of; the accent is the second colour of the same material."""
    draw = random.Random(f"{spec.seed} stuff")
    block = spec.pattern == "colour-block"
    pattern = "plain" if block else spec.pattern
    cloth = materials.fabric(spec.material, pattern, spec.colours, scale=0.42, seed=spec.seed)
    patterned = pattern != "plain"
    plain = materials.fabric(spec.material, "plain", spec.colours[:1])
    accent = materials.fabric(spec.material, "plain", spec.colours[1:2])
    contrast = block or "contrast_strap" in spec.trims
    dark = lightness(spec.colours[0]) < 0.3
    metal = draw.choice(["#d6b25e", "#d6b25e", "#cfcfd2"] if dark else ["#cfcfd2", "#d6b25e"])
    return Stuff(
        cloth,
        cloth if patterned else plain,
        accent,
        accent if contrast else cloth,
        materials.plain("lining", str(spec.shape.get("lining", "#dcc7a6"))),
        materials.plain("metal", metal),
        materials.plain("thread", tonal(spec.colours[1 if contrast else 0])),
    )


def build(spec: Spec) -> None:
    """Builds one heeled shoe, or a pair, in the current scene."""
    before = shoe_display.present()
    last = last_of(spec)
    top = topline_of(spec)
    surface = draw_upper(last, top)
    stuff = stuff_of(spec)
    whole = draw_upper(last, Topline()) if top.opening else surface
    uppers.shell(
        surface,
        stuff.cloth,
        stuff.lining,
        thickness=0.0018,
        depth=0.03,
        rim=stuff.accent if "piping" in spec.trims else None,
    )
    lined = str(spec.shape.get("lining", "#dcc7a6"))
    gold = lightness(lined) < 0.3
    stamp = materials.plain("metal", "#c9a659") if gold else materials.plain("leather", "#80603f")
    mark = "oval" if spec.seed % 2 else "bars"
    sewn = materials.plain("thread", tonal(lined))
    sock(whole, stuff.lining, stamp, thread=sewn, mark=mark)
    _under(spec, last, whole, stuff)
    _decorated(spec, last, surface, stuff)
    foot = foot_on(last, surface)
    _strapped(spec, last, surface, foot, stuff)
    # Straps round the ankles of a pair are kept apart in the picture, too.
    high = str(spec.shape.get("strap", "")) in ("ankle", "ankle_twice", "t")
    gap, ahead = (0.135, (0.03, 0.07)) if high else (0.105, (-0.04, 0.05))
    shoe_display.stand(spec, shoe_display.built(before), gap=gap, ahead=ahead)


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
    bare = shape.get("back") in ("sling", "mule", "dorsay")
    drop = 0.003 if bare else 0.0
    if float(shape.get("platform", 0.0)) > 0.012:
        pump_soles.platform(last, surface, stuff.cloth, under)
    else:
        pump_soles.thin(last, surface, edge, under, 0.0034, full=bare)
    layer = None
    if form == "stacked":
        cover, layer = materials.plain("leather", "#96663e"), materials.plain("leather", "#825432")
    heel_forms.heel(last, surface, cover, rubber, form=form, layer=layer, drop=drop)


def _decorated(spec: Spec, last: PumpLast, surface: Surface, stuff: Stuff) -> None:
    """Toe cap and ornament."""
    if spec.shape.get("cap") or (
        spec.pattern == "colour-block" and spec.shape.get("toe") != "peep"
    ):
        uppers.toe_cap(surface, stuff.accent, last.length * 0.86, bow=0.012, lift=0.0006)
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


def _strapped(spec: Spec, last: PumpLast, surface: Surface, foot: Foot, stuff: Stuff) -> None:
    """Straps, where the absent foot holds them."""
    shape = spec.shape
    wide = float(shape.get("strap_width", 0.009))
    kind, size = str(shape.get("strap", "")), last.length
    form = str(shape.get("buckle", "square"))
    if shape.get("back") == "sling":
        _sling(last, foot, stuff, wide=0.0075)
    if kind in ("instep", "double"):
        for middle in (0.575, 0.475) if kind == "double" else (0.535,):
            _bar(foot, surface, stuff, (middle * size, middle * size), wide + 0.002, form)
    if kind == "crossed":
        _bar(foot, surface, stuff, (0.48 * size, 0.60 * size), wide, form)
        _bar(foot, surface, stuff, (0.60 * size, 0.48 * size), wide, "", gap=0.0028)
    if kind in ("ankle", "ankle_twice", "t"):
        back = np.array([0.012, 0.0, foot.seat + 0.060])
        front = np.array([0.095, 0.0, foot.seat + 0.070])
        rise = np.array([0.0, 0.0, wide / 2])
        low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
        straps.buckled(
            low, high, stuff.strap, stuff.metal, at=0.13, thread=stuff.thread, shape=form
        )
        if kind == "ankle_twice":
            # Wound on once more, rising from the back to the front.
            up = np.array([0.0, 0.0, 0.030])
            low, high = (
                foot.loop(back + k, front + up + k, roll=-0.05, gap=0.0034) for k in (-rise, rise)
            )
            straps.band(low, high, stuff.strap, thick=0.002, thread=stuff.thread)
        if kind == "t":
            _t_bar(surface, foot, low[0], stuff)


def _bar(
    foot: Foot,
    surface: Surface,
    stuff: Stuff,
    ends: tuple[float, float],
    wide: float,
    form: str,
    gap: float = 0.0006,
) -> None:
    """A strap over the instep, sewn to the quarters a little below the topline."""
    # A strap crosses the foot square to its slope.
    middle = sum(ends) / 2
    slope = (foot.edge(middle - 0.02, 1.0)[2] - foot.edge(middle + 0.02, 1.0)[2]) / 0.04
    lines = []
    for shift in (-wide / 2, wide / 2):
        line = foot.over(ends[0] + shift, ends[1] + shift, lean=-slope, gap=gap)
        line = _above(line, surface, 0.008)
        lines.append(line)
    straps.band(*lines, stuff.strap, thick=0.0020, thread=stuff.thread, tip=0.004)
    if form:
        across, out = straps.frame_of(*lines)
        k = 19
        middle = (lines[0] + lines[1]) / 2
        straps.buckle(middle[k], across[k], out[k], wide, stuff.metal, lift=0.002, shape=form)
        a, b = (straps.part(line, 0.0, 0.17, 30) for line in lines)
        straps.band(a[::-1], b[::-1], stuff.strap, thick=0.002, lift=0.0022, tip=0.006)


def _above(line: Points, surface: Surface, overlap: float) -> Points:
    """The part of a line over the foot that starts and ends just below the topline."""
    rim = surface.points[-1]
    half = len(line) // 2
    found = []
    for order in (np.arange(half), np.arange(len(line) - 1, half, -1)):
        piece = line[order]
        near = np.abs(rim[None, :, :] - piece[:, None, :]).sum(axis=2).min(axis=1)
        run = np.linalg.norm(np.diff(piece, axis=0), axis=1).mean()
        found.append(order[max(0, int(np.argmin(near)) - int(overlap / run))])
    return straps.part(line, found[0] / len(line), found[1] / len(line), 110)


def _sling(last: PumpLast, foot: Foot, stuff: Stuff, *, wide: float) -> None:
    """The strap round the heel, from one side of the vamp to the other, with a small buckle."""
    share = 0.52
    level = float(last.feather(np.array([share]))[0]) + 0.014
    back = np.array([0.004, 0.0, foot.seat + 0.040])
    front = np.array([share * last.length, 0.0, level])
    rise = np.array([0.0, 0.0, wide / 2])
    lines = []
    for k in (-rise, rise):
        loop = foot.loop(back + k, front + k, gap=0.0012, until=share * last.length + 0.003)
        behind = np.flatnonzero(loop[:, 0] < share * last.length)
        lines.append(straps.part(loop, behind[0] / len(loop), behind[-1] / len(loop), 140))
    straps.band(*lines, stuff.strap, thick=0.0018, thread=stuff.thread)
    across, out = straps.frame_of(*lines)
    middle = (lines[0] + lines[1]) / 2
    straps.buckle(middle[24], across[24], out[24], wide, stuff.metal, lift=0.0018)
    a, b = (straps.part(line, 0.17, 0.27, 30) for line in lines)
    straps.band(a, b, stuff.strap, thick=0.0018, lift=0.002, tip=0.005)


def _t_bar(surface: Surface, foot: Foot, end: Points, stuff: Stuff) -> None:
    """The upright of a T-strap: from the throat to the ankle strap, and round it."""
    start = surface.at(0.0, 0.93, 0.0002)
    lines = []
    for y in (-0.0048, 0.0048):
        off = np.array([0.0, y, 0.0])
        tip = end + off + np.array([0.0025, 0.0, 0.006])
        lines.append(foot.chord(start + off, tip, np.array([0.5, 0.0, 1.0]), gap=0.0006))
    straps.band(*lines, stuff.strap, thick=0.002, thread=stuff.thread)
