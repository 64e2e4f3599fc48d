"""Running shoes: road, cushioned, stability, racing, trail and retro runners."""

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
from .lofts import Points, Surface, grids_object, smoothstep, tube, unit

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "road": {"heel": 0.032, "ball": 0.022, "panels": "stripes", "sole": "foam"},
    "cushioned": {"heel": 0.042, "ball": 0.034, "panels": "sock", "sole": "foam", "flare": 0.006},
    "stability": {"heel": 0.036, "ball": 0.024, "panels": "cage", "sole": "layered"},
    "racer": {"heel": 0.038, "ball": 0.030, "panels": "swept", "sole": "rocker"},
    "trail": {"heel": 0.032, "ball": 0.026, "panels": "guard", "sole": "trail"},
    "retro": {"heel": 0.030, "ball": 0.019, "panels": "retro", "sole": "retro"},
    "gel": {"heel": 0.036, "ball": 0.024, "panels": "crossed", "sole": "layered"},
    "knit_trainer": {"heel": 0.029, "ball": 0.022, "panels": "sock", "sole": "ribbed"},
}
MATERIALS = ("mesh", "knit", "nylon")
PATTERNS = ("plain", "stripes", "dots", "camouflage", "print")
TRIMS = ("pull_tab", "toe_overlay", "heel_clip", "coloured_outsole", "straight_laces", "two_tone")


def last_of(spec: Spec) -> Last:
    """The last of a silhouette, with the seed's small differences."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    return Last(
        length=0.276,
        ball=draw.uniform(0.047, 0.050),
        toe_height=draw.uniform(0.035, 0.039),
        toe_fall=0.60,
        toe_blunt=2.3,
        instep=draw.uniform(0.090, 0.096),
        throat=0.425,
        back=draw.uniform(0.062, 0.068),
        dip=draw.uniform(0.014, 0.020),
        tab=draw.uniform(0.010, 0.018),
        puff=0.003,
        sole_ball=float(shape.get("ball", 0.022)),
        sole_heel=float(shape.get("heel", 0.032)),
        toe_spring=0.022 if shape.get("sole") == "rocker" else draw.uniform(0.012, 0.017),
    )


def build(spec: Spec) -> None:
    """Builds one running shoe, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} runner")
    last = last_of(spec)
    surface = draw_upper(last)
    main, second, trim = spec.colours
    cloth = materials.fabric(spec.material, spec.pattern, spec.colours, scale=0.45, seed=spec.seed)
    film = materials.plain("plastic", second)
    suede = materials.plain("suede", second)
    bright = materials.plain("plastic", trim)
    lining = materials.plain("mesh", draw.choice([trim, second, "#2b2c2f", main]))
    thread = materials.plain("thread", trim)
    uppers.shell(surface, cloth, lining, thickness=0.007)
    soles.floor(surface, lining, lift=0.006)
    _sole(spec, last, surface, draw)
    panels = str(spec.shape.get("panels", "stripes"))
    stay = {"sock": None, "retro": suede, "guard": film}.get(
        panels, draw.choice([film, materials.plain("nylon", second)])
    )
    _panels(panels, last, surface, film, suede, bright, thread, draw)
    if "toe_overlay" in spec.trims and panels not in ("guard", "retro"):
        uppers.toe_cap(surface, film, last.length * 0.925, bow=0.035, lift=0.0009)
    if "heel_clip" in spec.trims and panels != "retro":
        uppers.heel_counter(surface, bright, last.length * 0.11, 0.62, lean=0.012, lift=0.0022)
    _collar(surface, materials.plain("mesh", main if "two_tone" not in spec.trims else second))
    lace_up(
        surface,
        last.length * draw.uniform(0.62, 0.66),
        stay=stay,
        tongue=materials.plain("mesh", second if "two_tone" in spec.trims else main),
        lace=materials.plain("cord", trim),
        ring=None,
        thread=thread,
        rows=draw.choice([6, 7]),
        draw=draw,
        width=0.012,
        crossed="straight_laces" not in spec.trims,
        tall=0.024,
        half=0.0030,
        apron=panels in ("retro", "guard"),
    )
    if "pull_tab" in spec.trims:
        fastenings.pull_tab(surface, materials.plain("nylon", trim), tall=0.014)
    shoe_display.stand(spec, shoe_display.built(before))


