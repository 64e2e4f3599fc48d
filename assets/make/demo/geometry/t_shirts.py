"""T-shirts: crew and V necks, fitted to boxy, short sleeves to long, some with a chest print."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import sleeves
from .bands import neck_band
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, stand_on_ground
from .haberdashery import hem_stitches, label, patch, pocket

SHAPES: dict[str, dict[str, float | str]] = {
    "crew": {},
    "crew fitted": {"waist": 0.178, "hem": 0.19, "chest": 0.2, "length": 0.62, "sleeve": 0.17},
    "v neck": {"neck_shape": "v", "neck_drop": 0.175},
    "v neck fitted": {
        "neck_shape": "v", "neck_drop": 0.2, "waist": 0.176, "hem": 0.19, "chest": 0.198,
        "length": 0.61, "sleeve": 0.15, "shoulder": 0.19,
    },
    "boxy": {
        "chest": 0.255, "waist": 0.25, "hem": 0.252, "length": 0.64, "shoulder": 0.235,
        "sleeve": 0.21, "sleeve_width": 0.105, "cuff_width": 0.105, "arm_angle": 30,
    },
    "oversized": {
        "chest": 0.27, "waist": 0.262, "hem": 0.262, "length": 0.75, "shoulder": 0.25,
        "sleeve": 0.25, "sleeve_width": 0.11, "cuff_width": 0.112, "arm_angle": 28, "fold": 1.25,
    },
    "scoop": {"neck_drop": 0.16, "neck": 0.105, "waist": 0.185, "hem": 0.2, "sleeve": 0.15},
    "boat neck": {
        "neck_shape": "boat", "neck_drop": 0.045, "neck": 0.13, "waist": 0.19, "hem": 0.2,
        "sleeve": 0.36, "cuff_width": 0.062, "arm_angle": 22, "chest": 0.208,
    },
    "long sleeve": {"sleeve": 0.6, "cuff_width": 0.05, "arm_angle": 19, "waist": 0.2},
    "cropped": {
        "length": 0.46, "waist_at": 0.4, "waist": 0.2, "hem": 0.21, "chest": 0.21,
        "sleeve": 0.16, "shoulder": 0.2,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton",)
PATTERNS: tuple[str, ...] = ("plain", "stripes", "dots", "floral", "camouflage", "print")
TRIMS: tuple[str, ...] = ("contrast neck", "chest print", "chest pocket")


def build(spec: Spec) -> None:
    """Put the T-shirt in the scene."""
    rng = np.random.default_rng(spec.seed)
    cut = Cut.of(spec.shape, arm_angle=28.0)
    bodice = Bodice(cut, spec.seed)
    sleeves.hang(bodice, "jersey")
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    main, second, _ = spec.colours
    made = [bodice.sew().make("t-shirt", cloth)]

    neck = Cloth()
    neck.add(neck_band(*bodice.neck_loop(), 0.019 if rng.random() < 0.7 else 0.012))
    trim = plain(spec.material, second if "contrast neck" in spec.trims else main)
    made.append(neck.make("neck", trim, thickness=0.002))

    if "chest pocket" in spec.trims:
        made += pocket(bodice.face(), 0.08, -0.2, 0.095, 0.11, cloth, shape="point")
    elif "chest print" in spec.trims and spec.pattern == "plain":
        made.append(_chest_print(bodice, spec, rng))
    made.append(hem_stitches(bodice.front, 0.022, plain(spec.material, main)))
    made.append(label(bodice, plain("cotton", "#f4f2ee")))
    stand_on_ground(made)


def _chest_print(bodice: Bodice, spec: Spec, rng: np.random.Generator) -> bpy.types.Object:
    wide, high = rng.uniform(0.2, 0.26), rng.uniform(0.16, 0.27)
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, 60), np.linspace(-0.5, 0.5, 60))
    if rng.random() < 0.35:
        disc_s = s * np.sqrt(1 - 2 * t**2)
        disc_t = t * np.sqrt(1 - 2 * s**2)
        s, t, high = disc_s * 1.2, disc_t * 1.2, wide
    x, z = s * wide, -bodice.cut.armhole - 0.03 + t * high
    second, trim = spec.colours[1], spec.colours[2]
    art = fabric("cotton", "print", (second, trim, spec.colours[0]), scale=1.6, seed=spec.seed)
    return patch(bodice.face(), x, z, 0.0009, art, "print")
