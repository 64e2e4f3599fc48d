"""Loafers: penny, horsebit, tasselled, driving, lug-soled, platform and slippers."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, shoe_display, soles, uppers
from .last import Last
from .last import upper as draw_upper
from .lofts import Surface, grid_object, grids_object, smooth_path, tube, unit

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
}
MATERIALS = ("leather", "suede", "patent", "satin", "canvas")
PATTERNS = ("plain", "checks", "floral", "print")
SUITS = {
    "penny": ("leather", "patent", "suede"),
    "horsebit": ("leather", "suede", "patent"),
    "tassel": ("leather", "suede", "patent"),
    "driving": ("suede", "leather"),
    "lug": ("leather", "patent"),
    "boat": ("leather", "suede", "canvas"),
    "monk": ("leather", "suede"),
    "slipper": ("satin", "suede", "canvas"),
}
TRIMS = ("contrast_stitch", "contrast_strap", "gum_sole", "pale_sole", "bow", "fringe")


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
        toe_height=draw.uniform(0.033, 0.038),
        instep=draw.uniform(0.088, 0.094),
        throat=float(shape.get("throat", 0.57 if toe != "pointed" else 0.66)),
        back=draw.uniform(0.050, 0.056),
        dip=0.012,
        sole_ball=ball,
        sole_heel=heel,
        heel_height=lift,
        toe_spring=0.008 if lift < 0.03 else 0.005,
    )


def build(spec: Spec) -> None:
    """Builds one loafer, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} loafer")
    last = last_of(spec)
    surface = draw_upper(last)
    cloth = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.5, seed=spec.seed)
    plain = materials.fabric(spec.material, "plain", spec.colours[:1])
    accent = materials.plain("leather", spec.colours[1])
    own = materials.plain("thread", spec.colours[2 if "contrast_stitch" in spec.trims else 0])
    lining = materials.plain("leather", draw.choice(["#c9a57a", "#d9c3a0", "#3b2f28"]))
    rim = accent if draw.random() < 0.25 else plain
    closed = spec.shape.get("back") != "open"
    if closed:
        uppers.shell(surface, cloth, lining, thickness=0.0028, rim=rim)
    else:
        uppers.open_back(surface, cloth, lining, 0.60, 0.12)
    soles.floor(surface, lining, lift=0.004)
    _sole(spec, last, surface, draw)
    front = str(spec.shape.get("front", "plain"))
    strap = accent if "contrast_strap" in spec.trims else plain
    if front in ("penny", "bit", "tassel", "tie"):
        _apron(last, surface, cloth, own)
    _front(spec, front, last, surface, strap, accent, draw)
    if closed:
        _seams(front, last, surface, strap, own)
    shoe_display.stand(spec, shoe_display.built(before), gap=0.11)


def _seams(front: str, last: Last, surface: Surface, strap: Material, thread: Material) -> None:
    """The seam up the heel's back, the line under the topline, a counter."""
    uppers.seam(surface, np.full(40, 0.995), np.linspace(0.05, 0.95, 40), thread, lift=0.0003)
    if front != "plain":
        line = np.linspace(-0.97, 0.97, 260)
        uppers.seam(surface, line, np.full(260, 0.955), thread, lift=0.0004, pitch=0.0036)
    if front == "tie":
        uppers.heel_counter(surface, strap, last.length * 0.2, 0.7, thread=thread, lift=0.001)


def _sole(spec: Spec, last: Last, surface: Surface, draw: random.Random) -> None:
    kind = str(spec.shape.get("sole", "heeled"))
    dark = draw.choice(["#1e1b19", "#2b1f18", "#3a2618"])
    if "gum_sole" in spec.trims:
        dark = "#a06c3c"
    if "pale_sole" in spec.trims and kind in ("lug", "platform", "boat"):
        dark = "#efe8da"
    rubber = materials.plain("rubber", dark)
    if kind == "heeled":
        thin = last.sole_ball
        edge = materials.plain("leather", draw.choice(["#2a1d15", "#6b4326", dark]))
        profile = [(0, -0.001), (0.12, 0.002), (0.8, 0.0034), (1.0, 0.0018)]
        low = soles.under_foot(last, thin)
        soles.sole(last, surface, profile, [(0.35, rubber), (1.0, edge)], low=low)
        form = "block" if last.heel_height > 0.035 else "stacked"
        cover = edge if draw.random() < 0.6 else materials.plain("wood", "#5d3a22")
        soles.heel(last, surface, cover, rubber, form=form, drop=thin, breast=0.26)
        _welt(surface, materials.plain("thread", "#c9a878"), 0.0020)
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
            relief=soles.lugs(0.018, 0.005, 0.48),
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
        pale = materials.plain("rubber", "#f1ece1" if "gum_sole" not in spec.trims else dark)
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


def _apron(last: Last, surface: Surface, cloth: Material, thread: Material) -> None:
    """The raised plug of a moccasin's toe, with its puckered seam."""
    back, front = last.length * (last.throat + 0.01), last.length * 0.925
    f = np.sin(uppers.dense(40) * np.pi / 2)
    x = back + (front - back) * f
    half = 0.245 * np.sqrt(np.clip(1 - f**5, 0, 1)) * (0.86 + 0.14 * f) + 1e-4
    c = uppers.dense(26) * 2 - 1
    share = 0.5 + half[:, None] * c[None, :]
    s, t = surface.over(x[:, None] + 0 * share, share)
    uppers.panel(surface, s, np.minimum(t, 0.985), cloth, lift=0.0012, name="apron")
    edge_x = np.concatenate([x, x[::-1]])
    edge_share = np.concatenate([0.5 - half, (0.5 + half)[::-1]])
    s, t = surface.over(edge_x, edge_share)
    path = smooth_path(surface.at(s, np.minimum(t, 0.985), 0.0008), 160)
    grid_object("apron_seam", tube(path, 0.0015, sides=8), cloth)
    pleats = []
    for k in range(4, 156, 3):
        ahead = unit(path[k + 1] - path[k - 1])
        normal = np.array([0.0, 0.0, 1.0])
        across = unit(np.cross(ahead, normal)) * 0.0026
        lift = normal * 0.0007
        ends = np.array([path[k] - across, path[k] + lift * 2.2, path[k] + across])
        pleats.append(tube(smooth_path(ends, 6), 0.0006, sides=5))
    grids_object("apron_stitches", pleats, thread)


