"""Trousers: jeans, chinos, pressed and pleated trousers, joggers, wide legs, cargo."""

from __future__ import annotations

import random

from ..spec import Spec
from .cloth_sheet import stand_on_ground
from .tailored import tailored

SHAPES: dict[str, dict[str, float | str]] = {
    "straight jeans": {"style": "jeans"},
    "skinny jeans": {
        "style": "jeans", "thigh": 0.182, "knee": 0.128, "hem": 0.108, "hip": 0.207, "waist": 0.175,
        "breaks": 0.007,
    },
    "wide jeans": {
        "style": "jeans", "thigh": 0.228, "knee": 0.218, "hem": 0.225, "rise": 0.29, "stance": 0.02,
    },
    "flared jeans": {
        "style": "jeans", "thigh": 0.186, "knee": 0.146, "hem": 0.15, "flare": 0.075, "hip": 0.21,
        "waist": 0.172, "length": 1.05,
    },
    "chinos": {"style": "chinos", "knee": 0.16, "hem": 0.13},
    "dress trousers": {
        "style": "chinos", "crease": 0.007, "breaks": 0.002, "knee": 0.165, "hem": 0.142,
    },
    "pleated trousers": {
        "style": "chinos", "crease": 0.007, "breaks": 0.002, "pleats": 0.006, "hip": 0.232,
        "thigh": 0.226,
        "knee": 0.185, "hem": 0.14, "rise": 0.29, "length": 0.98,
    },
    "wide trousers": {
        "style": "chinos", "waist": 0.172, "thigh": 0.232, "knee": 0.24,
        "hem": 0.262, "rise": 0.3, "stance": 0.01, "length": 1.05, "flute": 0.09,
    },
    "joggers": {
        "style": "joggers", "thigh": 0.216, "knee": 0.17, "hem": 0.1, "hip": 0.228,
        "length": 0.93, "waist": 0.19, "cuffed": 0.055, "slack": 0.05, "gather": 0.0022,
    },
    "cargo": {"style": "cargo", "thigh": 0.222, "knee": 0.2, "hem": 0.172, "hip": 0.232},
    "cropped": {"style": "chinos", "length": 0.88, "knee": 0.165, "hem": 0.152, "waist": 0.175},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("denim", "cotton", "wool", "linen", "corduroy", "tweed")
PATTERNS: tuple[str, ...] = ("plain", "checks", "stripes", "camouflage", "colour-block", "floral")
TRIMS: tuple[str, ...] = ("belt", "turn-ups", "side stripe")

PRINTS: dict[str, tuple[str, ...]] = {
    "straight jeans": ("colour-block",),
    "skinny jeans": (),
    "wide jeans": ("colour-block",),
    "flared jeans": (),
    "chinos": ("checks", "camouflage", "stripes"),
    "dress trousers": ("checks", "stripes"),
    "pleated trousers": ("checks", "stripes"),
    "wide trousers": ("stripes", "checks", "floral", "print", "dots"),
    "joggers": ("camouflage", "colour-block", "checks", "print"),
    "cargo": ("camouflage", "camouflage", "colour-block"),
    "cropped": ("checks", "stripes", "floral", "leopard", "dots"),
}
"""The patterns, other than plain, that each silhouette is sold in."""

MEASURES: dict[str, tuple[float, float]] = {
    "rise": (0.95, 1.1),
    "length": (0.96, 1.03),
    "knee": (0.94, 1.1),
    "hem": (0.92, 1.12),
    "thigh": (0.97, 1.03),
}
USUAL: dict[str, float] = {
    "rise": 0.26, "length": 1.02, "knee": 0.168, "hem": 0.145, "thigh": 0.202
}  # fmt: skip

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "jeans": {
        "wash": ("rinsed", "stonewashed", "faded", "faded", "whiskered", "ripped"),
        "edge": ("sewn", "sewn", "raw"),
        "block": ("legs", "sides", "lower"),
    },
    "chinos": {
        "waistband": ("loops", "loops", "tab"),
        "pockets": ("slant", "slant", "upright", "bare"),
    },
    "joggers": {
        "pockets": ("slant", "upright"),
        "cord": ("cord", "cord", "hidden"),
        "stripe": ("one", "two", "three", "piping"),
        "block": ("sides", "lower"),
    },
    "cargo": {
        "bellows": ("plain", "pleated"),
        "waistband": ("loops", "elastic"),
        "knees": ("bare", "bare", "panels"),
        "block": ("lower", "sides"),
    },
}
"""How the parts of a style's designs are made."""


def drawn(shape: dict[str, float | str], rng: random.Random) -> dict[str, float | str]:
    """Measures and parts of another design of a silhouette, long or short."""
    found: dict[str, float | str] = {
        name: float(shape.get(name, USUAL[name])) * rng.uniform(low, high)
        for name, (low, high) in MEASURES.items()
    }
    found |= {part: rng.choice(ways) for part, ways in PARTS[str(shape["style"])].items()}
    found["band"] = rng.choice([0.032, 0.04, 0.046])
    found["turn"] = rng.uniform(0.03, 0.06)
    found["phase"] = rng.uniform(0, 6)
    if found.get("waistband") == "elastic":
        found["gather"] = 0.002
    return found


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: rise, length, leg, waistband, pockets, wash, hems."""
    shape = SHAPES[silhouette]
    found = drawn(shape, rng)
    found["breaks"] = float(shape.get("breaks", 0.004)) * rng.uniform(0.5, 1.7)
    if silhouette in ("chinos", "cropped", "wide trousers") and rng.random() < 0.4:
        found["pleats"] = rng.uniform(0.003, 0.006)
    return found


def build(spec: Spec) -> None:
    """Put the trousers in the scene."""
    stand_on_ground(tailored(spec))
