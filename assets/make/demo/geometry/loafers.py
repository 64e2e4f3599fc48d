"""Loafers: penny, horsebit, tasselled, driving, lug-soled, platform and slippers."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import findings, hides, loafer_fronts, marks, shoe_display, soles, uppers
from .colours import lightness, shaded, tonal
from .flatten import flattened
from .last import Last
from .last import upper as draw_upper
from .lofts import Surface, grids_object, tube
from .sock import sock
from .wear import worn

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "penny": {"toe": "round", "front": "penny", "sole": "heeled", "heel_height": 0.020},
    "horsebit": {"toe": "almond", "front": "bit", "sole": "heeled", "heel_height": 0.016},
    "tassel": {"toe": "round", "front": "tassel", "sole": "heeled", "heel_height": 0.022},
    "driving": {"toe": "round", "front": "tie", "sole": "pebble", "throat": 0.54},
    "lug": {"toe": "round", "front": "penny", "sole": "lug"},
    "platform": {"toe": "square", "front": "bit", "sole": "platform"},
    "slipper": {"toe": "almond", "front": "plain", "sole": "heeled", "heel_height": 0.012},
    "block": {"toe": "square", "front": "penny", "sole": "heeled", "heel_height": 0.045},
    "pointed_flat": {"toe": "pointed", "front": "bow", "sole": "heeled", "heel_height": 0.010},
    "monk": {
        "toe": "almond",
        "front": "monk",
        "sole": "heeled",
        "heel_height": 0.022,
        "throat": 0.50,
    },
    "backless": {
        "toe": "almond",
        "front": "bit",
        "sole": "heeled",
        "heel_height": 0.014,
        "back": "open",
    },
    "boat": {"toe": "round", "front": "tie", "sole": "boat", "throat": 0.53},
    "brogue": {
        "toe": "almond",
        "front": "laced",
        "sole": "heeled",
        "heel_height": 0.022,
        "throat": 0.445,
        "cap": "wing",
    },
    "saddle": {
        "toe": "round",
        "front": "laced",
        "sole": "heeled",
        "heel_height": 0.020,
        "throat": 0.445,
        "block": "saddle",
    },
}
MATERIALS = ("leather", "suede", "patent", "satin", "canvas")
PATTERNS = ("plain", "checks", "floral", "print", "two-tone", "leopard", "snake")
SUITS = {
    "penny": ("leather", "patent", "suede"),
    "horsebit": ("leather", "suede", "patent"),
    "tassel": ("leather", "suede", "patent"),
    "driving": ("suede", "leather"),
    "lug": ("leather", "patent"),
    "boat": ("leather", "suede", "canvas"),
    "monk": ("leather", "suede"),
    "slipper": ("satin", "suede", "canvas"),
    "brogue": ("leather", "suede"),
    "saddle": ("leather", "suede"),
}
PRINTS = {
    "penny": ("two-tone", "two-tone", "leopard", "snake"),
    "horsebit": ("leopard", "snake", "cowhide", "zebra", "two-tone"),
    "tassel": ("two-tone", "snake", "leopard"),
    "driving": ("two-tone", "leopard", "snake"),
    "lug": ("two-tone", "snake", "cowhide"),
    "platform": ("two-tone", "leopard", "snake", "zebra"),
    "slipper": ("floral", "dots", "leopard", "print", "checks", "geometric"),
    "block": ("two-tone", "snake"),
    "pointed_flat": ("leopard", "snake", "floral", "zebra", "dots"),
    "monk": ("two-tone", "snake"),
    "backless": ("leopard", "snake", "zebra", "two-tone"),
    "boat": ("two-tone", "two-tone", "stripes", "checks", "floral"),
    "brogue": ("two-tone",),
    "saddle": ("two-tone",),
}
PLAIN = {"saddle": 0.0, "brogue": 0.4, "slipper": 0.3, "pointed_flat": 0.4, "boat": 0.4}
"""How often a silhouette is of one colour, where not as often as its kind."""

TRIMS = ("contrast_stitch", "bow", "fringe", "gum_sole")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of the silhouette has of its own: toe, front, sole, sewing."""
    shape = SHAPES[silhouette]
    front, toe = str(shape["front"]), str(shape["toe"])
    lift = float(shape.get("heel_height", 0.0))
    toes = {"round": ("round", "round", "almond", "square"), "almond": ("almond", "round")}
    made: dict[str, float | str] = {
        "toe": rng.choice(toes.get(toe, (toe,))),
        "toe_height": rng.uniform(0.032, 0.039),
        "instep": rng.uniform(0.086, 0.097),
        "back_height": rng.uniform(0.050, 0.060),
        "heel_height": lift * rng.uniform(0.75, 1.35),
        "finish": rng.choice(["smooth", "smooth", "polished", "grain", "waxed"]),
        "lining": rng.choice(["#c9a57a", "#d9c3a0", "#3b2f28", "#8f2f33", "#e6dfd0"]),
        "rim": rng.choice(["own", "own", "bound", "accent"]),
        "edge": rng.choice(["#2a1d15", "#6b4326", "#1e1b19", "#a8794c"]),
        "rubber": rng.choice(["#1e1b19", "#2b1f18", "#3a2618"]),
        "stack": rng.choice(["edge", "#5d3a22", "#8a5c36", "#2a1d15"]),
        "welt": rng.choice(["#c9a878", "#e6dcc6", "#3a2c22", "none"]),
        "apron": rng.choice(["pleated", "pleated", "plain", "rope"]),
        "apron_wide": rng.uniform(0.20, 0.27),
        "apron_long": rng.uniform(0.90, 0.94),
        "strap": rng.uniform(0.016, 0.028),
        "slot": rng.choice(["lips", "diamond", "oval", "bar"]),
        "roll": rng.choice(["yes", "no", "no"]),
        "metal": rng.choice(["#d0ad62", "#c9c9cb", "#8c7a58", "#3a3a3c"]),
        "bit": rng.choice(["snaffle", "chain", "plate"]),
        "block": str(shape.get("block", rng.choice(["apron", "strap", "toe", "rear"]))),
        "sole_colour": rng.choice(["dark", "dark", "dark", "pale", "gum"]),
        "lug_pitch": rng.choice([0.013, 0.018, 0.024]),
        "motif": rng.choice(["none", "star", "moon", "bolt", "bow"]) if front == "plain" else "",
    }
    if front == "laced":
        made["cap"] = rng.choice(["wing", "wing", "punched"] if shape.get("cap") else ["none"])
        made["lace_colour"] = rng.choice(["own", "dark", "trim"])
        made["rows"] = rng.choice([3, 4, 5])
    return made


