"""Short jackets with bands or zips: denim, biker, bomber, varsity, windbreaker, harrington."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import plain
from ..spec import Spec
from . import collars, hoods, outer_layers, stands
from .bodice import Bodice
from .cloth_sheet import Array
from .colours import shaded, tonal
from .haberdashery import buttons, hem_stitches, patch, pocket, stitches, welt, zip_line
from .lapels import Lapel, tailored


def seams(bodice: Bodice, spec: Spec) -> list[Array]:
    """The seams of a front that pucker: closing, yokes, panels, pockets; lines of (x, z)."""
    cut, style = bodice.cut, str(spec.shape["style"])
    z = np.linspace(-cut.length, -cut.neck_drop, 60)
    if style == "biker":
        return [_slant(bodice)]
    lines = [np.stack([0 * z, z], -1)]
    for side in (-1, 1):
        if style == "denim":
            yoke = -float(spec.shape.get("yoke", 0.175))
            edge = float(cut.half_width(np.array(yoke))) - 0.008
            lines.append(np.linspace((side * 0.024, yoke), (side * edge, yoke), 40))
            lines += [
                np.linspace((side * a, yoke), (side * b, -cut.length), 60) for a, b in _PANELS
            ]
        elif style == "wind":
            lines.append(np.linspace((side * 0.17, -0.55), (side * 0.13, -0.41), 20))
        elif style != "field":
            lines.append(np.linspace((side * 0.172, -0.48), (side * 0.115, -0.35), 20))
    return lines


_PANELS = ((0.062, 0.045), (0.122, 0.085))
"""Where a denim jacket's panels begin at the yoke and end at the hem."""


def _slant(bodice: Bodice) -> Array:
    """A biker's zip."""
    z = np.linspace(-bodice.cut.length + 0.01, -0.175, 80)
    t = (z + bodice.cut.length) / (bodice.cut.length - 0.165)
    return np.stack([-0.037 - 0.065 * t**1.2, z], -1)


def denim(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """Yokes, seams, flapped pockets, metal buttons."""
    cut, face, thread = bodice.cut, bodice.face(), outer_layers.thread(spec)
    made = collars.turned_collar(
        bodice, cloth, point=(float(spec.shape.get("point", 0.062)), -0.145),
        shoulder=(0.118, -0.034), thread=thread, thickness=0.0035, level=0.4,
        soft=0.006,
    )  # fmt: skip
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.02, cloth, thread=thread, lift=0.0035)
    yoke = -float(spec.shape.get("yoke", 0.175))
    for side in (-1, 1):
        edge = float(cut.half_width(np.array(yoke))) - 0.008
        made += outer_layers.seam(face, [(side * 0.024, yoke), (side * edge, yoke)], thread)
        for start, end in _PANELS:
            made += outer_layers.seam(
                face, [(side * start, yoke - 0.002), (side * end, -cut.length + 0.004)], thread
            )
        made += pocket(
            face, side * 0.094, yoke + 0.002, 0.105, 0.05, cloth,
            shape=str(spec.shape.get("flap_shape", "point")), flap=0.055,
            thread=thread, puff=0.001,
        )  # fmt: skip
    button = plain("metal", "#b3854e" if "gold hardware" in spec.trims else "#a9a6a0")
    heights = np.arange(-cut.neck_drop - 0.025, -cut.length, -0.088)
    made += buttons(
        face, np.stack([0 * heights, heights], -1), button, radius=0.0082, high=0.004, lift=0.0062
    )
    made += buttons(
        face, np.array([[s * 0.094, yoke - 0.045] for s in (-1, 1)]), button, radius=0.0072,
        high=0.004, lift=0.0105,
    )  # fmt: skip
    made.append(outer_layers.waist_hem(bodice, 0.042, cloth, tuck=0.002))
    made += outer_layers.cuff_band(bodice, 0.052, cloth)
    return made


