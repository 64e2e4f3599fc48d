"""Garments thrown over the back of a chair."""

from __future__ import annotations

import random
from dataclasses import dataclass

import bpy
import numpy as np

from . import surroundings
from .cloth_nodes import Array, carry, pieces, thinned
from .falling import COARSE, Solid, block, fallen
from .furnishing import box, paint, tube
from .holding import in_frame
from .linen import upholstery
from .rooms import WOODS, plain_wall, veneer

SEAT = 0.45
HIGH = 0.92
"""Heights of a chair's seat and of its back, in metres."""
HALF_THICK = 0.014
"""Of the back."""
GAP = 0.007
LONGEST = 0.66
"""What hangs down to here leaves the legs free."""
SHORT = 0.43
"""What hangs no lower than this from the back doesn't reach the seat."""


@dataclass(frozen=True)
class Chair:
    """A chair whose back is the plane y = 0; `seat` is the side that its seat is on, by y."""

    half: float
    seat: float

    @property
    def solids(self) -> list[Solid]:
        """What cloth falls on: its back, and its seat where that is before the cloth."""
        made = [block((-self.half, -HALF_THICK, SEAT - 0.2), (self.half, HALF_THICK, HIGH))]
        if self.seat < 0:
            made.append(block((-0.23, -0.44, SEAT - 0.04), (0.23, -HALF_THICK, SEAT)))
        return made


def throw_over_chair(kind: str, material: str, rng: random.Random) -> bool:
    """Throw the garment in the scene over a chair; whether that is seen from its front."""
    found = pieces()
    nodes = thinned(found, COARSE)
    start = nodes.points.copy()
    low, high = start.min(axis=0), start.max(axis=0)
    start -= (*((low + high) / 2)[:2], low[2])
    chair, start, held = _thrown(kind, start, rng)
    rest = fallen(found, nodes, start, held, material, solids=chair.solids, frames=34, gap=GAP)
    carry(found, nodes, nodes.points, rest)
    _build(chair, rng)
    return chair.seat < 0


def _thrown(kind: str, start: Array, rng: random.Random) -> tuple[Chair, Array, Array]:
    """The garment bent over the back: its middle where it is long, else below the shoulders."""
    tall = float(start[:, 2].max())
    share = rng.uniform(0.42, 0.5) if kind in {"trousers", "shorts"} else rng.uniform(0.2, 0.32)
    if kind == "skirts":
        share = rng.uniform(0.3, 0.4)
    hanging = min((1 - share) * tall, LONGEST)
    chair = Chair(rng.uniform(0.2, 0.225), -1.0 if hanging < SHORT else 1.0)
    lean = rng.uniform(-0.12, 0.12)
    x = start[:, 0] + rng.uniform(-0.04, 0.04) - lean * (start[:, 2] - hanging)
    up = start[:, 2] - hanging + lean * start[:, 0]
    out = HALF_THICK + GAP + 0.004 + 0.22 * (start[:, 1].max() - start[:, 1])
    near = HALF_THICK + GAP
    angle = np.clip(up / near, 0, np.pi)
    over = np.clip(up - np.pi * near, 0, None)
    y = -out * np.cos(angle)
    z = HIGH + np.minimum(up, 0) + out * np.sin(angle) - over
    held = (np.abs(angle - np.pi / 2) < 0.5) & (np.abs(x) < chair.half - 0.02)
    return chair, np.stack([x, y, z], axis=1), held


def _build(chair: Chair, rng: random.Random) -> None:
    """The chair itself, the floor that it stands on, the wall behind."""
    tone = rng.choice([*WOODS, *WOODS, "#e6e2d9", "#26262a"])
    wood = veneer(tone) if tone in WOODS else paint(tone, 0.4)
    half, side = chair.half, chair.seat
    for x in (-half + 0.018, half - 0.018):
        post = np.array([(x, 0, HIGH - 0.02), (x, 0, SEAT), (x, -side * 0.05, 0.0)])
        tube("post", post, 0.0145, wood)
        leg = np.array([(x, side * 0.36, SEAT - 0.03), (x * 1.06, side * 0.4, 0.0)])
        tube("leg", leg, 0.017, wood)
        tube("stretcher", np.array([(x, 0, 0.2), (x, side * 0.38, 0.2)]), 0.009, wood)
    box((-half, -0.012, HIGH - 0.075), (half, 0.012, HIGH), wood, round_=0.011)
    _fill_back(half, wood, rng)
    ends = sorted((-side * 0.02, side * 0.42))
    low, high = (-half - 0.02, ends[0], SEAT - 0.035), (half + 0.02, ends[1], SEAT)
    soft = rng.random() < 0.4
    box(low, high, upholstery(rng) if soft else wood, round_=0.016)
    surroundings.lay(rng.choice(["wooden floor", "tiles", "carpet"]), rng, 0.5)
    plain_wall(0.0, rng, y=0.45 + rng.uniform(0.1, 0.9))
    in_frame((-half, 0.0, 0.22), (half, 0.0, 0.22), (0.0, side * 0.4, SEAT))


def _fill_back(half: float, wood: bpy.types.Material, rng: random.Random) -> None:
    """Slats across, or spindles, between the posts."""
    if rng.random() < 0.5:
        for z in (SEAT + 0.11, SEAT + 0.25):
            box((-half + 0.02, -0.008, z), (half - 0.02, 0.008, z + 0.055), wood, round_=0.006)
        return
    for x in np.linspace(-half + 0.07, half - 0.07, 5):
        tube("spindle", np.array([(x, 0, SEAT), (x, 0, HIGH - 0.04)]), 0.0065, wood)
