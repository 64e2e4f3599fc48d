"""Sneakers: low and high canvas shoes, court shoes, slip-ons, chunky and platform ones."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, findings, hides, marks, shoe_display, soles, toplines, uppers
from .flatten import flattened
from .lace_ups import lace_up
from .last import Last
from .last import upper as draw_upper
from .lofts import Surface
from .sneaker_panels import blocks, gussets, lay_panels
from .wear import worn

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
PATTERNS = ("plain", "stripes", "checks", "dots", "floral", "camouflage", "print", "two-tone")
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
_WOVEN = ("stripes", "checks", "dots", "floral", "camouflage", "print", "painted", "daisy")
PRINTS = {
    "court": ("two-tone", "two-tone", "snake", "leopard"),
    "canvas_low": (*_WOVEN, "geometric"),
    "canvas_high": (*_WOVEN, "leopard", "colour-block"),
    "skate": ("checks", "camouflage", "floral", "two-tone", "colour-block", "leopard"),
    "slip_on": ("checks", "checks", "floral", "stripes", "leopard", "snake", "geometric", "daisy"),
    "basket_high": ("two-tone", "two-tone", "leopard", "snake"),
    "chunky": ("two-tone", "two-tone", "leopard", "zebra"),
    "velcro": ("two-tone", "two-tone", "snake"),
    "platform": ("checks", "floral", "leopard", "dots", "painted", "two-tone"),
}
TRIMS = ("sole_stripe", "pull_tab", "straight_laces", "toe_cap")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of the silhouette has of its own: panels, mark, sole, lacing."""
    shape = SHAPES[silhouette]
    panels = str(shape["panels"])
    made: dict[str, float | str] = {
        "mark": rng.choice([*marks.MARKS, "none", "none", "none"]),
        "mark_colour": rng.choice(["second", "trim"]),
        "counter": rng.uniform(0.14, 0.25),
        "counter_top": rng.choice([0.55, 0.97, 0.97]),
        "cap": rng.choice(["none", "own", "accent", "punched"]),
        "holes": rng.choice(["none", "toe", "side", "both"]),
        "foxing": rng.choice(["none", "none", "accent", "own"]),
        "block": rng.choice(["rear", "toe", "both", "foxing"]),
        "wall": rng.choice(["white", "white", "white", "white", "cream", "second", "black"]),
        "under": rng.choice(["own", "own", "gum", "trim"]),
        "texture": rng.choice(["plain", "ribs", "dimples", "line"]),
        "stitch": rng.choice(["tone", "tone", "trim", "pale"]),
        "stay": rng.choice(["own", "accent"]),
        "ring": rng.choice(["none", "metal", "painted"]),
        "rows": rng.choice([-1, 0, 1]),
        "lace_colour": rng.choice(["white", "white", "trim", "own", "second"]),
        "lace": rng.choice([0.0026, 0.0031, 0.0038]),
        "finish": rng.choice(["smooth", "smooth", "grain"]),
        "sole_height": rng.uniform(0.85, 1.12),
        "toe_height": rng.uniform(0.035, 0.042),
        "back": rng.uniform(0.056, 0.068),
        "tall": rng.uniform(0.104, 0.136),
        "label": rng.choice(["none", "second", "trim"]),
        "patch": rng.choice(["none", "round", "none"]),
        "straps": rng.choice([2, 2, 3]),
    }
    if panels == "overlays":
        made["bars"] = rng.choice([1, 2, 3])
    return made


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
    thick = float(shape.get("sole_height", 1.0))
    ball_z, heel_z = SOLES[sole][0] * thick, SOLES[sole][1] * thick
    cut = str(shape.get("cut", "low"))
    common = {
        "ball": float(shape.get("ball", 0.049)),
        "toe_height": float(shape.get("toe_height", 0.038)),
        "toe_fall": 0.66,
        "instep": draw.uniform(0.094, 0.101),
        "sole_ball": ball_z,
        "sole_heel": heel_z,
        "toe_spring": draw.uniform(0.006, 0.010),
    }
    if cut == "slip":
        return Last(throat=0.50, back=0.062, dip=0.010, puff=0.0012, **common)
    if cut == "high":
        tall = heel_z + float(shape.get("tall", 0.122))
        shaft = (
            (heel_z + 0.090, 0.011, 0.112, 0.036),
            (tall, 0.008, 0.108, 0.040),
        )
        return Last(throat=0.44, back=0.075, dip=0.0, shaft=shaft, shaft_slant=0.012, **common)
    return Last(
        throat=0.42,
        back=float(shape.get("back", 0.062)),
        dip=draw.uniform(0.010, 0.016),
        tab=draw.uniform(0.004, 0.010),
        puff=0.0022,
        **common,
    )


