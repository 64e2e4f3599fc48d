"""Tall boots: riding, heeled, western, slouching, laced and rain boots."""

from __future__ import annotations

import random

from ..spec import Spec
from . import boot_designs, wellingtons
from .boots import build_boot

_RAIN: dict[str, float | str] = {
    "toe": "round",
    "sole": "wellington",
    "sole_height": 0.016,
    "heel_base": 0.012,
    "ankle": 0.040,
    "calf": 0.058,
    "ball": 0.050,
    "toe_height": 0.045,
}
SHAPES: dict[str, dict[str, float | str]] = {
    "riding": {
        "toe": "round",
        "heel_height": 0.022,
        "heel": "stacked",
        "closure": "plain",
        "shaft": 0.37,
        "slant": 0.02,
        "strap": "ankle",
    },
    "knee_block": {
        "toe": "almond",
        "heel_height": 0.065,
        "heel": "block",
        "closure": "zip",
        "shaft": 0.36,
        "calf": 0.050,
    },
    "stiletto": {
        "toe": "pointed",
        "heel_height": 0.090,
        "heel": "stiletto",
        "closure": "zip",
        "shaft": 0.36,
        "calf": 0.048,
        "toe_height": 0.032,
    },
    "western": {
        "toe": "pointed",
        "heel_height": 0.038,
        "heel": "cuban",
        "shaft": 0.28,
        "slant": 0.02,
        "calf": 0.056,
        "sides": "western",
    },
    "rain": _RAIN | {"side": "loops", "shaft": 0.31},
    "rain_strap": _RAIN | {"side": "strap", "shaft": 0.32},
    "rain_handle": _RAIN | {"side": "handle", "shaft": 0.29, "calf": 0.061},
    "slouch": {
        "toe": "almond",
        "heel_height": 0.045,
        "heel": "block",
        "shaft": 0.30,
        "calf": 0.055,
        "slouch": 0.0055,
    },
    "combat_tall": {
        "toe": "round",
        "sole": "lug",
        "sole_height": 0.030,
        "heel_base": 0.010,
        "closure": "laces",
        "shaft": 0.27,
        "rows": 5,
        "calf": 0.050,
    },
    "over_knee": {
        "toe": "almond",
        "heel_height": 0.050,
        "heel": "block",
        "closure": "plain",
        "shaft": 0.50,
        "calf": 0.057,
        "slant": 0.03,
    },
    "wedge": {
        "toe": "round",
        "heel_height": 0.060,
        "sole": "wedge",
        "sole_height": 0.018,
        "closure": "zip",
        "shaft": 0.33,
        "calf": 0.052,
    },
}
MATERIALS = ("leather", "suede", "patent", "rubber")
PATTERNS = ("plain", "dots", "floral", "checks", "camouflage", "stripes", "doodle", "leopard")
SUITS = {
    "rain": ("rubber",),
    "rain_strap": ("rubber",),
    "rain_handle": ("rubber",),
    "riding": ("leather",),
    "western": ("leather", "suede"),
    "slouch": ("suede", "leather"),
    "combat_tall": ("leather", "patent"),
    "over_knee": ("suede", "leather"),
}
_WET = ("dots", "floral", "stripes", "checks", "camouflage", "doodle", "daisy", "leopard")
PRINTS = {
    "rain": (*_WET, "painted"),
    "rain_strap": (*_WET, "doodle", "zebra"),
    "rain_handle": (*_WET, "daisy", "painted"),
    "riding": ("two-tone",),
    "knee_block": ("leopard", "snake", "two-tone"),
    "stiletto": ("snake", "leopard", "zebra"),
    "western": ("snake", "two-tone", "cowhide"),
    "slouch": ("leopard",),
    "combat_tall": ("two-tone",),
    "over_knee": ("snake", "two-tone"),
    "wedge": ("leopard", "two-tone"),
}
PLAIN = {"rain": 0.2, "rain_strap": 0.2, "rain_handle": 0.2}
"""How often a silhouette is of one colour, where not as often as its kind."""

TRIMS = ("pull_tab", "pale_sole")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of the silhouette has of its own."""
    if silhouette.startswith("rain"):
        return wellingtons.varied(rng, tall=True)
    return boot_designs.varied(SHAPES[silhouette], rng, tall=True)


def build(spec: Spec) -> None:
    """Builds one tall boot, or a pair, in the current scene."""
    build_boot(spec)
