"""Upright places at home: walls, doors, wardrobes, rails, and a room far behind."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import bpy
import numpy as np
from mathutils import Matrix

from . import surroundings
from .belongings import plant
from .furnishing import Place, box, lathe, paint, sheet, tube
from .linen import linen, upholstery
from .shader_graph import ShaderGraph, linear

Room = Callable[[Place, float, random.Random], None]
"""Builds what is behind and round something that hangs at a place, the floor at a height."""

WHITES = ("#e9e6df", "#dcd8cf", "#efeeea", "#c9c2b5")
WOODS = ("#a9794a", "#6b452b", "#c7a679", "#8a6242", "#d9c4a0")


def hung_in(name: str, hook: Place, floor: float, rng: random.Random) -> None:
    """Build the room in which something hangs on `hook`, in front of y = 0."""
    ROOMS[name](hook, floor, rng)
    ground = rng.choice(["wooden floor", "carpet", "tiles", "wooden floor"])
    surroundings.lay(ground, rng, 0.4, height=floor)


def _wall(hook: Place, floor: float, rng: random.Random) -> None:
    _covering(0.0, floor, rng)
    _skirting(0.0, floor, rng)
    _hook(hook, rng)
    x, _, z = hook
    side = rng.choice([-1, 1])
    for thing in rng.sample([_switch, _radiator, _picture, _doorway], rng.choice([1, 1, 2])):
        thing(side * rng.uniform(0.36, 0.5) + x, z, floor, rng)
        side = -side


def _door(hook: Place, floor: float, rng: random.Random) -> None:
    """A panelled door with its frame, the garment on a hook over its top."""
    tone = paint(rng.choice([*WHITES, *WHITES, *WOODS]), 0.35)
    x, _, z = hook
    top = max(floor + 2.0, z + 0.05) if rng.random() < 0.6 else z + 0.02
    shift = rng.uniform(0.06, 0.14)  # towards the handle, which must not meet the garment
    left, right = x + shift - 0.44, x + shift + 0.44
    box((left, 0.012, floor), (right, 0.05, top), tone)
    rows = [floor + 0.16, floor + 0.16 + 0.36 * (top - floor), top - 0.12]
    middle = (left + right) / 2
    columns = [(left + 0.11, middle - 0.05), (middle + 0.05, right - 0.11)]
    bars = [(left, left + 0.11), (middle - 0.05, middle + 0.05), (right - 0.11, right)]
    for low, high in bars:
        box((low, 0.0, floor), (high, 0.02, top), tone, round_=0.004)
    beams = [(floor, rows[0]), (rows[1] - 0.05, rows[1] + 0.05), (rows[2], top)]
    for low, high in beams:
        box((left, 0.0005, low), (right, 0.02, high), tone, round_=0.004)
    for low, high in columns:
        for below, above in ((rows[0], rows[1] - 0.05), (rows[1] + 0.05, rows[2])):
            box(
                (low + 0.03, 0.004, below + 0.03), (high - 0.03, 0.02, above - 0.03),
                tone, round_=0.008,
            )  # fmt: skip
    for low, high in ((left - 0.085, left - 0.004), (right + 0.004, right + 0.085)):
        box((low, -0.014, floor), (high, 0.06, top + 0.003), tone, round_=0.006)
    box((left - 0.085, -0.014, top + 0.004), (right + 0.085, 0.06, top + 0.085), tone, round_=0.006)
    _covering(0.03, floor, rng)
    _handle((right - 0.06, 0.0, floor + 1.02), rng)
    metal = paint("#c6c8cb", 0.3, metal=1.0)
    box((x - 0.012, -0.004, z - 0.03), (x + 0.012, -0.001, top + 0.003), metal)
    _hook(hook, rng)


def _wardrobe(hook: Place, floor: float, rng: random.Random) -> None:
    """Two flat doors with a gap; the hanger on a knob."""
    x, y, z = hook
    tone = rng.choice([*WHITES, *WOODS])
    front = veneer(tone) if tone in WOODS else paint(tone, 0.3)
    side = rng.choice([-1, 1])
    gap = x + side * 0.045
    high = z + rng.uniform(0.25, 0.9)
    for low, end in ((gap - 0.55, gap - 0.002), (gap + 0.002, gap + 0.55)):
        box((low, 0.0, floor + 0.07), (end, 0.02, high), front, round_=0.002)
        box(
            (low + 0.06, -0.004, floor + 0.13), (end - 0.06, 0.01, high - 0.06), front, round_=0.003
        )
    box((gap - 0.56, 0.015, floor), (gap + 0.56, 0.5, high + 0.02), front)
    _covering(0.52, floor, rng)
    metal = paint(rng.choice(["#c6c8cb", "#a98d4f", "#2a2a2c"]), 0.3, metal=1.0)
    for knob in (x, gap + side * 0.045):
        tube("knob", np.array([(knob, 0.0, z - 0.006), (knob, y - 0.012, z - 0.006)]), 0.005, metal)
        tube(
            "knob",
            np.array([(knob, y - 0.008, z - 0.006), (knob, y - 0.02, z - 0.006)]),
            0.013,
            metal,
        )


def _rail(hook: Place, floor: float, rng: random.Random) -> None:
    """A clothes rail, other clothes beside it."""
    x, y, z = hook
    _covering(0.42, floor, rng)
    _skirting(0.42, floor, rng)
    metal = paint(rng.choice(["#c6c8cb", "#1f2022"]), 0.3, metal=1.0)
    tube("rail", np.array([(x - 1.5, y, z - 0.012), (x + 1.5, y, z - 0.012)]), 0.011, metal)
    along = np.linspace(0, 1, 24)
    for side in (-1, 1):
        at = x + side * rng.uniform(0.36, 0.42)
        for _ in range(rng.randint(2, 5)):
            long = rng.uniform(0.6, 1.0)
            across = np.linspace(-0.2, 0.2, 30)
            item = sheet(across, along, np.zeros((30, 24)), linen(rng), name="other clothes")
            a, b = np.meshgrid(across, along, indexing="ij")
            wave = 0.014 * np.sin(30 * a + rng.uniform(0, 6)) * (0.3 + b)
            drop = 0.12 + 0.35 * np.abs(a) * (b < 0.04) + long * b
            points = np.stack([at + wave + 0.02 * side * b, y + a, z - drop], axis=2)
            item.data.vertices.foreach_set("co", points.reshape(-1, 3).astype(np.float32).ravel())
            tube("hook", np.array([(at, y, z), (at, y, z - 0.12)]), 0.0018, metal)
            at += side * rng.uniform(0.045, 0.07)


def _held_up(hook: Place, floor: float, rng: random.Random) -> None:
    """A room behind somebody's outstretched arm: furniture and a window, out of focus."""
    x, _, _ = hook
    back = rng.uniform(1.3, 2.3)
    _covering(back, floor, rng)
    _skirting(back, floor, rng)
    side = rng.choice([-1, 1])
    low = x + side * 0.15
    ends = sorted((low, low + side * 1.9))
    cloth = rng.choice([linen, upholstery])(rng)
    box((ends[0], back - 0.95, floor), (ends[1], back, floor + 0.48), cloth, round_=0.07)
    if rng.random() < 0.6:
        box((ends[0], back - 0.25, floor), (ends[1], back, floor + 0.85), cloth, round_=0.08)
    box(
        (x - side * 0.5 - 0.3, back - 0.4, floor), (x - side * 0.5 + 0.3, back, floor + 0.8),
        veneer(rng.choice(WOODS)), round_=0.01,
    )  # fmt: skip
    plant((x - side * 0.5, back - 0.2, floor + 0.8), rng)
    _picture(x + side * rng.uniform(0.5, 0.8), floor + 1.7, floor, rng, wall=back)


