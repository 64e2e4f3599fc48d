"""Sneakers: low and high canvas shoes, court shoes, slip-ons, chunky and platform ones."""

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
from .lofts import Surface

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "court": {"cut": "low", "sole": "cup", "panels": "court", "ball": 0.049},
    "canvas_low": {"cut": "low", "sole": "vulcanised", "panels": "rubber_toe", "ball": 0.047},
    "canvas_high": {"cut": "high", "sole": "vulcanised", "panels": "rubber_toe", "ball": 0.047},
    "skate": {"cut": "low", "sole": "vulcanised", "panels": "stripe", "ball": 0.051},
    "slip_on": {"cut": "slip", "sole": "vulcanised", "panels": "plain", "ball": 0.049},
    "basket_high": {"cut": "high", "sole": "cup", "panels": "court", "ball": 0.050},
    "chunky": {"cut": "low", "sole": "chunky", "panels": "overlays", "ball": 0.051},
    "velcro": {"cut": "low", "sole": "cup", "panels": "court", "ball": 0.049, "closure": "straps"},
    "platform": {"cut": "low", "sole": "platform", "panels": "plain", "ball": 0.048},
}
MATERIALS = ("canvas", "leather", "suede", "denim")
PATTERNS = ("plain", "stripes", "checks", "dots", "floral", "camouflage", "print")
SUITS = {
    "court": ("leather", "suede"),
    "basket_high": ("leather", "suede"),
    "canvas_low": ("canvas", "denim"),
    "canvas_high": ("canvas", "denim"),
    "skate": ("suede", "canvas"),
    "slip_on": ("canvas", "denim", "leather"),
    "chunky": ("leather", "suede"),
    "velcro": ("leather", "suede"),
}
TRIMS = ("contrast_sole", "sole_stripe", "gum_sole", "pull_tab", "straight_laces", "toe_cap")

SOLES: dict[str, tuple[float, float, float]] = {
    "cup": (0.020, 0.026, 0.008),
    "vulcanised": (0.019, 0.022, 0.009),
    "chunky": (0.026, 0.038, 0.004),
    "platform": (0.036, 0.040, 0.007),
}


def last_of(spec: Spec) -> Last:
    """The last of a silhouette, with the seed's small differences."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    sole = str(shape.get("sole", "cup"))
    ball_z, heel_z, _ = SOLES[sole]
    cut = str(shape.get("cut", "low"))
    common = {
        "ball": float(shape.get("ball", 0.049)),
        "toe_height": draw.uniform(0.036, 0.041),
        "toe_fall": 0.66,
        "instep": draw.uniform(0.094, 0.101),
        "sole_ball": ball_z,
        "sole_heel": heel_z,
        "toe_spring": draw.uniform(0.006, 0.010),
    }
    if cut == "slip":
        return Last(throat=0.50, back=0.055, dip=0.008, puff=0.0012, **common)
    if cut == "high":
        tall = heel_z + draw.uniform(0.115, 0.130)
        shaft = (
            (heel_z + 0.090, 0.011, 0.112, 0.036),
            (tall, 0.008, 0.108, 0.040),
        )
        return Last(throat=0.44, back=0.075, dip=0.0, shaft=shaft, shaft_slant=0.012, **common)
    return Last(
        throat=0.42,
        back=draw.uniform(0.058, 0.066),
        dip=draw.uniform(0.010, 0.016),
        tab=draw.uniform(0.004, 0.010),
        puff=0.0022,
        **common,
    )


def build(spec: Spec) -> None:
    """Builds one sneaker, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} sneaker")
    shape = spec.shape
    main, second, trim = spec.colours
    last = last_of(spec)
    surface = draw_upper(last)
    cloth = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.5, seed=spec.seed)
    accent_kind = spec.material if spec.material != "denim" else "leather"
    accent = materials.plain(accent_kind, second)
    lining = materials.plain("cotton", draw.choice([main, "#e8e4dc", "#3a3a3c", second]))
    thread = materials.plain("thread", trim)
    panels = str(shape.get("panels", "plain"))
    cut = str(shape.get("cut", "low"))
    uppers.shell(surface, cloth, lining, thickness=0.0055 if last.puff > 0.002 else 0.0035)
    soles.floor(surface, lining, lift=0.006)
    _sole(spec, last, surface)
    if panels == "rubber_toe":
        _rubber_toe(last, surface, thread, cloth, _wall(spec))
    elif panels == "court":
        _court(last, surface, accent, cloth, thread, draw)
    elif panels == "stripe":
        _skate(last, surface, accent, materials.plain("leather", trim), thread)
    elif panels == "overlays":
        _overlays(last, surface, accent, materials.plain("suede", trim), thread)
    elif "toe_cap" in spec.trims:
        uppers.toe_cap(surface, accent, last.length * 0.78, thread=thread)
    if cut == "slip":
        _gussets(last, surface, materials.plain("knit", second))
    elif shape.get("closure") == "straps":
        _touch_straps(spec, last, surface, accent if draw.random() < 0.6 else cloth, thread, draw)
    else:
        stay = cloth if panels in ("rubber_toe", "plain") else draw.choice([accent, cloth])
        _lacing(spec, last, surface, stay, thread, draw, high=cut == "high")
    if "pull_tab" in spec.trims:
        fastenings.pull_tab(surface, accent)
    shoe_display.stand(spec, shoe_display.built(before))


