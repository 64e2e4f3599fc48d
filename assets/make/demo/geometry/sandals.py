"""Sandals: slides, two-strap footbeds, sport, gladiator, heeled, wedge, thong and closed-toe."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, shoe_display, soles, uppers
from .last import Last
from .last import upper as draw_upper
from .lofts import Points, Surface, grid_object, smooth_path, smoothstep, tube, unit

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "slide": {"sole": "footbed", "straps": "slide", "toe": "round"},
    "two_strap": {"sole": "footbed", "straps": "two", "toe": "round"},
    "sport": {"sole": "sport", "straps": "sport", "toe": "round"},
    "gladiator": {"sole": "flat", "straps": "gladiator", "toe": "almond"},
    "thong": {"sole": "flat", "straps": "thong", "toe": "almond"},
    "flip_flop": {"sole": "foam", "straps": "flip", "toe": "round"},
    "t_bar": {"sole": "flat", "straps": "t_bar", "toe": "almond"},
    "crossed_wedge": {"sole": "wedge", "straps": "crossed", "heel_height": 0.055},
    "espadrille": {"sole": "rope", "straps": "wide_ankle", "heel_height": 0.040},
    "block_heel": {
        "sole": "heeled",
        "straps": "one_ankle",
        "heel_height": 0.065,
        "toe": "square",
        "heel": "block",
    },
    "stiletto": {
        "sole": "heeled",
        "straps": "thin_ankle",
        "heel_height": 0.090,
        "toe": "almond",
        "heel": "stiletto",
    },
    "platform": {"sole": "platform", "straps": "wide_ankle", "toe": "round"},
    "fisherman": {"sole": "sport", "straps": "fisherman", "toe": "round"},
}
MATERIALS = ("leather", "suede", "patent", "nylon", "satin")
PATTERNS = ("plain", "stripes", "floral", "print")
SUITS = {
    "sport": ("nylon", "canvas"),
    "gladiator": ("leather", "suede"),
    "two_strap": ("leather", "suede", "patent"),
    "espadrille": ("canvas", "suede", "leather"),
    "fisherman": ("leather",),
    "stiletto": ("satin", "leather", "patent", "suede"),
    "block_heel": ("leather", "suede", "patent", "satin"),
    "flip_flop": ("nylon", "leather"),
}
TRIMS = ("contrast_footbed", "bow", "dark_sole", "stitching", "gold_buckle", "toe_cap")

BASES: dict[str, tuple[float, float]] = {
    "footbed": (0.024, 0.028),
    "sport": (0.026, 0.036),
    "flat": (0.009, 0.013),
    "foam": (0.018, 0.024),
    "wedge": (0.018, 0.018),
    "rope": (0.024, 0.026),
    "heeled": (0.005, 0.005),
    "platform": (0.040, 0.046),
}


def last_of(spec: Spec) -> Last:
    """The foot a sandal is strapped to."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    lift = float(shape.get("heel_height", 0.0)) * draw.uniform(0.95, 1.06)
    ball, heel = BASES[str(shape.get("sole", "flat"))]
    wide = 1.0 - 2.0 * lift
    seat = heel + lift
    ankle = (seat + 0.105, 0.012 - 0.05 * lift, 0.098 - 0.2 * lift, 0.030)
    return Last(
        length=0.262 - 0.40 * lift,
        ball=0.046 * wide,
        waist=0.037 * wide,
        heel=0.033 * (1 - lift),
        toe=str(shape.get("toe", "round")),
        toe_height=0.024,
        instep=draw.uniform(0.074, 0.080),
        throat=0.40,
        back=0.070,
        dip=0.0,
        sole_ball=ball,
        sole_heel=heel,
        heel_height=lift,
        toe_spring=draw.uniform(0.004, 0.008),
        shaft=(ankle,),
    )