def last_of(spec: Spec) -> Last:
    """The last of a silhouette, with the seed's small differences."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    lift = float(shape.get("heel_height", 0.0))
    sole = str(shape.get("sole", "heeled"))
    ball, heel = {
        "heeled": (0.007, 0.007),
        "pebble": (0.006, 0.009),
        "lug": (0.026, 0.036),
        "platform": (0.030, 0.034),
        "boat": (0.014, 0.018),
    }[sole]
    toe = str(shape.get("toe", "round"))
    return Last(
        length=0.268 - 0.3 * lift + (0.01 if toe == "pointed" else 0),
        ball=0.045 - 0.05 * lift,
        waist=0.036 - 0.05 * lift,
        heel=0.032 - 0.04 * lift,
        toe=toe,
        toe_fall=0.72 if toe == "pointed" else 0.77,
        toe_blunt=2.5 if toe == "pointed" else 2.9,
        toe_height=float(shape.get("toe_height", 0.0355)),
        instep=float(shape.get("instep", 0.091)),
        throat=float(shape.get("throat", 0.57 if toe != "pointed" else 0.66)),
        back=float(shape.get("back_height", 0.054)) + draw.uniform(-0.001, 0.001),
        dip=0.012,
        sole_ball=ball,
        sole_heel=heel,
        heel_height=lift,
        toe_spring=0.008 if lift < 0.03 else 0.005,
    )


def build(spec: Spec) -> None:
    """Builds one loafer, or a pair, in the current scene."""
    before = shoe_display.present()
    shape = dict(spec.shape)
    last = last_of(spec)
    crease = {"leather": 0.0009, "suede": 0.0009}.get(spec.material, 0.0005)
    surface = worn(flattened(draw_upper(last)), last, spec.seed, creases=crease)
    stuff = _stuffs(spec)
    closed = shape.get("back") != "open"
    if closed:
        rim = {"bound": stuff["tonal"], "accent": stuff["accent"]}
        over = rim.get(str(shape.get("rim", "own")), stuff["bare"])
        uppers.shell(surface, stuff["cloth"], stuff["lining"], thickness=0.0030, rim=over)
    else:
        uppers.open_back(surface, stuff["cloth"], stuff["lining"], 0.60, 0.12)
    _inside(spec, surface, stuff["lining"])
    _sole(spec, last, surface)
    front = str(shape.get("front", "plain"))
    block = str(shape.get("block", "strap")) if spec.pattern == "two-tone" else ""
    if block == "rear" and closed:
        marks.block(surface, last, stuff["accent"], 0.46, 0.965, 0.04)
    if block == "toe" and front not in ("laced", "monk"):
        uppers.toe_cap(surface, stuff["accent"], last.length * 0.80, bow=0.02)
    if front in ("penny", "bit", "tassel", "tie"):
        over = stuff["accent"] if block == "apron" else stuff["cloth"]
        loafer_fronts.apron(last, surface, over, stuff["bare"], stuff["thread"], shape)
    if block in ("strap", "toe", "rear"):
        stuff["strap"] = stuff["accent"]
    loafer_fronts.front(spec, front, last, surface, stuff)
    if closed:
        _seams(front, last, surface, stuff["strap"], stuff["thread"])
    shoe_display.stand(spec, shoe_display.built(before), gap=0.11)


def _inside(spec: Spec, surface: Surface, lining: Material) -> None:
    """The floor, and the stamped sock on it."""
    soles.floor(surface, lining, lift=0.003)
    colour = str(spec.shape.get("lining", "#d9c3a0"))
    ink = materials.plain("thread", shaded(colour, 0.5))
    if lightness(colour) < 0.3:
        ink = materials.plain("metal", "#c9a659")
    mark = ("oval", "bars", "word")[spec.seed % 3]
    sewn = materials.plain("thread", tonal(colour))
    sock(surface, lining, ink, lift=0.0045, inset=0.004, thread=sewn, mark=mark)


def _stuffs(spec: Spec) -> dict[str, Material]:
    """The shoe's leathers and threads by what they are for."""
    main, second, trim = spec.colours
    printed = spec.pattern not in ("plain", "two-tone")
    if printed:
        second = trim
    elif spec.pattern == "plain":
        second = hides.tone(main)
    hide = spec.material if spec.material in ("leather", "suede", "patent") else "leather"
    bare = hides.bare(spec, trim if printed else main, material="leather" if printed else "")
    sewn = trim if "contrast_stitch" in spec.trims else hides.tone(main)
    lace = {"dark": "#231f1d", "trim": trim}.get(str(spec.shape.get("lace_colour", "own")), main)
    return {
        "cloth": hides.hide(spec),
        "bare": bare,
        "strap": bare,
        "accent": hides.bare(spec, second, material=hide),
        "tonal": hides.bare(spec, hides.tone(trim if printed else main), material=hide),
        "thread": materials.plain("thread", sewn),
        "lining": findings.kid(str(spec.shape.get("lining", "#d9c3a0"))),
        "lace": materials.plain("cord", lace),
        "metal": materials.plain("metal", str(spec.shape.get("metal", "#d0ad62"))),
        "dark": materials.plain("cotton", "#15110f"),
        "contrast": materials.plain("thread", second if printed else trim),
    }


