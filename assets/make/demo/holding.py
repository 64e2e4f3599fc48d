"""Things held at arm's length: by a hanger, by shoulders or waist, by a heel or a handle."""

from __future__ import annotations

import random

import numpy as np
from mathutils import Matrix, Vector

from . import studio
from .cloth_nodes import Array, carry, pieces, thinned
from .falling import COARSE, Solid, block, fallen
from .furnishing import Place
from .geometry.lofts import mesh_object
from .hands import GRIPS, Hand, Wearer
from .hanging import CLIPPED
from .standing import handle, move


def in_frame(*places: Array | Place) -> None:
    """Points that the camera must see besides the product."""
    cloud = np.array(places, dtype=float)
    mesh_object("in frame", cloud, np.zeros((0, 4), dtype=int), cloud[:, :2], [])


def hold_hanger(hook: Place, rng: random.Random) -> None:
    """A fist round the neck of a hanger, the arm coming from a side."""
    _fist(np.array(hook) - (0, 0, 0.03), rng.choice([-1, 1]), Wearer.drawn(rng), rng)


def _fist(at: Array, side: float, who: Wearer, rng: random.Random) -> None:
    """A fist, its back to the camera, thumb up, the arm to one side and a little down or up."""
    forward = Vector((-side, rng.uniform(0.0, 0.35), -rng.uniform(-0.25, 0.35)))
    back = Vector((0.0, -1.0, rng.uniform(0.0, 0.3)))
    Hand(GRIPS["fist"]).place(at, forward, back, who, left=side > 0)
    in_frame(at + (0, 0, 0.06))


def hold_up(kind: str, material: str, rng: random.Random) -> Place:
    """Hold a garment by its shoulders or its waist between two fists; the rest hangs from them."""
    found = pieces()
    nodes = thinned(found, COARSE)
    start = nodes.points.copy()
    low, high = start.min(axis=0), start.max(axis=0)
    middle = (low + high) / 2
    start -= (middle[0], middle[1], low[2])
    grips = _grips(kind, start)
    start[:, 1] *= 0.6
    held = np.zeros(len(start), dtype=bool)
    for grip in grips:
        near = (np.abs(start[:, 0] - grip[0]) < 0.028) & (start[:, 2] > grip[2] - 0.07)
        start[near, 0] = grip[0] + 0.3 * (start[near, 0] - grip[0])
        start[near, 1] = grip[1] + 0.25 * (start[near, 1] - grip[1])
        held |= near
    closer = rng.uniform(0.86, 0.96)
    start[:, 0] *= closer
    grips[:, 0] *= closer
    board = [] if kind in CLIPPED else [_board(start, grips)]
    rest = fallen(found, nodes, start, held, material, solids=board)
    carry(found, nodes, nodes.points, rest)
    who = Wearer.drawn(rng)
    for grip in grips:
        _fist(grip - (0, 0, 0.035), float(np.sign(grip[0])), who, rng)
    return 0.0, 0.0, float(grips[:, 2].max())


def _grips(kind: str, points: Array) -> Array:
    """Where two hands take hold: near the ends of the shoulders or of the waistband."""
    top = points[points[:, 2] > points[:, 2].max() - (0.04 if kind in CLIPPED else 0.12)]
    reach = float(np.quantile(np.abs(top[:, 0]), 0.99))
    reach = reach - 0.03 if kind in CLIPPED else min(0.78 * reach, 0.17)
    made = []
    for x in (-reach, reach):
        near = points[np.abs(points[:, 0] - x) < 0.02]
        upper = near[near[:, 2] > near[:, 2].max() - 0.05]
        made.append((x, float(upper[:, 1].mean()), float(near[:, 2].max())))
    return np.array(made)


def _board(points: Array, grips: Array) -> Solid:
    """A thin plate inside a garment, which keeps its front off its back."""
    reach = 0.8 * float(grips[1, 0])
    y = float(grips[:, 1].mean())
    top = float(grips[:, 2].min()) - 0.1
    return block((-reach, y - 0.008, 0.02), (reach, y + 0.008, top))


def hold_shoe(rng: random.Random) -> Place:
    """Hang the shoe in the scene from its heel: two fingers inside, the thumb behind."""
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    long = float(high[0] - low[0])
    ends = [cloud[cloud[:, 0] < low[0] + 0.12 * long], cloud[cloud[:, 0] > high[0] - 0.12 * long]]
    side = -1.0 if ends[0][:, 2].max() > ends[1][:, 2].max() else 1.0
    heel = ends[0] if side < 0 else ends[1]
    rim = heel[heel[:, 2] > heel[:, 2].max() - 0.006].mean(axis=0)
    at = Vector(rim - (0, 0, 0.012))
    tip = rng.uniform(0.75, 1.15)
    fall = Matrix.Rotation(-side * tip, 4, "Y")
    move(list(studio.shown()), fall @ Matrix.Translation(-at))
    forward, back = fall @ Vector((-side, 0, 0)), fall @ Vector((0, 0, 1))
    Hand(GRIPS["rim"]).place(np.zeros(3), forward, back, Wearer.drawn(rng), left=side < 0)
    in_frame((side * 0.07, 0.0, 0.09))
    return 0.0, 0.0, 0.05


def hold_bag(rng: random.Random) -> Place | None:
    """Hold the bag in the scene by its handle; nothing happens where it has none."""
    top = handle(studio.points())
    if top is None:
        return None
    side = rng.choice([-1, 1])
    forward = Vector((side * rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.3), -1.0))
    at = np.array(top) - (0, 0, 0.004)
    Hand(GRIPS["fist"]).place(at, forward, Vector((0, -1, 0)), Wearer.drawn(rng), left=side > 0)
    in_frame(at + (0, 0, 0.1))
    return top
