"""Parts of sandals: straps over the foot, round the ankle, beside the heel; thongs, ornaments."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import ornaments, straps, uppers
from .foot import Foot
from .lofts import Points, Surface, even_path, grid_object, smooth_path, smoothstep, tube, unit
from .pump import PumpLast

Material = bpy.types.Material


@dataclass(frozen=True)
class Work:
    """What the strap layouts work with."""

    spec: Spec
    last: PumpLast
    foot: Foot
    cloth: Material
    accent: Material
    lining: Material
    thread: Material | None
    metal: Material
    counter: Surface | None
    inset: float
    drop: float

    def across(
        self,
        low: float,
        high: float,
        slant: float = 0.0,
        *,
        material: Material | None = None,
        thick: float = 0.0024,
        puff: float = 0.0,
        gap: float = 0.001,
        pinch: float = 0.0,
    ) -> tuple[Points, Points]:
        """A strap over the foot between two shares of the length; returns its two edges."""
        place, size = float(self.spec.shape.get("place", 0.0)), self.last.length
        scale = float(self.spec.shape.get("wide", 1.0))
        middle, half = (low + high) / 2 + place, (high - low) / 2 * scale
        slope = (
            self.foot.edge((middle - 0.08) * size, 1.0)[2]
            - self.foot.edge((middle + 0.08) * size, 1.0)[2]
        ) / (0.16 * size)
        lines = []
        for at in (middle - half, middle + half):
            lines.append(
                self.foot.over(
                    (at - slant) * size,
                    (at + slant) * size,
                    lean=-max(slope, 0.0),
                    inset=self.inset,
                    drop=self.drop,
                    gap=gap,
                )
            )
        one, two = lines
        if pinch:
            f = pinch * np.sin(np.linspace(0, np.pi, len(one)))[:, None] ** 2 / 2
            one, two = one * (1 - f) + two * f, two * (1 - f) + one * f
        straps.band(
            one,
            two,
            material or self.cloth,
            thick=thick,
            puff=puff,
            thread=self.thread,
            lining=self.lining,
        )
        return one, two

    def buckle_on(self, one: Points, two: Points, share: float, thick: float) -> None:
        """A buckle with the strap's end, lying on a strap."""
        a, b = straps.part(one, share, share + 0.24, 40), straps.part(two, share, share + 0.24, 40)
        f = 0.14
        a, b = a * (1 - f) + b * f, b * (1 - f) + a * f
        inside = ((one + two) / 2).mean(axis=0)
        straps.band(
            a, b, self.cloth, thick=0.002, lift=thick, tip=0.008, thread=self.thread, inside=inside
        )
        across, out = straps.frame_of(a, b, inside)
        wide = float(np.linalg.norm(b[0] - a[0]))
        form = str(self.spec.shape.get("buckle", "square"))
        middle = (a[2] + b[2]) / 2
        straps.buckle(
            middle, across[2], out[2], wide, self.metal, lift=thick + 0.002, shape=form, wire=0.0013
        )
        straps.holes((a + b) / 2 + out * (thick + 0.0021), across, out, (16, 22, 28))


def ankle(work: Work, *, wide: float = 0.010, level: float = 0.062, metal: bool = True) -> Points:
    """The strap round the ankle, with counter or sides; returns its upper edge."""
    foot = work.foot
    back = np.array([0.012, 0.0, foot.seat + level])
    front = np.array([0.095, 0.0, foot.seat + level + 0.010])
    rise = np.array([0.0, 0.0, wide / 2])
    low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    low, high = straps.relaxed((low, high), work.spec.seed, 0.007)
    form = str(work.spec.shape.get("buckle", "square"))
    if metal:
        straps.buckled(
            low, high, work.cloth, work.metal, at=0.13, thread=work.thread, shape=form,
            lining=work.lining, thick=0.0026,
        )  # fmt: skip
    else:
        straps.band(low, high, work.cloth, thick=0.0024, thread=work.thread, lining=work.lining)
    if work.counter is not None:
        uppers.shell(work.counter, work.cloth, work.lining, thickness=0.0018, depth=0.02)
    else:
        sides(work, (low + high) / 2, max(wide, 0.009))
    return high


def sides(work: Work, ring: Points, wide: float) -> None:
    """Uprights from the sole beside the heel to the ankle strap `ring`, and one behind the heel."""
    foot, size = work.foot, work.last.length
    x = 0.235 * size
    lines = [
        foot.over(at, at, lean=0.25, inset=work.inset, drop=work.drop, leg=True, gap=0.0006)
        for at in (x - wide / 2, x + wide / 2)
    ]
    for side in (-1.0, 1.0):
        own = ring[ring[:, 1] * side > 0]
        height = own[np.argmin(np.abs(own[:, 0] - x + 0.008)), 2] + 0.0005
        one, two = (_below(line, side, height) for line in lines)
        straps.band(one, two, work.cloth, thread=work.thread, lining=work.lining)
    back = np.array([0.002, 0.0, foot.seat + 0.030])
    front = np.array([0.090, 0.0, foot.seat + 0.026])
    rise = np.array([0.0, 0.0, wide * 0.6])
    loops = []
    for k in (-rise, rise):
        loop = foot.loop(back + k, front + k, gap=0.001)
        behind = np.flatnonzero(loop[:, 0] < x - 0.0055)
        loops.append(straps.part(loop, behind[0] / len(loop), behind[-1] / len(loop), 100))
    straps.band(*loops, work.cloth, thick=0.0022, thread=work.thread, lining=work.lining)


