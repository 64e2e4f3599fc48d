"""Straps: bands of leather with rounded edges and stitching, their ends, holes and buckles."""

from __future__ import annotations

import bpy
import numpy as np

from .. import materials
from .lofts import Points, even_path, grid_object, grids_object, smooth_path, tube, unit
from .uppers import stitches

Material = bpy.types.Material


def frame_of(one: Points, two: Points, inside: Points | None = None) -> tuple[Points, Points]:
    """Directions across a band between two lines and out of it, away from a point `inside` it."""
    across = unit(two - one)
    along = unit(np.gradient((one + two) / 2, axis=0))
    out = unit(np.cross(along, across))
    middle = (one + two) / 2
    if np.sum(out * (middle - (middle.mean(0) if inside is None else inside))) < 0:
        out = -out
    return across, out


def band(
    one: Points,
    two: Points,
    material: Material,
    *,
    thick: float = 0.0022,
    lift: float = 0.0,
    thread: Material | None = None,
    lining: Material | None = None,
    puff: float = 0.0,
    tip: float = 0.0,
    inside: Points | None = None,
    name: str = "strap",
) -> None:
    """A strap between two lines, its inner side on them.

    `puff` pads it, `tip` rounds the last metres of it to a point. A short one needs a point
    `inside` the foot to tell its sides.
    """
    across, out = frame_of(one, two, inside)
    wide = np.linalg.norm(two - one, axis=1)[:, None]
    middle = (one + two) / 2
    scale = np.ones((len(one), 1))
    if tip:
        run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(middle, axis=0), axis=1))])
        near = np.clip((run - run[-1] + tip) / tip, 0, 1)
        scale = np.sqrt(np.clip(1 - near**2.2, 0.0004, 1))[:, None]
    # The section: along the inner side to an edge, round it, over the outer side, and back.
    r = thick / 2
    turn = np.linspace(-np.pi / 2, np.pi / 2, 7)
    flat = np.linspace(0, 1, 8)
    half = [(f, -r * f, 0.0) for f in flat]
    half += [(1.0, (np.cos(a) - 1) * r, r + np.sin(a) * r) for a in turn]
    half += [(f, -r * f, thick + puff * np.cos(f * np.pi / 2)) for f in flat[::-1]]
    waver = _waver(middle)
    profile = half + [(-place, -push, height) for place, push, height in half[::-1][1:]]
    rows = []
    for place, push, height in profile:
        aside = place * wide / 2 * scale + push
        uneven = waver * (1 + 0.6 * place) if height > thick / 2 else 0.0
        rows.append(middle + across * aside + out * (lift + height + uneven))
    points = np.array(rows)
    slots = np.zeros((len(rows) - 1, len(one) - 1), int)
    if lining:
        edge = len(flat)
        slots[:edge] = 1
        slots[-edge:] = 1
    grid_object(name, points, [material, lining or material], None, slots)
    if thread:
        keep = slice(2, -2 if not tip else -8)
        for side in (-1.0, 1.0):
            line = middle + across * side * (wide / 2 - 0.0016) + out * (lift + thick + 0.0001)
            stitches(line[keep], thread, pitch=0.0034, radius=0.00032)


def _waver(middle: Points) -> Points:
    """How unevenly a strap's outer side swells along it: leather is never ruled."""
    step = np.linalg.norm(np.diff(middle, axis=0), axis=1)
    run = np.concatenate([[0], np.cumsum(step)])[:, None]
    phase = 900 * float(middle[0].sum())
    waves = np.sin(run / 0.0034 + phase) + np.sin(run / 0.0057 + 2.3 * phase)
    return 0.00016 * waves * np.sin(np.pi * run / run[-1])


def relaxed(lines: tuple[Points, Points], seed: int, droop: float = 0.007) -> tuple[Points, Points]:
    """The two edges of a strap round an ankle that isn't there.

    It hangs by its back: its front droops, its ring is drawn narrow and a little awry.
    """
    draw = np.random.default_rng(seed)
    awry, swing = draw.uniform(-0.006, 0.006, 2)
    narrow, phase = draw.uniform(0.02, 0.14), draw.uniform(0, 6)
    middle = (lines[0] + lines[1]) / 2
    back, front = middle[:, 0].min(), middle[:, 0].max()
    y = middle[:, 1].mean()
    bent = []
    for line in lines:
        ahead = np.clip((line[:, 0] - back) / (front - back), 0, 1)
        turn = np.arctan2(line[:, 1] - y, line[:, 0] - (back + front) / 2)
        loose = line.copy()
        loose[:, 2] -= droop * ahead**1.7 + 0.0011 * ahead * np.sin(2 * turn + phase)
        loose[:, 2] += awry * (line[:, 1] - y) / 0.03 * ahead
        loose[:, 1] = y + (line[:, 1] - y) * (1 - narrow * ahead) + swing * ahead**2
        bent.append(loose)
    return bent[0], bent[1]


