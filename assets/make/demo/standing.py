"""Shoes, bags and hats: stood, laid on a side, hung up, and what they stand on."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Matrix, Vector
from scipy.spatial import ConvexHull

from . import studio, surroundings
from .cloth_nodes import Array
from .furnishing import box, cushion, paint, sheet, tube
from .grounds import folds
from .linen import linen, upholstery
from .rooms import WOODS, hung_in, peg_rail, plain_wall
from .shader_graph import ShaderGraph, linear

Items = list[bpy.types.Object]


def move(items: Sequence[bpy.types.Object], matrix: Matrix) -> None:
    """Move objects as one."""
    for item in items:
        if item.parent is None:
            item.matrix_world = matrix @ item.matrix_world
    bpy.context.view_layer.update()


def centred() -> None:
    """Bring the product's middle over the origin, its lowest point to z = 0."""
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    middle = (low + high) / 2
    move(list(studio.shown()), Matrix.Translation((-middle[0], -middle[1], -float(low[2]))))


def pair_up(way: str, rng: random.Random) -> None:
    """Two shoes as somebody puts them down; where there is one, its fellow is made."""
    items = list(studio.shown())
    mirrored = [i for i in items if i.matrix_world.determinant() < 0]
    fellow = mirrored if 0 < len(mirrored) < len(items) else []
    first = [i for i in items if i not in fellow]
    for item in fellow:
        bpy.data.objects.remove(item)
    _stand_along(first)
    if way == "one shoe":
        return
    second = _mirrored(first)
    low, high = _bounds(first)
    apart = float(high[1] - low[1]) + rng.uniform(0.01, 0.05)
    if way == "one lying on its side":
        _on_side(second)
        turn = rng.uniform(-0.7, 0.7)
        apart = float(high[1] - low[1]) / 2 + _half_width(second, turn) + 0.012
    else:
        turn = rng.uniform(-0.22, 0.22)
        apart += 0.5 * abs(math.sin(turn)) * float(high[0] - low[0]) * 0.5
    shift = (rng.uniform(-0.05, 0.05), apart, 0)
    move(second, Matrix.Translation(shift) @ Matrix.Rotation(turn, 4, "Z"))
    if rng.random() < 0.4:
        move(list(studio.shown()), Matrix.Rotation(math.pi, 4, "Z"))


def _bounds(items: Items) -> tuple[Array, Array]:
    cloud = studio.points_of(items)
    return cloud.min(axis=0), cloud.max(axis=0)


def _half_width(items: Items, turn: float) -> float:
    cloud = studio.points_of(items)
    across = cloud[:, 0] * math.sin(turn) + cloud[:, 1] * math.cos(turn)
    return float(np.abs(across).max())


def _stand_along(items: Items) -> None:
    """Turn a shoe so that it lies along x, its middle at the origin."""
    cloud = studio.points_of(items)
    _, axes = np.linalg.eigh(np.cov(cloud[:, :2].T))
    turn = math.atan2(axes[1, 1], axes[0, 1])
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    middle = Vector((low + high) / 2)
    place = Matrix.Translation((-middle.x, -middle.y, -float(low[2])))
    move(items, Matrix.Rotation(-turn, 4, "Z") @ place)


def _mirrored(items: Items) -> Items:
    made = []
    for item in items:
        twin = item.copy()
        bpy.context.scene.collection.objects.link(twin)
        made.append(twin)
    bpy.context.view_layer.update()
    move(made, Matrix.Scale(-1, 4, (0, 1, 0)))
    return made