def _collar(surface: Surface, cloth: Material) -> None:
    """The padded collar's own cloth."""
    s = 0.40 + 1.2 * uppers.dense(110)
    low = 0.80 - 0.10 * np.sin(np.pi * (s - 0.40) / 1.2) + 0.16 * np.abs(s - 1) ** 3
    f = uppers.dense(12)[:, None]
    uppers.panel(surface, s[None], low * (1 - f) + 0.99 * f, cloth, lift=0.0012, name="collar")


def _wave_top(last: Last, amount: float) -> soles.Height:
    """The foam's upper edge: up round the heel and under the arch, low at the ball."""

    def height(x: Points) -> Points:
        share = np.clip(x / last.length, 0, 1)
        cup = smoothstep(0.30, 0.02, share) + 0.45 * np.exp(-(((share - 0.45) / 0.1) ** 2))
        return last.feather(share) + amount * cup + 0.004 * smoothstep(0.88, 1.0, share)

    return height


def _sole(spec: Spec, last: Last, surface: Surface, draw: random.Random) -> None:
    _, second, trim = spec.colours
    kind = str(spec.shape.get("sole", "foam"))
    white = materials.plain("foam", draw.choice(["#f5f4f0", "#f5f4f0", "#eceae4", trim]))
    colour = materials.plain("foam", draw.choice([second, trim]))
    dark = trim if "coloured_outsole" in spec.trims else draw.choice(["#222326", "#3a3b3f"])
    tread = materials.plain("rubber", dark)
    top = _wave_top(last, draw.uniform(0.009, 0.015))
    flare = float(spec.shape.get("flare", 0.003))
    profile = [(0, -0.004), (0.06, 0.0), (0.3, flare + 0.002), (0.7, 0.0045), (0.93, 0.003)]
    profile += [(1.0, 0.0004)]
    relief = soles.sculpted(0.0026, spec.seed)
    low = soles.tread(last, bevel=0.012, step=0.004)
    if kind == "layered":
        bands = [(0.13, tread), (0.50, white), (0.64, colour), (1.0, white)]
    elif kind == "trail":
        bands = [(0.22, tread), (0.46, colour), (1.0, white)]
        relief = _both(soles.lugs(0.013, 0.004, 0.22), soles.sculpted(0.002, spec.seed))
    elif kind == "retro":
        bands = [(0.16, tread), (0.48, white), (0.62, colour), (1.0, white)]
        relief = soles.ribs(0.0045, 0.0007, 0.18, 0.46)
        low = soles.tread(last, bevel=0.008)
    elif kind == "rocker":
        bands = [(0.12, tread), (0.55, colour), (1.0, white)]
    elif kind == "ribbed":
        bands = [(0.14, tread), (1.0, white)]
        relief = soles.ribs(0.0065, 0.0016, 0.16, 0.86, lean=0.7)
    else:
        bands = draw.choice(
            [
                [(0.12, tread), (1.0, white)],
                [(0.12, tread), (0.56, colour), (1.0, white)],
                [(0.12, tread), (0.80, white), (1.0, colour)],
            ]
        )
    soles.sole(
        last, surface, profile, bands, low=low, high=top, relief=relief, rows=34, name="midsole"
    )


def _both(one: soles.Relief, two: soles.Relief) -> soles.Relief:
    def relief(length: Points, x: Points, share: Points) -> Points:
        return one(length, x, share) + two(length, x, share)

    return relief


