"""Finished garments that fall free: Blender's cloth, over solid things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from .cloth_nodes import Array, Nodes, Piece
from .geometry.draping import FABRICS, Fabric, settled, solid
from .geometry.kept import kept, mark_of

VERSION = 2
"""Of the simulation: another number makes what is kept on disk anew."""

COARSE = 0.021
"""Distance of the nodes of cloth that falls free, in metres."""
NEAR = 0.006
"""How far cloth stays from solid things."""

Solid = tuple[Array, Array]
"""Points and quads of something that cloth falls on."""

_LIKE = {
    "padded": "leather", "quilted": "leather", "tweed": "wool", "fleece": "sweater",
    "silk": "satin", "chiffon": "satin", "velvet": "wool", "suede": "leather",
}  # fmt: skip


def fallen(
    found: Sequence[Piece],
    nodes: Nodes,
    start: Array,
    held: Array,
    material: str,
    *,
    solids: Sequence[Solid] = (),
    frames: int = 40,
    gap: float = NEAR,
) -> Array:
    """Where the nodes are after `frames`, those that are `held` staying where they start."""
    fabric = FABRICS.get(_LIKE.get(material, material), FABRICS["cotton"])
    faces = _faces(found, nodes)

    def made() -> list[Array]:
        return [_simulated(nodes, faces, start, held, fabric, solids, frames, gap)]

    arrays = [
        nodes.points,
        start,
        held.astype(float),
        *(part for solid in solids for part in solid),
    ]
    mark = mark_of((VERSION, material, frames, gap, len(faces)), arrays)
    (rest,) = kept(f"fallen-{mark}", made)
    return rest


def block(low: Sequence[float], high: Sequence[float]) -> Solid:
    """A box between two corners."""
    a, b = np.array(low, dtype=float), np.array(high, dtype=float)
    corners = [[(i & 1), (i >> 1) & 1, (i >> 2) & 1] for i in range(8)]
    faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    return a + np.array(corners) * (b - a), np.array(faces)


def _faces(found: Sequence[Piece], nodes: Nodes) -> Array:
    """Triangles between the nodes, where the garment's own faces join three of them."""
    corners, start = [], 0
    for piece in found:
        mesh = piece.item.data
        mesh.calc_loop_triangles()
        flat = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", flat)
        corners.append(nodes.owner[flat.reshape(-1, 3) + start])
        start += len(piece.points)
    triple = np.concatenate(corners)
    apart = (triple != np.roll(triple, 1, axis=1)).all(axis=1)
    triple = triple[apart]
    _, first = np.unique(np.sort(triple, axis=1), axis=0, return_index=True)
    return np.asarray(triple[np.sort(first)])


def _simulated(
    nodes: Nodes,
    faces: Array,
    start: Array,
    held: Array,
    fabric: Fabric,
    solids: Sequence[Solid],
    frames: int,
    gap: float,
) -> Array:
    bpy.context.scene.frame_set(1)
    things = [solid(*each) for each in solids]
    cloth = _cloth(nodes, faces, start, held)
    modifier: Any = cloth.modifiers.new("cloth", "CLOTH")
    own = modifier.settings
    own.quality = 4
    own.mass = 0.3 * fabric.weight
    own.tension_stiffness = own.compression_stiffness = fabric.tension
    own.shear_stiffness = fabric.shear
    own.bending_stiffness = fabric.bending
    own.tension_damping = own.compression_damping = own.shear_damping = 8
    own.bending_damping = 0.8
    own.air_damping = 2.5
    own.vertex_group_mass = "held"
    own.rest_shape_key = cloth.data.shape_keys.key_blocks["rest"]
    meets = modifier.collision_settings
    meets.collision_quality = 2
    meets.distance_min = gap
    meets.friction = 20
    meets.use_self_collision = False
    return settled(cloth, modifier, things, frames)


def _cloth(nodes: Nodes, faces: Array, start: Array, held: Array) -> bpy.types.Object:
    """The nodes as a mesh; threads that are no face's edge are seams."""
    sides = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    size = len(start)
    taken = np.unique(sides[:, 0] * size + sides[:, 1])
    loose = nodes.threads[~np.isin(nodes.threads[:, 0] * size + nodes.threads[:, 1], taken)]
    # Blender gives up where two points that are tied coincide.
    aside = np.random.default_rng(0).normal(0, 0.0004, start.shape)
    mesh = bpy.data.meshes.new("cloth")
    mesh.from_pydata((start + aside).tolist(), loose.tolist(), faces.tolist())
    made = bpy.data.objects.new("cloth", mesh)
    bpy.context.scene.collection.objects.link(made)
    made.shape_key_add(name="start")
    rest = made.shape_key_add(name="rest", from_mix=False)
    rest.value = 0.0
    rest.data.foreach_set("co", (nodes.points + aside).astype(np.float32).ravel())
    group = made.vertex_groups.new(name="held")
    group.add(np.nonzero(held)[0].tolist(), 1.0, "REPLACE")
    return made
