"""Knitwear: jumpers, turtlenecks, cables, cardigans, hooded and zipped sweatshirts, vests."""

from __future__ import annotations

import random

import bpy
import numpy as np

from ..materials import fabric, plain
from ..spec import Spec
from . import collars, drape, lettering
from .bands import band, drawn_in, neck_band, unit
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, grid_sheet, stand_on_ground
from .colour_blocks import sewn
from .colours import tonal
from .creases import DRAPES, fold, spare
from .flat_top import FlatTop, gather
from .haberdashery import buttons, label, patch, placket, pocket, rod, stitches, zip_line
from .knit_stitches import knit
from .waist import drawstring

_KNIT: dict[str, float | str] = {
    "length": 0.60, "chest": 0.232, "waist": 0.224, "hem": 0.222, "sleeve": 0.53,
    "sleeve_width": 0.086, "cuff_width": 0.056, "arm_angle": 19, "neck": 0.085, "neck_drop": 0.09,
    "shoulder": 0.215, "fold": 1.0, "collar": "crew", "waist_at": 0.42,
}  # fmt: skip

SHAPES: dict[str, dict[str, float | str]] = {
    "crew": {**_KNIT},
    "crew fitted": {
        **_KNIT, "chest": 0.205, "waist": 0.182, "hem": 0.192, "shoulder": 0.19, "length": 0.55,
        "sleeve_width": 0.072, "cuff_width": 0.05,
    },
    "cable crew": {**_KNIT, "stitch": "cable", "fold": 0.7},
    "cable turtleneck": {**_KNIT, "stitch": "cable", "collar": "turtle", "fold": 0.7},
    "turtleneck": {**_KNIT, "collar": "turtle", "neck": 0.078, "neck_drop": 0.06},
    "mock neck rib": {
        **_KNIT, "collar": "mock", "stitch": "rib", "neck": 0.074, "neck_drop": 0.055,
        "chest": 0.205, "waist": 0.184, "hem": 0.19, "shoulder": 0.19, "sleeve_width": 0.072,
        "fold": 0.8,
    },
    "v neck": {**_KNIT, "collar": "v", "neck_shape": "v", "neck_drop": 0.2},
    "chunky oversized": {
        **_KNIT, "chest": 0.272, "waist": 0.27, "hem": 0.255, "shoulder": 0.25, "length": 0.62,
        "sleeve_width": 0.112, "cuff_width": 0.078, "stitch": "chunky rib", "neck": 0.095,
    },
    "cardigan": {
        **_KNIT, "collar": "cardigan", "neck_shape": "v", "neck_drop": 0.3, "length": 0.62,
        "neck": 0.078,
    },
    "crew cardigan": {**_KNIT, "collar": "crew cardigan", "length": 0.54, "neck": 0.08},
    "hoodie": {
        **_KNIT, "collar": "hood", "fleece": "yes",
        "chest": 0.245, "waist": 0.24, "hem": 0.238, "fold": 1.3,
        "shoulder": 0.225, "sleeve_width": 0.096, "neck": 0.088, "neck_drop": 0.1,
    },
    "zip hoodie": {
        **_KNIT, "collar": "zip hood", "fleece": "yes",
        "chest": 0.245, "waist": 0.24, "hem": 0.238, "fold": 1.3,
        "shoulder": 0.225, "sleeve_width": 0.096, "neck": 0.088, "neck_drop": 0.1,
    },
    "sweatshirt": {
        **_KNIT, "fleece": "yes",
        "chest": 0.245, "waist": 0.238, "hem": 0.234, "fold": 1.3, "shoulder": 0.225,
        "sleeve_width": 0.094,
    },
    "vest": {**_KNIT, "collar": "v", "neck_shape": "v", "neck_drop": 0.2, "sleeve": 0.0,
             "shoulder": 0.19, "front_width": 0.165},
    "half zip": {**_KNIT, "collar": "half zip", "neck": 0.078, "neck_drop": 0.07},
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("knit", "wool")
PATTERNS: tuple[str, ...] = ("plain", "stripes", "checks", "print", "colour-block")
TRIMS: tuple[str, ...] = ("contrast ribs", "patch pockets")


_STITCHES = ("plain", "plain", "plain", "rib", "waffle", "wide rib")


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """The measures and details of another design of the silhouette."""
    base = Cut.of(SHAPES[silhouette])
    fit = rng.uniform(-0.008, 0.012)
    made: dict[str, float | str] = {
        "length": round(base.length + rng.uniform(-0.035, 0.05), 3),
        "chest": round(base.chest + fit, 3),
        "waist": round(base.waist + fit, 3),
        "hem": round(base.hem + fit + rng.uniform(-0.006, 0.006), 3),
        "sleeve": round(base.sleeve * rng.uniform(0.95, 1.05), 3),
        "neck": round(base.neck * rng.uniform(0.94, 1.06), 3),
        "neck_drop": round(base.neck_drop * rng.uniform(0.9, 1.12), 3),
        "hem rib": rng.choice([0.03, 0.045, 0.06, 0.075]),
        "cuff rib": rng.choice([0.035, 0.05, 0.065, 0.085]),
        "neck rib": rng.choice([0.018, 0.024, 0.03, 0.038]),
        "rib": rng.choice([0.0055, 0.0075, 0.01]),
        "block": rng.choice(["sleeves", "band", "upper", "bands", "lower"]),
    }
    if silhouette in (
        "crew",
        "crew fitted",
        "v neck",
        "turtleneck",
        "vest",
        "half zip",
        "cardigan",
    ):
        made["stitch"] = rng.choice(_STITCHES)
    if silhouette.startswith("cable"):
        made["cable"] = rng.choice([0.085, 0.112, 0.15])
    if silhouette in ("sweatshirt", "hoodie"):
        made["block"] = rng.choice(["sleeves", "band", "upper", "lower"])
        made["word"] = rng.choice(["", "", "ATHLETIC", "NORTH", "CLUB", "STUDIO", "1986"])
    return made


def build(spec: Spec) -> None:
    """Put the knitted garment in the scene."""
    cut = Cut.of(spec.shape)
    collar = str(spec.shape.get("collar", "crew"))
    stitch = str(spec.shape.get("stitch", "plain"))
    jersey = spec.shape.get("fleece") == "yes"
    material = "cotton" if jersey else spec.material
    bodice = FlatTop(cut, spec.seed, rows=150 if stitch == "cable" else 120, loft=0.036)
    fold(bodice, DRAPES["knit" if material in ("knit", "cotton") else "sweater"])
    gather(bodice, 0.07, 0.16)
    cable = float(spec.shape.get("cable", 0.112))
    for sheet in (bodice.front, bodice.back, *bodice.sleeves):
        knit(sheet, stitch, cable)
    main, second, _ = spec.colours
    ribs = plain(material, second if "contrast ribs" in spec.trims else main)
    cloth = fabric(material, spec.pattern, spec.colours, seed=spec.seed)
    thick = 0.0035 if stitch == "plain" else 0.005
    made = _body(bodice, spec, material, cloth, thick)
    made += _ribs(bodice, ribs, thick, spec)
    made += _neck(bodice, collar, cloth, ribs, spec)
    if collar == "hood":
        made += _kangaroo(bodice, cloth, plain("thread", tonal(main)))
    elif "patch pockets" in spec.trims and "cardigan" in collar:
        for side in (-1, 1):
            made += pocket(
                bodice.face(), side * 0.115, -cut.length + 0.19, 0.12, 0.13, cloth, lift=0.004
            )
    word = str(spec.shape.get("word", ""))
    if word and spec.pattern == "plain":
        ink = plain("cotton", second)
        made.append(lettering.word(bodice.face(), word, 0.0, -cut.armhole - 0.01, 0.2, ink))
    made.append(label(bodice, plain("cotton", "#f1efe9")))
    spare(made)
    stand_on_ground(made)


def _body(
    bodice: Bodice, spec: Spec, material: str, cloth: bpy.types.Material, thick: float
) -> list[bpy.types.Object]:
    if spec.pattern != "colour-block":
        return [bodice.sew().make("knit", cloth, thickness=thick)]
    main, second, third = (plain(material, colour) for colour in spec.colours)
    chest = -bodice.cut.armhole - 0.02
    low = chest - 0.1
    match str(spec.shape.get("block", "sleeves")):
        case "band":
            return sewn(bodice, "knit", (main, second, main), (low, chest), thickness=thick)
        case "bands":
            return sewn(
                bodice, "knit", (main, second, third), (low, chest), sleeves=third, thickness=thick
            )
        case "upper":
            return sewn(bodice, "knit", (main, second), (chest,), thickness=thick)
        case "lower":
            return sewn(bodice, "knit", (second, main), (low - 0.04,), thickness=thick)
        case _:
            return sewn(bodice, "knit", (main,), sleeves=second, thickness=thick)


def _ribs(
    bodice: Bodice, ribs: bpy.types.Material, thickness: float, spec: Spec
) -> list[bpy.types.Object]:
    told = spec.shape.get
    period = 0.011 if told("stitch") == "chunky rib" else float(told("rib", 0.0075))
    cloth = Cloth()
    high = float(told("hem rib", 0.06))
    below = np.array([0.0, 0.0, -1.0])
    cloth.add(drawn_in(bodice.hem_loop(), high, below, draw=0.03, rib=period, facing=-1))
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=False):
        end = sleeve.points[-1]
        axis = end[:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)
        high = float(told("cuff rib", 0.065))
        cloth.add(drawn_in(end, high, axis, draw=0.05, rib=period, facing=-side))
    made = [cloth.make("ribs", ribs, thickness=thickness * 0.7)]
    if not bodice.sleeves:
        for side in (-1, 1):
            hole = bodice.armhole(side)
            out = np.array([side * 1.0, 0.0, 0.0])
            away = hole - hole[:-1].mean(axis=0)
            inwards = 0.45 * out - unit(away)
            ring = Cloth()
            profile = [(0.002, -0.004), (0.004, 0.0), (0.004, 0.012), (0.002, 0.022)]
            ring.add(band(hole, inwards, out, profile, rib=period, rows=10, facing=-side))
            made.append(ring.make("armhole rib", ribs, thickness=0.003))
    return made


