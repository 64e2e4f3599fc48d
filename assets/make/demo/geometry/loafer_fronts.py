"""The fronts of loafers: aprons, penny straps, bits, tassels, laces, buckles, bows and motifs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import pairwise

import bpy
import numpy as np

from ..spec import Spec
from . import boot_details, fastenings, uppers
from .lace_ups import lace_up
from .last import Last
from .lofts import Points, Surface, grid_object, grids_object, smooth_path, tube, unit

Material = bpy.types.Material
Stuff = dict[str, Material]


def apron(
    last: Last,
    surface: Surface,
    cloth: Material,
    edging: Material,
    thread: Material,
    shape: Mapping[str, float | str],
) -> None:
    """The raised plug of a moccasin's toe: its seam puckered, corded or plainly stitched."""
    back, front = (
        last.length * (last.throat + 0.01),
        last.length * float(shape.get("apron_long", 0.925)),
    )
    f = np.sin(uppers.dense(40) * np.pi / 2)
    x = back + (front - back) * f
    blunt = 9 if last.toe == "square" else 5
    wide = float(shape.get("apron_wide", 0.245))
    half = wide * np.sqrt(np.clip(1 - f**blunt, 0, 1)) * (0.86 + 0.14 * f) + 1e-4
    c = uppers.dense(26) * 2 - 1
    share = 0.5 + half[:, None] * c[None, :]
    s, t = surface.over(x[:, None] + 0 * share, share)
    uppers.panel(surface, s, np.minimum(t, 0.985), cloth, lift=0.0012, name="apron")
    edge_x = np.concatenate([x, x[::-1]])
    edge_share = np.concatenate([0.5 - half, (0.5 + half)[::-1]])
    s, t = surface.over(edge_x, edge_share)
    path = smooth_path(surface.at(s, np.minimum(t, 0.985), 0.0008), 160)
    form = str(shape.get("apron", "pleated"))
    girth = {"rope": 0.0021, "plain": 0.0009}.get(form, 0.0015)
    grid_object("apron_seam", tube(path, girth, sides=8), edging)
    if form == "plain":
        for away in (0.008, -0.008):
            s, t = surface.over(edge_x, edge_share + away * np.sign(edge_share - 0.5))
            uppers.seam(surface, s, np.minimum(t, 0.985), thread, lift=0.0016, pitch=0.0032)
        return
    pleats = []
    for k in range(4, 156, 3):
        ahead = unit(path[k + 1] - path[k - 1])
        normal = np.array([0.0, 0.0, 1.0])
        lean = ahead * (0.0016 if form == "rope" else 0.0)
        across = unit(np.cross(ahead, normal)) * 0.0026
        lift = normal * 0.0007
        ends = np.array([path[k] - across - lean, path[k] + lift * 2.6, path[k] + across + lean])
        pleats.append(tube(smooth_path(ends, 6), 0.0006, sides=5))
    grids_object("apron_stitches", pleats, thread)


def front(spec: Spec, kind: str, last: Last, surface: Surface, stuff: Stuff) -> None:
    """What lies over the vamp."""
    shape = spec.shape
    x = last.length * (last.throat + 0.055)
    middle = None
    if kind in ("penny", "bit", "tassel"):
        wide = float(shape.get("strap", 0.022)) * {"penny": 1.05, "bit": 0.85, "tassel": 0.72}[kind]
        edges = (x - wide / 2 - 0.022, x + wide / 2 - 0.018)
        middle = uppers.strap(
            surface, stuff["strap"], edges, edges, lift=0.0036,
            pinch=0.25 if kind == "penny" else 0.0, thread=stuff["thread"],
        )  # fmt: skip
        if shape.get("roll") == "yes":
            _rolls(middle, wide, stuff)
    t = float(surface.t_at_x(x - 0.002))
    top, normal = surface.at(0.0, t, 0.0042), surface.normal(0.0, t)
    ahead = unit(surface.at(0.0, t - 0.1) - surface.at(0.0, t))
    if kind == "penny" and middle is not None:
        _slot(middle, str(shape.get("slot", "lips")), stuff)
    elif kind == "bit":
        _bit(top, normal, str(shape.get("bit", "snaffle")), stuff["metal"])
    elif kind == "tassel":
        fastenings.tassels(top + ahead * 0.008, normal, ahead, stuff["strap"])
    elif kind == "monk":
        _monk(spec, last, surface, stuff)
    elif kind == "tie":
        _tie(last, surface, stuff, x)
    elif kind == "laced":
        _laced(spec, last, surface, stuff)
    elif kind == "bow" or (kind == "plain" and "bow" in spec.trims) or shape.get("motif") == "bow":
        t = float(surface.t_at_x(last.length * (last.throat + 0.03)))
        at, up = surface.at(0.0, t, 0.002), surface.normal(0.0, t)
        fastenings.bow_tie(at, up, stuff["accent"], size=0.046, forward=ahead)
    elif kind == "plain":
        _motif(last, surface, str(shape.get("motif", "none")), stuff["contrast"])
    if kind in ("penny", "tassel") and "fringe" in spec.trims:
        _kiltie(last, surface, stuff["strap"], x)


