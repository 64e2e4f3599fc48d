"""Hats: baseball caps, brimmed felts and straws, bucket hats, beanies, berets, flat caps."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from .bag_parts import dashes
from .drape import noise
from .lofts import Points, grid_object, grids_object, smooth_path, smoothstep, tube, unit

SHAPES: dict[str, dict[str, float | str]] = {
    "baseball cap": {"style": "cap", "height": 0.108, "bill": 0.075},
    "trucker cap": {"style": "cap", "height": 0.122, "bill": 0.078, "mesh": 1.0},
    "five-panel cap": {"style": "cap", "height": 0.1, "bill": 0.07, "flat": 1.0},
    "fedora": {"style": "brim", "height": 0.125, "brim": 0.065, "pinch": 1.0, "snap": 0.4},
    "wide brim": {"style": "brim", "height": 0.115, "brim": 0.095, "pinch": 0.7, "snap": 0.0},
    "panama": {"style": "brim", "height": 0.12, "brim": 0.07, "pinch": 0.9, "snap": 0.25},
    "boater": {
        "style": "brim",
        "height": 0.085,
        "brim": 0.07,
        "pinch": 0.0,
        "snap": 0.0,
        "flat": 1.0,
    },
    "cloche": {"style": "brim", "height": 0.14, "brim": 0.042, "pinch": 0.0, "snap": -0.9},
    "sun hat": {"style": "brim", "height": 0.11, "brim": 0.125, "pinch": 0.0, "snap": -0.3},
    "bucket hat": {"style": "bucket", "height": 0.095, "brim": 0.06},
    "deep bucket hat": {"style": "bucket", "height": 0.11, "brim": 0.078},
    "cuffed beanie": {"style": "beanie", "height": 0.185, "cuff": 0.065},
    "bobble beanie": {"style": "beanie", "height": 0.19, "cuff": 0.07, "bobble": 1.0},
    "fisherman beanie": {"style": "beanie", "height": 0.145, "cuff": 0.05},
    "beret": {"style": "beret", "height": 0.075, "wide": 0.138},
    "flat cap": {"style": "flat", "height": 0.095, "wide": 0.125},
}

SUITS: dict[str, tuple[str, ...]] = {
    "baseball cap": ("cotton", "cotton", "denim", "corduroy", "suede"),
    "trucker cap": ("cotton", "canvas"),
    "five-panel cap": ("nylon", "canvas", "cotton"),
    "fedora": ("felt", "felt", "wool"),
    "wide brim": ("felt", "felt", "suede"),
    "panama": ("straw",),
    "boater": ("straw",),
    "cloche": ("felt", "straw"),
    "sun hat": ("straw", "straw", "cotton"),
    "bucket hat": ("cotton", "denim", "nylon", "canvas", "corduroy"),
    "deep bucket hat": ("cotton", "canvas", "nylon", "leather"),
    "cuffed beanie": ("knit",),
    "bobble beanie": ("knit",),
    "fisherman beanie": ("knit",),
    "beret": ("felt", "wool", "leather"),
    "flat cap": ("tweed", "wool", "tweed", "corduroy"),
}
"""The materials each silhouette is sold in."""

PRINTS: dict[str, tuple[str, ...]] = {
    "baseball cap": ("plain", "plain", "plain", "camouflage", "checks"),
    "trucker cap": ("plain", "plain", "camouflage"),
    "five-panel cap": ("plain", "camouflage", "floral", "print"),
    "bucket hat": ("plain", "plain", "floral", "checks", "camouflage", "print"),
    "deep bucket hat": ("plain", "plain", "floral", "camouflage", "print"),
    "cuffed beanie": ("plain", "plain", "stripes"),
    "bobble beanie": ("plain", "plain", "stripes", "dots"),
    "fisherman beanie": ("plain",),
    "flat cap": ("plain", "plain", "checks"),
    "sun hat": ("plain", "plain", "stripes"),
}
"""The patterns each silhouette is sold in; the others come plain."""

MATERIALS = tuple(dict.fromkeys(material for suited in SUITS.values() for material in suited))
PATTERNS = ("plain", "stripes", "checks", "camouflage", "floral", "print", "dots")
TRIMS = ("band", "feather", "stitching", "badge", "contrast", "cord", "bound")

AROUND = 160


@dataclass(frozen=True)
class Block:
    """A hat on the block: its spec, materials and random source."""

    spec: Spec
    rng: random.Random
    cloth: bpy.types.Material
    trim: bpy.types.Material
    thread: bpy.types.Material
    lining: bpy.types.Material

    def size(self, name: str) -> float:
        """A length or switch of the silhouette; 0 where it has none."""
        return float(self.spec.shape.get(name, 0.0))

    def has(self, trim: str) -> bool:
        """Whether the product has this trim."""
        return trim in self.spec.trims


def build(spec: Spec) -> None:
    """Put the hat in the scene, its brow towards -Y, standing on the floor."""
    main, second, trim = spec.colours
    band = second if second.lower() != main.lower() else trim
    block = Block(
        spec,
        random.Random(spec.seed),
        fabric(spec.material, spec.pattern, spec.colours, scale=0.8, seed=spec.seed),
        plain("satin" if spec.shape["style"] == "brim" else "cotton", band),
        plain("thread", trim if "stitching" in spec.trims else _deeper(main)),
        plain("cotton", _deeper(main)),
    )
    STYLES[str(spec.shape["style"])](block)


def _deeper(colour: str) -> str:
    digits = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{int(d * 0.72):02x}" for d in digits)


def _angles() -> Points:
    """Angles round the head, 0 at the brow (-Y), growing towards the wearer's left (+X)."""
    return np.linspace(-np.pi, np.pi, AROUND + 1)


