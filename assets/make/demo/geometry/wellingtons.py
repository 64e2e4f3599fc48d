"""Rain boots: a printed rubber boot with its moulded sole, foxing, top band, straps and loops."""

from __future__ import annotations

import random
from collections.abc import Callable

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, findings, hides, shoe_display, soles, uppers
from .boot_details import loop, rim, t_at
from .flatten import flattened
from .last import Last
from .last import upper as draw_upper
from .lofts import Points, Surface, grid_object, tube, unit
from .wear import worn

Material = bpy.types.Material


def varied(rng: random.Random, *, tall: bool) -> dict[str, float | str]:
    """What another rain boot of the same silhouette has of its own."""
    return {
        "finish": rng.choice(["gloss", "gloss", "gloss", "matt"]),
        "top": rng.choice(["band", "band", "binding", "plain"]),
        "top_height": rng.choice([0.010, 0.016, 0.024]),
        "sole_colour": rng.choice(["dark", "dark", "second", "trim", "own", "pale"]),
        "trim_colour": rng.choice(["dark", "second", "second", "trim"]),
        "foxing": rng.choice([0.010, 0.014, 0.019]),
        "line": rng.choice(["none", "trim", "second"]),
        "bumper": rng.choice(["none", "none", "cap"]),
        "cleats": rng.choice([0.009, 0.012, 0.016]),
        "shaft": rng.uniform(0.26, 0.345) if tall else rng.uniform(0.105, 0.15),
        "calf": rng.uniform(0.054, 0.062),
        "ankle": rng.uniform(0.037, 0.043),
        "slant": rng.choice([0.0, 0.0, 0.012, 0.022]) if tall else rng.choice([0.0, 0.010]),
        "label": rng.choice(["none", "none", "oval", "plate"]),
        "buckle_at": rng.uniform(0.40, 0.52),
    }


def build_wellington(spec: Spec, last: Last) -> None:
    """Builds one rain boot, or a pair, in the current scene."""
    before = shoe_display.present()
    seat = last.sole_heel + last.heel_height
    tall = last.shaft[-1][0] - seat > 0.2
    surface = worn(
        flattened(draw_upper(last)), last, spec.seed, creases=0.0003, folds=0.0011, sag=0.0011
    )
    cloth, trim = hides.hide(spec), _trim(spec)
    lining = materials.plain("cotton", random.Random(spec.seed).choice(["#e6e0d4", "#3a3a3e"]))
    top = str(spec.shape.get("top", "band"))
    uppers.shell(
        surface, cloth, lining, thickness=0.0042, rim=cloth if top == "plain" else trim, depth=0.3
    )
    _sole(spec, last, surface)
    _foxing(spec, last, surface)
    high = last.shaft[-1][0]
    if top != "plain":
        band = 0.006 if top == "binding" else float(spec.shape.get("top_height", 0.016))
        line = _line_at(surface, 80, lambda s: rim(surface, s) - band)
        uppers.band(surface, trim, (-1.0, 1.0), line, 0.995, columns=200, lift=0.0015)
    _side(spec, surface, trim, high if tall else high - 0.004, tall)
    if tall:
        _label(spec, surface)
    ridge = surface.at(np.full(60, 1.0), np.linspace(0.1, 0.97, 60), 0.0004)
    grid_object("mould_seam", tube(ridge, 0.0009, sides=6), cloth)
    shoe_display.stand(spec, shoe_display.built(before), gap=0.14 if tall else 0.125)


def _colour(spec: Spec, name: str) -> str:
    pale = "#efe8da"
    main, second, trim = spec.colours
    if spec.pattern in ("doodle", "floral", "painted", "leopard", "zebra", "camouflage"):
        second = {"leopard": trim, "zebra": trim, "camouflage": second}.get(spec.pattern, second)
    return {"dark": "#1d1d1f", "second": second, "trim": trim, "own": main, "pale": pale}[name]


def _trim(spec: Spec) -> Material:
    return hides.bare(spec, _colour(spec, str(spec.shape.get("trim_colour", "second"))))