def _panels(
    kind: str,
    last: Last,
    surface: Surface,
    film: Material,
    suede: Material,
    bright: Material,
    thread: Material,
    draw: random.Random,
) -> None:
    x = last.length
    counter = draw.uniform(0.17, 0.24) * x
    if kind in ("stripes", "cage", "crossed", "guard"):
        uppers.heel_counter(surface, film, counter, 0.86, lean=0.035, thread=None, lift=0.0013)
    if kind == "stripes":
        count, grow = draw.choice([2, 2, 4]), draw.choice([-1, 1])
        for k in range(count):
            low = x * (0.34 + 0.24 * k / count)
            share = (k + 0.5) / count if grow > 0 else 1 - (k + 0.5) / count
            wide = 0.003 + 0.020 / count * share
            knots = [(low, 0.03, wide), (low + 0.018, 0.40, wide * 0.8), (low + 0.034, 0.80, 0.003)]
            uppers.stripe(surface, film if k % 2 else bright, knots)
        _guard(surface, film, 0.16)
    elif kind == "cage":
        for k in range(4):
            low = x * (0.30 + 0.085 * k)
            knots = [(low, 0.02, 0.010), (low + 0.010, 0.40, 0.005), (low + 0.024, 0.82, 0.006)]
            uppers.stripe(surface, film, knots)
        line = [(x * 0.20, 0.42, 0.005), (x * 0.40, 0.36, 0.007), (x * 0.58, 0.34, 0.005)]
        uppers.stripe(surface, bright, [*line, (x * 0.70, 0.10, 0.003)], lift=0.0022)
        _guard(surface, film, 0.2)
    elif kind == "crossed":
        for k in range(4):
            low = x * (0.30 + 0.075 * k)
            knots = [(low + 0.02, 0.02, 0.005), (low, 0.34, 0.006), (low + 0.03, 0.72, 0.004)]
            uppers.stripe(surface, film if k % 2 else bright, knots)
        _guard(surface, suede, 0.18)
    elif kind == "swept":
        for k in range(draw.choice([2, 3])):
            t = 0.60 - 0.19 * k
            knots = [(x * 0.10, t, 0.004), (x * 0.30, t - 0.06, 0.010), (x * 0.52, t - 0.16, 0.003)]
            uppers.stripe(surface, (film, bright, film)[k], knots)
    elif kind == "guard":
        uppers.toe_cap(surface, film, x * 0.86, bow=0.03, lift=0.0022)
        _guard(surface, film, 0.26)
        for k in range(2):
            low = x * (0.40 + 0.11 * k)
            knots = [(low, 0.05, 0.014), (low + 0.010, 0.42, 0.009), (low + 0.026, 0.80, 0.012)]
            uppers.stripe(surface, bright if k == 1 else film, knots)
    elif kind == "retro":
        uppers.toe_cap(surface, suede, x * 0.83, bow=0.035, thread=thread)
        _guard(surface, suede, 0.15)
        uppers.heel_counter(surface, suede, counter, 0.92, lean=0.03, thread=thread)
        shape = draw.choice(["bar", "chevron", "pair"])
        if shape == "bar":
            knots = [(x * 0.30, 0.1, 0.012), (x * 0.40, 0.45, 0.012), (x * 0.47, 0.8, 0.010)]
            uppers.stripe(surface, bright, knots)
        elif shape == "chevron":
            knots = [(x * 0.36, 0.08, 0.008), (x * 0.30, 0.42, 0.009), (x * 0.44, 0.78, 0.008)]
            uppers.stripe(surface, bright, knots)
        else:
            for k in range(2):
                low = x * (0.36 + 0.07 * k)
                knots = [(low, 0.03, 0.009), (low + 0.02, 0.4, 0.008), (low + 0.036, 0.8, 0.007)]
                uppers.stripe(surface, bright, knots)
    else:
        _welds(last, surface, film, draw)


def _guard(surface: Surface, material: Material, height: float) -> None:
    """A strip along the sole, higher at the toe."""
    line = [0.02, 0.10, 0.16, 0.12, 0.13, 0.9, 1.0, 0.9, 0.13, 0.12, 0.16, 0.10, 0.02]
    tall = height * np.array(line)
    uppers.band(surface, material, (-0.72, 0.72), 0.0, tall, columns=160, lift=0.0010)


def _welds(last: Last, surface: Surface, film: Material, draw: random.Random) -> None:
    """Fine raised lines on a knitted upper."""
    grids: list[Points] = []
    count = draw.choice([5, 7, 9])
    lean = draw.uniform(-0.03, 0.05)
    for k in range(count):
        for side in (1.0, -1.0):
            t = np.linspace(0.04, draw.uniform(0.55, 0.72), 24)
            x = last.length * (0.22 + 0.42 * k / count) + lean * t
            s = surface.s_at_x(x, t, side)
            path, normal = surface.at(s, t, 0.0003), surface.normal(s, t)
            grids.append(tube(path, 0.0014, flat=0.55, up=unit(normal), sides=8))
    grids_object("welds", grids, film)
