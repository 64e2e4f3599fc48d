"""What sits on a vamp: bows, flowers, buckles, crystals, pompons."""

from __future__ import annotations

import bpy
import numpy as np

from .. import materials
from .lofts import Points, grid_object, grids_object, tube, unit

Material = bpy.types.Material


class Place:
    """A spot on the upper with its own directions: `ahead`, `aside` and `out`."""

    def __init__(self, centre: Points, out: Points, ahead: Points) -> None:
        self.centre = centre
        self.out = unit(out)
        self.aside = unit(np.cross(self.out, ahead))
        self.ahead = np.cross(self.aside, self.out)

    def at(self, ahead: Points, aside: Points, out: Points) -> Points:
        """Points given along the three directions, in metres."""
        parts = np.broadcast_arrays(*(np.asarray(p, float) for p in (ahead, aside, out)))
        axes = (self.ahead, self.aside, self.out)
        return self.centre + sum(p[..., None] * a for p, a in zip(parts, axes, strict=True))


def bow(place: Place, material: Material, *, size: float = 0.05, tails: bool = True) -> None:
    """A ribbon bow: two hollow loops gathered into a knot, and two tails."""
    half, tall = size / 2, size * 0.19
    for side in (-1.0, 1.0):
        # A loop seen from its side is a drop; its ribbon is gathered at the knot.
        f = np.linspace(0, 1, 49)
        turn = 2 * np.pi * f
        reach = half * (0.5 - 0.5 * np.cos(turn)) ** 0.8
        rise = tall * 0.72 * np.sin(turn) * np.sin(np.pi * f) ** 0.5 + tall * 0.55
        spread = tall * (0.42 + 1.05 * np.clip(reach / half, 0, 1) ** 0.75)
        w = np.linspace(-1, 1, 13)[:, None]
        pleat = 0.0009 * np.cos(w * 7.5) * np.clip(1 - reach / half, 0, 1)
        droop = -0.16 * tall * (reach / half) ** 2 * (1 + 0.5 * w)
        sheet = place.at(
            w * spread[None] - 0.10 * reach[None],
            side * (reach[None] * (1 - 0.05 * w**2)) + 0 * w,
            rise[None] * (1 - 0.12 * w**2) + pleat + droop,
        )
        grid_object("bow_loop", _thick(sheet, 0.0007), material)
        if tails:
            _tail(place, material, side, half, tall)
    turn = np.linspace(0, 2 * np.pi, 25)[None]
    w = np.linspace(-1, 1, 11)[:, None]
    belly = 1 + 0.12 * (1 - w**2)
    knot = place.at(
        w * tall * 0.55 + 0 * turn,
        tall * 0.40 * np.cos(turn) * belly * (1 + 0.05 * np.cos(5 * turn)),
        tall * 0.55 + tall * 0.58 * np.sin(turn) * belly,
    )
    grid_object("bow_knot", knot, material)


def _tail(place: Place, material: Material, side: float, half: float, tall: float) -> None:
    f = np.linspace(0, 1, 24)[None]
    w = np.linspace(-1, 1, 9)[:, None]
    wide = tall * (0.34 + 0.42 * f)
    notch = 0.10 * half * np.abs(w) * f**6
    sheet = place.at(
        tall * 0.2 + half * 0.78 * f + notch + 0.35 * w * wide,
        side * (half * (0.10 + 0.52 * f) + w * wide * 0.9),
        tall * (0.35 + 0.14 * np.sin(f * 5.0)) * (1 - 0.75 * f) - 0.0035 * (f * half / 0.02) ** 2,
    )
    grid_object("bow_tail", _thick(sheet, 0.0006), material)


def flat_bow(place: Place, material: Material, *, size: float = 0.042) -> None:
    """A tailored bow: a folded band of grosgrain with a narrow strip round its middle."""
    for layer, (wide, tall) in enumerate(((1.0, 0.30), (0.80, 0.30))):
        a = np.linspace(-1, 1, 61)[None]
        w = np.linspace(-1, 1, 9)[:, None]
        pinch = 0.72 + 0.28 * np.abs(a) ** 0.8
        rise = 0.0016 + layer * 0.0022 + 0.0026 * np.sqrt(np.clip(1 - a**2, 0, 1))
        sheet = place.at(
            w * size * tall / 2 * pinch, a * size / 2 * wide + 0 * w, rise - 0.0022 * a**2 + 0 * w
        )
        grid_object("bow_fold", _thick(sheet, 0.0012), material)
    a = np.linspace(-1, 1, 21)[:, None]
    w = np.linspace(-1, 1, 7)[None]
    strip = place.at(
        a * size * 0.15, w * size * 0.075 + 0 * a, 0.0082 - 0.0065 * np.abs(a) ** 3 + 0 * w
    )
    grid_object("bow_strip", _thick(strip, 0.0012), material)