ROOMS: dict[str, Room] = {
    "wall": _wall,
    "door": _door,
    "wardrobe": _wardrobe,
    "clothes rail": _rail,
    "held up in a room": _held_up,
}


# parts of a room -------------------------------------------------------------------------------


def _covering(y: float, floor: float, rng: random.Random, high: float = 3.2) -> None:
    """A wall's paint, paper or whitewashed brick."""
    graph = ShaderGraph("wall")
    tone = linear(rng.choice(surroundings.WALLS))
    place = graph.object_space()
    x, z = graph.split(graph.swapped(place))
    match rng.choice(["paint", "paint", "paint", "paper", "brick"]):
        case "paper":
            wide = rng.choice([0.05, 0.11])
            light = graph.remap(graph.step(graph.wave(x, wide), 0.45, 0.55), 0.0, 1.0, 1.0, 0.88)
            bump = graph.noise(place, 0.004, detail=2.0)
            normal = graph.bump(bump, 0.0006, 0.4)
        case "brick":
            row = graph.math("FLOOR", graph.mul(z, 1 / 0.075))
            moved = graph.math("MULTIPLY_ADD", row, 0.5, graph.mul(x, 1 / 0.23))
            upright = graph.math("ABSOLUTE", graph.sub(graph.fract(moved), 0.5))
            level = graph.math("ABSOLUTE", graph.sub(graph.fract(graph.mul(z, 1 / 0.075)), 0.5))
            joint = graph.math(
                "MAXIMUM", graph.step(upright, 0.46, 0.485), graph.step(level, 0.4, 0.46)
            )
            rough = graph.noise(place, 0.03, detail=4.0, rough=0.65)
            light = graph.remap(joint, 0.0, 1.0, 1.0, 0.75)
            normal = graph.bump(graph.sub(graph.mul(rough, 0.8), joint), 0.006, 0.8)
        case _:
            cloud = graph.noise(place, 0.4, detail=3.0)
            light = graph.remap(cloud, 0.3, 0.7, 0.96, 1.03)
            normal = graph.bump(graph.noise(place, 0.008, detail=3.0), 0.0012, 0.4)
    material = graph.finish(Base_Color=graph.shaded(tone, light), Roughness=0.9, Normal=normal)
    box((-4, y, floor), (4, y + 0.1, floor + high), material)


