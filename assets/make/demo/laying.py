"""Garments laid down: pressed flat by their own weight, a sleeve or a leg folded in."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter

from .cloth_nodes import Array, Nodes, Piece, carry, pieces, thinned
from .limbs import Limbs, legs, sleeves
from .settling import Fall, Ground, layers, settled, smoothed

STIFFNESS = {
    "denim": 0.4,
    "leather": 0.5,
    "wool": 0.4,
    "tweed": 0.45,
    "padded": 0.5,
    "quilted": 0.5,
    "knit": 0.3,
    "silk": 0.12,
    "satin": 0.12,
    "chiffon": 0.1,
}
USUAL_STIFFNESS = 0.24
THICKNESS = {"knit": 0.012, "padded": 0.03, "quilted": 0.025, "wool": 0.012, "fleece": 0.014}


@dataclass(frozen=True)
class Crease:
    """A fold line through `at` (x, y): what is on the side of `towards` turns over it."""

    at: tuple[float, float]
    towards: tuple[float, float]


def lay_down(
    kind: str, material: str, way: str, ground: Ground, spin: float, rng: random.Random
) -> None:
    """Let the garment in the scene fall on the ground and fold it as `way` says."""
    found = pieces()
    turn_on_back(found)
    nodes = thinned(found)
    stiffness = STIFFNESS.get(material, USUAL_STIFFNESS)
    thick = THICKNESS.get(material, 0.008)
    layer = layers(nodes.points)
    start = _spread(nodes.points, layer, thick, rng)
    limbs = legs(nodes.points) if kind in {"trousers", "shorts"} else sleeves(nodes.points)
    if limbs:
        start = limbs.swung(start, _swing(limbs, nodes.points, rng))
    turn = np.array([[math.cos(spin), -math.sin(spin)], [math.sin(spin), math.cos(spin)]])
    creases = _creases(way, nodes.points, rng)
    start[:, :2] = start[:, :2] @ turn.T
    start[:, 2] += ground(start[:, 0], start[:, 1])
    floor = 0.002 + layer * thick + _laid_on(nodes, layer)
    ceiling = np.where(layer < 0.45, floor + 0.003, 1.0)
    fall = Fall((0.0, 0.0, -0.0016), stiffness=stiffness)
    rest = settled(nodes, start, floor, ground, fall, ceiling=ceiling)
    if limbs:
        rest = _uncrossed(nodes, rest, limbs, layer * thick, ground, fall)
    for crease in creases:
        turned_crease = Crease(
            tuple(turn @ np.array(crease.at)), tuple(turn @ np.array(crease.towards))
        )
        rest = _fold(nodes, rest, layer, thick, ground, turned_crease, fall)
    carry(found, nodes, nodes.points, smoothed(nodes, rest, 6))


def turn_on_back(found: Sequence[Piece]) -> None:
    """Bring the garment's front up, its middle over the origin."""
    whole = np.concatenate([piece.points for piece in found])
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    back = whole[:, 1].max()
    for piece in found:
        x, y, z = (piece.points - (middle[0], 0, middle[2])).T
        piece.points = np.stack([x, z, back - y], axis=1)
        piece.write(piece.points)


def _spread(points: Array, layer: Array, thick: float, rng: random.Random) -> Array:
    """The garment nearly flat, and not quite even."""
    start = points.copy()
    source = np.random.default_rng(rng.randrange(10**6))
    low, high = start.min(axis=0), start.max(axis=0)
    size = high[:2] - low[:2]
    start[:, 2] = 0.01 + layer * thick + 0.16 * (start[:, 2] - low[2])
    crumpled = rng.uniform(0.5, 1.5)
    front = np.where(layer > 0.45, crumpled, 0)
    for _ in range(7):
        wave, phase = source.normal(0, 2.4, 2) / size, source.uniform(0, 6.3, 2)
        turn = start[:, :2] @ wave
        start[:, 0] += source.normal(0, 0.006) * np.sin(2 * turn + phase[0])
        start[:, 1] += source.normal(0, 0.006) * np.sin(2 * turn + phase[1])
        fine = start[:, :2] @ source.normal(0, 40, 2) + phase[0] + 2 * np.sin(4 * turn)
        start[:, 2] += front * 0.007 * np.clip(np.sin(fine) * np.sin(3 * turn + phase[1]), 0, 1)
        start[:, 0] += front * 0.0025 * np.sin(fine + 1)
    start += source.normal(0, 0.0006, start.shape)
    start[:, 0] *= 1.2  # flat, what was round is wider
    start[:, 1] *= rng.uniform(0.95, 0.985)
    return start


