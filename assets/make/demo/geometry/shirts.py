"""Shirts and blouses: button-down, band, camp and polo collars; denim and flannel shirts."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars
from .bands import hem_band
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, stand_on_ground
from .haberdashery import buttons, hem_stitches, label, placket, pocket

_SHIRT: dict[str, float | str] = {
    "length": 0.74, "neck": 0.074, "neck_drop": 0.082, "tail": 0.06, "sleeve": 0.55,
    "cuff_width": 0.056, "arm_angle": 14, "collar": "turned", "fold": 1.1,
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "regular": {**_SHIRT},
    "slim": {**_SHIRT, "chest": 0.205, "waist": 0.182, "hem": 0.198, "sleeve_width": 0.074},
    "band collar": {**_SHIRT, "collar": "band", "tail": 0.045},
    "short sleeve": {
        **_SHIRT, "sleeve": 0.23, "cuff_width": 0.084, "tail": 0.0, "length": 0.7, "arm_angle": 18,
    },
    "camp": {
        **_SHIRT, "sleeve": 0.24, "cuff_width": 0.098, "sleeve_width": 0.1, "tail": 0.0,
        "length": 0.7, "chest": 0.245, "waist": 0.24, "hem": 0.243, "collar": "camp",
        "neck_shape": "v", "neck_drop": 0.15, "arm_angle": 21, "shoulder": 0.225,
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
        **_SHIRT, "length": 0.69, "tail": 0.0, "sleeve": 0.21, "cuff_width": 0.078,
        "collar": "polo", "arm_angle": 18, "fold": 1.0,
    },
    "oversized": {
        **_SHIRT, "chest": 0.265, "waist": 0.26, "hem": 0.262, "length": 0.82, "shoulder": 0.245,
        "sleeve_width": 0.1, "fold": 1.4, "arm_angle": 13,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "linen", "denim", "satin", "corduroy")
PATTERNS: tuple[str, ...] = ("plain", "stripes", "checks", "floral", "dots", "print")
TRIMS: tuple[str, ...] = ("chest pocket", "two pockets", "contrast buttons", "contrast collar")


def build(spec: Spec) -> None:
    """Put the shirt in the scene."""
    rng = np.random.default_rng(spec.seed)
    cut = Cut.of(spec.shape)
    kind = spec.shape.get("collar", "turned")
    bodice = Bodice(cut, spec.seed)
    bodice.fold()
    bodice.add_sleeves(puff=float(spec.shape.get("puff", 0.0)))
    turned = spec.pattern == "stripes" and kind not in ("polo",)
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed, turned=turned)
    main, second, trim = spec.colours
    rigid = spec.material in ("denim", "corduroy")
    thread = plain("thread", "#c98a3c" if spec.material == "denim" else _deeper(main))
    made = [bodice.sew().make("shirt", cloth)]
    collar_cloth = plain(spec.material, second) if "contrast collar" in spec.trims else cloth

    made += _collar(bodice, kind, collar_cloth, thread if rigid else None)
    made += _front(bodice, kind, cloth, spec, thread if rigid else None)
    made += _cuffs(bodice, cloth, collar_cloth if kind == "polo" else None)
    face = bodice.face()
    stitched = thread if rigid else plain("thread", _deeper(main))
    if "two pockets" in spec.trims or spec.shape.get("pockets") == 2:
        for side in (-1, 1):
            made += pocket(
                face, side * 0.1, -0.2, 0.115, 0.125, cloth, shape="point",
                flap=0.045 if rigid or rng.random() < 0.5 else 0.0, thread=stitched,
            )  # fmt: skip
    elif "chest pocket" in spec.trims and kind != "blouse":
        made += pocket(face, 0.09, -0.2, 0.1, 0.115, cloth, shape="point", thread=stitched)
    made.append(hem_stitches(bodice.front, 0.012, stitched))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    del trim
    stand_on_ground(made)


def _deeper(colour: str) -> str:
    """The colour a little darker (or, where it is nearly black, lighter): thread on its cloth."""
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    share = 0.72 if sum(rgb) > 120 else 1.6
    return "#" + "".join(f"{min(int(c * share + 4), 255):02x}" for c in rgb)


def _collar(
    bodice: Bodice, kind: object, cloth: bpy.types.Material, thread: bpy.types.Material | None
) -> list[bpy.types.Object]:
    if kind == "band":
        return [collars.stand(bodice, 0.03, cloth, lean=0.22)]
    if kind == "camp":
        made = collars.lapels(bodice, cloth, closing=-0.15, width=0.055, notch=0.075)
        return made + collars.turned_collar(
            bodice, cloth, rise=0.012, point=(0.1, -0.085), shoulder=(0.125, -0.04),
            back_drop=0.05, skip=0.2, start=0.03,
        )  # fmt: skip
    if kind == "polo":
        return collars.turned_collar(
            bodice, cloth, rise=0.026, point=(0.052, -0.125), shoulder=(0.108, -0.035)
        )
    return collars.turned_collar(bodice, cloth, thread=thread)


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
    main, second, trim = spec.colours
    made = placket(face, top, bottom, 0.032, cloth, thread=thread)
    button = plain("plastic", trim if "contrast buttons" in spec.trims else "#ece7dc")
    step = 0.045 if kind == "polo" else 0.088
    first = top - (0.022 if kind == "polo" else 0.045)
    heights = np.arange(first, bottom + 0.03, -step)[: 3 if kind == "polo" else None]
    places = np.stack([0 * heights, heights], -1)
    made += buttons(face, places, button)
    if kind == "turned" or spec.shape.get("collar") == "turned":
        made += buttons(face, np.array([[0.0, top + 0.001]]), button, lift=0.006)
    del main, second
    return made


def _cuffs(
    bodice: Bodice, cloth: bpy.types.Material, rib: bpy.types.Material | None
) -> list[bpy.types.Object]:
    made = []
    long = bodice.cut.sleeve > 0.4
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=True):
        if long or rib is not None:
            end = sleeve.points[-1]
            axis = end[:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)
            cuff = Cloth()
            height, period, tuck = (0.065, 0.0, 0.008) if long else (0.026, 0.005, 0.004)
            cuff.add(hem_band(end, height, rib=period, tuck=tuck, facing=-side, down=axis))
            made.append(cuff.make("cuff", rib or cloth, thickness=0.003))
    return made