def build(spec: Spec) -> None:
    """Builds one sneaker, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} sneaker")
    shape = dict(spec.shape)
    last = last_of(spec)
    crease = 0.0008 if spec.material in ("leather", "suede") else 0.0003
    surface = worn(
        flattened(draw_upper(last)), last, spec.seed, creases=crease, folds=0.0006, sag=0.0004
    )
    stuff = _stuffs(spec, draw)
    uppers.shell(
        surface, stuff["cloth"], stuff["lining"], thickness=0.0055 if last.puff > 0.002 else 0.0035
    )
    soles.floor(surface, stuff["lining"], lift=0.006)
    _sole(spec, last, surface)
    panels = str(shape.get("panels", "plain"))
    cut = str(shape.get("cut", "low"))
    if spec.pattern in hides.PANELLED:
        blocks(last, surface, stuff, str(shape.get("block", "rear")))
    lay_panels(panels, last, surface, stuff, shape, high=cut == "high")
    if panels == "plain" and "toe_cap" in spec.trims:
        uppers.toe_cap(surface, stuff["accent"], last.length * 0.78, thread=stuff["thread"])
    if cut == "slip":
        for below in (0.0036, 0.0062):
            toplines.stitched(surface, stuff["thread"], below=below)
        gussets(last, surface, findings.elastic(spec.colours[1]), stuff["thread"])
    elif shape.get("closure") == "straps":
        _touch_straps(last, surface, stuff, int(shape.get("straps", 2)))
    else:
        _lacing(spec, last, surface, stuff, draw, high=cut == "high")
    if "pull_tab" in spec.trims:
        fastenings.pull_tab(surface, stuff["accent"])
    shoe_display.stand(spec, shoe_display.built(before))


def _stuffs(spec: Spec, draw: random.Random) -> dict[str, Material]:
    """The shoe's leathers, cloths and rubbers by what they are for."""
    main, second, trim = spec.colours
    accent = spec.material if spec.material not in ("denim", "canvas") else "leather"
    if spec.pattern == "plain" and draw.random() < 0.35:
        second = hides.tone(main)
    sewn = {"trim": trim, "pale": "#e6dcc6"}.get(str(spec.shape.get("stitch", "tone")))
    inside = draw.choice([main, "#e8e4dc", "#3a3a3c", spec.colours[1]])
    named = {"second": second, "trim": trim}
    mark = named[str(spec.shape.get("mark_colour", "second"))]
    return {
        "cloth": hides.hide(spec),
        "own": hides.bare(spec, main),
        "accent": hides.bare(spec, second, material=accent),
        "second": hides.bare(spec, spec.colours[1]),
        "trim": hides.bare(spec, trim),
        "mark": hides.bare(spec, mark if mark != main else hides.tone(main), material="leather"),
        "lining": materials.plain("cotton", inside),
        "thread": materials.plain("thread", sewn or hides.tone(main)),
        "rubber": materials.plain("rubber", _wall(spec)),
        "line": materials.plain("rubber", spec.colours[1]),
        "dark": materials.plain("cotton", "#1a1919"),
        "suede": hides.bare(spec, trim, material="suede"),
    }


def _wall(spec: Spec) -> str:
    """The colour of the sole's wall and of a rubber toe."""
    main, second, _ = spec.colours
    named = {"cream": "#ece2cc", "second": second, "black": "#232325", "own": main}
    return named.get(str(spec.shape.get("wall", "white")), "#f4f2ec")


