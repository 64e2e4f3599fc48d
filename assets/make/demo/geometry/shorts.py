"""Shorts: denim, chino, pleated, cargo, sweat and running shorts."""

from __future__ import annotations

from ..spec import Spec
from .cloth_sheet import stand_on_ground
from .trousers import tailored

_SHORTS: dict[str, float | str] = {"length": 0.5, "stance": 0.05, "thigh": 0.218}

SHAPES: dict[str, dict[str, float | str]] = {
    "chino": {**_SHORTS, "style": "chinos", "knee": 0.21, "crease": 0.002},
    "denim": {**_SHORTS, "style": "jeans", "length": 0.47, "knee": 0.22},
    "denim mini": {
        **_SHORTS, "style": "jeans", "length": 0.345, "rise": 0.265, "waist": 0.172, "hip": 0.21,
        "thigh": 0.212, "knee": 0.25,
    },
    "pleated": {
        **_SHORTS, "style": "chinos", "length": 0.44, "rise": 0.29, "waist": 0.17, "hip": 0.23,
        "thigh": 0.24, "knee": 0.31, "pleats": 0.006, "crease": 0.005,
    },
    "cargo": {**_SHORTS, "style": "cargo", "length": 0.58, "thigh": 0.232, "knee": 0.23},
    "sweat": {**_SHORTS, "style": "joggers", "length": 0.47, "thigh": 0.23, "knee": 0.235},
    "running": {
        **_SHORTS, "style": "joggers", "length": 0.37, "hip": 0.226, "thigh": 0.238, "knee": 0.29,
        "rise": 0.25,
    },
    "bermuda": {**_SHORTS, "style": "chinos", "length": 0.6, "thigh": 0.224, "knee": 0.205},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "denim", "linen", "nylon", "corduroy")
PATTERNS: tuple[str, ...] = ("plain", "stripes", "checks", "camouflage", "floral", "print")
TRIMS: tuple[str, ...] = ("belt", "turn-ups", "side stripe")


def build(spec: Spec) -> None:
    """Put the shorts in the scene."""
    stand_on_ground(tailored(spec))