def _line_at(surface: Surface, count: int, height: Callable[[float], float]) -> Points:
    """T of a line round the boot whose height over the ground is `height(s)`."""
    return np.array([t_at(surface, s, height(s)) for s in np.linspace(-1, 1, count)])


def _sole(spec: Spec, last: Last, surface: Surface) -> None:
    """Cleats below, a ribbed wall, a heel of its own, and a coloured line."""
    colour = _colour(spec, str(spec.shape.get("sole_colour", "dark")))
    rubber = hides.bare(spec, colour)
    line = str(spec.shape.get("line", "none"))
    stripe = rubber if line == "none" else hides.bare(spec, _colour(spec, line))
    profile = [(0, -0.001), (0.05, 0.0025), (0.45, 0.0040), (0.50, 0.0022), (0.60, 0.0022)]
    profile += [(0.64, 0.0050), (0.90, 0.0050), (1.0, 0.0022)]
    cleats = soles.lugs(float(spec.shape.get("cleats", 0.012)), 0.0035, 0.44)
    soles.sole(
        last,
        surface,
        profile,
        [(0.64, rubber), (0.80, stripe), (1.0, rubber)],
        low=soles.tread(last, step=0.010),
        upstand=0.004,
        relief=cleats,
        rows=30,
    )


def _foxing(spec: Spec, last: Last, surface: Surface) -> None:
    """The moulded edge round the foot, higher at toe and heel, with its bumper."""
    rubber = hides.bare(spec, _colour(spec, str(spec.shape.get("sole_colour", "dark"))))
    tall = float(spec.shape.get("foxing", 0.014))

    def height(s: float) -> float:
        ends = 0.5 * np.cos(2 * np.pi * s) ** 3 if abs(s) > 0.75 or abs(s) < 0.25 else 0.0
        return float(surface.at(s, 0.0)[2]) + tall * (1 + max(ends, 0.0))

    line = _line_at(surface, 120, height)
    uppers.band(surface, rubber, (-1.0, 1.0), 0.0, line, columns=220, lift=0.0018)
    s = np.linspace(-1, 1, 220)
    edge = surface.at(s, np.interp(s, np.linspace(-1, 1, 120), line), 0.0016)
    grid_object("foxing_ridge", tube(edge, 0.0014, sides=8, caps=False), rubber)
    if spec.shape.get("bumper") == "cap":
        uppers.toe_cap(surface, rubber, last.length * 0.85, bow=0.03, lift=0.0019)
    heel = t_at(surface, 1.0, float(surface.at(1.0, 0.0)[2]) + 0.05)
    uppers.heel_counter(surface, rubber, last.length * 0.13, heel, lean=0.018, lift=0.0016)


def _side(spec: Spec, surface: Surface, trim: Material, high: float, tall: bool) -> None:
    side = str(spec.shape.get("side", "none"))
    if side == "strap":
        _buckled_gusset(spec, surface, trim, tall)
    elif side == "handle":
        for sign in (1.0, -1.0):
            _handle(surface, sign * 0.5, rim(surface, 0.5) - 0.034)
    elif side == "loops":
        for sign in (1.0, -1.0):
            loop(surface, sign * 0.5, trim)
    elif side == "gusset":
        elastic = findings.elastic(_colour(spec, str(spec.shape.get("trim_colour", "dark"))))
        for sign in (1.0, -1.0):
            _elastic_side(surface, sign, elastic, trim)
        loop(surface, 1.0, trim)