def _sole(spec: Spec, last: Last, surface: Surface) -> None:
    kind = str(spec.shape.get("sole", "cup"))
    upstand = SOLES[kind][2]
    trim = spec.colours[2]
    wall = _wall(spec)
    white = materials.plain("rubber", wall)
    below = {"gum": "#a8713f", "trim": trim}.get(str(spec.shape.get("under", "own")), wall)
    under = materials.plain("rubber", below)
    texture = str(spec.shape.get("texture", "plain"))
    line = materials.plain("rubber", trim if "sole_stripe" in spec.trims else wall)
    if kind == "vulcanised":
        profile = [(0, -0.001), (0.06, 0.0018), (0.18, 0.0022), (0.2, 0.0026), (0.93, 0.0026)]
        profile += [(1.0, 0.0012)]
        bands = [(0.19, under), (0.66, white), (0.78, line), (1.0, white)]
        if texture == "line":
            bands = [(0.19, under), (0.36, white), (0.44, line), (0.80, white), (0.90, line)]
            bands += [(1.0, white)]
        relief = soles.ribs(0.0042, 0.0007, 0.24, 0.60) if texture == "ribs" else None
        soles.sole(last, surface, profile, bands, upstand=upstand, relief=relief)
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
            relief=soles.ribs(0.003 + 0.0015 * len(texture), 0.001, 0.2, 0.7),
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
            relief=soles.sculpted(0.0026, len(texture) + len(str(spec.shape.get("mark", "")))),
        )
    else:
        profile = [(0, -0.003), (0.05, 0.0), (0.2, 0.0028), (0.8, 0.0036), (0.84, 0.0024)]
        profile += [(0.88, 0.0036), (0.95, 0.003), (1.0, 0.0012)]
        bands = [(0.16, under), (0.58, white), (0.68, line), (1.0, white)]
        cut = {
            "ribs": soles.ribs(0.0050, 0.0009, 0.22, 0.56),
            "dimples": soles.ribs(0.0032, 0.0006, 0.60, 0.78),
        }
        soles.sole(last, surface, profile, bands, upstand=upstand, relief=cut.get(texture))
        edge = surface.at(np.linspace(-1, 1, 400), 0.0)
        line_path = surface.at(np.linspace(-0.985, 0.985, 300), np.full(300, 0.0), 0.0034)
        line_path[:, 2] = edge[:300, 2] * 0 + line_path[:, 2] + upstand * 0.55
        uppers.stitches(line_path, materials.plain("thread", wall), pitch=0.005, radius=0.0006)


def _touch_straps(last: Last, surface: Surface, stuff: dict[str, Material], count: int) -> None:
    """Hook-and-loop straps over the instep, and the tongue behind them."""
    wide = 0.066 / count
    for k in range(count):
        low = last.length * 0.455 + (wide + 0.007) * k
        edges = (low, low + wide)
        uppers.strap(
            surface,
            stuff["accent"],
            edges,
            edges,
            lift=0.0046,
            thickness=0.003,
            shares=(0.17, 0.80),
            thread=stuff["thread"],
        )
    uppers.tongue(surface, stuff["own"], tall=0.014, half=0.022)


def _lacing(
    spec: Spec,
    last: Last,
    surface: Surface,
    stuff: dict[str, Material],
    draw: random.Random,
    *,
    high: bool,
) -> None:
    """Eye stays, tongue and laces."""
    main, second, trim = spec.colours
    shape = spec.shape
    painted = materials.plain("plastic", second)
    ring = {"metal": materials.plain("metal", "#c9c9c9"), "painted": painted}
    lace = {"trim": trim, "own": main, "second": second}
    own = stuff["cloth"] if spec.pattern in hides.PANELLED or draw.random() < 0.7 else stuff["own"]
    label = {"second": stuff["second"], "trim": stuff["trim"]}
    lace_up(
        surface,
        last.length * draw.uniform(0.60, 0.63),
        stay=stuff["accent"] if shape.get("stay") == "accent" else own,
        tongue=stuff["own"],
        lace=materials.plain("cord", lace.get(str(shape.get("lace_colour")), "#f1efe9")),
        ring=ring.get(str(shape.get("ring", "none"))),
        thread=stuff["thread"],
        rows=(8 if high else 6) + int(shape.get("rows", 0)),
        draw=draw,
        crossed="straight_laces" not in spec.trims,
        half=float(shape.get("lace", 0.0031)),
        label=label.get(str(shape.get("label", "none"))),
    )
