"""Under a sandal: soles of cork, foam, leather, rope, wood or rubber, and the bed on top."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import findings, heel_forms, hides, pump_soles, soles
from .colours import lightness, shaded, tonal
from .lofts import Points, Surface, grid_object, smoothstep, tube
from .pump import PumpLast
from .sock import stamped
from .uppers import stitches

Material = bpy.types.Material

# Thickness under the ball and under the heel.
BASES: dict[str, tuple[float, float]] = {
    "footbed": (0.022, 0.026),
    "sport": (0.026, 0.034),
    "flat": (0.006, 0.006),
    "foam": (0.017, 0.022),
    "wedge": (0.020, 0.020),
    "rope": (0.026, 0.028),
    "heeled": (0.0045, 0.0045),
    "platform": (0.042, 0.048),
}


@dataclass(frozen=True)
class Rim:
    """How far the bed's edge stands over the feather line: heel, waist and toe (metres)."""

    heel: float
    waist: float
    toe: float
    size: float

    def __call__(self, x: Points) -> Points:
        """Height of the edge at x."""
        share = x / self.size
        back = self.heel + (self.waist - self.heel) * smoothstep(0.18, 0.42, share)
        return back + (self.toe - self.waist) * smoothstep(0.45, 0.75, share)


RIMS = {
    "footbed": (0.008, 0.005, 0.0035),
    "sport": (0.006, 0.004, 0.003),
    "platform": (0.005, 0.003, 0.002),
    "wedge": (0.003, 0.002, 0.0015),
    "rope": (0.002, 0.0015, 0.001),
    "foam": (0.0016, 0.0012, 0.0012),
    "flat": (0.0012, 0.0010, 0.0010),
    "heeled": (0.0012, 0.0010, 0.0010),
}


def rim_of(kind: str, last: PumpLast) -> Rim:
    """The bed's edge of a kind of sole."""
    return Rim(*RIMS[kind], last.length)


def bed(
    upper: Surface,
    rim: Rim,
    material: Material,
    *,
    thread: Material | None = None,
    stamp: Material | None = None,
    mark: str = "oval",
) -> None:
    """The bed: raised at its edge, hollow under the heel, swollen under the arch."""
    s = np.linspace(0.012, 0.988, 150)
    across = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 34))

    def at(s: Points, across: Points) -> Points:
        outer, inner = upper.at(s, 0.0), upper.at(-s, 0.0)
        points = outer * (1 - across[..., None]) + inner * across[..., None]
        x = points[..., 0]
        edge = np.abs(2 * across - 1)
        wall = np.clip((edge - 0.62) / 0.38, 0, 1) ** 2.2
        share = x / rim.size
        arch = 0.004 * np.exp(-(((share - 0.42) / 0.12) ** 2)) * smoothstep(0.55, 0.9, across)
        toes = 0.0012 * np.exp(-(((share - 0.77) / 0.03) ** 2)) if rim.heel > 0.004 else 0.0
        ends = np.clip(np.minimum(share - 0.004, 0.996 - share) / 0.05, 0, 1)
        wall = np.maximum(wall, (1 - ends) ** 2.2)
        points[..., 2] += (
            0.0012 + (rim(x) - 0.0012) * wall + (arch * rim.heel / 0.008 + toes) * (1 - wall)
        )
        return points

    grid, over = np.meshgrid(s, across, indexing="ij")
    points = at(grid, over)
    grid_object("bed", points, material, points[..., :2].copy())
    if thread:
        for side in (0.045, 0.955):
            line = at(s[6:-6], np.full(len(s) - 12, side))
            stitches(line + [0, 0, 0.0003], thread, pitch=0.0042, radius=0.00034)
    if stamp:

        def flat(x: Points, y: Points) -> Points:
            """The bed's point at shares of its length and of its width."""
            place = np.clip(x, 0.02, 0.98)
            return at(np.arccos(2 * place - 1) / np.pi, 0.5 + y) + [0, 0, 0.00025]

        stamped(flat, mark, upper.points[0, :, 0].max(), stamp)


