"""Bags: totes, shoulder bags, buckets, backpacks, clutches and satchels."""

from __future__ import annotations

import random
from collections.abc import Callable

from ..spec import Spec
from .backpacks import backpack
from .bag_cut import Cut, cut_out
from .clutches import clutch
from .satchels import satchel
from .shoulder_bags import shoulder
from .totes import bucket, tote

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
        "style": "basket",
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
PATTERNS = (
    "plain",
    "stripes",
    "checks",
    "camouflage",
    "print",
    "floral",
    "dots",
    "colour-block",
    "leopard",
    "zebra",
    "snake",
)
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

_SMALL = ("colour-block", "leopard", "snake", "colour-block", "zebra")

PRINTS: dict[str, tuple[str, ...]] = {
    "shopper": ("stripes", "checks", "floral", "colour-block", "print", "leopard"),
    "tall tote": ("stripes", "checks", "floral", "print", "dots", "colour-block"),
    "work tote": ("colour-block", "snake"),
    "basket": ("stripes", "colour-block"),
    "baguette": (*_SMALL, "print", "floral"),
    "saddle": _SMALL,
    "camera": (*_SMALL, "camouflage", "stripes"),
    "quilted": ("colour-block", "floral", "snake"),
    "bucket": ("colour-block", "colour-block", "stripes", "leopard", "floral"),
    "daypack": ("camouflage", "print", "floral", "colour-block", "checks"),
    "city pack": ("camouflage", "checks", "colour-block", "stripes"),
    "envelope": (*_SMALL, "print", "floral"),
    "fold clutch": ("colour-block", "snake", "print", "zebra", "stripes"),
    "frame clutch": ("floral", "dots", "print", "leopard", "colour-block"),
    "satchel": ("colour-block", "colour-block", "checks"),
    "small satchel": ("colour-block", "leopard", "snake"),
}
"""The patterns, other than plain, that each silhouette is sold in."""

_BLOCKS = ("base", "half", "middle", "top")
_LOCKS = ("turn", "buckle", "stud", "ring", "bar")

DRAWN: dict[str, dict[str, tuple[str, ...]]] = {
    "tote": {
        "handles": ("short", "long", "rolled", "rope", "webbing", "top"),
        "front": ("bare", "bare", "patch", "pocket", "belt", "studs"),
        "base": ("bare", "bare", "dipped"),
        "closing": ("open", "open", "tab"),
        "rim": ("bare", "bare", "bare", "bare", "fringe"),
        "block": _BLOCKS,
    },
    "basket": {
        "handles": ("short", "long", "rolled", "rope"),
        "rim": ("bare", "bare", "fringe"),
        "closing": ("open", "open", "tab"),
        "block": ("base", "top"),
    },
    "shoulder": {
        "flap": ("straight", "curved", "pointed", "scalloped"),
        "lock": _LOCKS,
        "edge": ("bare", "bare", "bare", "fringe", "studs"),
        "strap": ("thin", "wide", "chain", "short"),
        "front": ("pocket", "zip pocket", "stripe", "chevron", "diamond", "channels", "studs"),
        "block": ("half", "base", "middle"),
    },
    "bucket": {
        "strap": ("thin", "wide", "short"),
        "base": ("bare", "dipped"),
        "rim": ("bare", "bare", "fringe"),
        "block": ("base", "top", "half"),
    },
    "backpack": {
        "pockets": ("one", "two", "tall", "low"),
        "base": ("bare", "dipped"),
        "sides": ("bare", "compression"),
        "closing": ("two", "one"),
        "block": ("base", "top", "half"),
    },
    "clutch": {
        "flap": ("pointed", "straight", "curved", "slanted"),
        "lock": (*_LOCKS, "hidden"),
        "edge": ("bare", "bare", "bare", "fringe"),
        "carry": ("hand", "wristlet", "chain"),
        "block": ("half", "top", "middle"),
    },
    "satchel": {
        "closing": ("two", "one", "turn", "studded"),
        "flap": ("straight", "curved"),
        "pockets": ("one", "two"),
        "strap": ("bare", "long"),
    },
}
"""How the parts of a style's designs are made."""

REACHES = {"shoulder": (0.2, 0.48), "backpack": (0.5, 0.62), "clutch": (0.2, 0.55)}
"""Where a flap ends, as a share of the bag's height."""


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: its proportions and how its parts are made."""
    shape = SHAPES[silhouette]
    style = str(shape["style"])
    drawn: dict[str, float | str] = {
        name: float(shape[name]) * rng.uniform(0.86, 1.14) for name in ("width", "height", "depth")
    }
    drawn |= {part: rng.choice(ways) for part, ways in DRAWN[style].items()}
    drawn["metal"] = rng.choice(["brass", "nickel", "nickel", "copper", "black"])
    drawn["rise"] = rng.uniform(0.17, 0.27)
    low, high = REACHES.get(style, (0.3, 0.5))
    drawn["reach"] = rng.uniform(low, high)
    if silhouette == "quilted":
        drawn |= {"quilting": rng.choice(["diamond", "squares", "chevron", "channels"])}
        drawn |= {"edge": "bare", "flap": rng.choice(["straight", "curved", "pointed"])}
    if style == "bucket":
        drawn |= {"pleats": float(rng.choice([9, 13, 17])), "taper": rng.uniform(0.12, 0.38)}
    if style == "backpack" and "flap" not in shape:
        drawn["dome"] = rng.uniform(0.16, 0.36)
    return drawn


def build(spec: Spec) -> None:
    """Put the bag in the scene, standing at the origin, its front towards -Y."""
    STYLES[str(spec.shape["style"])](cut_out(spec))


STYLES: dict[str, Callable[[Cut], None]] = {
    "tote": tote,
    "basket": tote,
    "shoulder": shoulder,
    "bucket": bucket,
    "backpack": backpack,
    "clutch": clutch,
    "satchel": satchel,
}