def _head(angle: Points, scale: float = 1.0) -> tuple[Points, Points]:
    """The head's outline: an oval, longer than wide."""
    return np.sin(angle) * 0.079 * scale, -np.cos(angle) * 0.097 * scale


def _dome(
    height: float, *, square: float, rows: int = 44, taper: float = 0.06, swell: float = 0.0
) -> Points:
    """Rings from the head's edge to the crown; `square` 2 is round, more is boxier."""
    angle = _angles()
    turn = np.linspace(0, np.pi / 2, rows)
    share = np.sin(turn) ** (2 / square)
    out = np.maximum(np.cos(turn), 1e-3) ** (2 / square)
    x, y = _head(angle)
    rings = np.empty((rows, AROUND + 1, 3))
    out[-1] = 1e-4
    grow = out * (1 - taper * share) + swell * np.sin(np.pi * share)
    rings[..., 0] = x * grow[:, None]
    rings[..., 1] = y * grow[:, None]
    rings[..., 2] = (share * height)[:, None]
    return rings


def _uv(rings: Points, radius: float = 0.088) -> Points:
    """Cloth laid round the head and over the crown."""
    step = np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(axis=1)
    v = np.concatenate([[0.0], np.cumsum(step)])
    u = _angles() * radius
    return np.stack(np.broadcast_arrays(u[None, :], v[:, None]), axis=-1)


def _draped_uv(points: Points) -> Points:
    """Cloth seen from above and unrolled down the sides: keeps prints whole over a crown."""
    slope = points[..., 2].max() - points[..., 2]
    x, y = points[..., 0], points[..., 1]
    away = np.hypot(x, y) + 1e-9
    factor = (away + 0.75 * slope) / away
    return np.stack([x * factor, y * factor], axis=-1)


def _rough(points: Points, amount: float, seed: int, size: float = 0.05) -> Points:
    """Soft dents, none at the crown's pole."""
    bumps = noise(points / size + seed % 83, seed)
    centre = points.mean(axis=(0, 1))
    return points + unit(points - centre) * (bumps * amount)[..., None]


def _ring_tube(
    path: Points, radius: float, material: bpy.types.Material, flat: float = 1.0
) -> None:
    grids_object("edge", [tube(path, radius, flat=flat, sides=8, caps=False)], material)


# caps ------------------------------------------------------------------------------------------