def _on_side(items: Items) -> None:
    """Tip a shoe over its outer side until it rests."""
    for axis, look in (("X", (1, 2)), ("Y", (0, 2))):
        cloud = studio.points_of(items)[:, look]
        corners = cloud[ConvexHull(cloud).vertices]
        edge = np.roll(corners, -1, axis=0) - corners
        out = np.stack([edge[:, 1], -edge[:, 0]], axis=1)
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        aim = np.array([0.94, -0.34]) if axis == "X" else np.array([0.0, -1.0])
        fitting = np.linalg.norm(edge, axis=1) * np.clip(out @ aim - 0.4, 0, None)
        down = out[int(fitting.argmax())]
        turn = -math.pi / 2 - math.atan2(down[1], down[0])
        move(items, Matrix.Rotation(turn if axis == "X" else -turn, 4, axis))
    low, high = _bounds(items)
    middle = (low + high) / 2
    move(items, Matrix.Translation((-middle[0], -middle[1], -float(low[2]))))


# what they stand on ----------------------------------------------------------------------------


def stood_in(name: str, size: Array, rng: random.Random) -> None:
    """Build the place round a product of that size, which stands on z = 0 at the origin."""
    match name:
        case "doormat":
            _doormat(size, rng)
        case "shoe box":
            _open_box(size, rng)
        case "shelf":
            _shelf(size, rng)
        case "table":
            _table(size, rng)
        case "chair":
            _chair(size, rng)
        case "sofa seat":
            _sofa(size, rng)
        case "bed":
            _bed(rng)
        case "floor by the wall":
            surroundings.lay(rng.choice(["wooden floor", "tiles", "carpet"]), rng, 0.4)
            plain_wall(0.0, rng, y=float(size[1]) / 2 + rng.uniform(0.01, 0.06))
        case _:
            surroundings.lay(name, rng, float(np.linalg.norm(size)) / 2)
            if name == "pavement":
                surroundings.fallen_leaves(rng)


def _doormat(size: Array, rng: random.Random) -> None:
    graph = ShaderGraph("coir")
    tone = linear(rng.choice(["#8b6a42", "#4a4644", "#6d6258", "#a3814f"]))
    place = graph.object_space()
    bristle = graph.noise(place, 0.004, detail=3.0, rough=0.7)
    _, y = graph.split(place)
    stripe = graph.step(graph.wave(y, rng.choice([0.1, 0.22])), 0.75, 0.85)
    colour = graph.mix(graph.mul(stripe, rng.choice([0.0, 0.7])), tone, (0.03, 0.025, 0.02, 1.0))
    material = graph.finish(
        Base_Color=graph.shaded(colour, graph.remap(bristle, 0.3, 0.7, 0.45, 1.25)),
        Roughness=1.0,
        Normal=graph.bump(bristle, 0.006, 1.0),
    )
    move(list(studio.shown()), Matrix.Translation((0, 0, 0.014)))
    wide, deep = float(size[0]) / 2 + 0.16, float(size[1]) / 2 + 0.09
    box(
        (-wide, -deep, 0),
        (wide, deep, 0.014),
        material,
        round_=0.004,
        turn=rng.uniform(-0.05, 0.05),
    )
    surroundings.lay(rng.choice(["tiles", "wooden floor", "pavement"]), rng, 0.4)
    if rng.random() < 0.7:
        plain_wall(0.0, rng, y=deep + rng.uniform(0.03, 0.1))


