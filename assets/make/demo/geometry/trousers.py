"""Trousers: jeans, chinos, pressed and pleated trousers, joggers, wide legs, cargo."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import waist
from .bands import hem_band
from .cloth_sheet import Cloth, stand_on_ground
from .colours import belt_leather, thread_for
from .haberdashery import hem_stitches, pocket, stitches
from .legs import LegCut, Legs

SHAPES: dict[str, dict[str, float | str]] = {
    "straight jeans": {"style": "jeans"},
    "skinny jeans": {
        "style": "jeans", "thigh": 0.182, "knee": 0.128, "hem": 0.108, "hip": 0.207, "waist": 0.175,
        "fold": 0.85,
    },
    "wide jeans": {
        "style": "jeans", "thigh": 0.228, "knee": 0.218, "hem": 0.225, "rise": 0.29, "stance": 0.02,
    },
    "flared jeans": {
        "style": "jeans", "thigh": 0.186, "knee": 0.146, "hem": 0.15, "flare": 0.075, "hip": 0.21,
        "waist": 0.172, "length": 1.05,
    },
    "chinos": {"style": "chinos", "knee": 0.16, "hem": 0.13, "crease": 0.003},
    "dress trousers": {
        "style": "chinos", "crease": 0.006, "knee": 0.165, "hem": 0.142, "fold": 0.6,
    },
    "pleated trousers": {
        "style": "chinos", "crease": 0.006, "pleats": 0.006, "hip": 0.24, "thigh": 0.232,
        "knee": 0.185, "hem": 0.14, "rise": 0.29, "fold": 0.7, "length": 0.98,
    },
    "wide trousers": {
        "style": "chinos", "crease": 0.004, "waist": 0.172, "thigh": 0.232, "knee": 0.24,
        "hem": 0.262, "rise": 0.3, "stance": 0.01, "length": 1.05, "pleats": 0.005,
    },
    "joggers": {
        "style": "joggers", "thigh": 0.222, "knee": 0.172, "hem": 0.118, "hip": 0.232,
        "length": 0.94, "fold": 1.7, "waist": 0.19,
    },
    "cargo": {
        "style": "cargo", "thigh": 0.228, "knee": 0.2, "hem": 0.172, "hip": 0.232, "fold": 1.25,
    },
    "cropped": {"style": "chinos", "length": 0.88, "knee": 0.165, "hem": 0.152, "waist": 0.175},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("denim", "cotton", "wool", "linen", "corduroy", "tweed")
PATTERNS: tuple[str, ...] = ("plain", "checks", "stripes", "camouflage")
TRIMS: tuple[str, ...] = ("belt", "turn-ups", "side stripe")


def build(spec: Spec) -> None:
    """Put the trousers in the scene."""
    stand_on_ground(tailored(spec))


def tailored(spec: Spec) -> list[bpy.types.Object]:
    """Trousers or shorts of any style, not yet on the ground."""
    cut = LegCut.of(spec.shape)
    style = str(spec.shape.get("style", "chinos"))
    legs = Legs(cut, spec.seed)
    legs.fold(hems=1.4 if style == "joggers" else 1.0)
    cloth = fabric(
        spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=spec.pattern == "stripes"
    )
    main, second, trim = spec.colours
    thread = plain("thread", thread_for(spec.material, main))
    made = [legs.sew().make("trousers", cloth)]
    elastic = style == "joggers"
    band = legs.waistband(rib=0.011 if elastic else 0.0, tuck=0.004 if elastic else 0.0)
    sash = Cloth()
    sash.add(band)
    made.append(sash.make("waistband", cloth, thickness=0.003))
    if elastic:
        made += _jogger(legs, spec, cloth, thread)
        cord = plain("cord", second)
        made += waist.drawstring(band, (0.25, 0.5), cord, spec.seed)
    else:
        made.append(waist.belt_loops(band, cloth))
        if "belt" in spec.trims:
            made += waist.belt(
                band, plain("leather", belt_leather(spec.seed)), plain("metal", "#c9c3b4")
            )
        else:
            metal = plain("metal", "#b08a5a") if style == "jeans" else plain("plastic", trim)
            made.append(waist.waist_button(band, metal))
        made += waist.fly(legs.face(1), -0.17, cloth, thread)
        made += _pockets(legs, style, cloth, thread)
        made += _hems(legs, spec, style, cloth, thread)
    if "side stripe" in spec.trims and (elastic or spec.material == "wool"):
        for side in (-1, 1):
            made.append(
                waist.side_strip(
                    legs.face(side), plain(spec.material, second), cut.length, side, cut.outer
                )
            )
    return made


def _jogger(
    legs: Legs, spec: Spec, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    made = []
    if legs.cut.length > 0.7:
        made += legs.cuffs(0.06, cloth)
    else:
        for side in (-1, 1):
            made += [hem_stitches(legs.sheets[side, False], 0.025, thread)]
    outer = legs.cut.outer
    for side in (-1, 1):
        end = float(outer(np.array(-0.17))) - 0.012
        made.append(
            waist.slant_pocket(legs.face(side), (side * 0.125, -0.015), (side * end, -0.17), cloth)
        )
    del spec
    return made


def _pockets(
    legs: Legs, style: str, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    made = []
    outer = legs.cut.outer
    for side in (-1, 1):
        face = legs.face(side)
        if style == "jeans":
            edge = float(outer(np.array(-0.075))) - 0.002
            made += waist.scoop_pocket(face, 0.085, (edge, -0.085), cloth, thread, side)
            t = np.linspace(-legs.cut.rise - 0.03, -legs.cut.length + 0.03, 160)
            for inset in (0.008, 0.014):
                path = np.stack([side * (legs.cut.inner(t) + inset), t], -1)
                made.append(stitches(face, path, thread))
        else:
            end = float(outer(np.array(-0.16))) - 0.006
            made.append(
                waist.slant_pocket(face, (side * 0.115, -0.012), (side * end, -0.16), cloth)
            )
        if style == "cargo":
            z = -legs.cut.rise - 0.17
            if legs.cut.length < 0.6:
                z = -legs.cut.rise - 0.02
            x = float(outer(np.array(z - 0.08))) - 0.078
            made += pocket(
                face, side * x, z, 0.105, 0.17, cloth, flap=0.06, puff=0.012, lift=0.004,
                thread=thread,
            )  # fmt: skip
    return made


def _hems(
    legs: Legs,
    spec: Spec,
    style: str,
    cloth: bpy.types.Material,
    thread: bpy.types.Material,
) -> list[bpy.types.Object]:
    made = []
    if "turn-ups" in spec.trims and legs.cut.flare == 0:
        for side in (-1, 1):
            loop = legs.hem_loop(side) + np.array([0, 0, 0.042])
            turn = Cloth()
            turn.add(hem_band(loop, 0.044, rib=0.0, tuck=-0.0055, facing=-1))
            made.append(turn.make("turn-up", cloth, thickness=0.003))
        return made
    for side in (-1, 1):
        for height in (0.022,) if style != "cargo" else (0.022, 0.03):
            made.append(
                hem_stitches(legs.sheets[side, False], height, thread, whole=style != "jeans")
            )
    return made
