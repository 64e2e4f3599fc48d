"""A bag on the cutting table: its materials, its measures, and what hangs on most bags."""

from __future__ import annotations

import random
from dataclasses import dataclass

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from .bag_body import Body
from .bag_parts import chain, ring, strap
from .colours import tonal
from .designed import Designed
from .lofts import Points, even_path

HIDES = ("leather", "suede", "patent")

HARDWARE = {"brass": "#cfa452", "nickel": "#c3c5c8", "copper": "#b9764f", "black": "#2b2b2d"}


@dataclass(frozen=True)
class Cut(Designed):
    """A bag on the cutting table: its spec, materials and random source.

    `second` is the cloth of the other blocks of a colour-blocked bag; the same cloth on others.
    """

    spec: Spec
    rng: random.Random
    cloth: bpy.types.Material
    second: bpy.types.Material
    trim: bpy.types.Material
    thread: bpy.types.Material
    metal: bpy.types.Material
    lining: bpy.types.Material


def cut_out(spec: Spec) -> Cut:
    """Choose the materials of a bag."""
    main, second, trim = spec.colours
    metal = "gold" if "gold" in spec.trims else str(spec.shape.get("metal", "nickel"))
    # Zebra stripes are drawn for garments; a bag shows more of them.
    scale = 0.55 if spec.pattern == "zebra" else 1.0
    cloth = fabric(spec.material, spec.pattern, spec.colours, scale=scale, seed=spec.seed)
    blocked = spec.pattern == "colour-block"
    return Cut(
        spec,
        random.Random(spec.seed),
        cloth,
        plain(spec.material, second) if blocked else cloth,
        _trimming(spec),
        plain("thread", trim if "stitching" in spec.trims else tonal(main)),
        plain("metal", HARDWARE["brass" if metal == "gold" else metal]),
        plain("cotton", "#cbbfa9" if spec.seed % 3 else "#4b4640"),
    )


def _trimming(spec: Spec) -> bpy.types.Material:
    """What straps and tabs are made of: leather on prints, else the bag's own stuff or contrast."""
    main, _, trim = spec.colours
    hide = spec.material in HIDES
    drawn = spec.pattern not in ("plain", "colour-block")
    if spec.material == "straw":
        return plain("leather", "#8d5428")
    if drawn and (hide or "contrast" in spec.trims):
        return plain("leather", "#2b2321" if spec.seed % 2 else "#5a3823")
    if "contrast" in spec.trims:
        return plain("leather", trim if hide else "#5a3823")
    if hide or spec.material in ("satin", "nylon"):
        return plain(spec.material, main)
    return plain("canvas", main)


def tassel(cut: Cut, at: Points) -> None:
    """A leather tassel on a cord."""
    cord = np.array([at, at + [0.004, -0.004, -0.03], at + [0.006, -0.004, -0.05]])
    strap(cord, 0.004, cut.trim, up=[0, -1, 0], thick=0.003, count=20)
    head = cord[-1]
    for k in range(14):
        lean = (k / 13 - 0.5) * 0.026
        end = head + [lean, -0.003 * (k % 3), -0.055 - 0.004 * (k % 2)]
        strap(
            [head, (head + end) / 2 + [lean * 0.3, 0, 0], end],
            0.004,
            cut.trim,
            up=[0, -1, 0],
            thick=0.0016,
            count=8,
        )


def fringe(cut: Cut, line: Points, length: float) -> None:
    """Cut strips that hang from a line, each a little its own way."""
    path = even_path(line, max(int(np.linalg.norm(line[-1] - line[0]) / 0.0042), 8))
    for place in path:
        sway = cut.rng.uniform(-0.004, 0.004)
        tip = place + [sway, -0.002 - cut.rng.random() * 0.004, -length * cut.rng.uniform(0.9, 1)]
        middle = (place + tip) / 2 + [sway * 0.4, -0.003, 0]
        strap([place, middle, tip], 0.0044, cut.second, up=[0, -1, 0], thick=0.0014, count=10)


def long_strap(cut: Cut, shell: Body, w: float, way: str = "thin") -> None:
    """The strap over the shoulder, standing in an arch: thin, wide, chain or short."""
    top = shell.top()
    side = shell.half_width(top * 0.86)
    rise = cut.size("rise") or 0.2
    rise = rise * (0.55 if way == "short" else 1.0) * (1.0 if w > 0.22 else 0.85)
    lean = cut.rng.uniform(-0.012, 0.012)
    ends = [[-side - 0.002, 0, top * 0.86], [side + 0.002, 0, top * 0.86]]
    arc = [
        [-side * 1.0, lean * 0.3, top + rise * 0.35],
        [-side * 0.72, lean, top + rise * 0.8],
        [0, lean, top + rise],
        [side * 0.72, lean, top + rise * 0.8],
        [side * 1.0, lean * 0.3, top + rise * 0.35],
    ]
    knots = np.array([ends[0], *arc, ends[1]])
    for end in ends:
        ring(np.array(end) + [0, 0, 0.006], [0, 1.0, 0.0], 0.0095, cut.metal)
    knots[[0, -1], 2] += 0.014
    if way == "chain":
        chain(knots, cut.metal, link=0.0135)
        return
    leans = [(-1, 0), (-1, 0.25), (-0.6, 0.8), (0, 1), (0.6, 0.8), (1, 0.25), (1, 0)]
    radial = np.array([[x, 0, z] for x, z in leans], dtype=float)
    wide = {"wide": 0.036, "short": 0.026}.get(way, 0.016)
    strap(knots, wide, cut.trim, up=radial, thick=0.004)
    if way == "wide" and cut.spec.material in ("nylon", "canvas"):
        stripe = plain("canvas", cut.spec.colours[2])
        strap(knots, wide * 0.4, stripe, up=radial, thick=0.0056)