def _cap(block: Block) -> None:
    height = block.size("height")
    square = 2.5 if block.size("flat") else 2.45
    crown = _dome(height, square=square, taper=0.0)
    crown[..., 2] += 0.010 * (1 - crown[..., 2] / height) * np.cos(_angles())[None]
    crown = _rough(crown, 0.0012, block.spec.seed)
    seams = np.array([0, 1, 2, 3, 4, 5]) * np.pi / 3
    if block.size("flat"):
        seams = np.array([-0.62, 0.62, np.pi - 0.8, np.pi + 0.8])
    angle = _angles()
    for seam in seams:
        away = np.abs((angle - seam + np.pi) % (2 * np.pi) - np.pi)
        dip = np.exp(-((away / 0.035) ** 2)) * 0.0011
        crown[..., :2] *= (1 - dip / 0.085)[None, :, None]
    lifted = crown + [0, 0, 0.012]
    mesh_back = plain("mesh", block.spec.colours[1])
    slots = np.zeros((len(crown) - 1, AROUND), dtype=int)
    if block.size("mesh"):
        slots[:, np.abs((angle[:-1] + angle[1:]) / 2) > np.pi / 3] = 1
    grid_object("crown", lifted, [block.cloth, mesh_back], _draped_uv(lifted), slots)
    inner = lifted[:30][::-1] * [0.975, 0.975, 0.99]
    grid_object("lining", inner, block.lining, _uv(inner))
    for seam in seams:
        index = round((seam % (2 * np.pi)) / (2 * np.pi) * AROUND + AROUND / 2) % AROUND
        for step in (-1, 1):
            column = (index + step) % AROUND
            line = lifted[:-6, column] * [1.004, 1.004, 1.0] + [0, 0, 0.0004]
            dashes(smooth_path(line, 240), block.thread, length=0.0032)
    _button(block, lifted[-1, 0])
    if not block.size("flat"):
        for seam in seams[:6]:
            place = seam + np.pi / 6
            _eyelet(lifted, place, 0.72, block)
    _bill(block)
    if block.has("badge"):
        _badge(block, lifted)


def _button(block: Block, top: Points) -> None:
    angle = np.linspace(0, 2 * np.pi, 21)
    rings = [
        top + np.stack([np.cos(angle) * r, np.sin(angle) * r, np.full(21, z)], axis=1)
        for r, z in ((0.0072, -0.002), (0.0068, 0.0015), (0.004, 0.0034), (0.0002, 0.004))
    ]
    grid_object("button", np.stack(rings), block.cloth)


def _eyelet(crown: Points, angle: float, share: float, block: Block) -> None:
    column = int(((angle + np.pi) % (2 * np.pi)) / (2 * np.pi) * AROUND)
    row = int(share * (len(crown) - 1) * 0.78)
    centre = crown[row, column]
    rise = unit(crown[row + 1, column] - centre)
    side = unit(crown[row, (column + 1) % AROUND] - centre)
    turn = np.linspace(0, 2 * np.pi, 17)
    loop = centre + 0.0034 * (np.cos(turn)[:, None] * rise + np.sin(turn)[:, None] * side)
    grids_object("eyelet", [tube(loop, 0.0012, sides=6, caps=False)], block.thread)


def _bill(block: Block) -> None:
    length = block.size("bill")
    rows, columns = 18, 61
    spread = np.linspace(-1.08, 1.08, columns)
    x0, y0 = _head(spread, 0.985)
    front = (1 - (np.abs(spread) / 1.08) ** 2.6) ** 0.55
    f = np.linspace(0, 1, rows)[:, None]
    reach = length * front[None] * f
    points = np.empty((rows, columns, 3))
    points[..., 0] = x0 * (1 + 0.06 * f * front[None])
    points[..., 1] = y0 - reach
    root = 0.011 + 0.010 * np.cos(spread)
    droop = 0.013 * (points[..., 0] / 0.08) ** 2 * f
    points[..., 2] = np.maximum(root[None] - 0.11 * reach - droop, 0.0045)
    thick = 0.0032
    under = points - [0, 0, thick]
    whole = np.concatenate([points, under[::-1]])
    contrast = block.has("contrast")
    cloth = block.trim if contrast else block.cloth
    uv = np.concatenate([points[..., :2], under[::-1][..., :2]])
    grid_object("bill", whole, cloth, uv)
    edge = points[-1] - [0, 0, thick / 2]
    grids_object("bill_edge", [tube(edge, 0.0021, sides=8)], cloth)
    for share in np.linspace(0.3, 0.92, 6):
        row = share * (rows - 1)
        low = int(row)
        line = points[low] * (1 - row % 1) + points[min(low + 1, rows - 1)] * (row % 1)
        path = smooth_path(line[3:-3], 320) + [0, 0, 0.0003]
        dashes(path, block.thread, length=0.0034)


