"""Ankle boots: Chelsea, laced, desert, zipped, western and heeled."""

from __future__ import annotations

import random

from ..spec import Spec
from . import boot_designs, wellingtons
from .boots import build_boot

_RAIN: dict[str, float | str] = {
    "toe": "round",
    "sole": "wellington",
    "sole_height": 0.016,
    "heel_base": 0.010,
    "ankle": 0.040,
    "ball": 0.050,
    "toe_height": 0.045,
    "shaft": 0.125,
}
SHAPES: dict[str, dict[str, float | str]] = {
    "chelsea": {
        "toe": "round",
        "heel_height": 0.022,
        "heel": "stacked",
        "closure": "gusset",
        "shaft": 0.118,
    },
    "chelsea_lug": {
        "toe": "round",
        "sole": "lug",
        "sole_height": 0.032,
        "heel_base": 0.010,
        "closure": "gusset",
        "shaft": 0.125,
    },
    "combat": {
        "toe": "round",
        "sole": "lug",
        "sole_height": 0.028,
        "heel_base": 0.010,
        "closure": "laces",
        "shaft": 0.155,
        "rows": 9,
        "toe_height": 0.042,
    },
    "hiker": {
        "toe": "round",
        "sole": "lug",
        "sole_height": 0.026,
        "heel_base": 0.008,
        "closure": "laces",
        "shaft": 0.118,
        "rows": 7,
        "cap": "cap",
        "ball": 0.049,
    },
    "desert": {
        "toe": "round",
        "sole": "crepe",
        "sole_height": 0.020,
        "heel_base": 0.005,
        "closure": "laces",
        "shaft": 0.100,
        "rows": 3,
        "vamp": 0.53,
    },
    "block_zip": {
        "toe": "almond",
        "heel_height": 0.062,
        "heel": "block",
        "closure": "zip",
        "shaft": 0.120,
    },
    "stiletto": {
        "toe": "pointed",
        "heel_height": 0.085,
        "heel": "stiletto",
        "closure": "zip",
        "shaft": 0.110,
        "toe_height": 0.032,
    },
    "western": {
        "toe": "pointed",
        "heel_height": 0.040,
        "heel": "cuban",
        "closure": "plain",
        "shaft": 0.150,
        "slant": 0.012,
        "flare": 0.006,
        "sides": "western",
    },
    "square_flare": {
        "toe": "square",
        "heel_height": 0.055,
        "heel": "flared",
        "closure": "zip",
        "shaft": 0.128,
    },
    "buckled": {
        "toe": "round",
        "sole": "lug",
        "sole_height": 0.022,
        "heel_base": 0.012,
        "shaft": 0.150,
        "flare": 0.004,
        "strap": "double",
    },
    "cone": {
        "toe": "almond",
        "heel_height": 0.048,
        "heel": "kitten",
        "closure": "zip",
        "shaft": 0.112,
        "toe_height": 0.034,
    },
    "wedge": {
        "toe": "round",
        "heel_height": 0.060,
        "sole": "wedge",
        "sole_height": 0.018,
        "closure": "zip",
        "shaft": 0.115,
        "strap": "ankle",
    },
    "rain_chelsea": _RAIN | {"side": "gusset"},
    "rain_short": _RAIN | {"side": "strap", "shaft": 0.14},
}
MATERIALS = ("leather", "suede", "patent", "rubber")
PATTERNS = ("plain", "leopard", "snake", "two-tone", "dots", "floral")
SUITS = {
    "rain_chelsea": ("rubber",),
    "rain_short": ("rubber",),
    "desert": ("suede", "leather"),
    "hiker": ("leather", "suede"),
    "western": ("leather", "suede"),
    "combat": ("leather", "patent"),
}
PRINTS = {
    "rain_chelsea": ("dots", "floral", "checks", "daisy", "leopard", "camouflage", "stripes"),
    "rain_short": ("dots", "floral", "doodle", "daisy", "painted", "stripes", "checks"),
    "chelsea": ("leopard", "snake", "two-tone", "cowhide"),
    "chelsea_lug": ("leopard", "two-tone", "zebra"),
    "combat": ("two-tone", "leopard"),
    "hiker": ("two-tone",),
    "desert": ("leopard", "two-tone"),
    "block_zip": ("snake", "leopard", "zebra", "two-tone"),
    "stiletto": ("leopard", "snake", "zebra"),
    "western": ("snake", "cowhide", "two-tone"),
    "square_flare": ("snake", "two-tone", "zebra"),
    "buckled": ("two-tone", "leopard"),
    "cone": ("snake", "leopard"),
    "wedge": ("leopard", "two-tone"),
}
PLAIN = {"rain_chelsea": 0.2, "rain_short": 0.2}
"""How often a silhouette is of one colour, where not as often as its kind."""

TRIMS = ("pull_tab", "toe_cap", "gum_sole")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of the silhouette has of its own."""
    if silhouette.startswith("rain"):
        return wellingtons.varied(rng, tall=False)
    return boot_designs.varied(SHAPES[silhouette], rng, tall=False)


def build(spec: Spec) -> None:
    """Builds one ankle boot, or a pair, in the current scene."""
    build_boot(spec)