def _swing(limbs: Limbs, points: Array, rng: random.Random) -> float:
    """How much further apart somebody puts legs or sleeves, in radians."""
    if limbs.pivot[0] == 0:
        return rng.uniform(0.06, 0.14)
    return float(np.clip(rng.uniform(0.4, 0.75) - limbs.angle(points), 0.12, 0.45))


def _uncrossed(
    nodes: Nodes, place: Array, limbs: Limbs, height: Array, ground: Ground, fall: Fall
) -> Array:
    """Lift sleeves, or the right leg, onto what they came to lie across."""
    upper = limbs.share > 0.6
    if limbs.pivot[0] == 0:
        upper &= nodes.points[:, 0] > 0
    below = _pile(place[~upper & (limbs.share < 0.1)], ground)

    def heaped(x: Array, y: Array) -> Array:
        return np.asarray(np.where(upper, below(x, y), ground(x, y)))

    held = limbs.share <= 0
    floor = 0.003 + height
    return settled(nodes, place, floor, heaped, replace(fall, steps=24), held=held)


def _laid_on(nodes: Nodes, layer: Array) -> Array:
    """How much higher collars and pockets lie than the cloth under them."""
    return np.where(nodes.laid_on & (layer > 0.4), 0.004, 0.0)


def _creases(way: str, points: Array, rng: random.Random) -> list[Crease]:
    """Where each way of folding folds."""
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = high[0] - low[0], high[1] - low[1]
    side = rng.choice([-1.0, 1.0])
    match way:
        case "one sleeve folded in":
            return [Crease((side * 0.31 * wide, 0.0), (side, -0.12))]
        case "sleeves folded in":
            return [Crease((s * 0.32 * wide, 0.0), (s, -0.1)) for s in (side, -side)]
        case "hem turned up":
            return [Crease((0.0, low[1] + 0.16 * tall), (side * 0.7, -1.0))]
        case "leg over leg":
            return [Crease((0.0, 0.0), (side, 0.0))]
        case "legs folded up":
            return [Crease((0.0, low[1] + rng.uniform(0.32, 0.42) * tall), (side * 0.06, -1.0))]
    return []


def _fold(
    nodes: Nodes,
    place: Array,
    layer: Array,
    thick: float,
    ground: Ground,
    crease: Crease,
    fall: Fall,
) -> Array:
    """Turn one side over the crease and let it come to rest on the other."""
    towards = np.array(crease.towards) / np.hypot(*crease.towards)
    past = (place[:, :2] - crease.at) @ towards
    base = ground(place[:, 0], place[:, 1])
    radius = 0.5 * thick + 0.008
    bend = np.pi * radius
    angle = np.clip(past / radius, 0, np.pi)
    height = place[:, 2] - base
    out = radius + thick - height
    new = place.copy()
    reach = np.where(past > bend, bend - past, 0) + out * np.sin(angle)
    moving = past > 0
    shift = np.where(moving, reach - past, 0.0)
    new[:, :2] += shift[:, None] * towards
    lifted = radius + thick - out * np.cos(angle)
    base = ground(new[:, 0], new[:, 1])
    new[moving, 2] = base[moving] + lifted[moving] + 0.01
    below = _pile(place[~moving], ground)
    over = past > 0.5 * bend

    def heaped(x: Array, y: Array) -> Array:
        return np.asarray(np.where(over, below(x, y), ground(x, y)))

    floor = np.where(over, 0.003 + (1 - layer) * thick, 0.002 + layer * thick)
    held = past < -0.06
    return settled(nodes, new, floor, heaped, replace(fall, steps=45), held=held)


def _pile(points: Array, ground: Ground, cell: float = 0.012) -> Ground:
    """The ground with what lies on it."""
    if not len(points):
        return ground
    low = points[:, :2].min(axis=0) - 0.1
    shape = tuple(np.ceil((points[:, :2].max(axis=0) + 0.1 - low) / cell).astype(int) + 1)
    spot = np.round((points[:, :2] - low) / cell).astype(int)
    height = np.zeros(shape)
    above = points[:, 2] - ground(points[:, 0], points[:, 1])
    np.maximum.at(height, (spot[:, 0], spot[:, 1]), above)
    height = gaussian_filter(maximum_filter(height, 3), 1.0)

    def heaped(x: Array, y: Array) -> Array:
        i = np.clip(np.round((x - low[0]) / cell).astype(int), 0, shape[0] - 1)
        j = np.clip(np.round((y - low[1]) / cell).astype(int), 0, shape[1] - 1)
        return np.asarray(ground(x, y) + height[i, j])

    return heaped