def _badge(block: Block, crown: Points) -> None:
    """An embroidered mark on the brow."""
    mark = block.rng.choice(["disc", "bars", "diamond"])
    middle = AROUND // 2
    grids = []

    def place(a: float, b: float) -> Points:
        column = middle + a / 0.088 / (2 * np.pi) * AROUND
        row = 6 + b / 0.0042
        i, j = int(row), int(column)
        centre = crown[i, j] * (1 - column % 1) + crown[i, j + 1] * (column % 1)
        upper = crown[i + 1, j] * (1 - column % 1) + crown[i + 1, j + 1] * (column % 1)
        point = centre * (1 - row % 1) + upper * (row % 1)
        return point + unit(point - [0, 0, 0.03]) * 0.0012

    if mark == "bars":
        for level in (0.012, 0.022, 0.032):
            line = np.array([place(a, level) for a in np.linspace(-0.02, 0.02, 20)])
            grids.append(tube(line, 0.0032, flat=0.4, up=unit(line - [0, 0, 0.03]), sides=8))
    else:
        corners = 4 if mark == "diamond" else 40
        turn = np.linspace(0, 2 * np.pi, corners + 1)
        outline = np.stack([np.sin(turn) * 0.02, 0.024 + np.cos(turn) * 0.02], axis=1)
        for scale in (1.0, 0.62):
            dense = np.concatenate([np.linspace(a, b, 10) for a, b in pairwise(outline)])
            dense = [0, 0.024] + (dense - [0, 0.024]) * scale
            line = np.array([place(a, b) for a, b in dense])
            grids.append(tube(line, 0.0022, flat=0.5, up=unit(line - [0, 0, 0.03]), sides=8))
    grids_object("badge", grids, plain("thread", block.spec.colours[2]))


# brimmed hats ----------------------------------------------------------------------------------


def _brim_hat(block: Block) -> None:
    height, brim, pinch = block.size("height"), block.size("brim"), block.size("pinch")
    square = 7.0 if block.size("flat") else (2.5 if not pinch else 3.6)
    crown = _dome(height, square=square, taper=0.1 if pinch else 0.03, rows=56)
    if pinch:
        crown = _pinched(crown, height, pinch)
    crown = _rough(crown, 0.0014, block.spec.seed, 0.06)
    angle = _angles()
    rows = 22
    f = np.linspace(0, 1, rows)[:, None]
    x, y = _head(angle)
    away = unit(np.stack([x, y], axis=1))
    wide = brim * (1 - 0.06 * np.cos(2 * angle))
    snap = block.size("snap")
    side = np.sin(angle) ** 2
    curl = 0.03 * side * (1 if pinch else 0.15) * brim / 0.07
    front = 0.022 * snap * -np.cos(angle) if snap > 0 else 0.035 * snap * np.ones_like(angle)
    ripple = 0.006 * np.sin(3 * angle + block.spec.seed % 7) if brim > 0.08 else 0 * angle
    rise = f**2 * (curl - np.abs(front) * (snap < 0) - 0.012 * snap * np.cos(angle) + ripple)
    flat = np.empty((rows, AROUND + 1, 3))
    flat[..., 0] = x + away[:, 0] * wide * f
    flat[..., 1] = y + away[:, 1] * wide * f
    flat[..., 2] = rise
    fillet = 0.006 * (1 - np.clip(f / 0.15, 0, 1)) ** 2
    flat[..., 2] += fillet
    lowest = flat[..., 2].min()
    flat[..., 2] -= lowest - 0.001
    base = 0.001 - lowest
    crown = crown + [0, 0, base]
    grid_object("crown", crown, block.cloth, _uv(crown))
    under = flat[::-1] - [0, 0, 0.0024]
    whole = np.concatenate([flat, under])
    ring_uv = np.stack(
        np.broadcast_arrays(angle[None] * (0.088 + brim * f / 2), -brim * f), axis=-1
    )
    grid_object("brim", whole, block.cloth, np.concatenate([ring_uv, ring_uv[::-1]]))
    edge = flat[-1] - [0, 0, 0.0012]
    binding = block.trim if block.has("bound") else block.cloth
    _ring_tube(edge, 0.0022 if block.has("bound") else 0.0013, binding)
    inner = crown[:40][::-1] * [0.97, 0.97, 1.0]
    grid_object("lining", inner, block.lining, _uv(inner))
    _ribbon(block, crown)


