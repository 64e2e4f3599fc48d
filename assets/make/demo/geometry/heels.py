"""Heeled shoes: pumps, slingbacks, Mary Janes, ankle straps, platforms, wedges and mules."""

from __future__ import annotations

import random
from dataclasses import replace

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, shoe_display, soles, uppers
from .last import Last
from .last import upper as draw_upper
from .lofts import Points, Surface, grid_object, smooth_path, tube, unit

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "stiletto": {"toe": "pointed", "heel": "stiletto", "heel_height": 0.095},
    "kitten": {"toe": "pointed", "heel": "kitten", "heel_height": 0.045},
    "block": {"toe": "almond", "heel": "block", "heel_height": 0.065},
    "mary_jane": {"toe": "round", "heel": "block", "heel_height": 0.055, "strap": "instep"},
    "slingback": {"toe": "pointed", "heel": "kitten", "heel_height": 0.055, "back": "sling"},
    "ankle_strap": {"toe": "almond", "heel": "stiletto", "heel_height": 0.085, "strap": "ankle"},
    "platform": {
        "toe": "round",
        "heel": "cone",
        "heel_height": 0.090,
        "platform": 0.028,
        "strap": "ankle",
    },
    "wedge": {"toe": "round", "heel": "wedge", "heel_height": 0.060, "platform": 0.010},
    "mule": {"toe": "square", "heel": "flared", "heel_height": 0.060, "back": "mule"},
    "t_strap": {"toe": "round", "heel": "cone", "heel_height": 0.060, "strap": "t"},
    "square_block": {"toe": "square", "heel": "block", "heel_height": 0.050, "back": "sling"},
}
MATERIALS = ("leather", "patent", "suede", "satin")
PATTERNS = ("plain", "dots", "floral", "checks")
SUITS = {
    "wedge": ("leather", "suede", "canvas"),
    "ankle_strap": ("satin", "leather", "suede"),
}
TRIMS = ("bow", "contrast_heel", "red_sole", "toe_cap", "contrast_strap", "ornament")


def last_of(spec: Spec) -> Last:
    """The last of a silhouette, with the seed's small differences."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    lift = float(shape.get("heel_height", 0.07)) * draw.uniform(0.94, 1.06)
    toe = str(shape.get("toe", "pointed"))
    base = 0.004 + float(shape.get("platform", 0.0))
    throat = {"pointed": 0.71, "almond": 0.69, "round": 0.70, "square": 0.70}[toe]
    if shape.get("back") == "mule":
        throat = 0.58
    return Last(
        length=0.262 - 0.50 * lift + (0.014 if toe == "pointed" else 0.0),
        ball=0.041,
        waist=0.030,
        heel=0.029 - 0.04 * lift,
        toe=toe,
        toe_height=draw.uniform(0.027, 0.031),
        instep=0.078,
        throat=throat + draw.uniform(-0.02, 0.02),
        back=draw.uniform(0.048, 0.054),
        dip=draw.uniform(0.017, 0.023),
        sole_ball=base,
        sole_heel=base,
        heel_height=lift,
        toe_spring=0.004,
    )


def build(spec: Spec) -> None:
    """Builds one heeled shoe, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} heel")
    last = last_of(spec)
    surface = draw_upper(last)
    cloth = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.45, seed=spec.seed)
    plain = materials.fabric(spec.material, "plain", spec.colours[:1])
    accent = materials.fabric(spec.material, "plain", spec.colours[1:2])
    lining = materials.plain("leather", draw.choice(["#d8bf9c", "#c9a57a", "#e6d8c4", "#2c2826"]))
    back = str(spec.shape.get("back", "closed"))
    if back == "closed":
        uppers.shell(surface, cloth, lining, thickness=0.0022)
    else:
        reach, end_height = (0.60, 0.75) if back == "sling" else (0.58, 0.10)
        open_back(surface, cloth, lining, reach, end_height)
    soles.floor(surface, lining, lift=0.0022, inset=0.001)
    _sole(spec, last, surface, plain, accent)
    foot = draw_upper(replace(last, throat=0.40, back=0.075, dip=0.0))
    strap = accent if "contrast_strap" in spec.trims else plain
    metal = materials.plain("metal", draw.choice(["#d0ad62", "#c9c9cb"]))
    if back == "sling":
        sling(surface, strap, metal)
    _straps(str(spec.shape.get("strap", "")), last, foot, strap, metal)
    if "toe_cap" in spec.trims:
        uppers.toe_cap(surface, accent, last.length * 0.86, bow=0.01, lift=0.0007)
    t = float(surface.t_at_x(last.length * (last.throat + 0.035)))
    top, normal = surface.at(0.0, t, 0.0015), surface.normal(0.0, t)
    ahead = unit(surface.at(0.0, t - 0.1) - surface.at(0.0, t))
    if "bow" in spec.trims:
        fastenings.bow_tie(top, normal, accent, size=draw.uniform(0.04, 0.055), forward=ahead)
    elif "ornament" in spec.trims:
        across = np.array([0.0, 1.0, 0.0])
        fastenings.frame(
            top + ahead * 0.004 + normal * 0.002, across, ahead, (0.030, 0.020), metal, prong=False
        )
    shoe_display.stand(spec, shoe_display.built(before), gap=0.10)


