"""Boots of any height: shaft, sole and heel, closures. The kinds give their own silhouettes."""

from __future__ import annotations

import random

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import boot_details as sewn
from . import findings, hides, shoe_display, soles, uppers
from .flatten import flattened
from .last import Last
from .last import upper as draw_upper
from .lofts import Surface, smoothstep
from .lofts import surface as as_surface
from .wear import worn
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
    lift = number(spec, "heel_height", 0.0)
    base = number(spec, "sole_height", 0.006)
    tall = number(spec, "shaft", 0.14)
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
        toe_height=number(spec, "toe_height", 0.038),
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
    made = as_surface(surface.points + surface.normals * (folds * where * amount / 3)[..., None])
    return Surface(made.points, made.normals, surface.uv)


def collared(surface: Surface, form: str) -> Surface:
    """The topline cut: level, dipping or rising at the sides, or with a notch in front."""
    if form == "level":
        return surface
    t = np.linspace(0, 1, len(surface.points))[:, None]
    s = np.linspace(-1, 1, surface.points.shape[1])[None, :]
    sides = 0.5 - 0.5 * np.cos(2 * np.pi * s)
    cut = {
        "dip": -0.022 * sides,
        "rise": 0.012 * sides,
        "notch": -0.020 * np.exp(-((s / 0.10) ** 2)),
    }[form]
    points = surface.points.copy()
    points[..., 2] += cut * smoothstep(0.62, 1.0, t)
    return Surface(points, as_surface(points).normals, surface.uv)


def build_boot(spec: Spec) -> None:
    """Builds one boot, or a pair, in the current scene."""
    last = last_of(spec)
    if word(spec, "sole", "") == "wellington":
        build_wellington(spec, last)
        return
    before = shoe_display.present()
    surface = collared(flattened(draw_upper(last)), word(spec, "collar", "level"))
    soft = {"suede": 1.3, "patent": 0.8}.get(spec.material, 1.0) * number(spec, "wear", 1.0)
    tall = last.shaft[-1][0] - last.sole_heel - last.heel_height > 0.2
    stiff = 0.4 if word(spec, "closure", "") == "laces" else 1.0
    surface = worn(
        surface,
        last,
        spec.seed,
        creases=0.0009 * soft,
        folds=(0.0026 if tall else 0.0016) * soft * stiff,
        sag=0.0026 if tall else 0.0009,
    )
    if "slouch" in spec.shape:
        surface = slouched(surface, number(spec, "slouch", 0.004), spec.seed)
    parts = _parts(spec)
    padded = word(spec, "edge", "plain") == "padded"
    rim = parts["accent"] if word(spec, "edge", "") == "bound" else parts["leather"]
    uppers.shell(
        surface,
        parts["leather"],
        parts["lining"],
        thickness=0.0065 if padded else 0.0032,
        rim=rim,
        depth=0.3,
    )
    _sole(spec, last, surface, parts)
    _details(spec, last, surface, parts, tall=tall)
    gap = 0.125 if last.shaft[-1][3] < 0.05 else 0.14
    shoe_display.stand(spec, shoe_display.built(before), gap=gap)


def _parts(spec: Spec) -> dict[str, Material]:
    """The boot's stuffs by what they are for."""
    main, second, trim = spec.colours
    printed = spec.pattern not in ("plain", "two-tone")
    if printed:
        second, trim = trim, trim
    accent = hides.bare(spec, second if spec.pattern != "plain" else main)
    bare = hides.bare(spec, trim if printed else main)
    sewn = {"trim": trim, "pale": "#d9c7a2"}.get(word(spec, "stitch", "tone"), shade(main, 0.72))
    pick = random.Random(f"{spec.seed} boot")
    lining = {"pale": "#d9cdb8", "dark": "#2b2a2a", "tan": "#a98a64", "fleece": "#e9e1d0"}
    hardware = {"silver": "#c8c8ca", "gold": "#c9a25a", "aged": "#8a7a5c", "black": "#2a2a2c"}
    lace = {"own": shade(main, 0.8), "trim": trim, "dark": "#211f1e", "pale": "#e4dac4"}
    tape = hides.tone(main) if word(spec, "tape", "black") == "own" else "#1f1e1e"
    inside = word(spec, "lining", pick.choice(["pale", "dark", "tan"]))
    return {
        "leather": hides.hide(spec),
        "bare": bare,
        "accent": accent,
        "stay": accent if word(spec, "block", "") in ("stay", "all") else bare,
        "thread": materials.plain("thread", sewn),
        "lining": materials.plain("wool" if inside == "fleece" else "cotton", lining[inside]),
        "tape": materials.plain("cotton", tape),
        "metal": materials.plain("metal", hardware[word(spec, "metal", "silver")]),
        "lace": materials.plain("cord", lace[word(spec, "lace_colour", "own")]),
    }