def flower(place: Place, material: Material, heart: Material, *, size: float = 0.036) -> None:
    """A leather flower: two rounds of cupped petals about a heart of beads."""
    for layer, (count, reach, lift) in enumerate(((6, 0.5, 0.0), (5, 0.34, 0.003))):
        for k in range(count):
            turn = 2 * np.pi * (k + 0.5 * layer) / count
            f = np.linspace(0, 1, 14)[:, None]
            w = np.linspace(-1, 1, 11)[None]
            wide = size * reach * 0.62 * np.sin(np.pi * (0.12 + 0.80 * f)) ** 0.8
            along, across = size * reach * f * (1 - 0.10 * w**2), wide * w
            rise = (
                0.0015 + lift + 0.006 * f**1.6 * (0.6 + layer) + 0.0028 * w**2 * np.sin(np.pi * f)
            )
            petal = place.at(
                along * np.cos(turn) - across * np.sin(turn),
                along * np.sin(turn) + across * np.cos(turn),
                rise + 0 * w,
            )
            grid_object("petal", _thick(petal, 0.0007), material)
    rng = np.random.default_rng(3)
    beads = [
        _bead(
            place, 0.0042 * np.sqrt(r) * np.cos(a), 0.0042 * np.sqrt(r) * np.sin(a), 0.0055, 0.0013
        )
        for r, a in zip(np.linspace(0, 1, 12), rng.permutation(12) * 2.4, strict=True)
    ]
    grids_object("heart", beads, heart)


def brooch(place: Place, metal: Material, *, long: float = 0.024, wide: float = 0.034) -> None:
    """A square buckle as an ornament, over a flat strip."""
    turn = np.linspace(0, 2 * np.pi, 65)
    c, d = np.cos(turn), np.sin(turn)
    x = np.sign(c) * np.abs(c) ** 0.3 * long / 2
    y = np.sign(d) * np.abs(d) ** 0.3 * wide / 2
    ring = place.at(x, y, 0.0035 - 8.0 * y**2)
    grid_object("brooch", tube(ring, 0.0022, flat=0.62, up=place.out, sides=10, caps=False), metal)


def crystals(place: Place, metal: Material, *, size: float = 0.034) -> None:
    """A cluster of set stones."""
    stones: list[Points] = []
    settings: list[Points] = []
    spots = [(0.0, 0.0, 0.0042)]
    for ring, count, radius, stone in ((1, 8, 0.26, 0.0026), (2, 14, 0.44, 0.0020)):
        for k in range(count):
            turn = 2 * np.pi * (k + ring / 2) / count
            spots.append((radius * size * 0.62 * np.cos(turn), radius * size * np.sin(turn), stone))
    for x, y, r in spots:
        rise = 0.0022 - 7.0 * y**2
        stones.append(_stone(place, x, y, rise, r))
        settings.append(_bead(place, x, y, rise - 0.0006, r * 1.15, flat=0.45))
    grids_object("settings", settings, metal)
    glass = materials.plain("crystal", "#eef2f6")
    for item in (grids_object("stones", stones, glass),):
        if item:
            item.data.polygons.foreach_set("use_smooth", [False] * len(item.data.polygons))


def pompon(place: Place, material: Material, *, size: float = 0.03, seed: int = 0) -> None:
    """A tuft of yarn ends."""
    rng = np.random.default_rng(seed)
    ways = rng.normal(size=(420, 3))
    ways[:, 2] = np.abs(ways[:, 2]) * 0.9
    ways = unit(ways)
    tufts = []
    for a, b, c in ways:
        r = size / 2 * rng.uniform(0.86, 1.04)
        ends = np.array([0.35, 1.0]) * r
        tufts.append(tube(place.at(a * ends, b * ends, c * ends + 0.002), 0.0007, sides=4))
    grids_object("pompon", tufts, material)


def _stone(place: Place, x: float, y: float, rise: float, radius: float) -> Points:
    """A faceted stone: table, crown, girdle."""
    turn = np.linspace(0, 2 * np.pi, 9)[None]
    levels = np.array([0.0, 0.35, 0.62, 0.62])[:, None] * radius
    wide = np.array([1.0, 0.94, 0.52, 0.0])[:, None] * radius
    return place.at(x + wide * np.cos(turn), y + wide * np.sin(turn), rise + levels + 0 * turn)


def _bead(
    place: Place, x: float, y: float, rise: float, radius: float, flat: float = 1.0
) -> Points:
    turn = np.linspace(0, 2 * np.pi, 11)[None]
    tilt = np.linspace(-np.pi / 2, np.pi / 2, 7)[:, None]
    return place.at(
        x + radius * np.cos(tilt) * np.cos(turn),
        y + radius * np.cos(tilt) * np.sin(turn),
        rise + radius * flat * np.sin(tilt) + 0 * turn,
    )


def _thick(sheet: Points, thick: float) -> Points:
    """A sheet closed round into a thin solid."""
    normal = unit(np.cross(np.gradient(sheet, axis=0), np.gradient(sheet, axis=1)))
    over, under = sheet + normal * thick / 2, sheet - normal * thick / 2
    return np.concatenate([over, under[::-1], over[:1]])
