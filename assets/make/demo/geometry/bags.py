"""Bags: totes, shoulder bags, buckets, backpacks, clutches and satchels."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from .bag_body import Body, body, show, skin
from .bag_parts import (
    buckle,
    chain,
    flap,
    panel,
    piping,
    ring,
    rivets,
    stitches,
    strap,
    tab,
    turn_lock,
)
from .fastenings import zip_line
from .lofts import Points, grid_object, smooth_path

SHAPES: dict[str, dict[str, float | str]] = {
    "shopper": {"style": "tote", "width": 0.40, "height": 0.32, "depth": 0.13, "flare": 0.12},
    "tall tote": {"style": "tote", "width": 0.34, "height": 0.38, "depth": 0.10, "flare": 0.0},
    "work tote": {
        "style": "tote",
        "width": 0.38,
        "height": 0.27,
        "depth": 0.14,
        "flare": 0.16,
        "stiff": 1.0,
    },
    "basket": {
        "style": "tote",
        "width": 0.38,
        "height": 0.25,
        "depth": 0.2,
        "flare": 0.22,
        "stiff": 1.0,
        "round": 1.0,
    },
    "baguette": {"style": "shoulder", "width": 0.27, "height": 0.14, "depth": 0.06, "round": 0.3},
    "saddle": {"style": "shoulder", "width": 0.24, "height": 0.2, "depth": 0.075, "round": 0.8},
    "camera": {"style": "shoulder", "width": 0.21, "height": 0.14, "depth": 0.075, "zip": 1.0},
    "quilted": {
        "style": "shoulder",
        "width": 0.26,
        "height": 0.165,
        "depth": 0.075,
        "round": 0.12,
        "chain": 1.0,
    },
    "bucket": {"style": "bucket", "width": 0.23, "height": 0.27, "depth": 0.17},
    "daypack": {"style": "backpack", "width": 0.29, "height": 0.42, "depth": 0.15},
    "city pack": {"style": "backpack", "width": 0.28, "height": 0.36, "depth": 0.13, "flap": 1.0},
    "envelope": {"style": "clutch", "width": 0.27, "height": 0.16, "depth": 0.035, "point": 1.0},
    "fold clutch": {"style": "clutch", "width": 0.29, "height": 0.15, "depth": 0.04, "point": 0.0},
    "frame clutch": {
        "style": "clutch",
        "width": 0.21,
        "height": 0.13,
        "depth": 0.055,
        "frame": 1.0,
    },
    "satchel": {"style": "satchel", "width": 0.34, "height": 0.25, "depth": 0.095},
    "small satchel": {"style": "satchel", "width": 0.26, "height": 0.19, "depth": 0.08},
}

MATERIALS = ("leather", "canvas", "suede", "nylon", "straw", "corduroy", "denim", "patent", "satin")
PATTERNS = ("plain", "stripes", "checks", "camouflage", "print", "floral")
TRIMS = ("contrast", "stitching", "gold", "tassel", "pocket", "piping")

SUITS: dict[str, tuple[str, ...]] = {
    "shopper": ("canvas", "canvas", "leather", "suede", "corduroy", "denim"),
    "tall tote": ("canvas", "canvas", "canvas", "leather"),
    "work tote": ("leather", "leather", "suede"),
    "basket": ("straw",),
    "baguette": ("leather", "patent", "suede", "nylon", "satin"),
    "saddle": ("leather", "leather", "suede"),
    "camera": ("leather", "nylon", "suede", "canvas"),
    "quilted": ("leather", "patent", "satin"),
    "bucket": ("leather", "suede", "canvas"),
    "daypack": ("nylon", "canvas", "nylon", "leather", "corduroy"),
    "city pack": ("canvas", "nylon", "leather"),
    "envelope": ("leather", "suede", "satin", "patent"),
    "fold clutch": ("leather", "suede", "satin", "straw"),
    "frame clutch": ("satin", "leather", "patent", "satin"),
    "satchel": ("leather", "leather", "canvas", "suede"),
    "small satchel": ("leather", "leather", "suede"),
}
"""The materials each silhouette is sold in."""

PRINTS: dict[str, tuple[str, ...]] = {
    "shopper": ("plain", "plain", "plain", "stripes", "checks", "floral"),
    "tall tote": ("plain", "plain", "stripes", "checks", "floral", "print"),
    "basket": ("plain", "plain", "stripes"),
    "baguette": ("plain", "plain", "plain", "print"),
    "quilted": ("plain", "plain", "plain", "floral"),
    "daypack": ("plain", "plain", "camouflage", "print", "floral"),
    "city pack": ("plain", "plain", "camouflage", "checks"),
    "envelope": ("plain", "plain", "print", "floral"),
    "fold clutch": ("plain", "plain", "print"),
    "frame clutch": ("plain", "floral", "dots", "print"),
}
"""The patterns each silhouette is sold in; the others come plain."""

HIDES = ("leather", "suede", "patent")


@dataclass(frozen=True)
class Cut:
    """A bag on the cutting table: its spec, materials and random source."""

    spec: Spec
    rng: random.Random
    cloth: bpy.types.Material
    trim: bpy.types.Material
    thread: bpy.types.Material
    metal: bpy.types.Material
    lining: bpy.types.Material

    def size(self, name: str) -> float:
        """A length or switch of the silhouette; 0 where it has none."""
        return float(self.spec.shape.get(name, 0.0))

    def has(self, trim: str) -> bool:
        """Whether the product has this trim."""
        return trim in self.spec.trims


def build(spec: Spec) -> None:
    """Put the bag in the scene, standing at the origin, its front towards -Y."""
    main, _, trim = spec.colours
    hide = spec.material in HIDES
    if "contrast" in spec.trims:
        trim_colour = "#5a3823" if not hide else trim
        trimming = plain("leather", trim_colour)
    elif hide:
        trimming = plain(spec.material, main)
    elif spec.material == "straw":
        trimming = plain("leather", "#8d5428")
    elif spec.material in ("satin",):
        trimming = plain("satin", main)
    else:
        trimming = plain("nylon" if spec.material == "nylon" else "canvas", main)
    threads = trim if "stitching" in spec.trims else _deeper(main)
    cut = Cut(
        spec,
        random.Random(spec.seed),
        fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed),
        trimming,
        plain("thread", threads),
        plain("metal", "#cfa452" if "gold" in spec.trims else "#c3c5c8"),
        plain("cotton", "#cbbfa9" if spec.seed % 3 else "#4b4640"),
    )
    STYLES[str(spec.shape["style"])](cut)


def _deeper(colour: str) -> str:
    digits = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{int(d * 0.72):02x}" for d in digits)


def _tote(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    flare, stiff, rounded = cut.size("flare"), cut.size("stiff"), cut.size("round")
    closing = 0.25 if stiff else 0.62

    def wide(t: Points) -> Points:
        return w / 2 * (1 - flare + flare * t)

    def deep(t: Points) -> Points:
        if rounded:
            return d / 2 * (0.8 + 0.25 * t)
        return d / 2 * (1 - closing * t**1.4)

    shell = body(
        wide,
        deep,
        h,
        square=2.6 if rounded else (7.0 if stiff else 4.2),
        corner=0.03 if rounded else 0.014,
        slouch=0.0012 if stiff else 0.006,
        seed=cut.spec.seed,
        opened=True,
    )
    show(shell, cut.cloth, cut.lining)
    top = shell.top()
    reach = cut.rng.choice([0.5, 0.75]) * h if not stiff else 0.5 * h
    apart = w * 0.2
    band = 0.03 if cut.spec.material in ("canvas", "denim", "corduroy") else 0.02
    trim = cut.trim
    for side in (-1, 1):
        drop = 0.05
        low = [shell.front(x, top - drop, 0.004) for x in (-apart, apart)]
        high = [shell.front(x, top - 0.004, 0.004) for x in (-apart, apart)]
        knots = np.array(
            [
                low[0],
                high[0],
                [-apart * 0.93, high[0][1] * 0.95, top + reach * 0.45],
                [-apart * 0.52, high[0][1] * 0.6 - 0.012, top + reach * 0.9],
                [0, high[0][1] * 0.55 - 0.015, top + reach],
                [apart * 0.52, high[0][1] * 0.6 - 0.012, top + reach * 0.9],
                [apart * 0.93, high[0][1] * 0.95, top + reach * 0.45],
                high[1],
                low[1],
            ]
        )
        knots[:, 1] = side * np.abs(knots[:, 1])
        radial = np.array([0.0, -1.0, 0.0])
        strap(
            knots, band, trim, up=radial, thick=0.0045, thread=cut.thread if band > 0.025 else None
        )
    for x in (-apart, apart):
        tab(shell, x, (top - 0.075, top - 0.03), band * 1.25, trim, cut.thread, lift=0.0065)
    edge = np.linspace(-w * 0.47, w * 0.47, 80)
    stitches(shell, np.stack([edge, np.full(80, top - 0.018)], axis=1), cut.thread)
    if cut.has("piping") and not rounded:
        piping(shell, 0.36 if d / w < 0.3 else 0.33, trim, low=0.14)
    if cut.has("contrast") and not rounded:
        base = h * 0.2
        panel(
            shell,
            (-shell.half_width(base) * 0.985, shell.half_width(base) * 0.985),
            lambda x: np.full_like(x, 0.018),
            lambda x: np.full_like(x, base),
            trim,
            lift=0.0016,
            columns=70,
        )
    if cut.has("pocket") and not rounded:
        panel(
            shell,
            (-w * 0.19, w * 0.19),
            lambda x: np.full_like(x, h * 0.22),
            lambda x: np.full_like(x, h * 0.66),
            cut.cloth,
            lift=0.003,
            stitched=cut.thread,
        )
    if cut.has("tassel"):
        _tassel(cut, shell.front(apart, top - 0.03, 0.012))


def _tassel(cut: Cut, at: Points) -> None:
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


def _shoulder(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    rounded = cut.size("round")

    def wide(t: Points) -> Points:
        low = np.clip(t / max(rounded, 0.02), 0, 1)
        curve = np.sqrt(np.clip(1 - (1 - low) ** 2, 0, 1))
        least = 1 - 0.42 * min(rounded * 1.6, 1.0)
        return w / 2 * (least + (1 - least) * curve) * (1 - 0.05 * rounded * t)

    boxy = bool(cut.size("zip"))

    def deep(t: Points) -> Points:
        if boxy:
            return d / 2 * np.sqrt(np.clip(1 - np.clip((t - 0.9) / 0.1, 0, 1) ** 2 * 0.96, 0, 1))
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.45, 0, 1) / 0.555) ** 2, 0.002, 1))

    shell = body(wide, deep, h, square=6.0, corner=0.014, slouch=0.0016, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    piping(shell, 0.38, cut.trim if cut.has("piping") or not boxy else cut.cloth, low=0.2)
    top = shell.top()
    if boxy:
        line = np.linspace(-w * 0.44, w * 0.44, 40)
        path = np.stack([line, np.zeros(40), np.full(40, top + 0.002)], axis=1)
        zip_line(path, np.broadcast_to([0.0, 0, 1.0], path.shape), cut.trim, cut.metal, half=0.009)
        panel(
            shell,
            (-w * 0.4, w * 0.4),
            lambda x: np.full_like(x, h * 0.14),
            lambda x: np.full_like(x, h * 0.66),
            cut.cloth,
            puff=0.007,
            stitched=cut.thread,
        )
        rivets([shell.front(w * 0.33, h * 0.55, 0.006)], cut.metal, 0.004)
    else:
        _shoulder_flap(cut, shell, w, h, rounded)
    _long_strap(cut, shell, w, chained=bool(cut.size("chain")))
    if cut.has("tassel"):
        _tassel(cut, shell.front(w * 0.42, h * 0.86, 0.01))


def _shoulder_flap(cut: Cut, shell: Body, w: float, h: float, rounded: float) -> None:
    half = w * 0.475
    reach = 0.3 if rounded > 0.5 else 0.42

    def low(x: Points) -> Points:
        x = np.asarray(x, float)
        side = np.clip(np.abs(x) / half, 0, 1)
        if rounded > 0.5:
            return h * (reach + 0.5 * (1 - np.sqrt(np.clip(1 - side**2.2, 0, 1))))
        return h * (reach + 0.16 * np.clip((side - 0.82) / 0.18, 0, 1) ** 2)

    over = flap(
        shell, low, cut.cloth, half=half, stitched=None if cut.size("chain") else cut.thread
    )
    if cut.size("chain"):
        _quilting(cut, shell, low, half, h)
    place = over(0.0, h * (reach + 0.07))
    if cut.size("chain") or cut.rng.random() < 0.6:
        turn_lock(place, cut.metal, 0.032)
    else:
        buckle(place, 0.03, cut.metal, tall=0.034)
        strap(
            [
                over(0.0, h * (reach + 0.3)) + [0, -0.002, 0],
                place + [0, -0.004, 0],
                over(0.0, h * (reach + 0.01)) + [0, -0.002, -0.02],
            ],
            0.022,
            cut.trim,
            up=[0, -1, 0],
            thread=cut.thread,
            count=24,
        )


def _quilting(
    cut: Cut, shell: Body, low: Callable[[Points], Points], half: float, h: float
) -> None:
    """Padded diamonds: a puffed layer over the flap's front."""
    rows, columns = 90, 120
    x = np.linspace(-half * 0.985, half * 0.985, columns)
    share = np.linspace(0.012, 0.9, rows)[:, None]
    bottom = low(x)[None]
    z = bottom + (h - bottom) * share
    pitch = 0.03
    a, b = (x[None] + z) / pitch, (x[None] - z) / pitch
    puffed = (np.abs(np.sin(np.pi * a)) * np.abs(np.sin(np.pi * b))) ** 0.5
    rim = np.minimum(1, 12 * np.minimum(share, 1 - share)) * np.minimum(
        1, 14 * np.minimum(x + half, half - x) / half
    )
    s, t = shell.find(np.broadcast_to(x, z.shape), z)
    points = shell.skin.at(s, t, 0.0042 + 0.0042 * puffed * np.clip(rim, 0, 1))
    grid_object("quilt", points, cut.cloth, shell.skin.uv_at(s, t))