def veneer(tone: str) -> bpy.types.Material:
    """Wood with its grain upright."""
    graph = ShaderGraph("veneer")
    place = graph.scaled(graph.object_space(), (1.0, 1.0, 0.07))
    grain = graph.noise(graph.warped(place, 0.3, 0.03), 0.014, detail=4.0, rough=0.6)
    colour = graph.shaded(linear(tone), graph.remap(grain, 0.3, 0.7, 0.75, 1.12))
    return graph.finish(Base_Color=colour, Roughness=0.4)


def _skirting(y: float, floor: float, rng: random.Random) -> None:
    high = floor + rng.uniform(0.06, 0.11)
    box((-4, y - 0.016, floor), (4, y, high), paint(rng.choice(WHITES), 0.4), round_=0.005)


def _hook(hook: Place, rng: random.Random) -> None:
    """A coat hook from the wall to the bend of the hanger."""
    x, y, z = hook
    metal = paint(rng.choice(["#c6c8cb", "#2a2a2c", "#a98d4f"]), 0.3, metal=1.0)
    path = np.array([(x, 0, z - 0.012), (x, y, z - 0.006), (x, y - 0.012, z + 0.012)])
    tube("coat hook", path, 0.004, metal)
    tube("plate", np.array([(x, 0.001, z - 0.012), (x, -0.005, z - 0.012)]), 0.016, metal)


def _handle(place: Place, rng: random.Random) -> None:
    x, y, z = place
    metal = paint(rng.choice(["#c6c8cb", "#a98d4f", "#2a2a2c"]), 0.25, metal=1.0)
    box((x - 0.02, y - 0.008, z - 0.13), (x + 0.02, y, z + 0.07), metal, round_=0.004)
    path = np.array(
        [(x, y, z), (x, y - 0.05, z), (x - 0.02, y - 0.055, z), (x - 0.11, y - 0.055, z)]
    )
    tube("lever", path, 0.009, metal)


