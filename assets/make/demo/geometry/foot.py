"""The foot that isn't there: straps keep the shape it gave them.

A strap lies as a taut band does: along the convex hull of the foot's section by a plane. The foot
is known by its sections alone and never shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lofts import Points, Surface, eased, even_path, unit
from .pump import PumpLast

# Over the heel's seat: height, x of the leg's back and front, half width.
LEG = (
    (0.000, 0.006, 0.060, 0.024), (0.012, 0.001, 0.072, 0.027), (0.030, 0.001, 0.086, 0.028),
    (0.050, 0.006, 0.094, 0.029), (0.072, 0.012, 0.096, 0.033), (0.090, 0.015, 0.092, 0.031),
    (0.120, 0.015, 0.088, 0.031), (0.160, 0.010, 0.090, 0.036), (0.200, 0.004, 0.096, 0.042),
)  # fmt: skip


@dataclass(frozen=True)
class Foot:
    """Points of a foot and its leg in rings, and the last it stands on."""

    last: PumpLast
    rings: tuple[Points, ...]
    seat: float

    def edge(self, x: float, side: float, inset: float = 0.0) -> Points:
        """The sole's edge at x, `inset` metres within; side 1 is the outer one."""
        share = np.array([x / self.last.length])
        half = float(self.last.half_width(share)[0]) - inset
        y = float(self.last.middle(share)[0]) - side * half
        return np.array([x, y, float(self.last.feather(share)[0])])

    def top(self, x: float) -> Points:
        """The foot's ridge at x."""
        share = np.array([x / self.last.length])
        y, z = float(self.last.middle(share)[0]), float(self.last.feather(share)[0])
        return np.array([x, y, z + float(self.last.profile(share)[0])])

    def section(self, origin: Points, normal: Points, *, leg: bool = True) -> Points:
        """Points where the plane meets the foot, with or without its leg."""
        found = []
        for grid in self.rings if leg else self.rings[:1]:
            off = (grid - origin) @ normal
            for axis in (0, 1):
                a, b = (np.take(off, range(k, off.shape[axis] - 1 + k), axis) for k in (0, 1))
                p, q = (np.take(grid, range(k, off.shape[axis] - 1 + k), axis) for k in (0, 1))
                cross = a * b < 0
                share = (a[cross] / (a[cross] - b[cross]))[:, None]
                found.append(p[cross] * (1 - share) + q[cross] * share)
        return np.concatenate(found)

    def loop(
        self,
        back: Points,
        front: Points,
        *,
        roll: float = 0.0,
        gap: float = 0.001,
        until: float = np.inf,
    ) -> Points:
        """A closed line round the leg through two points of the side view, the first repeated.

        It starts in front and goes round the outer side; `roll` lowers that side. What lies ahead
        of x=`until` isn't counted.
        """
        along = unit(front - back)
        across = unit(np.array([0.0, 1.0, roll]))
        normal = unit(np.cross(along, across))
        met = self.section(back, normal)
        met = met[met[:, 0] < until]
        across = np.cross(normal, along)
        flat = np.stack([(met - back) @ along, (met - back) @ across], axis=1)
        ring = _rounded(hull(flat), 240, gap)
        ring = np.roll(ring, -int(np.argmax(ring[:, 0])), axis=0)
        if ring[60, 1] > 0:
            ring = ring[::-1]
        ring = np.concatenate([ring, ring[:1]])
        return back + ring[:, :1] * along + ring[:, 1:] * across

    def over(
        self,
        outer: float,
        inner: float,
        *,
        lean: float = 0.0,
        inset: float = 0.0,
        drop: float = 0.004,
        gap: float = 0.001,
        leg: bool = False,
    ) -> Points:
        """A line over the foot from the sole's outer edge at x to its inner edge.

        It starts and ends `drop` metres below the edge; `lean` tips its top backwards (a slope).
        """
        a, b = self.edge(outer, 1.0, inset), self.edge(inner, -1.0, inset)
        along = unit(b - a)
        upward = np.array([-lean, 0.0, 1.0])
        upward = unit(upward - along * (upward @ along))
        met = self.section(a, np.cross(along, upward), leg=leg)
        flat = np.stack([(met - a) @ along, (met - a) @ upward], axis=1)
        wide = float(np.linalg.norm(b - a))
        flat = flat[(flat[:, 1] > 0.004) & (flat[:, 0] > -0.012) & (flat[:, 0] < wide + 0.012)]
        flat = np.concatenate([flat, [[0, -drop], [wide, -drop]]])
        arc = _rounded_arc(hull(flat), wide, gap)
        return a + arc[:, :1] * along + arc[:, 1:] * upward

    def chord(self, start: Points, end: Points, upward: Points, gap: float = 0.001) -> Points:
        """The taut line over the foot between two points, in the plane of `upward`."""
        along = unit(end - start)
        upward = unit(upward - along * (upward @ along))
        met = self.section(start, np.cross(along, upward))
        flat = np.stack([(met - start) @ along, (met - start) @ upward], axis=1)
        wide = float(np.linalg.norm(end - start))
        flat = flat[(flat[:, 0] > 0) & (flat[:, 0] < wide) & (flat[:, 1] > 0)]
        arc = _rounded_arc(hull(np.concatenate([flat, [[0, 0], [wide, 0]]])), wide, gap, 80)
        return start + arc[:, :1] * along + arc[:, 1:] * upward