def open_back(
    surface: Surface, cloth: Material, lining: Material, reach: float, end_height: float
) -> None:
    """The front of a shoe without a back: it ends at `reach` on both sides.

    Its topline has fallen there to `end_height` of the topline's height.
    """
    c = uppers.dense(120) * 2 - 1
    s = reach * c[None, :]
    top = np.sqrt(np.clip(1 - (1 - end_height**2) * np.abs(c) ** 5, 0, 1))
    t = uppers.dense(40)[:, None] * top[None, :]
    uppers.panel(surface, s, t, cloth, lift=0.0, sink=0.0018, name="vamp")
    uppers.panel(surface, s, t, lining, lift=-0.0018, sink=0.0018, name="vamp_lining")


def sling(surface: Surface, leather: Material, metal: Material) -> None:
    """The strap round the heel of a slingback, from the vamp's ends, with its buckle."""
    start = 0.44
    s = np.linspace(start, 2 - start, 120)
    rise = np.sin(np.pi * (s - start) / (2 - 2 * start))
    middle = 0.80 + 0.12 * rise
    f = uppers.dense(5)[:, None]
    t = middle[None] + (f - 0.5) * 0.14
    uppers.panel(surface, s[None], t, leather, lift=0.0022, sink=-0.0004, name="sling")
    at = 0.60
    level = float(np.interp(at, s, middle))
    centre = surface.at(at, level, 0.003)
    along = surface.at(at + 0.02, level) - surface.at(at - 0.02, level)
    fastenings.frame(centre, np.array([0.0, 0.0, 1.0]), along, (0.012, 0.012), metal, wire=0.0009)


def hoop(
    centre: Points, radii: tuple[float, float], wide: float, tilt: float, leather: Material
) -> tuple[Points, Points]:
    """A strap standing round an absent ankle; returns its outer side's point and direction."""
    angle = np.linspace(0, 2 * np.pi, 121)
    ring = centre + np.stack(
        [radii[0] * np.cos(angle), radii[1] * np.sin(angle), tilt * np.cos(angle)], axis=1
    )
    up = np.array([0.0, 0.0, wide / 2])
    out = unit((ring - centre) * [1, 1, 0])
    rows = []
    for rise, push in ((-1, 0), (-1, 1), (-0.9, 1.1), (0.9, 1.1), (1, 1), (1, 0), (-1, 0)):
        rows.append(ring + up * rise + out * push * 0.0018)

    grid_object("hoop", np.array(rows), leather)
    return centre + np.array([0.0, -radii[1] - 0.002, 0.0]), np.array([1.0, 0.0, 0.0])