def _pinched(crown: Points, height: float, pinch: float) -> Points:
    """The crease along the crown and the two pinches at its front."""
    x, y, z = crown[..., 0], crown[..., 1], crown[..., 2]
    high = smoothstep(0.55, 1.0, z / height)
    crease = np.exp(-((x / 0.021) ** 2)) * np.clip(1 - (y / 0.095) ** 4, 0, 1)
    z = z - pinch * 0.024 * high * crease
    z = z - pinch * 0.012 * high * np.clip((y + 0.02) / 0.09, 0, 1)
    front = np.exp(-(((y + 0.055) / 0.032) ** 2)) * smoothstep(0.4, 0.95, z / height)
    x = x * (1 - pinch * 0.32 * front)
    return np.stack([x, y, z], axis=-1)


def _ribbon(block: Block, crown: Points) -> None:
    tall = 0.034 if block.has("band") else 0.016
    levels = crown[:, 0, 2] - crown[0, 0, 2]
    rows = np.linspace(0.002, tall, 8)
    f = np.interp(rows, levels, np.arange(len(levels)))
    i = np.minimum(f.astype(int), len(crown) - 2)
    rest = (f - i)[:, None, None]
    band = crown[i] * (1 - rest) + crown[i + 1] * rest
    push = np.full(8, 0.0016)
    push[0] = push[-1] = -0.0004
    away = unit(band * [1, 1, 0])
    band = band + away * push[:, None, None]
    leather = block.has("cord")
    material = plain("leather", "#5b3a24") if leather else block.trim
    grid_object("ribbon", band, material, _uv(band))
    side = int(AROUND * 0.5 + AROUND * 0.24)
    spot = band[4, side]
    out = away[4, side]
    along = unit(band[4, side + 1] - spot)
    up = np.array([0.0, 0.0, 1.0])
    if block.has("feather") and not block.size("flat"):
        _feather(block, spot + out * 0.003, along, up, out)
    elif not leather:
        half = tall * 0.42
        for way in (-1, 1):
            loop = [
                spot + out * 0.003,
                spot + along * way * 0.018 + out * 0.008,
                spot + along * way * 0.03 + out * 0.003,
            ]
            grid_object(
                "bow", tube(smooth_path(loop, 16), half, flat=0.16, up=out, sides=14), material
            )
        knot = [spot - up * half + out * 0.006, spot + out * 0.009, spot + up * half + out * 0.006]
        grid_object(
            "knot", tube(smooth_path(knot, 10), 0.007, flat=0.4, up=out, sides=12), material
        )


def _feather(block: Block, spot: Points, along: Points, up: Points, out: Points) -> None:
    colours = block.rng.sample(["#7a4a26", "#2f4a45", "#8a1f24", "#3b3a3c", "#c28a3a"], 2)
    for lean, colour in zip((0.35, 0.62), colours, strict=True):
        way = unit(up * (1 - lean) - along * lean)
        side = unit(np.cross(way, out))
        f = np.linspace(0, 1, 24)[:, None, None]
        across = np.linspace(-1, 1, 7)[None, :, None]
        shape = 0.010 * np.sin(np.pi * np.clip(f * 0.93 + 0.04, 0, 1)) ** 0.7
        blade = spot + way * f * 0.085 + side * across * shape + out * (0.002 + 0.012 * f**2)
        blade = blade - way * np.abs(across) * 0.006
        grid_object("feather", blade, plain("suede", colour))


# soft hats -------------------------------------------------------------------------------------


