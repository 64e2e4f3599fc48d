"""Trousers and shorts of any style, from a spec: legs that are draped, then what is sewn on."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import trouser_details as details
from . import waist
from .cloth_sheet import Cloth, Sheet
from .colours import belt_leather, thread_for
from .haberdashery import sheet_stitches
from .legs import LegCut, Legs
from .washes import washed

Things = list[bpy.types.Object]


@dataclass(frozen=True)
class Tailor:
    """A pair on the tailor's table: its spec, legs and cloths."""

    spec: Spec
    legs: Legs
    cloth: bpy.types.Material
    other: bpy.types.Material
    thread: bpy.types.Material

    def way(self, part: str, usual: str = "") -> str:
        """How a part of the design is made."""
        return str(self.spec.shape.get(part, usual))

    @property
    def style(self) -> str:
        """Jeans, chinos, joggers or cargo."""
        return self.way("style", "chinos")

    @property
    def elastic(self) -> bool:
        """Whether the waist is gathered over elastic."""
        return self.style == "joggers" or self.way("waistband") == "elastic"


def tailored(spec: Spec) -> Things:
    """Trousers or shorts of any style, not yet on the ground."""
    cut = LegCut.of(spec.shape)
    legs = Legs(cut, spec.seed)
    legs.settle(spec.material)
    main = spec.colours[0]
    thread = plain("thread", thread_for(spec.material, main))
    pair = Tailor(spec, legs, _cloth(spec, main), _other(spec), thread)
    made = legs.sew(pair.cloth, pair.other, _block(pair))
    made += _waist(pair)
    made += _pockets(pair)
    made += _ends(pair)
    made += _sides(pair)
    return made


def _cloth(spec: Spec, colour: str) -> bpy.types.Material:
    if spec.material == "denim" and spec.pattern in ("plain", "colour-block"):
        wash = str(spec.shape.get("wash", "rinsed"))
        return washed(colour, wash, float(spec.shape.get("rise", 0.26)), spec.seed)
    turned = spec.pattern == "stripes"
    return fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)


def _other(spec: Spec) -> bpy.types.Material:
    """The cloth of blocks, stripes and rims."""
    second, trim = spec.colours[1], spec.colours[2]
    if spec.pattern == "colour-block" and spec.material == "denim":
        return _cloth(spec, second)
    if spec.pattern == "colour-block":
        return plain(spec.material, second)
    return plain(spec.material, second if second != spec.colours[0] else trim)


def _block(pair: Tailor) -> str:
    """Which part is of the other cloth; track pants have wide sides more often than not."""
    return pair.way("block", "legs") if pair.spec.pattern == "colour-block" else ""


# waist -----------------------------------------------------------------------------------------


def _waist(pair: Tailor) -> Things:
    legs, spec, cloth = pair.legs, pair.spec, pair.cloth
    elastic = pair.elastic
    band = legs.waistband(rib=0.011 if elastic else 0.0, tuck=0.004 if elastic else 0.0)
    sash = Cloth()
    sash.add(band)
    banded = pair.other if pair.way("waistband") == "contrast" else cloth
    made = [sash.make("waistband", banded, thickness=0.003)]
    if elastic:
        if pair.way("cord", "cord") == "cord":
            cord = plain("cord", spec.colours[2])
            made += waist.drawstring(band, (0.25, 0.5), cord, spec.seed)
        return made
    made += waist.fly(legs.face(1), -0.15 - 0.2 * (legs.cut.rise - 0.26), cloth, pair.thread)
    made += _stitched(band, pair)
    if "belt" in spec.trims and pair.way("waistband") != "tab":
        made.append(waist.belt_loops(band, cloth))
        leather = plain("leather", belt_leather(spec.seed))
        return made + waist.belt(band, leather, plain("metal", "#c9c3b4"))
    if pair.way("waistband") == "tab":
        made.append(waist.on_band(band, 0.235, 0.31, 0.06, 0.94, cloth, 0.0022, "tab"))
        made.append(waist.waist_button(band, plain("plastic", spec.colours[2]), middle=0.295))
        return made
    made.append(waist.belt_loops(band, cloth))
    metal = pair.style == "jeans"
    button = plain("metal", "#b08a5a") if metal else plain("plastic", spec.colours[2])
    made.append(waist.waist_button(band, button))
    return made


def _stitched(band: Sheet, pair: Tailor) -> Things:
    """Lines of stitches along both edges of a jeans' waistband; one on others."""
    u = np.linspace(0.01, 0.5, 300)
    levels = (0.16, 0.9) if pair.style in ("jeans", "cargo") else (0.12,)
    return [sheet_stitches(band, u, np.full_like(u, level), pair.thread) for level in levels]


# the rest --------------------------------------------------------------------------------------


def _pockets(pair: Tailor) -> Things:
    legs, cloth, thread = pair.legs, pair.cloth, pair.thread
    if pair.style == "jeans":
        return details.jeans_pockets(legs, cloth, thread)
    welts = pair.other if _block(pair) == "sides" else cloth
    made = details.slant_pockets(legs, welts, pair.way("pockets", "slant"))
    if pair.style == "cargo":
        stuff = pair.other if pair.spec.pattern == "colour-block" else cloth
        made += details.cargo_pockets(legs, stuff, thread, pair.way("bellows"))
    if pair.way("knees") == "panels" and legs.cut.length > 0.8:
        made += details.knee_panels(legs, cloth, thread)
    return made


def _ends(pair: Tailor) -> Things:
    legs, block = pair.legs, _block(pair)
    cloth = pair.other if block == "lower" else pair.cloth
    if legs.cut.cuffed:
        return details.cuffs(legs, legs.cut.cuffed, cloth)
    if "turn-ups" in pair.spec.trims and legs.cut.flare == 0 and pair.style != "joggers":
        stuff = cloth
        if pair.spec.material == "denim":
            pale = {"rinsed": "#93a6bd"}.get(pair.way("wash", "rinsed"), "#b4c0cc")
            stuff = plain("denim", pale) if pair.way("edge") != "raw" else cloth
        return details.turn_ups(legs, stuff, float(pair.spec.shape.get("turn", 0.042)))
    if pair.way("edge") == "raw" and pair.spec.material == "denim":
        return details.frayed(legs, plain("thread", "#c9d0d6"))
    whole = cloth if block in ("", "lower") else None
    doubled, dashed = pair.style == "cargo", pair.style == "jeans"
    return details.hems(legs, whole, pair.thread, doubled=doubled, dashed=dashed)


def _sides(pair: Tailor) -> Things:
    wanted = "side stripe" in pair.spec.trims and pair.spec.pattern == "plain"
    if wanted and (pair.elastic or pair.spec.material == "wool"):
        return details.side_stripes(pair.legs, pair.other, pair.way("stripe", "one"))
    return []