def build(spec: Spec) -> None:
    """Builds one sandal, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} sandal")
    last = last_of(spec)
    foot = draw_upper(last)
    cloth = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.45, seed=spec.seed)
    accent = materials.plain("leather", spec.colours[1])
    thread = materials.plain("thread", spec.colours[2]) if "stitching" in spec.trims else None
    metal = materials.plain("metal", "#d0ad62" if "gold_buckle" in spec.trims else "#c9c9cb")
    bed = materials.plain(
        "leather" if draw.random() < 0.6 else "suede",
        spec.colours[1]
        if "contrast_footbed" in spec.trims
        else draw.choice(["#b58b62", "#c9a57a", "#8a6244", "#2b2725"]),
    )
    _sole(spec, last, foot, draw)
    _footbed(foot, bed)
    _straps(str(spec.shape.get("straps", "two")), last, foot, cloth, accent, thread, metal)
    if "bow" in spec.trims and spec.shape.get("straps") in ("slide", "one_ankle", "thin_ankle"):
        t = float(foot.t_at_x(last.length * 0.70))
        fastenings.bow_tie(foot.at(0.0, t, 0.005), foot.normal(0.0, t), accent, size=0.05)
    shoe_display.stand(spec, shoe_display.built(before), gap=0.11)


def _footbed(foot: Surface, material: Material) -> None:
    """The bed, slightly hollow under the heel and raised at its edge."""
    s = np.linspace(0.012, 0.988, 120)
    outer, inner = foot.at(s, 0.0), foot.at(-s, 0.0)
    across = np.linspace(0, 1, 22)[None, :]
    points = outer[:, None] * (1 - across[..., None]) + inner[:, None] * across[..., None]
    hollow = 1 - np.abs(2 * across - 1) ** 4
    points[..., 2] += 0.0022 - 0.0022 * hollow
    grid_object("footbed", points, material, points[..., :2].copy())


def _sole(spec: Spec, last: Last, foot: Surface, draw: random.Random) -> None:
    kind = str(spec.shape.get("sole", "flat"))
    dark = "dark_sole" in spec.trims
    rubber = materials.plain("rubber", "#26221f" if dark else draw.choice(["#2b2521", "#d9cfbf"]))
    cork = materials.plain("wood", "#c19a6b")
    _, second, trim = spec.colours
    if kind == "footbed":
        profile = [(0, -0.001), (0.06, 0.0018), (0.3, 0.002), (0.32, 0.001), (0.8, 0.002)]
        profile += [(0.97, 0.003), (1.0, 0.001)]
        body = materials.plain("foam", "#efece5") if draw.random() < 0.3 else cork
        bands = [(0.30, rubber), (1.0, body)]
        soles.sole(last, foot, profile, bands, upstand=0.0022, low=soles.tread(last, step=0.004))
    elif kind == "sport":
        profile = [(0, -0.001), (0.05, 0.003), (0.35, 0.003), (0.38, 0.001), (0.6, 0.003)]
        profile += [(0.95, 0.0035), (1.0, 0.001)]
        body = materials.plain("foam", draw.choice(["#3a3b3f", "#8a8b88", second]))
        layer = materials.plain("foam", trim)
        bands = [(0.34, rubber), (0.62, body), (0.72, layer), (1.0, body)]
        relief = soles.lugs(0.014, 0.004, 0.34)
        low = soles.tread(last, step=0.006, bevel=0.007)
        soles.sole(last, foot, profile, bands, upstand=0.003, relief=relief, low=low, rows=30)
    elif kind == "foam":
        layer = materials.plain("foam", second)
        top = materials.plain("foam", spec.colours[0])
        profile = [(0, 0.0), (0.06, 0.0015), (0.94, 0.0015), (1.0, 0.0)]
        soles.sole(last, foot, profile, [(0.45, top), (0.62, layer), (1.0, top)], upstand=0.001)
    elif kind == "wedge":
        profile = [(0, -0.002), (0.03, 0.0), (0.9, 0.0015), (1.0, 0.0005)]
        body = draw.choice([cork, materials.plain("leather", second)])
        soles.sole(last, foot, profile, [(0.08, rubber), (1.0, body)], upstand=0.0022)
    elif kind == "rope":
        _rope(last, foot, rubber)
    elif kind == "platform":
        profile = [(0, -0.001), (0.03, 0.0015), (0.12, 0.002), (0.13, 0.0008), (1.0, 0.001)]
        body = draw.choice([cork, materials.plain("foam", "#efece5"), rubber])
        soles.sole(
            last,
            foot,
            profile,
            [(0.12, rubber), (1.0, body)],
            upstand=0.002,
            relief=soles.ribs(0.2, 0.0, 0.2, 0.8),
        )
    elif kind == "heeled":
        thin = last.sole_ball
        profile = [(0, -0.002), (0.5, 0.0), (1.0, 0.0006)]
        low = soles.under_foot(last, thin)
        plain = materials.fabric(spec.material, "plain", spec.colours[:1])
        soles.sole(last, foot, profile, [(1.0, plain)], low=low, upstand=0.0022)
        form = str(spec.shape.get("heel", "block"))
        cover = plain if draw.random() < 0.7 else cork
        soles.heel(last, foot, cover, rubber, form=form, drop=thin - 0.001, breast=0.22)
    else:
        profile = [(0, -0.001), (0.15, 0.001), (0.8, 0.0018), (1.0, 0.0006)]
        edge = materials.plain("leather", draw.choice(["#7a5436", "#2b2019", "#c09a6c"]))
        low = soles.tread(last, step=0.003)
        soles.sole(last, foot, profile, [(0.4, rubber), (1.0, edge)], low=low, upstand=0.002)


def _rope(last: Last, foot: Surface, rubber: Material) -> None:
    """An espadrille's sole: rounds of plaited jute over thin rubber."""
    jute = materials.plain("cord", "#cfb382")
    profile = [(0, -0.002), (0.04, 0.0), (1.0, 0.0)]
    soles.sole(last, foot, profile, [(0.10, rubber), (1.0, jute)], upstand=0.0022)
    line, out = soles.footprint(foot, 420)
    low = soles.tread(last)(line[:, 0])
    rounds = 7 if last.heel_height > 0.03 else 5
    step = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    for k in range(rounds):
        share = 0.16 + 0.80 * k / (rounds - 1)
        path = line.copy()
        path[:, 2] = low + (line[:, 2] - low) * share
        tall = (line[:, 2] - low) * 0.80 / (rounds - 1) * 0.56
        turn = 2 * np.pi * step / 0.0075 + k * 1.9
        path += out * (0.0004 * np.sin(turn) + 0.0004)[:, None]
        path[:, 2] += 0.0005 * np.cos(turn)
        wide = np.clip(tall, 0.0012, 0.006) * (1 + 0.16 * np.abs(np.sin(turn / 2)))
        grid_object("rope", tube(path, wide, flat=1.0, sides=8, caps=False), jute)