def _across(middle: Points) -> tuple[Points, Points]:
    """The unit vectors along the foot, and outwards, at each point of a strap's middle line."""
    along = unit(np.gradient(middle, axis=0))
    ahead = unit(np.array([1.0, 0.0, 0.0]) - along * along[:, :1])
    out = np.cross(along, ahead)
    out = np.where(out[:, 2:] < 0, -out, out)
    return ahead, unit(out)


def _slot(middle: Points, form: str, stuff: Stuff) -> None:
    """The opening cut in a penny loafer's strap, dark, with stitches round it."""
    ahead, out = _across(middle)
    reach = 9 if form != "bar" else 11
    place = slice(32 - reach, 32 + reach + 1)
    c = np.linspace(-1, 1, 2 * reach + 1)
    tall = {
        "lips": 0.0040 * (1 - c**2),
        "diamond": 0.0052 * (1 - np.abs(c)),
        "oval": 0.0038 * np.sqrt(np.clip(1 - c**2, 0, 1)),
        "bar": 0.0016 * np.ones_like(c),
    }[form]
    bend = 0.003 * c**2 if form == "lips" else 0 * c
    rows = np.linspace(-1, 1, 5)[:, None, None]
    base = middle[place] + out[place] * 0.0007 - ahead[place] * bend[:, None]
    hole = base[None] + ahead[place][None] * tall[None, :, None] * rows
    grid_object("slot", hole, stuff["dark"])
    for side in (-1.0, 1.0):
        rim = base + ahead[place] * (side * (tall[:, None] + 0.0016)) + out[place] * 0.0002
        uppers.stitches(rim, stuff["thread"], pitch=0.0030)


def _rolls(middle: Points, wide: float, stuff: Stuff) -> None:
    """Beef rolls: the strap's ends bound round with thick thread."""
    ahead, out = _across(middle)
    for k in (11, 52):
        core = middle[k] + out[k] * 0.0006 + ahead[k] * np.linspace(-0.55, 0.55, 9)[:, None] * wide
        grid_object("roll", tube(core, 0.0032, sides=12), stuff["strap"])
        turns = [
            tube(
                np.stack([core[j] - ahead[k] * 0.0004, core[j] + ahead[k] * 0.0004]),
                0.0036,
                sides=12,
            )
            for j in range(1, 8, 2)
        ]
        grids_object("binding", turns, stuff["thread"])


def _bit(top: Points, normal: Points, form: str, metal: Material) -> None:
    """A snaffle, a length of chain, or a plain plate over the strap."""
    grids = []
    reach = 0.0185
    y = np.linspace(-reach, reach, 15)
    arch = top + np.stack([0 * y, y, -0.0040 * (y / reach) ** 2 + 0.0014], axis=1)
    if form == "chain":
        for k in range(1, 14, 2):
            tilt = unit(normal + np.array([0.0, 0.5 if k % 4 == 1 else -0.5, 0.0]))
            grids.append(fastenings.eyelet(arch[k], tilt, 0.0042, 0.0012))
    elif form == "plate":
        grids.append(tube(arch, 0.0048, flat=0.3, up=normal, sides=12))
    else:
        for side in (-1.0, 1.0):
            centre = top + np.array([0.0, side * reach, -0.0038])
            tilt = unit(normal + np.array([0.0, side * 0.35, 0.0]))
            grids.append(fastenings.eyelet(centre, tilt, 0.0085, 0.0017))
        girth = 0.0021 + 0.0012 * np.abs(np.cos(np.linspace(0, 2.2 * np.pi, 9)))
        grids.append(tube(arch[3:12], girth, sides=10))
    grids_object("bit", grids, metal)


def _tie(last: Last, surface: Surface, stuff: Stuff, x: float) -> None:
    """A leather lace through two pairs of eyelets, running round the collar."""
    line = np.linspace(0.30, 1.70, 200)
    cord = surface.at(line, 0.86 + 0.015 * np.sin(line * 40), 0.0008)
    grid_object("collar_lace", tube(cord, 0.0017, sides=8), stuff["tonal"])
    fastenings.laces(
        surface,
        stuff["tonal"],
        stuff["metal"],
        low=float(surface.t_at_x(x + 0.010)),
        high=float(surface.t_at_x(x - 0.008)),
        rows=2,
        gap=(0.011, 0.013),
        half=0.0019,
        flat=0.8,
        lift=0.004,
        eyelet_radius=0.0022,
    )


