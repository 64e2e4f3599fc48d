"""Dresses: sheath, fit and flare, wrap, shirt, tiered, slip, T-shirt, knitted and pleated."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars
from .bands import band, hem_band
from .bodice import Bodice, Cut
from .cloth_sheet import Array, Cloth, Sheet, grid_sheet, stand_on_ground
from .colours import belt_leather, thread_for
from .haberdashery import buttons, label, patch, placket, pocket, rod
from .skirting import Skirt, SkirtCut
from .waist import belt, on_band

_TOP: dict[str, float | str] = {
    "length": 0.40, "waist_at": 0.40, "chest": 0.2, "waist": 0.158, "hem": 0.158, "shoulder": 0.178,
    "armhole": 0.215, "belly": 0.108, "depth": 0.12, "neck": 0.085, "neck_drop": 0.11,
    "sleeve_width": 0.07, "cuff_width": 0.066, "sleeve": 0.2, "arm_angle": 15, "fold": 0.6,
}  # fmt: skip
_BARE: dict[str, float | str] = {"sleeve": 0.0, "front_width": 0.15, "shoulder": 0.155}

SHAPES: dict[str, dict[str, float | str]] = {
    "sheath": {
        **_TOP, **_BARE, "skirt_length": 0.6, "skirt_hip": 0.2, "skirt_hem": 0.186, "wave": 0.003,
        "waves": 4, "neck_shape": "boat", "neck_drop": 0.07, "neck": 0.1,
    },
    "fit and flare": {
        **_TOP, **_BARE, "skirt_length": 0.58, "skirt_hip": 0.24, "skirt_hem": 0.34, "wave": 0.042,
        "waves": 10, "neck_drop": 0.12,
    },
    "fit and flare sleeved": {
        **_TOP, "skirt_length": 0.62, "skirt_hip": 0.23, "skirt_hem": 0.33, "wave": 0.038,
        "waves": 10, "sleeve": 0.36, "cuff_width": 0.058, "neck_shape": "boat", "neck": 0.11,
        "neck_drop": 0.055,
    },
    "wrap midi": {
        **_TOP, "style": "wrap", "skirt_length": 0.72, "skirt_hip": 0.21, "skirt_hem": 0.275,
        "wave": 0.02, "waves": 8, "neck_shape": "v", "neck_drop": 0.27, "sleeve": 0.34,
        "cuff_width": 0.075, "fold": 0.9,
    },
    "wrap mini": {
        **_TOP, "style": "wrap", "skirt_length": 0.5, "skirt_hip": 0.21, "skirt_hem": 0.25,
        "wave": 0.018, "waves": 8, "neck_shape": "v", "neck_drop": 0.25, "sleeve": 0.2,
        "cuff_width": 0.085, "fold": 0.9,
    },
    "shirt dress": {
        **_TOP, "style": "shirt", "chest": 0.212, "waist": 0.178, "hem": 0.178, "neck": 0.072,
        "neck_drop": 0.08, "shoulder": 0.19, "sleeve": 0.53, "cuff_width": 0.052,
        "sleeve_width": 0.078, "skirt_length": 0.66, "skirt_hip": 0.22, "skirt_hem": 0.265,
        "wave": 0.018, "waves": 8, "fold": 1.0,
    },
    "tiered maxi": {
        **_TOP, "style": "strap", "sleeve": 0.0, "front_width": 0.118, "shoulder": 0.112,
        "neck": 0.09, "neck_shape": "square", "neck_drop": 0.165, "skirt_length": 0.92,
        "skirt_hip": 0.21, "skirt_hem": 0.36, "tiers": 3, "gather": 0.012, "wave": 0.016,
    },
    "strap mini": {
        **_TOP, "style": "strap", "sleeve": 0.0, "front_width": 0.118, "shoulder": 0.112,
        "neck": 0.092, "neck_shape": "square", "neck_drop": 0.16, "skirt_length": 0.46,
        "skirt_hip": 0.225, "skirt_hem": 0.28, "wave": 0.026, "waves": 9,
    },
    "slip midi": {
        **_TOP, "style": "slip", "sleeve": 0.0, "front_width": 0.116, "shoulder": 0.1,
        "neck": 0.092, "neck_shape": "v", "neck_drop": 0.2, "fold": 1.3,
        "waist": 0.172, "hem": 0.172,
        "skirt_length": 0.8, "skirt_hip": 0.208, "skirt_hem": 0.24, "wave": 0.02, "waves": 6,
        "slip": 0.013,
    },
    "pleated midi": {
        **_TOP, "skirt_length": 0.74, "skirt_hip": 0.22, "skirt_hem": 0.3, "pleats": 44,
        "pleat": 0.011, "wave": 0.008, "sleeve": 0.52, "cuff_width": 0.05, "neck_drop": 0.09,
        "skirt_fold": 0.3, "fold": 0.9,
    },
    "T-shirt dress": {
        **_TOP, "chest": 0.225, "waist": 0.215, "hem": 0.216, "shoulder": 0.205, "armhole": 0.235,
        "skirt_length": 0.5, "skirt_hip": 0.222, "skirt_hem": 0.225, "wave": 0.006, "waves": 6,
        "sleeve": 0.22, "sleeve_width": 0.083, "cuff_width": 0.083, "fold": 1.2, "belly": 0.118,
        "arm_angle": 17,
    },
    "puff sleeve mini": {
        **_TOP, "skirt_length": 0.48, "skirt_hip": 0.225, "skirt_hem": 0.28, "wave": 0.024,
        "gather": 0.006, "sleeve": 0.24, "puff": 0.035, "cuff_width": 0.055, "neck_shape": "square",
        "neck": 0.1, "neck_drop": 0.14,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton", "satin", "linen", "denim", "wool", "knit")
PATTERNS: tuple[str, ...] = ("plain", "floral", "dots", "stripes", "checks", "print")
TRIMS: tuple[str, ...] = ("belt", "sash", "chest pocket")


def build(spec: Spec) -> None:
    """Put the dress in the scene."""
    cut = Cut.of(spec.shape)
    style = str(spec.shape.get("style", "plain"))
    bodice = Bodice(cut, spec.seed, rows=80)
    bodice.fold()
    puff = float(spec.shape.get("puff", 0.0))
    if cut.sleeve:
        bodice.add_sleeves(puff=puff, rows=30 + int(110 * cut.sleeve))
    skirt = Skirt(SkirtCut.of(spec.shape), spec.seed + 1, bodice.hem_loop())
    skirt.fold()
    cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
    main, second, trim = spec.colours
    thread = plain("thread", thread_for(spec.material, main))
    made = [
        bodice.sew().make("bodice", cloth, thickness=0.002),
        skirt.sew().make("skirt", cloth, thickness=0.002),
    ]
    made += _edges(bodice, cloth, style, puff)
    waist = _waist_band(skirt)
    if style == "wrap":
        made += _wrap(bodice, skirt, waist, cloth)
    elif style == "shirt":
        made += _shirt(bodice, skirt, cloth, plain("plastic", trim), thread)
        if "chest pocket" in spec.trims:
            for side in (-1, 1):
                made += pocket(
                    bodice.face(), side * 0.085, -0.2, 0.1, 0.11, cloth, shape="point",
                    flap=0.04, thread=thread,
                )  # fmt: skip
    if style not in ("slip", "wrap") and spec.shape.get("waist", 0) < 0.2:  # type: ignore[operator]
        if "belt" in spec.trims:
            made += belt(
                waist, plain("leather", belt_leather(spec.seed)), plain("metal", "#c8b27a")
            )
        elif "sash" in spec.trims or style == "shirt":
            sash = plain(spec.material, second) if "sash" in spec.trims else cloth
            made += _sash(waist, sash, skirt)
        else:
            made.append(on_band(waist, 0.0, 1.0, 0.3, 0.75, cloth, 0.0012, "waist seam"))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    stand_on_ground(made)


def _waist_band(skirt: Skirt) -> Sheet:
    loop = skirt.loop
    out = (loop - loop.mean(axis=0)) * np.array([1.0, 1.6, 0.0])
    profile = [(0.0025, -0.021), (0.0035, 0.0), (0.0025, 0.02)]
    return band(loop, np.array([0, 0, 1.0]), out, profile, rows=10)


def _edges(
    bodice: Bodice, cloth: bpy.types.Material, style: str, puff: float
) -> list[bpy.types.Object]:
    """Narrow bindings at neck and armholes; cuffs below puffed and long sleeves."""
    made = []
    if style != "shirt":
        front, back = bodice.neck_loop()
        loop = np.concatenate([front, back[1:]])
        made.append(rod(loop, 0.0028, cloth, "neck binding"))
    for index, side in enumerate((-1, 1)):
        if not bodice.sleeves:
            made.append(rod(bodice.armhole(side), 0.0028, cloth, "armhole binding"))
            continue
        sleeve = bodice.sleeves[index]
        if puff or bodice.cut.sleeve > 0.45:
            end = sleeve.points[-1]
            axis = end[:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)
            cuff = Cloth()
            cuff.add(
                hem_band(end, 0.03 if puff else 0.045, rib=0.0, tuck=0.006, facing=-side, down=axis)
            )
            made.append(cuff.make("cuff", cloth, thickness=0.003))
    return made


def _sash(waist: Sheet, cloth: bpy.types.Material, skirt: Skirt) -> list[bpy.types.Object]:
    """A tied cloth belt with two hanging ends."""
    made = [on_band(waist, 0.0, 1.0, 0.04, 0.96, cloth, 0.004, "sash")]
    knot = waist.sample(np.array([0.27]), np.array([0.5]), 0.010)[0]
    made += _tie(knot, cloth, skirt, bow=True)
    return made


def _tie(
    knot: Array, cloth: bpy.types.Material, skirt: Skirt, *, bow: bool
) -> list[bpy.types.Object]:
    t = np.linspace(0, 1, 24)
    made = []
    for side, long in ((-1, 0.19), (1, 0.24)):
        middle = knot + np.stack(
            [side * 0.035 * np.sin(t * 1.7), -0.010 * t**0.5 + 0.004 * np.sin(t * 9), -long * t], -1
        )
        below = skirt.face().points(middle[:, 0], middle[:, 2], 0.008)[:, 1]
        middle[:, 1] = np.minimum(middle[:, 1], below)
        made.append(_ribbon(middle, 0.011 + 0.008 * t, cloth))
        if bow:
            turn = t * 2 * np.pi
            loop = knot + np.stack(
                [
                    side * 0.034 * (1 - np.cos(turn)),
                    -0.012 - 0.010 * np.sin(turn),
                    0.013 * np.sin(turn) - 0.006 * (1 - np.cos(turn)),
                ],
                -1,
            )
            made.append(_ribbon(loop, 0.006 + 0.010 * np.sin(turn / 2), cloth))
    made.append(
        rod(knot + np.linspace(-1, 1, 7)[:, None] * [0.004, -0.003, 0.012], 0.011, cloth, "knot")
    )
    return made


def _ribbon(middle: Array, half: Array, cloth: bpy.types.Material) -> bpy.types.Object:
    ahead = np.gradient(middle, axis=0)
    side = np.cross(ahead, [0.0, -1.0, 0.0])
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-9
    s = np.linspace(-1, 1, 7)[None, :, None]
    arch = np.array([0.0, -0.004, 0.0]) * (1 - s**2)
    sheet = grid_sheet(middle[:, None] + side[:, None] * half[:, None, None] * s + arch)
    piece = Cloth()
    piece.add(sheet)
    return piece.make("ribbon", cloth, thickness=0.0018, weld=0)


def _wrap(
    bodice: Bodice, skirt: Skirt, waist: Sheet, cloth: bpy.types.Material
) -> list[bpy.types.Object]:
    """The upper front that crosses over, its edge on the skirt, and the tie at the side."""
    cut = bodice.cut
    v = np.linspace(0, 1, 70)
    z = -0.02 - v * (cut.length - 0.022)
    neck = np.array([float(collars.neck_width(bodice, k)) for k in z])
    past = np.clip((-z - cut.neck_drop) / (cut.length - cut.neck_drop), 0, 1)
    edge = np.where(-z < cut.neck_drop, -neck + 0.001, past * 0.11)
    far = -0.97 * cut.half_width(z)
    far = np.where(z > -cut.armhole, np.minimum(-0.08, far + 0.05), far)
    far = np.minimum(far, edge - 0.004)
    s = np.linspace(0, 1, 44)
    x = far[:, None] * (1 - s) + edge[:, None] * s
    lift = 0.0004 + 0.0045 * s[None] ** 4 * np.ones_like(x)
    grid_z = np.broadcast_to(z[:, None], x.shape)
    made = [patch(bodice.face(), x, grid_z, lift, cloth, "wrap")]
    long = skirt.cut.skirt_length
    base = float(skirt.loop[:, 2].mean())
    w = np.linspace(0, 1, 110)
    z = -w * (long - 0.003)
    edge = 0.11 - 0.13 * w**1.5
    far = -0.9 * skirt.width(w * long)
    x = far[:, None] * (1 - s) + edge[:, None] * s
    lift = 0.0004 + 0.006 * s[None] ** 4 * np.ones_like(x)
    made.append(
        patch(skirt.face(), x, np.broadcast_to(z[:, None] + base, x.shape), lift, cloth, "wrap")
    )
    made.append(on_band(waist, 0.0, 1.0, 0.12, 0.88, cloth, 0.005, "sash"))
    knot = waist.sample(np.array([0.36]), np.array([0.5]), 0.010)[0]
    return made + _tie(knot, cloth, skirt, bow=True)


def _shirt(
    bodice: Bodice,
    skirt: Skirt,
    cloth: bpy.types.Material,
    button: bpy.types.Material,
    thread: bpy.types.Material,
) -> list[bpy.types.Object]:
    cut = bodice.cut
    base = float(skirt.loop[:, 2].mean())
    top = -cut.neck_drop - 0.002
    made = collars.turned_collar(bodice, cloth, point=(0.052, -0.13))
    made += placket(bodice.face(), top, -cut.length + 0.001, 0.032, cloth)
    low = base - skirt.cut.skirt_length + 0.004
    made += placket(skirt.face(), base - 0.001, low, 0.032, cloth)
    for face, start, end in (
        (bodice.face(), top - 0.03, -cut.length + 0.03),
        (skirt.face(), base - 0.06, low + 0.1),
    ):
        heights = np.arange(start, end, -0.085)
        made += buttons(face, np.stack([0 * heights, heights], -1), button)
    del thread
    return made