def _bucket(block: Block) -> None:
    height, brim = block.size("height"), block.size("brim")
    crown = _dome(height, square=6.0, taper=0.14, rows=52)
    angle = _angles()
    rows = 20
    f = np.linspace(0, 1, rows)[:, None]
    x, y = _head(angle)
    away = unit(np.stack([x, y], axis=1))
    wave = 0.05 * np.sin(3 * angle + block.spec.seed % 6) + 0.04 * np.cos(2 * angle)
    lean = 0.66 + wave
    points = np.empty((rows, AROUND + 1, 3))
    points[..., 0] = x + away[:, 0] * brim * f * lean
    points[..., 1] = y + away[:, 1] * brim * f * lean
    points[..., 2] = -brim * f * np.sqrt(np.clip(1 - lean**2, 0.1, 1)) * 0.9
    low = points[..., 2].min()
    points[..., 2] -= low - 0.001
    base = 0.001 - low
    crown = _rough(crown, 0.0022, block.spec.seed) + [0, 0, base]
    grid_object("crown", crown, block.cloth, _uv(crown))
    whole = np.concatenate([points, points[::-1] - [0, 0, 0.003]])
    uv = np.stack(np.broadcast_arrays(angle[None] * (0.088 + 0.03 * f), -brim * f), axis=-1)
    under = block.trim if block.has("contrast") else block.cloth
    slots = np.zeros((len(whole) - 1, AROUND), dtype=int)
    slots[rows:] = 1
    grid_object("brim", whole, [block.cloth, under], np.concatenate([uv, uv[::-1]]), slots)
    _ring_tube(points[-1] - [0, 0, 0.0015], 0.0017, block.cloth)
    for share in np.linspace(0.12, 0.95, 7):
        row = share * (rows - 1)
        i = int(row)
        line = points[i] * (1 - row % 1) + points[min(i + 1, rows - 1)] * (row % 1)
        dashes(smooth_path(line, 700) + [0, 0, 0.0004], block.thread, length=0.004)
    seam = crown[0] * [1.006, 1.006, 1] + [0, 0, 0.002]
    _ring_tube(seam, 0.0016, block.cloth)
    turn = int(len(crown) * 0.56)
    _ring_tube(crown[turn] * [1.002, 1.002, 1], 0.0015, block.cloth)
    for side in (-1, 1):
        for step in (-0.16, 0.16):
            _eyelet(crown, side * np.pi / 2 + step, 0.42, block)


def _beanie(block: Block) -> None:
    height, cuff = block.size("height"), block.size("cuff")
    crown = _dome(height, square=2.35, rows=64, taper=0.0, swell=0.02)
    angle = _angles()
    ribs = 44
    rise = crown[..., 2] / height
    rib = np.abs(np.sin(angle * ribs / 2)) ** 0.7
    depth = 0.0021 * np.clip(1 - rise**6, 0, 1)
    crown[..., :2] *= (1 + depth * (rib[None] - 0.6) / 0.088)[..., None]
    gather = 1 + 0.05 * smoothstep(0.8, 1.0, rise) * np.sin(angle * 9)[None]
    crown[..., :2] *= gather[..., None]
    crown = _rough(crown, 0.0022, block.spec.seed, 0.06)
    crown[..., 2] -= crown[..., 2].min()
    grid_object("crown", crown, block.cloth, _uv(crown))
    if cuff:
        f = np.linspace(0, 1, 22)
        puff = 0.0065 * np.clip(np.sin(np.pi * f), 0, 1) ** 0.35 + 0.0015
        x, y = _head(angle)
        ring = np.stack([x, y], axis=1)
        away = unit(ring)
        tall = np.abs(np.sin(angle * ribs / 2)) ** 0.7 * 0.0024
        band = np.empty((22, AROUND + 1, 3))
        spread = puff[:, None] + tall[None] * np.clip(np.sin(np.pi * f), 0, 1)[:, None] ** 0.5
        band[..., :2] = ring[None] + away[None] * spread[..., None]
        uneven = 0.004 * np.sin(angle + block.spec.seed % 6)
        band[..., 2] = 0.001 + f[:, None] * (cuff + uneven[None])
        folded = block.cloth
        if block.has("contrast"):
            folded = plain("knit", block.spec.colours[1])
        grid_object("cuff", band, folded, _uv(band))
        if block.has("badge"):
            _label(block, band)
    else:
        _ring_tube(crown[0] + [0, 0, 0.002], 0.003, block.cloth)
    if block.size("bobble"):
        _bobble(block, crown[-1].mean(axis=0))


def _label(block: Block, band: Points) -> None:
    middle = AROUND // 2
    patch = band[7:16, middle - 6 : middle + 7]
    patch = patch + unit(patch * [1, 1, 0]) * 0.0022
    grid_object(
        "label", patch, plain("leather", block.rng.choice(["#8a5a34", "#2e2a28", "#d8cdb8"]))
    )


def _bobble(block: Block, top: Points) -> None:
    """A pompon: thousands of short yarns."""
    source = np.random.default_rng(block.spec.seed)
    way = unit(source.normal(size=(1500, 3)))
    radius = 0.031 * source.uniform(0.86, 1.06, size=(1500, 1))
    centre = top + [0, 0, 0.024]
    side = unit(np.cross(way, source.normal(size=(1500, 3))))
    grids = []
    for out, reach, edge in zip(way, radius, side, strict=True):
        root, tip = centre + out * 0.006, centre + out * reach
        width = edge * 0.0011
        grids.append(
            np.array([[root - width, root + width], [tip - width * 1.6, tip + width * 1.6]])
        )
    colour = block.spec.colours[1] if block.rng.random() < 0.5 else block.spec.colours[0]
    grids_object("bobble", grids, plain("cord", colour))