def _seams(front: str, last: Last, surface: Surface, strap: Material, thread: Material) -> None:
    """The seam up the heel's back, the line under the topline, a counter."""
    uppers.seam(surface, np.full(40, 0.995), np.linspace(0.05, 0.95, 40), thread, lift=0.0003)
    line = np.linspace(-0.97, 0.97, 260)
    uppers.seam(surface, line, np.full(260, 0.955), thread, lift=0.0004, pitch=0.0034)
    if front == "tie":
        uppers.heel_counter(surface, strap, last.length * 0.2, 0.7, thread=thread, lift=0.001)


def _sole(spec: Spec, last: Last, surface: Surface) -> None:
    shape = spec.shape
    kind = str(shape.get("sole", "heeled"))
    dark = str(shape.get("rubber", "#1e1b19"))
    shown = "gum" if "gum_sole" in spec.trims else str(shape.get("sole_colour", "dark"))
    if kind in ("lug", "platform", "boat", "pebble"):
        dark = {"gum": "#a06c3c", "pale": "#efe8da"}.get(shown, dark)
    rubber = materials.plain("rubber", dark)
    if kind == "heeled":
        thin = last.sole_ball
        edge = materials.plain("leather", str(shape.get("edge", "#2a1d15")))
        profile = [(0, -0.001), (0.12, 0.002), (0.8, 0.0034), (1.0, 0.0018)]
        low = soles.under_foot(last, thin)
        soles.sole(last, surface, profile, [(0.35, rubber), (1.0, edge)], low=low)
        form = "block" if last.heel_height > 0.035 else "stacked"
        stack = str(shape.get("stack", "#5d3a22"))
        cover = edge if stack == "edge" else findings.stacked(stack)
        soles.heel(last, surface, cover, rubber, form=form, drop=thin, breast=0.26)
        if shape.get("welt") != "none":
            _welt(surface, materials.plain("thread", str(shape.get("welt", "#c9a878"))), 0.0020)
    elif kind == "pebble":
        profile = [(0, -0.012), (0.4, -0.004), (1.0, -0.0005)]
        soles.sole(last, surface, profile, [(1.0, rubber)])
        _pebbles(last, surface, rubber)
    elif kind == "lug":
        profile = [(0, -0.001), (0.05, 0.002), (0.5, 0.003), (0.7, 0.002), (0.74, 0.005)]
        profile += [(0.97, 0.005), (1.0, 0.003)]
        soles.sole(
            last,
            surface,
            profile,
            [(0.72, rubber), (1.0, rubber)],
            low=soles.tread(last, step=0.010),
            relief=soles.lugs(float(shape.get("lug_pitch", 0.018)), 0.005, 0.48),
            rows=28,
        )
        _welt(surface, materials.plain("thread", "#d8c39a"), 0.0028)
    elif kind == "platform":
        profile = [(0, -0.001), (0.05, 0.003), (0.9, 0.004), (1.0, 0.002)]
        line = materials.plain("rubber", spec.colours[1])
        bands = [(0.5, rubber), (0.56, line), (1.0, rubber)]
        soles.sole(last, surface, profile, bands, low=soles.tread(last, step=0.006))
        _welt(surface, materials.plain("thread", "#d8c39a"), 0.0024)
    else:
        pale = materials.plain("rubber", "#f1ece1" if shown == "dark" else dark)
        profile = [(0, -0.002), (0.08, 0.002), (0.9, 0.003), (1.0, 0.001)]
        soles.sole(last, surface, profile, [(1.0, pale)], upstand=0.003)


