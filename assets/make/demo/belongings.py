"""Other people's things that get into the picture, most of them cut off by its edge."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from .cloth_nodes import Array
from .furnishing import Place, box, cushion, lathe, paint, sheet, tube
from .linen import linen

Maker = Callable[[Place, random.Random], None]


def mug(place: Place, rng: random.Random) -> None:
    """A mug of coffee."""
    glaze = paint(rng.choice(["#e8e4da", "#3d5a6c", "#b5533c", "#2b2b2d", "#d9b44a"]), 0.2)
    shape = [(0.0, 0.0), (0.034, 0.0), (0.039, 0.006), (0.04, 0.09), (0.038, 0.092)]
    lathe([*shape, (0.036, 0.088), (0.036, 0.075)], place, glaze)
    lathe([(0.0, 0.075), (0.036, 0.075)], place, paint("#1d0f08", 0.1))
    turn = rng.uniform(0, 6.3)
    loop = np.linspace(-1.3, 1.3, 12)
    x = 0.038 + 0.026 * np.cos(loop)
    path = np.stack([x * math.cos(turn), x * math.sin(turn), 0.047 + 0.03 * np.sin(loop)], axis=1)
    tube("ear", path + place, 0.0045, glaze)


def book(place: Place, rng: random.Random) -> None:
    """A book or a magazine."""
    x, y, z = place
    turn, thick = rng.uniform(-0.7, 0.7), rng.uniform(0.008, 0.035)
    cover = paint(rng.choice(["#7a2f2b", "#2d4a63", "#c9a24a", "#3f5a45", "#d8cfbd", "#5b4a6b"]))
    box((x - 0.075, y - 0.11, z), (x + 0.075, y + 0.11, z + thick), cover, round_=0.002, turn=turn)
    box(
        (x - 0.072, y - 0.112, z + 0.002),
        (x + 0.077, y + 0.112, z + thick - 0.002),
        paint("#e6dfcf", 0.9),
        turn=turn,
    )


def cable(place: Place, rng: random.Random) -> None:
    """A telephone's charger with its lead."""
    source = np.random.default_rng(rng.randrange(10**6))
    steps = np.cumsum(source.normal(0, 0.35, 40)).cumsum() * 0.12
    path = np.cumsum(np.stack([np.cos(steps), np.sin(steps), 0 * steps], axis=1), axis=0) * 0.014
    path += np.array(place) + (0, 0, 0.003)
    white = paint(rng.choice(["#e9e8e4", "#e9e8e4", "#222222"]), 0.4)
    tube("lead", path, 0.0018, white)
    x, y, z = path[-1]
    box((x - 0.006, y - 0.012, z - 0.003), (x + 0.006, y + 0.012, z + 0.004), white, round_=0.002)


def telephone(place: Place, rng: random.Random) -> None:
    """A telephone lying on its back."""
    x, y, z = place
    turn = rng.uniform(-0.8, 0.8)
    low, high = (x - 0.036, y - 0.075, z), (x + 0.036, y + 0.075, z + 0.008)
    box(low, high, paint("#0b0c0f", 0.08), round_=0.004, turn=turn)


def glasses(place: Place, rng: random.Random) -> None:
    """A pair of spectacles."""
    frame = paint(rng.choice(["#1a1614", "#5a3522"]), 0.25)
    turn = rng.uniform(-1, 1)
    spin = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0]])
    angle = np.linspace(0, 2 * np.pi, 22)
    for side in (-1, 1):
        ring = np.stack([side * 0.034 + 0.025 * np.cos(angle), 0.02 * np.sin(angle)], axis=1)
        arm = np.array([[side * 0.06, 0.005], [side * 0.058, 0.07], [side * 0.05, 0.13]])
        for flat, high in ((ring, 0.012), (arm, 0.005)):
            path = np.column_stack([flat @ spin[:, :2].T, np.full(len(flat), high)])
            tube("frame", path + place, 0.0018, frame)


def slippers(place: Place, rng: random.Random) -> None:
    """The toes of whoever takes the picture, in socks."""
    x, y, z = place
    wool = linen(rng)
    for side in (-1, 1):
        at = (x + side * rng.uniform(0.06, 0.085), y, z + 0.03)
        cushion(at, (0.1, 0.27, 0.095), wool, -side * rng.uniform(0.0, 0.2))


