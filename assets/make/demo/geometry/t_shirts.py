"""T-shirts: many necks, fits and sleeves; ringers, colour blocks, printed chests."""

from __future__ import annotations

import random

import bpy

from ..materials import fabric, plain
from ..spec import Spec
from . import lettering
from .bands import drawn_in, neck_band
from .bodice import Bodice, Cut
from .cloth_sheet import Cloth, stand_on_ground
from .colour_blocks import sewn
from .colours import tonal
from .creases import DRAPES, fold, spare
from .flat_top import FlatTop
from .haberdashery import hem_stitches, label, pocket, sleeve_stitches

Shape = dict[str, float | str]

SHAPES: dict[str, Shape] = {
    "crew": {},
    "crew fitted": {"waist": 0.182, "hem": 0.192, "chest": 0.203, "length": 0.62, "sleeve": 0.18},
    "v neck": {"neck_shape": "v", "neck_drop": 0.175},
    "v neck fitted": {
        "neck_shape": "v", "neck_drop": 0.19, "waist": 0.18, "hem": 0.192, "chest": 0.2,
        "length": 0.61, "sleeve": 0.16, "shoulder": 0.193,
    },
    "boxy": {
        "chest": 0.245, "waist": 0.242, "hem": 0.242, "length": 0.64, "shoulder": 0.228,
        "sleeve": 0.21, "sleeve_width": 0.096, "cuff_width": 0.094, "arm_angle": 30,
    },
    "oversized": {
        "chest": 0.258, "waist": 0.254, "hem": 0.254, "length": 0.73, "shoulder": 0.242,
        "sleeve": 0.25, "sleeve_width": 0.102, "cuff_width": 0.1, "arm_angle": 27,
    },
    "scoop": {"neck_drop": 0.16, "neck": 0.105, "waist": 0.186, "hem": 0.2, "sleeve": 0.16},
    "boat neck": {
        "neck_shape": "boat", "neck_drop": 0.045, "neck": 0.118, "waist": 0.192, "hem": 0.202,
        "sleeve": 0.36, "cuff_width": 0.062, "arm_angle": 22, "chest": 0.208,
    },
    "long sleeve": {"sleeve": 0.59, "cuff_width": 0.05, "arm_angle": 19, "waist": 0.203},
    "cropped": {
        "length": 0.48, "waist_at": 0.4, "waist": 0.2, "hem": 0.208, "chest": 0.212,
        "sleeve": 0.17, "shoulder": 0.2,
    },
}  # fmt: skip
MATERIALS: tuple[str, ...] = ("cotton",)
PATTERNS: tuple[str, ...] = (
    "plain", "stripes", "dots", "floral", "camouflage", "print", "leopard", "colour-block",
)  # fmt: skip
TRIMS: tuple[str, ...] = ("contrast neck", "chest print", "chest pocket")

_WORDS = (
    "NORTH",
    "SUNDAY",
    "COAST",
    "STUDIO",
    "1986",
    "WILD",
    "HARBOR",
    "SLOW DOWN",
    "LOOP",
    "OSLO",
)
_ART = ("word", "box", "sun", "peaks", "target", "bars", "small word", "small disc")
_BLOCKS = ("sleeves", "band", "upper", "lower", "bands", "sleeves ringer")


def varied(silhouette: str, rng: random.Random) -> Shape:
    """The measures and details of another design of the silhouette."""
    base = Cut.of(SHAPES[silhouette])
    fit = rng.uniform(-0.008, 0.012)
    made: Shape = {
        "length": round(base.length + rng.uniform(-0.03, 0.045), 3),
        "chest": round(base.chest + fit, 3),
        "waist": round(base.waist + fit + rng.uniform(-0.006, 0.006), 3),
        "hem": round(base.hem + fit + rng.uniform(-0.006, 0.008), 3),
        "neck_drop": round(base.neck_drop * rng.uniform(0.85, 1.18), 3),
        "neck": round(base.neck * rng.uniform(0.94, 1.08), 3),
        "rib": rng.choice([0.011, 0.016, 0.02, 0.026]),
        "tail": rng.choice([0.0, 0.0, 0.0, 0.025, 0.04]),
        "pocket": rng.choice(["point", "square", "round"]),
        "art": rng.choice(_ART),
        "word": rng.choice(_WORDS),
        "block": rng.choice(_BLOCKS),
        "cuff": rng.choice(["hem", "hem", "hem", "rib", "turned"]),
    }
    if silhouette == "long sleeve":
        made["sleeve"] = rng.choice([0.44, 0.59, 0.6])
        made["cuff"] = rng.choice(["hem", "rib"])
    elif silhouette != "boat neck":
        made["sleeve"] = round(base.sleeve * rng.uniform(0.8, 1.15), 3)
        made["cuff_width"] = round(base.cuff_width * rng.uniform(0.94, 1.08), 3)
    return made


