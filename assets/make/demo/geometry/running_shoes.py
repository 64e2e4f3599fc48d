"""Running shoes: road, cushioned, stability, racing, trail and retro runners."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import fastenings, findings, hides, marks, shoe_display, soles, uppers
from .flatten import flattened
from .hides import tone
from .lace_ups import lace_up
from .last import Last
from .last import upper as draw_upper
from .lofts import Points, Surface, smoothstep
from .running_panels import colour_blocks, panels
from .wear import worn

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "road": {"heel": 0.037, "ball": 0.025, "panels": "stripes", "sole": "foam"},
    "cushioned": {"heel": 0.042, "ball": 0.034, "panels": "sock", "sole": "foam", "flare": 0.006},
    "stability": {"heel": 0.038, "ball": 0.025, "panels": "cage", "sole": "layered"},
    "racer": {"heel": 0.038, "ball": 0.030, "panels": "swept", "sole": "rocker"},
    "trail": {"heel": 0.036, "ball": 0.027, "panels": "guard", "sole": "trail"},
    "retro": {"heel": 0.030, "ball": 0.019, "panels": "retro", "sole": "retro"},
    "gel": {"heel": 0.039, "ball": 0.025, "panels": "crossed", "sole": "layered"},
    "knit_trainer": {"heel": 0.029, "ball": 0.022, "panels": "sock", "sole": "ribbed"},
}
MATERIALS = ("mesh", "knit", "nylon")
PATTERNS = ("plain", "speckled", "ombre", "colour-block", "camouflage", "geometric", "print")
PRINTS = {
    "road": ("speckled", "ombre", "colour-block", "colour-block", "geometric"),
    "cushioned": ("speckled", "ombre", "colour-block", "stripes", "geometric"),
    "stability": ("speckled", "colour-block", "ombre"),
    "racer": ("ombre", "colour-block", "print", "geometric"),
    "trail": ("camouflage", "colour-block", "camouflage", "print"),
    "retro": ("colour-block", "colour-block", "camouflage", "floral"),
    "gel": ("speckled", "ombre", "colour-block", "leopard"),
    "knit_trainer": ("speckled", "geometric", "stripes", "ombre"),
}
TRIMS = ("pull_tab", "toe_overlay", "heel_clip", "straight_laces")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of the silhouette has of its own: mark, overlays, sole, lacing."""
    shape = SHAPES[silhouette]
    kind = str(shape["panels"])
    others = {"stripes": ("stripes", "cage", "crossed"), "cage": ("cage", "crossed", "stripes")}
    heel, ball = float(shape["heel"]), float(shape["ball"])
    grow = rng.uniform(0.85, 1.22)
    return {
        "panels": rng.choice(others.get(kind, (kind,))),
        "mark": rng.choice([*marks.MARKS, "none"] if kind == "sock" else list(marks.MARKS)),
        "heel": heel * grow,
        "ball": ball * grow,
        "bars": rng.choice([3, 4, 5, 6]),
        "guard": rng.uniform(0.10, 0.24),
        "counter": rng.uniform(0.15, 0.27),
        "counter_top": rng.uniform(0.55, 0.92),
        "block": rng.choice(["rear", "toe", "both", "sweep"]),
        "sole_form": rng.randrange(1000),
        "sculpt": rng.choice([0.0018, 0.0028, 0.0038]),
        "flare": rng.uniform(0.003, 0.010),
        "foam": rng.choice(["white", "white", "white", "second", "trim", "dark", "cream"]),
        "split": rng.choice(["one", "low", "high", "line"]),
        "outsole": rng.choice(["dark", "dark", "trim", "gum", "second", "white"]),
        "toe_overlay": rng.choice([0.88, 0.92, 0.94]),
        "rows": rng.choice([5, 6, 7]),
        "lace_colour": rng.choice(["trim", "trim", "second", "main", "white", "black"]),
        "lace": rng.choice([0.0024, 0.0030, 0.0036]),
        "collar": rng.choice(["own", "second", "trim"]),
        "tongue": rng.choice(["own", "second"]),
        "throat": rng.uniform(0.405, 0.445),
        "back": rng.uniform(0.060, 0.072),
        "dip": rng.uniform(0.012, 0.022),
        "tab": rng.uniform(0.008, 0.022),
        "toe_height": rng.uniform(0.035, 0.041),
        "label": rng.choice(["none", "second", "trim"]),
    }