def _welt(surface: Surface, thread: Material, out_by: float) -> None:
    line, out = soles.footprint(surface, 300)
    path = line + out * out_by
    path[:, 2] += 0.0006
    uppers.stitches(path, thread, pitch=0.005, radius=0.0005)


def _pebbles(last: Last, surface: Surface, rubber: Material) -> None:
    """The nubs under a driving shoe, climbing up the heel."""
    grids = []
    for level in (0.06, 0.22, 0.38):
        for s in np.linspace(0.86, 1.14, 7):
            point, normal = surface.at(s, level), surface.normal(s, level)
            path = np.array([point, point + normal * 0.0018, point + normal * 0.0024])
            grids.append(tube(path, np.array([0.0034, 0.003, 0.001]), sides=10))
    for share in np.linspace(0.06, 0.93, 24):
        for side in (1.0, -1.0):
            s = surface.s_at_x(share * last.length, 0.0, side)
            point = surface.at(s, 0.0)
            down = point * [1, 1, 0] + np.array([0, 0, soles.tread(last)(point[:1])[0]])
            up = np.array([0.0, 0.0, 0.001])
            inner = down * [1, 0.86, 1]
            path = np.array([inner + up * 6, inner + up, inner])
            grids.append(tube(path, np.array([0.0042, 0.004, 0.003]), sides=10))
    grids_object("pebbles", grids, rubber)