def _wall(spec: Spec) -> str:
    """The colour of the sole's wall and of a rubber toe."""
    pale = random.Random(f"{spec.seed} wall").choice(["#f4f2ec", "#f4f2ec", "#efe6d2"])
    return spec.colours[1] if "contrast_sole" in spec.trims else pale


def _sole(spec: Spec, last: Last, surface: Surface) -> None:
    kind = str(spec.shape.get("sole", "cup"))
    upstand = SOLES[kind][2]
    trim = spec.colours[2]
    wall = _wall(spec)
    white = materials.plain("rubber", wall)
    under = materials.plain("rubber", "#a8713f" if "gum_sole" in spec.trims else wall)
    line = materials.plain("rubber", trim if "sole_stripe" in spec.trims else wall)
    if kind == "vulcanised":
        profile = [(0, -0.001), (0.06, 0.0018), (0.18, 0.0022), (0.2, 0.0026), (0.93, 0.0026)]
        profile += [(1.0, 0.0012)]
        bands = [(0.19, under), (0.66, white), (0.78, line), (1.0, white)]
        soles.sole(last, surface, profile, bands, upstand=upstand)
    elif kind == "platform":
        profile = [(0, -0.001), (0.04, 0.003), (0.14, 0.0034), (0.16, 0.002), (0.8, 0.002)]
        profile += [(0.82, 0.003), (0.96, 0.003), (1.0, 0.001)]
        bands = [(0.15, under), (0.81, white), (0.96, line), (1.0, white)]
        soles.sole(
            last,
            surface,
            profile,
            bands,
            upstand=upstand,
            relief=soles.ribs(0.006, 0.001, 0.2, 0.7),
        )
    elif kind == "chunky":
        profile = [(0, -0.002), (0.05, 0.004), (0.2, 0.006), (0.24, 0.003), (0.5, 0.007)]
        profile += [(0.75, 0.006), (0.92, 0.003), (1.0, 0.0)]
        bands = [(0.22, under), (0.5, white), (0.6, line), (1.0, white)]
        soles.sole(
            last,
            surface,
            profile,
            bands,
            upstand=upstand,
            rows=34,
            relief=soles.sculpted(0.0022, spec.seed),
        )
    else:
        profile = [(0, -0.003), (0.05, 0.0), (0.2, 0.0028), (0.8, 0.0036), (0.84, 0.0024)]
        profile += [(0.88, 0.0036), (0.95, 0.003), (1.0, 0.0012)]
        bands = [(0.16, under), (0.58, white), (0.68, line), (1.0, white)]
        soles.sole(last, surface, profile, bands, upstand=upstand)
        edge = surface.at(np.linspace(-1, 1, 400), 0.0)
        line_path = surface.at(np.linspace(-0.985, 0.985, 300), np.full(300, 0.0), 0.0034)
        line_path[:, 2] = edge[:300, 2] * 0 + line_path[:, 2] + upstand * 0.55
        uppers.stitches(line_path, materials.plain("thread", wall), pitch=0.005, radius=0.0006)


def _rubber_toe(last: Last, surface: Surface, thread: Material, cloth: Material, wall: str) -> None:
    rubber = materials.plain("rubber", wall)
    uppers.toe_cap(surface, rubber, last.length * 0.83, bow=0.004, lift=0.0022, name="rubber_toe")
    foxing = np.array([0.02, 0.02, 0.05, 0.11, 0.11, 0.11, 0.05, 0.02, 0.02])
    uppers.band(surface, rubber, (-0.45, 0.45), 0.0, foxing * 1.6, lift=0.0026)
    x = last.length * 0.1
    uppers.heel_counter(surface, cloth, x, 0.97, lean=0.004, thread=thread, lift=0.001)
    _quarter_seam(last, surface, thread)


def _quarter_seam(last: Last, surface: Surface, thread: Material) -> None:
    for side in (1.0, -1.0):
        for shift in (0.0, 0.004):
            t = np.linspace(0.02, 0.62, 50)
            x = last.length * 0.60 - 0.02 * (t / 0.6) ** 2 + shift
            uppers.seam(surface, surface.s_at_x(x, t, side), t, thread, lift=0.0006)


