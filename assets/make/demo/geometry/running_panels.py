"""What lies over a running shoe's mesh: overlays, cages, guards, welds, and blocks of colour."""

from __future__ import annotations

import random

import bpy
import numpy as np

from . import marks, uppers
from .last import Last
from .lofts import Points, Surface, grids_object, tube, unit

Material = bpy.types.Material


def panels(
    kind: str,
    last: Last,
    surface: Surface,
    stuff: dict[str, Material],
    shape: dict[str, float | str],
) -> None:
    """The overlays of a kind; `stuff` holds film, suede, bright and thread."""
    film, suede, bright = stuff["film"], stuff["suede"], stuff["bright"]
    bars = film if shape.get("mark", "none") == "none" else stuff["tonal"]
    x = last.length
    reach = float(shape.get("counter", 0.20)) * x
    guard = float(shape.get("guard", 0.16))
    if kind in ("stripes", "cage", "crossed", "guard"):
        tall = float(shape.get("counter_top", 0.86))
        uppers.heel_counter(surface, film, reach, tall, lean=0.035, thread=None, lift=0.0013)
    if kind == "stripes":
        _guard(surface, film, guard)
    elif kind == "cage":
        count = int(shape.get("bars", 4))
        for k in range(count):
            low = x * (0.28 + 0.34 / count * k)
            knots = [(low, 0.02, 0.010), (low + 0.010, 0.40, 0.005), (low + 0.024, 0.82, 0.006)]
            uppers.stripe(surface, bars, knots)
        _guard(surface, film, guard)
    elif kind == "crossed":
        for k in range(int(shape.get("bars", 4))):
            low = x * (0.28 + 0.075 * k)
            lean = 0.02 if k % 2 else -0.008
            knots = [(low + lean, 0.02, 0.005), (low, 0.34, 0.006), (low + 0.03, 0.72, 0.004)]
            uppers.stripe(surface, bars, knots)
        _guard(surface, suede, guard)
    elif kind == "guard":
        uppers.toe_cap(surface, film, x * 0.86, bow=0.03, lift=0.0022)
        _guard(surface, film, guard + 0.10)
        for k in range(2):
            low = x * (0.40 + 0.11 * k)
            knots = [(low, 0.05, 0.014), (low + 0.010, 0.42, 0.009), (low + 0.026, 0.80, 0.012)]
            uppers.stripe(surface, film, knots)
    elif kind == "retro":
        uppers.toe_cap(surface, suede, x * 0.83, bow=0.035, thread=stuff["thread"])
        _guard(surface, suede, guard)
        uppers.heel_counter(surface, suede, reach, 0.92, lean=0.03, thread=stuff["thread"])
        quarter = [(x * 0.30, 0.05, 0.012), (x * 0.38, 0.40, 0.010), (x * 0.46, 0.84, 0.012)]
        uppers.stripe(surface, suede, quarter, lift=0.0014)
    elif kind == "sock":
        _welds(last, surface, film, shape)
    marks.mark(surface, last, str(shape.get("mark", "none")), bright, lift=0.0026)


def colour_blocks(last: Last, surface: Surface, stuff: dict[str, Material], form: str) -> None:
    """Parts of the upper in other colours: the rear, the toes, both, or a sweep along the sole."""
    if form in ("rear", "both"):
        marks.block(surface, last, stuff["second"], 0.46, 0.975, 0.05)
    if form in ("toe", "both"):
        other = stuff["trim"] if form == "both" else stuff["second"]
        uppers.toe_cap(surface, other, last.length * 0.70, bow=0.05, lift=0.0009)
    if form == "sweep":
        high = [0.9, 0.7, 0.4, 0.22, 0.3, 0.5, 0.3, 0.22, 0.4, 0.7, 0.9]
        uppers.band(surface, stuff["second"], (-1.0, 1.0), 0.0, high, columns=200, lift=0.0009)


def _guard(surface: Surface, material: Material, height: float) -> None:
    """A strip along the sole, higher at the toe."""
    line = [0.02, 0.10, 0.16, 0.12, 0.13, 0.9, 1.0, 0.9, 0.13, 0.12, 0.16, 0.10, 0.02]
    tall = height * np.array(line)
    uppers.band(surface, material, (-0.72, 0.72), 0.0, tall, columns=160, lift=0.0010)


def _welds(last: Last, surface: Surface, film: Material, shape: dict[str, float | str]) -> None:
    """Fine raised lines on a knitted upper."""
    draw = random.Random(str(shape.get("bars", 0)))
    grids: list[Points] = []
    count = 2 * int(shape.get("bars", 4)) - 1
    lean = draw.uniform(-0.03, 0.05)
    for k in range(count):
        for side in (1.0, -1.0):
            t = np.linspace(0.04, 0.52 + 0.2 * (k % 3) / 3, 24)
            x = last.length * (0.22 + 0.42 * k / count) + lean * t
            s = surface.s_at_x(x, t, side)
            path, normal = surface.at(s, t, 0.0003), surface.normal(s, t)
            grids.append(tube(path, 0.0014, flat=0.55, up=unit(normal), sides=8))
    grids_object("welds", grids, film)
