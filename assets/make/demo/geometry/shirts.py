"""Shirts and blouses: button-down, band, camp and polo collars; denim and flannel shirts."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars
from .bands import drawn_in
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, Sheet, stand_on_ground
from .colour_blocks import sewn
from .colours import thread_for, tonal
from .creases import DRAPES, fold, spare
from .flat_top import FlatTop, gather
from .haberdashery import button as one_button
from .haberdashery import (
    buttons,
    hem_stitches,
    label,
    placket,
    pocket,
    sheet_stitches,
    sleeve_stitches,
)

_SHIRT: dict[str, float | str] = {
    "length": 0.74, "neck": 0.074, "neck_drop": 0.082, "tail": 0.06, "sleeve": 0.55,
    "cuff_width": 0.056, "arm_angle": 19, "collar": "turned", "fold": 1.1,
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "regular": {**_SHIRT},
    "slim": {**_SHIRT, "chest": 0.205, "waist": 0.182, "hem": 0.198, "sleeve_width": 0.074},
    "band collar": {**_SHIRT, "collar": "band", "tail": 0.045},
    "short sleeve": {
        **_SHIRT, "sleeve": 0.23, "cuff_width": 0.084, "tail": 0.0, "length": 0.7, "arm_angle": 27,
    },
    "camp": {
        **_SHIRT, "sleeve": 0.24, "cuff_width": 0.098, "sleeve_width": 0.1, "tail": 0.0,
        "length": 0.7, "chest": 0.245, "waist": 0.24, "hem": 0.243, "collar": "camp",
        "neck_shape": "v", "neck_drop": 0.15, "arm_angle": 27, "shoulder": 0.225,
    },
    "overshirt": {
        **_SHIRT, "chest": 0.245, "waist": 0.24, "hem": 0.24, "tail": 0.025, "pockets": 2,
        "sleeve_width": 0.094, "shoulder": 0.222,
    },
    "blouse": {
        **_SHIRT, "chest": 0.205, "waist": 0.195, "hem": 0.215, "length": 0.64, "tail": 0.0,
        "collar": "band", "shoulder": 0.185, "puff": 0.03, "fold": 1.5, "sleeve_width": 0.072,
        "cuff_width": 0.06, "neck_drop": 0.1,
    },
    "polo": {
        **_SHIRT, "length": 0.66, "tail": 0.0, "sleeve": 0.21, "cuff_width": 0.078,
        "collar": "polo", "arm_angle": 27, "fold": 1.0,
    },
    "oversized": {
        **_SHIRT, "chest": 0.265, "waist": 0.26, "hem": 0.262, "length": 0.82, "shoulder": 0.245,
        "sleeve_width": 0.1, "fold": 1.4, "arm_angle": 18,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "linen", "denim", "satin", "corduroy")
PATTERNS: tuple[str, ...] = (
    "plain", "stripes", "checks", "floral", "dots", "print", "leopard", "colour-block",
)  # fmt: skip
TRIMS: tuple[str, ...] = ("chest pocket", "two pockets", "contrast buttons", "contrast collar")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """The measures and details of another design of the silhouette."""
    base = Cut.of(SHAPES[silhouette])
    fit = rng.uniform(-0.008, 0.012)
    made: dict[str, float | str] = {
        "length": round(base.length + rng.uniform(-0.035, 0.04), 3),
        "chest": round(base.chest + fit, 3),
        "waist": round(base.waist + fit + rng.uniform(-0.008, 0.006), 3),
        "hem": round(base.hem + fit, 3),
        "tail": rng.choice([0.0, 0.03, 0.06, 0.08]) if base.tail else 0.0,
        "point": rng.choice([0.0, 0.012, 0.024, -0.01]),
        "spread": rng.choice([-0.012, 0.0, 0.014, 0.026]),
        "pocket": rng.choice(["point", "square", "round"]),
        "flap": rng.choice([0.0, 0.0, 0.045]),
        "placket": rng.choice([0.0, 0.03, 0.036]),
        "buttons": rng.choice([0.07, 0.082, 0.095]),
        "button": rng.choice(["pale", "pale", "dark", "horn"]),
        "block": rng.choice(["sleeves", "upper", "lower", "band"]),
    }
    if base.sleeve < 0.4:
        made["sleeve"] = round(base.sleeve * rng.uniform(0.9, 1.15), 3)
    if SHAPES[silhouette]["collar"] == "turned":
        made["button-down"] = rng.choice(["yes", "no", "no"])
    return made


def build(spec: Spec) -> None:
    """Put the shirt in the scene."""
    cut = Cut.of(spec.shape)
    told = spec.shape.get
    kind = told("collar", "turned")
    bodice = FlatTop(cut, spec.seed, puff=float(told("puff", 0.0)))
    fold(bodice, DRAPES["jersey" if kind == "polo" else spec.material])
    if cut.sleeve > 0.4:
        gather(bodice, 0.0, 0.1)
    turned = spec.pattern == "stripes" and kind not in ("polo",)
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)
    main, second, _ = spec.colours
    rigid = spec.material in ("denim", "corduroy")
    thread = plain("thread", thread_for(spec.material, main))
    made = _body(bodice, spec, cloth)
    collar_cloth = plain(spec.material, second) if "contrast collar" in spec.trims else cloth

    made += _collar(bodice, kind, collar_cloth, thread, spec)
    made += _front(bodice, kind, cloth, spec, thread if rigid else None)
    made += _cuffs(
        bodice, cloth, collar_cloth if kind == "polo" else None, thread, _button_material(spec)
    )
    face = bodice.face()
    shape, flap = str(told("pocket", "point")), float(told("flap", 0.0))
    if "two pockets" in spec.trims or told("pockets") == 2:
        for side in (-1, 1):
            made += pocket(
                face, side * 0.1, -0.2, 0.115, 0.125, cloth, shape=shape,
                flap=0.045 if rigid else flap, puff=0.001, thread=thread,
            )  # fmt: skip
    elif "chest pocket" in spec.trims and kind != "blouse":
        made += pocket(face, 0.09, -0.2, 0.1, 0.115, cloth, shape=shape, puff=0.001, thread=thread)
    made.append(hem_stitches(bodice.front, 0.009, thread, width=0.0012))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    spare(made)
    stand_on_ground(made)


def _body(bodice: Bodice, spec: Spec, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    if spec.pattern != "colour-block":
        return [bodice.sew().make("shirt", cloth, thickness=0.0018)]
    main, second = (plain(spec.material, colour) for colour in spec.colours[:2])
    chest = -bodice.cut.armhole - 0.02
    match str(spec.shape.get("block", "sleeves")):
        case "upper":
            return sewn(bodice, "shirt", (main, second), (chest,))
        case "lower":
            return sewn(bodice, "shirt", (second, main), (chest - 0.14,))
        case "band":
            return sewn(bodice, "shirt", (main, second, main), (chest - 0.1, chest))
        case _:
            return sewn(bodice, "shirt", (main,), sleeves=second)


def _collar(
    bodice: Bodice,
    kind: object,
    cloth: bpy.types.Material,
    thread: bpy.types.Material,
    spec: Spec,
) -> list[bpy.types.Object]:
    if kind == "band":
        return [collars.stand(bodice, 0.03, cloth, lean=0.22, gap=0.012, thickness=0.002)]
    if kind == "camp":
        made = collars.lapels(bodice, cloth, closing=-0.15, width=0.055, notch=0.075)
        return made + collars.turned_collar(
            bodice, cloth, rise=0.012, point=(0.1, -0.085), shoulder=(0.125, -0.04),
            back_drop=0.05, skip=0.2, start=0.03,
        )  # fmt: skip
    longer, spread = (float(spec.shape.get(name, 0.0)) for name in ("point", "spread"))
    if kind == "polo":
        return collars.turned_collar(
            bodice, cloth, rise=0.026, point=(0.052 + spread, -0.125 - longer / 2),
            shoulder=(0.1, -0.028), back_drop=0.034, lift=0.005,
        )  # fmt: skip
    tip = (0.055 + spread, -0.128 - longer)
    made = collars.turned_collar(
        bodice, cloth, point=tip, shoulder=(0.103, -0.026), back_drop=0.036, lift=0.005,
        thread=thread, thickness=0.002,
    )  # fmt: skip
    if spec.shape.get("button-down") == "yes":
        places = np.array([[side * (tip[0] - 0.002), tip[1] + 0.012] for side in (-1, 1)])
        pale = plain("plastic", "#ece7dc")
        made += buttons(bodice.face(), places, pale, radius=0.004, lift=0.0105)
    return made


def _front(
    bodice: Bodice,
    kind: object,
    cloth: bpy.types.Material,
    spec: Spec,
    thread: bpy.types.Material | None,
) -> list[bpy.types.Object]:
    cut = bodice.cut
    face = bodice.face()
    top = -cut.neck_drop - 0.002
    bottom = -cut.length + 0.004
    if kind == "polo":
        bottom = top - 0.14
    told = spec.shape.get
    wide = float(told("placket", 0.032)) or 0.032
    line = thread or plain("thread", tonal(spec.colours[0]))
    made = placket(
        face, top, bottom, wide, cloth, lift=0.0016, thread=line if told("placket", 1) else thread
    )
    button = _button_material(spec)
    step = 0.045 if kind == "polo" else float(told("buttons", 0.088))
    first = top - (0.022 if kind == "polo" else 0.045)
    heights = np.arange(first, bottom + 0.03, -step)[: 3 if kind == "polo" else None]
    places = np.stack([0 * heights, heights], -1)
    made += buttons(face, places, button)
    if kind == "turned" or spec.shape.get("collar") == "turned":
        made += buttons(face, np.array([[0.0, top + 0.001]]), button, lift=0.006)
    return made


def _button_material(spec: Spec) -> bpy.types.Material:
    shades = {"pale": "#ece7dc", "dark": "#2a2826", "horn": "#6b4a32"}
    shade = shades[str(spec.shape.get("button", "pale"))]
    return plain("plastic", spec.colours[2] if "contrast buttons" in spec.trims else shade)


def _cuffs(
    bodice: Bodice,
    cloth: bpy.types.Material,
    rib: bpy.types.Material | None,
    thread: bpy.types.Material,
    button: bpy.types.Material,
) -> list[bpy.types.Object]:
    made = []
    long = bodice.cut.sleeve > 0.4
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=True):
        if long or rib is not None:
            end = sleeve.points[-1]
            axis = end[:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)
            cuff = Cloth()
            height, period, draw = (0.065, 0.0, 0.02) if long else (0.026, 0.005, 0.04)
            sheet = cuff.add(drawn_in(end, height, axis, draw=draw, rib=period, facing=-side))
            made.append(cuff.make("cuff", rib or cloth, thickness=0.002))
            if long:
                made += _cuff_closing(sheet, thread, button)
        else:
            made.append(sleeve_stitches(sleeve, 0.02, thread))
    return made


def _cuff_closing(
    cuff: Sheet, thread: bpy.types.Material, cloth: bpy.types.Material
) -> list[bpy.types.Object]:
    """Stitches along a cuff's edges and its end, and the button beside them."""
    u = np.linspace(0.02, 0.45, 60)
    made = [sheet_stitches(cuff, u, np.full_like(u, v), thread) for v in (0.07, 0.93)]
    v = np.linspace(0.07, 0.93, 12)
    made.append(sheet_stitches(cuff, np.full_like(v, 0.45), v, thread))
    place, at = np.array([0.39]), np.array([0.5])
    spot = cuff.sample(place, at, 0.0012)[0]
    made.append(one_button(spot, cuff.mixed(cuff.normals, place, at)[0], cloth, radius=0.0052))
    return made
