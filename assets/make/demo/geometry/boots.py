"""Boots of any height: shaft, sole and heel, closures. The kinds give their own silhouettes."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, shoe_display, soles, uppers
from .lace_ups import lace_up
from .last import Last
from .last import upper as draw_upper
from .lofts import Points, Surface, smoothstep, unit
from .lofts import surface as as_surface
from .wellingtons import build_wellington

Material = bpy.types.Material


def number(spec: Spec, name: str, default: float) -> float:
    """A length or share among the silhouette's parameters."""
    return float(spec.shape.get(name, default))


def word(spec: Spec, name: str, default: str) -> str:
    """A named choice among the silhouette's parameters."""
    return str(spec.shape.get(name, default))


def last_of(spec: Spec) -> Last:
    """The boot's last: foot and shaft."""
    draw = random.Random(f"{spec.seed} last")
    lift = number(spec, "heel_height", 0.0) * draw.uniform(0.93, 1.07)
    base = number(spec, "sole_height", 0.006)
    tall = number(spec, "shaft", 0.14) * draw.uniform(0.97, 1.04)
    toe = word(spec, "toe", "round")
    length = 0.268 - 0.42 * lift + (0.012 if toe == "pointed" else 0.0)
    seat = base + number(spec, "heel_base", 0.0) + lift
    wide = number(spec, "calf", 0.052)
    front = 0.106 - 0.10 * lift
    ankle = max(0.070, 0.094 - 0.5 * lift - number(spec, "heel_base", 0.0)) + 0.020
    slim = number(spec, "ankle", 0.0345)
    front += slim - 0.0345
    shaft = [(seat + ankle, 0.0085, front + 0.004, slim)]
    if tall > 0.20:
        for z in np.linspace(0.150, tall, 4):
            g = float(smoothstep(0.08, 0.28, z))
            back = 0.011 - (0.015 + (wide - 0.05)) * g
            depth = (front - 0.011) + (2.35 * wide - (front - 0.011)) * g
            shaft.append((seat + z, back, back + depth, slim + (wide - slim) * g))
    elif tall > ankle + 0.012:
        flare = number(spec, "flare", 0.002)
        shaft.append((seat + tall, 0.010 - flare, front + 0.002 + flare * 2, slim + 0.0015 + flare))
    return Last(
        length=length,
        ball=number(spec, "ball", 0.046 - 0.03 * lift),
        heel=0.034 - 0.04 * lift,
        waist=0.037 - 0.05 * lift,
        toe=toe,
        toe_height=number(spec, "toe_height", 0.038) * draw.uniform(0.96, 1.05),
        instep=0.094,
        throat=0.44,
        back=0.070,
        dip=0.0,
        sole_ball=base,
        sole_heel=base + number(spec, "heel_base", 0.0),
        heel_height=lift,
        toe_spring=number(spec, "toe_spring", 0.008 if lift < 0.05 else 0.005),
        shaft=tuple(shaft),
        shaft_slant=number(spec, "slant", 0.0),
    )


def slouched(surface: Surface, amount: float, seed: int) -> Surface:
    """The shaft in soft folds above the ankle."""
    draw = np.random.default_rng(seed)
    t = np.linspace(0, 1, len(surface.points))[:, None]
    s = np.linspace(-1, 1, surface.points.shape[1])[None, :]
    where = smoothstep(0.30, 0.42, t) * smoothstep(1.0, 0.8, t)
    folds = np.zeros((t.shape[0], s.shape[1]))
    for _ in range(5):
        pitch, lean, phase = draw.uniform(9, 16), draw.uniform(-2, 2), draw.uniform(0, 6)
        folds += np.sin(2 * np.pi * (pitch * t * 0.6 + 0.3 * lean * np.cos(np.pi * s)) + phase)
    return as_surface(surface.points + surface.normals * (folds * where * amount / 3)[..., None])


def build_boot(spec: Spec) -> None:
    """Builds one boot, or a pair, in the current scene."""
    if word(spec, "sole", "") == "wellington":
        build_wellington(spec, last_of(spec))
        return
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} boot")
    last = last_of(spec)
    surface = draw_upper(last)
    if "slouch" in spec.shape:
        surface = slouched(surface, number(spec, "slouch", 0.004), spec.seed)
    leather = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.6, seed=spec.seed)
    accent = materials.plain("leather", spec.colours[1])
    thread = materials.plain("thread", spec.colours[2])
    lining = materials.plain("cotton", draw.choice(["#d9cdb8", "#2b2a2a", "#8d7a66"]))
    rim = accent if "contrast_collar" in spec.trims else leather
    padded = "padded_collar" in spec.trims
    uppers.shell(surface, leather, lining, thickness=0.007 if padded else 0.003, rim=rim, depth=0.3)
    _sole(spec, last, surface, accent, thread, draw)
    _details(spec, last, surface, leather, accent, thread, draw)
    gap = 0.125 if last.shaft[-1][3] < 0.05 else 0.14
    shoe_display.stand(spec, shoe_display.built(before), gap=gap)