def _straps(
    kind: str,
    last: Last,
    foot: Surface,
    cloth: Material,
    accent: Material,
    thread: Material | None,
    metal: Material,
) -> None:
    x = last.length
    seat = last.sole_heel + last.heel_height

    def across(low: float, high: float, slant: float = 0.0, **more: float) -> Points:
        outer = (x * (low - slant), x * (high - slant))
        inner = (x * (low + slant), x * (high + slant))
        return uppers.strap(foot, cloth, outer, inner, thread=thread, lift=0.0042, **more)

    if kind == "slide":
        across(0.54, 0.78, -0.01, thickness=0.0035)
    elif kind == "two":
        for low, high in ((0.66, 0.79), (0.44, 0.57)):
            across(low, high, -0.005, thickness=0.003)
            _buckle(foot, x * (low + high) / 2 - 0.004, 0.26, (high - low) * x, metal)
    elif kind == "sport":
        across(0.66, 0.78, -0.015, thickness=0.003)
        across(0.46, 0.56, 0.0, thickness=0.003)
        _ankle(foot, seat + 0.070, 0.020, cloth, None)
        _sides(foot, x, seat + 0.070, 0.020, cloth)
        for low, high in ((0.67, 0.77), (0.47, 0.55)):
            _patch(foot, x * low, x * high, (0.34, 0.60), accent)
    elif kind == "gladiator":
        for low in (0.72, 0.58, 0.45):
            across(low, low + 0.05, -0.004)
        _ankle(foot, seat + 0.078, 0.012, cloth, metal)
        _sides(foot, x, seat + 0.078, 0.012, cloth)
        _ridge(foot, x * 0.80, 0.93, 0.012, cloth)
    elif kind in ("thong", "flip"):
        _thong(foot, x, cloth, kind == "flip")
        if kind == "thong":
            _ankle(foot, seat + 0.062, 0.009, cloth, metal)
            _sides(foot, x, seat + 0.062, 0.009, cloth)
    elif kind == "t_bar":
        across(0.70, 0.78, 0.0)
        _ridge(foot, x * 0.74, 0.80, 0.012, cloth)
        _ankle(foot, seat + 0.074, 0.012, cloth, metal)
        _sides(foot, x, seat + 0.074, 0.012, cloth)
    elif kind == "crossed":
        across(0.62, 0.73, 0.075)
        across(0.62, 0.73, -0.075)
        _ankle(foot, seat + 0.072, 0.013, cloth, metal)
        _heel_cup(foot, x, seat + 0.070, cloth)
    elif kind == "wide_ankle":
        across(0.60, 0.80, -0.01, thickness=0.003)
        _ankle(foot, seat + 0.072, 0.014, cloth, metal)
        _heel_cup(foot, x, seat + 0.070, cloth)
    elif kind == "one_ankle":
        across(0.70, 0.81, 0.0)
        _ankle(foot, seat + 0.072, 0.011, cloth, metal)
        _heel_cup(foot, x, seat + 0.070, cloth)
    elif kind == "thin_ankle":
        across(0.72, 0.755, 0.0)
        across(0.80, 0.835, 0.0)
        _ankle(foot, seat + 0.072, 0.007, cloth, metal)
        _heel_cup(foot, x, seat + 0.070, cloth)
    elif kind == "fisherman":
        for low in (0.80, 0.70, 0.60, 0.50):
            across(low, low + 0.045, -0.006, thickness=0.003)
        _ridge(foot, x * 0.92, 0.74, 0.018, cloth)
        uppers.toe_cap(foot, cloth, x * 0.90, bow=0.012, lift=0.0045)
        _ankle(foot, seat + 0.066, 0.014, cloth, metal)
        _heel_cup(foot, x, seat + 0.066, cloth)