def _long_strap(cut: Cut, shell: Body, w: float, *, chained: bool) -> None:
    top = shell.top()
    side = shell.half_width(top * 0.86)
    rise = cut.rng.uniform(0.7, 1.15) * (0.2 if w > 0.22 else 0.17) + 0.03
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
    knots[0, 2] += 0.014
    knots[-1, 2] += 0.014
    if chained:
        chain(knots, cut.metal, link=0.0135)
        return
    radial = np.array(
        [
            [-1, 0, 0],
            [-1, 0, 0.25],
            [-0.6, 0, 0.8],
            [0, 0, 1],
            [0.6, 0, 0.8],
            [1, 0, 0.25],
            [1, 0, 0],
        ],
        dtype=float,
    )
    strap(knots, 0.018, cut.trim, up=radial, thick=0.004)


def _bucket(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))

    def wide(t: Points) -> Points:
        return w / 2 * (0.9 + 0.1 * np.sin(np.pi * np.clip(t * 0.8, 0, 1)) - 0.3 * t**4)

    def deep(t: Points) -> Points:
        return d / 2 * (0.95 + 0.05 * np.sin(np.pi * t) - 0.38 * t**4)

    shell = body(
        wide, deep, h, square=2.3, corner=0.012, slouch=0.004, seed=cut.spec.seed, opened=True
    )
    pleats = 13
    points = shell.skin.points.copy()
    around = np.linspace(-1, 1, points.shape[1])
    rows = np.clip((points[..., 2] / h - 0.62) / 0.38, 0, 1) ** 1.5
    wave = 1 + 0.075 * rows * np.sin(np.pi * pleats * around)[None]
    points[..., 0] *= wave
    points[..., 1] *= wave
    shell = Body(skin(points), True)
    show(shell, cut.cloth, cut.lining)
    top = shell.top()
    t_cord = float(shell.find(0.0, top * 0.86)[1])
    turns = np.linspace(-1, 1, 160)
    inside = np.sin(np.pi * pleats * turns) * 0.0028
    cord = shell.skin.at(turns, np.full(160, t_cord), 0.002 + inside)
    strap(cord, 0.006, cut.trim, up=[0, 0, 1], thick=0.006, count=160)
    knot = shell.skin.at(0.0, t_cord, 0.007)
    for way in (-1, 1):
        hang = [knot, knot + [0.012 * way, -0.006, -0.015], knot + [0.018 * way, -0.004, -0.07]]
        path = strap(hang, 0.006, cut.trim, up=[0, -1, 0], thick=0.006, count=24)
        strap(
            [path[-1], path[-1] + [0.001 * way, -0.001, -0.018]],
            0.011,
            cut.trim,
            up=[0, -1, 0],
            thick=0.009,
            count=6,
        )
    base = h * 0.13
    if cut.has("contrast") or cut.has("piping"):
        rows_t = np.linspace(0.13, float(shell.find(0.0, base)[1]), 8)
        wrap = np.linspace(-1, 1, 129) * (1 - 1e-9)
        lifts = np.full(8, 0.002)
        lifts[-1] = -0.001
        band = np.stack(
            [shell.skin.at(wrap, t, lift) for t, lift in zip(rows_t, lifts, strict=True)]
        )
        grid_object("base", band, cut.trim)
    _long_strap(cut, shell, w * 0.95, chained=False)