def _neck(
    bodice: Bodice,
    collar: str,
    cloth: bpy.types.Material,
    ribs: bpy.types.Material,
    spec: Spec,
) -> list[bpy.types.Object]:
    face = bodice.face()
    cut = bodice.cut
    main, second, trim = spec.colours
    low = -cut.length + 0.004
    if collar == "turtle":
        return [collars.rolled_neck(bodice, 0.085, ribs, fold=True)]
    if collar == "mock":
        return [collars.rolled_neck(bodice, 0.05, ribs, fold=False)]
    if collar in ("crew", "v"):
        neck = Cloth()
        wide = float(spec.shape.get("neck rib", 0.026))
        neck.add(neck_band(*bodice.neck_loop(), wide, rib=float(spec.shape.get("rib", 0.0075))))
        return [neck.make("neck", ribs, thickness=0.0035)]
    if collar == "half zip":
        made = [collars.stand(bodice, 0.06, cloth, lean=0.12, thickness=0.005)]
        metal = plain("metal", "#b9b6ae")
        return made + zip_line(face, -cut.neck_drop, -0.27, metal, plain("cotton", tonal(main)))
    if collar == "cardigan":
        return _cardigan_edge(bodice, ribs, spec)
    if collar == "crew cardigan":
        neck = Cloth()
        neck.add(neck_band(*bodice.neck_loop(), 0.024, rib=0.0075))
        made = [neck.make("neck", ribs, thickness=0.0035)]
        made += placket(face, -cut.neck_drop - 0.001, low - 0.0, 0.034, ribs, lift=0.004)
        heights = np.linspace(-cut.neck_drop - 0.02, low + 0.02, 6)
        made += buttons(
            face, np.stack([0 * heights, heights], -1), plain("plastic", trim), radius=0.0085,
            high=0.004, lift=0.0045,
        )  # fmt: skip
        return made
    made = collars.hood(bodice, cloth, plain("thread", tonal(main)))
    front, back = bodice.neck_loop()
    loop = np.concatenate([front, back[1:]])
    made.append(rod(loop, 0.004, cloth, "neck seam"))
    cord = plain("cord", second)
    if collar == "zip hood":
        metal = plain("metal", "#b9b6ae")
        made += zip_line(face, -cut.neck_drop, low - 0.0, metal, plain("cotton", tonal(main)))
        for side in (-1, 1):
            made += _slit(bodice, side, cloth)
    sheet = bodice.front
    u, v = bodice.at(np.array([0.0]), np.array([-cut.neck_drop - 0.012]))
    made += drawstring(sheet, (0.0, float(v[0])), cord, spec.seed, length=0.17, spread=0.16)
    del u
    return made