def last_of(spec: Spec) -> Last:
    """The last of a silhouette, with the seed's small differences."""
    draw = random.Random(f"{spec.seed} last")
    shape = spec.shape
    return Last(
        length=0.276,
        ball=draw.uniform(0.047, 0.050),
        toe_height=float(shape.get("toe_height", 0.037)),
        toe_fall=0.60,
        toe_blunt=2.3,
        instep=draw.uniform(0.090, 0.096),
        throat=float(shape.get("throat", 0.425)),
        back=float(shape.get("back", 0.065)),
        dip=float(shape.get("dip", 0.017)),
        tab=float(shape.get("tab", 0.014)),
        puff=0.003,
        sole_ball=float(shape.get("ball", 0.022)),
        sole_heel=float(shape.get("heel", 0.032)),
        toe_spring=0.026 if shape.get("sole") == "rocker" else draw.uniform(0.016, 0.022),
    )


def build(spec: Spec) -> None:
    """Builds one running shoe, or a pair, in the current scene."""
    before = shoe_display.present()
    draw = random.Random(f"{spec.seed} runner")
    shape = dict(spec.shape)
    last = last_of(spec)
    surface = worn(flattened(draw_upper(last)), last, spec.seed, creases=0.00035)
    stuff = _stuffs(spec)
    lining = materials.plain("mesh", spec.colours[draw.choice([0, 1, 2])])
    uppers.shell(surface, stuff["cloth"], lining, thickness=0.007)
    soles.floor(surface, lining, lift=0.006)
    _sole(spec, last, surface)
    if spec.pattern == "colour-block":
        colour_blocks(last, surface, stuff, str(shape.get("block", "rear")))
    kind = str(shape.get("panels", "stripes"))
    panels(kind, last, surface, stuff, shape)
    if "toe_overlay" in spec.trims and kind not in ("guard", "retro"):
        reach = float(shape.get("toe_overlay", 0.925))
        uppers.toe_cap(surface, stuff["film"], last.length * reach, bow=0.035, lift=0.0012)
    if "heel_clip" in spec.trims and kind != "retro":
        clip = stuff["bright"]
        uppers.heel_counter(surface, clip, last.length * 0.11, 0.62, lean=0.012, lift=0.0026)
    chosen = {"second": stuff["second"], "trim": stuff["trim"]}
    _collar(surface, chosen.get(str(shape.get("collar", "own")), stuff["own"]))
    _laced(spec, last, surface, stuff, kind, draw)
    if "pull_tab" in spec.trims:
        fastenings.pull_tab(surface, materials.plain("nylon", spec.colours[2]), tall=0.014)
    shoe_display.stand(spec, shoe_display.built(before))


def _stuffs(spec: Spec) -> dict[str, Material]:
    """The shoe's cloths and films by what they are for."""
    main, second, trim = spec.colours
    return {
        "cloth": hides.hide(spec),
        "own": hides.bare(spec, main, material="mesh"),
        "second": hides.bare(spec, second, material="mesh"),
        "trim": hides.bare(spec, trim, material="mesh"),
        "film": findings.film(second),
        "suede": hides.bare(spec, second, material="suede"),
        "tonal": findings.film(tone(main)),
        "bright": findings.film(trim),
        "thread": materials.plain("thread", trim),
    }