def build(spec: Spec) -> None:
    """Put the T-shirt in the scene."""
    cut = Cut.of(spec.shape, arm_angle=28.0)
    bodice = FlatTop(cut, spec.seed)
    fold(bodice, DRAPES["jersey"])
    main, second, _ = spec.colours
    trim = plain(spec.material, second if "contrast neck" in spec.trims else main)
    made = _body(bodice, spec)
    neck = Cloth()
    neck.add(neck_band(*bodice.neck_loop(), float(spec.shape.get("rib", 0.018)), rib=0.004))
    made.append(neck.make("neck", trim, thickness=0.002))
    made += _cuffs(bodice, spec, trim)

    art = spec.pattern == "plain" and "chest print" in spec.trims
    thread = plain("thread", tonal(main))
    if art:
        made += _chest(bodice, spec)
    elif "chest pocket" in spec.trims:
        cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
        if spec.pattern == "colour-block":
            cloth = trim
        made += pocket(
            bodice.face(), 0.08, -0.2, 0.1, 0.115, cloth,
            shape=str(spec.shape.get("pocket", "point")), lift=0.0016, puff=0.001, thread=thread,
        )  # fmt: skip
    hem = plain(
        "thread",
        tonal(
            second
            if spec.shape.get("block") == "lower" and spec.pattern == "colour-block"
            else main
        ),
    )
    made += [hem_stitches(bodice.front, height, hem, width=0.0012) for height in (0.019, 0.023)]
    made.append(label(bodice, plain("cotton", "#f4f2ee")))
    spare(made)
    stand_on_ground(made)


def _body(bodice: Bodice, spec: Spec) -> list[bpy.types.Object]:
    """Front, back and sleeves; in two colours where the shirt is blocked."""
    if spec.pattern != "colour-block":
        cloth = fabric(spec.material, spec.pattern, spec.colours, seed=spec.seed)
        return [bodice.sew().make("t-shirt", cloth)]
    main, second, third = (plain(spec.material, colour) for colour in spec.colours)
    chest = -bodice.cut.armhole - 0.02
    low = chest - 0.1 * min(bodice.cut.length / 0.68, 1)
    match str(spec.shape.get("block", "sleeves")):
        case "band":
            return sewn(bodice, "t-shirt", (main, second, main), (low, chest))
        case "bands":
            return sewn(bodice, "t-shirt", (main, second, third), (low, chest), sleeves=third)
        case "upper":
            return sewn(bodice, "t-shirt", (main, second), (chest,))
        case "lower":
            return sewn(bodice, "t-shirt", (second, main), (low - 0.06,))
        case _:
            return sewn(bodice, "t-shirt", (main,), sleeves=second)


def _cuffs(bodice: Bodice, spec: Spec, trim: bpy.types.Material) -> list[bpy.types.Object]:
    """Sleeve ends: hemmed, ribbed (as on ringers), or turned up."""
    kind = str(spec.shape.get("cuff", "hem"))
    thread = plain("thread", tonal(spec.colours[0]))
    made = []
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=True):
        if kind == "hem":
            made += [sleeve_stitches(sleeve, far, thread) for far in (0.018, 0.022)]
            continue
        end = sleeve.points[-1]
        down = end[:-1].mean(axis=0) - sleeve.points[-6][:-1].mean(axis=0)
        cuff = Cloth()
        high = 0.02 if bodice.cut.sleeve < 0.4 else 0.05
        cuff.add(
            drawn_in(end, high, down, draw=0.03, rib=0.004 if kind == "rib" else 0.0, facing=-side)
        )
        cloth = trim if kind == "rib" else plain(spec.material, spec.colours[0])
        made.append(cuff.make("cuff", cloth, thickness=0.002))
    return made


def _chest(bodice: Bodice, spec: Spec) -> list[bpy.types.Object]:
    """Ink on the chest: a word, or a figure of discs, bars and peaks."""
    face, z = bodice.face(), -bodice.cut.armhole - 0.005
    second, third = (plain("cotton", colour) for colour in spec.colours[1:])
    text = str(spec.shape.get("word", "NORTH"))
    wide = 0.24 * bodice.cut.chest / 0.225
    match str(spec.shape.get("art", "word")):
        case "word":
            return [lettering.word(face, text, 0.0, z, wide, second)]
        case "box":
            shown = lettering.word(face, text, 0.0, z, wide * 0.7, plain("cotton", spec.colours[0]))
            return [lettering.box(face, 0.0, z, wide * 0.86, 0.075, second), shown]
        case "sun":
            slices = [(-1.0, -0.72), (-0.6, -0.34), (-0.24, 0.02), (0.1, 1.0)]
            inks = (third, third, second, second)
            made = [
                lettering.disc(face, 0.0, z, wide * 0.36, ink, low=low, high=high)
                for (low, high), ink in zip(slices, inks, strict=True)
            ]
            return [*made, lettering.word(face, text, 0.0, z - wide * 0.47, wide * 0.6, second)]
        case "peaks":
            return [
                lettering.disc(face, 0.03, z + 0.05, 0.038, third),
                lettering.peak(face, -0.04, z - 0.05, 0.15, 0.11, second),
                lettering.peak(face, 0.055, z - 0.05, 0.11, 0.075, second),
                lettering.word(face, text, 0.0, z - 0.075, wide * 0.6, second),
            ]
        case "target":
            rings = enumerate((wide * 0.38, wide * 0.27, wide * 0.15))
            inks = (second, plain("cotton", spec.colours[0]), third)
            return [
                lettering.disc(face, 0.0, z, radius, inks[k], lift=0.0009 + 0.0007 * k)
                for k, radius in rings
            ]
        case "bars":
            return [
                lettering.box(face, 0.0, z - 0.026 * k, wide * (1.0 - 0.12 * k), 0.013, ink)
                for k, ink in enumerate((second, third, second, third))
            ]
        case "small disc":
            return [lettering.disc(face, 0.085, z + 0.035, 0.018, second)]
        case _:
            return [lettering.word(face, text.lower(), 0.085, z + 0.035, 0.075, second)]