def _sole(
    spec: Spec,
    last: Last,
    surface: Surface,
    accent: Material,
    thread: Material,
    draw: random.Random,
) -> None:
    kind = word(spec, "sole", "thin")
    dark = draw.choice(["#1d1c1b", "#2a211c", "#1d1c1b"])
    if "gum_sole" in spec.trims:
        dark = "#a06c3c"
    if "pale_sole" in spec.trims:
        dark = "#efe8da"
    rubber = materials.plain("rubber", dark)
    if kind == "lug":
        welt = materials.plain("leather", "#3a2b20" if dark != "#efe8da" else "#c9a878")
        profile = [(0, -0.001), (0.05, 0.002), (0.45, 0.003), (0.47, 0.001), (0.72, 0.001)]
        profile += [(0.75, 0.004), (0.97, 0.004), (1.0, 0.0025)]
        soles.sole(
            last,
            surface,
            profile,
            [(0.74, rubber), (1.0, welt)],
            low=soles.tread(last, step=0.011),
            upstand=0.001,
            relief=soles.lugs(0.0165, 0.006, 0.5),
            rows=30,
        )
        _welt_stitch(surface, materials.plain("thread", "#d8b365"))
    elif kind == "crepe":
        pale = materials.plain("rubber", "#c79a63")
        profile = [(0, 0.0), (0.06, 0.002), (0.5, 0.003), (0.92, 0.003), (1.0, 0.0015)]
        soles.sole(last, surface, profile, [(1.0, pale)], low=soles.tread(last))
        _welt_stitch(surface, thread)
    elif kind == "wedge":
        profile = [(0, -0.002), (0.03, 0.0005), (0.9, 0.0022), (1.0, 0.0012)]
        covered = draw.choice([materials.plain("wood", "#b98a58"), accent])
        soles.sole(last, surface, profile, [(0.10, rubber), (1.0, covered)])
    else:
        base = last.sole_ball
        thin = base
        profile = [(0, -0.001), (0.1, 0.0015), (0.4, 0.0028), (0.9, 0.0028), (1.0, 0.001)]
        edge = materials.plain("leather", "#2a1d15") if draw.random() < 0.5 else rubber
        soles.sole(
            last, surface, profile, [(0.55, rubber), (1.0, edge)], low=soles.under_foot(last, thin)
        )
        form = word(spec, "heel", "block")
        wood = materials.plain("wood", "#6b4326")
        cover = wood if form == "stacked" else draw.choice([rubber, edge])
        if form in ("stiletto", "kitten", "flared", "cone"):
            cover = materials.fabric(spec.material, "plain", spec.colours[:1])
        soles.heel(
            last, surface, cover, rubber, form=form, drop=thin, breast=number(spec, "breast", 0.26)
        )


def _welt_stitch(surface: Surface, thread: Material) -> None:
    line, out = soles.footprint(surface, 300)
    path = line + out * 0.0022
    path[:, 2] += 0.0012
    uppers.stitches(path, thread, pitch=0.0058, radius=0.0007)


def t_at_height(surface: Surface, s: float, height: float) -> float:
    """T of the rib at s where it reaches a height over the ground."""
    t = np.linspace(0, 1, 200)
    return float(np.interp(height, surface.at(s, t)[:, 2], t))


def _details(
    spec: Spec,
    last: Last,
    surface: Surface,
    leather: Material,
    accent: Material,
    thread: Material,
    draw: random.Random,
) -> None:
    closure = word(spec, "closure", "plain")
    seat = last.sole_heel + last.heel_height
    metal = materials.plain("metal", draw.choice(["#c8c8ca", "#c9a25a", "#8a7a5c"]))
    tall = last.shaft[-1][0] - seat > 0.2
    if closure == "gusset":
        _gusset(surface, materials.plain("knit", spec.colours[1]), thread)
    elif closure == "laces":
        stay = accent if "contrast_stay" in spec.trims else leather
        lace_up(
            surface,
            last.length * number(spec, "vamp", 0.60),
            stay=stay,
            tongue=materials.fabric(spec.material, "plain", spec.colours[:1]),
            lace=materials.plain("cord", spec.colours[2]),
            ring=metal,
            thread=thread,
            rows=int(number(spec, "rows", 8)) + (9 if tall else 0),
            draw=draw,
            gap=(0.006, 0.0085),
            width=0.015,
            tall=0.012,
            half=0.0024,
        )
    elif closure == "zip":
        s = draw.choice([0.52, 0.47])
        _zip(surface, s, 0.97 if tall else 0.95, 0.34 if not tall else 0.2, metal)
    if closure != "gusset":
        _seams(last, surface, thread, leather, accent, spec, draw)
    if "toe_cap" in spec.trims or word(spec, "cap", "") == "cap":
        cap = accent if draw.random() < 0.3 else leather
        uppers.toe_cap(surface, cap, last.length * 0.78, bow=0.012, thread=thread)
    strapped = "ankle_strap" in spec.trims and closure == "plain"
    if strapped or word(spec, "strap", "") == "ankle":
        _ring_strap(surface, seat + 0.080, 0.020, accent, metal)
    if word(spec, "strap", "") == "double":
        for height in (0.062, 0.105):
            _ring_strap(surface, seat + height, 0.018, accent, metal)
    if "top_strap" in spec.trims and tall:
        _ring_strap(surface, last.shaft[-1][0] - 0.055, 0.022, accent, metal)
    if "pull_tab" in spec.trims:
        fastenings.pull_tab(surface, accent if draw.random() < 0.5 else leather, tall=0.014)
    if word(spec, "sides", "") == "western":
        _western(last, surface, thread, leather)