def foot(last: PumpLast, worn: Surface | None = None, *, bare: PumpLast | None = None) -> Foot:
    """The foot on a last, its leg upright over the heel; straps also go round the upper `worn`.

    `bare` is the foot's own last where the sole (`last`) is wider than it.
    """
    last, bed = bare or last, last
    share = np.linspace(0.16, 0.995, 90)[:, None]
    turn = np.linspace(0, np.pi, 61)[None]
    tall = last.profile(share) * np.sin(turn) ** 0.9
    body = last.wall(share * last.length + 0 * turn, tall, -np.sign(np.cos(turn)) + 0 * share)
    seat = float(last.feather(np.array([0.08]))[0])
    height = np.linspace(LEG[0][0], LEG[-1][0], 70)
    back, front, half = (
        eased([(row[0], row[k]) for row in LEG], height, 0.02)[:, None] for k in (1, 2, 3)
    )
    turn = np.linspace(0, 2 * np.pi, 73)[None]
    leg = np.stack(
        [
            (back + front) / 2 + (front - back) / 2 * np.cos(turn),
            half * np.sin(turn),
            seat + height[:, None] + 0 * turn,
        ],
        axis=-1,
    )
    shown = () if worn is None else (worn.points,)
    return Foot(bed, (body, leg, *shown), seat)


def hull(flat: Points) -> Points:
    """The convex hull of points in a plane, counter-clockwise."""
    ordered = flat[np.lexsort((flat[:, 1], flat[:, 0]))]

    def chain(points: Points) -> list[Points]:
        line: list[Points] = []
        for p in points:
            while len(line) > 1:
                (ax, ay), (bx, by) = line[-2], line[-1]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 0:
                    break
                line.pop()
            line.append(p)
        return line

    return np.array(chain(ordered)[:-1] + chain(ordered[::-1])[:-1])


def _convolved(points: Points, kernel: Points) -> Points:
    columns = [np.convolve(points[:, k], kernel / kernel.sum(), "valid") for k in (0, 1)]
    return np.stack(columns, axis=1)


def _rounded(ring: Points, count: int, gap: float) -> Points:
    """A hull as `count` even points, its corners rounded, `gap` metres outside."""
    closed = even_path(np.concatenate([ring, ring[:1]]), count + 1)[:-1]
    kernel = np.hanning(15)
    padded = np.pad(closed, ((7, 7), (0, 0)), mode="wrap")
    smooth = _convolved(padded, kernel)
    ahead = np.roll(smooth, -1, axis=0) - np.roll(smooth, 1, axis=0)
    return smooth + unit(np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)) * gap


def _rounded_arc(ring: Points, wide: float, gap: float, count: int = 120) -> Points:
    """The part of a hull over its base, from x=0 to x=wide, rounded and `gap` outside."""
    first = int(np.argmin(np.hypot(ring[:, 0], ring[:, 1] - ring[:, 1].min())))
    turned = np.roll(ring, -first, axis=0)[::-1]
    turned = np.concatenate([turned[-1:], turned[:-1]])
    arc = even_path(turned, count)
    kernel = np.hanning(21)
    padded = np.pad(arc, ((10, 10), (0, 0)), mode="reflect", reflect_type="odd")
    smooth = _convolved(padded, kernel)
    ahead = np.gradient(smooth, axis=0)
    return smooth + unit(np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)) * gap
