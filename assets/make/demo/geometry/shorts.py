"""Shorts: denim, chino, pleated, cargo, sweat and running shorts."""

from __future__ import annotations

import random

from ..spec import Spec
from .cloth_sheet import stand_on_ground
from .tailored import tailored
from .trousers import PARTS, drawn

_SHORTS: dict[str, float | str] = {
    "length": 0.5, "stance": 0.05, "thigh": 0.21, "slack": 0.0, "flute": 0.025
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "chino": {**_SHORTS, "style": "chinos", "hem": 0.212},
    "denim": {**_SHORTS, "style": "jeans", "length": 0.47, "hem": 0.22},
    "denim mini": {
        **_SHORTS, "style": "jeans", "length": 0.345, "rise": 0.265, "waist": 0.172, "hip": 0.21,
        "thigh": 0.212, "hem": 0.222,
    },
    "pleated": {
        **_SHORTS, "style": "chinos", "length": 0.44, "rise": 0.29, "waist": 0.17, "hip": 0.23,
        "thigh": 0.23, "hem": 0.26, "pleats": 0.006, "crease": 0.005, "flute": 0.06,
    },
    "cargo": {**_SHORTS, "style": "cargo", "length": 0.58, "thigh": 0.218, "hem": 0.222},
    "sweat": {
        **_SHORTS, "style": "joggers", "length": 0.47, "thigh": 0.216, "hem": 0.222, "hip": 0.218,
        "gather": 0.0022,
    },
    "running": {
        **_SHORTS, "style": "joggers", "length": 0.37, "hip": 0.214, "thigh": 0.216, "hem": 0.24,
        "rise": 0.25, "gather": 0.0024, "flute": 0.06,
    },
    "bermuda": {**_SHORTS, "style": "chinos", "length": 0.6, "thigh": 0.212, "hem": 0.2},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "denim", "linen", "nylon", "corduroy")
PATTERNS: tuple[str, ...] = ("plain", "stripes", "checks", "camouflage", "floral", "print", "dots")
TRIMS: tuple[str, ...] = ("belt", "turn-ups", "side stripe")

_PRINTED = ("stripes", "checks", "floral", "print", "dots")

PRINTS: dict[str, tuple[str, ...]] = {
    "chino": (*_PRINTED, "camouflage"),
    "denim": ("colour-block",),
    "denim mini": ("colour-block",),
    "pleated": ("stripes", "checks", "dots", "floral"),
    "cargo": ("camouflage", "camouflage", "checks", "colour-block"),
    "sweat": ("camouflage", "colour-block", "print", "stripes"),
    "running": ("print", "floral", "camouflage", "colour-block", "leopard"),
    "bermuda": ("checks", "checks", "stripes", "floral"),
}
"""The patterns, other than plain, that each silhouette is sold in."""


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of the silhouette: rise, length, width, waistband, pockets, wash, hems."""
    shape = SHAPES[silhouette]
    found = drawn(shape, rng)
    found["length"] = float(shape["length"]) * rng.uniform(0.92, 1.1)
    found["length"] = max(found["length"], float(found["rise"]) + 0.075)
    found["hem"] = float(shape["hem"]) * rng.uniform(0.94, 1.07)
    found["flute"] = float(shape["flute"]) * rng.uniform(0.6, 1.5)
    if silhouette in ("chino", "bermuda", "pleated"):
        found["waistband"] = rng.choice([*PARTS["chinos"]["waistband"], "elastic"])
        found["gather"] = 0.002 if found["waistband"] == "elastic" else 0.0
    if silhouette in ("chino", "bermuda") and rng.random() < 0.4:
        found["pleats"] = rng.uniform(0.003, 0.006)
    return found


def build(spec: Spec) -> None:
    """Put the shorts in the scene."""
    stand_on_ground(tailored(spec))