def _buckled_gusset(spec: Spec, surface: Surface, trim: Material, tall: bool) -> None:
    """A wedge let in at the outer side, and the strap that draws it together."""
    deep = 0.075 if tall else 0.045
    t = np.linspace(t_at(surface, 0.5, rim(surface, 0.5) - deep), 0.99, 26)[:, None]
    f = (t - t[0]) / (t[-1] - t[0])
    half = (0.035 + 0.075 * f) * np.sqrt(np.clip(f / 0.12, 0, 1)) + 1e-4
    c = (uppers.dense(12) * 2 - 1)[None, :]
    uppers.panel(surface, 0.5 + half * c, t, trim, lift=0.0016, name="gusset")
    height = rim(surface, 0.5) - (0.034 if tall else 0.020)
    s = np.linspace(0.26, 0.76, 60)
    path = surface.at(s, [t_at(surface, v, height) for v in s], 0.0036)
    normal = surface.normal(s, 0.9)
    wide = 0.0095 if tall else 0.0085
    girth = np.full(60, wide)
    girth[:6] = wide * np.sqrt(np.linspace(0.2, 1, 6))
    across = unit(np.cross(np.gradient(path, axis=0), normal))
    grid_object("strap", tube(path, girth, flat=0.0017 / girth, up=normal, sides=16), trim)
    metal = materials.plain("metal", random.Random(spec.seed).choice(["#c8c8ca", "#3a3a3c"]))
    k = int(60 * (float(spec.shape.get("buckle_at", 0.45)) - 0.26) / 0.5)
    fastenings.frame(
        path[k] + normal[k] * 0.0022,
        across[k],
        path[k + 1] - path[k],
        (0.027, 0.022),
        metal,
        wire=0.0019,
    )
    for j in (k + 9, 52):
        rivet = tube(np.stack([path[j], path[j] + normal[j] * 0.003]), 0.0032, sides=12)
        grid_object("rivet", rivet, metal)


def _handle(surface: Surface, s: float, height: float) -> None:
    """A moulded grip: an oval hole with a thick rim."""
    dark = materials.plain("rubber", "#19191b")
    angle = np.linspace(0, 2 * np.pi, 49)
    wide, tall = 0.105, 0.0105
    along = s + wide * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.6
    up = height + tall * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.6
    t = np.array([t_at(surface, a, h) for a, h in zip(along, up, strict=True)])
    f = np.linspace(0.02, 1, 8)[:, None]
    middle = t_at(surface, s, height)
    grid_object("hole", surface.at(s + (along - s) * f, middle + (t - middle) * f, 0.0006), dark)
    ring = surface.at(along, t, 0.0012)
    grid_object("grip", tube(ring, 0.0030, sides=10, caps=False), dark)


def _elastic_side(surface: Surface, sign: float, elastic: Material, trim: Material) -> None:
    low = t_at(surface, 0.5, float(surface.at(0.5, 0.0)[2]) + 0.055)
    t = np.linspace(low, 0.985, 26)[:, None]
    f = (t - low) / (0.985 - low)
    half = 0.03 + 0.10 * np.sqrt(f)
    c = (uppers.dense(14) * 2 - 1)[None, :]
    uppers.panel(surface, sign * (0.5 + half * c), t, elastic, lift=0.0010, name="elastic")
    for edge in (-1.0, 1.0):
        path = surface.at(sign * (0.5 + edge * half[:, 0]), t[:, 0], 0.0012)
        grid_object("edge", tube(path, 0.0014, sides=8), trim)


def _label(spec: Spec, surface: Surface) -> None:
    """The maker's mark under the rim in front: an oval or a plate, of no real brand."""
    kind = str(spec.shape.get("label", "none"))
    if kind == "none":
        return
    pale = materials.plain("rubber", "#f3efe6")
    dark = materials.plain("rubber", _colour(spec, "dark"))
    height = rim(surface, 0.0) - 0.052
    middle = t_at(surface, 0.12, height)
    tall = t_at(surface, 0.12, height + 0.010) - middle
    r = uppers.dense(10)[:, None]
    angle = np.linspace(0, 2 * np.pi, 41)[None, :]
    power = 1.0 if kind == "oval" else 0.35
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    s, t = 0.14 + 0.085 * r * x, middle + tall * r * y
    grid_object("label", surface.at(s, t, 0.0014 * np.sqrt(1 - r**4)), pale)
    for k in (-1, 0, 1):
        s = 0.14 + np.linspace(-0.05, 0.05, 12) * (1 - 0.25 * abs(k))
        line = surface.at(s, middle + tall * 0.42 * k, 0.0016)
        grid_object("mark", tube(line, 0.0011, sides=6), dark)