def _beret(block: Block) -> None:
    height, wide = block.size("height"), block.size("wide")
    angle = _angles()
    profile = np.array(
        [
            [0.083, 0.0],
            [0.086, 0.012],
            [0.1, 0.02],
            [wide * 0.93, 0.032],
            [wide, 0.046],
            [wide * 0.93, 0.06],
            [wide * 0.7, height * 0.94],
            [wide * 0.35, height],
            [0.0005, height],
        ]
    )
    line = smooth_path(profile, 60)
    lean = 0.022
    rings = np.empty((60, AROUND + 1, 3))
    rise = line[:, 1] / height
    rings[..., 0] = np.sin(angle)[None] * line[:, :1] * 0.98 + lean * rise[:, None]
    rings[..., 1] = -np.cos(angle)[None] * line[:, :1] + 0.012 * rise[:, None]
    droop = -0.02 * np.sin(angle)[None] * (line[:, :1] / wide) ** 2
    rings[..., 2] = line[:, 1:] + droop + 0.02
    fold = np.sin(angle * 7 + 1.3 * np.sin(angle * 2))[None] * 0.0035
    rings[..., 2] += fold * np.clip(line[:, :1] / wide, 0, 1) * np.clip(1 - rise[:, None], 0, 1)
    rings = _rough(rings, 0.003, block.spec.seed, 0.06)
    rings[..., 2] -= rings[..., 2].min()
    grid_object("beret", rings, block.cloth, _draped_uv(rings))
    stalk = rings[-1].mean(axis=0)
    grids_object(
        "stalk", [tube(np.array([stalk, stalk + [0.002, 0, 0.012]]), 0.0022, sides=8)], block.cloth
    )
    _ring_tube(rings[1], 0.0028, plain("leather", "#2c2624") if block.has("bound") else block.cloth)


def _flat_cap(block: Block) -> None:
    height, wide = block.size("height"), block.size("wide")
    angle = _angles()
    rows = 50
    turn = np.linspace(0, np.pi / 2, rows)
    share = np.sin(turn) ** 0.75
    out = np.maximum(np.cos(turn), 1e-3) ** 0.55
    rings = np.empty((rows, AROUND + 1, 3))
    ahead = np.clip(np.cos(angle), 0, 1)
    x, y = np.sin(angle) * wide * 0.74, -np.cos(angle) * (0.1 + 0.052 * ahead**2)
    low = 0.9 + 0.1 * np.sin(np.pi * np.clip(share * 1.2, 0, 1))
    rings[..., 0] = x[None] * (out * low)[:, None]
    rings[..., 1] = y[None] * (out * low)[:, None]
    tall = height * (0.86 - 0.36 * np.clip(-rings[..., 1] / 0.15, -0.15, 1) ** 1.0)
    rings[..., 2] = share[:, None] * tall + 0.012
    rings = _rough(rings, 0.0024, block.spec.seed, 0.055)
    grid_object("cap", rings, block.cloth, _draped_uv(rings))
    spread = np.linspace(-0.95, 0.95, 51)
    f = np.linspace(0, 1, 12)[:, None]
    front = (1 - (np.abs(spread) / 0.95) ** 3) ** 0.6
    bill = np.empty((12, 51, 3))
    bill[..., 0] = np.sin(spread) * wide * 0.72 * (1 + 0.04 * f)
    bill[..., 1] = -np.cos(spread) * 0.128 + 0.012 - 0.045 * f * front
    bill[..., 2] = 0.022 - 0.012 * f - 0.02 * (bill[..., 0] / 0.09) ** 2 + 0.004
    bill[..., 2] = np.maximum(bill[..., 2], 0.003)
    whole = np.concatenate([bill, bill[::-1] - [0, 0, 0.003]])
    grid_object("bill", whole, block.cloth, whole[..., :2].copy())
    grids_object("edge", [tube(bill[-1] - [0, 0, 0.0015], 0.0022, sides=8)], block.cloth)
    _button(block, rings[-1, 0])


STYLES: dict[str, Callable[[Block], None]] = {
    "cap": _cap,
    "brim": _brim_hat,
    "bucket": _bucket,
    "beanie": _beanie,
    "beret": _beret,
    "flat": _flat_cap,
}