def _slit(bodice: Bodice, side: int, cloth: bpy.types.Material) -> list[bpy.types.Object]:
    low = -bodice.cut.length
    t = np.linspace(0, 1, 40)[:, None]
    s = np.linspace(0, 1, 24)[None]
    outer = 0.185 - 0.035 * np.clip((t - 0.12) / 0.7, 0, 1) ** 1.3
    x = side * (0.014 + (outer - 0.014) * (1 - s))
    z = low + 0.2 - 0.195 * t + 0 * s
    x = np.broadcast_to(x, z.shape)
    return [patch(bodice.face(), x, z, 0.003, cloth, "pocket")]


def _kangaroo(
    bodice: Bodice, cloth: bpy.types.Material, thread: bpy.types.Material
) -> list[bpy.types.Object]:
    """The pouch of a hooded sweatshirt, its upper sides cut aslant."""
    low = -bodice.cut.length
    t = np.linspace(0, 1, 50)[:, None]
    s = np.linspace(-1, 1, 50)[None]
    half = 0.095 + 0.065 * drape.smooth(t, 0.1, 0.78)
    x, z = s * half, low + 0.2 - 0.196 * t + 0 * s
    lift = 0.003 + 0.006 * np.sin(np.pi * t) * (1 - s**2)
    made = [patch(bodice.face(), x, z, lift, cloth, "pouch")]
    over = bodice.face().raised(0.0045)
    for k in (2, -3):
        made.append(stitches(over, np.stack([x[:, k], z[:, k]], -1), thread, width=0.0014))
    made.append(stitches(over, np.stack([x[1, 2:-2], z[1, 2:-2]], -1), thread, width=0.0014))
    return made