def _backpack(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    flapped = bool(cut.size("flap"))
    dome = 0.1 if flapped else 0.26

    def over(t: Points) -> Points:
        return np.sqrt(np.clip(1 - np.clip((t - 1 + dome) / dome, 0, 1) ** 2, 0.0, 1))

    def wide(t: Points) -> Points:
        return w / 2 * (0.95 + 0.05 * np.sin(np.pi * t)) * (0.42 + 0.58 * over(t) ** 0.8)

    def deep(t: Points) -> Points:
        return d / 2 * (1 - 0.24 * t) * np.maximum(over(t), 0.03)

    shell = body(wide, deep, h, square=3.6, corner=0.03, slouch=0.005, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    top = shell.top()
    _back_straps(cut, w, d, top)
    if flapped:
        half = w * 0.41

        def low(x: Points) -> Points:
            side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
            return h * (0.55 + 0.1 * np.clip((side - 0.7) / 0.3, 0, 1) ** 2)

        place = flap(shell, low, cut.cloth, half=half, lift=0.008, stitched=cut.thread)
        for x in (-w * 0.22, w * 0.22):
            tip = place(x, h * 0.57)
            strap(
                [
                    place(x, h * 0.8) + [0, -0.002, 0],
                    tip + [0, -0.004, 0],
                    shell.front(x, h * 0.36, 0.012),
                ],
                0.024,
                cut.trim,
                up=[0, -1, 0],
                thread=cut.thread,
                count=36,
            )
            buckle(shell.front(x, h * 0.47, 0.012), 0.034, cut.metal, tall=0.028)
    else:
        s = np.linspace(-0.42, 0.42, 60)
        arch = np.stack(
            [
                np.sin(s / 0.42 * np.pi / 2) * w * 0.45,
                h * (0.5 + 0.40 * np.cos(s / 0.42 * np.pi / 2) ** 0.8),
            ],
            axis=1,
        )
        path = shell.front(arch[:, 0], arch[:, 1], 0.002)
        normals = shell.skin.normal(*shell.find(arch[:, 0], arch[:, 1]))
        zip_line(path, normals, cut.trim, cut.metal, half=0.008)
    if cut.has("pocket") or not flapped:
        high = h * 0.44
        half_pocket = w * 0.36
        panel(
            shell,
            (-half_pocket, half_pocket),
            lambda x: h * (0.08 + 0.05 * (np.abs(x) / half_pocket) ** 6),
            lambda x: high - 0.03 * (np.abs(x) / half_pocket) ** 6,
            cut.trim if cut.has("contrast") else cut.cloth,
            puff=0.022,
            lift=0.002,
            stitched=None,
        )
        zx = np.linspace(-half_pocket * 0.82, half_pocket * 0.82, 40)
        zs, zt = shell.find(zx, np.full(40, high - 0.03))
        zip_line(
            shell.skin.at(zs, zt, 0.014), shell.skin.normal(zs, zt), cut.trim, cut.metal, half=0.007
        )
    grip = np.array(
        [
            [-0.045, d * 0.1, top - 0.012],
            [-0.04, d * 0.1, top + 0.03],
            [0, d * 0.1, top + 0.045],
            [0.04, d * 0.1, top + 0.03],
            [0.045, d * 0.1, top - 0.012],
        ]
    )
    strap(
        grip,
        0.022,
        cut.trim,
        up=[[-1, 0, 0], [-0.7, 0, 0.7], [0, 0, 1], [0.7, 0, 0.7], [1, 0, 0]],
        thick=0.006,
        count=40,
    )


def _back_straps(cut: Cut, w: float, d: float, top: float) -> None:
    """Padded straps behind, seen over the shoulders and at the sides."""
    for side in (-1, 1):
        knots = np.array(
            [
                [side * w * 0.13, d * 0.3, top - 0.03],
                [side * w * 0.2, d * 0.52, top - 0.005],
                [side * w * 0.36, d * 0.95, top * 0.86],
                [side * w * 0.52, d * 1.05, top * 0.6],
                [side * w * 0.55, d * 0.85, top * 0.34],
                [side * w * 0.47, d * 0.45, top * 0.1],
            ]
        )
        up = np.array(
            [
                [0, 0.3, 1],
                [0.2 * side, 0.7, 0.7],
                [0.6 * side, 0.8, 0.3],
                [0.8 * side, 0.6, 0],
                [0.8 * side, 0.6, -0.2],
                [0.6 * side, 0.6, -0.5],
            ]
        )
        strap(knots, 0.055, cut.cloth, up=up, thick=0.013, thread=cut.thread)


def _clutch(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))
    if cut.size("frame"):
        _frame_clutch(cut, w, h, d)
        return

    def wide(t: Points) -> Points:
        return np.full_like(t, w / 2)

    def deep(t: Points) -> Points:
        return d / 2 * (0.75 + 0.4 * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.8 - 0.62 * t**3)

    shell = body(wide, deep, h, square=7.0, corner=0.01, slouch=0.0012, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    piping(shell, 0.43, cut.cloth, low=0.2, radius=0.0016)
    half = w * 0.485
    pointed = cut.size("point")

    def low(x: Points) -> Points:
        side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
        if pointed:
            return h * (0.24 + 0.62 * np.sqrt(side**2 + 0.003) - 0.03)
        return h * 0.45 + 0 * side

    place = flap(shell, low, cut.cloth, half=half, back=0.5, stitched=cut.thread)
    tip = h * (0.3 if pointed else 0.5)
    if cut.has("gold") or pointed:
        rivets([place(0.0, tip) + [0, -0.001, 0]], cut.metal, 0.0065)
    if cut.has("tassel"):
        _tassel(cut, shell.front(w * 0.46, h * 0.8, 0.012))
    if cut.has("piping"):
        x = np.linspace(-half, half, 50)
        strap(place(x, low(x)), 0.004, cut.metal, up=[0, -1, 0], thick=0.003, count=80)


def _frame_clutch(cut: Cut, w: float, h: float, d: float) -> None:
    def wide(t: Points) -> Points:
        return w / 2 * (1 - 0.14 * t**2)

    def deep(t: Points) -> Points:
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.2, 0, 1) / 0.83) ** 2, 0.03, 1))

    shell = body(wide, deep, h, square=4.5, corner=0.018, slouch=0.001, seed=cut.spec.seed)
    points = shell.skin.points.copy()
    gather = np.sin(points[..., 0] * 150) * 0.0022 * np.clip(points[..., 2] / h, 0, 1) ** 2
    points += shell.skin.normals * gather[..., None]
    shell = Body(skin(points), False)
    show(shell, cut.cloth, cut.lining)
    top = shell.top()
    edge = w * 0.44
    for y in (-0.0055, 0.0055):
        bar = np.array(
            [
                [-edge, y, top - 0.035],
                [-edge * 0.99, y, top - 0.004],
                [-edge * 0.9, y, top + 0.004],
                [0, y, top + 0.006],
                [edge * 0.9, y, top + 0.004],
                [edge * 0.99, y, top - 0.004],
                [edge, y, top - 0.035],
            ]
        )
        strap(bar, 0.009, cut.metal, up=[0, 1, 0], thick=0.0075, count=90)
    for x in (-0.006, 0.006):
        rivets([np.array([x, -0.004 if x < 0 else 0.004, top + 0.014])], cut.metal, 0.008)
        rivets([np.array([x, 0.004, top + 0.014])], cut.metal, 0.008)
    knots = np.array(
        [
            [-edge, 0, top - 0.006],
            [-edge * 1.25, -0.02, top * 0.6],
            [-edge * 1.35, -0.05, 0.02],
            [-edge * 0.9, -0.09, 0.004],
            [-edge * 0.2, -0.1, 0.004],
            [edge * 0.5, -0.085, 0.004],
        ]
    )
    if cut.has("gold"):
        chain(smooth_path(knots, 60), cut.metal, link=0.009)