def _ring(foot: Surface, height: float, s: Points) -> Points:
    """t, for each s, of a level line round the ankle, a little higher in front."""
    t = np.linspace(0, 1, 240)
    heights = foot.at(s[:, None], t[None, :])[..., 2]
    want = height + 0.012 * np.cos(np.pi * s) * 0.5 + 0.004
    found = [np.interp(w, h, t) for w, h in zip(want, heights, strict=True)]
    return np.minimum(np.array(found), 0.995)


def _ankle(
    foot: Surface, height: float, wide: float, leather: Material, metal: Material | None
) -> None:
    """A strap round the ankle, with its buckle on the outer side."""
    s = np.linspace(-1, 1, 161)
    low, high = _ring(foot, height - wide / 2, s), _ring(foot, height + wide / 2, s)
    f = uppers.dense(6)[:, None]
    t = low * (1 - f) + high * f
    uppers.panel(foot, s[None], t, leather, lift=0.003, sink=-0.0008, name="ankle_strap")
    grid_object("ankle_strap_inside", foot.at(s[None] + 0 * t, t, 0.0008), leather)
    if metal:
        at = np.array([0.44])
        level = float(_ring(foot, height, at)[0])
        along = foot.at(0.46, level) - foot.at(0.42, level)
        up = np.array([0.0, 0.0, 1.0])
        size = (wide + 0.006, 0.015)
        fastenings.frame(foot.at(0.44, level, 0.0042), up, along, size, metal, wire=0.0012)