def shade(colour: str, light: float) -> str:
    """A hex colour times `light`."""
    parts = (int(colour[k : k + 2], 16) * light for k in (1, 3, 5))
    return "#" + "".join(f"{round(min(part, 255)):02x}" for part in parts)


SOLE_COLOURS = {"black": "#1d1c1b", "brown": "#33241a", "gum": "#a06c3c", "pale": "#e9e0cd"}


def _sole(spec: Spec, last: Last, surface: Surface, parts: dict[str, Material]) -> None:
    kind = word(spec, "sole", "thin")
    shown = "gum" if "gum_sole" in spec.trims else word(spec, "sole_colour", "black")
    dark = SOLE_COLOURS["pale" if "pale_sole" in spec.trims else shown]
    rubber = materials.plain("rubber", dark)
    thread = parts["thread"]
    if kind == "lug":
        welt = materials.plain("leather", "#3a2b20" if dark[1] < "9" else "#c9a878")
        profile = [(0, -0.001), (0.05, 0.002), (0.45, 0.003), (0.47, 0.001), (0.72, 0.001)]
        profile += [(0.75, 0.004), (0.97, 0.004), (1.0, 0.0025)]
        soles.sole(
            last,
            surface,
            profile,
            [(0.74, rubber), (1.0, welt)],
            low=soles.tread(last, step=0.011),
            upstand=0.001,
            relief=soles.lugs(
                number(spec, "lug_pitch", 0.0165), number(spec, "lug_deep", 0.005), 0.5
            ),
            rows=30,
        )
        _welt_stitch(surface, materials.plain("thread", word(spec, "welt", "#d8b365")))
    elif kind == "crepe":
        pale = materials.plain("rubber", {"black": "#c79a63"}.get(shown, dark))
        profile = [(0, 0.0), (0.06, 0.002), (0.5, 0.003), (0.92, 0.003), (1.0, 0.0015)]
        soles.sole(last, surface, profile, [(1.0, pale)], low=soles.tread(last))
        _welt_stitch(surface, thread)
    elif kind == "wedge":
        profile = [(0, -0.002), (0.03, 0.0005), (0.9, 0.0022), (1.0, 0.0012)]
        cork = materials.plain("wood", "#b98a58")
        covered = {"cork": cork, "own": parts["bare"]}.get(word(spec, "cover", "own"), rubber)
        soles.sole(last, surface, profile, [(0.10, rubber), (1.0, covered)])
    else:
        base = last.sole_ball
        thin = base
        profile = [(0, -0.001), (0.1, 0.0015), (0.4, 0.0028), (0.9, 0.0028), (1.0, 0.001)]
        edge = materials.plain("leather", "#2a1d15") if shown == "brown" else rubber
        soles.sole(
            last, surface, profile, [(0.55, rubber), (1.0, edge)], low=soles.under_foot(last, thin)
        )
        form = word(spec, "heel", "block")
        wood = findings.stacked(word(spec, "wood", "#6b4326"))
        usual = "wood" if form in ("stacked", "cuban") else "own"
        if form == "block":
            usual = "black"
        cover = {"wood": wood, "own": parts["bare"]}.get(word(spec, "cover", usual), rubber)
        soles.heel(
            last, surface, cover, rubber, form=form, drop=thin, breast=number(spec, "breast", 0.26)
        )


def _welt_stitch(surface: Surface, thread: Material) -> None:
    line, out = soles.footprint(surface, 300)
    path = line + out * 0.0022
    path[:, 2] += 0.0012
    uppers.stitches(path, thread, pitch=0.0058, radius=0.0007)