def part(line: Points, start: float, end: float, count: int = 60) -> Points:
    """The part of a line between two shares of its length; shares may run past a closed line."""
    fine = even_path(line, 400)[:-1]
    at = np.linspace(start, end, count) * len(fine)
    if start < 0 or end > 1:
        fine = np.concatenate([fine, fine, fine])
        at = at + len(fine) / 3
    else:
        fine = np.concatenate([fine, line[-1:]])
    i = np.clip(at.astype(int), 0, len(fine) - 2)
    return fine[i] + (fine[i + 1] - fine[i]) * (at - i)[:, None]


def buckled(
    one: Points,
    two: Points,
    material: Material,
    metal: Material,
    *,
    at: float = 0.2,
    tail: float = 0.042,
    thick: float = 0.002,
    thread: Material | None = None,
    lining: Material | None = None,
    shape: str = "square",
) -> None:
    """A closed strap between two loops with its buckle at a share of them.

    The strap's end comes through the buckle and lies on the strap, held by a keeper.
    """
    band(one, two, material, thick=thick, thread=thread, lining=lining)
    length = float(np.linalg.norm(np.diff((one + two) / 2, axis=0), axis=1).sum())
    share = tail / length
    a, b = part(one, at, at + share), part(two, at, at + share)
    inside = ((one + two) / 2).mean(axis=0)
    band(a, b, material, thick=thick, lift=thick + 0.0004, tip=0.007, thread=thread, inside=inside)
    across, out = frame_of(a, b, inside)
    middle, wide = (a + b) / 2, float(np.linalg.norm(b[0] - a[0]))
    holes(middle + out * (2 * thick + 0.0006), across, out, (18, 30, 42))
    keeper(a[22:27], b[22:27], material, thick=2 * thick + 0.0012)
    buckle(middle[1], across[1], out[1], wide, metal, lift=2 * thick, shape=shape)


def holes(line: Points, across: Points, out: Points, places: tuple[int, ...]) -> None:
    """Punched holes on a strap's outer side, at points of its middle line."""
    turn = np.linspace(0, 2 * np.pi, 13)[None]
    grids = []
    for k in places:
        along = np.cross(out[k], across[k])
        ring = np.cos(turn)[..., None] * across[k] + np.sin(turn)[..., None] * along
        grids.append(line[k] + ring * np.array([0.0011, 0.0])[:, None, None])
    grids_object("holes", grids, materials.plain("rubber", "#14110f"))


def keeper(one: Points, two: Points, material: Material, *, thick: float) -> None:
    """A small loop of leather across a strap."""
    across, out = frame_of(one, two)
    wide = np.linalg.norm(two - one, axis=1)[:, None] / 2 + 0.0008
    middle = (one + two) / 2
    rows = []
    for side, up in ((-1, 0.0), (-1.04, 0.0006), (-0.98, 1.0), (0.98, 1.0), (1.04, 0.0006), (1, 0)):
        rows.append(middle + across * wide * side + out * thick * min(up, 1.0))
    grid_object("keeper", np.array(rows), material)


def buckle(
    centre: Points,
    across: Points,
    out: Points,
    wide: float,
    metal: Material,
    *,
    lift: float = 0.003,
    shape: str = "square",
    wire: float = 0.0010,
) -> None:
    """A frame standing off the strap, with its bar and its tongue."""
    along = unit(np.cross(out, across))
    angle = np.linspace(0, 2 * np.pi, 49)
    power = {"square": 0.28, "oval": 0.62}[shape]
    c, d = np.cos(angle), np.sin(angle)
    size = (wide / 2 + 0.0022, max(wide * 0.42, 0.005))
    x = np.sign(c) * np.abs(c) ** power * size[0]
    y = np.sign(d) * np.abs(d) ** power * size[1]
    level = centre + out * (lift + wire * 0.4)
    ring = level + x[:, None] * across + y[:, None] * along
    ring = ring + out * (0.0008 * (1 - (x / size[0]) ** 2))[:, None]
    grids = [tube(ring, wire, up=out, sides=8, caps=False)]
    tongue = [
        level - along * size[1] * 0.1,
        level + out * 0.0009 + along * size[1] * 0.5,
        level + out * 0.0011 + along * size[1] * 1.12,
    ]
    grids.append(tube(smooth_path(tongue, 10), wire * 0.75, up=out, sides=8))
    bar = np.array([level - across * size[0], level + across * size[0]])
    grids.append(tube(bar, wire * 0.8, up=out, sides=8))
    grids_object("buckle", grids, metal)