def _open_box(size: Array, rng: random.Random) -> None:
    """A shoebox without its lid, tissue paper under the shoes."""
    colour = rng.choice(["#b58a5c", "#d24b2a", "#22272c", "#e3e1dc", "#2f5d8a", "#7a9a8a"])
    card, inside = paint(colour, 0.7), paint("#b79b78", 0.9)
    wide, deep = float(size[0]) / 2 + 0.025, float(size[1]) / 2 + 0.02
    high = min(0.11, 0.8 * float(size[2]) + 0.02)
    for y in (-deep, deep):
        box((-wide, y - 0.002, -0.02), (wide, y + 0.002, high), card)
        inner = y - np.sign(y) * 0.0025
        box((-wide, min(inner, y), -0.018), (wide, max(inner, y), high - 0.001), inside)
    for x in (-wide, wide):
        box((x - 0.002, -deep, -0.02), (x + 0.002, deep, high), card)
        inner = x - np.sign(x) * 0.0025
        box((min(inner, x), -deep, -0.018), (max(inner, x), deep, high - 0.001), inside)
    source = np.random.default_rng(rng.randrange(10**6))
    xs, ys = np.linspace(-wide - 0.05, wide + 0.05, 90), np.linspace(-deep - 0.06, deep + 0.06, 80)
    across, along = np.meshgrid(xs, ys, indexing="ij")
    rough = 0.5 * folds(3 * across, 3 * along, source, 40, 0.012, 0.03)
    edge = np.maximum(np.abs(across) - wide + 0.02, np.abs(along) - deep + 0.02)
    over = np.clip(edge / 0.02, 0, 1)
    height = (
        -0.012 + rough * (0.15 + over) + over * (high + 0.004) - np.clip(edge - 0.03, 0, 1) * 1.2
    )
    sheet(xs, ys, height, paint("#eceae4", 0.85), name="tissue")
    surroundings.lay(rng.choice(["wooden floor", "carpet", "table"]), rng, 0.4, height=-0.02)


def _shelf(size: Array, rng: random.Random) -> None:
    """Boards with things between them, a wall or a back behind."""
    tone = rng.choice([*WOODS, "#e3ddd0", "#e9e7e1", "#3d3a38"])
    board = paint(tone, 0.45)
    deep = float(size[1]) / 2
    front, back = -deep - 0.05, deep + 0.06
    high = float(size[2]) + rng.uniform(0.05, 0.12)
    for level in (0.0, -0.34, high + 0.02):
        box((-1.2, front, level - 0.02), (1.2, back, level), board, round_=0.002)
    box((-1.2, back, -0.6), (1.2, back + 0.02, high + 0.6), board)
    side = rng.choice([-1, 1])
    place = side * (float(size[0]) / 2 + rng.uniform(0.02, 0.05))
    ends = sorted((place, place + side * rng.uniform(0.1, 0.3)))
    box((ends[0], front + 0.03, 0), (ends[1], back, 0.7 * high), linen(rng), round_=0.004)
    x = -side * (float(size[0]) / 2 + rng.uniform(0.03, 0.08))
    for _ in range(6):
        thick = rng.uniform(0.02, 0.045)
        ends = sorted((x, x - side * thick))
        tall = min(rng.uniform(0.16, 0.26), high - 0.02)
        box((ends[0], front + 0.04, 0), (ends[1] - 0.001, back, tall), linen(rng), round_=0.002)
        x -= side * thick


def _table(size: Array, rng: random.Random) -> None:
    surroundings.lay("table", rng, 0.4)
    plain_wall(-0.75, rng, y=float(size[1]) / 2 + rng.uniform(0.25, 1.1))


def _chair(size: Array, rng: random.Random) -> None:
    """A wooden chair; the product stands or lies on its seat."""
    tone = paint(rng.choice([*WOODS, "#e6e2d9", "#26262a"]), 0.4)
    half = max(0.2, float(size[0]) / 2 + 0.03)
    front, back = -max(0.2, float(size[1]) / 2 + 0.05), max(0.18, float(size[1]) / 2 + 0.03)
    box((-half, front, -0.03), (half, back, 0.0), tone, round_=0.012)
    for x in (-half + 0.03, half - 0.03):
        tube("leg", np.array([(x, front + 0.03, -0.03), (x * 1.06, front, -0.45)]), 0.016, tone)
        post = np.array([(x * 1.04, back + 0.04, -0.45), (x, back, 0.0), (x, back + 0.06, 0.45)])
        tube("post", post, 0.016, tone)
    for z in (0.16, 0.29, 0.42):
        lean = back + 0.06 * z / 0.45
        box(
            (-half + 0.02, lean - 0.008, z - 0.03),
            (half - 0.02, lean + 0.008, z + 0.03),
            tone,
            round_=0.006,
        )
    surroundings.lay(rng.choice(["wooden floor", "tiles", "carpet"]), rng, 0.4, height=-0.45)
    plain_wall(-0.45, rng, y=back + rng.uniform(0.15, 0.9))


