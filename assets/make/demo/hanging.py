"""Garments on hangers: held at the shoulders or clipped at the waist, the rest falls."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from . import studio
from .cloth_nodes import Array, Piece, carry, pieces, thinned
from .falling import COARSE, Solid, block, fallen
from .furnishing import paint, tube
from .laying import turn_on_back
from .settling import layers

OUT = 0.05
"""How far the hanger is from the wall."""
CLIPPED = frozenset(("trousers", "shorts", "skirts"))


def hang_up(kind: str, material: str, rng: random.Random) -> tuple[float, float, float]:
    """Hang the garment in the scene in front of the wall y = 0, its hem at z = 0.

    Returns the place of the hook's bend: where something must be that it hangs on.
    """
    found = pieces()
    turn_on_back(found)
    nodes = thinned(found, COARSE)
    layer = layers(nodes.points)
    start = nodes.points.copy()
    middle = (start[:, 2].min() + start[:, 2].max()) / 2
    start[:, 2] = OUT + 0.3 * (start[:, 2] - middle)
    hooded = kind not in CLIPPED and _has_hood(start)
    if kind in CLIPPED:
        start[:, 0] *= _flat_waist(nodes.points)
        held, line = _clipped(start)
    elif hooded:
        held, line = _by_hood(start)
    else:
        held, line = _shouldered(start)
    start[~held, 2] = OUT + 2.0 * (start[~held, 2] - OUT)
    board = [] if kind in CLIPPED or hooded else [_board(start, line)]
    hung = np.stack([start[:, 0], -start[:, 2], start[:, 1]], axis=1)
    rest = fallen(found, nodes, hung, held, material, solids=board)
    rest = np.stack([rest[:, 0], rest[:, 2], -rest[:, 1]], axis=1)
    rest[:, 2] = np.maximum(rest[:, 2], 0.004 + 0.004 * layer)
    tilt = rng.uniform(-0.02, 0.02)
    carry(found, nodes, nodes.points, rest)
    low = min(float(piece.points[:, 1].min()) for piece in found)
    _upright(found, low, tilt)
    line = _stood(line, low, tilt)
    if hooded:
        return _hook(line[0], rng)
    hook = _bars(line, rng) if kind in CLIPPED else _shoulders(line, rng)
    return hook


def _shouldered(start: Array) -> tuple[Array, Array]:
    """Nodes on the hanger's arms, and the arms' line from end to end."""
    reach = min(0.19, 0.8 * float(np.abs(start[:, 0]).max()))
    xs = np.linspace(-reach, reach, 29)
    top = np.array([start[np.abs(start[:, 0] - x) < 0.02, 1].max(initial=-9.0) for x in xs])
    neck = np.abs(xs) < 0.085
    arms = (top > top.max() - 0.085) & (np.minimum(top, top[::-1]) > top.max() - 0.1)
    arms |= neck
    xs, top, neck = xs[arms], top[arms], neck[arms]
    away = np.abs(xs)
    level = np.full(len(xs), float(top.max()))
    if (~neck).sum() > 2:
        slope, height = np.polyfit(away[~neck], top[~neck], 1)
        level = height + min(slope, -0.15) * away
        level -= max(float((level - top)[~neck].max()), 0.0)
    level -= 0.024
    line = np.stack([xs, level, np.full(len(xs), OUT)], axis=1)
    at = np.interp(start[:, 0], xs, np.minimum(top, level + 0.04), left=9.0, right=9.0)
    held = start[:, 1] > at - 0.016
    if held.sum() < 8:
        held = start[:, 1] > start[:, 1].max() - 0.03
    return held, line


def _has_hood(start: Array) -> bool:
    away = np.abs(start[:, 0])
    shoulder = (away > 0.13) & (away < 0.18)
    if not shoulder.any():
        return False
    return float(start[away < 0.06, 1].max(initial=-9) - start[shoulder, 1].max()) > 0.18


def _by_hood(start: Array) -> tuple[Array, Array]:
    """What is in a hook at the top of a hood, and where the hook begins."""
    top = float(start[np.abs(start[:, 0]) < 0.05, 1].max())
    held = (np.abs(start[:, 0]) < 0.025) & (start[:, 1] > top - 0.03)
    return held, np.array([(0.0, top - 0.008, float(start[held, 2].mean()))])


def _board(start: Array, line: Array) -> Solid:
    """A thin plate inside the garment, which keeps its front off its back."""
    reach = 0.8 * float(line[-1, 0])
    low, top = float(start[:, 1].min()) + 0.02, float(line[:, 1].min()) - 0.08
    return block((-reach, -OUT - 0.006, low), (reach, -OUT + 0.006, top))


def _flat_waist(points: Array) -> float:
    """How much wider the waist is when the clips have pulled it flat."""
    waist = points[points[:, 1] > points[:, 1].max() - 0.04]
    across, _, deep = (waist.max(axis=0) - waist.min(axis=0)) / 2
    quarter = np.pi / 2 * np.sqrt((across**2 + deep**2) / 2)
    return float(np.clip(0.96 * quarter / across, 1.0, 1.4))


def _clipped(start: Array) -> tuple[Array, Array]:
    """Nodes in the two clips at the waist, and the clips' middles."""
    top = float(start[:, 1].max())
    waist = start[start[:, 1] > top - 0.04]
    half = 0.93 * float(np.abs(waist[:, 0]).max())
    held = np.zeros(len(start), dtype=bool)
    ends = []
    for x in (-half, half):
        near = (np.abs(start[:, 0] - x) < 0.024) & (start[:, 1] > top - 0.05)
        held |= near
        start[near, 2] = OUT + 0.2 * (start[near, 2] - OUT)
        ends.append((x, float(start[near, 1].max(initial=top - 0.02)), OUT))
    return held, np.array(ends)