def _court(
    last: Last,
    surface: Surface,
    accent: Material,
    cloth: Material,
    thread: Material,
    draw: random.Random,
) -> None:
    uppers.heel_counter(
        surface, accent, last.length * draw.uniform(0.16, 0.24), 0.97, lean=0.03, thread=thread
    )
    if draw.random() < 0.6:
        cap = accent if draw.random() < 0.5 else cloth
        uppers.toe_cap(surface, cap, last.length * 0.80, bow=0.03, thread=thread)
    if draw.random() < 0.5:
        foxing = [0.01, 0.20, 0.22, 0.16, 0.10, 0.16, 0.22, 0.20, 0.01]
        uppers.band(surface, accent, (-0.62, 0.62), 0.0, foxing, lift=0.0011)
    else:
        x = last.length
        for k in range(draw.choice([1, 2, 4])):
            low = x * (0.38 + 0.045 * k)
            knots = [(low, 0.04, 0.006), (low + 0.012, 0.4, 0.006), (low + 0.028, 0.78, 0.006)]
            uppers.stripe(surface, accent, knots)


def _skate(
    last: Last, surface: Surface, accent: Material, contrast: Material, thread: Material
) -> None:
    x = last.length
    uppers.toe_cap(surface, accent, x * 0.77, bow=0.02, thread=thread)
    uppers.heel_counter(surface, accent, x * 0.20, 0.97, lean=0.03, thread=thread)
    knots = [(x * 0.38, 0.03, 0.030), (x * 0.40, 0.4, 0.026), (x * 0.42, 0.80, 0.022)]
    uppers.stripe(surface, contrast, knots, lift=0.0012)
    for shift in (-0.012, 0.012):
        line = [(k[0] + shift, k[1]) for k in knots]
        t = np.linspace(0.03, 0.78, 40)
        place = np.interp(t, [k[1] for k in line], [k[0] for k in line])
        for side in (1.0, -1.0):
            uppers.seam(surface, surface.s_at_x(place, t, side), t, thread, lift=0.0016)


def _overlays(
    last: Last, surface: Surface, accent: Material, contrast: Material, thread: Material
) -> None:
    x = last.length
    guard = [0.30, 0.24, 0.16, 0.14, 0.17, 0.24, 0.17, 0.14, 0.16, 0.24, 0.30]
    uppers.band(surface, accent, (-1.0, 1.0), 0.0, guard, columns=200, lift=0.0012)
    uppers.heel_counter(surface, contrast, x * 0.17, 0.8, lean=0.02, thread=thread, lift=0.002)
    for k in range(2):
        low = x * (0.36 + 0.09 * k)
        knots = [(low, 0.12, 0.011), (low + 0.012, 0.45, 0.009), (low + 0.022, 0.85, 0.008)]
        uppers.stripe(surface, (accent, contrast)[k], knots, lift=0.0016)
    uppers.toe_cap(surface, contrast, x * 0.86, bow=0.02, thread=thread, lift=0.002)


def _gussets(last: Last, surface: Surface, knit: Material) -> None:
    for side in (1.0, -1.0):
        t = np.linspace(0.55, 0.985, 20)[:, None]
        f = uppers.dense(12)[None, :]
        x = last.length * (0.42 + (f - 0.5) * (0.06 + 0.09 * (t - 0.55)))
        uppers.panel(surface, surface.s_at_x(x, t, side), t, knit, lift=0.0006)


def _touch_straps(
    spec: Spec,
    last: Last,
    surface: Surface,
    leather: Material,
    thread: Material,
    draw: random.Random,
) -> None:
    """Two or three hook-and-loop straps over the instep, and the tongue behind them."""
    count = draw.choice([2, 2, 3])
    wide = 0.066 / count
    for k in range(count):
        low = last.length * 0.455 + (wide + 0.007) * k
        edges = (low, low + wide)
        uppers.strap(
            surface,
            leather,
            edges,
            edges,
            lift=0.0046,
            thickness=0.003,
            shares=(0.17, 0.80),
            thread=thread,
        )
    cloth = materials.fabric(spec.material, "plain", spec.colours[:1])
    uppers.tongue(surface, cloth, tall=0.022, half=0.021)


def _lacing(
    spec: Spec,
    last: Last,
    surface: Surface,
    stay: Material,
    thread: Material,
    draw: random.Random,
    *,
    high: bool,
) -> None:
    """Eye stays, tongue and laces."""
    metal = draw.choice(
        [None, materials.plain("metal", "#c9c9c9"), materials.plain("plastic", "#f0efec")]
    )
    lace_up(
        surface,
        last.length * draw.uniform(0.60, 0.63),
        stay=stay,
        tongue=materials.fabric(spec.material, "plain", spec.colours[:1]),
        lace=materials.plain("cord", spec.colours[2]),
        ring=metal,
        thread=thread,
        rows=draw.choice([8, 9]) if high else draw.choice([5, 6, 7]),
        draw=draw,
        crossed="straight_laces" not in spec.trims,
    )