def _switch(x: float, _: float, floor: float, rng: random.Random) -> None:
    """A light switch, or a socket above the skirting."""
    white = paint("#eeece6", 0.3)
    z = floor + rng.choice([1.1, 1.1, 0.3])
    box((x - 0.041, -0.009, z - 0.041), (x + 0.041, 0, z + 0.041), white, round_=0.004)
    if z > floor + 1:
        box((x - 0.028, -0.013, z - 0.028), (x + 0.028, 0, z + 0.028), white, round_=0.003)
    else:
        dark = paint("#c9c6bf", 0.4)
        box((x - 0.021, -0.0095, z - 0.021), (x + 0.021, 0, z + 0.021), dark, round_=0.004)


def _radiator(x: float, _: float, floor: float, rng: random.Random) -> None:
    white = paint("#e7e5df", 0.3)
    for rib in range(10):
        left = x + np.sign(x) * 0.065 * rib
        ends = (floor + 0.12, floor + 0.62)
        box((left - 0.026, -0.11, ends[0]), (left + 0.026, -0.03, ends[1]), white, round_=0.02)
    tube("pipe", np.array([(x, -0.06, floor), (x, -0.06, floor + 0.2)]), 0.009, white)


def _picture(x: float, z: float, _: float, rng: random.Random, wall: float = 0.0) -> None:
    """A framed picture."""
    wide, tall = rng.uniform(0.12, 0.2), rng.uniform(0.15, 0.25)
    frame = paint(rng.choice(["#1f1d1b", "#8a6242", "#e9e6df"]), 0.4)
    box((x - wide, wall - 0.02, z - tall), (x + wide, wall, z + tall), frame, round_=0.003)
    wide, tall = wide - 0.015, tall - 0.015
    box((x - wide, wall - 0.021, z - tall), (x + wide, wall, z + tall), linen(rng))


def _doorway(x: float, _: float, floor: float, rng: random.Random) -> None:
    """The edge of a door's frame and the dark behind it."""
    side = 1 if x > 0 else -1
    white = paint(rng.choice(WHITES), 0.35)
    ends = sorted((x, x + side * 0.08))
    box((ends[0], -0.02, floor), (ends[1], 0.02, floor + 2.1), white, round_=0.005)
    ends = sorted((x + side * 0.08, x + side * 0.8))
    box((ends[0], -0.004, floor), (ends[1], 0.02, floor + 2.1), paint("#3a352f", 0.9))


def peg_rail(z: float, rng: random.Random) -> None:
    """A board with pegs on the wall y = 0, one of them at x = 0."""
    wood = veneer(rng.choice(WOODS))
    box((-0.9, -0.02, z - 0.05), (0.9, 0, z + 0.05), wood, round_=0.004)
    for x in np.arange(-0.75, 0.76, 0.25):
        tube("peg", np.array([(x, 0, z), (x, -0.075, z + 0.016)]), 0.011, wood)
        lathe(
            [(0, -0.012), (0.015, -0.008), (0.015, 0.008), (0, 0.012)], (x, -0.078, z + 0.017), wood
        )


def plain_wall(floor: float, rng: random.Random, *, y: float = 0.0) -> None:
    """A wall with its skirting."""
    _covering(y, floor, rng)
    _skirting(y, floor, rng)


def far_wall(yaw: float, away: float, rng: random.Random, *, outside: bool = False) -> None:
    """What closes the view of a camera turned by `yaw` degrees, so far behind the origin."""
    before = set(bpy.context.scene.objects)
    _covering(away, -0.02, rng, high=1.1 if outside else 3.2)
    if not outside:
        _skirting(away, 0.0, rng)
    turn = Matrix.Rotation(math.radians(yaw), 4, "Z")
    for item in set(bpy.context.scene.objects) - before:
        item.matrix_world = turn @ item.matrix_basis
