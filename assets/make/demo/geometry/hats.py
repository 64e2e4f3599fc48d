"""Hats: baseball caps, brimmed felts and straws, bucket hats, beanies, berets, flat caps."""

from __future__ import annotations

import random
from collections.abc import Callable

from ..spec import Spec
from .brimmed_hats import brimmed
from .caps import cap
from .hat_block import Block, on_block
from .soft_hats import beanie, beret, bucket, flat_cap, newsboy

SHAPES: dict[str, dict[str, float | str]] = {
    "baseball cap": {"style": "cap", "height": 0.108, "bill": 0.075},
    "trucker cap": {"style": "cap", "height": 0.122, "bill": 0.078, "mesh": 1.0},
    "visor": {"style": "cap", "height": 0.04, "bill": 0.085, "open": 1.0},
    "five-panel cap": {"style": "cap", "height": 0.1, "bill": 0.07, "flat": 1.0},
    "fedora": {"style": "brim", "height": 0.125, "brim": 0.065, "pinch": 1.0, "snap": 0.4},
    "wide brim": {"style": "brim", "height": 0.115, "brim": 0.095, "pinch": 0.7, "snap": 0.0},
    "western": {
        "style": "brim",
        "height": 0.13,
        "brim": 0.085,
        "pinch": 1.0,
        "snap": 0.35,
        "curl": 1.9,
    },
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
    "flat cap": {"style": "flat", "height": 0.082, "wide": 0.125},
    "newsboy cap": {"style": "newsboy", "height": 0.088, "wide": 0.122, "bill": 0.05},
}

SUITS: dict[str, tuple[str, ...]] = {
    "baseball cap": ("cotton", "cotton", "denim", "corduroy", "suede"),
    "trucker cap": ("cotton", "canvas"),
    "visor": ("cotton", "nylon", "straw"),
    "five-panel cap": ("nylon", "canvas", "cotton"),
    "fedora": ("felt", "felt", "wool"),
    "wide brim": ("felt", "felt", "suede"),
    "western": ("felt", "suede", "leather", "straw"),
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
    "newsboy cap": ("tweed", "wool", "corduroy", "leather"),
    "flat cap": ("tweed", "wool", "tweed", "corduroy"),
}
"""The materials each silhouette is sold in."""

_CAPS = ("camouflage", "checks", "colour-block", "floral", "print", "stripes", "leopard")
_BUCKETS = ("floral", "checks", "camouflage", "print", "leopard", "stripes", "zebra", "dots")

PRINTS: dict[str, tuple[str, ...]] = {
    "baseball cap": _CAPS,
    "trucker cap": ("colour-block", "camouflage", "floral", "checks"),
    "visor": ("stripes", "colour-block", "floral"),
    "five-panel cap": _CAPS,
    "fedora": ("colour-block", "checks"),
    "wide brim": ("colour-block", "leopard"),
    "western": ("colour-block", "snake", "leopard"),
    "panama": ("stripes", "colour-block"),
    "boater": ("stripes", "colour-block"),
    "cloche": ("colour-block", "stripes"),
    "bucket hat": (*_BUCKETS, "colour-block"),
    "deep bucket hat": (*_BUCKETS, "colour-block", "snake"),
    "cuffed beanie": ("stripes", "colour-block"),
    "bobble beanie": ("stripes", "colour-block"),
    "fisherman beanie": ("stripes", "colour-block"),
    "beret": ("checks", "leopard", "stripes", "colour-block"),
    "flat cap": ("checks",),
    "newsboy cap": ("checks", "colour-block"),
    "sun hat": ("stripes", "colour-block", "checks"),
}
"""The patterns, other than plain, that each silhouette is sold in."""

MATERIALS = tuple(dict.fromkeys(material for suited in SUITS.values() for material in suited))
PATTERNS = tuple(dict.fromkeys(("plain", *(drawn for each in PRINTS.values() for drawn in each))))
TRIMS = ("band", "feather", "stitching", "badge", "contrast", "cord", "bound")

_MARKS = ("bare", "disc", "bars", "wave", "peaks", "letter", "patch", "patch")

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "cap": {
        "badge": _MARKS,
        "rope": ("bare", "bare", "rope"),
        "under": ("same", "contrast"),
        "block": ("pinwheel", "front", "front"),
    },
    "brim": {
        "crown": ("centre", "teardrop", "telescope", "round"),
        "ribbon": ("ribbon", "leather", "braid", "striped", "scarf"),
        "edge": ("clean", "clean", "clean", "frayed"),
        "block": ("brim", "edge"),
    },
    "bucket": {
        "edge": ("clean", "clean", "frayed"),
        "band": ("bare", "bare", "band"),
        "block": ("brim", "tip", "brim"),
    },
    "beanie": {"block": ("cuff", "tip", "stripes")},
}
"""How the parts of a style's designs are made."""

MEASURES: dict[str, dict[str, tuple[float, float]]] = {
    "cap": {"bend": (0.4, 1.35), "rows": (4, 8.9), "square": (2.3, 2.8)},
    "brim": {"tall": (0.014, 0.04), "curl": (0.5, 1.5), "wave": (0.002, 0.012), "phase": (0, 6)},
    "bucket": {"lean": (0.45, 0.82), "rows": (3, 9.9), "taper": (0.06, 0.2), "phase": (0, 6)},
    "beanie": {
        "ribs": (26, 60),
        "slouch": (-0.2, 0.9),
        "pompon": (0.026, 0.044),
        "label": (-20, 20),
    },
    "beret": {"lean": (-0.03, 0.04)},
}
"""The range of a style's measures, besides those of the silhouette itself."""


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: its measures and how its parts are made."""
    shape = SHAPES[silhouette]
    style = str(shape["style"])
    drawn: dict[str, float | str] = {
        name: float(shape[name]) * rng.uniform(0.88, 1.14)
        for name in ("height", "bill", "brim", "cuff", "wide")
        if name in shape
    }
    drawn |= {part: rng.choice(ways) for part, ways in PARTS.get(style, {}).items()}
    for name, (low, high) in MEASURES.get(style, {}).items():
        drawn[name] = float(shape.get(name, 1.0)) * rng.uniform(low, high)
    if style == "brim" and not shape["pinch"]:
        drawn |= {"crown": "round"}
    return drawn


def build(spec: Spec) -> None:
    """Put the hat in the scene, its brow towards -Y, standing on the floor."""
    STYLES[str(spec.shape["style"])](on_block(spec))


STYLES: dict[str, Callable[[Block], None]] = {
    "cap": cap,
    "brim": brimmed,
    "bucket": bucket,
    "beanie": beanie,
    "beret": beret,
    "flat": flat_cap,
    "newsboy": newsboy,
}