def _details(
    spec: Spec, last: Last, surface: Surface, parts: dict[str, Material], *, tall: bool
) -> None:
    closure = word(spec, "closure", "plain")
    seat = last.sole_heel + last.heel_height
    thread, leather, accent = parts["thread"], parts["leather"], parts["accent"]
    block = word(spec, "block", "foot") if spec.pattern == "two-tone" else ""
    if closure == "gusset":
        _, second, _ = spec.colours
        shown = {"dark": "#201f20", "second": second}.get(word(spec, "elastic", "dark"))
        elastic = findings.elastic(shown or shade(spec.colours[0], 0.75))
        sewn.gusset(surface, elastic, thread, word(spec, "gusset", "round"))
    elif closure == "laces":
        sewn.laced(spec, last, surface, parts, tall)
    elif closure == "zip":
        where = number(spec, "zip", 0.5)
        sewn.zip_up(surface, where, 0.97 if tall else 0.95, 0.2 if tall else 0.34, parts)
    form = word(spec, "vamp_form", "none")
    if form != "none" and closure in ("plain", "zip"):
        foot = accent if block in ("foot", "all") else leather
        sewn.vamp(surface, seat, foot, thread, form, 0.0016 if last.toe == "pointed" else 0.0010)
    elif closure != "gusset" or block == "counter":
        heel = accent if block in ("counter", "foot", "all") else leather
        sewn.counter(surface, last, seat, heel, thread, number(spec, "counter", 0.062))
    if word(spec, "back_seam", "no") == "yes":
        sewn.side_seam(surface, thread, seat, 0.985)
    if tall and word(spec, "side_seam", "no") == "yes":
        sewn.side_seam(surface, thread, seat, 0.56)
    if word(spec, "edge", "plain") in ("plain", "bound") and closure != "gusset":
        sewn.edge_stitches(surface, thread)
    _toe(spec, last, surface, accent if block in ("toe", "all") else leather, thread)
    _straps(spec, last, surface, parts, tall=tall)
    if word(spec, "sides", "") == "western":
        sewn.western(last, surface, thread, parts["bare"], int(number(spec, "rows", 5)), tall=tall)
    if word(spec, "fringe", "no") == "yes":
        top = sewn.rim(surface, 0.5) - (0.05 if tall else 0.022)
        sewn.fringe(surface, top, 0.085 if tall else 0.05, parts["bare"], spec.seed)


def _toe(spec: Spec, last: Last, surface: Surface, cap: Material, thread: Material) -> None:
    """A cap straight across or bowed like a wing, with or without punched holes."""
    form = word(spec, "cap", "none")
    if form == "none" and "toe_cap" not in spec.trims:
        return
    x, bow = (last.length * 0.74, 0.034) if form == "wing" else (last.length * 0.78, 0.012)
    uppers.toe_cap(surface, cap, x, bow=bow, thread=thread, lift=0.0011)
    if form in ("wing", "punched"):
        dark = materials.plain("cotton", shade(spec.colours[0], 0.25))
        sewn.brogue(surface, last, dark, x, bow)


def _straps(
    spec: Spec, last: Last, surface: Surface, parts: dict[str, Material], *, tall: bool
) -> None:
    seat, metal, thread = last.sole_heel + last.heel_height, parts["metal"], parts["thread"]
    kind = word(spec, "strap", "none")
    tilt = number(spec, "tilt", 0.0)
    if kind in ("ankle", "both"):
        sewn.ring_strap(
            surface, seat + 0.080, 0.018, parts["accent"], metal, thread=thread, tilt=tilt
        )
    if kind == "double":
        for height in (0.066, 0.103):
            sewn.ring_strap(surface, seat + height, 0.017, parts["accent"], metal, thread=thread)
    if kind in ("top", "both") and tall:
        high = last.shaft[-1][0] - 0.055
        sewn.ring_strap(surface, high, 0.020, parts["accent"], metal, thread=thread)
    if "pull_tab" in spec.trims:
        webbing = parts["accent"] if spec.pattern == "two-tone" else parts["bare"]
        sewn.loop(surface, 1.0, webbing, tall=0.016)