def biker(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """A slanting zip under wide lapels."""
    cut, face = bodice.cut, bodice.face()
    metal, tape = outer_layers.hardware(spec), plain("cotton", "#1c1b1b")
    made = outer_layers.overlap(
        bodice, -0.165, -0.03, cloth, slant=-0.065, lift=0.005, thread=plain(
            "thread", tonal(spec.colours[0])),
    )  # fmt: skip
    made += zip_line(face.raised(0.001), 0, 0, metal, tape, path=_slant(bodice))
    width = float(spec.shape.get("lapel_width", 0.102))
    made += tailored(
        bodice, Lapel(closing=-0.215, width=width, gorge=0.07, beyond=0.03, thick=0.003), cloth
    )
    for side in (-1, 1):
        a, b = (side * 0.165, -0.44), (side * 0.095, -0.34)
        line = np.linspace(a, b, 30)
        made += zip_line(face, 0, 0, metal, tape, path=line)
    chest = np.linspace((0.175, -0.21), (0.085, -0.26), 30)
    made += zip_line(face, 0, 0, metal, tape, path=chest[::-1])
    if spec.shape.get("epaulettes", 1):
        made += outer_layers.epaulettes(bodice, cloth, metal)
    if spec.shape.get("belt", "buckle") == "buckle":
        made += outer_layers.waist_belt(
            bodice, -cut.length + 0.026, 0.036, cloth, buckle=metal, middle=0.05
        )
    for side, sleeve in zip((-1, 1), bodice.sleeves, strict=True):
        made.append(outer_layers.sleeve_strap(sleeve, 0.975, cloth, width=0.02, lift=0.0022))
        del side
    return made


def bomber(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """Ribbed bands, a zip, slanting pockets."""
    cut, face = bodice.cut, bodice.face()
    main, second, _ = spec.colours
    blocked = spec.pattern == "colour-block" or "contrast lining" in spec.trims
    rib = plain("felt", second if blocked else shaded(main, 0.8))
    metal = outer_layers.hardware(spec)
    if spec.shape.get("collar", "rib") == "rib":
        made = [stands.ribbed_stand(bodice, 0.05, rib)]
    else:
        made = collars.turned_collar(
            bodice,
            cloth,
            point=(0.06, -0.135),
            shoulder=(0.116, -0.034),
            thickness=0.003,
            level=0.4,
            soft=0.006,
        )
    made += zip_line(face, -cut.neck_drop, -cut.length, metal, plain("cotton", shaded(main, 0.6)))
    for side in (-1, 1):
        made.append(
            welt(face, (side * 0.17, -0.47), (side * 0.115, -0.34), 0.02, cloth, lift=0.005)
        )
    made.append(outer_layers.waist_hem(bodice, 0.06, rib, rib=0.008, tuck=0.016))
    made += outer_layers.cuff_band(bodice, 0.06, rib, rib=0.008, tuck=0.014)
    if "chest pocket" in spec.trims and bodice.sleeves:
        made += zip_line(
            face, 0, 0, metal, plain("cotton", shaded(main, 0.6)),
            path=np.linspace((0.16, -0.19), (0.075, -0.19), 20),
        )  # fmt: skip
    return made


def varsity(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """Ribbed bands, press studs, leather pockets."""
    cut, face = bodice.cut, bodice.face()
    rib = plain("felt", spec.colours[1])
    made = [stands.ribbed_stand(bodice, 0.048, rib)]
    made += outer_layers.overlap(bodice, -cut.neck_drop, -0.016, cloth, lift=0.003)
    heights = np.linspace(-cut.neck_drop - 0.03, -cut.length + 0.02, 6)
    made += buttons(
        face,
        np.stack([0 * heights, heights], -1),
        outer_layers.hardware(spec),
        radius=0.0085,
        high=0.005,
    )
    for side in (-1, 1):
        made.append(
            welt(
                face,
                (side * 0.17, -0.47),
                (side * 0.12, -0.35),
                0.022,
                plain("leather", spec.colours[1]),
                lift=0.004,
            )
        )
    made.append(outer_layers.waist_hem(bodice, 0.06, rib, rib=0.008, tuck=0.016))
    made += outer_layers.cuff_band(bodice, 0.06, rib, rib=0.008, tuck=0.014)
    return made


def windbreaker(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """A hood or stand, a zip, perhaps a yoke of another colour."""
    cut, face = bodice.cut, bodice.face()
    main, second, _ = spec.colours
    thread = plain("thread", tonal(main))
    if spec.shape.get("collar", "hood") == "hood":
        made = hoods.hood(bodice, cloth, thread, thickness=0.003, cord=plain("cord", second))
    else:
        made = [stands.soft_stand(bodice, 0.06, cloth, slump=0.01)]
    if spec.pattern == "colour-block":
        block = plain(spec.material, second)
        z = np.linspace(-float(spec.shape.get("block", 0.3)), -0.001, 70)[:, None]
        half = cut.half_width(z) * 0.999
        s = np.sin(np.linspace(-1, 1, 90) * np.pi / 2)[None]
        x = s * half
        top = cut.top(x, back=False) - 0.002
        made.append(patch(face, x, np.minimum(z, top), 0.0008, block, "colour block"))
    made += zip_line(
        face.raised(0.001), -cut.neck_drop, -cut.length, plain("plastic", second),
        plain("nylon", shaded(main, 0.7)), width=0.009,
    )  # fmt: skip
    for side in (-1, 1):
        line = np.linspace((side * 0.17, -0.55), (side * 0.13, -0.41), 20)
        made.append(welt(face, tuple(line[0]), tuple(line[-1]), 0.014, cloth, lift=0.003))
    made += outer_layers.cuff_band(bodice, 0.025, cloth, rib=0.009, tuck=0.012)
    made.append(hem_stitches(bodice.front, 0.025, thread))
    return made


def harrington(bodice: Bodice, cloth: bpy.types.Material, spec: Spec) -> list[bpy.types.Object]:
    """A shirt collar, a zip, ribbed bands."""
    cut, face = bodice.cut, bodice.face()
    main = spec.colours[0]
    made = collars.turned_collar(
        bodice,
        cloth,
        rise=0.036,
        point=(float(spec.shape.get("point", 0.056)), -0.13),
        shoulder=(0.116, -0.034),
        thickness=0.003,
        level=0.4,
        soft=0.006,
    )
    made += zip_line(
        face,
        -cut.neck_drop + 0.004,
        -cut.length,
        outer_layers.hardware(spec),
        plain("cotton", shaded(main, 0.6)),
    )
    for side in (-1, 1):
        made.append(
            welt(face, (side * 0.175, -0.49), (side * 0.115, -0.36), 0.022, cloth, lift=0.004)
        )
    rib = plain("felt", shaded(main, 0.85))
    made.append(outer_layers.waist_hem(bodice, 0.055, rib, rib=0.008, tuck=0.014))
    made += outer_layers.cuff_band(bodice, 0.055, rib, rib=0.008, tuck=0.014)
    thread = plain("thread", tonal(main))
    edge = float(cut.half_width(np.array(-0.17))) - 0.006
    for side in (-1, 1):
        made.append(
            stitches(face, np.array([[side * 0.02, -0.185], [side * edge, -0.165]]), thread)
        )
    return made