def _upright(found: Sequence[Piece], low: float, tilt: float) -> None:
    for piece in found:
        piece.points = _stood(piece.points, low, tilt)
        piece.write(piece.points)


def _stood(points: Array, low: float, tilt: float) -> Array:
    """From lying on its back to hanging, tilted about the hook far above."""
    x, y, z = points.T
    y = y - low
    return np.stack([x - tilt * (y - 1.0), -z, y + tilt * x], axis=1)


# hangers ---------------------------------------------------------------------------------------


def _shoulders(line: Array, rng: random.Random) -> tuple[float, float, float]:
    """A wooden, plastic or wire hanger along the shoulders."""
    build = rng.choice(["wood", "wood", "plastic", "wire"])
    colour = {
        "wood": rng.choice(["#b98a56", "#6a452b", "#d3b487"]),
        "plastic": rng.choice(["#1c1c1e", "#e9e7e2", "#27405e"]),
        "wire": "#b9bcc0",
    }[build]
    thick = {"wood": 0.0065, "plastic": 0.005, "wire": 0.0018}[build]
    middle = len(line) // 2
    bent = _between(line)
    near = np.abs(bent[:, 0] - line[middle, 0])
    bent[:, 2] += 0.02 * np.exp(-((near / 0.05) ** 2))
    surface = paint(colour, 0.3, metal=float(build == "wire"))
    tube("hanger", bent, thick, surface)
    if build != "wood":
        tube("hanger bar", np.array([bent[0], bent[-1]]), thick * 0.8, surface)
    return _hook(bent[middle], rng)


def _between(line: Array) -> Array:
    """The line of a hanger's arms, moved to where the cloth leaves room for it."""
    cloud = studio.points()
    moved = line.copy()
    for number, (x, _, z) in enumerate(line):
        near = cloud[np.abs(cloud[:, 0] - x) < 0.012]
        beside = near[np.abs(near[:, 2] - z) < 0.02, 1]
        if len(beside):
            moved[number, 1] = (beside.min() + beside.max()) / 2
            moved[number, 2] = min(z, float(near[:, 2].max()) - 0.016)
    moved[:, 1:] = gaussian_filter1d(moved[:, 1:], 3, axis=0, mode="nearest")
    return moved


def _bars(ends: Array, rng: random.Random) -> tuple[float, float, float]:
    """A metal bar with two clips."""
    metal = paint("#c4c6c9", 0.3, metal=1.0)
    bar = ends + (0, 0, 0.035)
    tube("hanger", np.array([bar[0], bar[1]]), 0.0025, metal)
    grip = paint(rng.choice(["#222325", "#e6e3dc"]), 0.35)
    for x, y, z in ends:
        for out in (-0.013, 0.013):
            path = np.array(
                [(x, y, z + 0.036), (x, y + out, z + 0.012), (x, y + out * 0.7, z - 0.02)]
            )
            tube("clip", path, 0.007, grip)
    return _hook(bar.mean(axis=0), rng)


def _hook(foot: Array, rng: random.Random) -> tuple[float, float, float]:
    """The hanger's hook; returns the inside of its bend."""
    radius = 0.021
    turn = np.linspace(-0.5 * math.pi, 0.95 * math.pi, 22)
    bend = np.stack([radius * np.cos(turn), 0 * turn, radius * np.sin(turn)], axis=1)
    side = rng.choice([-1, 1])
    bend[:, 0] *= side
    centre = foot + np.array([0, 0, 0.045 + radius])
    path = np.concatenate([[foot, foot + (0, 0, 0.03)], centre + bend])
    tube("hook", path, 0.0017, paint("#c9cacc", 0.3, metal=1.0))
    return float(centre[0]), float(centre[1]), float(centre[2] + radius)