def _laced(spec: Spec, last: Last, surface: Surface, stuff: Stuff) -> None:
    """An oxford's front: cap, counter and saddle with punched edges, thin laces."""
    shape, length = spec.shape, last.length
    two = spec.pattern == "two-tone"
    saddle = shape.get("block") == "saddle"
    other = stuff["accent"] if two else stuff["cloth"]
    thread = stuff["thread"]
    cap = str(shape.get("cap", "none"))
    if saddle:
        _saddle(last, surface, other, thread)
    if cap != "none":
        x, bow = (length * 0.73, 0.042) if cap == "wing" else (length * 0.79, 0.012)
        uppers.toe_cap(surface, other, x, bow=bow, thread=thread, lift=0.0011)
        boot_details.brogue(surface, last, stuff["dark"], x, bow)
    behind = stuff["cloth"] if saddle else other
    uppers.heel_counter(surface, behind, length * 0.24, 0.94, lean=0.035, thread=thread, lift=0.001)
    lace_up(
        surface,
        length * 0.615,
        stay=other,
        tongue=stuff["bare"],
        lace=stuff["lace"],
        ring=None,
        thread=thread,
        rows=int(shape.get("rows", 4)),
        draw=random.Random(f"{spec.seed} laces"),
        gap=(0.004, 0.0065),
        width=0.016,
        crossed=False,
        tall=0.014,
        half=0.0018,
    )


def _saddle(last: Last, surface: Surface, leather: Material, thread: Material) -> None:
    """The piece over the instep, from one side of the sole to the other."""
    t = (0.96 * uppers.dense(26))[:, None]
    rear, fore = 0.34 + 0.07 * t**0.8, 0.58 - 0.05 * t + 0.02 * (1 - t) ** 2
    c = uppers.dense(20)[None, :]
    x = last.length * (rear * (1 - c) + fore * c)
    for side in (1.0, -1.0):
        uppers.panel(surface, surface.s_at_x(x, t, side), t, leather, lift=0.0012, name="saddle")
        for edge, away in ((rear, 0.008), (fore, -0.008)):
            s = surface.s_at_x(last.length * (edge + away), t, side)
            uppers.seam(surface, s[2:-2, 0], t[2:-2, 0], thread, lift=0.0015, pitch=0.0032)


def _monk(spec: Spec, last: Last, surface: Surface, stuff: Stuff) -> None:
    """One broad strap over the instep, buckled on the outer side, and a capped toe."""
    middle, wide = last.length * 0.575, float(spec.shape.get("strap", 0.021))
    edges = (middle - wide / 2, middle + wide / 2)
    over, thread = stuff["strap"], stuff["thread"]
    uppers.strap(surface, over, edges, edges, lift=0.0036, shares=(0.13, 0.86), thread=thread)
    here, ahead, behind = (surface.at(*surface.over(middle, v), 0.0052) for v in (0.27, 0.29, 0.25))
    along = np.array([1.0, 0.0, 0.0])
    size = (wide + 0.008, 0.017)
    fastenings.frame(here, along, unit(ahead - behind), size, stuff["metal"])
    cap = stuff["accent"] if spec.shape.get("block") == "toe" else stuff["cloth"]
    uppers.toe_cap(surface, cap, last.length * 0.79, bow=0.012, thread=thread, lift=0.0009)


def _motif(last: Last, surface: Surface, name: str, thread: Material) -> None:
    """A star, a moon or a bolt embroidered on the vamp."""
    if name not in ("star", "moon", "bolt"):
        return
    angle = np.linspace(0, 2 * np.pi, 61)
    if name == "star":
        turn = np.arange(11) * np.pi / 5
        r = np.where(np.arange(11) % 2 == 0, 1.0, 0.42)
        line = np.stack([r * np.cos(turn), r * np.sin(turn)], axis=1)
    elif name == "moon":
        outer = np.stack([np.cos(angle[:44]), np.sin(angle[:44])], axis=1)
        inner = np.stack([0.35 + 0.8 * np.cos(angle[43::-1]), 0.8 * np.sin(angle[43::-1])], axis=1)
        line = np.concatenate([outer, inner])
    else:
        line = np.array(
            [[1, 0.2], [0, 0.5], [0.1, 0.05], [-1, 0.3], [0, -0.45], [-0.1, 0], [1, 0.2]]
        )
    fine = np.concatenate([np.linspace(a, b, 8, endpoint=False) for a, b in pairwise(line)])
    centre = last.length * (last.throat + 0.13)
    grids = []
    for size in (1.0, 0.8, 0.6, 0.4, 0.2):
        s, t = surface.over(centre + 0.016 * size * fine[:, 0], 0.5 + 0.10 * size * fine[:, 1])
        grids.append(tube(surface.at(s, t, 0.0008), 0.0011, sides=6))
    grids_object("motif", grids, thread)


def _kiltie(last: Last, surface: Surface, leather: Material, x: float) -> None:
    """A fringed leaf lying on the vamp in front of the strap."""
    reach = last.length * 0.10
    for k in range(9):
        low, high = 0.36 + 0.28 * k / 9, 0.36 + 0.28 * (k + 0.86) / 9
        f = uppers.dense(10)
        share = np.linspace(low, high, 6)[None, :] + 0 * f[:, None]
        xs = x - 0.004 + reach * (0.45 + 0.1 * np.sin(np.pi * (k + 0.5) / 9)) * f[:, None]
        s, t = surface.over(xs + 0 * share, share)
        uppers.panel(surface, s, t, leather, lift=0.0030, sink=-0.0012, name="fringe")