def _satchel(cut: Cut) -> None:
    w, h, d = (cut.size(name) for name in ("width", "height", "depth"))

    def wide(t: Points) -> Points:
        return w / 2 * (1 - 0.03 * t)

    def deep(t: Points) -> Points:
        return d / 2 * np.sqrt(np.clip(1 - (np.clip(t - 0.72, 0, 1) / 0.282) ** 2, 0.004, 1))

    shell = body(wide, deep, h, square=9.0, corner=0.009, slouch=0.0009, seed=cut.spec.seed)
    show(shell, cut.cloth, cut.lining)
    piping(shell, 0.38, cut.trim, low=0.2, radius=0.002)
    half = w * 0.465

    def low(x: Points) -> Points:
        side = np.clip(np.abs(np.asarray(x, float)) / half, 0, 1)
        return h * (0.36 + 0.09 * np.clip((side - 0.86) / 0.14, 0, 1) ** 2)

    panel(
        shell,
        (-w * 0.4, w * 0.4),
        lambda x: np.full_like(x, h * 0.08),
        lambda x: np.full_like(x, h * 0.5),
        cut.cloth,
        puff=0.008,
        stitched=cut.thread,
    )
    place = flap(shell, low, cut.cloth, half=half, lift=0.012, stitched=cut.thread)
    closing = (-w * 0.24, w * 0.24) if cut.rng.random() < 0.75 else (0.0,)
    for x in closing:
        strap(
            [
                place(x, h * 0.72) + [0, -0.002, 0],
                place(x, h * 0.5) + [0, -0.003, 0],
                place(x, h * 0.37) + [0, -0.004, 0],
                shell.front(x, h * 0.24, 0.014),
                shell.front(x, h * 0.13, 0.012),
            ],
            0.022,
            cut.trim,
            up=[0, -1, 0],
            thread=cut.thread,
            count=44,
        )
        buckle(shell.front(x, h * 0.27, 0.018), 0.032, cut.metal, tall=0.028)
    top = shell.top()
    gap = w * 0.17
    grip = np.array(
        [
            [-gap, 0, top - 0.004],
            [-gap * 0.95, 0, top + 0.03],
            [-gap * 0.5, 0, top + 0.048],
            [0, 0, top + 0.052],
            [gap * 0.5, 0, top + 0.048],
            [gap * 0.95, 0, top + 0.03],
            [gap, 0, top - 0.004],
        ]
    )
    up = np.array(
        [[-1, 0, 0], [-0.8, 0, 0.5], [-0.2, 0, 1], [0, 0, 1], [0.2, 0, 1], [0.8, 0, 0.5], [1, 0, 0]]
    )
    strap(grip, 0.024, cut.trim, up=up, thick=0.008)
    if cut.has("pocket"):
        _long_strap(cut, shell, w, chained=False)


STYLES: dict[str, Callable[[Cut], None]] = {
    "tote": _tote,
    "shoulder": _shoulder,
    "bucket": _bucket,
    "backpack": _backpack,
    "clutch": _clutch,
    "satchel": _satchel,
}