def _cardigan_edge(bodice: Bodice, ribs: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """One band that runs up the front, round the neck and down again, with buttons."""
    cut = bodice.cut
    face = bodice.face()
    low = -cut.length + 0.003
    end = -cut.neck_drop
    made = placket(face, end - 0.002, low, 0.038, ribs, lift=0.0055)
    for side in (-1, 1):
        z = np.linspace(end - 0.022, -0.005, 60)
        inner = np.array([float(collars.neck_width(bodice, k)) for k in np.maximum(z, end)])
        s = np.linspace(0, 1, 10)[None]
        x = side * (inner[:, None] - 0.003 + 0.036 * s)
        grid_z = z[:, None] + 0.012 * s
        grid_z = np.minimum(grid_z, cut.shoulder_line(x) - 0.001)
        made.append(patch(face, x, grid_z, 0.005, ribs, "edge"))
    front, back = bodice.neck_loop()
    loop = back[::-1]
    t = np.linspace(0, 1, 8)[:, None, None]
    out = (loop - loop.mean(axis=0)) * np.array([1.0, 1.0, 0.0])
    out = out / (np.linalg.norm(out, axis=-1, keepdims=True) + 1e-9)
    points = (
        loop[None]
        + out[None] * (0.011 * t - 0.002)
        + np.array([0, 0, 1.0]) * (0.012 * (1 - t) + 0.001)
    )
    rear = Cloth()
    rear.add(grid_sheet(points, facing=-1))
    made.append(rear.make("back edge", ribs, thickness=0.005))
    heights = np.linspace(end - 0.015, low + 0.03, 5)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), plain("plastic", spec.colours[2]),
        radius=0.0105, high=0.005, lift=0.006,
    )  # fmt: skip
    del front
    return made