def build(spec: Spec, last: PumpLast, upper: Surface, covered: Material) -> None:
    """The sole of a sandal, by `spec.shape["sole"]`, and its bed."""
    shape = spec.shape
    kind = str(shape.get("sole", "flat"))
    rim = rim_of(kind, last)
    bed_colour = str(shape.get("bed", "#b58b62"))
    if "contrast_footbed" in spec.trims:
        bed_colour = spec.colours[1]
    thread = materials.plain("thread", tonal(bed_colour))
    stitched = kind in ("flat", "heeled", "wedge", "rope", "platform")
    top = findings.kid(bed_colour)
    if kind == "footbed":
        top = hides.bare(spec, bed_colour, material="suede")
    elif kind in ("foam", "sport"):
        top = findings.dimpled(bed_colour)
    ink = materials.plain("thread", shaded(bed_colour, 0.5))
    if lightness(bed_colour) < 0.3:
        ink = materials.plain("metal", "#c9a659")
    mark = ("oval", "bars", "word")[spec.seed % 3]
    bed(upper, rim, top, thread=thread if stitched else None, stamp=ink, mark=mark)
    _SOLES[kind](spec, last, upper, rim, covered)


def _rubber(spec: Spec) -> Material:
    dark = "dark_sole" in spec.trims
    return materials.plain("rubber", "#221f1d" if dark else str(spec.shape.get("tread", "#4a3626")))


def _footbed(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, _: Material) -> None:
    body = {
        "cork": materials.plain("cork", "#c39a68"),
        "white": materials.plain("foam", "#efece4"),
        "own": materials.plain("foam", spec.colours[0]),
        "black": materials.plain("foam", "#26241f"),
    }[str(spec.shape.get("body", "cork"))]
    profile = [(0, -0.003), (0.03, -0.0008), (0.17, 0.0006), (0.19, -0.0006), (0.22, 0.0008)]
    profile += [(0.5, 0.0002), (0.85, 0.0016), (0.96, 0.0012), (1.0, -0.0012)]
    bands = [(0.19, _rubber(spec)), (1.0, body)]
    low = soles.tread(last, step=0.003)
    relief = soles.ribs(0.006, 0.0006, 0.02, 0.14)
    pump_soles.walls(upper, low, profile, bands, relief=relief, upstand=rim, rows=30)


def _sport(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, _: Material) -> None:
    main = materials.plain("foam", str(spec.shape.get("midsole", "#3a3b3f")))
    layer = materials.plain("foam", spec.colours[2])
    profile = [(0, -0.004), (0.06, 0.001), (0.30, 0.002), (0.33, 0.0004), (0.55, 0.0022)]
    profile += [(0.66, 0.0012), (0.70, 0.0022), (0.95, 0.0018), (1.0, -0.0012)]
    bands = [(0.31, _rubber(spec)), (0.60, main), (0.68, layer), (1.0, main)]
    relief = soles.lugs(0.015, 0.0035, 0.27)
    low = soles.tread(last, step=0.004, bevel=0.008)
    pump_soles.walls(upper, low, profile, bands, relief=relief, upstand=rim, rows=40)


def _flat(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, _: Material) -> None:
    edge = materials.plain("leather", str(spec.shape.get("edge", "#7a5436")))
    profile = [(0, -0.0012), (0.15, 0.0004), (0.8, 0.0008), (0.95, 0.0003), (1.0, -0.0014)]
    pump_soles.walls(
        upper, soles.under_foot(last, 0.006), profile, [(0.3, edge), (1.0, edge)], upstand=rim
    )
    rubber = _rubber(spec)
    heel_forms.heel(last, upper, edge, rubber, form="stacked", drop=0.005, breast=0.27)


def _foam(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, _: Material) -> None:
    main = materials.plain("foam", spec.colours[0])
    second = spec.colours[1] if spec.pattern != "plain" else shaded(spec.colours[0], 0.8)
    layer = materials.plain("foam", second)
    third = materials.plain("foam", spec.colours[2]) if spec.pattern != "plain" else main
    profile = [(0, -0.001), (0.05, 0.0003), (0.5, 0.0002), (0.95, 0.0006), (1.0, -0.0006)]
    bands = [(0.30, main), (0.50, layer), (0.66, third), (1.0, main)]
    low = soles.tread(last, bevel=0.004)
    relief = soles.ribs(0.0022, 0.00035, 0.05, 0.26)
    pump_soles.walls(upper, low, profile, bands, relief=relief, upstand=rim, rows=30)