def _sofa(size: Array, rng: random.Random) -> None:
    cloth = upholstery(rng)
    back = max(0.2, float(size[1]) / 2 + 0.02)
    for x in (-0.7, 0.0, 0.7):
        box((x - 0.349, -0.45, -0.16), (x + 0.349, back + 0.1, 0.004), cloth, round_=0.05)
        box((x - 0.349, back, -0.05), (x + 0.349, back + 0.2, 0.42), cloth, round_=0.08)
    move(list(studio.shown()), Matrix.Translation((rng.choice([-0.2, 0.2, 0.3]), 0, 0)))
    if rng.random() < 0.6:
        side = rng.choice([-1, 1])
        pillow = cushion(
            (side * (float(size[0]) / 2 + 0.4), back - 0.1, 0.2), (0.4, 0.4, 0.14), linen(rng)
        )
        pillow.rotation_euler = (1.2, 0, side * -0.3)
    plain_wall(-0.45, rng, y=back + 0.25)


def _bed(rng: random.Random) -> None:
    source = np.random.default_rng(rng.randrange(10**6))
    line = np.linspace(-1.3, 1.3, 200)
    x, y = np.meshgrid(line, line, indexing="ij")
    heights = folds(x, y, source, 22, 0.012, 0.022)
    heights -= np.quantile(heights[np.hypot(x, y) < 0.2], 0.5)
    cloth = linen(rng)
    sheet(line, line, heights, cloth, name="bed")
    cushion(
        (rng.uniform(-0.4, 0.4), 0.55, 0.06), (0.65, 0.45, 0.18), linen(rng), rng.uniform(-0.2, 0.2)
    )
    plain_wall(-0.5, rng, y=1.0)


# hung up ---------------------------------------------------------------------------------------


def handle(cloud: Array) -> tuple[float, float, float] | None:
    """The top of a bag's handle; None where it has none."""
    high = cloud.max(axis=0)
    top = cloud[cloud[:, 2] > high[2] - 0.004]
    x, y = float(top[:, 0].mean()), float(top[:, 1].mean())
    under = cloud[(np.abs(cloud[:, 0] - x) < 0.02) & (cloud[:, 2] < high[2] - 0.025), 2]
    if len(under) and high[2] - under.max() < 0.05:
        return None
    return x, y, float(high[2])


def bag_on_hook(place: str, rng: random.Random) -> bool:
    """Hang a bag by its handle on a hook of a wall or door; False where it has no handle."""
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    top = handle(cloud)
    if top is None:
        return False
    x, y, _ = top
    tall = float(high[2] - low[2])
    move(list(studio.shown()), Matrix.Translation((-x, -float(high[1]) - 0.008, 0.0)))
    away = -float(high[1]) - 0.008 + y
    z = tall - 0.02 + float(low[2])
    hung_in(place, (0.0, away, z), float(low[2]) - rng.uniform(0.5, 1.0), rng)
    return True


def hat_on_peg(rng: random.Random) -> None:
    """Hang a hat on a peg by its inside, the crown outwards."""
    centred()
    tip = Matrix.Rotation(math.radians(rng.uniform(66, 80)), 4, "X")
    spin = Matrix.Rotation(math.radians(rng.uniform(-30, 30)), 4, "Y")
    roll = Matrix.Rotation(math.radians(rng.uniform(-180, 180)), 4, "Z")
    move(list(studio.shown()), spin @ tip @ roll)
    cloud = studio.points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    middle = (low + high) / 2
    move(
        list(studio.shown()),
        Matrix.Translation((-middle[0], -float(high[1]) - 0.022, -middle[2])),
    )
    peg_rail(0.02, rng)