def _laced(
    spec: Spec,
    last: Last,
    surface: Surface,
    stuff: dict[str, Material],
    kind: str,
    draw: random.Random,
) -> None:
    """Tongue, eye stays and laces."""
    main, second, trim = spec.colours
    shape = spec.shape
    lace = {"trim": trim, "second": second, "main": main, "white": "#f2f0ea", "black": "#232325"}
    label = {"second": stuff["film"], "trim": stuff["bright"]}
    stay = {"sock": None, "retro": stuff["suede"]}.get(kind, stuff["film"])
    lace_up(
        surface,
        last.length * draw.uniform(0.62, 0.66),
        stay=stay,
        tongue=stuff["second" if shape.get("tongue") == "second" else "own"],
        lace=materials.plain("cord", lace[str(shape.get("lace_colour", "trim"))]),
        ring=None,
        thread=stuff["thread"],
        rows=int(shape.get("rows", 6)),
        draw=draw,
        width=0.012,
        crossed="straight_laces" not in spec.trims,
        tall=0.024,
        half=float(shape.get("lace", 0.0030)),
        apron=kind in ("retro", "guard"),
        label=label.get(str(shape.get("label", "none"))),
    )


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


def _sole(spec: Spec, last: Last, surface: Surface) -> None:
    main, second, trim = spec.colours
    shape = spec.shape
    kind = str(shape.get("sole", "foam"))
    foams = {"second": second, "trim": trim, "dark": "#2b2c30", "cream": "#ece4d2"}
    rubbers = {"trim": trim, "second": second, "gum": "#a9743f", "white": "#efeee9"}
    foam = materials.plain("foam", foams.get(str(shape.get("foam", "white")), "#f5f4f0"))
    other = second if shape.get("foam") != "second" else main
    colour = materials.plain("foam", other)
    tread = materials.plain("rubber", rubbers.get(str(shape.get("outsole", "dark")), "#242528"))
    form = int(shape.get("sole_form", 7))
    top = _wave_top(last, 0.011 + 0.009 * (form % 10) / 10)
    flare = float(shape.get("flare", 0.003))
    profile = [(0, -0.004), (0.06, 0.0), (0.3, flare + 0.002), (0.7, 0.0045), (0.93, 0.003)]
    profile += [(1.0, 0.0004)]
    relief = soles.sculpted(float(shape.get("sculpt", 0.0026)), form)
    low = soles.tread(last, bevel=0.012, step=0.004)
    split = str(shape.get("split", "one"))
    bands = {
        "low": [(0.12, tread), (0.52, colour), (1.0, foam)],
        "high": [(0.12, tread), (0.78, foam), (1.0, colour)],
        "line": [(0.13, tread), (0.50, foam), (0.62, colour), (1.0, foam)],
    }.get(split, [(0.12, tread), (1.0, foam)])
    if kind == "trail":
        bands = [(0.22, tread), *bands[1:]]
        relief = _both(soles.lugs(0.010 + form % 5 * 0.0015, 0.004, 0.22), relief)
    elif kind == "retro":
        bands = [(0.16, tread), (0.48, foam), (0.62, colour), (1.0, foam)]
        relief = soles.ribs(0.0045, 0.0007, 0.18, 0.46)
        low = soles.tread(last, bevel=0.008)
    elif kind == "ribbed":
        relief = soles.ribs(0.0055 + form % 4 * 0.001, 0.0016, 0.16, 0.86, lean=0.7)
    elif kind == "layered":
        relief = _both(soles.ribs(0.011 + form % 4 * 0.003, 0.0012, 0.16, 0.44, lean=0.3), relief)
    elif form % 3 == 0:
        relief = _both(soles.lugs(0.022 + form % 7 * 0.003, 0.0022, 0.62), relief)
    soles.sole(
        last, surface, profile, bands, low=low, high=top, relief=relief, rows=34, name="midsole"
    )


def _both(one: soles.Relief, two: soles.Relief) -> soles.Relief:
    def relief(length: Points, x: Points, share: Points) -> Points:
        return one(length, x, share) + two(length, x, share)

    return relief