def _straps(kind: str, last: Last, foot: Surface, leather: Material, metal: Material) -> None:
    x = last.length
    if kind == "instep":
        foot = draw_upper(replace(last, throat=0.40, back=0.07, dip=0.0, instep=0.064))
        spread = 0.014
        middle = x * 0.55
        uppers.strap(
            foot,
            leather,
            (middle - spread / 2, middle + spread / 2),
            (middle - spread / 2, middle + spread / 2),
            lift=0.0030,
            shares=(0.10, 0.90),
        )
        s, t = foot.over(middle, 0.24)
        way = foot.at(*foot.over(middle, 0.26)) - foot.at(*foot.over(middle, 0.22))
        fastenings.frame(
            foot.at(s, t, 0.0042),
            np.array([1.0, 0, 0]),
            way,
            (spread + 0.006, 0.013),
            metal,
            wire=0.0012,
        )
    if kind in ("ankle", "t"):
        seat = last.sole_heel + last.heel_height
        height = seat + 0.066
        centre = np.array([0.050, 0.0, height])
        outer, along = hoop(centre, (0.043, 0.029), 0.010, 0.008, leather)
        fastenings.frame(
            outer + np.array([0.004, 0, 0]),
            np.array([0.0, 0, 1.0]),
            along,
            (0.015, 0.014),
            metal,
            wire=0.0011,
        )
        back = foot.at(
            np.linspace(0.955, 1.045, 9)[None, :], np.linspace(0.5, 0.92, 20)[:, None], 0.001
        )

        lifted = back.copy()
        lifted[..., 0] += 0.004 * np.linspace(0, 1, 20)[:, None] ** 2
        grid_object("back_strap", lifted, leather)
    if kind == "t":
        seat = last.sole_heel + last.heel_height
        front = np.array([0.093, 0.0, seat + 0.066 + 0.008])
        t = float(foot.t_at_x(x * 0.72))
        start = foot.at(0.0, t, 0.002)
        mid = foot.at(0.0, float(foot.t_at_x(x * 0.56)), 0.003)

        path = smooth_path([start, mid, (mid + front) / 2 + [0.004, 0, -0.003], front], 30)
        up = unit(np.cross(np.gradient(path, axis=0), [0.0, 1.0, 0.0]))

        grid_object("t_strap", tube(path, 0.0055, flat=0.25, up=up, sides=12), leather)


def _sole(spec: Spec, last: Last, surface: Surface, plain: Material, accent: Material) -> None:
    red = "red_sole" in spec.trims
    under = materials.plain("leather", "#a3161c" if red else "#b08d66")
    rubber = materials.plain("rubber", "#1d1a18")
    form = str(spec.shape.get("heel", "stiletto"))
    cover = accent if "contrast_heel" in spec.trims else plain
    thin = last.sole_ball
    if form == "wedge":
        profile = [(0, -0.003), (0.04, -0.001), (0.6, 0.0), (1.0, 0.0008)]
        cork = materials.plain("wood", "#c49a6c")
        wedge = accent if "contrast_heel" in spec.trims else cork
        soles.sole(last, surface, profile, [(0.06, rubber), (1.0, wedge)])
        return
    if thin > 0.012:
        low = _platform_low(last)
        profile = [(0, -0.003), (0.06, -0.001), (0.5, 0.0008), (1.0, 0.0004)]
        soles.sole(last, surface, profile, [(0.08, under), (1.0, cover)], low=low)
        drop = 0.004
    else:
        profile = [(0, -0.0022), (0.5, 0.0), (1.0, 0.0006)]
        low = soles.under_foot(last, thin)
        soles.sole(last, surface, profile, [(0.5, under), (1.0, under)], low=low)
        drop = thin - 0.001
    soles.heel(last, surface, cover, rubber, form=form, drop=drop, breast=0.22)


def _platform_low(last: Last) -> soles.Height:
    """A platform under the ball that thins out towards the heel."""

    def height(x: Points) -> Points:
        share = np.clip(x / last.length, 0, 1)
        fade = np.clip((share - 0.30) / 0.32, 0, 1)
        fade = fade * fade * (3 - 2 * fade)
        thickness = 0.004 + (last.sole_ball - 0.004) * fade
        return last.feather(share) - thickness

    return height