def _wedge(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, covered: Material) -> None:
    body = {
        "cork": materials.plain("cork", "#c69c6d"),
        "own": covered,
        "wood": materials.plain("wood", "#b78a58"),
    }[str(spec.shape.get("body", "cork"))]
    _slanted(last, upper, rim, body, _rubber(spec))


def _slanted(last: PumpLast, upper: Surface, rim: Rim, body: Material, rubber: Material) -> None:
    profile = [(0, -0.0035), (0.03, -0.001), (0.5, -0.0002), (0.94, 0.0006), (1.0, -0.0012)]
    low = soles.tread(last, bevel=0.004)
    bands = [(0.07, rubber), (1.0, body)]
    pump_soles.walls(
        upper, low, profile, bands, relief=pump_soles.waisted(last), upstand=rim, rows=30
    )


def _platform(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, covered: Material) -> None:
    body = {
        "cork": materials.plain("cork", "#c69c6d"),
        "white": materials.plain("foam", "#efece5"),
        "own": covered,
        "wood": materials.plain("wood", "#b78a58"),
    }[str(spec.shape.get("body", "cork"))]
    profile = [(0, -0.004), (0.03, -0.0006), (0.11, 0.0008), (0.12, -0.0004), (0.6, 0.0)]
    profile += [(0.96, 0.0008), (1.0, -0.001)]
    low = soles.tread(last, bevel=0.006, step=0.002)
    bands = [(0.115, _rubber(spec)), (1.0, body)]
    pump_soles.walls(upper, low, profile, bands, upstand=rim, rows=36)


def _heeled(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, covered: Material) -> None:
    profile = [(0, -0.0026), (0.3, -0.0002), (0.6, 0.0006), (0.95, 0.0004), (1.0, -0.001)]
    under = materials.plain("leather", "#b98f63")
    form = str(spec.shape.get("heel", "block"))
    thick = 0.0045
    if float(spec.shape.get("platform", 0.0)) > 0.008:
        pump_soles.platform(last, upper, covered, under)
    bands = [(0.1, under), (1.0, covered)]
    pump_soles.walls(upper, soles.under_foot(last, thick), profile, bands, upstand=rim, rows=14)
    rubber = materials.plain("rubber", "#1d1a18")
    cover = findings.stacked("#7d5536") if form == "stacked" else covered
    heel_forms.heel(last, upper, cover, rubber, form=form, drop=thick - 0.0008)


def _rope(spec: Spec, last: PumpLast, upper: Surface, rim: Rim, _: Material) -> None:
    """An espadrille's sole: rounds of plaited jute over thin rubber."""
    light = lightness(spec.colours[0]) > 0.9
    jute = materials.plain("cord", "#d9c59b" if light else "#c9aa76")
    _slanted(last, upper, rim, materials.plain("cord", "#8f7448"), _rubber(spec))
    line, out = soles.footprint(upper, 700)
    low = soles.tread(last, bevel=0.004)(line[:, 0])
    tall = line[:, 2] + rim(line[:, 0]) - low
    rounds = max(4, round(float(tall.max()) / 0.0075))
    step = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    waist = smoothstep(0.16, 0.36, line[:, 0] / last.length)
    waist *= smoothstep(0.66, 0.46, line[:, 0] / last.length)
    for k in range(rounds):
        share = 0.13 + 0.82 * k / (rounds - 1)
        radius = np.clip(tall * 0.82 / (rounds - 1) * 0.55, 0.0012, 0.006)
        for strand in (0.0, np.pi):
            # Two strands twisted about each other read as a plait.
            turn = 2 * np.pi * step / 0.011 + strand + k * np.pi / 2
            path = line.copy()
            path[:, 2] = low + tall * share + radius * 0.30 * np.cos(turn)
            away = 0.0002 + radius * 0.22 * np.sin(turn) - 0.005 * waist * (1 - share)
            path += out * away[:, None]
            grid_object("rope", tube(path, radius * 0.80, sides=8, caps=False), jute)


_SOLES = {
    "footbed": _footbed,
    "sport": _sport,
    "flat": _flat,
    "foam": _foam,
    "wedge": _wedge,
    "rope": _rope,
    "platform": _platform,
    "heeled": _heeled,
}
