"""Straps of heeled shoes: bars over the instep, slings, ankle straps, T-straps."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ..spec import Spec
from . import straps
from .foot import Foot
from .lofts import Points, Surface, even_path, smooth_path
from .pump import PumpLast

Material = bpy.types.Material


@dataclass(frozen=True)
class Stuff:
    """The materials of one shoe."""

    cloth: Material
    plain: Material
    accent: Material
    strap: Material
    lining: Material
    metal: Material
    thread: Material | None


def strapped(spec: Spec, last: PumpLast, surface: Surface, foot: Foot, stuff: Stuff) -> None:
    """Straps, where the absent foot holds them."""
    shape = spec.shape
    wide = float(shape.get("strap_width", 0.009))
    kind, size = str(shape.get("strap", "")), last.length
    form = str(shape.get("buckle", "square"))
    if shape.get("back") == "sling":
        _sling(last, foot, stuff, spec.seed, wide=0.0085)
    if kind in ("instep", "double"):
        for middle in (0.54, 0.44) if kind == "double" else (0.50,):
            _bar(foot, surface, stuff, (middle * size, middle * size), wide + 0.002, form)
    if kind == "crossed":
        _bar(foot, surface, stuff, (0.445 * size, 0.565 * size), wide, form)
        _bar(foot, surface, stuff, (0.565 * size, 0.445 * size), wide, "", gap=0.0028)
    if kind in ("ankle", "ankle_twice", "t"):
        back = np.array([0.012, 0.0, foot.seat + 0.060])
        front = np.array([0.095, 0.0, foot.seat + 0.070])
        rise = np.array([0.0, 0.0, wide / 2])
        low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
        low, high = straps.relaxed((low, high), spec.seed, 0.004 if kind == "t" else 0.008)
        straps.buckled(
            low, high, stuff.strap, stuff.metal, at=0.13, thread=stuff.thread, shape=form,
            thick=0.0024,
        )  # fmt: skip
        if kind == "ankle_twice":
            # Wound on once more, rising from the back to the front.
            up = np.array([0.0, 0.0, 0.030])
            low, high = (
                foot.loop(back + k, front + up + k, roll=-0.05, gap=0.0034) for k in (-rise, rise)
            )
            low, high = straps.relaxed((low, high), spec.seed + 1, 0.017)
            straps.band(low, high, stuff.strap, thick=0.0024, thread=stuff.thread)
        if kind == "t":
            _t_bar(surface, (low[0] + high[0]) / 2, stuff, wide)


def _bar(
    foot: Foot,
    surface: Surface,
    stuff: Stuff,
    ends: tuple[float, float],
    wide: float,
    form: str,
    gap: float = 0.0006,
) -> None:
    """A strap over the instep, sewn to the quarters a little below the topline."""
    # A strap crosses the foot square to its slope.
    middle = sum(ends) / 2
    slope = (foot.edge(middle - 0.02, 1.0)[2] - foot.edge(middle + 0.02, 1.0)[2]) / 0.04
    lines = []
    for shift in (-wide / 2, wide / 2):
        line = foot.over(ends[0] + shift, ends[1] + shift, lean=-slope, gap=gap)
        line = _above(line, surface, 0.008)
        lines.append(line)
    straps.band(*lines, stuff.strap, thick=0.0020, thread=stuff.thread, tip=0.004)
    if form:
        across, out = straps.frame_of(*lines)
        k = 19
        middle = (lines[0] + lines[1]) / 2
        centre = middle.mean(axis=0)
        straps.buckle(middle[k], across[k], out[k], wide, stuff.metal, lift=0.002, shape=form)
        a, b = (straps.part(line, 0.0, 0.17, 30) for line in lines)
        straps.band(
            a[::-1], b[::-1], stuff.strap, thick=0.002, lift=0.0022, tip=0.006, inside=centre
        )


def _above(line: Points, surface: Surface, overlap: float) -> Points:
    """The part of a line over the foot that starts and ends just below the topline."""
    rim = surface.points[-1]
    half = len(line) // 2
    found = []
    for order in (np.arange(half), np.arange(len(line) - 1, half, -1)):
        piece = line[order]
        near = np.abs(rim[None, :, :] - piece[:, None, :]).sum(axis=2).min(axis=1)
        run = np.linalg.norm(np.diff(piece, axis=0), axis=1).mean()
        found.append(order[max(0, int(np.argmin(near)) - int(overlap / run))])
    return straps.part(line, found[0] / len(line), found[1] / len(line), 110)


def _sling(last: PumpLast, foot: Foot, stuff: Stuff, seed: int, *, wide: float) -> None:
    """The strap round the heel, from one side of the vamp to the other, with a small buckle."""
    share = 0.52
    level = float(last.feather(np.array([share]))[0]) + 0.014
    back = np.array([0.004, 0.0, foot.seat + 0.040])
    front = np.array([share * last.length, 0.0, level])
    rise = np.array([0.0, 0.0, wide / 2])
    lines = []
    for k in (-rise, rise):
        loop = foot.loop(back + k, front + k, gap=0.0012, until=share * last.length + 0.003)
        behind = np.flatnonzero(loop[:, 0] < share * last.length)
        line = straps.part(loop, behind[0] / len(loop), behind[-1] / len(loop), 140)
        lines.append(_slack(line, seed))
    straps.band(*lines, stuff.strap, thick=0.0024, thread=stuff.thread)
    across, out = straps.frame_of(*lines)
    middle = (lines[0] + lines[1]) / 2
    straps.buckle(middle[24], across[24], out[24], wide, stuff.metal, lift=0.0022)
    a, b = (straps.part(line, 0.17, 0.27, 30) for line in lines)
    straps.band(a, b, stuff.strap, thick=0.002, lift=0.0024, tip=0.005, inside=middle.mean(axis=0))


def _slack(line: Points, seed: int) -> Points:
    """A sling without its heel: both sides sag, unlike each other, and its back sinks."""
    draw = np.random.default_rng(seed)
    left, right = draw.uniform(0.003, 0.009, 2)
    sink, swing, narrow = draw.uniform(0.004, 0.012), draw.uniform(-0.006, 0.006), 0.16
    f = np.linspace(0, 1, len(line))
    sag = np.sin(np.pi * np.clip(2 * f, 0, 1)) ** 2 * left
    sag = sag + np.sin(np.pi * np.clip(2 * f - 1, 0, 1)) ** 2 * right
    free = np.sin(np.pi * f)
    loose = line.copy()
    loose[:, 2] -= sag + sink * free**2
    loose[:, 1] = line[:, 1] * (1 - narrow * free) + swing * free**2
    loose[:, 0] -= 0.5 * sink * free**4
    return loose


def _t_bar(surface: Surface, end: Points, stuff: Stuff, wide: float) -> None:
    """The upright of a T-strap: cut on to the vamp, slack over the instep, looped at the ankle."""
    root, start = surface.at(0.0, 0.80, -0.0032), surface.at(0.0, 0.99, 0.0004)
    climb = start - root
    sag = np.array([-0.35, 0.0, -0.75]) * 0.016
    path = [
        root,
        start,
        start + (end - start) * 0.22 + climb * 0.10 + sag * 0.45,
        start + (end - start) * 0.55 + sag,
        start + (end - start) * 0.85 + sag * 0.45,
        end + [0.0034, 0.0, -0.004],
        end + [0.0038, 0.0, 0.005],
        end + [0.0006, 0.0, 0.0085],
    ]
    middle = even_path(smooth_path(np.array(path), 160), 90)
    f = np.linspace(0, 1, 90)
    half = wide * 0.5 * (0.92 + 1.0 * np.exp(-((f / 0.16) ** 2)))
    aside = np.array([0.0, 1.0, 0.0]) * half[:, None]
    straps.band(middle - aside, middle + aside, stuff.strap, thick=0.0022, thread=stuff.thread)
