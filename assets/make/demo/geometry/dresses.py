"""Dresses: sheath, fit and flare, wrap, shirt, tiered, slip, T-shirt, pleated, puff-sleeved."""

from __future__ import annotations

import random
from collections.abc import Mapping

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import bows, collars, gown_details, gown_draping, gown_folds
from .cloth_sheet import Cloth, Sheet, stand_on_ground
from .colours import belt_leather, thread_for
from .gown import WAIST, Gown, GownCut, figure
from .gown_sleeves import CAP, SleeveCut, cuff, fold
from .gown_sleeves import sleeve as puffed
from .haberdashery import label, pocket, sheet_stitches
from .hanging import HANDS
from .skirting import Skirt, SkirtCut
from .skirts import overlap
from .sleeves import sleeve
from .waist import belt, on_band

_TOP: dict[str, float | str] = {"bodice": 0.41, "sleeve": 0.0, "waist": "seam"}
_BARE: dict[str, float | str] = {"shoulder": 0.148, "front_width": 0.13}

SHAPES: dict[str, dict[str, float | str]] = {
    "sheath": {
        **_TOP, **_BARE, "skirt_length": 0.58, "flare": -0.02, "ease": 0.008, "neck_shape": "boat",
        "neck_drop": 0.06, "neck": 0.1,
    },
    "fit and flare": {**_TOP, **_BARE, "skirt_length": 0.56, "flare": 0.6, "neck_drop": 0.11},
    "fit and flare sleeved": {
        **_TOP, "skirt_length": 0.62, "flare": 0.5, "sleeve": 0.34, "neck_shape": "boat",
        "neck": 0.1, "neck_drop": 0.05,
    },
    "wrap midi": {
        **_TOP, "style": "wrap", "skirt_length": 0.72, "flare": 0.2, "neck_shape": "v",
        "neck_drop": 0.27, "sleeve": 0.34, "cuff_width": 0.07, "waist": "sash",
    },
    "wrap mini": {
        **_TOP, "style": "wrap", "skirt_length": 0.48, "flare": 0.22, "neck_shape": "v",
        "neck_drop": 0.25, "sleeve": 0.18, "cuff_width": 0.075, "waist": "sash",
    },
    "shirt dress": {
        **_TOP, "style": "shirt", "room": 0.016, "neck": 0.07, "neck_drop": 0.085, "sleeve": 0.54,
        "sleeve_width": 0.068, "cuff_width": 0.047, "cuff": 0.05, "skirt_length": 0.64,
        "flare": 0.17, "fullness": 1.2, "waist": "tie",
    },
    "tiered maxi": {
        **_TOP, "strap": 0.03, "strap_at": 0.09, "neck_shape": "square", "skirt_length": 0.88,
        "flare": 0.36, "tiers": 3, "fullness": 1.5, "bodice": 0.38,
    },
    "strap mini": {
        **_TOP, "strap": 0.012, "neck_shape": "sweetheart", "skirt_length": 0.44, "flare": 0.45,
    },
    "slip midi": {
        **_TOP, "strap": 0.005, "strap_at": 0.075, "neck_shape": "cowl", "bodice": 0.27,
        "skirt_length": 0.95, "flare": 0.13, "ease": 0.012, "nip": 0.8, "waist": "none",
        "edge": 0.175, "back_edge": 0.24,
    },
    "pleated midi": {
        **_TOP, "skirt_length": 0.72, "flare": 0.12, "pleats": 40, "pleat": "knife",
        "sleeve": 0.54, "cuff_width": 0.044, "cuff": 0.04, "neck_drop": 0.08,
    },
    "T-shirt dress": {
        **_TOP, "whole": 1.0, "bodice": 0.265, "room": 0.024, "skirt_length": 0.64,
        "flare": 0.035, "ease": 0.05, "sleeve": 0.19, "sleeve_width": 0.075, "cuff_width": 0.073,
        "shoulder": 0.185, "armhole": 0.235, "front_width": 0.165, "waist": "none",
    },
    "puff sleeve mini": {
        **_TOP, "skirt_length": 0.46, "flare": 0.4, "fullness": 1.45, "sleeve": 0.21,
        "puff": 0.03, "cuff_width": 0.05, "cuff": 0.018, "neck_shape": "square", "neck": 0.09,
        "neck_drop": 0.13, "shoulder": 0.16,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "satin", "linen", "denim", "wool", "knit")
PATTERNS: tuple[str, ...] = ("plain", "floral", "dots", "stripes", "checks", "print")
TRIMS: tuple[str, ...] = ("belt", "sash", "chest pocket")

RELIEF = 0.65
"""How much of its material's own relief a folded dress keeps."""

_SLEEVES: dict[str, dict[str, float]] = {
    "none": {"sleeve": 0.0, "puff": 0.0, "bishop": 0.0, "shoulder": 0.148, "front_width": 0.13},
    "cap": {"sleeve": 0.09, "puff": 0.0, "bishop": 0.0, "cuff": 0.0, "cuff_width": 0.066},
    "short": {"sleeve": 0.19, "puff": 0.0, "bishop": 0.0, "cuff": 0.0, "cuff_width": 0.064},
    "puff": {"sleeve": 0.2, "puff": 0.03, "bishop": 0.0, "cuff": 0.018, "cuff_width": 0.05},
    "elbow": {"sleeve": 0.34, "puff": 0.0, "bishop": 0.0, "cuff": 0.0, "cuff_width": 0.058},
    "long": {"sleeve": 0.55, "puff": 0.0, "bishop": 0.0, "cuff": 0.0, "cuff_width": 0.043},
    "bishop": {"sleeve": 0.54, "puff": 0.008, "bishop": 0.03, "cuff": 0.03, "cuff_width": 0.04},
}
_NECKS: dict[str, dict[str, float | str]] = {
    "round": {"neck_shape": "round", "neck_drop": 0.1, "neck": 0.082},
    "high": {"neck_shape": "round", "neck_drop": 0.07, "neck": 0.07},
    "v": {"neck_shape": "v", "neck_drop": 0.16, "neck": 0.08},
    "square": {"neck_shape": "square", "neck_drop": 0.13, "neck": 0.09},
    "sweetheart": {"neck_shape": "sweetheart", "neck_drop": 0.14, "neck": 0.095},
    "boat": {"neck_shape": "boat", "neck_drop": 0.055, "neck": 0.105},
}


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """What another design of a silhouette has of its own."""
    base = SHAPES[silhouette]
    flare = float(base["flare"])
    own: dict[str, float | str] = {
        "fall": rng.randrange(10**6),
        "skirt_length": float(base["skirt_length"]) * rng.uniform(0.86, 1.2),
        "flare": flare * rng.uniform(0.8, 1.35),
        "panels": rng.choice([2, 2, 4, 6]),
    }
    own |= _varied_top(silhouette, base, rng)
    if flare > 0.15 and not base.get("pleats"):
        own["fullness"] = rng.choice([1.0, 1.2, 1.5]) if not base.get("tiers") else 1.5
        own["high_low"] = rng.choice([0.0, 0.0, 0.0, 0.14])
    if base.get("pleats"):
        own["pleat"] = rng.choice(["knife", "knife", "box"])
        own["pleats"] = 44 - 20 * (own["pleat"] == "box") - 2 * rng.randrange(4)
    if base.get("tiers"):
        own["tiers"] = rng.choice([2, 3, 4])
    if base.get("style") not in ("wrap", "shirt") and base["waist"] == "seam":
        own["waist"] = rng.choice(["seam", "seam", "band", "tie"])
        own["front"] = rng.choice(["", "", "buttons"])
    frilly = flare > 0.15 and base.get("style") != "shirt"
    own["hem"] = rng.choice(["plain", "plain", "plain", "ruffle"]) if frilly else "plain"
    if own.get("neck_shape") == "cowl":
        own["front"] = ""
    return own


def _varied_top(
    silhouette: str, base: dict[str, float | str], rng: random.Random
) -> dict[str, float | str]:
    """Neckline and straps, or neckline and sleeves."""
    if base.get("strap"):
        shape = rng.choice(["v", "sweetheart", "cowl", "round", "square"])
        if silhouette == "slip midi":
            shape = rng.choice(["cowl", "cowl", "v", "v", "square"])
        wide = float(base["strap"])
        return {
            "neck_shape": shape,
            "strap": rng.choice([0.005, 0.009]) if wide < 0.01 else rng.choice([0.007, 0.02, 0.04]),
            "strap_at": rng.uniform(0.07, 0.095),
            "edge": rng.uniform(0.165, 0.195),
            "halter": rng.choice([0, 0, 0, 1]),
        }
    if base.get("style") == "shirt":
        kind = rng.choice(["long", "long", "short", "elbow", "bishop"])
        return {**_SLEEVES[kind], "collar": rng.choice(["turned", "turned", "stand"])}
    if base.get("style") == "wrap":
        kind = rng.choice(["short", "puff", "elbow", "long", "bishop"])
        return {**_SLEEVES[kind], "neck_drop": rng.uniform(0.22, 0.29)}
    kinds = {
        "sheath": ["none", "none", "cap", "short", "elbow"],
        "fit and flare": ["none"],
        "fit and flare sleeved": ["cap", "short", "elbow", "long"],
        "pleated midi": ["none", "short", "long", "bishop"],
        "puff sleeve mini": ["puff", "puff", "bishop"],
    }.get(silhouette)
    if kinds is None:
        return {"neck_shape": rng.choice(["round", "v"]), "neck_drop": rng.uniform(0.08, 0.13)}
    return {**_SLEEVES[rng.choice(kinds)], **_NECKS[rng.choice(list(_NECKS))]}


def build(spec: Spec) -> None:
    """Put the dress in the scene."""
    shape = spec.shape
    fall = int(shape.get("fall", spec.seed))
    whole = {"bodice": float(shape["bodice"]) + float(shape["skirt_length"])}
    lean = 14.0 + fall % 9
    cut = GownCut.of({"arm_angle": lean, **shape, **(whole if shape.get("whole") else {})})
    hand = HANDS.get(spec.material, HANDS["cotton"])
    gown = Gown(cut, fall)
    set_in = _set_in(gown, shape)
    gown_draping.fall(gown, set_in, spec.material)
    gown_folds.fold(gown, crumple=hand.crumple, full=_gathered(shape), tied=_belted(spec))
    turned = spec.pattern == "stripes" and bool(shape.get("style") == "shirt")
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)
    made = [gown.sew().make("bodice", cloth, thickness=hand.thickness)]
    made += _edges(spec, gown, cloth)
    made += _sleeves(spec, gown, set_in, cloth, 0.6 + 0.4 * hand.crumple)
    if not cut.whole:
        made += _below(spec, gown, fall + 1, cloth)
    if not cut.strap:
        made.append(_label(gown))
    for item in made:
        # what is folded already needs less of its material's own relief
        item.color[3] = min(item.color[3], RELIEF)
    stand_on_ground(made)