def plant(place: Place, rng: random.Random) -> None:
    """A pot with long leaves."""
    pot = paint(rng.choice(["#b0613c", "#e6e2d9", "#4a4d50"]), 0.6)
    wide = rng.uniform(0.06, 0.09)
    shape = [(0, 0), (0.75 * wide, 0), (wide, 1.7 * wide), (0.92 * wide, 1.7 * wide)]
    lathe([*shape, (0.9 * wide, 1.5 * wide), (0, 1.5 * wide)], place, pot)
    green = paint(rng.choice(["#3f6b35", "#2f5a3c", "#5d7f3f"]), 0.4)
    across = np.linspace(-1, 1, 5)
    along = np.linspace(0, 1, 12)
    for _ in range(16):
        turn, long = rng.uniform(0, 6.3), rng.uniform(0.16, 0.34)
        lean = rng.uniform(0.25, 0.9)
        broad = 0.02 * np.sin(np.pi * np.clip(along, 0.02, 1) ** 0.8)
        flat = np.zeros((5, 12))
        item = sheet(across, along, flat, green, name="leaf")
        points = _leaf(across, along, broad, long, lean, turn)
        points += np.array(place) + (0, 0, 1.5 * wide)
        item.data.vertices.foreach_set("co", points.astype(np.float32).ravel())


def _leaf(
    across: Array, along: Array, broad: Array, long: float, lean: float, turn: float
) -> Array:
    out = long * np.sin(lean * along * 1.6) / 1.6
    up = long * (along - 0.5 * lean * along**2)
    side = across[:, None] * broad[None]
    x = out * math.cos(turn) - side * math.sin(turn)
    y = out * math.sin(turn) + side * math.cos(turn)
    z = up + 0.3 * np.abs(side)
    return np.stack([x, y, z], axis=2).reshape(-1, 3)


def folded_clothes(place: Place, rng: random.Random) -> None:
    """A pile of folded clothes."""
    x, y, z = place
    for _ in range(rng.randint(1, 4)):
        thick = rng.uniform(0.02, 0.035)
        wide, deep = rng.uniform(0.11, 0.14), rng.uniform(0.13, 0.17)
        low, high = (x - wide, y - deep, z), (x + wide, y + deep, z + thick)
        box(low, high, linen(rng), round_=thick * 0.45, turn=rng.uniform(-0.12, 0.12))
        z += thick * 0.97


def shoe_box(place: Place, rng: random.Random) -> None:
    """A closed cardboard box."""
    x, y, z = place
    turn = rng.uniform(-0.6, 0.6)
    card = paint(rng.choice(["#b58a5c", "#d24b2a", "#22272c", "#e3e1dc", "#2f5d8a"]), 0.7)
    box((x - 0.17, y - 0.1, z), (x + 0.17, y + 0.1, z + 0.1), card, turn=turn)
    box((x - 0.174, y - 0.104, z + 0.085), (x + 0.174, y + 0.104, z + 0.12), card, turn=turn)


def bottle(place: Place, rng: random.Random) -> None:
    """A bottle of lotion or a vase."""
    tone = paint(rng.choice(["#d9cdb8", "#7f9aa5", "#b8735a", "#e9e6e0"]), 0.25)
    wide, tall = rng.uniform(0.025, 0.045), rng.uniform(0.12, 0.22)
    neck = 0.35 * wide
    shape = [(0, 0), (wide, 0), (wide, 0.7 * tall), (neck, 0.82 * tall), (neck, tall), (0, tall)]
    lathe(shape, place, tone)


ON_BED: tuple[Maker, ...] = (book, cable, telephone, glasses, folded_clothes)
ON_FLOOR: tuple[Maker, ...] = (slippers, book, cable, shoe_box, folded_clothes, plant, mug)
ON_TABLE: tuple[Maker, ...] = (mug, book, plant, glasses, telephone, bottle, cable)

BULK: dict[Maker, float] = {shoe_box: 0.21, folded_clothes: 0.18, plant: 0.16, book: 0.14}
"""How far from the product the middle of a large thing must be."""


def strewn(
    makers: tuple[Maker, ...], size: tuple[float, float], rng: random.Random, height: float = 0.0
) -> None:
    """One to three things round a product of that size at the origin, near the frame's edge."""
    spots = [(-1.0, 0.5), (1.0, 0.4), (1.0, -0.6), (-1.0, -0.5), (0.5, 1.0), (-0.5, 1.0)]
    for maker in rng.sample(makers, rng.choice([1, 2, 2, 3])):
        if maker is slippers:
            maker((rng.uniform(-0.2, 0.2), -size[1] / 2 - 0.17, height), rng)
            continue
        spot = spots.pop(rng.randrange(len(spots)))
        away = rng.uniform(0.0, 0.06) + BULK.get(maker, 0.11)
        x = spot[0] * (size[0] / 2 + (away if abs(spot[0]) == 1 else 0))
        y = spot[1] * (size[1] / 2 + (away if abs(spot[1]) == 1 else 0))
        maker((x, y, height), rng)
