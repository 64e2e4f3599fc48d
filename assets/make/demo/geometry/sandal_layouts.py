"""How a sandal's straps are laid out, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import materials
from . import sandal_parts as parts
from . import straps


def _slide(work: parts.Work) -> None:
    one, two = work.across(0.50, 0.79, -0.012, thick=0.0036, puff=0.0012, pinch=0.12)
    parts.ornament(work, one, two, 0.0048)


def _slide_buckle(work: parts.Work) -> None:
    one, two = work.across(0.52, 0.78, -0.012, thick=0.0034)
    third = 0.30
    a, b = one * (1 - third) + two * third, one * third + two * (1 - third)
    straps.band(
        straps.part(a, 0.08, 0.92, 110),
        straps.part(b, 0.08, 0.92, 110),
        work.accent,
        thick=0.002,
        lift=0.0034,
        thread=work.thread,
    )
    work.buckle_on(a, b, 0.22, 0.0054)


def _cross(work: parts.Work) -> None:
    for k, slant in enumerate((0.075, -0.075)):
        block = work.accent if k and work.spec.pattern == "colour-block" else work.cloth
        work.across(0.56, 0.73, slant, thick=0.003, gap=0.001 + 0.0032 * k, material=block)


def _footbed_straps(work: parts.Work, spans: tuple[tuple[float, float], ...]) -> None:
    for k, (low, high) in enumerate(spans):
        block = work.accent if k and work.spec.pattern == "colour-block" else work.cloth
        one, two = work.across(low, high, -0.008, thick=0.0032, material=block)
        work.buckle_on(one, two, 0.20, 0.0034)


def _two(work: parts.Work) -> None:
    _footbed_straps(work, ((0.66, 0.79), (0.44, 0.57)))


def _two_wide(work: parts.Work) -> None:
    _footbed_straps(work, ((0.64, 0.80), (0.42, 0.59)))


def _three(work: parts.Work) -> None:
    _footbed_straps(work, ((0.72, 0.80), (0.58, 0.66), (0.44, 0.52)))


def _sport(work: parts.Work, slant: float = 0.0) -> None:
    for low, high, lean in ((0.665, 0.775, -0.012 + slant), (0.475, 0.565, -slant)):
        one, two = work.across(low, high, lean, thick=0.0028)
        parts.taped(work, one, two, 0.0028)
    if slant:
        work.across(0.60, 0.67, 0.10, thick=0.0026, gap=0.0036)
    foot, wide = work.foot, 0.019
    back = np.array([0.008, 0.0, foot.seat + 0.046])
    front = np.array([0.100, 0.0, foot.seat + 0.072])
    rise = np.array([0.0, 0.0, wide / 2])
    low_loop, high_loop = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    low_loop, high_loop = straps.relaxed((low_loop, high_loop), work.spec.seed, 0.006)
    straps.band(low_loop, high_loop, work.cloth, thick=0.0034, puff=0.001, thread=work.thread)
    a, b = (straps.part(line, 0.05, 0.24, 60) for line in (low_loop, high_loop))
    straps.band(a, b, work.accent, thick=0.0026, lift=0.0036, tip=0.010, thread=work.thread)
    parts.sides(work, (low_loop + high_loop) / 2, 0.015)


def _sport_cross(work: parts.Work) -> None:
    _sport(work, 0.03)


def _gladiator(work: parts.Work, levels: tuple[float, ...] = (0.066,)) -> None:
    for low in (0.735, 0.615, 0.50):
        work.across(low, low + 0.045, -0.004)
    high = parts.ankle(work, wide=0.011, level=levels[0])
    parts.upright(work, 0.80, parts.front(high), 0.011)
    for level in levels[1:]:
        parts.loop(work, level, 0.011)


def _gladiator_high(work: parts.Work) -> None:
    _gladiator(work, (0.062, 0.096, 0.128))
    foot = work.foot
    for x, y in ((0.0945, 0.0), (0.0105, 0.0)):
        ends = [np.array([x, y, foot.seat + z]) for z in (0.060, 0.132)]
        path = np.linspace(ends[0], ends[1], 30)
        outward = 1.0 if x > 0.05 else -1.0
        off = np.array([0.0, 0.0055, 0.0])
        shift = np.array([0.0025 * outward, 0.0, 0.0])
        straps.band(path - off + shift, path + off + shift, work.cloth, thread=work.thread)


def _flip(work: parts.Work) -> None:
    scale = float(work.spec.shape.get("wide", 1.0))
    second = work.spec.colours[1] if work.spec.pattern != "plain" else work.spec.colours[0]
    parts.yoke(work, 0.0108 * scale, 0.40, materials.plain("plastic", second))


def _thong(work: parts.Work) -> None:
    parts.yoke(work, 0.0074, 0.30, work.cloth)
    parts.ankle(work, wide=0.009, level=0.056)


def _thong_t(work: parts.Work) -> None:
    knot = parts.yoke(work, 0.0064, 0.32, work.cloth)
    high = parts.ankle(work, wide=0.010, level=0.060)
    share = (knot[0] - 0.012) / work.last.length
    parts.upright(work, share, parts.front(high), 0.009, lift=0.0)


def _t_bar(work: parts.Work) -> None:
    work.across(0.695, 0.775)
    high = parts.ankle(work, wide=0.011)
    parts.upright(work, 0.755, parts.front(high), 0.011, lift=-0.003)


def _strappy(work: parts.Work) -> None:
    for k, (low, high, slant) in enumerate(
        ((0.745, 0.785, 0.03), (0.665, 0.705, -0.035), (0.575, 0.615, 0.05))
    ):
        block = work.accent if k == 1 and work.spec.pattern == "colour-block" else work.cloth
        work.across(low, high, slant, gap=0.001 + 0.0012 * k, material=block)
    parts.ankle(work, wide=0.009)


def _crossed(work: parts.Work) -> None:
    work.across(0.64, 0.735, 0.075, thick=0.0024)
    block = work.accent if work.spec.pattern == "colour-block" else work.cloth
    work.across(0.64, 0.735, -0.075, thick=0.0024, gap=0.0038, material=block)
    parts.ankle(work, wide=0.012)


def _wide(work: parts.Work) -> None:
    one, two = work.across(0.60, 0.79, -0.010, thick=0.0026)
    parts.ornament(work, one, two, 0.0026)
    parts.ankle(work, wide=0.012)


def _one(work: parts.Work) -> None:
    one, two = work.across(0.685, 0.785, -0.004, thick=0.0024)
    parts.ornament(work, one, two, 0.0024)
    parts.ankle(work, wide=0.010)


def _thin(work: parts.Work) -> None:
    work.across(0.715, 0.745)
    work.across(0.785, 0.815)
    parts.ankle(work, wide=0.0075)


def _fisherman(work: parts.Work) -> None:
    for low in (0.78, 0.68, 0.58, 0.48):
        work.across(low, low + 0.05, -0.005, thick=0.0026)
    high = parts.ankle(work, wide=0.013, level=0.058)
    parts.upright(work, 0.86, parts.front(high), 0.019)


def _woven(work: parts.Work) -> None:
    count = 5
    for k in range(count):
        at = 0.50 + 0.058 * k
        work.across(at, at + 0.044, 0.085, thick=0.0018, gap=0.001 + 0.0016 * (k % 2))
        material = work.accent if work.spec.pattern == "colour-block" else work.cloth
        work.across(
            at, at + 0.044, -0.085, thick=0.0018, gap=0.001 + 0.0016 * ((k + 1) % 2),
            material=material,
        )  # fmt: skip


LAYOUTS: dict[str, Callable[[parts.Work], None]] = {
    "slide": _slide,
    "slide_buckle": _slide_buckle,
    "cross": _cross,
    "two": _two,
    "two_wide": _two_wide,
    "three": _three,
    "sport": _sport,
    "sport_cross": _sport_cross,
    "gladiator": _gladiator,
    "gladiator_high": _gladiator_high,
    "flip": _flip,
    "thong": _thong,
    "thong_t": _thong_t,
    "t_bar": _t_bar,
    "strappy": _strappy,
    "crossed": _crossed,
    "wide": _wide,
    "one": _one,
    "thin": _thin,
    "fisherman": _fisherman,
    "woven": _woven,
}
