"""Rings of cloth hung from a pinned edge: Blender's cloth lets them fall over a hidden figure.

A ring is a grid [rows, columns, 3] whose last column goes on at its first; row 0 is the top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from .kept import kept, mark_of

Array = np.ndarray

VERSION = 2
"""Of the simulation: another number makes all settled rings anew."""


@dataclass(frozen=True)
class Hand:
    """How a cloth handles: `weight` pulls it down, `bend` holds its folds open."""

    weight: float
    bend: float
    crumple: float
    thickness: float = 0.0016


HANDS: dict[str, Hand] = {
    "satin": Hand(0.35, 0.06, 0.2, 0.0012),
    "cotton": Hand(0.22, 0.5, 1.0),
    "linen": Hand(0.22, 0.8, 1.4, 0.0018),
    "knit": Hand(0.4, 0.2, 0.3, 0.0026),
    "wool": Hand(0.4, 1.4, 0.35, 0.0026),
    "corduroy": Hand(0.4, 2.0, 0.5, 0.0026),
    "denim": Hand(0.4, 4.0, 0.6, 0.0026),
    "leather": Hand(0.4, 5.0, 0.5, 0.0024),
}


def settle(
    start: Array,
    rest: Array,
    hand: Hand,
    body: tuple[Array, Array],
    *,
    pinned: int = 1,
    frames: int = 42,
) -> Array:
    """Where a ring comes to lie: `rest` is its own shape, `start` where it is let go.

    The first `pinned` rows stay. `body` is what it falls over: points and quads. Results are kept
    on disk, see `kept`.
    """
    mark = mark_of((VERSION, hand, pinned, frames), (start, rest, *body))
    (ring,) = kept(f"ring-{mark}", lambda: [_settled(start, rest, hand, body, pinned, frames)])
    return ring


def _settled(
    start: Array, rest: Array, hand: Hand, body: tuple[Array, Array], pinned: int, frames: int
) -> Array:
    """The simulation itself."""
    figure = _object("figure", *body)
    figure.modifiers.new("solid", "COLLISION")
    figure.collision.thickness_outer = 0.003
    figure.collision.cloth_friction = 4.0
    index = np.arange(start[..., 0].size).reshape(start.shape[:2])
    right = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], index[1:], right[1:], right[:-1]], -1).reshape(-1, 4)
    ring = _object("ring", start.reshape(-1, 3), quads)
    _hang(ring, rest, hand, index[:pinned])
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, frames
    ring.modifiers["cloth"].point_cache.frame_end = frames
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    done = ring.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    flat = np.empty(start.size, dtype=np.float32)
    done.vertices.foreach_get("co", flat)
    for item in (ring, figure):
        mesh = item.data
        bpy.data.objects.remove(item)
        bpy.data.meshes.remove(mesh)
    scene.frame_set(1)
    return flat.reshape(start.shape)


def _hang(ring: bpy.types.Object, rest: Array, hand: Hand, pinned: Array) -> None:
    ring.shape_key_add(name="start")
    own = ring.shape_key_add(name="rest")
    own.value = 0.0
    own.data.foreach_set("co", rest.astype(np.float32).ravel())
    group = ring.vertex_groups.new(name="pinned")
    group.add(pinned.ravel().tolist(), 1.0, "REPLACE")
    cloth: Any = ring.modifiers.new("cloth", "CLOTH")
    set_to: Any = cloth.settings
    set_to.vertex_group_mass = "pinned"
    set_to.rest_shape_key = own
    set_to.quality = 3
    set_to.mass = hand.weight
    set_to.bending_model = "ANGULAR"
    set_to.tension_stiffness = set_to.compression_stiffness = 40
    set_to.shear_stiffness = 8
    set_to.bending_stiffness = hand.bend
    set_to.tension_damping = set_to.compression_damping = 8
    set_to.shear_damping = 8
    set_to.bending_damping = 0.5
    set_to.air_damping = 3.0
    cloth.collision_settings.use_self_collision = False
    cloth.collision_settings.distance_min = 0.003
    cloth.collision_settings.collision_quality = 2


def _object(name: str, points: Array, quads: Array) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points.tolist(), [], quads.tolist())
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def surface_of_revolution(girth: Array, down: Array, spread: Array) -> Array:
    """The shape of a ring that has these girths at these distances down the cloth.

    `spread` are the columns' shares of a turn. A steeper growth than a disc's is levelled.
    """
    radius = girth / (2 * np.pi)
    step = np.diff(down)
    rise = np.clip(np.diff(radius), -0.98 * step, 0.98 * step)
    radius = radius[0] + np.concatenate([[0.0], np.cumsum(rise)])
    z = -np.concatenate([[0.0], np.cumsum(np.sqrt(step**2 - rise**2))])
    turn = spread[None] * 2 * np.pi
    return np.stack(
        [
            -radius[:, None] * np.cos(turn),
            -radius[:, None] * np.sin(turn),
            np.broadcast_to(z[:, None], (len(down), len(spread))),
        ],
        -1,
    )


def refined(ring: Array, rows: Array, places: Array) -> Array:
    """A ring's smooth (cubic B-spline) values at shares of its height and of its girth.

    `places` has a row of shares for every one of `rows`.
    """
    count, columns = ring.shape[:2]
    beyond = [2 * ring[:1] - ring[1:2], ring, 2 * ring[-1:] - ring[-2:-1]]
    tall = _spline(np.concatenate(beyond), rows * (count - 1) + 1, count + 1)
    at = (places % 1.0) * columns
    whole = np.floor(at).astype(int)
    row = np.arange(len(rows))[:, None]
    parts = [
        tall[row, (whole + offset) % columns] * weight[..., None]
        for offset, weight in zip((-1, 0, 1, 2), _weights(at - whole), strict=True)
    ]
    return np.sum(parts, axis=0)


def _spline(grid: Array, at: Array, last: int) -> Array:
    whole = np.floor(at).astype(int)
    parts = [
        grid[np.clip(whole + offset, 0, last)] * weight[:, None, None]
        for offset, weight in zip((-1, 0, 1, 2), _weights(at - whole), strict=True)
    ]
    return np.sum(parts, axis=0)


def _weights(t: Array) -> tuple[Array, Array, Array, Array]:
    return (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )


Figure = Callable[[Array], tuple[Array, Array, Array]]


def hips(z: Array) -> tuple[Array, Array, Array]:
    """Half width, depth in front and depth behind of a figure, z counted from its waist."""
    at = [-0.9, -0.45, -0.3, -0.2, -0.1, 0.0, 0.06]
    wide = np.interp(z, at, [0.125, 0.15, 0.168, 0.174, 0.158, 0.13, 0.128])
    front = np.interp(z, at, [0.075, 0.085, 0.092, 0.1, 0.1, 0.088, 0.088])
    behind = np.interp(z, at, [0.085, 0.095, 0.112, 0.124, 0.108, 0.085, 0.085])
    return wide, front, behind


def body_of(figure: Figure, low: float, high: float, rows: int = 22) -> tuple[Array, Array]:
    """Points and quads of a figure between two heights."""
    z = np.linspace(high, low, rows)
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]
    wide, front, behind = (k[:, None] for k in figure(z))
    deep = np.where(np.sin(turn) > 0, front, behind)
    points = np.stack(
        [-wide * np.cos(turn), -deep * np.sin(turn), np.broadcast_to(z[:, None], deep.shape)], -1
    )
    index = np.arange(rows * 32).reshape(rows, 32)
    right = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], index[1:], right[1:], right[:-1]], -1)
    return points.reshape(-1, 3), quads.reshape(-1, 4)