def _gathered(shape: Mapping[str, float | str]) -> float:
    """How much of cloth is gathered into the waist seam, 0 to 1."""
    tied = shape.get("waist") in ("tie", "sash")
    return min(max(float(shape.get("fullness", 1.0)) - 1.0, 0.0) * 1.4 + 0.35 * tied, 1.0)


def _belted(spec: Spec) -> bool:
    """Whether something is tied round the waist."""
    tied = spec.shape.get("waist") in ("tie", "sash") or bool({"belt", "sash"} & spec.trims)
    return tied and spec.shape.get("waist") != "none"


def _set_in(gown: Gown, shape: Mapping[str, float | str]) -> list[Sheet]:
    """Plain sleeves, which settle with the bodice; puffed ones are set in afterwards."""
    cut = gown.cut
    if cut.strap or cut.sleeve < CAP or shape.get("puff") or shape.get("bishop"):
        return []
    rows = 30 + int(110 * cut.sleeve)
    return [sleeve(gown, side, rows=rows) for side in (-1, 1)]  # type: ignore[arg-type]


def _below(spec: Spec, gown: Gown, seed: int, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    """The skirt, and what lies on it and on the waist."""
    turned = 0.0 if spec.shape.get("hem") == "ruffle" or spec.shape.get("pleats") else 0.022
    cut = SkirtCut.of({**spec.shape, "tied": 0.018 * _belted(spec), "turned": turned})
    skirt = Skirt(cut, seed, spec.material, gown.hem_loop(), figure=figure, hip=WAIST - 0.2)
    made = [skirt.sew().make("skirt", cloth, thickness=skirt.hand.thickness)]
    made += _front(spec, gown, skirt, cloth)
    made += _waist(spec, gown, skirt, cloth)
    return made + _hem(spec, skirt, cloth)


def _edges(spec: Spec, gown: Gown, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    """What ends the cloth at the neck and armholes."""
    if gown.cut.strap:
        loop = gown.top_loop()
        made = [gown_details.binding(loop, cloth, "edge")]
        return made + gown_details.straps(gown, cloth, halter=bool(spec.shape.get("halter")))
    made = []
    if spec.shape.get("style") != "shirt":
        front, back = gown.neck_loop()
        loop = np.concatenate([front, back[1:]])
        made.append(gown_details.binding(loop, cloth, "neck binding"))
    if not float(spec.shape.get("sleeve", 0.0)):
        for side in (-1, 1):
            made.append(gown_details.binding(gown.armhole(side), cloth, "armhole binding"))
    return made


def _sleeves(
    spec: Spec, gown: Gown, set_in: list[Sheet], cloth: bpy.types.Material, crease: float
) -> list[bpy.types.Object]:
    names = ("sleeve", "sleeve_width", "cuff_width", "puff", "bishop", "cuff")
    cut = SleeveCut(**{k: float(spec.shape[k]) for k in names if k in spec.shape})
    if not cut.sleeve or gown.cut.strap:
        return []
    made = []
    for number, side in enumerate((-1, 1)):
        sheet = set_in[number] if set_in else puffed(gown, cut, side, crease)
        if set_in:
            part, far = sheet.us, sheet.vs * cut.sleeve
            fold(sheet, gown.seed + 100 + side, cut, part, far, crease)
        piece = Cloth()
        piece.add(sheet)
        made.append(piece.make("sleeve", cloth, thickness=0.0018))
        if cut.cuff:
            made.append(cuff(sheet, side, cut.cuff).make("cuff", cloth, thickness=0.0022))
        elif spec.material == "denim":
            u = np.linspace(0.02, 0.98, 120)
            v = np.full_like(u, 1 - 0.018 / max(cut.sleeve, 0.1))
            thread = plain("thread", thread_for(spec.material, spec.colours[0]))
            made.append(sheet_stitches(sheet, u, v, thread))
    return made


def _front(
    spec: Spec, gown: Gown, skirt: Skirt, cloth: bpy.types.Material
) -> list[bpy.types.Object]:
    style, made = spec.shape.get("style"), []
    button = plain("plastic", spec.colours[2])
    if style == "wrap":
        made += gown_details.crossed_front(gown, cloth, 0.1)
        made.append(overlap(skirt, cloth, 0.1, -0.03))
    elif style == "shirt":
        if spec.shape.get("collar") == "stand":
            made.append(collars.stand(gown, 0.03, cloth))  # type: ignore[arg-type]
        else:
            made += collars.turned_collar(gown, cloth, point=(0.05, -0.125), shoulder=(0.1, -0.03))  # type: ignore[arg-type]
        made += gown_details.button_front(gown, skirt, cloth, button, 0.075)
        if "chest pocket" in spec.trims:
            for side in (-1, 1):
                made += pocket(
                    gown.face(), side * 0.075, -0.2, 0.085, 0.095, cloth, shape="point", flap=0.035
                )
    elif spec.shape.get("front") == "buttons" and spec.material != "satin":
        made += gown_details.button_front(gown, skirt, cloth, button, 0.06)
    return made


def _waist(
    spec: Spec, gown: Gown, skirt: Skirt, cloth: bpy.types.Material
) -> list[bpy.types.Object]:
    """Seam, band, belt or sash."""
    kind = str(spec.shape.get("waist", "seam"))
    if kind == "none" or not gown_details.waist_at_figure(gown):
        return []
    band = gown_details.waist_band(skirt, 0.036)
    wrapped = spec.shape.get("style") == "wrap"
    if "belt" in spec.trims and not wrapped:
        return belt(band, plain("leather", belt_leather(spec.seed)), plain("metal", "#c8b27a"))
    if wrapped or kind == "tie" or "sash" in spec.trims:
        contrast = "sash" in spec.trims and not wrapped
        own = plain(spec.material, spec.colours[1]) if contrast else cloth
        made = [on_band(band, 0.0, 1.0, 0.06, 0.94, own, 0.003, "sash")]
        place = 0.36 if wrapped else 0.25 + 0.06 * (spec.seed % 3 - 1)
        knot = band.sample(np.array([place]), np.array([0.5]), 0.004)[0]
        face = skirt.face()
        return made + bows.tied(knot, face, own, spec.seed, width=0.032, loop=0.07, tail=0.26)
    if kind == "band":
        return [on_band(band, 0.0, 1.0, 0.0, 1.0, cloth, 0.0016, "waistband")]
    return []


def _hem(spec: Spec, skirt: Skirt, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    if spec.shape.get("hem") == "ruffle" and not skirt.cut.pleats:
        piece = Cloth()
        down = np.array([0.0, 0.0, -1.0])
        piece.add(gown_details.ruffle(skirt.hem_loop(), down, 0.07, spec.seed, facing=-1))
        return [piece.make("ruffle", cloth, thickness=0.0014)]
    if skirt.cut.pleats or spec.material != "denim":
        return []
    u = np.linspace(0.0, 1.0, 480)
    thread = plain("thread", thread_for(spec.material, spec.colours[0]))
    return [sheet_stitches(skirt.sheet, u, 1 - 0.02 / skirt.length(u), thread)]


def _label(gown: Gown) -> bpy.types.Object:
    return label(gown, plain("cotton", "#f1efe9"))  # type: ignore[arg-type]