def _front(
    spec: Spec,
    front: str,
    last: Last,
    surface: Surface,
    strap: Material,
    accent: Material,
    draw: random.Random,
) -> None:
    """What lies over the vamp: strap, bit, tassels, laces or bow."""
    x = last.length * (last.throat + 0.055)
    metal = materials.plain("metal", draw.choice(["#d0ad62", "#c9c9cb", "#8c7a58"]))
    if front in ("penny", "bit", "tassel"):
        wide = {"penny": 0.024, "bit": 0.019, "tassel": 0.016}[front]
        low, high = x - wide / 2, x + wide / 2
        uppers.strap(
            surface,
            strap,
            (low - 0.022, high - 0.018),
            (low - 0.022, high - 0.018),
            lift=0.0038,
            pinch=0.25 if front == "penny" else 0.0,
            thread=materials.plain("thread", spec.colours[0]),
        )
    t = float(surface.t_at_x(x - 0.002))
    top, normal = surface.at(0.0, t, 0.0042), surface.normal(0.0, t)
    ahead = unit(surface.at(0.0, t - 0.1) - surface.at(0.0, t))
    if front == "penny":
        c = np.linspace(-1, 1, 15)
        share = 0.5 + 0.085 * c[None, :]
        bow = (np.linspace(-1, 1, 7)[:, None]) * 0.0042 * np.sqrt(np.clip(1 - c**2, 0, 1))[None]
        s, tt = surface.over(x - 0.0025 + bow, share + 0 * bow)
        dark = materials.plain("cotton", "#15110f")
        grid_object("slot", surface.at(s, tt, 0.0042), dark)
    elif front == "bit":
        grids = []
        for side in (-1.0, 1.0):
            centre = top + np.array([0.0, side * 0.0185, -0.0038])
            tilt = unit(normal + np.array([0.0, side * 0.35, 0.0]))
            grids.append(fastenings.eyelet(centre, tilt, 0.0085, 0.0017))
        bar = [
            top + np.array([0.0, y, -0.0036 * (y / 0.0185) ** 2 + 0.0014])
            for y in np.linspace(-0.0115, 0.0115, 11)
        ]
        girth = 0.0021 + 0.0012 * np.abs(np.cos(np.linspace(0, 2.2 * np.pi, 11)))
        grids.append(tube(np.array(bar), girth, sides=10))
        grids_object("bit", grids, metal)
    elif front == "tassel":
        fastenings.tassels(top + ahead * 0.008, normal, ahead, strap)
    elif front == "monk":
        _monk(last, surface, strap, metal, materials.plain("thread", spec.colours[0]))
    elif front == "tie":
        lace = materials.plain("leather", spec.colours[1])
        fastenings.laces(
            surface,
            lace,
            metal,
            low=float(surface.t_at_x(x + 0.010)),
            high=float(surface.t_at_x(x - 0.008)),
            rows=2,
            gap=(0.011, 0.013),
            half=0.0019,
            flat=0.8,
            lift=0.004,
            eyelet_radius=0.0022,
        )
    elif front == "bow" or (front == "plain" and "bow" in spec.trims):
        t = float(surface.t_at_x(last.length * (last.throat + 0.03)))
        fastenings.bow_tie(
            surface.at(0.0, t, 0.002), surface.normal(0.0, t), accent, size=0.046, forward=ahead
        )
    if front in ("penny", "tassel") and "fringe" in spec.trims:
        _fringe(last, surface, strap, x)


def _monk(
    last: Last, surface: Surface, leather: Material, metal: Material, thread: Material
) -> None:
    """One broad strap over the instep, buckled on the outer side, and a capped toe."""
    middle, wide = last.length * 0.575, 0.021
    edges = (middle - wide / 2, middle + wide / 2)
    shares = (0.13, 0.86)
    uppers.strap(surface, leather, edges, edges, lift=0.0036, shares=shares, thread=thread)
    here, ahead, behind = (surface.at(*surface.over(middle, v), 0.0052) for v in (0.27, 0.29, 0.25))
    along = np.array([1.0, 0.0, 0.0])
    fastenings.frame(here, along, unit(ahead - behind), (wide + 0.008, 0.017), metal)
    uppers.toe_cap(surface, leather, last.length * 0.79, bow=0.012, thread=thread, lift=0.0009)


def _fringe(last: Last, surface: Surface, leather: Material, x: float) -> None:
    """A kiltie: a fringed leaf lying on the vamp in front of the strap."""
    reach = last.length * 0.10
    for k in range(9):
        low, high = 0.36 + 0.28 * k / 9, 0.36 + 0.28 * (k + 0.86) / 9
        f = uppers.dense(10)
        share = np.linspace(low, high, 6)[None, :] + 0 * f[:, None]
        xs = x - 0.004 + reach * (0.45 + 0.1 * np.sin(np.pi * (k + 0.5) / 9)) * f[:, None]
        s, t = surface.over(xs + 0 * share, share)
        uppers.panel(surface, s, t, leather, lift=0.0030, sink=-0.0012, name="fringe")