def _sides(foot: Surface, x: float, height: float, wide: float, leather: Material) -> None:
    """Straps from the sole beside the heel up to the ankle's strap, and a band behind."""
    for side in (1.0, -1.0):
        f = uppers.dense(24)
        peak = float(_ring(foot, height, np.array([0.70]))[0])
        t = f * peak
        place = x * (0.26 - 0.08 * f)
        c = (uppers.dense(5) - 0.5) * max(wide, 0.010)
        s = foot.s_at_x(place[:, None] + c[None, :], t[:, None] + 0 * c[None, :], side)
        uppers.panel(foot, s, t[:, None], leather, lift=0.0026, sink=-0.0006, name="side_strap")


def _heel_cup(foot: Surface, x: float, height: float, leather: Material) -> None:
    """A closed counter round the heel, up to the ankle's strap."""
    f = uppers.dense(26)
    peak = float(_ring(foot, height, np.array([1.0]))[0])
    t = f * peak
    line = x * (0.24 - 0.15 * smoothstep(0, 1, f))
    outer = foot.s_at_x(line, t, 1.0)
    inner = 2 + foot.s_at_x(line, t, -1.0)
    c = uppers.dense(40)[None, :]
    s = outer[:, None] * (1 - c) + inner[:, None] * c
    uppers.panel(foot, s, t[:, None], leather, lift=0.0022, sink=-0.0004, name="heel_cup")
    lining = materials.plain("leather", "#c9a57a")
    grid_object("heel_cup_lining", foot.at(s, t[:, None] + 0 * s, 0.0004), lining)


def _ridge(foot: Surface, start: float, top: float, wide: float, leather: Material) -> None:
    """A strap along the middle of the foot, from x up to t."""
    t = float(foot.t_at_x(start)) + uppers.dense(30) * (top - float(foot.t_at_x(start)))
    s = np.array([foot.s_at_y(wide / 2, level)[0] for level in t])
    c = uppers.dense(6) * 2 - 1
    uppers.panel(
        foot, s[:, None] * c[None, :], t[:, None], leather, lift=0.0058, sink=-0.003, name="bar"
    )


def _thong(foot: Surface, x: float, cloth: Material, soft: bool) -> None:
    """Two straps from beside the foot to a post between the toes."""
    post = foot.at(*foot.over(x * 0.80, 0.62), 0.003)
    low = post.copy()
    low[2] = foot.points[0, :, 2].min() + 0.002
    for start, begin, end in ((0.44, 0.0, 0.62), (0.44, 1.0, 0.62)):
        f = np.linspace(0, 1, 40)
        share = begin + (end - begin) * f**0.9
        along = x * (start + (0.80 - start) * f**1.25)
        path = foot.at(*foot.over(along, share), 0.004)
        path[-1] = post
        path = smooth_path(path[::4], 48)
        s, t = foot.over(along, share)
        normal = foot.normal(s, t)
        index = np.linspace(0, 39, 48).astype(int)
        wide = (0.0085 if soft else 0.006) * (1 - 0.45 * np.linspace(0, 1, 48))
        flat = 0.42 if soft else 0.26
        grid_object("thong", tube(path, wide, flat=flat, up=unit(normal[index]), sides=14), cloth)
    grid_object("post", tube(np.array([low, post]), 0.0032, sides=10), cloth)


def _patch(
    foot: Surface, low: float, high: float, span: tuple[float, float], material: Material
) -> None:
    """A hook-and-loop end of a strap, lying on it."""
    c = uppers.dense(16)[None, :]
    share = span[0] + (span[1] - span[0]) * c
    f = uppers.dense(6)[:, None]
    s, t = foot.over(low + (high - low) * f + 0 * share, share + 0 * f)
    uppers.panel(foot, s, t, material, lift=0.0058, sink=-0.0040, name="patch")


def _buckle(foot: Surface, x: float, share: float, wide: float, metal: Material) -> None:
    s, t = foot.over(x, share)
    way = foot.at(*foot.over(x, share + 0.03)) - foot.at(*foot.over(x, share - 0.03))
    centre = foot.at(s, t, 0.0052)
    along_foot = np.array([1.0, 0.0, 0.0])
    fastenings.frame(centre, along_foot, unit(way), (wide * 0.86, 0.018), metal)