def _seams(
    last: Last,
    surface: Surface,
    thread: Material,
    leather: Material,
    accent: Material,
    spec: Spec,
    draw: random.Random,
) -> None:
    """The counter's piece at the heel, and seams up the shaft."""
    seat = last.sole_heel + last.heel_height
    top = t_at_height(surface, 1.0, seat + 0.062)
    counter = accent if "contrast_counter" in spec.trims else leather
    uppers.heel_counter(
        surface,
        counter,
        last.length * draw.uniform(0.22, 0.30),
        top,
        lean=0.03,
        thread=thread,
        lift=0.0010,
    )
    if draw.random() < 0.6:
        t = np.linspace(top, 0.995, 80)
        uppers.seam(surface, np.full(80, 0.985), t, thread, lift=0.0004)


def _gusset(surface: Surface, knit: Material, thread: Material) -> None:
    """Elastic let into both sides, wide at the top and rounded below."""
    low = t_at_height(surface, 0.5, surface.at(0.5, 0.0)[2] + 0.048)
    f = uppers.dense(26)
    t = low + (0.985 - low) * f
    wide = 0.125 * np.sqrt(np.clip(1 - (1 - np.clip(f / 0.25, 0, 1)) ** 2, 0, 1))
    wide = wide * (0.72 + 0.28 * f) + 1e-4
    c = uppers.dense(14) * 2 - 1
    for side in (1.0, -1.0):
        centre = 0.50
        s = centre + wide[:, None] * c[None, :]
        uppers.panel(surface, side * s, t[:, None], knit, lift=0.0004, name="gusset")
        for edge in (-1.0, 1.0):
            line = centre + edge * (wide + 0.010)
            uppers.seam(surface, side * line, t, thread, lift=0.0005)


def _zip(surface: Surface, s: float, top: float, low: float, metal: Material) -> None:
    t = np.linspace(low, top, 60)
    path = surface.at(np.full(60, s), t, 0.0006)
    normals = surface.normal(np.full(60, s), t)
    fastenings.zip_line(path, normals, materials.plain("cotton", "#1f1e1e"), metal, half=0.0055)
    for side in (-1.0, 1.0):
        across = unit(np.cross(np.gradient(path, axis=0), normals)) * 0.0075 * side
        thread = materials.plain("thread", "#3a3531")
        uppers.stitches(path + across + normals * 0.0008, thread)


def _ring_strap(
    surface: Surface, height: float, wide: float, leather: Material, metal: Material
) -> None:
    """A strap all round at a height, buckled on the outer side."""
    s = np.linspace(-1, 1, 160)
    low = np.array([t_at_height(surface, v, height - wide / 2) for v in s])
    high = np.array([t_at_height(surface, v, height + wide / 2) for v in s])
    f = uppers.dense(6)[:, None]
    lift = 0.0026
    uppers.panel(
        surface, s[None], low * (1 - f) + high * f, leather, lift=lift, sink=-0.0005, name="strap"
    )
    at = 0.44
    centre_t = t_at_height(surface, at, height)
    centre: Points = surface.at(at, centre_t, lift + 0.0012)
    along = surface.at(at + 0.02, centre_t) - surface.at(at - 0.02, centre_t)
    across = np.array([0.0, 0.0, 1.0])
    fastenings.frame(centre, across, along, (wide + 0.008, 0.020), metal)


def _western(last: Last, surface: Surface, thread: Material, leather: Material) -> None:
    """Rows of ornamental stitching on the shaft, pull straps, and a cap on the toe."""
    seat = last.sole_heel + last.heel_height
    base = t_at_height(surface, 0.5, seat + 0.09)
    for side in (1.0, -1.0):
        for k in range(5):
            f = np.linspace(-1, 1, 240)
            s = 0.5 + f * (0.31 - 0.045 * k)
            peak = (0.92 - base) * (1 - 0.13 * k)
            wave = (1 - np.abs(f) ** 1.7) + 0.07 * np.sin(3 * np.pi * np.abs(f)) * (1 - np.abs(f))
            t = base + 0.02 + peak * (0.16 + 0.84 * wave)
            path = surface.at(side * s, np.clip(t, 0, 0.985), 0.0006)
            uppers.stitches(path, thread, pitch=0.0032, radius=0.0007)
        f = uppers.dense(14)[:, None]
        t = (1 - 0.16 * (1 - base)) * (1 - f) + 0.985 * f
        c = uppers.dense(6)[None, :] * 2 - 1
        uppers.panel(surface, side * (0.5 + 0.055 * c), t, leather, lift=0.0022, name="pull_strap")
    uppers.toe_cap(surface, leather, last.length * 0.76, bow=0.03, thread=thread, lift=0.0009)
