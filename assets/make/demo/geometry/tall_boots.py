"""Tall boots: riding, heeled, western, slouching, laced and rain boots."""

from __future__ import annotations

from ..spec import Spec
from .boots import build_boot

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
        "heel": "cone",
        "shaft": 0.28,
        "slant": 0.02,
        "calf": 0.056,
        "sides": "western",
    },
    "rain": {
        "toe": "round",
        "sole": "wellington",
        "sole_height": 0.018,
        "heel_base": 0.012,
        "shaft": 0.31,
        "calf": 0.058,
        "ball": 0.050,
        "toe_height": 0.045,
    },
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
MATERIALS = ("leather", "suede", "patent")
PATTERNS = ("plain", "dots", "floral", "checks", "camouflage")
SUITS = {
    "rain": ("patent",),
    "riding": ("leather",),
    "western": ("leather", "suede"),
    "slouch": ("suede", "leather"),
    "combat_tall": ("leather", "patent"),
    "over_knee": ("suede", "leather"),
}
TRIMS = ("ankle_strap", "top_strap", "pull_tab", "contrast_collar", "contrast_counter", "pale_sole")


def build(spec: Spec) -> None:
    """Builds one tall boot, or a pair, in the current scene."""
    build_boot(spec)