def _below(line: Points, side: float, height: float) -> Points:
    """The part of a line over the foot on one side of it, up to a height."""
    top = int(np.argmax(line[:, 2]))
    own = line[top:] if line[top:, 1].mean() * side > 0 else line[: top + 1]
    return straps.part(own[own[:, 2] < height], 0, 1, 40)


def upright(
    work: Work,
    start: float,
    end: Points,
    wide: float,
    material: Material | None = None,
    *,
    lift: float = 0.0046,
) -> None:
    """A bar along the instep from a share of the length to the ankle strap, and over that.

    It lies on the straps below it, or sags between its ends where `lift` is less.
    """
    foot, size = work.foot, work.last.length
    first = start * size
    along = np.linspace(first, end[0] + 0.020, 9)
    ridge = np.array([foot.top(x) for x in along])
    hang = np.sin(np.linspace(0, np.pi, len(along)))
    ridge[:, 2] += 0.0046 + (lift - 0.0046) * hang
    ridge[0, 2] -= 0.0034
    turned = [end + [0.0032, 0.0, -0.004], end + [0.0036, 0.0, 0.004], end + [0.0004, 0.0, 0.0072]]
    middle = even_path(smooth_path(np.array([*ridge, *turned]), 160), 100)
    aside = np.array([0.0, wide / 2, 0.0])
    straps.band(
        middle - aside, middle + aside, material or work.cloth, thick=0.0024, thread=work.thread
    )


def front(high: Points) -> Points:
    """The point of an ankle strap's upper edge over the instep."""
    return high[0] + np.array([0.0015, 0.0, -0.004])


def ornament(work: Work, one: Points, two: Points, thick: float) -> None:
    """What sits in the middle of a strap."""
    _, out = straps.frame_of(one, two)
    k = len(one) // 2
    place = ornaments.Place((one[k] + two[k]) / 2 + out[k] * thick, out[k], two[k] - one[k])
    size = max(0.034, min(0.055, float(np.linalg.norm(two[k] - one[k])) * 1.2))
    match work.spec.shape.get("ornament"):
        case "bow":
            ornaments.bow(place, work.accent, size=size)
        case "flat_bow":
            ornaments.flat_bow(place, work.accent, size=size)
        case "flower":
            ornaments.flower(place, work.accent, work.metal, size=size * 0.8)
        case "brooch":
            ornaments.brooch(place, work.metal, long=size * 0.5, wide=size * 0.7)
        case "crystals":
            ornaments.crystals(place, work.metal, size=size * 0.7)


def yoke(work: Work, radius: float, flat: float, material: Material) -> Points:
    """The Y of a thong: from both edges to the post, which enters the bed between the toes."""
    foot, size = work.foot, work.last.length
    floor = foot.edge(0.815 * size, 1.0)
    floor[1] = 0.015
    floor[2] += 0.0012
    knot = floor + np.array([-0.010, 0.0, 0.0185])
    for side in (1.0, -1.0):
        start = foot.edge(0.44 * size, side, 0.0045)
        path = foot.chord(start, knot, np.array([0.1, 0.0, 1.0]), gap=radius * flat)
        away = np.linalg.norm(path - knot, axis=1)
        kept = path[(away > 0.012) & (np.linalg.norm(path - start, axis=1) > 0.004)]
        below = start - np.array([0.0, 0.0, 0.004])
        dive = [knot, knot + [0.0055, 0.0, -0.0055], floor + [-0.0012, 0.0, 0.006], floor]
        fine = even_path(smooth_path(np.array([below, *kept[::7], *dive]), 160), 110)
        share = np.linspace(0, 1, 110)
        wide = radius * (1.0 - 0.58 * smoothstep(0.30, 0.94, share))
        thin = flat + (1.0 - flat) * smoothstep(0.72, 0.93, share)
        # The strap's flat side faces away from the foot inside.
        inside = np.array([0.62 * size, 0.0, floor[2]])
        way = unit(np.gradient(fine, axis=0))
        out = fine - inside
        out = unit(out - way * np.sum(out * way, axis=1, keepdims=True))
        grid_object("thong", tube(fine, wide, flat=thin, up=out, sides=20), material)
    turn = np.linspace(0, 2 * np.pi, 25)
    ring = floor + np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1) * radius * 0.5
    grid_object("post_ring", tube(ring, 0.0010, sides=8, caps=False), material)
    return knot


def taped(work: Work, one: Points, two: Points, thick: float) -> None:
    """The hook-and-loop end of a webbing strap, doubled back on the outer side."""
    a, b = straps.part(one, 0.16, 0.56, 60)[::-1], straps.part(two, 0.16, 0.56, 60)[::-1]
    inside = ((one + two) / 2).mean(axis=0)
    straps.band(
        a, b, work.accent, thick=0.0026, lift=thick + 0.0002, tip=0.010, thread=work.thread,
        inside=inside,
    )  # fmt: skip
    f = 0.14
    c, d = a * (1 - f) + b * f, b * (1 - f) + a * f
    tag = materials.plain("rubber", work.spec.colours[2])
    straps.band(c[22:34], d[22:34], tag, thick=0.0009, lift=thick + 0.0027, inside=inside)


def loop(work: Work, level: float, wide: float) -> None:
    """One more strap round the leg, `level` metres over the seat, with its buckle."""
    foot = work.foot
    back = np.array([0.012, 0.0, foot.seat + level])
    front = np.array([0.095, 0.0, foot.seat + level + 0.004])
    rise = np.array([0.0, 0.0, wide / 2])
    low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    low, high = straps.relaxed((low, high), work.spec.seed + round(level * 1000), 0.007)
    form = str(work.spec.shape.get("buckle", "square"))
    straps.buckled(low, high, work.cloth, work.metal, at=0.13, thread=work.thread, shape=form)
